//! What went wrong while reading.

use crate::protocol::Target;
use crate::view::{Overview, ProblemFacts};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{count, grouped, hex};
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
    if overview.problem_count == 0 {
        return html! { <span hidden=true /> };
    }
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(offset) = dom::data_of(&event, "problem").and_then(|offset| offset.parse().ok()) {
            actions.select(Target::Offset(offset));
        }
    });
    let shown = overview.problems.len() as u64;
    // The one that stopped the reading is the one to know.
    let worst = overview.problems.iter().find(|problem| problem.fatal).or(overview.problems.first());
    html! {
        <details class="problems">
            <summary>
                <strong>{ count(overview.problem_count, "problem", "problems") }</strong>
                { for worst.map(|problem| html! { <span class="problems-first">{ words(problem) }</span> }) }
            </summary>
            <ol class="problem-list" {onclick}>
                { for overview.problems.iter().enumerate().map(|(index, problem)| html! {
                    <li key={index}>
                        <button class="problem" data-problem={problem.offset.to_string()}>
                            <span class="op-offset" title={hex(problem.offset)}>{ problem.offset.to_string() }</span>
                            <span class="op-name">{ problem.opcode.clone() }</span>
                            <span class="problem-words">
                                { for problem.fatal.then(|| html! { <strong>{ "Reading stopped here. " }</strong> }) }
                                { problem.message.clone() }
                            </span>
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
    format!("{at}at {}: {}", hex(problem.offset), problem.message)
}
