//! The sizes as a whole.

use crate::view::SizeSummary;
use crate::web::components::text::marked;
use crate::web::format::{plural, size_text};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Summary`].
#[derive(Properties, PartialEq)]
pub struct SummaryProps {
    /// The sizes.
    pub summary: Rc<SizeSummary>,
}

/// File, what is beside it, memory.
#[component]
pub fn Summary(props: &SummaryProps) -> Html {
    let summary = &*props.summary;
    let memory = &summary.memory;
    let loaded = memory.objects.saturating_add(memory.numbers);
    let title = |bytes: u64| plural(bytes, "byte", "bytes");
    let fact = |name: &'static str, bytes: u64, about: &'static str| {
        html! { <div><dt>{ name }</dt><dd title={title(bytes)}>{ format!("{about}{}", size_text(bytes)) }</dd></div> }
    };
    html! {
        <div class="size-summary">
            <dl class="facts">
                { fact("in the pickle", summary.file, "") }
                { for (summary.beside > 0).then(|| fact("beside it", summary.beside, "")) }
                { fact("in memory, once loaded", loaded, "about ") }
                { fact("at most while loading", memory.peak, "about ") }
                <div><dt>{ "values" }</dt><dd>{ crate::web::format::grouped(summary.values) }</dd></div>
            </dl>
            <p class="section-note">
                { format!("Memory is estimated for CPython 3.11: objects {}, numbers {}.", size_text(memory.objects), size_text(memory.numbers)) }
                { for memory.notes.iter().map(|note| html! { <>{ " " }{ marked(note) }</> }) }
            </p>
        </div>
    }
}
