//! Everything about one selection: what it is, where it stands, what made it.

use super::Document;
use super::content::{Child, Target};
use super::listing::Listed;
use super::tree::Spot;
use crate::bytes::Span;
use crate::graph::{Edge, Node, NodeId, TextEncoding};
use crate::lens::{Array, Data, Order, Shape, ShapeKind, shape_text};
use crate::machine::RawKind;
use crate::opcode;
use crate::safety::Level;
use crate::view::{
    ByteMark, Fact, Inspection, OpcodeRow, TextKind, TextPart, ValueChunk, cards, preview, shown, value,
};

/// A value built by so few instructions shows all of them; a larger one only its own.
const ALL_INSTRUCTIONS: u64 = 60;
/// Instructions shown at most.
const INSTRUCTIONS: usize = 200;

impl Document {
    /// The bytes of a value: from its first operand (or its MARK) to the end of the last opcode that made or changed it. In
    /// the header of a `.npy` file, its literal.
    #[must_use]
    pub fn extent(&self, node: NodeId) -> Span {
        let graph = &self.reading.graph;
        let (start, last) = (graph.start(node), graph.last_offset(node));
        let end = match (graph.node(node), self.is_in_header(last)) {
            (Node::Text { span, .. }, true) => span.end + 1,
            (Node::Tuple | Node::List | Node::Dict, true) => last + 1,
            (_, true) => self.word_end(last),
            (_, false) => opcode::decode(&*self.source, last, &self.limits).map_or(last + 1, |found| found.end),
        };
        let end = match graph.node(node) {
            Node::InlineArray { data, .. } => end.max(data.end),
            _ => end,
        };
        Span::new(start.min(end), end)
    }

    /// Whether a byte belongs to the header of a `.npy` file.
    fn is_in_header(&self, offset: u64) -> bool {
        let header = self.reading.raw.first().filter(|part| part.kind == RawKind::Header);
        header.is_some_and(|part| part.span.contains(offset))
    }

