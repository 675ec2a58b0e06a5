//! The browser's history: places in the open file.
//!
//! Every entry that the page makes carries the number of its file. Going back to an entry that is not of the open file (the
//! address before it was opened, a place in a file before) would mean to lose it, since nobody but the reader can hand it in
//! again; so the page goes forward again and says how to leave.

use super::address::Address;
use super::dom::{time_origin, window};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// What marks the entries of the open file.
    static CURRENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where going back or forward has led.
pub(crate) enum Entry {
    /// No file is open.
    NoFile,
    /// A place in the open file.
    Inside(Address),
    /// An entry from before the open file.
    Outside,
}

/// What the address names.
pub(crate) fn address() -> Address {
    window().location().hash().map(|hash| Address::of(&hash)).unwrap_or_default()
}

/// A file is being opened: entries are its own from now on, so that Back stays on the page.
pub(crate) fn begin() {
    if CURRENT.with_borrow(Option::is_none) {
        set(&mark("start"), None);
        let first = mark("0");
        push(&first, None);
        CURRENT.set(Some(first));
    }
}

/// A file is there. A place in the address is one in the file before, unless this is the first file or that file again.
pub(crate) fn enter(generation: u32, is_again: bool) {
    begin();
    if is_again {
        return;
    }
    let mark = mark(&generation.to_string());
    let is_first = CURRENT.with_borrow(|current| current.as_deref().is_some_and(|mark| mark.ends_with("/0")));
    set(&mark, (!is_first && address() != Address::default()).then_some("#"));
    CURRENT.set(Some(mark));
}

/// Nothing is open any more, or yet. A place in the address may still be one that somebody has shared.
pub(crate) fn leave(forgets_place: bool) {
    if let Some(mark) = CURRENT.take() {
        set(&mark, (forgets_place && address() != Address::default()).then_some("#"));
    }
}

/// Makes an address the newest entry of the history, unless it is the current one. A dialog that opens or closes makes no entry.
pub(crate) fn push_address(next: &Address) {
    let before = address();
    if before == *next {
        return;
    }
    // The address without anything names the start of the page.
    let url = Some(next.text()).filter(|url| !url.is_empty()).unwrap_or_else(|| "#".to_owned());
    let Some(mark) = CURRENT.with_borrow(Clone::clone) else {
        // No file is open: only the dialog is new.
        return set(&state().unwrap_or_default(), Some(&url));
    };
    // The first place takes the entry that opening made.
    if before.link.is_none() || !next.is_elsewhere(&before) { set(&mark, Some(&url)) } else { push(&mark, Some(&url)) }
}

/// Where going back or forward has led. An address that was typed by hand becomes an entry of the open file.
pub(crate) fn arrived() -> Entry {
    let Some(mark) = CURRENT.with_borrow(Clone::clone) else { return Entry::NoFile };
    match state() {
        Some(state) if state == mark => Entry::Inside(address()),
        Some(_) => Entry::Outside,
        None => {
            set(&mark, None);
            Entry::Inside(address())
        }
    }
}

/// Goes back, or forward.
pub(crate) fn go(forward: bool) {
    if let Ok(history) = window().history() {
        let _ = if forward { history.forward() } else { history.back() };
    }
}

/// Entries survive a reload of the page, files do not.
fn mark(name: &str) -> String {
    format!("{}/{name}", time_origin())
}

fn state() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

// A browser that refuses (too many calls in a short time, no address of its own) keeps the entry it has.

fn set(mark: &str, url: Option<&str>) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(mark), "", url);
    }
}

fn push(mark: &str, url: Option<&str>) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::from_str(mark), "", url);
    }
}
