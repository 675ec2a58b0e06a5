//! The keyboard stays in its pane, or its dialog, when the element that has it is replaced or goes away: a list takes the place of what
//! waited for it, a button that was pressed has nothing more to do. Browsers give the focus to nothing then, and the next key is lost.

use super::dom::{self, Listener};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;

/// What keeps the keyboard, and what gets it there: the first of these that exists.
const REGIONS: [(&str, &[&str]); 5] = [
    ("dialog", &["dialog[open] [autofocus]", "dialog[open] .modal-body [tabindex='0']", "dialog[open] button"]),
    ("#left-panel", &["#left-panel > [tabindex='0']", "#left-panel [tabindex='0']", "#left-panel :is(button, select)"]),
    ("#inspector", &["#inspector"]),
    (".find", &["#find"]),
    (".notice-place", &["#left-panel [tabindex='0']", ".drop-zone button"]),
];

/// The view on the left, among the regions.
const VIEW: usize = 1;

/// The element that had the keyboard last, and the region it was in.
type Last = Rc<RefCell<Option<(HtmlElement, usize)>>>;

/// Watches for as long as the page lives.
#[hook]
pub(crate) fn use_focus_keeper() {
    use_effect_with((), |()| {
        let last = Last::default();
        let listener = {
            let last = Rc::clone(&last);
            Listener::new(&dom::document(), "focusin", move |event: web_sys::Event| {
                let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
                last.replace(element.and_then(|element| region_of(&element).map(|region| (element, region))));
            })
        };
        let closure = Closure::<dyn FnMut()>::new(move || hand_over(&last));
        let observer = MutationObserver::new(closure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(body)) = (&observer, dom::document().body()) {
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_subtree(true);
            let _ = observer.observe_with_options(&body, &what);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((listener, closure));
        }
    });
}

fn region_of(element: &Element) -> Option<usize> {
    REGIONS.iter().position(|(selector, _)| element.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Once the element is gone, and nothing else has the focus. Where there is nothing yet to take it, the next change may bring it.
fn hand_over(last: &Last) {
    let region = match &*last.borrow() {
        Some((element, region)) if !element.is_connected() => *region,
        _ => return,
    };
    if dom::active_element().is_some() {
        last.take();
        return;
    }
    let is_there = |selector: &str| dom::document().query_selector(selector).is_ok_and(|found| found.is_some());
    // What had the focus before a dialog may be gone, too, when the dialog closes.
    let (_, heirs) = if is_there(REGIONS[region].0) { REGIONS[region] } else { REGIONS[VIEW] };
    if let Some(heir) = heirs.iter().find(|heir| is_there(heir)) {
        last.take();
        dom::focus_first_in_place(heir);
    }
}