    /// The end of the name or number that begins at `offset`.
    fn word_end(&self, offset: u64) -> u64 {
        const LONGEST: u64 = 64;
        let bytes = self.lens().payload(Span::new(offset, offset + LONGEST)).unwrap_or_default();
        let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'_');
        offset + bytes.iter().take_while(is_word).count() as u64
    }

    /// The instructions in `span` that something above recognised was found at, each with the worst of it; at most 256.
    #[must_use]
    pub fn byte_marks(&self, span: Span) -> Vec<ByteMark> {
        const MOST: usize = 256;
        let mut marks: Vec<ByteMark> = Vec::new();
        let findings = self.audit.findings.iter().filter(|finding| finding.level > Level::Recognised);
        for finding in findings.filter(|finding| finding.offset < span.end) {
            let end = finding.offset + finding.length.max(1);
            if end <= span.start {
                continue;
            }
            let words = finding.rule.title.to_owned();
            let has_room = marks.len() < MOST;
            match marks.iter_mut().find(|mark| mark.start == finding.offset) {
                Some(mark) if mark.level >= finding.level => {}
                Some(mark) => (mark.level, mark.words) = (finding.level, words),
                None if has_room => {
                    marks.push(ByteMark { start: finding.offset, end, level: finding.level, words });
                }
                None => {}
            }
        }
        shown(marks)
    }

    /// A piece of the full text of a node; `None` when there is no such node.
    #[must_use]
    pub fn value(&self, node: u32, from: u64) -> Option<ValueChunk> {
        ((node as usize) < self.reading.graph.len()).then(|| shown(value::chunk(&self.lens(), NodeId(node), from)))
    }

    /// What a row of the tree shows.
    #[must_use]
    pub fn inspect_row(&self, row: u64) -> Option<Inspection> {
        if self.roots.is_empty() {
            return Some(shown(self.inspect_nothing()));
        }
        let spot = self.tree.find(row)?;
        let child = self.child_at(spot)?;
        let mut inspection = match child.target {
            Target::Value(edge) => self.inspect_value(spot, edge),
            Target::Content(content) => {
                let count = preview::plural(self.children_of(content), "row", "rows");
                blank(TextPart::new(TextKind::Dim, count))
            }
            Target::Column(column) => self.inspection_of_column(column),
            Target::Bytes(span) => {
                let value = if self.is_unread() { self.text_in(span) } else { None };
                Inspection { value: value.unwrap_or_default(), ..self.inspect_bytes(span) }
            }
            Target::Nothing => self.inspect_stop(),
        };
        inspection.row = Some(row);
        inspection.title = self.label(&child.place).1;
        if let Some((word, sentence)) = &self.wrapping.itself {
            inspection.title = self.name.clone();
            inspection.type_name = word.clone();
            inspection.summary = vec![TextPart::new(TextKind::Plain, sentence.clone())];
        }
        let trail = self.trail(spot);
        inspection.way = self.way_down(&trail);
        let (path, is_python) = self.path_along(&trail);
        if is_python {
            inspection.path = path;
        } else if !self.is_unread() {
            inspection.facts.push(Fact { name: "place".to_owned(), value: path });
        }
        self.mark_problems(&child, &mut inspection);
        Some(shown(inspection))
    }

    /// What an instruction does: the value that it makes, changes or fetches, revealed in the tree; or itself alone.
    pub fn inspect_opcode(&mut self, number: u64) -> Option<Inspection> {
        if let Some(&part) = self.raw_in_row(number) {
            let revealed = self.reveal(part.node);
            let found = revealed.and_then(|row| self.inspect_row(row));
            let mut inspection = found.unwrap_or_else(|| self.inspect_bytes(part.span));
            inspection.opcode = Some(number);
            inspection.own = (part.span.start, part.span.end);
            return Some(shown(inspection));
        }
        let Some(listed) = self.instruction_in_row(number) else {
            let row = self.listing(number, 1).into_iter().next()?;
            let mut inspection = self.inspect_bytes(Span::new(row.offset, row.offset + row.length));
            inspection.opcode = Some(number);
            inspection.title = row.note;
            return Some(shown(inspection));
        };
        let revealed = self.node_of(&listed).and_then(|node| self.reveal(node));
        let mut inspection = match revealed.and_then(|row| self.inspect_row(row)) {
            Some(inspection) => inspection,
            None => self.inspect_instruction(&listed),
        };
        let instruction = listed.instruction;
        inspection.opcode = Some(number);
        inspection.own = (instruction.offset, instruction.end);
        Some(shown(inspection))
    }

    /// A value, revealed in the tree; one that the tree does not lead to, by the instruction that makes it.
    pub fn inspect_node(&mut self, node: u32) -> Option<Inspection> {
        let node = self.node(node)?;
        match self.reveal(node) {
            Some(row) => self.inspect_row(row),
            None => self.inspect_opcode(self.listing_row_at(self.reading.graph.offset(node))?),
        }
    }

    /// The instruction and value that a byte belongs to.
    pub fn inspect_offset(&mut self, offset: u64) -> Option<Inspection> {
        let number = self.listing_row_at(offset)?;
        let inspection = self.inspect_opcode(number)?;
        Some(Inspection { asked: Some(offset), ..inspection })
    }

    fn inspect_instruction(&self, listed: &Listed) -> Inspection {
        let row = self.opcode_row(listed, None);
        let info = listed.instruction.opcode.info();
        let mut inspection = blank(TextPart::new(TextKind::Plain, info.doc));
        inspection.title = info.name.to_owned();
        inspection.type_name = "opcode".to_owned();
        inspection.facts.push(fact("offset", row.offset));
        if !row.argument.is_empty() {
            inspection.facts.push(Fact { name: "argument".to_owned(), value: row.argument.clone() });
        }
        inspection.span = (row.offset, row.offset + row.length);
        inspection.opcodes = vec![row];
        inspection.opcode_count = 1;
        inspection
    }

    fn inspect_bytes(&self, span: Span) -> Inspection {
        let text = format!("{} at offset {}", preview::plural(span.len(), "byte", "bytes"), span.start);
        let mut inspection = blank(TextPart::new(TextKind::Dim, text));
        let kind = self.other_kind().filter(|_| self.is_unread());
        inspection.type_name = kind.map_or("bytes of the file", |kind| kind.name).to_owned();
        inspection.opcode = self.listing_row_at(span.start);
        inspection.span = (span.start, span.end);
        inspection.own = inspection.span;
        inspection
    }

    /// Bytes that are text, as text: the first of them.
    fn text_in(&self, span: Span) -> Option<ValueChunk> {
        const SHOWN: u64 = 64 << 10;
        let bytes = self.lens().payload(Span::new(span.start, span.end.min(span.start + SHOWN))).ok()?;
        let is_cut = (bytes.len() as u64) < span.len();
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            // The last character may reach over the end.
            Err(error) if is_cut && error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
            }
            Err(_) => return None,
        };
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c')) {
            return None;
        }
        let rest = if is_cut {
            format!("\n… {} of {} bytes", preview::grouped(SHOWN), preview::grouped(span.len()))
        } else {
            String::new()
        };
        Some(ValueChunk { text: format!("{}{rest}", text.trim_start_matches('\u{feff}')), next: None, total: 0 })
    }

    /// A member without a byte to show, because none could be read: why, and what helps.
    fn inspect_nothing(&self) -> Inspection {
        let title = self.name.clone();
        Inspection { title, ..blank(TextPart::new(TextKind::Plain, self.reading_sentence())) }
    }

    fn inspect_stop(&self) -> Inspection {
        // Why is said with the verdict, which is in sight.
        let text =
            self.reading.problems.fatal().map_or_else(String::new, |problem| {
                format!("No value: the reading stopped at offset {}.", problem.offset)
            });
        let mut inspection = blank(TextPart::new(TextKind::Error, text));
        if let Some(problem) = self.reading.problems.fatal() {
            inspection.opcode = self.listing_row_at(problem.offset);
            let end = (problem.offset + 1).min(self.source.len());
            inspection.span = (problem.offset.min(end), end);
            inspection.own = inspection.span;
        }
        inspection
    }

    /// A value by itself: without its row, its path and marks, which take an index of all objects.
    #[must_use]
    pub fn inspect_alone(&self, node: u32) -> Option<Inspection> {
        let node = self.node(node)?;
        let shape = self.lens().shape(node);
        Some(shown(self.inspection_of(node, &shape)))
    }

    fn inspect_value(&self, spot: Spot, edge: Edge) -> Inspection {
        let shape = self.lens().shape(edge.node());
        Inspection { marks: self.marks(spot, edge, &shape), ..self.inspection_of(edge.node(), &shape) }
    }

    pub(super) fn inspection_of(&self, node: NodeId, shape: &Shape) -> Inspection {
        let lens = self.lens();
        let offset = self.reading.graph.offset(node);
        let listed = self.instruction_at(offset);
        let (opcodes, opcode_count) = self.instructions_of(node);
        let span = self.extent(node);
        Inspection {
            node: Some(node.0),
            column: None,
            row: None,
            opcode: listed.map(|listed| self.row_of(listed.number)),
            title: String::new(),
            // A class by value is that, not a call of what makes it.
            type_name: cards::made(&lens, node).unwrap_or_else(|| shape.full_name.clone()),
            path: String::new(),
            way: Vec::new(),
            summary: preview::preview(&lens, node, shape),
            marks: Vec::new(),
            facts: self.facts(node, shape, span),
            embedded: self.embedded(node),
            numbers_in: self.numbers_in(node),
            value: value::chunk(&lens, node, 0),
            opcodes,
            opcode_count,
            span: (span.start, span.end),
            own: listed.map_or((offset, offset + 1), |listed| (offset, listed.instruction.end)),
            asked: None,
        }
    }

    fn numbers_in(&self, node: NodeId) -> Option<(u32, String)> {
        let place = self.lens().array(node)?.place()?.0?;
        Some((self.attached.member_at(place)?, place.to_owned()))
    }

    fn facts(&self, node: NodeId, shape: &Shape, span: Span) -> Vec<Fact> {
        let graph = &self.reading.graph;
        let mut facts = Vec::new();
        let children = self.own_children(node);
        match shape.kind {
            ShapeKind::Items | ShapeKind::Mapping => facts.push(fact("items", children)),
            ShapeKind::Instance | ShapeKind::Call => facts.push(fact("children", children)),
            _ => {}
        }
        match graph.node(node) {
            Node::Text { span, encoding } => {
                facts.push(fact("bytes", span.len()));
                facts.push(Fact { name: "encoding".to_owned(), value: encoding_name(encoding).to_owned() });
            }
            Node::Bytes(span)
            | Node::ByteArray(span)
            | Node::LongBinary(span)
            | Node::InlineArray { data: span, .. } => facts.push(fact("bytes", span.len())),
            Node::Call { kind, .. } => {
                if let Some(array) = self.lens().array(node) {
                    facts.extend(array_facts(&array));
                }
                let value = format!("{} by {}", self.call_text(node), kind.opcode_name());
                facts.push(Fact { name: "loading calls".to_owned(), value });
            }
            Node::Global(symbol) => {
                let symbol = graph.symbols.get(symbol);
                if let Some((module, name)) = symbol.mapped_from() {
                    facts.push(Fact { name: "spelled".to_owned(), value: format!("{module}.{name}") });
                }
            }
            _ => {}
        }
        facts.push(Fact {
            name: "place in the file".to_owned(),
            value: format!("{} – {} ({})", span.start, span.end, preview::plural(span.len(), "byte", "bytes")),
        });
        facts
    }

    /// The instructions that built a value: all in its bytes when they are few, else those that made and changed it.
    fn instructions_of(&self, node: NodeId) -> (Vec<OpcodeRow>, u64) {
        let span = self.extent(node);
        let Some(first) = self.instruction_at(span.start) else { return (Vec::new(), 0) };
        let all: Vec<Listed> = self
            .instructions_from(first.number)
            .take_while(|listed| listed.instruction.offset < span.end)
            .take(ALL_INSTRUCTIONS as usize + 1)
            .collect();
        if all.len() as u64 <= ALL_INSTRUCTIONS {
            let count = all.len() as u64;
            return (self.opcode_rows(&all), count);
        }
        let graph = &self.reading.graph;
        let mut offsets = vec![span.start, graph.offset(node)];
        offsets.extend(graph.run_offsets(node).into_iter().flat_map(|(first, last)| [first, last]));
        offsets.dedup();
        let count = offsets.len() as u64;
        let rows = offsets.into_iter().take(INSTRUCTIONS).filter_map(|offset| self.instruction_at(offset));
        (self.opcode_rows(&rows.collect::<Vec<_>>()), count)
    }

    /// Problems met at the opcodes of the selection.
    fn mark_problems(&self, child: &Child, inspection: &mut Inspection) {
        let Target::Value(edge) = child.target else { return };
        let graph = &self.reading.graph;
        let offset = graph.offset(edge.node());
        let here = self.reading.problems.list.iter().filter(|problem| problem.offset == offset);
        inspection
            .facts
            .extend(here.map(|problem| Fact { name: "problem".to_owned(), value: problem.kind.to_string() }));
    }
}

