//! What an error message means: a traceback, or a line of one, is searched for the messages of a table, and a file that is open is
//! asked whether it shows the cause.
//!
//! The table (`messages.txt`) is text for people: what a library says, with holes for what differs, the cause in plain words, the
//! versions that are concerned, what to do. A traceback is text that somebody pasted, so nothing is expected of it: matching takes
//! time in proportion to its length, whatever it holds.

mod chain;
mod evidence;
mod pattern;
mod said;
pub mod stubs;
mod table;

use crate::document::Document;
use serde::{Deserialize, Serialize};

pub use table::{Entry, entries};

/// Longest part of a text that is read, in bytes: its end, where a traceback says what happened.
pub const LONGEST: usize = 1 << 20;
/// Explanations that are given for one text.
const MOST: usize = 5;

/// What a traceback, or a part of one, is about.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// The exception that the text ends with, when one is recognised as such: `ModuleNotFoundError`.
    pub exception: Option<String>,
    /// Its words.
    pub message: String,
    /// What it means, the most specific first: of the last exception, then of those that led to it.
    pub causes: Vec<Cause>,
    /// What the text tells of where it happened: the version of Python, libraries on the way.
    pub places: Vec<String>,
    /// Whether only the end of the text was read.
    pub is_cut: bool,
}

/// One message that the table knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cause {
    /// Name of the entry in the table.
    pub entry: String,
    /// The words of the text that were recognised.
    pub quote: String,
    /// The case in a few words.
    pub title: String,
    /// Why it happens.
    pub cause: String,
    /// Which versions are concerned; empty when it is none's peculiarity.
    pub versions: String,
    /// What is known of the names in the message: which versions have them.
    pub known: Vec<String>,
    /// What to do, the most helpful first.
    pub steps: Vec<String>,
    /// Whether an open file shows it; empty without a file.
    pub evidence: Vec<Evidence>,
}

/// What a file says to a message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// Whether the file shows the cause.
    pub answer: Answer,
    /// What was seen, a sentence.
    pub text: String,
    /// Where in the bytes that were read, when there is a place.
    pub offset: Option<u64>,
}

/// Whether a file shows what a message says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// It does.
    Shows,
    /// It does not: the message is about another file, or another place.
    DoesNot,
    /// A fact that has to do with it.
    Related,
}

/// Explains a traceback or a part of one. With a document, says for each cause whether the file shows it.
#[must_use]
pub fn explain(text: &str, document: Option<&Document>) -> Explanation {
    let from = floor_char_boundary(text, text.len().saturating_sub(LONGEST));
    let said = said::Said::read(&text[from..]);
    let mut found = said.found();
    found.truncate(MOST);
    let (exception, message) = said.last_exception();
    let causes = found.into_iter().map(|found| found.cause(document)).collect();
    Explanation { exception, message, causes, places: chain::places(&text[from..]), is_cut: from > 0 }
}

fn floor_char_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
