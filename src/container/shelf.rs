//! The directory of a shelf on `dbm.dumb`: keys, and where their values are in the file beside it.
//!
//! Source: `Lib/dbm/dumb.py` (`_commit`: `"%r, %r\n" % (key.decode("Latin-1"), (position, size))`).

use crate::bytes::Span;

/// Keys and places, up to the first line that is not one.
pub fn shelf_entries(text: &[u8]) -> impl Iterator<Item = (String, Span)> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).map_while(entry)
}

/// `'person', (0, 37)`
fn entry(line: &[u8]) -> Option<(String, Span)> {
    let line = std::str::from_utf8(line).ok()?;
    let (key, place) = line.rsplit_once(", (")?;
    let (start, length) = place.strip_suffix(')')?.split_once(", ")?;
    let quote = key.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let key = key.strip_prefix(quote)?.strip_suffix(quote)?;
    let (start, length): (u64, u64) = (start.parse().ok()?, length.parse().ok()?);
    Some((key.to_owned(), Span::new(start, start.checked_add(length)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_have_keys_and_places() {
        let read = |text: &[u8]| shelf_entries(text).map(|(key, span)| (key, span.start, span.end)).collect::<Vec<_>>();
        let both = vec![("person".to_owned(), 0, 37), ("it's, (1, 2)".to_owned(), 512, 534)];
        assert_eq!(read(b"'person', (0, 37)\n\"it's, (1, 2)\", (512, 22)\n"), both);
        assert_eq!(read(b"'a', (0, 37)\r\nb, 1\n"), vec![("a".to_owned(), 0, 37)]);
        assert_eq!(read(b"a, b\n1, 2\n"), []);
        assert_eq!(read(b"'a', (18446744073709551615, 2)\n"), []);
    }
}
