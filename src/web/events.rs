//! What the whole window listens to: dropping, pasting, keys, back and forward; and what came before anyone listened.

use super::actions::Actions;
use super::dom::{self, Listener};
use super::file::{self, Dropped, Incoming};
use super::history::{self, Entry};
use super::menu::{self, Does, Needs};
use super::state::{Action, Notice};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{ClipboardEvent, DragEvent, KeyboardEvent};
use yew::prelude::*;

/// Listens for as long as the page lives.
#[hook]
pub(crate) fn use_window_events(actions: &Actions) {
    let actions = actions.clone();
    use_effect_with((), move |()| {
        let listeners = [drag(&actions), paste(&actions), keys(&actions), places(&actions)].map(Vec::from);
        actions.open_dialog_of(&history::address());
        file::linked().into_iter().for_each(|incoming| actions.open(incoming));
        file::ask_for_early(move |dropped| actions.drop_in(dropped));
        move || drop(listeners)
    });
}

fn drag(actions: &Actions) -> Box<[Listener]> {
    let window = dom::window();
    let over = Rc::new(Cell::new(false));
    let show = {
        let actions = actions.clone();
        let over = Rc::clone(&over);
        Rc::new(move |dragging: bool| {
            if over.replace(dragging) != dragging {
                actions.dispatch(Action::Dragging(dragging));
            }
        })
    };
    let (on_over, on_leave, on_drop, actions) = (Rc::clone(&show), Rc::clone(&show), show, actions.clone());
    Box::new([
        Listener::new(&window, "dragover", move |event: DragEvent| {
            if dom::is_typing(&event) {
                return;
            }
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect("copy");
            }
            on_over(true);
        }),
        Listener::new(&window, "dragleave", move |event: DragEvent| {
            // Leaving the window, not one element for another.
            if event.related_target().is_none() {
                on_leave(false);
            }
        }),
        Listener::new(&window, "drop", move |event: DragEvent| {
            on_drop(false);
            if dom::is_typing(&event) {
                return;
            }
            event.prevent_default();
            if let Some(dropped) = event.data_transfer().as_ref().and_then(Dropped::of) {
                actions.drop_in(dropped);
            }
        }),
    ])
}

fn paste(actions: &Actions) -> Box<[Listener]> {
    let actions = actions.clone();
    Box::new([Listener::new(&dom::window(), "paste", move |event: ClipboardEvent| {
        if dom::is_typing(&event) {
            return;
        }
        let Some(data) = event.clipboard_data() else { return };
        if let Some(incoming) = data.files().as_ref().and_then(Incoming::files) {
            event.prevent_default();
            return actions.open(incoming);
        }
        if let Ok(text) = data.get_data("text/plain")
            && !text.trim().is_empty()
        {
            event.prevent_default();
            actions.paste(&text);
        }
    })])
}

fn keys(actions: &Actions) -> Box<[Listener]> {
    let actions = actions.clone();
    Box::new([Listener::new(&dom::window(), "keydown", move |event: KeyboardEvent| {
        let has_dialog = dom::document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
        let is_left = event.key() == "Escape" && !event.default_prevented() && !has_dialog;
        if is_left && actions.now(|state| state.notice.is_some()) {
            return actions.dispatch(Action::Notice(None));
        }
        if let Some(does) = wanted(&event) {
            event.prevent_default();
            actions.run(does);
        }
    })])
}

/// What the page does when this key is pressed here.
fn wanted(event: &KeyboardEvent) -> Option<Does> {
    if event.alt_key() || dom::document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some()) {
        return None;
    }
    let key = menu::pressed(&event.key(), event.ctrl_key() || event.meta_key(), event.shift_key());
    let (item, works_anywhere) = menu::with_key(&key)?;
    let is_taken = event.default_prevented() || dom::is_typing(event);
    // A second Ctrl F is the browser's own search.
    let is_again = item.does == Does::Find && event.target().is_some_and(|target| dom::has_id(&target, "find"));
    let is_loaded = dom::document().get_element_by_id("inspector").is_some();
    let is_possible = is_loaded || item.needs == Needs::Nothing;
    (is_possible && !is_again && (works_anywhere || !is_taken)).then_some(item.does)
}

fn places(actions: &Actions) -> Box<[Listener]> {
    let actions = actions.clone();
    Box::new([Listener::new(&dom::window(), "popstate", move |_: web_sys::Event| match history::arrived() {
        Entry::Inside(address) if dom::document().get_element_by_id("inspector").is_some() => {
            actions.go_to_address(&address)
        }
        Entry::Inside(_) | Entry::NoFile => {}
        Entry::Outside => {
            history::go(true);
            let notice = "The file stays open. To leave this page with Back, close the file first.";
            actions.dispatch(Action::Notice(Some(Notice::done(notice))));
        }
    })])
}
