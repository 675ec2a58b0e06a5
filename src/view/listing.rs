//! One row of the disassembly.

use crate::safety::Level;
use serde::{Deserialize, Serialize};

/// What a row of the listing stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OpcodeRowKind {
    /// An instruction.
    Instruction,
    /// Bytes inside a pickle that are no instruction: the numbers of an array and what belongs to them.
    Raw,
    /// The place where decoding stopped; `note` says why.
    Damage,
    /// Bytes after the last pickle.
    Trailing,
}

/// One row of the disassembly: an instruction, or a named part that is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpcodeRow {
    /// Position in the whole listing, from 0.
    pub index: u64,
    /// What this row is.
    pub kind: OpcodeRowKind,
    /// Number of the pickle in the file, from 0.
    pub stream: u64,
    /// Offset of the opcode byte.
    pub offset: u64,
    /// Bytes of the whole instruction (or part).
    pub length: u64,
    /// pickletools' name, `SHORT_BINUNICODE`; of raw bytes what they are, `array data`; else empty.
    pub name: String,
    /// The opcode byte.
    pub byte: u8,
    /// The argument as pickletools prints it, shortened.
    pub argument: String,
    /// Open MARKs before the instruction: the indent.
    pub depth: u32,
    /// What the instruction refers to or does: `memo 12 → 'numpy'`, `call os.system('id')`, `MARK at 13`.
    pub note: String,
    /// Set where the instruction would import or run something worth a look.
    pub danger: Option<(Level, String)>,
}
