//! The search of the page.

use super::dom::Debounce;
use super::finding::Finding;
use std::cell::{Cell, RefCell};
use web_sys::HtmlElement;

/// The search of the page. The state has a copy of what it shows.
#[derive(Default)]
pub(super) struct Searcher {
    pub(super) finding: RefCell<Finding>,
    /// The selected value.
    pub(super) selected: Cell<Option<u32>>,
    pub(super) typing: Debounce,
    /// What had the keyboard before the bar was opened.
    pub(super) before: RefCell<Option<HtmlElement>>,
}
