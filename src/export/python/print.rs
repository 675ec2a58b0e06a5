//! Writes expressions on the lines that their layout gives them.

use super::layout::{Doc, DocItem, Docs, WIDTH};
use super::sheet::{Ink, indentation};
use super::writer::Writer;
use crate::graph::NodeId;

enum Job {
    Doc { id: usize, indent: u32, flat: bool },
    Text(&'static str),
    Line { indent: u32, node: Option<NodeId> },
}

impl Writer<'_> {
    /// Writes a statement; `node` and `offset` are those of its first line.
    pub(super) fn print(&mut self, docs: &mut Docs, root: usize, node: Option<NodeId>, offset: Option<u64>) {
        docs.measure();
        (self.line_node, self.line_offset) = (node, offset);
        node.into_iter().for_each(|node| self.note(node));
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
            Doc::Value(inner, node) => {
                self.note(*node);
                jobs.push(Job::Doc { id: *inner, indent, flat });
            }
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
