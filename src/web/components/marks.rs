//! What a row has to say beside its value.

use super::icons::{level_class, level_icon};
use super::text::marked;
use crate::safety::Level;
use crate::view::RowMark;
use yew::prelude::*;

/// A mark as a chip. `data-act="first"` is what a click on a shared object's chip looks for.
pub fn mark(mark: &RowMark) -> Html {
    match mark {
        RowMark::Shared { .. } => html! {
            <span class="chip chip-ref" data-mark="shared" data-act="first" title="The same object as there. Click to go to it.">
                <span class="chip-words">{ marked(&mark.words()) }</span>
            </span>
        },
        RowMark::Cycle { .. } => html! {
            <span class="chip chip-ref" data-mark="cycle" data-act="first" title="The object contains itself. Click to go to it.">
                <span class="chip-words">{ marked(&mark.words()) }</span>
            </span>
        },
        RowMark::Danger { level, text } => danger(*level, text),
        RowMark::Problem { text } => html! {
            <span class="chip chip-problem" data-mark="problem" title={format!("problem: {text}")}>
                <span class="chip-word">{ "problem" }</span><span class="chip-words">{ marked(text) }</span>
            </span>
        },
    }
}

/// Icon, and the words; the level itself is said where the words alone could be overlooked.
pub fn danger(level: Level, text: &str) -> Html {
    html! {
        <span class={classes!("chip", "chip-danger", level_class(level))} data-mark="danger" title={format!("{}: {text}", level.word())}>
            { level_icon(level) }
            <span class="visually-hidden">{ format!("{}: ", level.word()) }</span>
            <span class="chip-words">{ marked(text) }</span>
        </span>
    }
}

/// The worst level among some marks.
#[must_use]
pub fn worst(marks: &[RowMark]) -> Option<Level> {
    marks
        .iter()
        .filter_map(|mark| match mark {
            RowMark::Danger { level, .. } => Some(*level),
            _ => None,
        })
        .max()
}
