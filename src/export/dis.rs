//! The listing that `python -m pickletools FILE` prints, byte for byte for every stream it accepts (CPython 3.11).
//!
//! `pickletools` stops at the first thing it does not like. This goes on wherever the next instruction is known, and
//! reports what it met as problems. A file may hold several pickles; then a line before each listing names its place.

use super::dis_inlays::Inlays;
use super::dis_page::Page;
use super::dis_stack::{MarkNote, Memo, Stack};
use super::writer::{Origin, PIECE, Writer};
use crate::bytes::{Limits, Source, read_span};
use crate::opcode::{Arg, Info, Instruction, Int, Opcode, StackItem, WriteArgError, decode, int_line, write_arg};
use std::fmt::{self, Write as _};
use std::io;

/// How to list. The first three are options of `pickletools` under other names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DisOptions {
    /// Column at which a short description of each opcode begins; 0 for none. `pickletools -a` is 30.
    pub annotate: usize,
    /// Blanks by which each open mark indents (`-l`).
    pub indent: usize,
    /// Whether the memo of one pickle is known to the next (`-m`).
    pub keep_memo: bool,
    /// A line to print before everything else (`-p`); `pickletools` prints one only for several files.
    pub preamble: Option<String>,
    /// Longest line, most pickles, most problems with their text.
    pub limits: Limits,
}

impl Default for DisOptions {
    fn default() -> Self {
        Self { annotate: 0, indent: 4, keep_memo: false, preamble: None, limits: Limits::default() }
    }
}

/// What a listing came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DisReport {
    /// Pickles listed, the last of them perhaps in part.
    pub pickles: usize,
    /// Instructions listed.
    pub instructions: u64,
    /// Offset after the last instruction listed.
    pub end: u64,
    /// What was odd, in the order of the listing.
    pub problems: Vec<DisProblem>,
    /// Problems beyond [`Limits::problems`], which are only counted.
    pub more_problems: u64,
}

/// Something odd in a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DisProblem {
    /// Where.
    pub offset: u64,
    /// The opcode there, if one could be read.
    pub opcode: Option<Opcode>,
    /// How bad it is.
    pub kind: DisProblemKind,
    /// What was expected or found, in lower case and without a final dot.
    pub message: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DisProblemKind {
    /// `pickletools` refuses it, CPython's loader does not mind.
    Refused,
    /// A loader fails here; the listing goes on.
    Unloadable,
    /// No instruction could be read; the listing ends here.
    Damage,
    /// Bytes after the last pickle.
    Trailing,
    /// The listing indents less than `pickletools` would.
    Narrowed,
}

impl fmt::Display for DisProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.opcode {
            Some(opcode) => write!(f, "at offset {}, {}: {}", self.offset, opcode.name(), self.message),
            None => write!(f, "at offset {}: {}", self.offset, self.message),
        }
    }
}

/// Lists the pickles of `source`.
///
/// # Errors
/// When `out` refuses. What is wrong with the input is in the report.
pub fn dis(source: &dyn Source, options: &DisOptions, out: &mut dyn io::Write) -> io::Result<DisReport> {
    dis_with(source, options, &mut Memo::default(), out)
}

/// As [`dis`], with a memo that earlier files may have filled (`pickletools -m` over several files).
///
/// # Errors
/// When `out` refuses.
pub fn dis_with(
    source: &dyn Source,
    options: &DisOptions,
    memo: &mut Memo,
    out: &mut dyn io::Write,
) -> io::Result<DisReport> {
    let mut listing = Dis { memo: std::mem::take(memo), ..Dis::new(options.clone()) };
    while !listing.list(source, out)? {}
    *memo = listing.memo;
    Ok(listing.report)
}

/// Writes the listing of a whole source.
pub struct Dis {
    options: DisOptions,
    report: DisReport,
    inlays: Inlays,
    memo: Memo,
    /// The pickle that is being listed, and the one inside it.
    pickles: Vec<State>,
    next: Next,
    indentation: Indentation,
    /// Bytes of the source.
    total: u64,
}

/// Blanks before the names of opcodes, which grow with the square of the open MARKs.
#[derive(Clone, Copy, Default)]
struct Indentation {
    /// Blanks written so far.
    written: u64,
    /// Whether it was said that there are fewer than there would be.
    is_narrowed: bool,
}

