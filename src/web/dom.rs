//! Small things every part of the page needs from the browser.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, EventTarget, HtmlElement};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = measure, catch)]
    fn performance_measure(name: &str, options: &JsValue) -> Result<JsValue, JsValue>;
}

/// Measures kept of each name.
const MEASURES: u32 = 32;

/// The window. There is one: this code runs in a page.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().unwrap_throw()
}

/// The document of the window.
pub(crate) fn document() -> web_sys::Document {
    window().document().unwrap_throw()
}

/// Milliseconds on the clock of this page.
pub(crate) fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Milliseconds from the Unix epoch to the zero of [`now`].
pub(crate) fn time_origin() -> f64 {
    window().performance().map_or(0.0, |performance| performance.time_origin())
}

/// Records a `performance.measure` from `start`, on the clock of [`now`].
pub(crate) fn measure(name: &str, start: f64, duration: f64) {
    // Those of all files that were ever opened would only grow.
    if let Some(performance) = window().performance().filter(|all| all.get_entries_by_name(name).length() >= MEASURES) {
        performance.clear_measures_with_measure_name(name);
    }
    let options = js_sys::Object::new();
    for (key, value) in [("start", start.max(0.0)), ("duration", duration.max(0.0))] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    let _ = performance_measure(name, &options);
}

/// An event listener that is removed when this is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Listens on `target`; events of the wrong class are ignored.
    pub(crate) fn new<E: JsCast + 'static>(
        target: &EventTarget,
        kind: &'static str,
        mut action: impl FnMut(E) + 'static,
    ) -> Self {
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Ok(event) = event.dyn_into::<E>() {
                action(event);
            }
        });
        let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), kind, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.closure.as_ref().unchecked_ref());
    }
}

/// Runs `action` after `milliseconds`.
pub(crate) fn after(milliseconds: i32, action: impl FnOnce() + 'static) {
    let closure = Closure::once_into_js(action);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(closure.unchecked_ref(), milliseconds);
}

/// Runs `action` in the next frame, after its layout is due. A page in the background draws none: there it runs at once.
pub(crate) fn next_frame(action: impl FnOnce() + 'static) {
    if document().hidden() {
        return after(0, action);
    }
    let closure = Closure::once_into_js(action);
    let _ = window().request_animation_frame(closure.unchecked_ref());
}

/// Milliseconds between questions of a view that leaps from place to place, as while its bar is drawn: asked in every frame, the worker
/// and the page would take all processors, and the next place is there before anybody has read this one.
const PACE: f64 = 40.0;

/// Something that runs at once, but not again before [`PACE`] is over: then once for all calls in between.
#[derive(Clone, Default)]
pub(crate) struct Pace(Rc<(Cell<f64>, Cell<bool>)>);

impl Pace {
    /// Runs `action`, now or when it is due; it does the same whenever it is asked for.
    pub(crate) fn run(&self, action: impl FnOnce() + 'static) {
        let (due, waits) = &*self.0;
        let rest = due.get() - now();
        if waits.replace(true) {
            return;
        }
        let this = self.clone();
        let run = move || {
            let (due, waits) = &*this.0;
            due.set(now() + PACE);
            waits.set(false);
            action();
        };
        if rest <= 0.0 { run() } else { after(rest.ceil() as i32, run) }
    }
}

/// Milliseconds that a view which leapt stays as it was while what it shows next is on its way.
const PATIENCE: i32 = 60;

/// The part of a view that is drawn. After a leap the drawing is put off until what it shows is here, but not for long: drawing
/// every row empty and then once more is twice the work, and what was there before looks better than nothing.
pub(crate) struct DrawnPart<P> {
    drawn: Cell<P>,
    /// Whether two parts have nothing in common.
    are_apart: fn(P, P) -> bool,
    waits: Rc<Cell<bool>>,
}

impl<P: Copy + Default> DrawnPart<P> {
    pub(crate) fn new(are_apart: fn(P, P) -> bool) -> Self {
        Self { drawn: Cell::default(), are_apart, waits: Rc::default() }
    }

    /// `part` is being drawn.
    pub(crate) fn draw(&self, part: P) -> P {
        self.drawn.set(part);
        self.waits.set(false);
        part
    }

