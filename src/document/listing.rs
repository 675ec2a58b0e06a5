//! The disassembly by windows: instructions are decoded again from the closest checkpoint, never stored.

use super::Document;
use crate::graph::{Edge, Node, NodeId};
use crate::machine::{MemoView, Nested, RawKind, RawPart};
use crate::opcode::{self, Arg, Effect, Instruction, Opcode, StackItem};
use crate::view::{OpcodeRow, OpcodeRowKind, preview, shown};

/// Characters of an argument in a row.
const ARGUMENT: usize = 100;

/// Where a walk over the instructions is.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    offset: u64,
    number: u64,
    stream: usize,
    depth: u32,
    memo: u64,
}

/// An instruction with what the walk knows of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub(super) instruction: Instruction,
    pub(super) number: u64,
    stream: usize,
    depth: u32,
    /// Entries of the memo before it.
    memo: u64,
}

impl Document {
    /// Rows of the listing: every instruction and what stands between them, then what is no part of a pickle.
    #[must_use]
    pub fn listing_count(&self) -> u64 {
        self.stream_rows() + self.tail_rows().len() as u64
    }

    /// Rows of what belongs to the pickles.
    fn stream_rows(&self) -> u64 {
        self.reading.opcodes + self.reading.raw.len() as u64
    }

    /// The row of an instruction, by its number.
    pub(super) fn row_of(&self, instruction: u64) -> u64 {
        instruction + self.reading.raw.partition_point(|part| part.before <= instruction) as u64
    }

    /// How many of the raw parts stand above a row.
    pub(super) fn raw_above(&self, row: u64) -> usize {
        crate::graph::partition(self.reading.raw.len(), |at| self.reading.raw[at].before + (at as u64) < row)
    }

    /// The raw part that a row shows.
    pub(super) fn raw_in_row(&self, row: u64) -> Option<&RawPart> {
        let at = self.raw_above(row);
        self.reading.raw.get(at).filter(|part| part.before + at as u64 == row)
    }

    /// Rows from `first` on, at most `count`.
    #[must_use]
    pub fn listing(&self, first: u64, count: usize) -> Vec<OpcodeRow> {
        let above = self.raw_above(first);
        let instructions: Vec<Listed> = self.instructions_from(first - above as u64).take(count).collect();
        let mut parts = (above..self.reading.raw.len()).map(|at| self.raw_row(at)).peekable();
        let mut rows = Vec::new();
        for row in self.opcode_rows(&instructions) {
            while let Some(part) = parts.next_if(|part| part.index < row.index) {
                rows.push(part);
            }
            rows.push(row);
        }
        rows.extend(parts.take(count.saturating_sub(rows.len())).take_while(|part| part.index < first + count as u64));
        rows.truncate(count);
        let skip = first.saturating_sub(self.stream_rows()) as usize;
        rows.extend(self.tail_rows().into_iter().skip(skip).take(count - rows.len()));
        shown(rows)
    }

    fn raw_row(&self, at: usize) -> OpcodeRow {
        let part = self.reading.raw[at];
        let stream = self.reading.streams.partition_point(|stream| stream.span.start <= part.span.start);
        OpcodeRow {
            index: part.before + at as u64,
            kind: OpcodeRowKind::Raw,
            stream: stream.saturating_sub(1) as u64,
            offset: part.span.start,
            length: part.span.len(),
            name: raw_name(part.kind).to_owned(),
            byte: 0,
            argument: preview::plural(part.span.len(), "byte", "bytes"),
            depth: 0,
            note: format!("of {}", preview::brief(&self.lens(), part.node)),
            danger: None,
        }
    }

    /// The raw part that covers a byte.
    pub(super) fn raw_part_at(&self, offset: u64) -> Option<&RawPart> {
        self.raw_at(offset).map(|at| &self.reading.raw[at])
    }

    /// The raw part that covers a byte: its position among them.
    fn raw_at(&self, offset: u64) -> Option<usize> {
        let at = self.reading.raw.partition_point(|part| part.span.start <= offset).checked_sub(1)?;
        self.reading.raw[at].span.contains(offset).then_some(at)
    }

    /// The instruction that covers a byte.
    pub(super) fn instruction_at(&self, offset: u64) -> Option<Listed> {
        if self.raw_at(offset).is_some() {
            return None;
        }
        let streams = &self.reading.streams;
        let stream = streams.partition_point(|stream| stream.span.start <= offset).checked_sub(1)?;
        if !streams[stream].span.contains(offset) {
            return None;
        }
        let points = &self.reading.checkpoints;
        let point = points.partition_point(|point| point.offset <= offset).checked_sub(1).map(|at| points[at].number);
        let from = streams[stream].first.max(point.unwrap_or(0));
        self.instructions_from(from).find(|listed| listed.instruction.end > offset)
    }

