//! The finished lines, in one text.

use crate::graph::NodeId;
use std::io::{self, Write};

/// What a piece of a line is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ink {
    /// Punctuation, keywords, variables.
    Plain,
    /// What was imported.
    Name,
    /// A text or bytes literal.
    Str,
    /// A number or a bool.
    Number,
    /// `None` and other constants.
    Constant,
    /// A comment.
    Comment,
    /// Why something is not there.
    Error,
}

/// Blanks of one level.
const INDENT: &str = "    ";

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Record {
    indent: u32,
    /// End of its pieces.
    end: u32,
    node: u32,
    marked: u32,
    /// End of its values.
    values: u32,
    offset: u64,
}

/// Python source, line by line.
#[derive(Default)]
pub struct Source {
    text: String,
    pieces: Vec<(Ink, u32)>,
    /// What stands in the lines: values by themselves, by their names, and as keys.
    values: Vec<u32>,
    lines: Vec<Record>,
}

/// One line of it.
pub struct Line<'a> {
    /// Levels of indentation.
    pub indent: u32,
    /// The text in typed pieces.
    pub pieces: Vec<(Ink, &'a str)>,
    /// The object that the line makes or changes.
    pub node: Option<NodeId>,
    /// Offset of the opcode that does it.
    pub offset: Option<u64>,
    /// The worst of the objects in the line, in the eyes of whoever ranked them.
    pub marked: Option<NodeId>,
}

impl Source {
    /// Number of lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line by its number, from 0.
    #[must_use]
    pub fn line(&self, index: usize) -> Option<Line<'_>> {
        let record = self.lines.get(index)?;
        let first = index.checked_sub(1).map_or(0, |before| self.lines[before].end as usize);
        let mut start = first.checked_sub(1).map_or(0, |before| self.pieces[before].1 as usize);
        let pieces = self.pieces[first..record.end as usize].iter().map(|&(ink, end)| {
            let piece = &self.text[start..end as usize];
            start = end as usize;
            (ink, piece)
        });
        let node = |id: u32| (id != NONE).then_some(NodeId(id));
        Some(Line {
            indent: record.indent,
            pieces: pieces.collect(),
            node: node(record.node),
            offset: (record.offset != u64::MAX).then_some(record.offset),
            marked: node(record.marked),
        })
    }

    /// The values that stand or begin in a line, and what it makes or changes.
    pub fn values(&self, index: usize) -> impl Iterator<Item = NodeId> {
        let first = index.checked_sub(1).and_then(|before| self.lines.get(before)).map_or(0, |line| line.values);
        let end = self.lines.get(index).map_or(first, |line| line.values);
        self.values[first as usize..end as usize].iter().map(|&id| NodeId(id))
    }

    /// Notes that a value stands in the line that is being written.
    pub(super) fn note(&mut self, node: NodeId) {
        let begun = self.lines.last().map_or(0, |line| line.values as usize);
        if self.values[begun..].last() != Some(&node.0) {
            self.values.push(node.0);
        }
    }

    /// Writes a line with its indentation and a line feed.
    pub(super) fn write_line(&self, index: usize, out: &mut dyn Write) -> io::Result<()> {
        let Some(line) = self.line(index) else { return Ok(()) };
        if !line.pieces.is_empty() {
            (0..line.indent).try_for_each(|_| out.write_all(INDENT.as_bytes()))?;
        }
        line.pieces.iter().try_for_each(|(_, text)| out.write_all(text.as_bytes()))?;
        out.write_all(b"\n")
    }

    /// Bytes of text.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds to the line that is being written.
    pub(super) fn push(&mut self, ink: Ink, text: &str) {
        if text.is_empty() {
            return;
        }
        let first = self.lines.last().map_or(0, |line| line.end as usize);
        self.text.push_str(text);
        let end = self.text.len() as u32;
        let begun = self.pieces.len() > first;
        match self.pieces.last_mut() {
            Some(piece) if begun && piece.0 == ink => piece.1 = end,
            _ => self.pieces.push((ink, end)),
        }
    }

    /// Ends the line that is being written.
    pub(super) fn end_line(&mut self, indent: u32, node: Option<NodeId>, offset: Option<u64>, marked: Option<NodeId>) {
        let id = |node: Option<NodeId>| node.map_or(NONE, |node| node.0);
        self.lines.push(Record {
            indent,
            end: self.pieces.len() as u32,
            node: id(node),
            marked: id(marked),
            values: self.values.len() as u32,
            offset: offset.unwrap_or(u64::MAX),
        });
    }

    /// Puts the lines of another source behind these.
    pub(super) fn append(&mut self, other: Source) {
        let (text, pieces) = (self.text.len() as u32, self.pieces.len() as u32);
        let values = self.values.len() as u32;
        self.text.push_str(&other.text);
        self.pieces.extend(other.pieces.into_iter().map(|(ink, end)| (ink, end + text)));
        self.values.extend(other.values);
        let moved = |line: Record| Record { end: line.end + pieces, values: line.values + values, ..line };
        self.lines.extend(other.lines.into_iter().map(moved));
    }
}

/// Width of an indentation.
pub(super) fn indentation(levels: u32) -> usize {
    INDENT.len() * levels as usize
}
