//! What a search found, for a list of results.

use serde::{Deserialize, Serialize};

/// What a hit is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum FoundKind {
    /// The value at a path or the instruction at an offset: the query itself says where.
    Place,
    /// An entry of an archive, by its name.
    Entry,
    /// A global that the file imports.
    Import,
    /// An object, by its class or by the function that makes it.
    Object,
    /// A key of a dict.
    Key,
    /// The name of an attribute.
    Attribute,
    /// A `str`.
    Text,
    /// A `bytes` or `bytearray`.
    Bytes,
    /// A number of its own.
    Number,
    /// `True`, `False` or `None`.
    Constant,
    /// Elements of an array, or cells of a column of a table.
    Element,
    /// A number, or elements, that round to the one that was asked for.
    Near,
    /// An instruction, by its mnemonic.
    Opcode,
    /// Bytes of the file, whatever they are for.
    Raw,
}

impl FoundKind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 14] = [
        Self::Place,
        Self::Entry,
        Self::Import,
        Self::Object,
        Self::Key,
        Self::Attribute,
        Self::Text,
        Self::Bytes,
        Self::Number,
        Self::Constant,
        Self::Element,
        Self::Near,
        Self::Opcode,
        Self::Raw,
    ];

    /// The word for hits of this kind on the command line and above a group of them.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Place => "places",
            Self::Entry => "entries",
            Self::Import => "imports",
            Self::Object => "objects",
            Self::Key => "keys",
            Self::Attribute => "attributes",
            Self::Text => "strings",
            Self::Bytes => "bytes",
            Self::Number => "numbers",
            Self::Constant => "constants",
            Self::Element => "arrays",
            Self::Near => "near",
            Self::Opcode => "opcodes",
            Self::Raw => "file-bytes",
        }
    }

    /// The words above a group of them.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Bytes => "values of type bytes",
            Self::Raw => "bytes of the file",
            Self::Near => "near this number",
            _ => self.word(),
        }
    }

    /// The same for a single hit.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Entry => "entry",
            Self::Import => "import",
            Self::Object => "object",
            Self::Key => "key",
            Self::Attribute => "attribute",
            Self::Text => "string",
            Self::Bytes => "bytes",
            Self::Number => "number",
            Self::Constant => "constant",
            Self::Element => "array",
            Self::Near => "near",
            Self::Opcode => "opcode",
            Self::Raw => "file-bytes",
        }
    }
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FindAsk {
    /// What was typed.
    pub text: String,
    /// Whether small letters and capitals differ.
    pub case: bool,
    /// Whether only whole words count.
    pub word: bool,
    /// Whether it is a regular expression.
    pub regex: bool,
    /// Where to look.
    pub scope: FindScope,
}

/// Where to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum FindScope {
    /// In the document on show.
    #[default]
    Document,
    /// In what a value of it leads to, by its node.
    Below(u32),
    /// In everything that was opened.
    Everything,
}

/// How far a search has come.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FoundProgress {
    /// Hits so far, of kinds that have some, in the order in which they are listed.
    pub counts: Vec<FoundCount>,
    /// How much of the work is done, and how much there is.
    pub progress: (u64, u64),
    /// Whether there is nothing left to do.
    pub finished: bool,
    /// What else is to be said: why a path leads nowhere, what could not be read.
    pub remarks: Vec<String>,
    /// Why the query cannot be searched for.
    pub problem: Option<FoundProblem>,
}

/// What is wrong with a query.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundProblem {
    /// What, in lower case and without a full stop.
    pub message: String,
    /// Where, in characters from its beginning: start and end.
    pub at: (u64, u64),
}

/// One hit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundRow {
    /// What it is.
    pub kind: FoundKind,
    /// The member that it is in, or that it is; nothing for the document on show alone.
    pub member: Option<u32>,
    /// Names from below the file down to that member; empty for the only file itself.
    pub entry: String,
    /// Offset of the instruction that made it.
    pub offset: u64,
    /// Node of the graph; nothing for instructions that make no value, and for entries.
    pub node: Option<u32>,
    /// Where it is, as the tree prints it.
    pub path: String,
    /// The text before the match.
    pub before: String,
    /// The match.
    pub matched: String,
    /// The text behind it.
    pub after: String,
    /// Number of matches in this value: occurrences in a text, elements of an array.
    pub count: u64,
    /// Of an array, the number of elements that were compared.
    pub of: Option<u64>,
    /// Of an array or a table, the index of the first match, dimension by dimension: in a table row and column.
    pub at: Box<[u64]>,
    /// At how many other places the value stands.
    pub more: u64,
    /// The path of one of them; may be empty.
    pub more_at: String,
}

impl FoundRow {
    /// `+2 more places: obj['b']`; empty for a value that stands at one place.
    #[must_use]
    pub fn more_places(&self) -> String {
        let first = if self.more_at.is_empty() { String::new() } else { format!(": {}", self.more_at) };
        match self.more {
            0 => String::new(),
            1 => format!("+1 more place{first}"),
            more => format!("+{more} more places{first}{}", if first.is_empty() { "" } else { ", ..." }),
        }
    }
}

/// How many hits of a kind there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundCount {
    /// The kind.
    pub kind: FoundKind,
    /// Hits that were counted.
    pub count: u64,
    /// Hits that are kept and can be shown: the first ones.
    pub kept: u64,
}

/// A line of the list of results: the hits of each kind under a line of their own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FoundItem {
    /// How many hits of a kind follow.
    Group(FoundCount),
    /// A hit.
    Hit(FoundRow),
}
