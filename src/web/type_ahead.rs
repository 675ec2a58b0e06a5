//! Letters typed one after another in a tree, to find a row by its label.

use super::dom::Debounce;
use std::cell::RefCell;
use std::rc::Rc;

/// Milliseconds after which a new word begins.
const PAUSE: i32 = 700;

/// The word so far.
#[derive(Default)]
pub(crate) struct TypeAhead {
    word: Rc<RefCell<String>>,
    forget: Debounce,
}

impl TypeAhead {
    /// Whether no word was begun.
    pub(crate) fn is_empty(&self) -> bool {
        self.word.borrow().is_empty()
    }

    /// Adds a letter that was typed on row `focus` of rows up to `last`; gives the row to search after, and the word.
    pub(crate) fn add(&self, letter: &str, focus: u64, last: u64) -> (u64, String) {
        // A longer word may still mean the row it has found so far; a first letter means the next one.
        let from = if self.is_empty() { focus } else { focus.checked_sub(1).unwrap_or(last) };
        self.word.borrow_mut().push_str(letter);
        let word = Rc::clone(&self.word);
        self.forget.run(PAUSE, move || word.borrow_mut().clear());
        (from, self.word.borrow().clone())
    }
}
