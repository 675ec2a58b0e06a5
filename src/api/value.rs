//! One value of an opened file, as plain data.

use crate::view::{Inspection, TextPart};
use serde::Serialize;

/// One value of a file, as plain data: what it is, and its text.
///
/// ```
/// use picklescope::Options;
///
/// let opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
/// let value = opened.value("obj").unwrap();
/// assert_eq!((value.type_name.as_str(), value.text.as_str()), ("list", "[1, 2]"));
/// assert_eq!(value.span, (2, 10));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[non_exhaustive]
pub struct Value {
    /// The path that was asked for, `obj['model'].steps[0]`.
    pub path: String,
    /// Full type: `sklearn.pipeline.Pipeline`.
    pub type_name: String,
    /// What it is, in one line.
    pub summary: String,
    /// Python's repr, or the text itself for `str`: the first 64 KiB.
    pub text: String,
    /// Whether `text` is all of it.
    pub is_whole: bool,
    /// What else is known, by name: `length`, `dtype`.
    pub facts: Vec<(String, String)>,
    /// Bytes from the first opcode of the value to the last: start and end.
    pub span: (u64, u64),
}

impl Value {
    pub(super) fn of(path: &str, inspection: Inspection) -> Self {
        let summary: Vec<String> = inspection.summary.into_iter().map(|part: TextPart| part.text).collect();
        Self {
            path: path.trim().to_owned(),
            type_name: inspection.type_name,
            summary: summary.join(" "),
            text: inspection.value.text,
            is_whole: inspection.value.next.is_none(),
            facts: inspection.facts.into_iter().map(|fact| (fact.name, fact.value)).collect(),
            span: inspection.span,
        }
    }
}
