//! Puts expressions on lines: on one where they fit, else one item on each, as formatters do.

use super::sheet::{Ink, indentation};
use super::writer::Writer;
use crate::graph::NodeId;
use std::borrow::Cow;

/// Columns of a line, as far as breaking helps.
const WIDTH: u32 = 100;

/// Of what never fits.
const ENDLESS: u32 = u32::MAX / 4;

/// An expression, all of whose values are expressions of the same list, later in it.
pub(super) enum Doc {
    /// Not filled yet.
    Hole,
    Text(Ink, Cow<'static, str>),
    Mark(NodeId),
    Seq(Vec<usize>),
    Group {
        open: &'static str,
        close: &'static str,
        items: Vec<DocItem>,
        is_tuple: bool,
    },
    Comment(usize, String),
    /// The value of a node.
    Value(usize, NodeId),
}

pub(super) struct DocItem {
    pub(super) key: Option<(usize, &'static str)>,
    pub(super) value: usize,
}

/// The expressions of one statement.
#[derive(Default)]
pub(super) struct Docs {
    pub(super) list: Vec<Doc>,
    widths: Vec<u32>,
    /// Comments in each: a line has room for one.
    comments: Vec<u32>,
}

enum Job {
    Doc { id: usize, indent: u32, flat: bool },
    Text(&'static str),
    Line { indent: u32, node: Option<NodeId> },
}

impl Docs {
    pub(super) fn push(&mut self, doc: Doc) -> usize {
        self.list.push(doc);
        self.list.len() - 1
    }

    /// Columns that each takes on one line. Parts stand behind what they are parts of.
    fn measure(&mut self) {
        let mut widths = vec![0_u32; self.list.len()];
        let mut comments = vec![0_u32; self.list.len()];
        for (id, doc) in self.list.iter().enumerate().rev() {
            let sum = |ids: &[usize]| ids.iter().fold(0_u32, |sum, &id| sum.saturating_add(widths[id]).min(ENDLESS));
            widths[id] = match doc {
                Doc::Hole | Doc::Mark(_) => 0,
                Doc::Text(_, text) => text.chars().count().min(ENDLESS as usize) as u32,
                Doc::Seq(parts) => {
                    comments[id] = parts.iter().fold(0, |sum, &part| sum + comments[part].min(2));
                    sum(parts)
                }
                Doc::Comment(inner, _) => {
                    comments[id] = comments[*inner] + 1;
                    widths[*inner]
                }
                Doc::Value(inner, _) => {
                    comments[id] = comments[*inner];
                    widths[*inner]
                }
                Doc::Group { open, close, items, .. } => {
                    let mut width = (open.len() + close.len()) as u32;
                    for item in items {
                        comments[id] = (comments[id] + comments[item.value]).min(2);
                        let key = item.key.map_or(0, |(key, between)| widths[key] + between.len() as u32);
                        width = width.saturating_add(key).saturating_add(widths[item.value] + 2).min(ENDLESS);
                    }
                    width
                }
            };
        }
        (self.widths, self.comments) = (widths, comments);
    }

    /// Whether all items are numbers, but for what says how many are left out.
    fn are_numbers(&self, items: &[DocItem]) -> bool {
        let is_number = |item: &DocItem| {
            let doc = match self.list[item.value] {
                Doc::Value(inner, _) => inner,
                _ => item.value,
            };
            item.key.is_none() && matches!(self.list[doc], Doc::Text(Ink::Number, _))
        };
        let (last, rest) = match items {
            [rest @ .., last] => (last, rest),
            [] => return false,
        };
        rest.len() > 1
            && rest.iter().all(is_number)
            && (is_number(last) || matches!(self.list[last.value], Doc::Seq(_)))
    }

    /// The group that an expression is in the end, when brackets may share a line with it.
    fn as_group(&self, mut id: usize) -> Option<usize> {
        loop {
            match &self.list[id] {
                Doc::Group { items, .. } if !items.is_empty() => return Some(id),
                Doc::Value(inner, _) => id = *inner,
                _ => return None,
            }
        }
    }
}

impl Writer<'_> {
    /// Writes a statement; `node` and `offset` are those of its first line.
    pub(super) fn print(&mut self, docs: &mut Docs, root: usize, node: Option<NodeId>, offset: Option<u64>) {
        docs.measure();
        (self.line_node, self.line_offset) = (node, offset);
        let mut jobs = vec![Job::Doc { id: root, indent: 0, flat: false }];
        while let Some(job) = jobs.pop() {
            if self.is_full() {
                break;
            }
            match job {
                Job::Text(text) => self.write(Ink::Plain, text),
                Job::Line { indent, node } => {
                    self.new_line(indent);
                    if let Some(node) = node {
                        (self.line_node, self.line_offset) = (Some(node), Some(self.graph.offset(node)));
                    }
                }
                Job::Doc { id, indent, flat } => self.print_doc(docs, id, indent, flat, &mut jobs),
            }
        }
        self.new_line(0);
    }

