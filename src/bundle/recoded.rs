//! Pickles that were treated as text on the way: each byte became a character, and the characters were written in another encoding.

use super::skim::reads_whole;
use crate::bytes::{Limits, Source, Span, read_span};

/// Longest file that is taken back.
const LONGEST: u64 = 64 << 20;
/// The sign that a decoder puts in the place of bytes that it cannot read, in UTF-8.
const REPLACEMENT: &[u8] = b"\xef\xbf\xbd";

/// A pickle won back.
pub(super) struct Recoded {
    /// What its bytes were written as.
    pub(super) coding: &'static str,
    /// The bytes before that.
    pub(super) bytes: Vec<u8>,
}

/// The pickle whose bytes a file holds as characters of Latin-1 or Windows-1252, in UTF-8 or UTF-16; `None` for every other file.
pub(super) fn recoded(source: &dyn Source, limits: &Limits) -> Option<Recoded> {
    let mut head = [0; 4];
    let count = source.peek(0, &mut head).ok()?;
    let coding = match head.get(..count)? {
        [0xc2, 0x80, ..] => "Latin-1 as UTF-8",
        [0xe2, 0x82, 0xac, ..] => "Windows-1252 as UTF-8",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ => return None,
    };
    if source.len() > LONGEST {
        return None;
    }
    let all = read_span(source, Span::new(0, source.len())).ok()?;
    let bytes: Option<Vec<u8>> = match all.get(..2)? {
        [0xff, 0xfe] => units(&all[2..], u16::from_le_bytes),
        [0xfe, 0xff] => units(&all[2..], u16::from_be_bytes),
        _ => std::str::from_utf8(&all).ok()?.chars().map(byte).collect(),
    };
    let bytes = bytes?;
    reads_whole(&bytes, limits).then_some(Recoded { coding, bytes })
}

/// Characters of 16 bits that were bytes.
fn units(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<Vec<u8>> {
    let pairs = bytes.chunks(2).map(|pair| u8::try_from(read(pair.try_into().ok()?)).ok());
    pairs.collect()
}

/// The byte that a character was: Latin-1, or Windows-1252 for what that has in the place of control characters.
fn byte(c: char) -> Option<u8> {
    /// From 0x80 on; 0x81, 0x8d, 0x8f, 0x90 and 0x9d are none's.
    const WINDOWS: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}',
        '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}',
        '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}',
        '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
    ];
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let index = WINDOWS.iter().position(|known| *known == c)?;
    u8::try_from(0x80 + index).ok()
}

/// How many bytes of a pickle were replaced by U+FFFD, when its first one was.
pub(super) fn replaced(source: &dyn Source) -> Option<u64> {
    let mut head = [0; 4];
    let count = source.peek(0, &mut head).ok()?;
    let protocol = head.get(..count)?.strip_prefix(REPLACEMENT)?.first()?;
    if *protocol > 5 {
        return None;
    }
    let bytes = read_span(source, Span::new(0, source.len().min(LONGEST))).ok()?;
    Some(memchr::memmem::find_iter(&bytes, REPLACEMENT).count() as u64)
}

/// Whether a file begins with the byte order mark of UTF-8.
pub(super) fn has_byte_order_mark(source: &dyn Source) -> bool {
    let mut head = [0; 3];
    source.peek(0, &mut head) == Ok(3) && head == *b"\xef\xbb\xbf"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;

    fn taken_back(bytes: &[u8]) -> Option<(&'static str, Vec<u8>)> {
        let found = recoded(&MemorySource::new(bytes.to_vec()), &Limits::default())?;
        Some((found.coding, found.bytes))
    }

    #[test]
    fn bytes_that_became_text_are_taken_back() {
        let pickle = b"\x80\x04]\x94K\x9fa.";
        let latin: String = pickle.iter().map(|byte| char::from(*byte)).collect();
        assert_eq!(taken_back(latin.as_bytes()), Some(("Latin-1 as UTF-8", pickle.to_vec())));
        let windows = latin.replace('\u{80}', "\u{20ac}").replace('\u{94}', "\u{201d}").replace('\u{9f}', "\u{178}");
        assert_eq!(taken_back(windows.as_bytes()), Some(("Windows-1252 as UTF-8", pickle.to_vec())));
        let wide: Vec<u8> = [0xfeff].into_iter().chain(latin.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(taken_back(&wide), Some(("UTF-16", pickle.to_vec())));
    }

    #[test]
    fn other_files_are_left_alone() {
        for bytes in
            [&b""[..], b"\xc2", b"\xc2\x80", b"\xc2\x80\x04\xff", b"\xff\xfeh\0i\0", b"\xff\xfe\0", b"\x80\x04N."]
        {
            assert_eq!(taken_back(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_was_replaced_is_counted() {
        let count = |bytes: &[u8]| replaced(&MemorySource::new(bytes.to_vec()));
        assert_eq!(count(b"\xef\xbf\xbd\x04]\xef\xbf\xbd."), Some(2));
        assert_eq!(count(b"\xef\xbf\xbdtext"), None);
        assert_eq!(count(b"\xef\xbf\xbd"), None);
    }
}
