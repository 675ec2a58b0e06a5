//! What each reader does where the machine noted something: one line for each kind of problem. `pickletools` has rules of its own
//! (`listing.rs`); here is only what it sees where it reads on.
//!
//! Sources: `Modules/_pickle.c` and `Lib/pickle.py` of CPython 3.11, `torch/_weights_only_unpickler.py` of torch 2.6. torch's loader
//! knows 34 opcodes; what it makes of the others, of names and of targets is `safety::forecast`.

use super::comparison::{Does, Reader};
use super::numbers;
use crate::bytes::{Limits, Source, read_span};
use crate::machine::{Frame, Problem, ProblemKind};
use crate::opcode::{
    Arg, ArgKind, DecodeErrorKind, Opcode, decode, float_line, index_line, int_line, long_line, repr_float,
};
use crate::safety::torch_knows;

/// What the loaders do at one problem, and what `pickletools` sees.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) c: Does,
    pub(super) python: Does,
    pub(super) pickletools: Does,
    pub(super) torch: Does,
}

impl Row {
    /// What a reader does.
    pub(super) fn of(&self, reader: Reader) -> Does {
        match reader {
            Reader::C => &self.c,
            Reader::Python => &self.python,
            Reader::Pickletools => &self.pickletools,
            Reader::Torch => &self.torch,
        }
        .clone()
    }

    /// Both of CPython's loaders stop, and torch's.
    fn all(c: Does, others: &str) -> Self {
        let stops = || Does::Stops(others.to_owned());
        Self { c, python: stops(), pickletools: Does::ReadsOn, torch: stops() }
    }

    fn loaders(c: Does, python: Does) -> Self {
        Self { c, python: python.clone(), pickletools: Does::ReadsOn, torch: python }
    }
}

/// Where the problem is.
pub(super) struct Place<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) limits: &'a Limits,
    /// Frames of the pickle.
    pub(super) frames: &'a [Frame],
}

