//! An instruction, and what it does.

use crate::view::{MachineStep, Phrase};
use crate::web::components::text::{marked, text_class};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Told`].
#[derive(Properties, PartialEq)]
pub(super) struct ToldProps {
    pub(super) step: Rc<MachineStep>,
    pub(super) onvalue: Callback<u32>,
}

/// The instruction and what it does.
#[component]
pub(super) fn Told(props: &ToldProps) -> Html {
    let step = &props.step;
    let phrase = |phrase: &Phrase| match phrase.node {
        Some(node) => value_button(node, text_class(phrase.kind), &phrase.text, &props.onvalue),
        None => html! { <span>{ marked(&phrase.text) }</span> },
    };
    html! {
        <div class="machine-told">
            <p class="machine-head">
                <span class="op-name">{ step.opcode.clone() }</span>{ " " }<span class="machine-argument">{ marked(&step.argument) }</span>
                <span class="section-note">{ step.place() }</span>
            </p>
            <p id="machine-sentence" class="machine-sentence" aria-live="polite">{ for step.sentence.iter().map(phrase) }</p>
            { for step.problems.iter().map(|problem| html! { <p class="machine-problem">{ marked(problem) }</p> }) }
        </div>
    }
}

fn value_button(node: u32, class: &'static str, text: &str, onvalue: &Callback<u32>) -> Html {
    let onvalue = onvalue.clone();
    html! {
        <button class={classes!("link", "machine-value", class)} data-node={node.to_string()} onclick={move |_| onvalue.emit(node)}>{ marked(text) }</button>
    }
}
