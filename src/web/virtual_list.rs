//! A list of any length of which only the visible rows exist.
//!
//! The element that scrolls is the widget itself: it has the role, the focus and `aria-activedescendant`, so the focus
//! survives whatever happens to rows. The focused row stays mounted when it is scrolled out of sight.

use super::resize::use_resize;
use super::scroll::Window;
use super::scroller::Scroller;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// Properties of [`VirtualList`].
#[derive(Properties, PartialEq)]
pub struct VirtualListProps {
    /// Id of the element; row 7 must have the id `{id}-7`.
    pub id: AttrValue,
    /// `tree`, `grid`, `treegrid` or `listbox`.
    pub role: AttrValue,
    /// Accessible name.
    pub label: AttrValue,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
    /// Number of rows.
    pub total: u64,
    /// The row that has the keyboard.
    #[prop_or_default]
    pub focus: Option<u64>,
    /// Raised to bring `focus` into sight.
    #[prop_or_default]
    pub reveal: u32,
    /// Id of the element inside the focused row that has the keyboard, where that is not the row.
    #[prop_or_default]
    pub active: Option<AttrValue>,
    /// A row above the others that does not scroll, as high as one.
    #[prop_or_default]
    pub header: Option<Html>,
    /// For grids of both kinds: number of columns.
    #[prop_or_default]
    pub columns: Option<u32>,
    /// Whether the elements of a row that went out of sight become those of one that came into sight. Rows have no keys then.
    #[prop_or_default]
    pub is_recycling: bool,
    /// Draws a row.
    pub row: Callback<u64, Html>,
    /// Told which rows are visible; says whether they are here.
    pub onwindow: Callback<Window, bool>,
    /// Keys.
    #[prop_or_default]
    pub onkeydown: Callback<KeyboardEvent>,
    /// Clicks; rows tell themselves apart by `data-` attributes.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// Buttons of the mouse that go down.
    #[prop_or_default]
    pub onmousedown: Option<Callback<MouseEvent>>,
    /// The mouse, wherever it is.
    #[prop_or_default]
    pub onmousemove: Option<Callback<MouseEvent>>,
    /// Double clicks.
    #[prop_or_default]
    pub ondblclick: Callback<MouseEvent>,
}

/// A list of any length of which only the visible rows exist.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let viewport = use_node_ref();
    let probe = use_node_ref();
    let update = use_force_update();
    let scroller = {
        let viewport = viewport.clone();
        use_memo((), |()| Scroller::new(viewport))
    };
    scroller.update(props.total, props.header.is_some(), props.focus);
    let geometry = scroller.geometry();
    let (window, shift) = scroller.draw();

    use_measured(&probe, &scroller, &update);
    {
        let onwindow = props.onwindow.clone();
        use_effect_with((window, props.total), move |(window, _)| {
            onwindow.emit(*window);
        });
    }
    {
        let (scroller, update) = (Rc::clone(&scroller), update.clone());
        let has_focus = props.focus.is_some();
        // Only a wish to see the row moves the list, not rows that were inserted above it.
        use_effect_with((props.reveal, has_focus), move |_| {
            if scroller.reveal() {
                update.force_update();
            }
        });
    }

    let onscroll = {
        let (scroller, update, onwindow) = (Rc::clone(&scroller), update.clone(), props.onwindow.clone());
        move |event: Event| {
            let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if element.is_some_and(|element| scroller.scrolled(&element)) {
                let update = update.clone();
                scroller.redraw(|window| onwindow.emit(window), move || update.force_update());
            }
        }
    };
    let onwheel = {
        let scroller = Rc::clone(&scroller);
        move |event: WheelEvent| {
            // Where a pixel of the scroll bar is many rows, a notch of the wheel is still a few.
            if geometry.scale() > 1.0 && !event.ctrl_key() && event.delta_y() != 0.0 {
                event.prevent_default();
                let unit = match event.delta_mode() {
                    WheelEvent::DOM_DELTA_LINE => geometry.row_height,
                    WheelEvent::DOM_DELTA_PAGE => geometry.view,
                    _ => 1.0,
                };
                scroller.move_to(scroller.top() + event.delta_y() * unit);
                update.force_update();
            }
        }
    };

    let last = window.first + window.count;
    let away = props.focus.filter(|row| *row < props.total && !(window.first..last).contains(row));
    let active = match (&props.active, props.focus) {
        (Some(active), _) => Some(active.clone()),
        (None, Some(row)) if row < props.total => Some(AttrValue::from(format!("{}-{row}", props.id))),
        _ => None,
    };
    let row_count = props
        .role
        .ends_with("grid")
        .then(|| AttrValue::from((props.total + u64::from(props.header.is_some())).to_string()));
    let slots = geometry.slots();
    let draw = |row: u64| match props.is_recycling {
        true => html! { <key={row % slots}>{ props.row.emit(row) }</> },
        false => props.row.emit(row),
    };
    html! {
        <div ref={viewport} id={props.id.clone()} class={classes!("list", props.class.clone())} tabindex="0"
            role={props.role.clone()} aria-label={props.label.clone()} aria-activedescendant={active}
            aria-rowcount={row_count} aria-colcount={props.columns.map(|columns| columns.to_string())}
            data-first={window.first.to_string()} data-total={props.total.to_string()}
            {onscroll} {onwheel} onkeydown={props.onkeydown.clone()} onclick={props.onclick.clone()}
            onmousedown={props.onmousedown.clone()} onmousemove={props.onmousemove.clone()}
            ondblclick={props.ondblclick.clone()}>
            <div ref={probe} class="list-probe" aria-hidden="true" key="probe" />
            <div key="spacer" class="list-spacer" role="presentation" ~style={format!("height:{}px", geometry.spacer() + scroller.inset())}>
                <div class="list-layer" role="presentation" ~style={format!("height:{}px", scroller.height())}>
                    <div class="list-header" role="presentation" key="header">{ props.header.clone().unwrap_or_default() }</div>
                    <div class="list-clip" role="presentation" key="rows">
                        <div class="list-rows" role="presentation" ~style={format!("transform:translateY({shift}px)")}>
                            { for (window.first..last).map(draw) }
                        </div>
                    </div>
                    <div class="list-away" role="presentation" key="away">
                        { for away.map(|row| props.row.emit(row)) }
                    </div>
                </div>
            </div>
        </div>
    }
}

/// Keeps the height of a row and of the visible part up to date: window, panes and text zoom change them.
#[hook]
fn use_measured(probe: &NodeRef, scroller: &Rc<Scroller>, update: &UseForceUpdateHandle) {
    let (scroller, update) = (Rc::clone(scroller), update.clone());
    use_resize([scroller.viewport.clone(), probe.clone()], move |[viewport, probe]| {
        let row_height = probe.get_bounding_client_rect().height();
        if scroller.measure(row_height, f64::from(viewport.client_height())) {
            scroller.move_to(scroller.top());
            update.force_update();
        }
    });
}
