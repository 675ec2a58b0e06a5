//! Commands and events.

use super::ask::Question;
use crate::view::{Overview, TreeRow};
use serde::{Deserialize, Serialize};

/// Raised when a message changes shape. A page and a worker of different versions (one of them from a stale cache) notice
/// it in the first message and say so.
pub const VERSION: u32 = 11;

/// Page to worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Number of the file, raised with each one opened.
    pub generation: u32,
    /// Number of the question, for its reply.
    pub id: u32,
    /// What to do.
    pub body: CommandBody,
}

/// What a command asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum CommandBody {
    /// Open the `File`s or `Uint8Array`s sent beside this, and show what they are about.
    Open {
        /// Their names.
        names: Vec<String>,
    },
    /// Show another part of what is open. The answer is [`Event::Opened`], as to `Open`.
    Show(Part),
    /// Answer from what is open.
    Ask(Question),
}

/// Something in what is open that can be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Part {
    /// A member, by its number.
    Member(u32),
    /// What people mean inside of a member: itself, or what the archives and streams in it are about.
    Inside(u32),
    /// The pickle in a value of the document on show: in bytes, or in text that stands for bytes.
    Value {
        /// The value's node.
        node: u32,
    },
    /// More of the compressed stream that grew past its budget.
    More,
}

/// Worker to page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Event {
    /// First message of a worker.
    Ready {
        /// [`VERSION`] of the worker.
        version: u32,
    },
    /// Unpacking or decoding goes on.
    Progress {
        /// Of which file.
        generation: u32,
        /// Bytes read.
        read: u64,
        /// Bytes in all.
        total: u64,
        /// While unpacking: bytes that came out.
        unpacked: Option<u64>,
    },
    /// The document is there; its first rows come along.
    Opened {
        /// Of which file.
        generation: u32,
        /// Its facts.
        overview: Box<Overview>,
        /// Visible rows of the tree of members, and the one on show.
        members: (u64, Option<u64>),
        /// All visible rows of the tree.
        total: u64,
        /// The first rows.
        rows: Vec<TreeRow>,
        /// The row of the tree to select first.
        landing: u64,
        /// When reading and decoding began and ended.
        timings: Timings,
    },
    /// Something could not be shown; what was on show still is.
    Refused {
        /// Of which file.
        generation: u32,
        /// Why, for people.
        message: String,
    },
    /// The answer to a question. It travels beside this, in the type that the question names.
    Reply {
        /// Of which file.
        generation: u32,
        /// Of which question.
        id: u32,
        /// Why there is none, for people.
        failed: Option<String>,
    },
    /// The file could not be opened at all, or the worker is about to end.
    Failed {
        /// Of which file.
        generation: u32,
        /// What kind of failure.
        cause: FailureCause,
        /// Why, for people.
        message: String,
    },
}

/// What kind of failure ended the reading of a file: what helps depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FailureCause {
    /// The browser cannot read the file: it was changed, moved or deleted, or is no file.
    Unreadable,
    /// The decoder stopped: a defect, or a budget that a browser sets.
    Decoder,
}

/// Milliseconds since the Unix epoch, with fractions: the only clock that the page and its worker share.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Timings {
    /// The worker got the file.
    pub start: f64,
    /// Milliseconds spent waiting for bytes of the files.
    pub read: f64,
    /// Bytes of the files read since they were opened.
    pub bytes: u64,
    /// Decoding began.
    pub decode_start: f64,
    /// The document was complete.
    pub decode_end: f64,
}
