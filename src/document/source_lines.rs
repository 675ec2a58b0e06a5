//! The document as Python source.

use super::Document;
use crate::export::python::{self, Budget, Ink, Source};
use crate::view::{SourceLine, TextKind, TextPart, shown};

impl Document {
    /// Number of lines of the document as Python source.
    #[must_use]
    pub fn source_line_count(&self) -> u64 {
        self.source_text().len() as u64
    }

    /// Lines of the document as Python source from `first` on, at most `count`.
    #[must_use]
    pub fn source_lines(&self, first: u64, count: usize) -> Vec<SourceLine> {
        let source = self.source_text();
        let first = usize::try_from(first).unwrap_or(usize::MAX).min(source.len());
        let last = first.saturating_add(count).min(source.len());
        shown((first..last).filter_map(|index| self.source_line(source, index)).collect())
    }

    /// Offsets of all that stands in a line of the source, and of the opcode that the line is about.
    #[must_use]
    pub fn source_line_offsets(&self, index: u64) -> Vec<u64> {
        let source = self.source_text();
        let Some(index) = usize::try_from(index).ok().filter(|&index| index < source.len()) else { return Vec::new() };
        let values = source.values(index).map(|node| self.reading.graph.offset(node));
        values.chain(source.line(index).and_then(|line| line.offset)).collect()
    }

    fn source_line(&self, source: &Source, index: usize) -> Option<SourceLine> {
        let line = source.line(index)?;
        let part = |(ink, text): &(Ink, &str)| TextPart::new(text_kind(*ink), *text);
        Some(SourceLine {
            index: index as u64,
            indent: line.indent,
            parts: line.pieces.iter().map(part).collect(),
            node: line.node.map(|node| node.0),
            offset: line.offset,
            danger: line.marked.and_then(|node| self.danger(node)),
        })
    }

    /// All lines, made when they are first asked for.
    fn source_text(&self) -> &Source {
        self.as_python.get_or_init(|| {
            let rank = |node| self.danger(node).map_or(0, |(level, _)| level as u8);
            python::source(&self.reading, &self.lens(), &Budget::default(), &rank)
        })
    }
}

fn text_kind(ink: Ink) -> TextKind {
    match ink {
        Ink::Plain => TextKind::Plain,
        Ink::Name => TextKind::Type,
        Ink::Str => TextKind::Str,
        Ink::Number => TextKind::Number,
        Ink::Constant => TextKind::Constant,
        Ink::Comment => TextKind::Dim,
        Ink::Error => TextKind::Error,
    }
}
