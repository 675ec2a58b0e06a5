//! What an error message means: a traceback, or a line of one, is searched for the messages of a table, and a file that is open is
//! asked whether it shows the cause.
//!
//! The table (`messages.txt`) is text for people: what a library says, with holes for what differs, the cause in plain words, the
//! versions that are concerned, what to do. A traceback is text that somebody pasted, so nothing is expected of it: matching takes
//! time in proportion to its length, whatever it holds.

mod chain;
mod claims;
mod clean;
mod evidence;
mod explanation;
mod pattern;
mod said;
mod step;
pub mod stubs;
mod table;
mod word;
mod words;

use crate::document::Document;

pub use explanation::{Answer, Cause, Evidence, Explanation};
pub use step::{Action, Step};
pub use table::{Entry, entries};

/// Longest part of a text that is read, in bytes: its end, where a traceback says what happened.
pub const LONGEST: usize = 1 << 20;
/// Explanations that are given for one text.
const MOST: usize = 5;

/// Explains a traceback or a part of one. With a document, says for each cause whether the file shows it.
#[must_use]
pub fn explain(text: &str, document: Option<&Document>) -> Explanation {
    let from = floor_char_boundary(text, text.len().saturating_sub(LONGEST));
    let said = said::Said::read(&text[from..]);
    let mut found = said.found();
    // "Weights only load failed" says nothing beside the reason that it gives.
    if let Some(at) = found.iter().position(|one| found.iter().any(|other| one.wraps(other))) {
        found.remove(at);
    }
    found.truncate(MOST);
    let (exception, message) = said.last_exception();
    let causes = found.into_iter().map(|found| found.cause(document)).collect();
    Explanation { exception, message, causes, places: chain::places(&text[from..]), is_cut: from > 0 }
}

/// Whether a text is an error message rather than something else that somebody pasted: a line of it begins with the name of an
/// exception.
#[must_use]
pub fn is_error_message(text: &str) -> bool {
    let from = floor_char_boundary(text, text.len().saturating_sub(LONGEST));
    text[from..].lines().any(|line| {
        line.starts_with("Traceback (most recent call last)")
            || words::exception_of(line).is_some_and(|name| line.len() > name.len())
    })
}

fn floor_char_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
