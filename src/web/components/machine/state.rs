//! Stack and memo before or after an instruction.

use super::asking::{ENTRIES, SHOWN, View};
use crate::view::{MachineState, MachineStep, MachineValue, StackSlot};
use crate::web::components::text::{marked, text_class};
use crate::web::format::{grouped, plural};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`StateView`].
#[derive(Properties, PartialEq)]
pub(super) struct StateProps {
    pub(super) title: &'static str,
    pub(super) is_after: bool,
    pub(super) step: Rc<MachineStep>,
    pub(super) skip: u64,
    pub(super) look: Callback<View>,
    pub(super) onvalue: Callback<u32>,
}

/// Stack and memo before or after an instruction.
#[component]
pub(super) fn StateView(props: &StateProps) -> Html {
    let state: &MachineState = if props.is_after { &props.step.after } else { &props.step.before };
    let frame = state.frame.map(|(start, end)| format!(" · frame {} to {}", grouped(start), grouped(end)));
    let around =
        (state.below > 0).then(|| format!(" · {} of the pickle around", plural(state.below, "place", "places")));
    let place = |slot: &StackSlot| {
        let class = classes!("machine-place", slot.is_touched.then_some("machine-touched"));
        let content = match (&slot.value, slot.mark) {
            (Some(value), _) => value_view(value, &props.onvalue),
            (None, mark) => {
                html! { <span class="machine-mark">{ "MARK" }{ for mark.map(|number| html! { <span class="t-dim">{ format!(" of instruction {}", grouped(number)) }</span> }) }</span> }
            }
        };
        html! { <li key={slot.place.to_string()} {class}><span class="machine-number" aria-hidden="true">{ grouped(slot.place) }</span>{ content }</li> }
    };
    let below = state.depth.saturating_sub(props.skip + state.stack.len() as u64);
    let to = |view: View| {
        let look = props.look.clone();
        Callback::from(move |_: MouseEvent| look.emit(view))
    };
    let deeper = View { skip: props.skip + u64::from(SHOWN), memo_from: None };
    let first = state.memo.first().map(|slot| slot.index);
    let last = state.memo.last().map(|slot| slot.index);
    let before = first.filter(|&first| first > 0 && state.memo_count > state.memo.len() as u64);
    let earlier =
        before.map(|first| View { skip: props.skip, memo_from: Some(first.saturating_sub(u64::from(ENTRIES))) });
    let is_more = last.is_some_and(|_| state.memo.len() == ENTRIES as usize && state.memo_count > u64::from(ENTRIES));
    let later = last
        .filter(|_| is_more)
        .and_then(|last| last.checked_add(1))
        .map(|from| View { skip: props.skip, memo_from: Some(from) });
    html! {
        <section class="machine-state" aria-label={props.title}>
            <h2>{ props.title }<span class="section-note">{ format!("reader at {}{}{}", grouped(state.position), frame.unwrap_or_default(), around.unwrap_or_default()) }</span></h2>
            <h3>{ "Stack" }<span class="section-note">{ stack_words(state) }</span></h3>
            { for (props.skip > 0).then(|| html! { <button class="link machine-more" onclick={to(View::default())}>{ "Back to the top" }</button> }) }
            <ol class="machine-list">{ for state.stack.iter().map(place) }</ol>
            { for (below > 0).then(|| html! { <button class="link machine-more" onclick={to(deeper)}>{ format!("{} more below", grouped(below)) }</button> }) }
            <h3>{ "Memo" }<span class="section-note">{ plural(state.memo_count, "entry", "entries") }</span></h3>
            { for earlier.map(|view| html! { <button class="link machine-more" onclick={to(view)}>{ "Earlier entries" }</button> }) }
            <ol class="machine-list">
                { for state.memo.iter().map(|slot| {
                    let class = classes!("machine-place", slot.is_touched.then_some("machine-touched"));
                    html! { <li key={slot.index.to_string()} {class}><span class="machine-number">{ grouped(slot.index) }</span>{ value_view(&slot.value, &props.onvalue) }</li> }
                }) }
            </ol>
            { for later.map(|view| html! { <button class="link machine-more" onclick={to(view)}>{ "Later entries" }</button> }) }
        </section>
    }
}

fn stack_words(state: &MachineState) -> String {
    match (state.depth - state.marks.min(state.depth), state.marks) {
        (0, 0) => "empty".to_owned(),
        (values, 0) => format!("{}, top first", plural(values, "value", "values")),
        (values, marks) => {
            format!("{} and {}, top first", plural(values, "value", "values"), plural(marks, "mark", "marks"))
        }
    }
}

fn value_view(value: &MachineValue, onvalue: &Callback<u32>) -> Html {
    let onvalue = onvalue.clone();
    let node = value.node;
    let space = if value.type_name.is_empty() || value.text.is_empty() { "" } else { " " };
    html! {
        <button class="link machine-value" data-node={node.to_string()} onclick={move |_| onvalue.emit(node)}>
            <span class="t-type">{ marked(&value.type_name) }</span>{ space }<span class={text_class(value.kind)}>{ marked(&value.text) }</span>
        </button>
    }
}
