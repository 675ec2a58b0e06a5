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

/// A piece of a visible text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VisiblePiece<'a> {
    /// Its characters.
    pub text: &'a str,
    /// Whether it is an escape that stands for one character.
    pub is_mark: bool,
}

/// The escapes in a text that `visible` or a `repr` gave, and what stands between them, so that they can be told apart at a
/// glance. A backslash that is itself escaped begins none.
#[must_use]
pub fn visible_pieces(text: &str) -> Vec<VisiblePiece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(skip) = memchr::memchr(b'\\', &text.as_bytes()[at..]) {
        at += skip;
        let length = mark_length(&text.as_bytes()[at..]);
        if length == 0 {
            // The backslash and what it escapes, as far as that is one byte.
            at += 1 + usize::from(text.as_bytes().get(at + 1).is_some_and(u8::is_ascii));
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

/// Bytes of the escape at the beginning; 0 when there is none.
fn mark_length(bytes: &[u8]) -> usize {
    let digits = match bytes.get(1) {
        Some(b'n' | b'r' | b't') => return 2,
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
        assert_eq!(pieces("\\x1b\\n"), [("\\x1b", true), ("\\n", true)]);
        assert_eq!(pieces("\\é\\"), [("\\é\\", false)]);
        assert_eq!(pieces("\\u20"), [("\\u20", false)]);
        assert!(pieces("").is_empty());
    }
}
