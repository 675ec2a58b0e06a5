//! A call, and what is met while it is worked out what it comes to.

use super::value::{AbstractValue, GlobalRef};
use crate::graph::{CallKind, Edge, NodeId};
use std::rc::Rc;

/// Arguments that are looked at.
pub(in crate::safety) const ARGUMENTS: usize = 64;

/// A call, or what one comes to: `partial(f, 1)(2)` is a call of `f`.
#[derive(Clone)]
pub(in crate::safety) struct Call {
    /// The node of the result.
    pub(in crate::safety) id: NodeId,
    pub(in crate::safety) kind: CallKind,
    pub(in crate::safety) args: Rc<[Edge]>,
    /// The dict of keyword arguments.
    pub(in crate::safety) kwargs: Option<Edge>,
}

impl Call {
    /// Whether it makes an instance without calling the class.
    pub(in crate::safety) fn makes(&self) -> bool {
        matches!(self.kind, CallKind::NewObj | CallKind::NewObjEx)
    }

    /// The same call with other arguments.
    pub(in crate::safety) fn with(&self, args: impl Into<Rc<[Edge]>>) -> Self {
        Self { args: args.into(), ..*self }
    }
}

/// What happens on the way to a call's result, in order.
pub(in crate::safety) enum Step {
    /// A global is called.
    Global(Rc<GlobalRef>, Call),
    /// A method of a value that the file makes is called: its name, and whether the value is a constant.
    Method { name: Rc<str>, is_constant: bool },
    /// A function that the file brings is called.
    Function,
    /// An instance of a class that the file brings is made.
    StoredClass,
    /// What is called is the result of something else.
    Result(AbstractValue, Call),
    /// An attribute is taken through which everything can be reached: the whole name, and the part of it.
    LeadsAnywhere { name: String, part: String },
    /// An attribute or item comes to a global.
    Arrived(Rc<GlobalRef>),
    /// The name of an attribute is put together by calls; what it comes to, if that can be worked out.
    ComputedAttribute(Option<String>),
    /// The built-in of that name stands in for an attribute.
    BuiltIn(String),
}
