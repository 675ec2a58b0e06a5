//! All bytes of the document, and of what is around it: what each is for, ranges to copy and save, readings at the caret.

mod legend;
pub mod range_bar;
pub mod readings;

use super::again::Again;
use super::go_to::GoTo;
use super::hex::Hex;
use super::hex_input::Marked;
use crate::protocol::ask;
use crate::view::preview::size_text;
use crate::view::{ByteLayer, Inspection};
use crate::web::actions::use_actions;
use crate::web::byte_range::Range;
use crate::web::dom;
use legend::legend;
use range_bar::RangeBar;
use readings::Readings;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`BytesPanel`].
#[derive(Properties, PartialEq)]
pub struct BytesPanelProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of the document.
    pub size: u64,
    /// The selection.
    pub inspection: Option<Rc<Inspection>>,
}

/// The layers of one document, or why there are none.
type Layers = Result<Rc<[ByteLayer]>, Rc<str>>;

/// Where the reader is in the bytes of one document.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Here {
    generation: u32,
    /// A layer around the document.
    layer: Option<u32>,
    /// The offset in it that was typed, and how often one was.
    asked: (u64, u32),
}

/// The tab of bytes.
#[component]
pub fn BytesPanel(props: &BytesPanelProps) -> Html {
    let actions = use_actions();
    let generation = props.generation;
    let layers = use_state_eq(|| None::<(u32, Layers)>);
    let attempt = use_state_eq(|| 0_u32);
    let range = use_state_eq(Range::default);
    let here = use_state_eq(Here::default);
    // Kinds of bytes that were seen in a layer: one that was scrolled away stays in the legend, which would jump about otherwise.
    let kinds = use_state_eq(|| ((0_u32, None::<u32>), 0_u16));
    {
        let layers = layers.setter();
        use_effect_with((generation, *attempt), move |&(generation, _)| {
            actions.inquire(ask::Layers, move |reply| {
                layers.set(Some((generation, reply.map(Rc::from).map_err(Rc::from))));
            });
        });
    }
    let at = if here.generation == generation { *here } else { Here { generation, ..Here::default() } };
    {
        // What is selected elsewhere is in the document.
        let here = here.setter();
        let place = props.inspection.as_ref().map(|inspection| (inspection.own, inspection.asked));
        use_effect_with((place, generation), move |&(_, generation)| {
            here.set(Here { generation, ..Here::default() });
        });
    }
    let known = (*layers).clone().filter(|(of, _)| *of == generation).map(|(_, layers)| layers);
    let (known, why) = match known {
        Some(Ok(layers)) => (layers, None),
        Some(Err(why)) => (Rc::from([]), Some(why)),
        None => (Rc::from([]), None),
    };
    let layer = at.layer.and_then(|number| known.get(number as usize));
    let size = layer.map_or(props.size, |layer| layer.size);
    let marked = match (&props.inspection, layer) {
        (Some(inspection), None) => Marked::of(inspection, props.size),
        (None, None) => Marked::default(),
        (_, Some(_)) => Marked { asked: Some(at.asked.0), ..Marked::default() },
    };
    let again = why.map(|why| {
        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
        html! { <Again key="again" what="The list of layers" why={AttrValue::from(why)} {onagain} /> }
    });
    let ongo = {
        let here = here.setter();
        Callback::from(move |offset: u64| here.set(Here { asked: (offset, at.asked.1 + 1), ..at }))
    };
    let onlayer = {
        let (here, last) = (here.setter(), known.len().saturating_sub(1) as u32);
        Callback::from(move |number: u32| {
            let layer = (number != last).then_some(number);
            here.set(Here { generation, layer, asked: (0, 0) });
        })
    };
    let onrange = {
        let range = range.setter();
        Callback::from(move |now| range.set(now))
    };
    let seen = if kinds.0 == (generation, at.layer) { kinds.1 } else { 0 };
    let onkinds = {
        let (kinds, of) = (kinds.setter(), (generation, at.layer));
        Callback::from(move |new: u16| kinds.set((of, seen | new)))
    };
    let format = layer.or(known.last()).map(|layer| layer.what.as_str());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let is_copy = (event.ctrl_key() || event.meta_key()) && event.key() == "c";
        if is_copy && event.target().is_some_and(|target| dom::has_id(&target, "bytes")) {
            event.prevent_default();
            dom::click("[data-act=copy-bytes]");
        }
    });
    html! {
        <div class="bytes-panel" {onkeydown}>
            <div class="bytes-bar" key="bar">
                { for (known.len() > 1).then(|| layer_choice(&known, at.layer, onlayer)) }
                { for layer.map(|_| html! { <GoTo key={generation} id="bytes-go-to" {size} {ongo} /> }) }
                <RangeBar layer={at.layer} range={*range} {size} />
            </div>
            { for again }
            { legend(seen, format) }
            <Hex key={format!("hex-{generation}")} {generation} id="bytes" layer={at.layer} {size} {marked} again={at.asked.1}
                is_tinted=true {onrange} {onkinds} />
            <Readings key="readings" {generation} layer={at.layer} offset={range.bytes().0} {size} />
        </div>
    }
}

/// The layers, the file first.
fn layer_choice(layers: &[ByteLayer], chosen: Option<u32>, onlayer: Callback<u32>) -> Html {
    let last = layers.len().saturating_sub(1) as u32;
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
            onlayer.emit(number);
        }
    });
    html! {
        <label>{ "Bytes of " }
            <select id="bytes-layer" {onchange}>
                { for layers.iter().zip(0_u32..).map(|(layer, number)| {
                    let what = if layer.what.is_empty() { String::new() } else { format!("{}, ", layer.what) };
                    html! {
                        <option value={number.to_string()} selected={number == chosen.unwrap_or(last)}>
                            { format!("{} ({what}{})", layer.name, size_text(layer.size)) }
                        </option>
                    }
                }) }
            </select>
        </label>
    }
}