fn blank(summary: TextPart) -> Inspection {
    Inspection { summary: vec![summary], ..Inspection::default() }
}

fn fact(name: &str, number: u64) -> Fact {
    Fact { name: name.to_owned(), value: preview::grouped(number) }
}

/// What is known of an array without reading its numbers.
fn array_facts(array: &Array<'_>) -> Vec<Fact> {
    let named = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let order = match &array.order {
        Order::C => "C (last index fastest)".to_owned(),
        Order::Fortran => "Fortran (first index fastest)".to_owned(),
        Order::Strided { offset, strides } => format!("strides {} from element {offset}", shape_text(strides)),
    };
    let byte_order = if array.dtype.big_endian { ", big-endian" } else { "" };
    let mut facts = vec![
        named("dtype", format!("{}{byte_order}", array.dtype.name)),
        named("shape", shape_text(&array.shape)),
        named("order", order),
    ];
    facts.extend(array.bytes().map(|bytes| fact("bytes of the numbers", bytes)));
    if let Some((place, span)) = array.place() {
        let place = place.unwrap_or("this file");
        facts.push(named("numbers", format!("{place}, bytes {}-{}", span.start, span.end)));
    }
    if let Data::Missing(reason) = &array.data {
        facts.push(named("numbers", reason.clone()));
    }
    facts.extend(array.problem.clone().map(|problem| named("problem", problem)));
    facts
}

/// The payload of an instruction, or all of it.
fn encoding_name(encoding: TextEncoding) -> &'static str {
    match encoding {
        TextEncoding::Utf8 => "UTF-8",
        TextEncoding::RawUnicodeEscape => "raw-unicode-escape",
        TextEncoding::Python2 => "Python 2 str",
        TextEncoding::Python2Quoted => "Python 2 str, quoted",
        TextEncoding::Line => "one line of ASCII",
    }
}
