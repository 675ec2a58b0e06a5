//! What leaves the core for a page or a terminal shows everything that it holds: a character that would not be seen, or that
//! would move others, is a mark that can be seen (`opcode::visible`).
//!
//! Texts come from everywhere: names, messages, reprs, names of files. So it is done once, where an answer is complete, and for
//! every field of every answer: a field that is not named here does not compile.

use super::card::{
    Arranged, Bar, Bars, Block, Body, Card, CardFact, Cell, CellKind, Cells, Column, Entry, Format, FoundColumns, Grid,
    Histogram, Line, Outline, OutlineRow, Picture, PictureSlot, Section, SmallTable, Statistics, TreeDrawing, TreeNode,
};
use super::plot::Plot;
use super::{
    Break, ByteLayer, ByteMark, ByteReading, CallFacts, Compression, Crumb, Duplicate, Environment, Exported, Fact,
    FieldRow, Fields, FileReport, FindingFacts, Floats, ForecastFacts, FoundCount, FoundItem, FoundKind, FoundProblem,
    FoundProgress, FoundRow, ImportFacts, Inspection, LabelKind, LoaderStop, MachineState, MachineStep, MachineValue,
    MemberRow, MemoSlot, MemorySize, NoteFacts, OpcodeRow, OpcodeRowKind, Outcome, Overview, OwnModule, Package,
    Pending, Phrase, ProblemFacts, ReaderDifference, ReaderEnd, ReadersFacts, ReadersOfPickle, ReadingStatus,
    ReportImport, RowMark, Savings, SizeEntry, SizeGroup, SizeOutline, SizeRest, SizeRow, SizeSummary, SizeTile,
    SmallView, SourceLine, StackSlot, StopFacts, StreamFacts, TextKind, TextPart, TreeRow, ValueChunk, VerdictFacts,
    WayRow,
};
use crate::bytes::{ByteSpan, SpanKind};
use crate::opcode::{visible, visible_lines};
use crate::safety::Level;
use std::borrow::Cow;

/// What can be made visible.
pub trait Shown {
    /// Puts marks in the place of what would not be seen.
    fn show(&mut self);
}

/// A value with marks in the place of what would not be seen.
#[must_use]
pub fn shown<T: Shown>(mut value: T) -> T {
    value.show();
    value
}

