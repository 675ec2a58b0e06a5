//! Text of a file as people may be shown it: nothing in it acts on a terminal or a page, and nothing in it is invisible.

use super::is_printable;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character shows as itself wherever it stands. Besides what Python's `repr` escapes (controls, bidirectional
/// and other format characters, separators, surrogates, what Unicode has not assigned) these do not: letters and marks that
/// have no shape of their own.
#[must_use]
pub fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    let is_blank = matches!(
        c,
        // Combining grapheme joiner; fillers of Hangul; vowels of Khmer that are not written; selectors of variants.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'
    );
    !is_blank && is_printable(u32::from(c))
}

/// The text with everything that is not visible spelled as Python's escapes: `\n`, `\x1b`, `\u202e`, `\U000e0041`.
/// Backslashes stay as they are: this is for reading, and not to be turned back.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_visible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(&mut out, c));
    Cow::Owned(out)
}

/// The same for a name that may be of any length: of one longer than `longest` characters the beginning, and how long it is.
#[must_use]
pub fn visible_up_to(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        None => visible(text),
        Some((end, _)) => {
            let count = longest + text[end..].chars().count();
            Cow::Owned(format!("{}\u{2026} ({count} characters)", visible(&text[..end])))
        }
    }
}

/// The same for bytes that may not be UTF-8, as names of files are: each byte that does not decode is spelled `\xff`.
#[must_use]
pub fn visible_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut out, c));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

fn push(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a String cannot fail.
    let _ = match c {
        _ if is_visible(c) => {
            out.push(c);
            Ok(())
        }
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        _ if code < 0x100 => write!(out, "\\x{code:02x}"),
        _ if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_spelled() {
        assert_eq!(visible("a\x1b[31m\x7f\u{85}\u{9b}b\0"), "a\\x1b[31m\\x7f\\x85\\x9bb\\x00");
        assert_eq!(visible("a\nb\r\tc"), "a\\nb\\r\\tc");
        assert_eq!(visible("\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}"), "\\u202e\\u2066\\u200b\\ufeff\\xad");
        assert_eq!(visible("\u{e0041}\u{2028}\u{3164}\u{fe0f}\u{34f}"), "\\U000e0041\\u2028\\u3164\\ufe0f\\u034f");
        assert_eq!(visible("\u{a0}\u{e000}\u{10ffff}"), "\\xa0\\ue000\\U0010ffff");
    }

    #[test]
    fn what_shows_stays() {
        let plain = "model-ä.pkl: 'naïve' 模型 \u{1f600} C:\\n";
        assert!(matches!(visible(plain), Cow::Borrowed(text) if text == plain));
    }

    #[test]
    fn long_names_say_how_long() {
        assert_eq!(visible_up_to("abc", 3), "abc");
        assert_eq!(visible_up_to("ab\n", 3), "ab\\n");
        assert_eq!(visible_up_to(&"é".repeat(1000), 4), "éééé… (1000 characters)");
        assert_eq!(visible_up_to(&"\x1b".repeat(5), 2), "\\x1b\\x1b… (5 characters)");
    }

    #[test]
    fn bytes_that_do_not_decode() {
        assert_eq!(visible_bytes(b"a\xffb\xed\xa0\x80\xc3\xa9\x1b"), "a\\xffb\\xed\\xa0\\x80\u{e9}\\x1b");
    }
}
