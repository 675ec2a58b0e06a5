//! What the whole window listens to: dropping, pasting, keys, back and forward; and what came before anyone listened.

use super::actions::Actions;
use super::dom::{self, Listener};
use super::file::{self, Dropped, Incoming};
use super::history::{self, Entry};
use super::state::{Action, Dialog};
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
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
        let in_dialog = dom::document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
        if !in_dialog && is_search(&actions, &event) {
            return event.prevent_default();
        }
        if chord || in_dialog || event.default_prevented() || dom::is_typing(&event) {
            return;
        }
        let loaded = dom::document().get_element_by_id("inspector").is_some();
        match event.key().as_str() {
            "?" => actions.dialog(Some(Dialog::Keys)),
            "/" if loaded => actions.open_find(),
            "c" if loaded => actions.copy_path(),
            "F8" if loaded => actions.next_finding(!event.shift_key()),
            "[" | "]" if loaded => history::go(event.key() == "]"),
            _ => return,
        }
        event.prevent_default();
    })])
}

/// Keys of the search, which work where people type, too. In the box, Ctrl F is the browser's own.
fn is_search(actions: &Actions, event: &KeyboardEvent) -> bool {
    let is_loaded = dom::document().get_element_by_id("inspector").is_some();
    let is_in_box = event.target().is_some_and(|target| dom::has_id(&target, "find"));
    let is_control = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
    match event.key().as_str() {
        "f" if is_loaded && is_control && !is_in_box => actions.open_find(),
        "F3" if is_loaded && !event.ctrl_key() && !event.alt_key() && !event.meta_key() => {
            actions.walk(!event.shift_key())
        }
        _ => return false,
    }
    true
}

fn places(actions: &Actions) -> Box<[Listener]> {
    let actions = actions.clone();
    Box::new([Listener::new(&dom::window(), "popstate", move |_: web_sys::Event| match history::arrived() {
        Entry::Inside(Some(link)) if dom::document().get_element_by_id("inspector").is_some() => actions.go_to(link),
        Entry::Inside(_) | Entry::NoFile => {}
        Entry::Outside => {
            history::go(true);
            let notice = "The file stays open. To leave this page with Back, close the file first.";
            actions.dispatch(Action::Notice(Some(notice.into())));
        }
    })])
}