impl Shown for String {
    fn show(&mut self) {
        if let Cow::Owned(text) = visible(self) {
            *self = text;
        }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn show(&mut self) {
        self.iter_mut().for_each(Shown::show);
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn show(&mut self) {
        self.iter_mut().for_each(Shown::show);
    }
}

impl<T: Shown> Shown for [T] {
    fn show(&mut self) {
        self.iter_mut().for_each(Shown::show);
    }
}

impl<T: Shown + ?Sized> Shown for Box<T> {
    fn show(&mut self) {
        (**self).show();
    }
}

impl<A: Shown, B: Shown> Shown for (A, B) {
    fn show(&mut self) {
        self.0.show();
        self.1.show();
    }
}

/// What has no text.
macro_rules! without_text {
    ($($name:ty),* $(,)?) => {$(
        impl Shown for $name {
            fn show(&mut self) {}
        }
    )*};
}

without_text!(
    bool,
    u8,
    u32,
    u64,
    f32,
    f64,
    CellKind,
    Format,
    FoundKind,
    LabelKind,
    Level,
    OpcodeRowKind,
    Outcome,
    ReadingStatus,
    SpanKind,
    TextKind,
);

/// Structures, with all their fields.
macro_rules! with_fields {
    ($($name:ident { $($field:ident),* $(,)? })*) => {$(
        impl Shown for $name {
            fn show(&mut self) {
                let Self { $($field),* } = self;
                $($field.show();)*
            }
        }
    )*};
}

#[rustfmt::skip]
with_fields! {
    ByteMark { start, end, level, words }
    ByteLayer { name, what, size, is_document }
    ByteReading { name, little, big }
    ByteSpan { start, end, kind, label }
    Card { kind, facts, remarks, sections, save_as, is_summary }
    CardFact { name, value, guess }
    Section { title, note, body }
    Entry { name, value, note, node }
    Fields { total, sortable }
    FoundRow { kind, member, entry, offset, node, path, before, matched, after, count, of, at, more, more_at }
    FoundCount { kind, count, kept }
    FoundProgress { counts, progress, finished, remarks, problem }
    FoundProblem { message, at }
    FieldRow { label_kind, name, type_name, preview, size, share, node, offsets, danger }
    Arranged { progress, rows, problem }
    FoundColumns { columns, next }
    Grid { id, rows, columns, slices, row_heads, can_arrange }
    Cells { heads, row_heads, rows, problem }
    Cell { text, full, kind, node }
    SmallTable { heads, rows }
    Statistics { progress, facts, histogram, frequent, problem }
    Histogram { low, high, edges, values, counts }
    Column { name, dtype, part, has_row }
    Plot { progress, columns, low, high, positive, gaps, problem }
    PictureSlot { part, width, height, description, slices, is_heat_map }
    Bars { bars, total }
    Bar { name, share, value }
    Block { level, name, title, detail, parallel, node }
    Outline { heads, rows, more }
    OutlineRow { level, name, cells, is_group, node }
    Line { parts, node }
    TreeDrawing { title, nodes, legend, width, problem }
    TreeNode { id, parent, when, level, x, title, lines, is_leaf, hidden, tone, class }
    Environment { packages, pins, breaks, modules }
    OwnModule { module, names, count, offset }
    Package { name, version, is_stated, evidence, offset }
    Break { with, what, offset }
    Fact { name, value }
    Inspection {
        node, column, row, opcode, title, type_name, path, way, summary, marks, facts, embedded, numbers_in, value, opcodes,
        opcode_count, span, own, asked
    }
    WayRow { text, row }
    OpcodeRow { index, kind, stream, offset, length, name, byte, argument, depth, note, danger }
    MachineState { position, protocol, frame, depth, marks, below, stack, memo_count, memo }
    MachineStep {
        number, total, row, stream, is_nested, offset, opcode, argument, sentence, problems, node, memo_index,
        before, after
    }
    MachineValue { node, type_name, text, kind }
    MemoSlot { index, value, is_touched }
    Phrase { kind, text, node }
    StackSlot { place, value, mark, is_touched }
    ReadersFacts { readers, differ, sentence, notes, pickles }
    ReadersOfPickle { pickle, offset, ends, differences, more }
    ReaderEnd { reader, completes, offset, words }
    ReaderDifference { offset, opcode, what, does }
    MemberRow {
        row, member, level, position, siblings, parent, expanded, name, word, holds, verdict, is_partial, size, packed, notes,
        shown, can_show
    }
    Overview {
        name, size, file_size, chain, member, members, choose, is_wrapping, notes, pending, protocol, pickles,
        streams, opcodes, objects, frames, imports, import_list, trailing, complete, reading, verdict, problems,
        problem_count, stops_at, listing_rows, has_python2_str
    }
    LoaderStop { offset, opcode, message }
    Crumb { word, member, name }
    NoteFacts { member, name, offset, message }
    Pending { name, unpacked, read, total }
    StreamFacts { offset, length, declared_protocol, opcode_protocol, opcodes, complete }
    ImportFacts { module, name, raw, offset, uses, level, reason }
    VerdictFacts { level, word, sentence, offset }
    ProblemFacts { offset, opcode, message, fatal }
    FindingFacts {
        rule, level, title, explanation, module, name, opcode, offset, length, stream, container, member, call,
        how_named, advice
    }
    ReportImport { module, name, level, reason, offset, container, member }
    CallFacts { call, level, opcode, offset, stream, container, member, discarded }
    ForecastFacts { container, member, accepts, sentence, stops, needs }
    StopFacts { offset, opcode, name, reason }
    SizeSummary { file, beside, values, rests, memory }
    SizeRest { what, bytes }
    MemorySize { objects, numbers, peak, notes }
    SizeRow { node, is_value, path, what, retained, own, holds }
    SizeOutline { rows, more, rest }
    SizeTile { row, above }
    SizeGroup { name, count, own, retained, largest, held_by }
    SizeEntry { name, level, word, packed, unpacked }
    Savings { duplicates, views, floats, compression, notes }
    Duplicate { bytes, count, places, nodes }
    SmallView { places, node, storage, used }
    Floats { arrays, bytes, sampled, exact, beyond }
    Compression { total, sampled, compressed }
    SourceLine { index, indent, parts, node, offset, danger }
    TextPart { kind, text }
    TreeRow {
        row, level, position, siblings, parent, expanded, label_kind, label, type_name, preview, bars, marks, size, offset,
        key
    }
}

impl Shown for RowMark {
    fn show(&mut self) {
        match self {
            Self::Shared { first } => first.show(),
            Self::Cycle { ancestor } => ancestor.show(),
            Self::Danger { level: _, text } | Self::Problem { text } => text.show(),
        }
    }
}

impl Shown for Body {
    fn show(&mut self) {
        match self {
            Self::Entries(entries) => entries.show(),
            Self::Fields(fields) => fields.show(),
            Self::Grid(grid) => grid.show(),
            Self::Table(table) => table.show(),
            Self::Statistics { part: _ } | Self::Plot { part: _, count: _ } | Self::Trees { count: _ } => {}
            Self::Columns(columns) => columns.show(),
            Self::Picture(slot) => slot.show(),
            Self::Bars(bars) => bars.show(),
            Self::Diagram(blocks) => blocks.show(),
            Self::Outline(outline) => outline.show(),
            Self::Lines(lines) => lines.show(),
        }
    }
}

impl Shown for FoundItem {
    fn show(&mut self) {
        match self {
            Self::Group(count) => count.show(),
            Self::Hit(row) => row.show(),
        }
    }
}

/// The text of a value has lines.
impl Shown for ValueChunk {
    fn show(&mut self) {
        let Self { text, next: _, total: _ } = self;
        if let Cow::Owned(marked) = visible_lines(text) {
            *text = marked;
        }
    }
}

/// The pixels are in base64.
impl Shown for Picture {
    fn show(&mut self) {
        let Self { width: _, height: _, pixels: _, scale, note } = self;
        scale.show();
        note.show();
    }
}

/// The bytes are those of the file that is saved.
impl Shown for Exported {
    fn show(&mut self) {
        let Self { name, bytes: _, progress: _, finished: _, remarks } = self;
        name.show();
        remarks.show();
    }
}

/// The path is the one that was given: who gave it finds the file by it, and shows it as any other name.
impl Shown for FileReport {
    fn show(&mut self) {
        let Self {
            path: _,
            reading: _,
            why,
            level: _,
            findings,
            finding_count: _,
            imports,
            calls,
            call_count: _,
            pickles,
            forecasts,
            stops,
            notes,
        } = self;
        notes.show();
        why.show();
        findings.show();
        imports.show();
        calls.show();
        pickles.show();
        forecasts.show();
        stops.show();
    }
}
