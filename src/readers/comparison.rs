//! What readers make of a file, side by side.

use crate::opcode::Opcode;
use std::fmt;

/// Who reads pickles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// `_pickle.Unpickler`, behind `pickle.load`.
    C,
    /// `pickle._Unpickler`, its twin in Python.
    Python,
    /// `pickletools.dis`, the listing that most scanners build on.
    Pickletools,
    /// `torch.load(weights_only=True)`.
    Torch,
}

impl Reader {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 4] = [Self::C, Self::Python, Self::Pickletools, Self::Torch];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::C => "C loader",
            Self::Python => "pickle.py",
            Self::Pickletools => "pickletools",
            Self::Torch => "torch weights_only",
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one reader does at one instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Does {
    /// It takes the instruction as it is shown and reads on.
    ReadsOn,
    /// It sees this value and reads on.
    Sees(String),
    /// It stops, with this message, which may begin with the exception alone.
    Stops(String),
    /// What it does depends on its version, or on how it is called.
    Depends(String),
    /// It takes the bytes in another way than they are shown.
    Otherwise(String),
    /// It stopped before.
    Gone,
}

impl Does {
    /// Whether a reader that does this gets no further.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Stops(_))
    }

    /// Whether two readers do the same; in which words they refuse is no difference.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Stops(_), Self::Stops(_)) | (Self::Depends(_), Self::Depends(_)) => true,
            _ => self == other,
        }
    }
}

/// An instruction at which readers differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Offset of its opcode.
    pub offset: u64,
    /// Its opcode, when there is one.
    pub opcode: Option<Opcode>,
    /// What is the matter with it; nothing where one reader's own rule is all there is to say.
    pub what: String,
    /// What each reader does, in the order of [`Comparison::readers`].
    pub does: Vec<Does>,
}

/// How a pickle ends for one reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// It reads to STOP.
    Stop,
    /// It stops before, at an instruction, with a message.
    Refuses {
        /// Offset of the instruction.
        offset: u64,
        /// The exception, with its message where that is known.
        message: String,
    },
    /// It reads on behind a place up to which it was followed.
    Unfollowed {
        /// That place.
        offset: u64,
        /// Why no further.
        why: &'static str,
    },
}

/// A place at which all readers stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedStop {
    /// Number of the pickle, from 0.
    pub stream: usize,
    /// Offset of the instruction.
    pub offset: u64,
    /// What each reader says there, in the order of [`Comparison::readers`]; nothing where its words are not known.
    pub messages: Vec<String>,
}

/// A pickle in which readers differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PickleComparison {
    /// Its number, from 0.
    pub stream: usize,
    /// Where it begins.
    pub offset: u64,
    /// How it ends for each reader, in the order of [`Comparison::readers`].
    pub ends: Vec<End>,
    /// Where readers differ that did not stop before.
    pub differences: Vec<Difference>,
    /// Differences that are only counted.
    pub more: u64,
}

/// What readers make of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// Who was compared.
    pub readers: Vec<Reader>,
    /// Pickles of the file.
    pub total: usize,
    /// Those in which readers differ; the first of them.
    pub pickles: Vec<PickleComparison>,
    /// Others in which they differ.
    pub more: u64,
    /// Where bytes of an array begin that only joblib's loader steps over: nothing behind is compared.
    pub until: Option<u64>,
    /// Where all readers stop alike, in the first pickle in which they do.
    pub stop: Option<SharedStop>,
    /// Whether the file has extension codes: what they stand for is taken to be registered.
    pub has_extensions: bool,
    /// Whether the machine met more problems than it keeps, so that differences may be left out.
    pub is_partial: bool,
}
