//! What an opcode does, for a reader who meets it for the first time.

use crate::opcode::{Opcode, StackItem};
use yew::prelude::*;

/// Properties of [`OpcodeDoc`].
#[derive(Properties, PartialEq)]
pub struct OpcodeDocProps {
    /// The opcode's byte; `None` when no instruction is selected.
    pub byte: Option<u8>,
}

/// The documentation of one opcode, which folds away.
#[component]
pub fn OpcodeDoc(props: &OpcodeDocProps) -> Html {
    let Some(info) = props.byte.and_then(Opcode::from_byte).map(Opcode::info) else {
        return html! { <p class="doc doc-none">{ "Select an opcode to read what it does." }</p> };
    };
    html! {
        <details class="doc" open=true data-doc={info.name}>
            <summary>
                <code>{ info.name }</code>
                <span class="t-dim">{ format!("byte {:#04x} · since protocol {}", info.byte, info.proto) }</span>
            </summary>
            <p>{ with_code(info.doc) }</p>
            <p class="doc-stack">
                <span class="t-dim">{ "Stack: " }</span>
                { stack(info.before) }
                <span aria-label="becomes">{ " → " }</span>
                { stack(info.after) }
                { for info.arg.name().map(|name| html! {
                    <><span class="t-dim">{ " · argument " }</span><code>{ name }</code></>
                }) }
            </p>
        </details>
    }
}

fn stack(items: &[StackItem]) -> Html {
    if items.is_empty() {
        return html! { <span class="t-dim">{ "nothing" }</span> };
    }
    items.iter().map(|item| html! { <code class="stack-item">{ item.name() }</code> }).collect()
}

/// Text in which backquotes mark code.
pub(crate) fn with_code(text: &str) -> Html {
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => html! { piece.to_owned() },
        _ => html! { <code>{ piece.to_owned() }</code> },
    };
    text.split('`').enumerate().map(piece).collect()
}