    /// The instruction that a byte belongs to.
    #[must_use]
    pub fn instruction_covering(&self, offset: u64) -> Option<Instruction> {
        self.instruction_at(offset).map(|listed| listed.instruction)
    }

    /// The value that a byte which is of no instruction belongs to: an array whose numbers stand in the file.
    #[must_use]
    pub fn value_covering(&self, offset: u64) -> Option<NodeId> {
        self.raw_at(offset).map(|at| self.reading.raw[at].node)
    }

    /// The row that shows a byte: its instruction, or the part that is none.
    pub(super) fn listing_row_at(&self, offset: u64) -> Option<u64> {
        if let Some(at) = self.raw_at(offset) {
            return Some(self.reading.raw[at].before + at as u64);
        }
        if let Some(listed) = self.instruction_at(offset) {
            return Some(self.row_of(listed.number));
        }
        let tail = self.tail_rows();
        let inside = |row: &&OpcodeRow| (row.offset..row.offset + row.length.max(1)).contains(&offset);
        tail.iter().rev().find(inside).map(|row| row.index)
    }

    /// The instruction that a row shows.
    pub(super) fn instruction_in_row(&self, row: u64) -> Option<Listed> {
        if self.raw_in_row(row).is_some() {
            return None;
        }
        self.instructions_from(row - self.raw_above(row) as u64).next()
    }

    /// Instructions from the `first`-th on, each with its number.
    pub fn instructions(&self, first: u64) -> impl Iterator<Item = (u64, Instruction)> {
        self.instructions_from(first).map(|listed| (listed.number, listed.instruction))
    }

    /// Instructions from the `first`-th on.
    pub(super) fn instructions_from(&self, first: u64) -> impl Iterator<Item = Listed> {
        let mut cursor = self.resume(first);
        let mut skip = first.saturating_sub(cursor.map_or(0, |cursor| cursor.number));
        std::iter::from_fn(move || {
            loop {
                let listed = self.advance(cursor.as_mut()?)?;
                if skip == 0 {
                    return Some(listed);
                }
                skip -= 1;
            }
        })
    }

    /// The closest place before the instruction from which the walk can begin.
    fn resume(&self, number: u64) -> Option<Cursor> {
        if number >= self.reading.opcodes {
            return None;
        }
        let streams = &self.reading.streams;
        let stream = streams.partition_point(|stream| stream.first <= number).checked_sub(1)?;
        // Pickles without instructions have the number of the next one.
        let begin = &streams[stream];
        let points = &self.reading.checkpoints;
        let point = points.partition_point(|point| point.number <= number).checked_sub(1).map(|at| points[at]);
        Some(match point {
            Some(point) if point.number > begin.first => {
                Cursor { offset: point.offset, number: point.number, stream, depth: point.depth, memo: point.memo }
            }
            _ => Cursor { offset: begin.span.start, number: begin.first, stream, depth: 0, memo: 0 },
        })
    }

    fn advance(&self, cursor: &mut Cursor) -> Option<Listed> {
        if cursor.number >= self.reading.opcodes {
            return None;
        }
        while let Some(at) = self.raw_at(cursor.offset) {
            cursor.offset = self.reading.raw[at].span.end;
        }
        let nested = self.nested_with(cursor.number);
        if nested.is_some_and(|nested| nested.first == cursor.number) {
            (cursor.depth, cursor.memo) = (0, 0);
        }
        let instruction = opcode::decode(&*self.source, cursor.offset, &self.limits).ok()?;
        let info = instruction.opcode.info();
        if info.before.contains(&StackItem::Mark) {
            cursor.depth = cursor.depth.saturating_sub(1);
        }
        let Cursor { number, stream, depth, memo, .. } = *cursor;
        match instruction.opcode {
            Opcode::Mark => cursor.depth += 1,
            Opcode::Memoize if self.reading.overwrites.binary_search(&instruction.offset).is_err() => cursor.memo += 1,
            // Storing under an index in use makes no new entry.
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut
                if self.reading.overwrites.binary_search(&instruction.offset).is_err() =>
            {
                cursor.memo += 1;
            }
            Opcode::Stop => match nested {
                Some(nested) => (cursor.depth, cursor.memo) = (nested.outer_depth, nested.outer_memo),
                None => {
                    cursor.stream += 1;
                    (cursor.depth, cursor.memo) = (0, 0);
                }
            },
            _ => {}
        }
        cursor.number += 1;
        cursor.offset = instruction.end;
        Some(Listed { instruction, number, stream, depth, memo })
    }

