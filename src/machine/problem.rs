//! What went wrong, where, and what was expected.

use super::raised::Raised;
use crate::bytes::ReadError;
use crate::graph::{Graph, Node, NodeId};
use crate::opcode::{DecodeError, DecodeErrorKind, Dialect, NumberError, Opcode};
use std::fmt;

/// Something that a loader would refuse, or that readers disagree on.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Offset of the opcode byte.
    pub offset: u64,
    /// The opcode, when there is one.
    pub opcode: Option<Opcode>,
    /// What happened.
    pub kind: ProblemKind,
    /// Whether the reading stopped here.
    pub fatal: bool,
}

/// The kinds of problems.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The bytes are no instruction.
    Decode(DecodeErrorKind),
    /// The opcode takes more items than the stack has above its last MARK.
    StackUnderflow,
    /// The same, with a MARK where the item should be.
    UnexpectedMark,
    /// The opcode needs a MARK and none is open.
    NoMark,
    /// The memo holds nothing under this index.
    MemoMissing(u64),
    /// A line that does not read as the number it should be.
    BadNumber {
        /// What is wrong with it.
        error: NumberError,
        /// The line, quoted.
        found: String,
        /// What CPython's C loader raises; it takes any number of digits to a base that is a power of two.
        raised: Option<Raised>,
    },
    /// Keys and values that do not pair up; how many items there are.
    OddPairs(u64),
    /// Items, or pairs, of a container whose opcode was not reached, shown as its own.
    OpenBatch(u64),
    /// A text argument that does not decode.
    BadText {
        /// Why, in words.
        reason: String,
        /// What CPython's C loader raises.
        raised: Raised,
    },
    /// An operand of STACK_GLOBAL that only loading gives, and that has to be a string.
    GlobalOperand,
    /// A protocol that no loader knows.
    UnknownProtocol(u8),
    /// A `str` of Python 2 with bytes beyond ASCII; the first of them, and where it is in the text. Only the first such text of
    /// a pickle is told.
    NotAscii {
        /// The byte.
        byte: u8,
        /// Bytes before it.
        position: u64,
    },
    /// Operands that CPython's C loader does not take.
    Refused(Raised),
    /// The same, where `pickle.py` takes them: it does not look at what changes nothing, and unpacks any iterable as arguments.
    RefusedInC(Raised),
    /// As [`ProblemKind::Refused`], for a `str` of Python 2, which is bytes to a loader that is told encoding='bytes'.
    RefusedAsText(Raised),
    /// The first keyword of NEWOBJ_EX that is no string; its type. Whether a class takes it depends on its `__new__`.
    OddKeyword(&'static str),
    /// A change of a dict that NEWOBJ_EX took its keywords from before: the call had what was in it then.
    KeywordsChanged,
    /// Keys or members that are equal to one before them; how many.
    EqualKeys(u64),
    /// Operands that `pickle.py` does not take, where the C loader does not look.
    OnlyInPython(Raised),
    /// An extension code that the registry cannot hold.
    ExtensionCode(i32),
    /// An extension code, which only the loading side can resolve.
    ExtensionUnresolved(i32),
    /// A frame inside a frame.
    NestedFrame,
    /// An instruction that begins in a frame and ends outside it.
    StraddlesFrame {
        /// Where the frame ends.
        end: u64,
    },
    /// A frame longer than what is left of the input.
    FrameBeyondInput {
        /// Bytes claimed.
        length: u64,
        /// Bytes left.
        remaining: u64,
    },
    /// Readers take a number in the text differently.
    ReadersDiffer {
        /// How.
        dialect: Dialect,
        /// What CPython's C loader raises, when it is among those that refuse it.
        raised: Option<Raised>,
    },
    /// A frame that goes on behind STOP; how many bytes.
    FrameBeyondStop(u64),
    /// A second PROTO in one pickle; what the first said.
    SecondProtocol(u8),
    /// A pickle that only reads with the memo of the one before it.
    NeedsMemoBefore,
    /// The header of a `.npy` file that is none; why.
    Header(String),
    /// Bytes of an array follow that cannot be told from what comes after them; why.
    ArrayUnknown(String),
    /// The padding before the numbers of an array is none; what was found.
    ArrayPadding(String),
    /// An array with more bytes than are left of the input.
    ArrayBeyondInput {
        /// The array.
        what: String,
        /// Its bytes; `None` for more than 128 bits can say.
        needed: Option<u128>,
        /// Bytes that are left.
        remaining: u64,
    },
    /// A budget was used up; which.
    Limit(&'static str),
    /// What the reading holds has come to its budget of memory.
    Memory {
        /// Bytes that it may hold.
        budget: u64,
        /// What takes the most of it.
        most: &'static str,
    },
    /// Only the first bytes of a text were read to see whether it decodes.
    TextUnchecked {
        /// Bytes that were read.
        checked: u64,
        /// Bytes that it has.
        length: u64,
    },
    /// Something that no ordinary file has much of has come to its share of the budget of memory.
    Share {
        /// Bytes that it may take.
        budget: u64,
        /// What it is.
        what: &'static str,
    },
}

impl ProblemKind {
    /// Whether the reading stopped for a budget of ours, whatever the bytes are.
    #[must_use]
    pub fn is_budget(&self) -> bool {
        matches!(self, Self::Limit(_) | Self::Memory { .. } | Self::Share { .. })
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        Self { offset: error.offset, opcode: error.opcode, kind: ProblemKind::Decode(error.kind), fatal: true }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self {
            offset: error.offset,
            opcode: None,
            kind: ProblemKind::Decode(DecodeErrorKind::Read(error)),
            fatal: true,
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(kind) => kind.fmt(f),
            Self::StackUnderflow | Self::UnexpectedMark => {
                f.write_str("expected a value on the stack, found none above the last MARK")
            }
            Self::NoMark => f.write_str("expected an open MARK, found none"),
            Self::MemoMissing(index) => {
                write!(f, "expected an object under memo index {index}, found nothing stored there")
            }
            Self::BadNumber { error, found, .. } => write!(f, "{error}, found {found}"),
            Self::OpenBatch(count) => write!(
                f,
                "the reading stopped inside a batch of the container below; its {count} items that are there are shown in it"
            ),
            Self::OddPairs(count) => write!(f, "expected keys and values in pairs, found {count} items"),
            Self::BadText { reason, .. } => write!(f, "the text does not decode: {reason}"),
            Self::GlobalOperand => {
                f.write_str("expected two strings for module and name, found a value that only loading gives")
            }
            Self::UnknownProtocol(number) => {
                write!(f, "unsupported pickle protocol {number}, loaders know 0 to 5 and refuse it")
            }
            Self::NotAscii { byte, position } => write!(
                f,
                "a str of Python 2 that is not ASCII, which loads with encoding='latin1' or 'bytes' only; else CPython stops \
                 here: UnicodeDecodeError: 'ascii' codec can't decode byte {byte:#04x} in position {position}: ordinal not in \
                 range(128)"
            ),
            Self::Refused(raised) => write!(f, "CPython's C loader stops here: {raised}"),
            Self::RefusedInC(raised) => write!(f, "CPython's C loader stops here, pickle.py does not check this: {raised}"),
            Self::RefusedAsText(raised) => {
                write!(f, "CPython's C loader stops here unless it is told encoding='bytes': {raised}")
            }
            Self::OddKeyword(found) => write!(
                f,
                "expected strings as keywords, found {found}: CPython stops here if the class has a __new__ written in Python: \
                 TypeError: keywords must be strings"
            ),
            Self::KeywordsChanged => f.write_str(
                "NEWOBJ_EX has taken its keywords from this dict; this change comes after the call, which is shown with it all the same",
            ),
            Self::EqualKeys(count) => {
                let (plural, verb) = if *count == 1 { ("", "is") } else { ("s", "are") };
                write!(
                    f,
                    "{count} key{plural} or member{plural} {verb} equal to an earlier one: Python keeps the first key and the last value"
                )
            }
            Self::OnlyInPython(raised) => {
                write!(f, "readers differ: nothing is added for CPython's C loader, pickle.py stops here: {raised}")
            }
            Self::ExtensionCode(code) => write!(f, "extension codes begin at 1, {code} is refused by loaders"),
            Self::ExtensionUnresolved(code) => {
                write!(
                    f,
                    "extension code {code} stands for whatever the loading program registered; the file does not say what"
                )
            }
            Self::NestedFrame => f.write_str("a frame begins inside another one, readers treat that differently"),
            Self::StraddlesFrame { end } => {
                write!(f, "the instruction crosses the end of its frame at {end}, readers treat that differently")
            }
            Self::FrameBeyondInput { length, remaining } => {
                write!(f, "the frame claims {length} bytes and {remaining} are left, CPython's C loader refuses that")
            }
            Self::ReadersDiffer { dialect, .. } => write!(f, "readers differ: {}", differing(*dialect)),
            Self::FrameBeyondStop(left) => {
                let plural = if *left == 1 { "" } else { "s" };
                write!(
                    f,
                    "the frame goes on for {left} byte{plural} behind STOP: who loads the next pickle from the file goes on behind \
                     the frame, readers treat that differently"
                )
            }
            Self::SecondProtocol(first) => {
                write!(
                    f,
                    "a second PROTO after protocol {first}, which changes what names and frames mean from here on"
                )
            }
            Self::NeedsMemoBefore => f.write_str(
                "this pickle refers to the memo of the one before it, so both must be loaded by one Unpickler",
            ),
            Self::Header(reason) => f.write_str(reason),
            Self::ArrayUnknown(reason) => {
                write!(f, "the bytes of a joblib array follow, and how many is not known: {reason}")
            }
            Self::ArrayPadding(found) => write!(f, "expected the padding of a joblib array, found {found}"),
            Self::ArrayBeyondInput { what, needed: Some(needed), remaining } => {
                write!(f, "{what} needs {needed} bytes, {remaining} follow")
            }
            Self::ArrayBeyondInput { what, needed: None, remaining } => {
                write!(f, "{what} needs more bytes than any file has, {remaining} follow")
            }
            Self::Limit(which) => write!(f, "stopped at the limit of {which}"),
            Self::TextUnchecked { checked, length } => write!(
                f,
                "whether the text decodes was checked in its first {checked} bytes; it has {length}, and a loader stops at \
                 any that do not"
            ),
            Self::Share { budget, what } => write!(
                f,
                "stopped at the limit of memory for {what}, {budget} bytes; on the command line, --limit-memory raises it"
            ),
            Self::Memory { budget, most } => write!(
                f,
                "stopped at the limit of memory: what was read takes {budget} bytes, most of them for {most}; on the command \
                 line, --limit-memory raises it"
            ),
        }
    }
}

fn differing(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Common => "not at all",
        Dialect::LeadingZeros => "leading zeros make an octal number for CPython's C loader, an error for pickle.py",
        Dialect::DecimalOnly => "leading zeros are decimal for loaders of base 10, CPython up to 3.13 refuses them",
        Dialect::Prefixed => "loaders of base 0 take the prefix, pickletools refuses it",
        Dialect::Loose => "CPython's C loader refuses underscores and blanks in a float",
        Dialect::CutAtNul => "CPython's C loader ends the number at the NUL, others refuse it",
        Dialect::BoolInC => "a bool for CPython's C loader up to 3.13, an int for others",
        Dialect::Overflow => "CPython's C loader refuses a float that is too large, others read infinity",
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}", self.offset)?;
        if let Some(opcode) = self.opcode {
            write!(f, " ({})", opcode.info().name)?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// The first problems, and the number of all.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// In the order of the file.
    pub list: Vec<Problem>,
    /// All of them, those not kept included.
    pub total: u64,
}

impl Problems {
    /// Whether a problem that does not end the reading would only be counted.
    pub(super) fn is_full(&self, limit: usize) -> bool {
        self.list.len() >= limit
    }

    pub(super) fn push(&mut self, problem: Problem, limit: usize) {
        self.total += 1;
        if self.list.len() < limit || problem.fatal {
            self.list.push(problem);
        }
    }

    /// Adds what was found out about values after the reading, each at the opcode that made the value.
    pub fn insert(&mut self, found: Vec<(NodeId, ProblemKind)>, graph: &Graph, limit: usize) {
        let room = limit.saturating_sub(self.list.len());
        for (node, kind) in found.into_iter().take(room) {
            self.total += 1;
            let offset = graph.offset(node);
            let opcode = match graph.node(node) {
                Node::Call { kind, .. } => Some(kind.opcode()),
                _ => None,
            };
            let at = self.list.partition_point(|problem| problem.offset <= offset && !problem.fatal);
            self.list.insert(at, Problem { offset, opcode, kind, fatal: false });
        }
    }

    /// The first problem at which CPython's C loader stops, for a reason that is in the stream; and what it raises.
    #[must_use]
    pub fn stop(&self) -> Option<(&Problem, Raised)> {
        self.list.iter().find_map(|problem| Some((problem, problem.raised()?)))
    }

    /// Where the input ends before something that announced its length, and the fewest bytes that are missing. The largest of
    /// what the lengths say counts, and one more for STOP, which an array of a `.npy` file does not have.
    pub(super) fn missing(&self, is_npy: bool) -> Option<(u64, u64)> {
        let missing = self.list.iter().filter_map(|problem| {
            let missing = match &problem.kind {
                ProblemKind::Decode(DecodeErrorKind::LengthBeyondInput { length, remaining }) => {
                    length.checked_sub(*remaining)?.saturating_add(1)
                }
                ProblemKind::Decode(DecodeErrorKind::Truncated { needed, remaining }) => {
                    needed.checked_sub(*remaining)?.saturating_add(1)
                }
                ProblemKind::FrameBeyondInput { length, remaining } => length.checked_sub(*remaining)?,
                ProblemKind::ArrayBeyondInput { needed: Some(needed), remaining, .. } => {
                    let missing = u64::try_from(needed.checked_sub(u128::from(*remaining))?).ok()?;
                    missing.saturating_add(u64::from(!is_npy))
                }
                ProblemKind::Decode(DecodeErrorKind::EndOfInput | DecodeErrorKind::MissingNewline) if problem.fatal => {
                    1
                }
                _ => return None,
            };
            Some((problem.offset, missing))
        });
        // A length that no file has says that the file is no pickle, not that it is cut.
        missing.filter(|(_, missing)| *missing < 1 << 48).max_by_key(|(_, missing)| *missing)
    }

    /// The problem that ended the reading, when one did.
    #[must_use]
    pub fn fatal(&self) -> Option<&Problem> {
        self.list.iter().rev().find(|problem| problem.fatal)
    }
}
