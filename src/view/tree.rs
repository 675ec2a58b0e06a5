//! One row of the object tree.

use super::TextPart;
use super::preview::plural;
use crate::safety::Level;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What the label of a row is, which decides how it is drawn and how a path through it is spelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum LabelKind {
    /// A part of the file: `pickle`, `left on the stack`, `trailing bytes`.
    Part,
    /// A dict key, as Python's repr.
    Key,
    /// A position in a sequence.
    Index,
    /// An attribute of an instance.
    Attribute,
    /// A role in a call: `callee`, `arg 0`, `state`.
    Role,
    /// A range of a large container: `1000 … 1999`.
    Range,
}

/// Something a row has to say beside its value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RowMark {
    /// The object was seen before; the text is where.
    Shared {
        /// Accessor path of the first place.
        first: String,
    },
    /// The object contains itself; the text is which ancestor.
    Cycle {
        /// Accessor path of the ancestor; deep down how many levels up it is.
        ancestor: String,
    },
    /// Loading would import or run something worth a look.
    Danger {
        /// How bad.
        level: Level,
        /// What would happen, in a few words.
        text: String,
    },
    /// Something is wrong here: damage, an unhashable key, text that does not decode.
    Problem {
        /// What.
        text: String,
    },
}

impl RowMark {
    /// What it says. The level of a danger, and that a problem is one, is said beside it.
    #[must_use]
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Shared { first } => format!("same object as {first}").into(),
            Self::Cycle { ancestor } => format!("↺ contains itself: {ancestor}").into(),
            Self::Danger { text, .. } | Self::Problem { text } => text.into(),
        }
    }
}

/// One visible row of the object tree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TreeRow {
    /// Position among all visible rows, from 0.
    pub row: u64,
    /// Depth, from 1 (`aria-level`).
    pub level: u32,
    /// Position among its siblings, from 1 (`aria-posinset`).
    pub position: u64,
    /// Number of siblings (`aria-setsize`).
    pub siblings: u64,
    /// Row of the parent, when there is one.
    pub parent: Option<u64>,
    /// `None` for a leaf, else whether the row is open.
    pub expanded: Option<bool>,
    /// What the label is.
    pub label_kind: LabelKind,
    /// The label: `'model'`, `0`, `mean_`, `pickle`.
    pub label: String,
    /// The type in the domain's words: `dict`, `Pipeline`, `datetime`. Empty for ranges and parts without a value.
    pub type_name: String,
    /// One-line preview.
    pub preview: Vec<TextPart>,
    /// How the numbers of an array spread, where they are few and at hand: see [`super::sparkline`].
    pub bars: Vec<u8>,
    /// Marks, worst first.
    pub marks: Vec<RowMark>,
    /// Bytes from the first opcode that built the value to the last, `None` where there is no value or it stands elsewhere.
    pub size: Option<u64>,
    /// Offset of the opcode that made the value.
    pub offset: Option<u64>,
    /// Offset of the opcode that made the key, or the name of the attribute, that it is labelled by.
    pub key: Option<u64>,
}

impl TreeRow {
    /// Whether the name of the type belongs beside the preview: a literal says its type itself.
    #[must_use]
    pub fn names_type(&self) -> bool {
        let literal =
            matches!(self.type_name.as_str(), "str" | "int" | "float" | "bool" | "bytes" | "None" | "NoneType");
        !(self.type_name.is_empty() || literal && self.preview.len() == 1)
    }
}

/// What opening all rows came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unfolded {
    /// Rows that were opened.
    pub opened: u64,
    /// Rows that were looked at.
    pub looked: u64,
    /// Whether these were all.
    pub is_all: bool,
}

impl Unfolded {
    /// The same in a sentence or two: what was opened, and whether something stayed closed.
    #[must_use]
    pub fn words(self) -> String {
        let opened = match (self.opened, self.is_all) {
            (0, true) => return "Every row that has something below it is open.".to_owned(),
            (opened, _) => format!("Opened {}.", plural(opened, "row", "rows")),
        };
        match self.is_all {
            true => opened,
            false => format!(
                "{opened} Only the first {} were looked at; those below them stay as they were.",
                plural(self.looked, "row", "rows")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stayed_closed_is_said() {
        let words = |opened, looked, is_all| Unfolded { opened, looked, is_all }.words();
        assert_eq!(words(3, 12, true), "Opened 3 rows.");
        assert_eq!(words(0, 12, true), "Every row that has something below it is open.");
        let partly = words(2000, 12_345, false);
        assert!(partly.starts_with("Opened 2,000 rows. Only the first 12,345 rows were looked at"), "{partly}");
    }
}
