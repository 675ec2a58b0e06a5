//! What an expression or statement consists of, before it is laid out.

use super::sheet::Ink;
use crate::graph::{Edge, NodeId, SymbolId};
use std::borrow::Cow;

/// A piece of an expression; other values are only pointed to.
pub(super) enum Plan {
    Text(Ink, Cow<'static, str>),
    /// A value: its name where it has one, else its expression.
    Edge(Edge),
    /// The variable of a node.
    Name(NodeId),
    /// A global of the file.
    Symbol(SymbolId),
    /// A name that is imported from a module.
    Import(Cow<'static, str>, Cow<'static, str>),
    /// A name by its module: `numpy.ndarray`.
    Member(&'static str, Cow<'static, str>),
    /// What the audit may have marked; takes no room.
    Mark(NodeId),
    Seq(Vec<Plan>),
    Group(Group),
    /// An expression with a comment at the end of its line.
    Comment(Box<Plan>, String),
}

/// Brackets with items between commas.
pub(super) struct Group {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) items: Vec<Item>,
    /// Whether one item alone is followed by a comma.
    pub(super) is_tuple: bool,
}

pub(super) struct Item {
    /// What stands before the value, and between them.
    pub(super) key: Option<(Plan, &'static str)>,
    pub(super) value: Plan,
}

impl Plan {
    pub(super) fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(Ink::Plain, text.into())
    }

    pub(super) fn number(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(Ink::Number, text.into())
    }

    pub(super) fn string(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(Ink::Str, text.into())
    }

    pub(super) fn import(module: impl Into<Cow<'static, str>>, name: impl Into<Cow<'static, str>>) -> Self {
        Self::Import(module.into(), name.into())
    }

    pub(super) fn member(module: &'static str, name: impl Into<Cow<'static, str>>) -> Self {
        Self::Member(module, name.into())
    }

    pub(super) fn group(open: &'static str, items: Vec<Item>, close: &'static str) -> Self {
        Self::Group(Group { open, close, items, is_tuple: false })
    }

    /// `callee(…)`.
    pub(super) fn call(callee: Plan, arguments: Vec<Plan>) -> Self {
        Self::Seq(vec![callee, Self::group("(", arguments.into_iter().map(Item::from).collect(), ")")])
    }

    /// `self.name(…)`.
    pub(super) fn method(self, name: &'static str, arguments: Vec<Plan>) -> Self {
        Self::Seq(vec![self, Self::call(Self::plain(name), arguments)])
    }

    /// A tuple of expressions.
    pub(super) fn tuple(items: Vec<Plan>) -> Self {
        let items = items.into_iter().map(Item::from).collect();
        Self::Group(Group { open: "(", close: ")", items, is_tuple: true })
    }

    /// The values that it points to.
    pub(super) fn edges(&self, out: &mut Vec<Edge>) {
        match self {
            Self::Edge(edge) => out.push(*edge),
            Self::Seq(parts) => parts.iter().for_each(|part| part.edges(out)),
            Self::Comment(inner, _) => inner.edges(out),
            Self::Group(group) => {
                for item in &group.items {
                    if let Some((key, _)) = &item.key {
                        key.edges(out);
                    }
                    item.value.edges(out);
                }
            }
            Self::Text(..) | Self::Name(_) | Self::Symbol(_) | Self::Import(..) | Self::Member(..) | Self::Mark(_) => {}
        }
    }
}

impl Item {
    pub(super) fn pair(key: Plan, between: &'static str, value: Plan) -> Self {
        Self { key: Some((key, between)), value }
    }

    /// `name=value`.
    pub(super) fn keyword(name: impl Into<Cow<'static, str>>, value: Plan) -> Self {
        Self::pair(Plan::plain(name), "=", value)
    }
}

impl From<Plan> for Item {
    fn from(value: Plan) -> Self {
        Self { key: None, value }
    }
}

/// `1_000_000`.
pub(super) fn count(number: u64) -> String {
    crate::lens::grouped(number).replace(',', "_")
}

/// `elided(1_000)`: what a container has beyond the budget.
pub(super) fn elided(items: u64) -> Plan {
    Plan::call(Plan::plain("elided"), vec![Plan::number(count(items))])
}
