//! Puts expressions on lines: on one where they fit, else one item on each, as formatters do.

use super::sheet::Ink;
use crate::graph::NodeId;
use std::borrow::Cow;

/// Columns of a line, as far as breaking helps.
pub(super) const WIDTH: u32 = 100;

/// Of what never fits.
pub(super) const ENDLESS: u32 = u32::MAX / 4;

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
    pub(super) widths: Vec<u32>,
    /// Comments in each: a line has room for one.
    pub(super) comments: Vec<u32>,
}

impl Docs {
    pub(super) fn push(&mut self, doc: Doc) -> usize {
        self.list.push(doc);
        self.list.len() - 1
    }

    /// Columns that each takes on one line. Parts stand behind what they are parts of.
    pub(super) fn measure(&mut self) {
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
    pub(super) fn are_numbers(&self, items: &[DocItem]) -> bool {
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
    pub(super) fn as_group(&self, mut id: usize) -> Option<usize> {
        loop {
            match &self.list[id] {
                Doc::Group { items, .. } if !items.is_empty() => return Some(id),
                Doc::Value(inner, _) => id = *inner,
                _ => return None,
            }
        }
    }
}
