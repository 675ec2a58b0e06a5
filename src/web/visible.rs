//! Names as they can be read: what is invisible, or moves other characters, is written as its number.
//!
//! A file may be called `gpj.\u{202e}lkp`, which a browser shows as `plk.jpg`. Page and title write such a character as
//! `\u202e`, the page as a mark of its own.

/// A part of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// What to show.
    pub text: String,
    /// Whether it stands for a character that cannot be shown.
    pub is_mark: bool,
}

/// Ranges of characters that show nothing, or change how others are shown: format characters, fillers, spaces that look like
/// an ordinary one or like nothing, selectors of variants, tags, private use.
const HIDDEN: [(u32, u32); 33] = [
    (0x00a0, 0x00a0),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202f),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x1_10bd, 0x1_10bd),
    (0x1_10cd, 0x1_10cd),
    (0x1_3430, 0x1_345f),
    (0x1_bca0, 0x1_bca3),
    (0x1_d173, 0x1_d17a),
    (0xe_0000, 0xe_0fff),
    (0xf_0000, 0x10_ffff),
];

/// Whether a character cannot be seen, or changes how others are shown.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    // Almost all text ends here or at the first comparison below.
    if code < 0x7f {
        return code < 0x20;
    }
    let after = HIDDEN.partition_point(|&(first, _)| first <= code);
    character.is_control() || after.checked_sub(1).is_some_and(|index| code <= HIDDEN[index].1)
}

/// The number of a character, as Python and JSON write it.
fn escaped(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
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
    fn ranges_are_in_order() {
        for pair in HIDDEN.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{pair:x?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_as_its_number() {
        for (text, shown) in [
            ("model.pkl", "model.pkl"),
            ("größe 表 שלום 🥒.pkl", "größe 表 שלום 🥒.pkl"),
            ("gpj.\u{202e}lkp", "gpj.\\u202elkp"),
            ("a\u{200b}b\u{feff}", "a\\u200bb\\ufeff"),
            ("line\nfeed\t\u{1b}[31m\u{7f}\u{9b}", "line\\x0afeed\\x09\\x1b[31m\\x7f\\x9b"),
            ("tag\u{e0041}", "tag\\U000e0041"),
            ("\u{2066}x\u{2069}\u{a0}\u{3164}", "\\u2066x\\u2069\\xa0\\u3164"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(pieces("a\u{202e}\u{200f}b").iter().filter(|piece| piece.is_mark).count(), 2);
        assert!(visible(&('\0'..=char::MAX).collect::<String>()).chars().all(|shown| !is_hidden(shown)));
    }
}
