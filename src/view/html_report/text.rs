//! What stands in the report from a file: text that stays text.

use crate::opcode::{visible, visible_pieces};
use crate::safety::Level;
use crate::view::{TextPart, level_class, level_shape, text_class};
use std::borrow::Cow;

/// Characters of one text.
const LONGEST: usize = 1000;
/// Marks and what stands between them in one text: each mark is an element.
const PIECES: usize = 100;

/// A text of the file: no markup in it, nothing that is not seen or moves others, its end left out when it is long.
pub(super) fn text(text: &str) -> String {
    let all = visible(cut(text));
    let shown = cut(&all);
    let is_cut = shown.len() < all.len() || text.chars().nth(LONGEST).is_some();
    let mut html = String::with_capacity(shown.len() + 8);
    let mut done = 0;
    for piece in visible_pieces(shown).into_iter().take(PIECES) {
        done += piece.text.len();
        if piece.is_mark {
            html.push_str("<span class=\"mark\">");
            html.push_str(&escaped(piece.text));
            html.push_str("</span>");
        } else {
            html.push_str(&isolated(piece.text));
        }
    }
    html.push_str(&isolated(&shown[done.min(shown.len())..]));
    if is_cut {
        html.push('…');
    }
    html
}

/// Text from right to left does not move what stands beside it.
fn isolated(text: &str) -> String {
    if text.is_ascii() { escaped(text).into_owned() } else { format!("<bdi>{}</bdi>", escaped(text)) }
}

/// Without a character that means something in HTML, in text and in quoted attributes.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    Cow::Owned(html)
}

/// Without what is too long.
pub(super) fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

/// Pieces of a line, each with the class of its kind, and `between` them.
pub(super) fn parts(parts: &[TextPart], between: &str) -> String {
    let html =
        parts.iter().map(|part| format!("<span class=\"{}\">{}</span>", text_class(part.kind), text(&part.text)));
    html.collect::<Vec<String>>().join(between)
}

/// The drawing of a level.
pub(super) fn icon(level: Level) -> String {
    let (shape, sign) = level_shape(level);
    format!(
        "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"{shape}\" fill=\"currentColor\"/><path d=\"{sign}\" \
         class=\"sign\" fill=\"none\" stroke-width=\"1.7\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
    )
}

/// A level as drawing and word.
pub(super) fn level(level: Level) -> String {
    format!("<span class=\"level {}\">{}{}</span>", level_class(level), icon(level), level.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(text("a'b"), "a&#39;b");
        assert_eq!(text("<script>\"&"), "&lt;script&gt;&quot;&amp;");
        assert_eq!(text("\u{202e}<\0"), "<span class=\"mark\">\\u202e</span>&lt;<span class=\"mark\">\\x00</span>");
        assert_eq!(text("é"), "<bdi>é</bdi>");
    }

    #[test]
    fn text_is_bounded() {
        assert_eq!(text(&"a".repeat(LONGEST)), "a".repeat(LONGEST));
        assert_eq!(text(&"a".repeat(LONGEST + 1)), "a".repeat(LONGEST) + "…");
        assert!(text(&"<\u{202e}".repeat(100_000)).len() < 12 * LONGEST);
    }
}
