//! What a stream consists of besides its values: frames, raw parts, pickles inside it.

use super::memo::Memo;
use super::stack::Stack;
use crate::bytes::Span;
use crate::graph::{NodeId, RunKind};
use crate::opcode::{Info, Opcode};

/// Where the listing can be resumed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// Offset of an instruction.
    pub offset: u64,
    /// Its number, counted over the whole input.
    pub number: u64,
    /// Open MARKs before it.
    pub depth: u32,
    /// Entries of the memo before it: the index that a MEMOIZE would use.
    pub memo: u64,
}

/// A FRAME opcode: a hint for readers, never a border.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Offset of the opcode.
    pub offset: u64,
    /// Bytes that the frame claims after its header.
    pub length: u64,
}

/// Bytes that belong to a stream and are no instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RawPart {
    /// Which bytes; at least one.
    pub span: Span,
    /// Instructions of the input before it.
    pub before: u64,
    /// What they are.
    pub kind: RawKind,
    /// The value they belong to.
    pub node: NodeId,
}

/// What bytes are that are no instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RawKind {
    /// The header of a `.npy` file.
    Header,
    /// What moves the numbers of an array to a multiple of so many bytes: its own length, then bytes 0xff.
    Padding,
    /// The numbers of an array.
    Array,
}

/// A pickle inside a pickle, with a stack, memo, protocol and frames of its own.
#[derive(Debug)]
pub struct Nested {
    /// Its instructions.
    pub span: Span,
    /// Number of its first instruction, counted over the whole input.
    pub first: u64,
    /// Its instructions' number.
    pub opcodes: u64,
    /// What its first PROTO says.
    pub declared_protocol: Option<u8>,
    /// Highest protocol among its opcodes.
    pub opcode_protocol: u8,
    /// Whether its STOP was reached.
    pub complete: bool,
    /// The memo at the end.
    pub memo: Memo,
    /// Its frames.
    pub frames: Vec<Frame>,
    /// Open MARKs of the pickle around it.
    pub outer_depth: u32,
    /// Entries in the memo of the pickle around it.
    pub outer_memo: u64,
}

/// The state of the pickle around the one that is being read.
#[derive(Debug)]
pub(super) struct Outer {
    pub(super) stack: Stack,
    pub(super) memo: Memo,
    pub(super) protocol: u8,
    pub(super) declared: Option<u8>,
    pub(super) frames: Vec<Frame>,
    pub(super) buffers: u32,
    pub(super) seen: [bool; 256],
    /// Where the inner one begins: offset and number of its first instruction.
    pub(super) begin: (u64, u64),
}

impl Outer {
    /// Bytes that the memo takes.
    pub(super) fn memory(&self) -> usize {
        self.memo.memory()
    }
}

/// Highest protocol among the opcodes that were met.
pub(super) fn highest_protocol(seen: &[bool; 256]) -> u8 {
    met(seen).map(|info| info.proto).max().unwrap_or(0)
}

/// The opcodes that were met.
pub(super) fn met(seen: &[bool; 256]) -> impl Iterator<Item = &'static Info> {
    Opcode::ALL.iter().map(|opcode| opcode.info()).filter(|info| seen[info.byte as usize])
}

/// An instruction that changes nothing: BUILD with None on a plain value, SETITEMS of nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Idle {
    /// Its offset.
    pub offset: u64,
    /// What it would change.
    pub target: NodeId,
    /// How.
    pub kind: RunKind,
}
