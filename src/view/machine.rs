//! The machine at an instruction: what is on its stack and in its memo before and after, and what the instruction does.

use super::TextKind;
use super::preview::{grouped, plural};
use serde::{Deserialize, Serialize};

/// A piece of a sentence: words, or a value by its short text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Phrase {
    /// How to draw it.
    pub kind: TextKind,
    /// The words.
    pub text: String,
    /// The value that they stand for.
    pub node: Option<u32>,
}

/// A value on the stack or in the memo, as it is at that instant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MachineValue {
    /// The value.
    pub node: u32,
    /// Its type, where the text does not tell.
    pub type_name: String,
    /// Short text.
    pub text: String,
    /// How to draw the text.
    pub kind: TextKind,
}

impl MachineValue {
    /// Type and text in a line.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.type_name.as_str(), self.text.as_str()) {
            ("", text) => text.to_owned(),
            (name, "") => name.to_owned(),
            (name, text) => format!("{name} ({text})"),
        }
    }
}

/// A place on the stack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StackSlot {
    /// Counted from the lowest, from 0.
    pub place: u64,
    /// The value; nothing for a MARK.
    pub value: Option<MachineValue>,
    /// Number of the instruction that put the MARK there.
    pub mark: Option<u64>,
    /// Whether the instruction takes it, changes it or puts it there.
    pub is_touched: bool,
}

/// An index of the memo in use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemoSlot {
    /// The index.
    pub index: u64,
    /// What is stored there.
    pub value: MachineValue,
    /// Whether the instruction stores or fetches it.
    pub is_touched: bool,
}

/// How the machine stands before or after an instruction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MachineState {
    /// Offset where the reader stands.
    pub position: u64,
    /// What the last PROTO said.
    pub protocol: u8,
    /// Offset and end of the frame around the reader's position.
    pub frame: Option<(u64, u64)>,
    /// Places on the stack, MARKs included.
    pub depth: u64,
    /// Open MARKs.
    pub marks: u64,
    /// Places on the stack of the pickle around a pickle inside it.
    pub below: u64,
    /// A window of the stack, the topmost place first.
    pub stack: Vec<StackSlot>,
    /// Indexes of the memo in use.
    pub memo_count: u64,
    /// A window of the memo.
    pub memo: Vec<MemoSlot>,
}

/// An instruction and the machine around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MachineStep {
    /// Number of the instruction, from 0; behind the last one, the number of all.
    pub number: u64,
    /// Instructions in all.
    pub total: u64,
    /// Row of the listing.
    pub row: u64,
    /// Number of the pickle, from 0.
    pub stream: u64,
    /// Whether it belongs to a pickle inside that pickle.
    pub is_nested: bool,
    /// Offset of the opcode.
    pub offset: u64,
    /// Name of the opcode; nothing behind the last one.
    pub opcode: String,
    /// Its argument, shortened.
    pub argument: String,
    /// What it does.
    pub sentence: Vec<Phrase>,
    /// Problems that it has, a sentence each.
    pub problems: Vec<String>,
    /// The value that it makes, changes, stores or fetches.
    pub node: Option<u32>,
    /// Index of the memo that it works with.
    pub memo_index: Option<u64>,
    /// Before it.
    pub before: MachineState,
    /// After it.
    pub after: MachineState,
}

impl MachineStep {
    /// The sentence as one text.
    #[must_use]
    pub fn sentence_text(&self) -> String {
        self.sentence.iter().map(|phrase| phrase.text.as_str()).collect()
    }

    /// Where it is: which instruction of how many, and its offset. Behind the last instruction there is no number.
    #[must_use]
    pub fn place(&self) -> String {
        match self.opcode.as_str() {
            "" => format!(
                "behind the last of {}, at offset {}",
                plural(self.total, "instruction", "instructions"),
                self.offset
            ),
            _ => format!(
                "instruction {} of 0 to {}, at offset {}",
                grouped(self.number),
                grouped(self.total.saturating_sub(1)),
                self.offset
            ),
        }
    }
}

/// An instruction as the page asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MachineAt {
    /// The one in a row of the listing; of bytes that are no instruction, the one before them.
    Row(u64),
    /// By its number.
    Number(u64),
}

/// What is known of the machine at an instruction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MachineReply {
    /// How it stands.
    Step(Box<MachineStep>),
    /// Instructions of so many were gone over; ask again for more.
    Preparing {
        /// Gone over.
        reached: u64,
        /// In all.
        total: u64,
    },
    /// Why it cannot be shown.
    Unknown(String),
}

/// What to run to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MachineGoal {
    /// A call.
    Call,
    /// A name that is looked up.
    Global,
    /// A problem.
    Problem,
    /// A store under an index of the memo.
    MemoWrite(u64),
    /// An instruction that uses a value.
    Use(u32),
    /// The instruction that makes a value.
    Made(u32),
}

/// How far a run came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MachineRun {
    /// To this row of the listing.
    Row(u64),
    /// There is nothing of the kind in that direction.
    Nowhere,
    /// Not yet; go on from this instruction.
    GoOn(u64),
    /// Why not further.
    Unknown(String),
}

/// Which part of stack and memo to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MachineWindow {
    /// Places below the top that are passed over.
    pub skip: u64,
    /// Places to show at most.
    pub places: u32,
    /// First index of the memo; nothing for those around the one that the instruction works with.
    pub memo_from: Option<u64>,
    /// Indexes to show at most.
    pub entries: u32,
}