impl Indentation {
    /// Columns that are indented at most: 1000 MARKs of the usual width, more than a pickler nests.
    const WIDEST: usize = 4000;
    /// The same once more than [`Self::ENOUGH`] blanks were written.
    const NARROW: usize = 80;
    const ENOUGH: u64 = 64 << 20;

    /// Columns for what would be `wanted` of them.
    fn columns(&mut self, wanted: usize) -> usize {
        let columns = wanted.min(if self.written < Self::ENOUGH { Self::WIDEST } else { Self::NARROW });
        self.written += columns as u64;
        columns
    }
}

/// What comes when no pickle is being listed.
#[derive(Clone, Copy)]
enum Next {
    Begin,
    /// A pickle at `start`; another one follows at `following`.
    Pickle {
        start: u64,
        following: Option<u64>,
        several: bool,
    },
    /// What is behind a pickle whose STOP was reached.
    After {
        following: Option<u64>,
    },
    End,
}

impl Dis {
    /// The listing with these options.
    #[must_use]
    pub fn new(options: DisOptions) -> Self {
        Self {
            options,
            report: DisReport::default(),
            inlays: Inlays::default(),
            memo: Memo::default(),
            pickles: Vec::new(),
            next: Next::Begin,
            indentation: Indentation::default(),
            total: 0,
        }
    }

    /// Adds a piece; whether it was the last one.
    fn list(&mut self, source: &dyn Source, out: &mut dyn io::Write) -> io::Result<bool> {
        let page = Page {
            out,
            buffer: String::new(),
            counting: self.options.annotate > 0,
            column: 0,
            flushed: 0,
            error: None,
        };
        let mut lister = Lister {
            source,
            options: &self.options,
            page,
            report: std::mem::take(&mut self.report),
            inlays: std::mem::take(&mut self.inlays),
            memo: std::mem::take(&mut self.memo),
            pickles: std::mem::take(&mut self.pickles),
            next: self.next,
            indentation: self.indentation,
        };
        self.total = source.len();
        let finished = lister.piece();
        lister.page.flush();
        (self.next, self.indentation) = (lister.next, lister.indentation);
        (self.report, self.inlays, self.memo) = (lister.report, lister.inlays, lister.memo);
        self.pickles = lister.pickles;
        match lister.page.error {
            Some(error) => Err(error),
            None => Ok(finished),
        }
    }
}

impl Writer for Dis {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        self.list(origin.lens.source, out).map_err(|error| error.to_string())
    }

    fn progress(&self) -> (u64, u64) {
        (self.report.end.min(self.total), self.total)
    }

    fn remarks(&self) -> Vec<String> {
        const SHOWN: usize = 20;
        self.report.problems.iter().take(SHOWN).map(DisProblem::to_string).collect()
    }
}

struct Lister<'a> {
    source: &'a dyn Source,
    options: &'a DisOptions,
    page: Page<'a>,
    report: DisReport,
    inlays: Inlays,
    memo: Memo,
    pickles: Vec<State>,
    next: Next,
    indentation: Indentation,
}

/// What one pickle has come to so far.
struct State {
    memo: Memo,
    stack: Stack,
    highest: u8,
    /// Column of the last annotation, which the next one tries to keep.
    column: usize,
    /// Where it goes on.
    offset: u64,
    /// Whether nothing stands between its instructions.
    inside: bool,
}

/// What is printed after the argument.
#[derive(Clone, Copy)]
enum Note {
    None,
    Mark(u64),
    NoMark,
    As(usize),
}

