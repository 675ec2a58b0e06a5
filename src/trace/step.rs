//! What one instruction does to the stack and the memo.

use crate::graph::NodeId;
use crate::opcode::Instruction;

/// Values that an instruction takes off the stack, lowest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Taken {
    /// How many.
    pub count: u64,
    /// The first of them, at most [`Taken::LISTED`].
    pub first: Vec<NodeId>,
    /// Whether a MARK below them is taken with them.
    pub mark: bool,
}

impl Taken {
    /// Values that are listed.
    pub const LISTED: usize = 8;
}

/// What an instruction does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Says something about the stream: PROTO, FRAME.
    Announce,
    /// Puts a MARK on the stack.
    Mark,
    /// Takes values, if any, and puts what it makes of them on the stack.
    Make(Taken),
    /// Takes values and adds them to the one below.
    Add {
        /// What they are added to, or whose state they are.
        to: Option<NodeId>,
        /// What is added.
        values: Taken,
    },
    /// Takes values that go nowhere.
    Drop(Taken),
    /// Stores the value on top in the memo.
    Store {
        /// Under which index.
        index: u64,
        /// What.
        value: Option<NodeId>,
        /// What was under that index.
        replaced: Option<NodeId>,
    },
    /// Puts a value of the memo on the stack.
    Fetch {
        /// From which index.
        index: u64,
        /// What.
        value: Option<NodeId>,
    },
    /// Puts the value on top on the stack once more.
    Duplicate(Option<NodeId>),
    /// Makes the buffer on top read-only, in its place.
    Protect(Option<NodeId>),
    /// Ends the pickle with the value on top.
    Stop(Option<NodeId>),
}

/// One instruction and what it does.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// The instruction.
    pub instruction: Instruction,
    /// Its number, counted over the whole input.
    pub number: u64,
    /// Number of its pickle.
    pub stream: usize,
    /// The pickle inside that pickle, if it belongs to one: which of [`crate::machine::Reading::nested`].
    pub nested: Option<usize>,
    /// What it does.
    pub action: Action,
    /// The value that it makes. Of BUILD and of the STOP of a pickle inside a pickle it is the array that takes the place of
    /// its wrapper.
    pub made: Option<NodeId>,
    /// Where the reader stands afterwards: behind the instruction and the bytes of an array that follow it.
    pub end: u64,
}
