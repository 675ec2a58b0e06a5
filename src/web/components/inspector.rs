//! Everything about the selection.

use super::again::Again;
use super::built::BuiltBy;
use super::card::facts::facts;
use super::card::{CardState, CardView, use_card};
use super::export::ExportButton;
use super::hex::Hex;
use super::hex_input::Marked;
use super::marks::mark;
use super::text::{comma, marked, spaced};
use super::value::Value;
use crate::protocol::{Part, Target};
use crate::view::card::{Card, CardFact};
use crate::view::{Inspection, RowMark};
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::format::{hex, plural};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Inspector`].
#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of the file.
    pub size: u64,
    /// The selection; `None` until the first answer.
    pub inspection: Option<Rc<Inspection>>,
    /// Whether the reader looks at opcodes, so that opcodes and bytes matter.
    pub raw: bool,
    /// Whether all bytes are on the screen beside it.
    pub beside_bytes: bool,
    /// Whether the document is an archive or a compressed stream, whose own bytes say little.
    pub is_wrapping: bool,
}

/// Everything about the selection. What a lens understands of it comes first, the value as text folds away behind it.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let card = use_card(props.generation, props.inspection.as_ref());
    let bytes_unfolded = use_state_eq(|| None);
    let opcodes_unfolded = use_state_eq(|| None);
    let Some(inspection) = &props.inspection else {
        return html! { <section id="inspector" class="inspector" aria-label="Selection" tabindex="-1" /> };
    };
    let here = match &card {
        CardState::Here(card) => Some(Rc::clone(card)),
        _ => None,
    };
    let key = format!("{}-{:?}-{:?}", props.generation, inspection.node, inspection.column);
    let shown = here.clone().zip(inspection.node).map(|(card, node)| {
        html! {
            <CardView key={key.clone()} generation={props.generation} {node} {card} />
        }
    });
    let again = match &card {
        CardState::Failed(why, onagain) => {
            html! { <Again what="The view of this value" why={why.clone()} onagain={onagain.clone()} /> }
        }
        _ => Html::default(),
    };
    // The fields of a value say what most readers want to know; a place in the bytes asks for these.
    let says_more = props.is_wrapping || here.as_ref().is_some_and(|card| card.is_summary);
    let is_folded = says_more && inspection.asked.is_none() && !props.raw;
    let (bytes_open, on_bytes) = unfolded(&bytes_unfolded, !is_folded && !props.beside_bytes);
    let (open, on_opcodes) = unfolded(&opcodes_unfolded, !is_folded);
    let value = match &card {
        CardState::Waiting => html! { <span class="card-waiting" key="waiting"><span class="pending" /></span> },
        _ => html! {
            <Value key={format!("{key}-{:?}-{}", inspection.opcode, inspection.value.text.len())}
                node={inspection.node} value={inspection.value.clone()}
                behind={here.as_ref().map(|card| own_facts(inspection, Some(card)))} />
        },
    };
    html! {
        <section id="inspector" class="inspector" aria-label="Selection" tabindex="-1"
            data-opcode={inspection.opcode.map(|row| row.to_string())} data-node={inspection.node.map(|node| node.to_string())}>
            <Head key="head" inspection={inspection.clone()} card={here.clone()} />
            <div key="again" class="keyed" hidden={!matches!(card, CardState::Failed(..))}>{ again }</div>
            <div key="jump" class="jump-place" hidden={here.is_none()}>{ jumps(inspection, props.size) }</div>
            <div key="card" id="part-card" class="keyed" hidden={here.is_none()}>{ for shown }</div>
            <div key="value" id="part-value" class="keyed" hidden={inspection.column.is_some() || inspection.node.is_none() && inspection.value.text.is_empty()}>{ value }</div>
            <div key="opcodes" id="part-opcodes" class="keyed" hidden={inspection.opcode_count == 0}>
                <BuiltBy inspection={inspection.clone()} {open} onfold={on_opcodes} />
            </div>
            <div key="hex" id="part-bytes" class="keyed" hidden={props.size == 0}>
                <details class="bytes folded" open={bytes_open} data-part="bytes">
                    <summary class="section-head" onclick={on_bytes}>
                        <h3>{ "Bytes" }</h3>
                        <span class="section-note">{ range_words(inspection) }</span>
                    </summary>
                    <Hex generation={props.generation} id="hex" size={props.size} marked={Marked::of(inspection, props.size)} />
                </details>
            </div>
        </section>
    }
}

/// Whether a part is open: as the reader left it, or as it begins; and what turns that around.
fn unfolded(chosen: &UseStateHandle<Option<bool>>, begins: bool) -> (bool, Callback<MouseEvent>) {
    let (chosen, open) = (chosen.clone(), chosen.unwrap_or(begins));
    let onclick = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        chosen.set(Some(!open));
    });
    (open, onclick)
}

/// Ways to the parts below a long card, where they are. They stay in sight.
fn jumps(inspection: &Inspection, size: u64) -> Html {
    const PARTS: [(&str, &str); 4] =
        [("part-card", "Value"), ("part-value", "Raw value"), ("part-opcodes", "Opcodes"), ("part-bytes", "Bytes")];
    let is_there = |(id, _): &&(&str, &str)| match *id {
        "part-value" => inspection.column.is_none(),
        "part-opcodes" => inspection.opcode_count > 0,
        "part-bytes" => size > 0,
        _ => true,
    };
    html! {
        <nav class="jumps" aria-label="Parts of the selection">
            { for PARTS.iter().filter(is_there).map(|(id, words)| html! {
                <button class="jump" onclick={move |_| dom::jump_to(id)}>{ *words }</button>
            }) }
        </nav>
    }
}

fn range_words(inspection: &Inspection) -> Html {
    let (own, span) = (inspection.own, inspection.span);
    // Bytes that no opcode made are just these.
    let which = if inspection.opcodes.is_empty() { "" } else { "this opcode " };
    let length = |range: (u64, u64)| range.1.saturating_sub(range.0);
    let words = |what: &str, range: (u64, u64)| {
        let title = format!("{} – {}", hex(range.0), hex(range.1));
        let words = format!("{what}{} – {}, {}", range.0, range.1, plural(length(range), "byte", "bytes"));
        html! { <span {title}>{ words }</span> }
    };
    html! {
        <>
            <span class="swatch hex-own" aria-hidden="true" />{ words(which, own) }
            { for (span != own).then(|| html! {
                <>{ comma() }<span class="swatch hex-span" aria-hidden="true" />{ words("whole value ", span) }</>
            }) }
        </>
    }
}

/// Properties of [`Head`].
#[derive(Properties, PartialEq)]
pub struct HeadProps {
    /// The selection.
    pub inspection: Rc<Inspection>,
    /// What a lens understands of it.
    pub card: Option<Rc<Card>>,
}

/// What it is, where it stands, and facts.
#[component]
pub fn Head(props: &HeadProps) -> Html {
    let actions = use_actions();
    let inspection = &props.inspection;
    let (actions_for_part, actions_for_numbers) = (actions.clone(), actions.clone());
    let copy = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.copy_path())
    };
    let path = (!inspection.path.is_empty()).then(|| {
        html! {
            <div class="path">
                <code tabindex="0" data-path="true">{ marked(&inspection.path) }</code>
                <button class="button button-small" onclick={copy}>{ "Copy path" }</button>
            </div>
        }
    });
    let save = inspection.node.map(|node| {
        // A column is saved with its table.
        if inspection.column.is_some() {
            return html! { <ExportButton {node} name="the table" small=true is_table=true /> };
        }
        let name = if inspection.path.is_empty() { inspection.title.clone() } else { inspection.path.clone() };
        let made_for = props.card.as_ref().and_then(|card| card.save_as);
        html! {
            <>
                { for made_for.map(|format| html! { <ExportButton {node} name={name.clone()} small=true {format} /> }) }
                <ExportButton {node} {name} small=true />
            </>
        }
    });
    let first =
        inspection.marks.iter().any(|mark| matches!(mark, RowMark::Shared { .. } | RowMark::Cycle { .. })).then(|| {
            let offset = inspection.own.0;
            let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Offset(offset)));
            html! { <button class="button button-small" {onclick}>{ "Go to its first occurrence" }</button> }
        });
    let embedded = inspection.embedded.as_ref().zip(inspection.node).map(|(what, node)| {
        let actions = actions_for_part;
        let onclick = Callback::from(move |_: MouseEvent| actions.show(Part::Value { node }, "", None));
        html! {
            <p class="embedded">
                { marked(&format!("This value holds {what}. ")) }
                <button class="button button-small" {onclick} data-act="open-value">{ "Open it" }</button>
            </p>
        }
    });
    let numbers = inspection.numbers_in.as_ref().map(|(member, place)| {
        let (actions, member, name) = (actions_for_numbers, *member, place.clone());
        let onclick = Callback::from(move |_: MouseEvent| actions.show(Part::Member(member), &name, None));
        html! {
            <p class="embedded">
                { "Its numbers are in another file. " }
                <button class="button button-small" {onclick} data-act="open-numbers">{ marked(&format!("Open {place}")) }</button>
            </p>
        }
    });
    let summary: String = inspection.summary.iter().map(|part| part.text.as_str()).collect();
    let said_by_value = summary.trim() == inspection.value.text.trim();
    html! {
        <header class="inspector-head">
            <h2>
                <span class="inspector-title">{ marked(&inspection.title) }</span>{ comma() }
                <span class="t-type">{ marked(&inspection.type_name) }</span>
                { for props.card.as_ref().filter(|card| inspection.type_name.rsplit('.').next() != Some(card.kind.as_str())).map(|card| html! { <span class="card-kind">{ marked(&card.kind) }</span> }) }
            </h2>
            <p class="summary" hidden={said_by_value}>{ spaced(&inspection.summary) }</p>
            <div class="head-actions">{ for path }{ for save }</div>
            <div>{ for embedded }{ for numbers }</div>
            <div class="marks" hidden={inspection.marks.is_empty()}>
                { for inspection.marks.iter().map(mark) }
                { for first }
            </div>
            { facts(&head_facts(props)) }
        </header>
    }
}

/// What a lens knows, and the title does not say already; without one, what is known of every value.
fn head_facts(props: &HeadProps) -> Vec<CardFact> {
    match &props.card {
        Some(card) => {
            let is_said = |fact: &&CardFact| fact.name == "class" && fact.value == props.inspection.type_name;
            card.facts.iter().filter(|fact| !is_said(fact)).cloned().collect()
        }
        None => own_facts(&props.inspection, None),
    }
}

/// What is known of every value: how it was made and where it stands. What a card says is not said again.
fn own_facts(inspection: &Inspection, card: Option<&Card>) -> Vec<CardFact> {
    let is_said = |name: &str| card.is_some_and(|card| card.facts.iter().any(|fact| fact.name == name));
    let facts = inspection.facts.iter().filter(|fact| !is_said(&fact.name));
    facts.map(|fact| CardFact::new(fact.name.clone(), fact.value.clone())).collect()
}