impl Place<'_> {
    /// What each reader does at a problem; `None` if the problem concerns Picklescope alone.
    pub(super) fn row(&self, problem: &Problem) -> Option<Row> {
        let mut row = self.row_of_cpython(problem)?;
        if let Some(opcode) = problem.opcode.filter(|opcode| !torch_knows(*opcode)) {
            row.torch = Does::Stops(format!("UnpicklingError: Unsupported operand {}", opcode.info().byte));
        }
        Some(row)
    }

    fn row_of_cpython(&self, problem: &Problem) -> Option<Row> {
        let stops = |message: &str| Does::Stops(message.to_owned());
        let c = problem.raised().map_or(Does::ReadsOn, |raised| Does::Stops(raised.to_string()));
        Some(match &problem.kind {
            ProblemKind::Decode(kind) => return self.undecoded(problem, kind, c),
            // The C loader looks for the MARK first.
            ProblemKind::NoMark if problem.opcode == Some(Opcode::Inst) => Row::loaders(
                c,
                Does::Otherwise("looks up the class before it misses the MARK; then IndexError".to_owned()),
            ),
            // It reads the index before it misses the value.
            ProblemKind::StackUnderflow | ProblemKind::UnexpectedMark if problem.opcode == Some(Opcode::Put) => {
                Row::all(c, "")
            }
            ProblemKind::StackUnderflow | ProblemKind::UnexpectedMark | ProblemKind::NoMark => {
                Row::all(c, "IndexError")
            }
            // It takes the pairs in turn, and misses the last value.
            ProblemKind::OddPairs(_) => Row { python: stops("IndexError: list index out of range"), ..Row::all(c, "") },
            ProblemKind::MemoMissing(index) => Row {
                python: stops(&format!("UnpicklingError: Memo value not found at index {index}")),
                ..Row::all(c, &format!("KeyError: {index}"))
            },
            ProblemKind::BadNumber { .. } | ProblemKind::ReadersDiffer { .. } => return self.number(problem, c),
            // A number with more digits than `int` takes.
            ProblemKind::Refused(_) if problem.opcode == Some(Opcode::Int) => return self.number(problem, c),
            ProblemKind::BadText { raised, .. } => Row::all(c, &raised.to_string()),
            ProblemKind::UnknownProtocol(_) => Row { torch: Does::ReadsOn, ..Row::loaders(c.clone(), c) },
            ProblemKind::ExtensionCode(_) => Row::loaders(c.clone(), c),
            ProblemKind::Refused(raised) => {
                // Of its own rules, the C loader has words of its own; what objects refuse they say themselves.
                let is_rule = raised.exception == "UnpicklingError" && !raised.message.starts_with("STACK_GLOBAL")
                    || raised.message == "argument list must be a tuple";
                // pickle.py adds the name of the class to what it says of OBJ and INST, and fails when there is none; of BUILD it may come to
                // the slots first.
                let is_own = is_rule || matches!(problem.opcode, Some(Opcode::Obj | Opcode::Inst | Opcode::Build));
                Row::loaders(c, stops(&if is_own { String::new() } else { raised.to_string() }))
            }
            ProblemKind::RefusedInC(_) => Row::loaders(c, Does::ReadsOn),
            ProblemKind::RefusedAsText(raised) => {
                Row::loaders(depends_on_encoding(raised), depends_on_encoding(raised))
            }
            ProblemKind::OnlyInPython(raised) => Row {
                torch: stops("only lists are extended"),
                ..Row::loaders(Does::ReadsOn, stops(&raised.to_string()))
            },
            ProblemKind::NotAscii { byte, position } => {
                let raised = format!(
                    "UnicodeDecodeError: 'ascii' codec can't decode byte {byte:#04x} in position {position}: ordinal not in range(128)"
                );
                Row {
                    pickletools: Does::Sees("text, by latin-1".to_owned()),
                    torch: Does::ReadsOn,
                    ..Row::loaders(depends_on_encoding(&raised), depends_on_encoding(&raised))
                }
            }
            ProblemKind::NeedsMemoBefore => {
                let words = "reads on with the Unpickler of the pickle before; with one of its own it stops where something is missing";
                Row::loaders(Does::Depends(words.to_owned()), Does::Depends(words.to_owned()))
            }
            _ => return self.frame_row(problem, c),
        })
    }

    /// What concerns frames.
    fn frame_row(&self, problem: &Problem, c: Does) -> Option<Row> {
        Some(match &problem.kind {
            ProblemKind::NestedFrame => Row::loaders(c, self.nested_frame(problem.offset)?),
            ProblemKind::StraddlesFrame { end } => {
                let words = "from bytes, and since CPython 3.13.15 and 3.14.7, as shown; from a file before: drops the rest of the \
                             frame and reads on behind it";
                let python = match self.length_refused(problem.offset, *end) {
                    Some(words) => Does::Stops(words),
                    None if self.is_split(problem.offset, *end) => Does::Stops(EXHAUSTED.to_owned()),
                    None => Does::ReadsOn,
                };
                Row::loaders(Does::Depends(words.to_owned()), python)
            }
            ProblemKind::FrameBeyondInput { length, .. } => {
                let is_too_long = i64::try_from(*length).is_err();
                let python = Does::Stops(format!("ValueError: frame size > sys.maxsize: {length}"));
                Row::loaders(c, if is_too_long { python } else { Does::ReadsOn })
            }
            ProblemKind::FrameBeyondStop(_) => {
                let words = "takes the next pickle of the file from behind the frame";
                Row::loaders(Does::Otherwise(words.to_owned()), Does::Otherwise(words.to_owned()))
            }
            _ => return None,
        })
    }

    /// Bytes that are no instruction. `None` where the source cannot be read, or a limit of ours ends the reading.
    fn undecoded(&self, problem: &Problem, kind: &DecodeErrorKind, c: Does) -> Option<Row> {
        let python = match kind {
            DecodeErrorKind::LineTooLong | DecodeErrorKind::Read(_) => return None,
            DecodeErrorKind::UnknownOpcode(byte) => {
                return Some(Row {
                    torch: Does::Stops(format!("UnpicklingError: Unsupported operand {byte}")),
                    ..Row::all(c, &format!("KeyError: {byte}"))
                });
            }
            DecodeErrorKind::EndOfInput => "EOFError",
            _ if self.is_framed(problem.offset) => EXHAUSTED,
            DecodeErrorKind::MissingNewline if names(problem.opcode) => {
                let words = "takes the last line without its last character, and does what it says; then EOFError";
                return Some(Row::loaders(c, Does::Otherwise(words.to_owned())));
            }
            // What is there of bytes or an int is taken for all of it; of a text and a line it may not even read.
            DecodeErrorKind::LengthBeyondInput { .. } if !is_text(problem.opcode) => "EOFError",
            _ => "",
        };
        Some(Row::all(c, python))
    }

    /// Whether a frame is open behind the opcode at an offset.
    fn is_framed(&self, offset: u64) -> bool {
        self.frame_around(offset).is_some_and(|end| end > offset + 1)
    }

    /// What `pickle.py` does with a frame inside another one; nothing where that one has ended for it.
    fn nested_frame(&self, offset: u64) -> Option<Does> {
        let end = self.frame_around(offset)?;
        let length = self.frames[self.frames.partition_point(|frame| frame.offset < offset)..].first()?.length;
        let message = match end {
            // What is read behind the end of a frame ends it.
            end if end == offset + 1 || end == offset + 9 => return None,
            end if end < offset + 9 => EXHAUSTED.to_owned(),
            _ if i64::try_from(length).is_err() => format!("ValueError: frame size > sys.maxsize: {length}"),
            _ => "UnpicklingError: beginning of a new frame before end of current frame".to_owned(),
        };
        Some(Does::Stops(message))
    }

    /// Where the last frame before an offset ends.
    fn frame_around(&self, offset: u64) -> Option<u64> {
        let begun = self.frames.partition_point(|frame| frame.offset < offset);
        let frame = self.frames[..begun].last()?;
        Some(frame.offset.saturating_add(9).saturating_add(frame.length))
    }

    /// A line with a number.
    fn number(&self, problem: &Problem, c: Does) -> Option<Row> {
        let opcode = problem.opcode?;
        let line = match decode(self.source, problem.offset, self.limits).ok()?.arg {
            Arg::Payload(span) => read_span(self.source, span).ok()?,
            _ => return None,
        };
        let seen = || match opcode {
            Opcode::Int => int_line(&line).ok().map(|read| numbers::spelled(&read.value)),
            Opcode::Long => long_line(&line).ok().map(|read| numbers::spelled(&read.value)),
            Opcode::Float => float_line(&line).ok().map(|read| repr_float(read.value)),
            _ => index_line(&line).ok().map(|read| read.index.to_string()),
        };
        let c = match (c, &problem.kind) {
            (Does::ReadsOn, ProblemKind::ReadersDiffer { .. }) => seen().map_or(Does::ReadsOn, Does::Sees),
            (c, _) => c,
        };
        let python = match (numbers::python(opcode, &line), opcode) {
            (Does::Sees(index), Opcode::Put) if index.starts_with('-') => {
                Does::Stops("ValueError: negative PUT argument".to_owned())
            }
            // What the C loader does not find is not there.
            (Does::Sees(index), Opcode::Get) if c.is_end() => {
                Does::Stops(format!("UnpicklingError: Memo value not found at index {index}"))
            }
            (python, _) => python,
        };
        let pickletools = match numbers::pickletools(opcode, &line) {
            Does::Stops(_) => Does::ReadsOn,
            sees => sees,
        };
        // No opcode with a line is known to torch's loader.
        Some(Row { c, torch: Does::ReadsOn, pickletools, python })
    }

    /// What `pickle.py` says of a length that no object has: it judges it as soon as it is read, if the frame holds that much.
    fn length_refused(&self, at: u64, end: u64) -> Option<String> {
        let error = decode(self.source, at, self.limits).err()?;
        let DecodeErrorKind::LengthBeyondInput { length, .. } = error.kind else { return None };
        let is_refused = i64::try_from(length).is_err() && end >= at + 9;
        let name = error.opcode?.info().name;
        is_refused.then(|| format!("UnpicklingError: {name} exceeds system's maximum size of {} bytes", i64::MAX))
    }

    /// Whether something that `pickle.py` reads at once lies on both sides of the end of a frame. It takes up what begins there.
    fn is_split(&self, at: u64, end: u64) -> bool {
        let Ok(instruction) = decode(self.source, at, self.limits) else { return end != at + 1 };
        let inside = match instruction.arg {
            Arg::Payload(payload) => payload.start,
            Arg::Pair(_, name) => name.start,
            _ => at + 1,
        };
        end != at + 1 && end != inside && end != instruction.end
    }
}

const EXHAUSTED: &str = "UnpicklingError: pickle exhausted before end of frame";

fn depends_on_encoding(raised: &impl std::fmt::Display) -> Does {
    Does::Depends(format!("stops unless it is told another encoding than ASCII: {raised}"))
}

/// Whether what the line says is looked up.
fn names(opcode: Option<Opcode>) -> bool {
    matches!(opcode, Some(Opcode::Global | Opcode::Inst | Opcode::PersId))
}

/// Whether the argument is text, or a bytearray, for which room is asked before anything is read.
fn is_text(opcode: Option<Opcode>) -> bool {
    let kind = opcode.map_or(ArgKind::None, |opcode| opcode.info().arg);
    !matches!(kind, ArgKind::Bytes1 | ArgKind::Bytes4 | ArgKind::Bytes8 | ArgKind::Long1 | ArgKind::Long4)
}