    fn print_doc(&mut self, docs: &Docs, id: usize, indent: u32, flat: bool, jobs: &mut Vec<Job>) {
        match &docs.list[id] {
            Doc::Hole => {}
            Doc::Text(ink, text) => self.write(*ink, text),
            Doc::Mark(node) => self.mark(*node),
            Doc::Seq(parts) => jobs.extend(parts.iter().rev().map(|&id| Job::Doc { id, indent, flat })),
            Doc::Value(inner, _) => jobs.push(Job::Doc { id: *inner, indent, flat }),
            Doc::Comment(inner, text) => {
                self.comments.push(text.clone());
                jobs.push(Job::Doc { id: *inner, indent, flat });
            }
            Doc::Group { open, close, items, is_tuple } => {
                self.write(Ink::Plain, open);
                jobs.push(Job::Text(close));
                let column = self.column() as u32;
                if items.is_empty()
                    || flat
                    || column.saturating_add(docs.widths[id]) <= WIDTH + 2 && docs.comments[id] < 2
                {
                    print_flat(items, *is_tuple, indent, jobs);
                } else if let [DocItem { key: None, value }] = &items[..]
                    && docs.as_group(*value).is_some()
                {
                    if *is_tuple {
                        jobs.push(Job::Text(","));
                    }
                    jobs.push(Job::Doc { id: *value, indent, flat: false });
                } else if docs.are_numbers(items) {
                    print_filled(docs, items, indent, jobs);
                } else {
                    print_broken(docs, items, indent, jobs);
                }
            }
        }
    }

    fn column(&self) -> usize {
        indentation(self.line_indent) + self.line_width
    }
}

fn push_item(item: &DocItem, indent: u32, flat: bool, jobs: &mut Vec<Job>) {
    jobs.push(Job::Doc { id: item.value, indent, flat });
    if let Some((key, between)) = item.key {
        jobs.push(Job::Text(between));
        jobs.push(Job::Doc { id: key, indent, flat });
    }
}

fn print_flat(items: &[DocItem], is_tuple: bool, indent: u32, jobs: &mut Vec<Job>) {
    if is_tuple && items.len() == 1 {
        jobs.push(Job::Text(","));
    }
    for (index, item) in items.iter().enumerate().rev() {
        push_item(item, indent, true, jobs);
        if index > 0 {
            jobs.push(Job::Text(", "));
        }
    }
}

/// Numbers: as many on a line as it has room for.
fn print_filled(docs: &Docs, items: &[DocItem], indent: u32, jobs: &mut Vec<Job>) {
    let begin = indentation(indent + 1) as u32;
    let mut column = WIDTH;
    let first = jobs.len();
    for item in items {
        let width = docs.widths[item.value] + 1;
        let node = match docs.list[item.value] {
            Doc::Value(_, node) => Some(node),
            _ => None,
        };
        if column.saturating_add(width + 1) > WIDTH {
            jobs.push(Job::Line { indent: indent + 1, node });
            column = begin + width;
        } else {
            jobs.push(Job::Text(" "));
            column += width + 1;
        }
        push_item(item, indent + 1, true, jobs);
        jobs.push(Job::Text(","));
    }
    jobs.push(Job::Line { indent, node: None });
    // They were put down in reading order; the next thing to do is the last.
    jobs[first..].reverse();
}

fn print_broken(docs: &Docs, items: &[DocItem], indent: u32, jobs: &mut Vec<Job>) {
    jobs.push(Job::Line { indent, node: None });
    for item in items.iter().rev() {
        jobs.push(Job::Text(","));
        push_item(item, indent + 1, false, jobs);
        let node = match docs.list[item.value] {
            Doc::Value(_, node) => Some(node),
            _ => None,
        };
        jobs.push(Job::Line { indent: indent + 1, node });
    }
}
