//! A picture: the pixels of an image, numbers as colours.

use super::slicer::Slicer;
use super::statistics::UNASKED;
use crate::protocol::ask;
use crate::view::card::{Picture, PictureSlot};
use crate::web::actions::use_actions;
use crate::web::components::again::Again;
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::plural;
use crate::web::latest::Latest;
use data_encoding::BASE64;
use std::rc::Rc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};
use yew::prelude::*;

/// Small pictures are made as large as this, in pixels of the page.
const ROOM: f64 = 420.0;

/// Properties of [`PictureView`].
#[derive(Properties, PartialEq)]
pub struct PictureViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// Which picture.
    pub slot: PictureSlot,
}

/// A picture, its scale, and what it is in words.
#[component]
pub fn PictureView(props: &PictureViewProps) -> Html {
    let actions = use_actions();
    let slot = &props.slot;
    let slice = use_state_eq(|| vec![0_u64; slot.slices.len()]);
    let answer = use_state(|| None::<Result<Rc<Picture>, String>>);
    let attempt = use_state_eq(|| 0_u32);
    let pixels = slot.width.saturating_mul(slot.height);
    let wanted = use_state_eq(|| pixels <= UNASKED);
    let (frame, canvas) = (use_node_ref(), use_node_ref());
    let latest = use_memo((), |()| Rc::new(Latest::default()));
    {
        let (frame, setter, latest) = (frame.clone(), answer.setter(), Rc::clone(&latest));
        let asked = (props.generation, props.node, slot.part, (*slice).clone(), (*wanted, *attempt));
        use_effect_with(asked, move |(_, node, part, slice, (wanted, _))| {
            if !*wanted {
                return;
            }
            let room = frame.cast::<Element>().map_or(ROOM, |frame| f64::from(frame.client_width()));
            let width = (room * dom::window().device_pixel_ratio()).clamp(64.0, 1024.0) as u32;
            let then = Callback::from(move |reply: Result<Picture, String>| setter.set(Some(reply.map(Rc::new))));
            latest.ask(&actions, ask::Picture { node: *node, part: *part, slice: slice.clone(), width }, then);
        });
    }
    use_effect_with((), move |()| move || latest.close());
    let picture = answer.as_ref().and_then(|answer| answer.as_ref().ok()).cloned();
    {
        let canvas = canvas.clone();
        use_effect_with(picture.clone(), move |picture| {
            if let (Some(picture), Some(canvas)) = (picture, canvas.cast::<HtmlCanvasElement>()) {
                draw(picture, &canvas);
            }
        });
    }
    let on_slice = {
        let slice = slice.clone();
        Callback::from(move |chosen| slice.set(chosen))
    };
    let draw_it = (!*wanted).then(|| {
        let wanted = wanted.clone();
        let onclick = Callback::from(move |_: MouseEvent| wanted.set(true));
        let words = format!("Read {} to draw it", plural(pixels, "value", "values"));
        html! { <button class="button button-small" {onclick} data-act="draw">{ words }</button> }
    });
    let note = match &*answer {
        Some(Ok(picture)) => picture.note.clone(),
        Some(Err(_)) | None => String::new(),
    };
    let again = answer.as_ref().and_then(|answer| answer.as_ref().err()).map(|why| {
        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
        html! { <Again what="The picture" why={why.clone()} {onagain} /> }
    });
    let shown = picture.as_deref();
    let style = shown.map_or_else(String::new, |picture| match long_size(picture).filter(|_| slot.is_heat_map) {
        Some((width, height)) => format!("width:{}rem;height:{}rem", width / 16.0, height / 16.0),
        None => format!("width:{}rem", display_width(picture) / 16.0),
    });
    let scale = shown.and_then(|picture| picture.scale.as_ref()).filter(|_| slot.is_heat_map);
    html! {
        <div class="picture-frame" ref={frame}>
            <Slicer id={format!("picture-{}", slot.part)} slices={slot.slices.clone()} chosen={(*slice).clone()} onchange={on_slice} />
            <figure class="picture">
                <canvas ref={canvas} role="img" aria-label={slot.description.clone()} ~style={style} hidden={shown.is_none()}
                    data-drawn={shown.map(|picture| format!("{}x{}", picture.width, picture.height))} />
                <span class="pending" hidden={answer.is_some() || !*wanted} />
                { for draw_it }
                { for again }
                <figcaption>
                    { for scale.map(|(low, high)| html! {
                        <span class="picture-scale">
                            <span>{ marked(low) }</span><span class="picture-ramp" aria-hidden="true" /><span>{ marked(high) }</span>
                        </span>
                    }) }
                    <span class="t-dim" hidden={note.is_empty()}>{ marked(&note) }</span>
                </figcaption>
            </figure>
        </div>
    }
}

/// Pixels on the page for the width of a picture: whole multiples, as long as there is room.
fn display_width(picture: &Picture) -> f64 {
    let (width, height) = (f64::from(picture.width.max(1)), f64::from(picture.height.max(1)));
    let times = (ROOM / width.max(height)).floor().max(1.0);
    let wanted = width * times;
    // A tall one keeps within twice the room.
    if height * times > 2.0 * ROOM { (wanted * 2.0 * ROOM / (height * times)).max(1.0) } else { wanted }
}

/// Width and height for a heat map that is many times as long as it is wide: its values need not be squares, and a strip of a few
/// pixels shows nothing.
fn long_size(picture: &Picture) -> Option<(f64, f64)> {
    const LONG: f64 = 8.0;
    // Pixels of a value on the short side.
    const SHORT: f64 = 16.0;
    let (width, height) = (f64::from(picture.width.max(1)), f64::from(picture.height.max(1)));
    let short = |count: f64| (count * SHORT).min(ROOM / 2.0).max(count);
    match (height > LONG * width, width > LONG * height) {
        (true, _) => Some((short(width), ROOM.max(height.min(2.0 * ROOM)))),
        (_, true) => Some((ROOM.max(width.min(2.0 * ROOM)), short(height))),
        _ => None,
    }
}

fn draw(picture: &Picture, canvas: &HtmlCanvasElement) -> Option<()> {
    let pixels = BASE64.decode(picture.pixels.as_bytes()).ok()?;
    canvas.set_width(picture.width);
    canvas.set_height(picture.height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), picture.width, picture.height).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()
}
