//! What a value is, as far as the file tells.

use super::names::{Known, Traits, is_introspective, judge, public_module, traits};
use crate::graph::{Edge, ends};
use std::rc::Rc;

/// A global, by whichever way it was reached.
#[derive(PartialEq, Debug)]
pub(super) struct Named {
    pub(super) module: String,
    pub(super) name: String,
    pub(super) known: Known,
    /// What it is apart from that.
    pub(super) traits: Traits,
}

impl Named {
    /// A name is judged as a whole; a very long one then goes by its ends.
    pub(super) fn new(module: &str, name: &str) -> Rc<Self> {
        let (known, mut traits) = (judge(module, name), traits(module, name));
        let (module, name) = (ends(module).into_owned(), ends(name).into_owned());
        if name.split('.').take(64).any(is_introspective) {
            traits = traits.with(Traits::LEADS_ANYWHERE);
        }
        Rc::new(Self { module, name, known, traits })
    }

    /// `module.name`.
    pub(super) fn full(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }

    /// The dict of this module's or class's names.
    pub(super) fn namespace(&self) -> String {
        if self.name.is_empty() { format!("{}.__dict__", self.module) } else { format!("{}.__dict__", self.full()) }
    }

    /// Whether this is `name` in `module` or in the C module behind it.
    pub(super) fn is(&self, module: &str, name: &str) -> bool {
        self.name == name && public_module(&self.module) == module
    }

    /// Whether it has one of these traits.
    pub(super) fn has(&self, any: Traits) -> bool {
        self.traits.has(any)
    }

    pub(super) fn attribute(&self, name: &str) -> Rc<Self> {
        Self::new(&self.module, &format!("{}.{name}", self.name))
    }
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Meaning {
    /// Plain data, not looked at further.
    Data,
    /// A text of the file, or one that folds to a constant.
    Text(Rc<str>),
    /// Bytes, the same.
    Bytes(Rc<[u8]>),
    /// A global.
    Named(Rc<Named>),
    /// A module that was imported as a whole.
    Module(Rc<str>),
    /// The names of a module or class as a dict.
    Namespace(Rc<Named>),
    /// What calling a global gives.
    Instance(Rc<Named>),
    /// `attrgetter` of these names.
    Attributes(Rc<[String]>),
    /// `itemgetter` of this key.
    Item(Option<Rc<str>>),
    /// `methodcaller` of this method.
    MethodCaller(Rc<str>),
    /// `partial` of something, and its arguments.
    Partial(Rc<Meaning>, Rc<[Edge]>),
    /// An attribute of a value that the file makes.
    Method(Rc<Meaning>, Rc<str>),
    /// A code object.
    Code,
    /// A function made from one.
    Function,
    /// A class made in the file.
    Class,
    /// An iterator without an end.
    Endless,
    /// Anything.
    Opaque,
}

impl Meaning {
    /// The text, when it is a known one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it belongs to the loading program, so that a change of it would stay.
    pub(super) fn is_imported(&self) -> bool {
        matches!(self, Self::Named(_) | Self::Module(_) | Self::Namespace(_))
    }
}
