//! What is wrong with a query.

use std::fmt;
use std::ops::Range;

/// Why a query cannot be searched for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueryError {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where, in bytes of the query.
    pub at: Range<usize>,
}

impl QueryError {
    /// Something is wrong with a text as a whole.
    pub(super) fn of_all(text: &str, message: String) -> Self {
        Self { message, at: 0..text.len() }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}
