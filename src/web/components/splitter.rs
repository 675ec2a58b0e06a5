//! What stands between the panes and moves: the WAI-ARIA window splitter.

use crate::web::resize::use_resize;
use crate::web::settings;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Percent that an arrow key moves it by, alone and with Shift.
const STEPS: (f64, f64) = (2.0, 10.0);

/// Properties of [`Splitter`].
#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    /// Both panes.
    pub panes: NodeRef,
    /// The left one.
    pub left: NodeRef,
}

/// Moves the border between the panes. Where they stand one below the other it is not there.
#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    let percent = use_state_eq(|| 0.0);
    {
        let percent = percent.setter();
        use_resize([props.panes.clone(), props.left.clone()], move |[panes, left]| {
            percent.set(measured(&panes, &left));
        });
    }
    let is_automatic = settings::left().is_none();
    // Where it was taken hold of, from its middle.
    let held = use_memo((), |()| Cell::new(None::<f64>));
    let onpointerdown = {
        let (held, left) = (Rc::clone(&held), props.left.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(left), Some(own)) = (left.cast::<Element>(), event.target_dyn_into::<Element>()) else { return };
            if event.button() == 0 && own.set_pointer_capture(event.pointer_id()).is_ok() {
                held.set(Some(f64::from(event.client_x()) - left.get_bounding_client_rect().right()));
            }
        })
    };
    let onpointermove = {
        let (held, panes) = (Rc::clone(&held), props.panes.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(held), Some(panes)) = (held.get(), panes.cast::<Element>()) else { return };
            let all = panes.get_bounding_client_rect();
            settings::show_left((f64::from(event.client_x()) - held - all.left()) / all.width().max(1.0));
        })
    };
    let onlostpointercapture = Callback::from(move |_: PointerEvent| {
        if held.take().is_some() {
            settings::set_left(settings::left());
        }
    });
    let ondblclick = Callback::from(|_: MouseEvent| settings::set_left(None));
    let onkeydown = {
        let (panes, left) = (props.panes.clone(), props.left.clone());
        Callback::from(move |event: KeyboardEvent| {
            // Keys come faster than drawing: where it is, not where it was drawn last.
            let (Some(panes), Some(left)) = (panes.cast(), left.cast()) else { return };
            if !(event.ctrl_key() || event.meta_key() || event.alt_key())
                && key(&event.key(), event.shift_key(), measured(&panes, &left))
            {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let [least, most] = [settings::LEFT.start(), settings::LEFT.end()].map(|share| (share * 100.0).to_string());
    let words = format!("{} %{}", *percent, if is_automatic { ", as wide as the rows need" } else { "" });
    html! {
        <div class="splitter" role="separator" tabindex="0" aria-orientation="vertical" aria-label="Width of the view on the left"
            aria-controls="left-panel" aria-valuenow={percent.to_string()} aria-valuemin={least} aria-valuemax={most} aria-valuetext={words}
            title="Drag, or use the arrow keys. Double-click or press Enter for the automatic width."
            {onpointerdown} {onpointermove} {onlostpointercapture} {ondblclick} {onkeydown} />
    }
}

/// The share of the left pane in percent.
fn measured(panes: &Element, left: &Element) -> f64 {
    let [all, part] = [panes, left].map(|element| element.get_bounding_client_rect().width());
    (100.0 * part / all.max(1.0)).round()
}

/// What a key does; `false` when it does nothing here.
fn key(key: &str, shift: bool, percent: f64) -> bool {
    let step = if shift { STEPS.1 } else { STEPS.0 };
    let share = match key {
        "ArrowLeft" => (percent - step) / 100.0,
        "ArrowRight" => (percent + step) / 100.0,
        "Home" => *settings::LEFT.start(),
        "End" => *settings::LEFT.end(),
        "Enter" => {
            settings::set_left(None);
            return true;
        }
        _ => return false,
    };
    settings::set_left(Some(share));
    true
}
