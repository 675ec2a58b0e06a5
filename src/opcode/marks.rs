//! Visible text that has lines, and the marks in visible text: the escapes that stand for what would not be seen.

use super::visible::visible;
use std::borrow::Cow;

/// [`visible`](super::visible()) for text of several lines: ends of lines and tabs stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let is_shown = |line: &str| matches!(visible(line), Cow::Borrowed(_));
    if text.split(['\n', '\t']).all(is_shown) {
        return Cow::Borrowed(text);
    }
    let pieces = text.split_inclusive(['\n', '\t']).map(|piece| match piece.strip_suffix(['\n', '\t']) {
        Some(line) => visible(line).into_owned() + &piece[line.len()..],
        None => visible(piece).into_owned(),
    });
    Cow::Owned(pieces.collect())
}

/// Pieces that one text comes in; what is behind them is one more. Each is an element of the page, and a browser that is given
/// 64 KiB of escapes as so many elements does not answer for seconds.
const PIECES: usize = 4000;

/// A piece of a visible text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VisiblePiece<'a> {
    /// Its characters.
    pub text: &'a str,
    /// Whether it is an escape that stands for one character.
    pub is_mark: bool,
}

/// The escapes in a text that `visible` or a `repr` gave, and what stands between them, so that they can be told apart at a
/// glance. Not marks: escapes of two characters, because a `\n` is familiar from any `repr` and a Windows path may contain it
/// (`data\new.pkl`); the `\x` of a bytes literal, which stands for a byte; whatever follows an escaped backslash; and what comes
/// behind thousands of pieces.
#[must_use]
pub fn visible_pieces(text: &str) -> Vec<VisiblePiece<'_>> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    // The quote that ends the bytes literal.
    let mut literal = None;
    while pieces.len() < PIECES
        && let Some(skip) = memchr::memchr3(b'\\', b'\'', b'"', &bytes[at..])
    {
        at += skip;
        if bytes[at] != b'\\' {
            literal = match literal {
                Some(quote) if quote == bytes[at] => None,
                None if begins_bytes(&bytes[..at]) => Some(bytes[at]),
                other => other,
            };
            at += 1;
            continue;
        }
        let length = mark_length(&bytes[at..]);
        if length == 0 || literal.is_some() && bytes[at + 1] == b'x' {
            // The backslash and what it escapes, as far as that is one byte.
            at += 1 + usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii));
            continue;
        }
        if plain < at {
            pieces.push(VisiblePiece { text: &text[plain..at], is_mark: false });
        }
        pieces.push(VisiblePiece { text: &text[at..at + length], is_mark: true });
        at += length;
        plain = at;
    }
    if plain < text.len() {
        pieces.push(VisiblePiece { text: &text[plain..], is_mark: false });
    }
    pieces
}

/// Whether a quote behind these bytes begins a bytes literal: a `b` that ends no word.
fn begins_bytes(before: &[u8]) -> bool {
    before.split_last().is_some_and(|(last, rest)| {
        *last == b'b' && !rest.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..))
    })
}

/// Bytes of the escape at the beginning; 0 when there is none.
fn mark_length(bytes: &[u8]) -> usize {
    let digits = match bytes.get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        _ => return 0,
    };
    let is_hex = bytes.get(2..2 + digits).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if is_hex { 2 + digits } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opcode::is_visible;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(visible_lines("a\n\tb\r\n\u{2029}c\n"), "a\n\tb\\r\n\\u2029c\n");
        assert!(matches!(visible_lines("a\n\tb\n"), Cow::Borrowed(_)));
        assert_eq!(visible_lines(""), "");
    }

    #[test]
    fn showing_again_changes_nothing() {
        let all: String = (0..=0x10_ffffu32).filter_map(char::from_u32).collect();
        let shown = visible(&all);
        assert!(shown.chars().all(is_visible));
        assert_eq!(visible(&shown), shown);
    }

    #[test]
    fn marks_are_told_from_what_is_escaped() {
        let pieces = |text| visible_pieces(text).iter().map(|piece| (piece.text, piece.is_mark)).collect::<Vec<_>>();
        assert_eq!(pieces("a\\u202eb"), [("a", false), ("\\u202e", true), ("b", false)]);
        assert_eq!(pieces("'\\\\u202e'"), [("'\\\\u202e'", false)]);
        assert_eq!(pieces("\\x1b\\n"), [("\\x1b", true), ("\\n", false)]);
        assert_eq!(pieces("data\\new.pkl"), [("data\\new.pkl", false)]);
        assert_eq!(pieces("\\é\\"), [("\\é\\", false)]);
        assert_eq!(pieces("\\u20"), [("\\u20", false)]);
        assert!(pieces("").is_empty());
    }

    #[test]
    fn a_text_of_marks_comes_in_a_bounded_number_of_pieces() {
        for unit in ["\\x1b", "a\\x1b", "\\u202e\\n"] {
            let text = unit.repeat(20_000);
            let pieces = visible_pieces(&text);
            assert!(pieces.len() <= PIECES + 2, "{unit}: {}", pieces.len());
            assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text);
            assert!(pieces.last().is_some_and(|rest| !rest.is_mark), "{unit}");
        }
    }

    #[test]
    fn escapes_of_bytes_are_no_marks() {
        let marks = |text| {
            visible_pieces(text).iter().filter(|piece| piece.is_mark).map(|piece| piece.text).collect::<Vec<_>>()
        };
        assert!(marks("b'\\x00\\xff'").is_empty());
        assert!(marks("b\"it's \\x00\"").is_empty());
        assert_eq!(marks("[b'\\x00\\'\\x01', '\\x02']"), ["\\x02"]);
        assert_eq!(marks("'tab' '\\x02' bytearray(b'\\x00…"), ["\\x02"]);
        assert_eq!(marks("b'\\u202e"), ["\\u202e"]);
    }
}