impl Lister<'_> {
    /// Lists until there is enough for a piece; whether that was all.
    fn piece(&mut self) -> bool {
        /// Instructions in one piece, however little they print.
        const INSTRUCTIONS: usize = 50_000;
        for _ in 0..INSTRUCTIONS {
            if self.page.written() >= PIECE {
                return false;
            }
            match self.pickles.pop() {
                Some(state) => self.go_on(state),
                None if matches!(self.next, Next::End) => return true,
                None => self.between(),
            }
        }
        false
    }

    /// Goes from one pickle to the next.
    fn between(&mut self) {
        match self.next {
            Next::Begin => self.begin(),
            Next::Pickle { start, following, several } => {
                if several {
                    let heading = format!("pickle {} at offset {start}", self.report.pickles + 1);
                    self.page.line(&heading);
                }
                self.report.pickles += 1;
                if !self.options.keep_memo && self.report.pickles > 1 {
                    self.memo = Memo::default();
                }
                let memo = std::mem::take(&mut self.memo);
                self.next = Next::After { following };
                self.pickle(start, memo, false);
            }
            Next::After { following } => {
                let start = self.report.end;
                let following = following.filter(|_| self.report.pickles < self.options.limits.streams);
                self.next = match following {
                    None => {
                        self.trailing();
                        Next::End
                    }
                    Some(end) => Next::Pickle { start, following: self.following(end), several: true },
                };
            }
            Next::End => {}
        }
    }

    fn begin(&mut self) {
        if let Some(preamble) = &self.options.preamble {
            self.page.line(preamble);
        }
        self.inlays = Inlays::of(self.source, &self.options.limits);
        if self.inlays.npy().is_some() {
            return self.npy();
        }
        let following = match self.inlays.scan(self.source, 0, &self.options.limits, false) {
            Ok(end) => self.following(end),
            Err(_) => None,
        };
        self.next = Next::Pickle { start: 0, following, several: following.is_some() };
    }

    /// The end of the pickle that begins at `offset`, if one does.
    fn following(&mut self, offset: u64) -> Option<u64> {
        if offset >= self.source.len() {
            return None;
        }
        self.inlays.scan(self.source, offset, &self.options.limits, true).ok()
    }

    /// Names what follows the last pickle.
    fn trailing(&mut self) {
        let offset = self.report.end;
        let count = self.source.len().saturating_sub(offset);
        if count == 0 {
            return;
        }
        let bytes = if count == 1 { "1 trailing byte" } else { &format!("{count} trailing bytes") };
        let message = match self.inlays.scan(self.source, offset, &self.options.limits, true) {
            _ if self.inlays.npy().is_some() => format!("{bytes} after the array"),
            Ok(_) => format!("{bytes} beyond the {} pickles that are listed", self.report.pickles),
            Err(why) => format!("{bytes} after STOP, not another pickle: {why}"),
        };
        self.problem(offset, None, DisProblemKind::Trailing, message);
    }

    fn problem(&mut self, offset: u64, opcode: Option<Opcode>, kind: DisProblemKind, message: String) {
        if self.report.problems.len() < self.options.limits.problems {
            self.report.problems.push(DisProblem { offset, opcode, kind, message });
        } else {
            self.report.more_problems += 1;
        }
    }

    /// Lists a `.npy` file: its header, then the array, which may be a pickle.
    fn npy(&mut self) {
        self.next = Next::End;
        self.report.end = self.raw_lines(0, 0);
        let pickles = self.inlays.npy().map_or(0, |reading| reading.streams.iter().filter(|s| s.opcodes > 0).count());
        if pickles > 0 {
            self.report.pickles = 1;
            self.next = Next::After { following: None };
            let memo = std::mem::take(&mut self.memo);
            return self.pickle(self.report.end, memo, true);
        }
        match self.inlays.npy().and_then(|reading| reading.problems.fatal()).cloned() {
            Some(problem) => self.problem(problem.offset, None, DisProblemKind::Damage, problem.kind.to_string()),
            None => self.trailing(),
        }
    }

    /// A line for each stretch of raw bytes from `offset` on; gives the offset after them.
    fn raw_lines(&mut self, offset: u64, depth: usize) -> u64 {
        let mut offset = offset;
        while let Some((span, name)) = self.inlays.raw(offset) {
            let (indent, bytes) = (self.indent(depth, offset), span.len());
            let plural = if bytes == 1 { "byte" } else { "bytes" };
            self.page.line(&format!("{offset:>5}:      {}({name}, {bytes} {plural})", " ".repeat(indent)));
            offset = span.end;
        }
        offset
    }

    /// Begins the pickle at `start`. With `inside`, nothing stands between its instructions.
    fn pickle(&mut self, start: u64, memo: Memo, inside: bool) {
        let (stack, column) = (Stack::default(), self.options.annotate);
        self.pickles.push(State { memo, stack, highest: 0, column, offset: start, inside });
    }

    /// Ends the listing where no instruction can be read.
    fn stop(&mut self, state: State) {
        let outermost = self.pickles.drain(..).next().unwrap_or(state);
        self.memo = outermost.memo;
        self.next = Next::End;
    }

    /// Lists the next instruction of a pickle, or begins the one that stands before it.
    fn go_on(&mut self, mut state: State) {
        if !state.inside {
            state.offset = self.raw_lines(state.offset, state.stack.depth());
            if self.inlays.nested(state.offset).is_some() {
                let offset = state.offset;
                self.page.line(&format!("pickle of an array at offset {offset}"));
                self.pickles.push(state);
                return self.pickle(offset, Memo::default(), true);
            }
        }
        let instruction = match decode(self.source, state.offset, &self.options.limits) {
            Ok(instruction) => instruction,
            Err(error) => {
                let message = error.kind.to_string();
                self.problem(error.offset, error.opcode, DisProblemKind::Damage, message);
                return self.stop(state);
            }
        };
        let read = self.instruction(&instruction, &mut state);
        self.report.instructions += 1;
        self.report.end = instruction.end;
        state.offset = instruction.end;
        if !read || self.page.error.is_some() {
            return self.stop(state);
        }
        if instruction.opcode != Opcode::Stop {
            return self.pickles.push(state);
        }
        let _ = writeln!(self.page, "highest protocol among opcodes = {}", state.highest);
        self.left_over(&state.stack);
        match self.pickles.last_mut() {
            Some(outer) => outer.offset = instruction.end,
            None => self.memo = state.memo,
        }
    }

    fn left_over(&mut self, stack: &Stack) {
        const SHOWN: usize = 20;
        let left = stack.items();
        if left.is_empty() {
            return;
        }
        let mut names: Vec<_> = left.iter().take(SHOWN).map(|item| item.name()).collect();
        if left.len() > SHOWN {
            names.push("...");
        }
        let message = format!("stack not empty after STOP: {} left, [{}]", left.len(), names.join(", "));
        self.problem(self.report.end - 1, Some(Opcode::Stop), DisProblemKind::Refused, message);
    }

    /// Lists one instruction; false if its argument could not be read.
    fn instruction(&mut self, instruction: &Instruction, state: &mut State) -> bool {
        let info = instruction.opcode.info();
        let depth = state.stack.depth();
        state.highest = state.highest.max(info.proto);
        let (mark, count) = state.stack.take_mark(instruction.opcode, info);
        let mut note = match mark {
            MarkNote::None => Note::None,
            MarkNote::At(offset) => Note::Mark(offset),
            MarkNote::Missing => {
                let message = "no MARK exists on stack".into();
                self.problem(instruction.offset, Some(instruction.opcode), DisProblemKind::Unloadable, message);
                Note::NoMark
            }
        };
        let mut fetched = [StackItem::Any];
        let after = match instruction.opcode {
            Opcode::Memoize => {
                let key = state.memo.len();
                note = Note::As(key);
                self.store(instruction, key as i128, state);
                info.after
            }
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut => {
                if let Some(key) = self.memo_key(instruction) {
                    self.store(instruction, key, state);
                }
                info.after
            }
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => {
                self.fetch(instruction, state, &mut fetched);
                &fetched[..]
            }
            _ => info.after,
        };
        let read = self.write_line(instruction, info, depth, note, state);
        if let Err(had) = state.stack.apply(count, after, instruction.offset) {
            let message = format!("tries to pop {count} items from stack with only {had} items");
            self.problem(instruction.offset, Some(instruction.opcode), DisProblemKind::Unloadable, message);
        }
        read
    }

    /// Stores the top of the stack in the memo.
    fn store(&mut self, instruction: &Instruction, key: i128, state: &mut State) {
        let (kind, message) = match state.stack.top() {
            None => (DisProblemKind::Unloadable, "stack is empty -- can't store into memo".into()),
            Some(StackItem::Mark) => (DisProblemKind::Unloadable, "can't store markobject in the memo".into()),
            Some(top) => {
                let known = state.memo.get(key).is_some();
                state.memo.insert(key, top);
                if !known {
                    return;
                }
                (DisProblemKind::Refused, format!("memo key {key} already defined"))
            }
        };
        self.problem(instruction.offset, Some(instruction.opcode), kind, message);
    }

    /// Looks up what a GET pushes.
    fn fetch(&mut self, instruction: &Instruction, state: &State, fetched: &mut [StackItem; 1]) {
        let Some(key) = self.memo_key(instruction) else { return };
        match state.memo.get(key) {
            Some(item) => *fetched = [item],
            None => {
                let message = format!("memo key {key} has never been stored into");
                self.problem(instruction.offset, Some(instruction.opcode), DisProblemKind::Unloadable, message);
            }
        }
    }

    /// The memo index of a GET or PUT. A line that is none is reported with the argument.
    fn memo_key(&mut self, instruction: &Instruction) -> Option<i128> {
        match instruction.arg {
            Arg::Int(index) => Some(i128::from(index)),
            // No number of 64 bits is longer, save for blanks and zeros.
            Arg::Payload(span) if span.len() <= 4096 => {
                let line = read_span(self.source, span).ok()?;
                let read = int_line(&line).ok()?;
                match read.decimal.unwrap_or(read.value) {
                    Int::Bool(value) => Some(i128::from(value)),
                    Int::Small(value) => Some(i128::from(value)),
                    Int::Big(value) => i128::try_from(value).ok(),
                }
            }
            _ => None,
        }
    }

    /// Prints the line of an instruction; false if its argument could not be read.
    fn write_line(
        &mut self,
        instruction: &Instruction,
        info: &Info,
        depth: usize,
        note: Note,
        state: &mut State,
    ) -> bool {
        let written = self.write_head(instruction, info, depth);
        let argument = match written {
            Ok(()) if instruction.arg != Arg::None => {
                let padding = 11_usize.saturating_sub(info.name.len()).max(1);
                let padded = self.page.blanks(padding).map_err(WriteArgError::from);
                padded.and_then(|()| write_arg(instruction, self.source, &mut self.page))
            }
            _ => Ok(None),
        };
        let read = match argument {
            Ok(None) | Err(WriteArgError::Write) => true,
            Ok(Some(odd)) => {
                let kind = if odd.loadable { DisProblemKind::Refused } else { DisProblemKind::Unloadable };
                self.problem(instruction.offset, Some(instruction.opcode), kind, odd.message);
                true
            }
            Err(WriteArgError::Read(error)) => {
                let message = error.to_string();
                self.problem(instruction.offset, Some(instruction.opcode), DisProblemKind::Damage, message);
                false
            }
        };
        let _ = self.write_tail(instruction, info, note, &mut state.column);
        read
    }

    /// Offset, opcode byte, indentation, name.
    fn write_head(&mut self, instruction: &Instruction, info: &Info, depth: usize) -> fmt::Result {
        write!(self.page, "{:>5}: ", instruction.offset)?;
        self.page.column = 0;
        if info.byte < 0x80 {
            self.page.write_char(char::from(info.byte))?;
            self.page.write_str("    ")?;
        } else {
            write!(self.page, "\\x{:02x} ", info.byte)?;
        }
        let indent = self.indent(depth, instruction.offset);
        self.page.blanks(indent)?;
        self.page.write_str(info.name)
    }

    /// Blanks before what stands at `offset` below `depth` open MARKs. Says once that they are fewer than they would be.
    fn indent(&mut self, depth: usize, offset: u64) -> usize {
        let wanted = depth.saturating_mul(self.options.indent);
        let columns = self.indentation.columns(wanted);
        if columns < wanted && !self.indentation.is_narrowed {
            self.indentation.is_narrowed = true;
            let message =
                format!("{depth} MARKs are open; from here on lines are indented by {columns} columns at most");
            self.problem(offset, None, DisProblemKind::Narrowed, message);
        }
        columns
    }

    /// What follows the argument: the note, the annotation, the newline.
    fn write_tail(&mut self, instruction: &Instruction, info: &Info, note: Note, column: &mut usize) -> fmt::Result {
        if !matches!(note, Note::None) {
            let padding = if instruction.arg == Arg::None { 10_usize.saturating_sub(info.name.len()) } else { 0 };
            self.page.blanks(padding + 1)?;
        }
        match note {
            Note::None => {}
            Note::Mark(offset) => write!(self.page, "(MARK at {offset})")?,
            Note::NoMark => self.page.write_str("no MARK exists on stack")?,
            Note::As(index) => write!(self.page, "(as {index})")?,
        }
        if self.options.annotate > 0 {
            let padding = column.saturating_sub(self.page.column);
            self.page.blanks(padding)?;
            // As pickletools: a line that is too long does not drag the next ones along.
            *column = if self.page.column > 50 { self.options.annotate } else { self.page.column };
            self.page.write_char(' ')?;
            self.page.write_str(info.summary)?;
        }
        self.page.write_char('\n')
    }
}
