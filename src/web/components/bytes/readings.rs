//! What the bytes at the caret are, read in every way.

use super::super::again::Again;
use super::super::text::marked;
use crate::protocol::ask;
use crate::view::{ByteReading, BytesAt};
use crate::web::actions::use_actions;
use crate::web::format::hex;
use crate::web::latest::Latest;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Readings`].
#[derive(Properties, PartialEq)]
pub struct ReadingsProps {
    /// Number of the file.
    pub generation: u32,
    /// Number of the layer; that of the document without one.
    pub layer: Option<u32>,
    /// The byte.
    pub offset: u64,
    /// Bytes of the layer.
    pub size: u64,
}

/// What an answer is about: file, layer, byte.
type Place = (u32, Option<u32>, u64);

/// The table of readings.
#[component]
pub fn Readings(props: &ReadingsProps) -> Html {
    let actions = use_actions();
    let found = use_state_eq(|| None::<(Place, Result<BytesAt, String>)>);
    let attempt = use_state_eq(|| 0_u32);
    let latest = use_memo((), |()| Latest::<ask::ByteAt>::default());
    let place = (props.generation, props.layer, props.offset);
    {
        let (found, latest) = (found.setter(), Rc::clone(&latest));
        use_effect_with((place, props.size, *attempt), move |&(place, size, _)| {
            let (_, layer, offset) = place;
            if offset < size {
                let then = Callback::from(move |reply| found.set(Some((place, reply))));
                latest.ask(&actions, ask::ByteAt { layer, offset }, then);
            }
        });
    }
    {
        let latest = Rc::clone(&latest);
        use_effect_with((), move |()| move || latest.close());
    }
    // What was said of the byte before stays until the answer is there.
    let of_file = (*found).as_ref().filter(|((generation, layer, _), _)| (*generation, *layer) == (place.0, place.1));
    let body = match of_file {
        Some((_, Ok(at))) => table(at),
        Some((_, Err(why))) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            html! { <Again what="The readings" why={AttrValue::from(why.clone())} {onagain} /> }
        }
        None => Html::default(),
    };
    let shown = of_file.map(|((.., offset), _)| offset.to_string());
    html! {
        <details class="bytes-readings" open=true data-at={shown}>
            <summary title={hex(props.offset)}><strong>{ format!("Read from byte {} on", props.offset) }</strong></summary>
            { body }
        </details>
    }
}

fn table(at: &BytesAt) -> Html {
    html! {
        <div class="bytes-readings-table" tabindex="0" role="region" aria-label="Readings">
            <table>
                <thead>
                    <tr><th scope="col">{ "as" }</th><th scope="col">{ "little-endian" }</th><th scope="col">{ "big-endian" }</th></tr>
                </thead>
                <tbody>{ for at.readings.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

fn row(reading: &ByteReading) -> Html {
    let value = |text: &str| {
        if text.is_empty() {
            html! { "–" }
        } else {
            marked(text)
        }
    };
    let values = match &reading.big {
        Some(big) => html! { <><td>{ value(&reading.little) }</td><td>{ value(big) }</td></> },
        None => html! { <td colspan="2">{ value(&reading.little) }</td> },
    };
    html! { <tr data-reading={reading.name.clone()}><th scope="row">{ reading.name.clone() }</th>{ values }</tr> }
}
