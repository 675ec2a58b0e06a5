//! numpy's `.npy` files: the header becomes nodes like those of a pickle, and the array what joblib's are.
//!
//! Source: `numpy/lib/_format_impl.py`.

use super::dtype::descr_size;
use super::inline::{byte_count, spell};
use super::parts::{RawKind, RawPart};
use super::problem::{Problem, ProblemKind};
use super::read::{Beginning, Layout, Reading, Stream};
use super::run::{Machine, problem_at};
use super::window::Window;
use crate::bytes::{Limits, Source, Span, read_span};
use crate::container::Literal;
use crate::container::npy::{self, Npy};
use crate::graph::{Edge, NodeId, Record, RunKind, Tag};

/// Reads a `.npy` file. Its one stream is the header and the numbers, or the pickle of an array of objects, which begins
/// behind the header.
/// `progress` is told the offset reached and the size, every few thousand instructions.
pub fn read_npy(source: &dyn Source, limits: &Limits, progress: &mut dyn FnMut(u64, u64)) -> Reading {
    let mut machine = Machine::new(source, limits, progress);
    machine.plain = true;
    let begin = Beginning::of(&machine);
    let header = match npy::read(source) {
        Ok(header) => header,
        Err(error) => {
            machine.problems.push(problem_at(error.offset, None, ProblemKind::Header(error.message)), limits.problems);
            let stream = begin.stream(&mut machine, false);
            return machine.reading(vec![stream], Layout::Npy);
        }
    };
    let wrapper = Edge::to(machine.literal(&header.literal, header.version.0));
    machine.position = header.data.start;
    let (span, before, kind) = (Span::new(0, header.data.start), 0, RawKind::Header);
    machine.raw.push(RawPart { span, before, kind, node: wrapper.node() });
    let stream = if header.has_objects {
        machine.objects(&header, wrapper, &begin)
    } else {
        machine.numbers(&header, wrapper, &begin)
    };
    machine.reading(vec![stream], Layout::Npy)
}

impl Machine<'_> {
    /// The nodes of a literal, each at the place where a pickle would have made it: brackets where they close. Literals nest
    /// a few levels (`container::npy` sees to that), so this may call itself.
    fn literal(&mut self, literal: &Literal, version: u8) -> NodeId {
        let span = literal.span();
        let record = match literal {
            Literal::None(_) => Record::plain(Tag::None, span.start),
            Literal::Bool(_, true) => Record::plain(Tag::True, span.start),
            Literal::Bool(_, false) => Record::plain(Tag::False, span.start),
            Literal::Int(_, value) => match i64::try_from(*value) {
                Ok(value) => Record::number(Tag::Int, value as u64, span.start),
                Err(_) => Record::payload(Tag::LongText, span.start, span.len(), span.start),
            },
            Literal::Str(_, text) => {
                // Quotes, and a letter that older writers put before them.
                let first = read_span(self.source, span.prefix(1)).unwrap_or_default();
                let is_quote = matches!(*first, [b'\'' | b'"']);
                let start = (span.start + if is_quote { 1 } else { 2 }).min(span.end - 1);
                let tag = if version >= 3 || text.is_ascii() { Tag::Utf8 } else { Tag::Line };
                Record::payload(tag, start, span.end - 1 - start, span.start)
            }
            Literal::Tuple(_, items) | Literal::List(_, items) => {
                let items: Vec<u32> = items.iter().map(|item| self.literal(item, version).0).collect();
                let tag = if matches!(literal, Literal::Tuple(..)) { Tag::Tuple } else { Tag::List };
                return self.bracket(tag, &items, span);
            }
            Literal::Dict(_, entries) => {
                let items = entries.iter().flat_map(|(key, value)| [key, value]);
                let items: Vec<u32> = items.map(|item| self.literal(item, version).0).collect();
                return self.bracket(Tag::Dict, &items, span);
            }
        };
        self.node(record)
    }

    fn node(&mut self, record: Record) -> NodeId {
        self.graph.records.push(record);
        NodeId(self.graph.records.len() as u32 - 1)
    }

    fn bracket(&mut self, tag: Tag, items: &[u32], span: Span) -> NodeId {
        let (first, count) = (self.graph.edges.len() as u32, items.len() as u32);
        self.graph.edges.extend_from_slice(items);
        let at = span.end - 1;
        let reach = (at - span.start) as u32;
        if tag == Tag::Tuple {
            return self.node(Record::compound(tag, first, count, reach, at));
        }
        let node = self.node(Record::compound(tag, 0, u32::MAX, reach, at));
        let kind = if tag == Tag::Dict { RunKind::Pairs } else { RunKind::Items };
        if count > 0 {
            self.graph.add_run(node.0, kind, first, count, at);
        }
        node
    }

    /// The array of numbers behind the header, as far as it goes.
    fn numbers(&mut self, header: &Npy, wrapper: Edge, begin: &Beginning) -> Stream {
        let at = self.graph.offset(wrapper.node());
        let start = header.data.start;
        let remaining = self.total - start;
        let size = descr_size(&header.descr);
        let needed = size.as_ref().map(|&size| byte_count(&header.shape, size)).unwrap_or_default();
        let fitting = needed.and_then(|needed| u64::try_from(needed).ok()).filter(|&needed| needed <= remaining);
        let kind = match (size, fitting) {
            (Ok(_), Some(_)) => None,
            (Ok(_), None) => {
                let what = format!("an array of shape {}", spell(&header.shape));
                Some(ProblemKind::ArrayBeyondInput { what, needed, remaining })
            }
            (Err(reason), _) => Some(ProblemKind::Header(reason)),
        };
        let length = fitting.unwrap_or(remaining);
        let array = self.node(Record::inline_array(wrapper.0, (start - at) as u32, length, at));
        if length > 0 {
            let (span, before, kind) = (Span::new(start, start + length), 0, RawKind::Array);
            self.raw.push(RawPart { span, before, kind, node: array });
        }
        self.position = start + length;
        let complete = kind.is_none();
        if let Some(kind) = kind {
            self.problems.push(problem_at(self.position, None, kind), self.limits.problems);
        }
        let stream = begin.stream(self, complete);
        Stream { root: Some(Edge::to(array)), ..stream }
    }

    /// The array of objects: the pickle behind the header.
    fn objects(&mut self, header: &Npy, wrapper: Edge, begin: &Beginning) -> Stream {
        let damage: Option<Box<Problem>> = self.read_stream(&mut Window::new(self.source));
        let complete = damage.is_none();
        if let Some(problem) = damage {
            self.problems.push(*problem, self.limits.problems);
        }
        let mut stream = begin.stream(self, complete);
        stream.span = Span::new(header.data.start.min(stream.span.end), stream.span.end);
        match stream.root {
            Some(value) => {
                let at = stream.span.end - 1;
                let reach = self.reach(header.literal.span().start as u32, at);
                let array = self.node(Record::compound(Tag::InlinePickle, wrapper.0, value.0, reach, at));
                stream.root = Some(Edge::to(array));
            }
            None => stream.leftover.insert(0, wrapper),
        }
        stream
    }
}
