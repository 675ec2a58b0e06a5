//! Steps, the scrubber, and what to run to.

use super::asking::Way;
use crate::lens::capitalised;
use crate::view::{MachineGoal, MachineStep};
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`Bar`].
#[derive(Properties, PartialEq)]
pub(super) struct BarProps {
    pub(super) step: Option<Rc<MachineStep>>,
    pub(super) total: u64,
    /// Goes to an instruction.
    pub(super) go: Callback<Way>,
    /// Goes on to the next of these, forward or back.
    pub(super) run: Callback<(MachineGoal, bool)>,
}

/// Steps, the scrubber, and what to run to.
#[component]
pub(super) fn Bar(props: &BarProps) -> Html {
    let goal = use_state_eq(|| "call".to_owned());
    let step = props.step.clone();
    let number = step.as_ref().map_or(0, |step| step.number);
    let to = |way: Way| props.go.reform(move |_: MouseEvent| way);
    let oninput = {
        let go = props.go.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>()
                && let Ok(number) = input.value().parse()
            {
                go.emit(Way::To(number));
            }
        })
    };
    let onchange = {
        let goal = goal.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                goal.set(select.value());
            }
        })
    };
    let node = step.as_ref().and_then(|step| step.node);
    let memo = step.as_ref().and_then(|step| step.memo_index);
    let chosen = match goal.as_str() {
        "name" => Some(MachineGoal::Global),
        "problem" => Some(MachineGoal::Problem),
        "use" => node.map(MachineGoal::Use),
        "made" => node.map(MachineGoal::Made),
        "memo" => memo.map(MachineGoal::MemoWrite),
        _ => Some(MachineGoal::Call),
    };
    let run = |is_forward: bool| {
        let run = props.run.clone();
        Callback::from(move |_: MouseEvent| chosen.into_iter().for_each(|goal| run.emit((goal, is_forward))))
    };
    let words = step.as_ref().map_or_else(String::new, |step| match step.opcode.as_str() {
        "" => capitalised(&step.place()),
        opcode => format!("{opcode}, {}", step.place()),
    });
    let option = |value: &'static str, words: &'static str, is_possible: bool| {
        html! { <option {value} disabled={!is_possible} selected={*goal == value}>{ words }</option> }
    };
    html! {
        <div class="machine-bar">
            <span class="machine-buttons">
                <button class="button button-small" disabled={number == 0} onclick={to(Way::To(0))} aria-label="To the beginning" title="To the beginning (Home)">{ "|◀" }</button>
                <button class="button button-small" disabled={number == 0} onclick={to(Way::Back)} title="Step back (←)">{ "◀ Back" }</button>
                <button class="button button-small" disabled={step.is_none() || number >= props.total} onclick={to(Way::Forward)} title="Step forward (→)">{ "Forward ▶" }</button>
                <button class="button button-small" disabled={step.is_none() || number >= props.total} onclick={to(Way::To(props.total))} aria-label="To the end" title="To the end (End)">{ "▶|" }</button>
            </span>
            <input type="range" class="machine-scrubber" id="machine-scrubber" min="0" max={props.total.to_string()} step="1" value={number.to_string()}
                aria-label="Instruction" aria-valuetext={words} {oninput} />
            <span class="machine-run">
                <label>
                    { "Run to " }
                    <select id="machine-goal" {onchange}>
                        { option("call", "a call", true) }
                        { option("name", "a name", true) }
                        { option("problem", "a problem", true) }
                        { option("use", "a use of this value", node.is_some()) }
                        { option("memo", "a write to this memo slot", memo.is_some()) }
                        { option("made", "where this value is made", node.is_some()) }
                    </select>
                </label>
                <button class="button button-small" disabled={chosen.is_none()} onclick={run(false)} aria-label="Run back" title="Run back to the one before">{ "◀◀" }</button>
                <button class="button button-small" disabled={chosen.is_none()} onclick={run(true)} aria-label="Run forward" title="Run on to the next one">{ "▶▶" }</button>
            </span>
        </div>
    }
}
