//! What went wrong while reading.

use super::text::marked;
use crate::lens::capitalised;
use crate::protocol::{Part, Target};
use crate::view::{Overview, ProblemFacts};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{grouped, hex};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Problems`].
#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    /// The document.
    pub overview: Rc<Overview>,
}

/// One line that unfolds into a list; nothing when there is nothing to say.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let actions = use_actions();
    let overview = &props.overview;
    let notes = overview.notes.len() as u64;
    let Some(headline) = overview.problem_words() else {
        return html! { <span hidden=true /> };
    };
    let actions_for_notes = actions.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(offset) = dom::data_of(&event, "problem").and_then(|offset| offset.parse().ok()) {
            actions.select(Target::Offset(offset));
        }
    });
    let on_note = {
        let (actions, overview) = (actions_for_notes, overview.clone());
        Callback::from(move |event: MouseEvent| {
            let note = dom::data_of(&event, "note").and_then(|index| index.parse::<usize>().ok());
            if let Some(note) = note.and_then(|index| overview.notes.get(index)) {
                match (note.member == overview.member, note.offset) {
                    (true, Some(offset)) => actions.select(Target::Offset(offset)),
                    (_, offset) => actions.show(Part::Member(note.member), &note.name, offset),
                }
            }
        })
    };
    let shown = overview.problems.len() as u64;
    // The one that stopped the reading is said with the verdict.
    let is_said = overview.problems.iter().any(|problem| problem.fatal);
    let first = overview.problems.first().filter(|_| !is_said);
    let note = overview.notes.first().filter(|_| !is_said);
    html! {
        <details class="problems">
            <summary>
                <strong>{ headline }</strong>
                <span class="problems-first">
                    { for first.map(words).or_else(|| note.map(|note| note.message.clone())).map(|words| marked(&words)) }
                </span>
            </summary>
            <ol class="problem-list" {onclick}>
                { for overview.problems.iter().enumerate().map(|(index, problem)| html! {
                    <li key={index}>
                        <button class="problem" data-problem={problem.offset.to_string()}>
                            <span class="op-offset" title={hex(problem.offset)}>{ problem.offset.to_string() }</span>
                            <span class="op-name">{ marked(&problem.opcode) }</span>
                            <span class="problem-words">
                                { for problem.fatal.then(|| html! { <strong>{ "Reading stopped here. " }</strong> }) }
                                { marked(&capitalised(&problem.message)) }
                            </span>
                        </button>
                    </li>
                }) }
            </ol>
            <ol class="problem-list" onclick={on_note} hidden={notes == 0}>
                { for overview.notes.iter().enumerate().map(|(index, note)| html! {
                    <li key={index}>
                        <button class="problem" data-note={index.to_string()}>
                            <span class="op-offset">{ note.offset.map(|offset| offset.to_string()) }</span>
                            <span class="op-name">{ marked(&note.name) }</span>
                            <span class="problem-words">{ marked(&note.message) }</span>
                        </button>
                    </li>
                }) }
            </ol>
            <p class="problems-rest" hidden={shown >= overview.problem_count}>
                { format!("These are the first {} of {}.", grouped(shown), grouped(overview.problem_count)) }
            </p>
        </details>
    }
}

fn words(problem: &ProblemFacts) -> String {
    let at = if problem.opcode.is_empty() { String::new() } else { format!("{} ", problem.opcode) };
    format!("{at}at offset {}: {}", problem.offset, problem.message)
}