    /// Calls `update` so that `part` is drawn: after a leap to what `is_here` denies in a while, unless it was drawn before.
    pub(crate) fn redraw(&self, part: P, is_here: impl FnOnce(P) -> bool, update: impl FnOnce() + 'static) {
        if !(self.are_apart)(part, self.drawn.get()) || is_here(part) {
            return update();
        }
        if !self.waits.replace(true) {
            let waits = Rc::clone(&self.waits);
            after(PATIENCE, move || {
                if waits.take() {
                    update();
                }
            });
        }
    }
}

/// Something that runs only the last of several calls, `milliseconds` after it.
#[derive(Clone, Default)]
pub(crate) struct Debounce(Rc<RefCell<u32>>);

impl Debounce {
    /// Schedules `action` and forgets those scheduled before.
    pub(crate) fn run(&self, milliseconds: i32, action: impl FnOnce() + 'static) {
        let count = Rc::clone(&self.0);
        *count.borrow_mut() += 1;
        let mine = *count.borrow();
        after(milliseconds, move || {
            if *count.borrow() == mine {
                action();
            }
        });
    }
}

/// The closest ancestor of an event's target that has `data-{name}`, and that value.
pub(crate) fn data_of(event: &web_sys::Event, name: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let attribute = format!("data-{name}");
    target.closest(&format!("[{attribute}]")).ok()??.get_attribute(&attribute)
}

/// Moves the focus to the element with this id, and nothing else: what stands over it stays in sight.
pub(crate) fn focus_in_place(id: &str) {
    focus_first_in_place(&format!("#{id}"));
}

/// The same with the first element of this selector.
pub(crate) fn focus_first_in_place(selector: &str) {
    if let Some(element) = first_of(selector) {
        let options = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into());
        let focus =
            js_sys::Reflect::get(&element, &"focus".into()).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok());
        let _ = focus.map(|focus| focus.call1(&element, &options));
    }
}

fn first_of(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Moves the focus to the box with this id, and selects the text in it.
pub(crate) fn focus_text(id: &str) {
    let found =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(input) = found {
        let _ = input.focus();
        input.select();
    }
}

/// What has the focus; nothing when only the page has.
pub(crate) fn active_element() -> Option<HtmlElement> {
    let element: HtmlElement = document().active_element()?.dyn_into().ok()?;
    (element.tag_name() != "BODY").then_some(element)
}

/// Whether an event's target is the element with this id.
pub(crate) fn has_id(target: &EventTarget, id: &str) -> bool {
    target.dyn_ref::<Element>().is_some_and(|element| element.id() == id)
}

/// Whether the focus is inside an element of this selector.
pub(crate) fn has_focus(selector: &str) -> bool {
    document().active_element().is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Moves the focus to the view on the left: to its first stop, which is the tree or the listing.
pub(crate) fn focus_view() {
    focus_first("#left-panel [tabindex='0']");
}

/// Moves the focus to the first element of this selector.
pub(crate) fn focus_first(selector: &str) {
    if let Some(element) = first_of(selector) {
        let _ = element.focus();
    }
}

/// Clicks on the first element of this selector.
pub(crate) fn click(selector: &str) {
    if let Some(element) = first_of(selector) {
        element.click();
    }
}

/// Brings the element with this id into sight, by the least.
pub(crate) fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Brings the element with this id into sight within the line that holds it, and scrolls nothing else.
pub(crate) fn scroll_sideways_to(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let Some(line) = element.parent_element() else { return };
    let (inner, outer) = (element.get_bounding_client_rect(), line.get_bounding_client_rect());
    let before = (inner.left() - outer.left()).min(0.0);
    let after = (inner.right() - outer.right()).max(0.0);
    if before + after != 0.0 {
        line.set_scroll_left(line.scroll_left() + (before + after).round() as i32);
    }
}

/// Puts the element with this id at the top of what scrolls around it; what folds away there opens.
pub(crate) fn jump_to(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    if let Ok(Some(summary)) = element.query_selector("details.folded:not([open]) > summary")
        && let Some(summary) = summary.dyn_ref::<HtmlElement>()
    {
        summary.click();
    }
    element.scroll_into_view();
}

/// Whether the event comes from a place where people type text.
pub(crate) fn is_typing(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.closest("input, textarea, select, [contenteditable]").is_ok_and(|e| e.is_some()))
}
