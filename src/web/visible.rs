//! Names as they can be read: what is invisible, or moves other characters, is written as its number.
//!
//! A file may be called `gpj.\u{202e}lkp`, which a browser shows as `plk.jpg`. Page and title write such a character as
//! `\u202e`, the page as a mark of its own.

use crate::opcode::is_printable;

/// A part of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// What to show.
    pub text: String,
    /// Whether it stands for a character that cannot be shown.
    pub is_mark: bool,
}

/// Whether a character cannot be seen, or changes how others are shown. Besides what Python's `repr` escapes these are
/// letters and marks without a shape: fillers, and selectors of variants.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let is_blank = matches!(
        character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'
    );
    is_blank || !is_printable(u32::from(character))
}

/// The number of a character, as Python writes it.
fn escaped(character: char) -> String {
    match character {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ => match u32::from(character) {
            code @ 0..=0xff => format!("\\x{code:02x}"),
            code @ 0x100..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        },
    }
}

/// A text in pieces: what can be shown as it is, and marks.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for character in text.chars() {
        match pieces.last_mut().filter(|piece| !piece.is_mark) {
            _ if is_hidden(character) => pieces.push(Piece { text: escaped(character), is_mark: true }),
            Some(piece) => piece.text.push(character),
            None => pieces.push(Piece { text: character.to_string(), is_mark: false }),
        }
    }
    pieces
}

/// A text that can be read anywhere: in a title, an attribute, the name of a file to be saved.
#[must_use]
pub fn visible(text: &str) -> String {
    pieces(text).into_iter().map(|piece| piece.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_as_its_number() {
        for (text, shown) in [
            ("model.pkl", "model.pkl"),
            ("größe 表 שלום 🥒.pkl", "größe 表 שלום 🥒.pkl"),
            ("gpj.\u{202e}lkp", "gpj.\\u202elkp"),
            ("a\u{200b}b\u{feff}", "a\\u200bb\\ufeff"),
            ("line\nfeed\t\u{1b}[31m\u{7f}\u{9b}", "line\\nfeed\\t\\x1b[31m\\x7f\\x9b"),
            ("tag\u{e0041}", "tag\\U000e0041"),
            ("\u{2066}x\u{2069}\u{a0}\u{3164}", "\\u2066x\\u2069\\xa0\\u3164"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(pieces("a\u{202e}\u{200f}b").iter().filter(|piece| piece.is_mark).count(), 2);
        assert!(visible(&('\0'..=char::MAX).collect::<String>()).chars().all(|shown| !is_hidden(shown)));
    }
}
