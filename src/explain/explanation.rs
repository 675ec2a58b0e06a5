//! What is said of a message.

use super::step::Step;
use serde::{Deserialize, Serialize};

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
    pub steps: Vec<Step>,
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
    /// The file does not tell.
    Unknown,
    /// A fact that has to do with it.
    Related,
}

impl Answer {
    /// The answer in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shows => "This file fits the message",
            Self::DoesNot => "This file does not fit the message",
            Self::Unknown => "It cannot be told from this file",
            Self::Related => "Also",
        }
    }
}

impl Explanation {
    /// The last message of the text, when it is not explained.
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let said = self.exception.as_ref().map(|_| plain(&self.said()))?;
        let is_of = |quote: &str| {
            let (quote, message) = (plain(quote), plain(&self.message));
            !quote.is_empty() && said.contains(&quote)
                || quote.contains(&said)
                || !message.is_empty() && quote.starts_with(&message)
        };
        (!self.causes.is_empty() && !self.causes.iter().any(|cause| is_of(&cause.quote))).then(|| self.said())
    }

    /// The exception and its words, as Python prints them.
    #[must_use]
    pub fn said(&self) -> String {
        match (&self.exception, self.message.is_empty()) {
            (Some(exception), true) => exception.clone(),
            (Some(exception), false) => format!("{exception}: {}", self.message),
            (None, _) => self.message.clone(),
        }
    }
}
