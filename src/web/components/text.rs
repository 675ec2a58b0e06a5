//! Text in typed pieces.

use crate::opcode::{visible, visible_lines, visible_pieces};
use crate::view::TextPart;
use crate::view::paths::path_end;
pub use crate::view::text_class;
use yew::prelude::*;

/// Any text that is not the page's own: a character that cannot be seen, or moves others, is a mark.
pub fn marked(text: &str) -> Html {
    pieces(&visible(text))
}

/// The same for a text that has lines.
pub fn marked_lines(text: &str) -> Html {
    pieces(&visible_lines(text))
}

/// A comma for those who hear the page: words that stand apart on the screen would be one.
pub fn comma() -> Html {
    html! { <span class="visually-hidden">{ ", " }</span> }
}

fn pieces(text: &str) -> Html {
    if text.is_ascii() && !text.contains('\\') {
        return html! { text.to_owned() };
    }
    visible_pieces(text)
        .into_iter()
        .map(|piece| match piece.is_mark {
            true => html! { <span class="mark">{ piece.text.to_owned() }</span> },
            false => html! { <bdi>{ piece.text.to_owned() }</bdi> },
        })
        .collect()
}

/// A path in one line: where there is no room for all of it, its beginning gives way, because its end tells it from others.
pub fn path_line(path: &str) -> Html {
    let (before, end) = path_end(path);
    html! { <span class="path-line"><span class="path-begin">{ marked(before) }</span><span class="path-end">{ marked(end) }</span></span> }
}

/// The pieces of a preview, which stand apart.
pub fn spaced(pieces: &[TextPart]) -> Html {
    let space = |index| if index > 0 { " " } else { "" };
    pieces
        .iter()
        .enumerate()
        .map(|(index, part)| html! { <>{ space(index) }{ parts(std::slice::from_ref(part)) }</> })
        .collect()
}

/// The pieces of a sentence, each with the class of its kind.
pub fn parts(pieces: &[TextPart]) -> Html {
    pieces
        .iter()
        .map(|part| {
            html! { <span class={text_class(part.kind)}>{ marked(&part.text) }</span> }
        })
        .collect()
}