    /// The pickle inside a pickle to which an instruction belongs.
    fn nested_with(&self, number: u64) -> Option<&Nested> {
        let at = self.reading.nested.partition_point(|nested| nested.first <= number).checked_sub(1)?;
        Some(&self.reading.nested[at]).filter(|nested| number < nested.first + nested.opcodes)
    }

    /// The memo that an instruction works with, as it is at the end.
    fn memo_of(&self, listed: &Listed) -> MemoView<'_> {
        let nested = self.nested_with(listed.number);
        nested.map_or_else(|| self.reading.memo(listed.stream), |nested| MemoView::of(&nested.memo, None))
    }

    /// Rows of instructions that follow each other, or nearly so.
    pub(super) fn opcode_rows(&self, listed: &[Listed]) -> Vec<OpcodeRow> {
        let closers = self.closers(listed);
        let node = |(listed, closer): (&Listed, Option<NodeId>)| {
            closer.or_else(|| match listed.instruction.opcode {
                Opcode::Mark => None,
                _ => self.node_of(listed),
            })
        };
        listed.iter().zip(closers).map(|(listed, closer)| self.opcode_row(listed, node((listed, closer)))).collect()
    }

    pub(super) fn opcode_row(&self, listed: &Listed, node: Option<NodeId>) -> OpcodeRow {
        let Listed { instruction, number, stream, depth, .. } = *listed;
        let argument = match opcode::arg_text_prefix(&instruction, &*self.source, ARGUMENT) {
            Ok(text) if text.truncated => text.text + "…",
            Ok(text) => text.text,
            Err(error) => error.to_string(),
        };
        let info = instruction.opcode.info();
        let runs = info.effects.iter().any(|effect| matches!(effect, Effect::Import | Effect::Call | Effect::External));
        OpcodeRow {
            index: self.row_of(number),
            kind: OpcodeRowKind::Instruction,
            stream: stream as u64,
            offset: instruction.offset,
            length: instruction.end - instruction.offset,
            name: info.name.to_owned(),
            byte: info.byte,
            argument,
            depth,
            note: self.note(listed, node),
            danger: if runs { node.and_then(|node| self.danger(node)) } else { None },
        }
    }

    /// The value that an instruction makes, changes, fetches or stores.
    pub(super) fn node_of(&self, listed: &Listed) -> Option<NodeId> {
        let graph = &self.reading.graph;
        let instruction = &listed.instruction;
        let offset = instruction.offset;
        let made = || graph.made_at(offset).or_else(|| graph.changed_at(offset));
        match instruction.opcode {
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet | Opcode::Put | Opcode::BinPut | Opcode::LongBinPut => {
                let index = self.memo_index(instruction)?;
                let node = self.memo_of(listed).get(index)?.node();
                // An index that is stored again later meant something else here.
                (graph.offset(node) <= offset).then_some(node)
            }
            Opcode::Memoize => {
                Some(self.memo_of(listed).get(listed.memo)?.node()).filter(|&node| graph.offset(node) <= offset)
            }
            // What a pickle inside leaves becomes an array, right there.
            Opcode::Stop => made().or_else(|| self.reading.streams[listed.stream].root.map(Edge::node)),
            Opcode::Mark => self.closing(listed),
            Opcode::Proto | Opcode::Frame | Opcode::Pop | Opcode::PopMark => None,
            Opcode::Dup => graph.last_made_before(offset),
            _ => made(),
        }
    }

    fn memo_index(&self, instruction: &Instruction) -> Option<u64> {
        match instruction.arg {
            Arg::Int(index) => u64::try_from(index).ok(),
            Arg::UInt(index) => Some(index),
            Arg::Payload(line) => {
                let line = self.lens().payload(line.prefix(40)).ok()?;
                opcode::index_line(&line).ok().map(|read| read.index)
            }
            _ => None,
        }
    }

    /// What the opcode that takes this MARK makes or changes.
    fn closing(&self, listed: &Listed) -> Option<NodeId> {
        self.closers(std::slice::from_ref(listed)).pop().flatten()
    }

    /// For each MARK among these instructions, what the opcode that takes it makes or changes. They are looked for in one
    /// pass, within reason: a MARK may stand millions of instructions before its end.
    fn closers(&self, listed: &[Listed]) -> Vec<Option<NodeId>> {
        const REACH: usize = 20_000;
        let mut closers = vec![None; listed.len()];
        let is_mark = |listed: &&Listed| listed.instruction.opcode == Opcode::Mark;
        let Some(first) = listed.iter().find(is_mark).map(|listed| listed.number) else { return closers };
        let mut missing = listed.iter().filter(is_mark).count();
        // Open MARKs; those of rows that are not asked for are there to be matched only.
        let mut open: Vec<(bool, Option<usize>)> = Vec::new();
        for next in self.instructions_from(first).take(REACH) {
            let opcode = next.instruction.opcode;
            let inside = self.nested_with(next.number).is_some();
            // What a pickle inside leaves open is gone with it.
            while !inside && open.pop_if(|(inside, _)| *inside).is_some() {}
            if opcode == Opcode::Mark {
                open.push((inside, listed.binary_search_by_key(&next.number, |listed| listed.number).ok()));
            } else if opcode.info().before.contains(&StackItem::Mark)
                && let Some((_, Some(row))) = open.pop()
            {
                let offset = next.instruction.offset;
                closers[row] = self.reading.graph.made_at(offset).or_else(|| self.reading.graph.changed_at(offset));
                missing -= 1;
            }
            if missing == 0 {
                break;
            }
        }
        closers
    }

    fn note(&self, listed: &Listed, node: Option<NodeId>) -> String {
        let lens = self.lens();
        let Some(node) = node else { return String::new() };
        let brief = || preview::brief(&lens, node);
        match listed.instruction.opcode {
            Opcode::Memoize => format!("as {}: {}", listed.memo, brief()),
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut => brief(),
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => format!("→ {}", brief()),
            Opcode::StackGlobal | Opcode::Ext1 | Opcode::Ext2 | Opcode::Ext4 => brief(),
            Opcode::Global => match self.reading.graph.node(node) {
                Node::Global(symbol) => {
                    let symbol = self.reading.graph.symbols.get(symbol);
                    symbol.raw.as_ref().map_or_else(String::new, |_| format!("→ {}", symbol.full_name()))
                }
                _ => String::new(),
            },
            Opcode::Reduce | Opcode::NewObj | Opcode::NewObjEx | Opcode::Obj | Opcode::Inst => {
                format!("call {}", self.call_text(node))
            }
            Opcode::Build => format!("state of {}", brief()),
            Opcode::Append | Opcode::Appends => format!("into {}", brief()),
            Opcode::SetItem | Opcode::SetItems | Opcode::AddItems => format!("into {}", brief()),
            Opcode::Mark => format!("begins {}", brief()),
            Opcode::Stop => format!("gives {}", brief()),
            _ => String::new(),
        }
    }

    /// A call as pseudo-Python: `os.system('id')`.
    pub(super) fn call_text(&self, node: NodeId) -> String {
        let lens = self.lens();
        let Node::Call { callee, args, .. } = self.reading.graph.node(node) else { return preview::brief(&lens, node) };
        let items: Vec<String> = self.reading.graph.items(args.node()).take(6).map(|edge| lens.inline(edge)).collect();
        let more = if self.reading.graph.items(args.node()).len() > 6 { ", …" } else { "" };
        format!("{}({}{more})", lens.inline(callee), items.join(", "))
    }

    /// The rows after the last instruction: where the reading stopped, bytes that are no pickle.
    fn tail_rows(&self) -> Vec<OpcodeRow> {
        let mut rows = Vec::new();
        let mut add = |kind, offset, length, name: &str, note| {
            rows.push(OpcodeRow {
                index: self.stream_rows() + rows.len() as u64,
                kind,
                stream: self.reading.streams.len().saturating_sub(1) as u64,
                offset,
                length,
                name: name.to_owned(),
                byte: 0,
                argument: String::new(),
                depth: 0,
                note,
                danger: None,
            });
        };
        if let Some(problem) = self.reading.problems.fatal() {
            add(OpcodeRowKind::Damage, problem.offset, 0, "", problem.to_string());
        }
        if let Some(span) = self.reading.trailing {
            let what = if self.reading.is_complete() { "after the last pickle" } else { "not read" };
            add(
                OpcodeRowKind::Trailing,
                span.start,
                span.len(),
                "",
                format!("{} {what}", preview::plural(span.len(), "byte", "bytes")),
            );
        }
        rows
    }
}

fn raw_name(kind: RawKind) -> &'static str {
    match kind {
        RawKind::Header => "header",
        RawKind::Padding => "padding",
        RawKind::Array => "array data",
    }
}
