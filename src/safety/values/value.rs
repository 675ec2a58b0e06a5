//! What a value is, as far as the file tells.

use super::super::names::{AtOnce, Growth, Known, Traits, growth, is_introspective, judge, public_module, traits};
use crate::graph::{Edge, ends};
use std::rc::Rc;

/// A global, by whichever way it was reached.
#[derive(PartialEq, Debug)]
pub(in crate::safety) struct GlobalRef {
    pub(in crate::safety) module: String,
    pub(in crate::safety) name: String,
    pub(in crate::safety) known: Known,
    /// What it is apart from that.
    pub(in crate::safety) traits: Traits,
    /// How large what a call of it gives is, and what of that is made at once.
    pub(in crate::safety) growth: Option<(Growth, AtOnce)>,
}

impl GlobalRef {
    /// A name is judged as a whole; a very long one then goes by its ends.
    pub(in crate::safety) fn new(module: &str, name: &str) -> Rc<Self> {
        let (known, mut traits) = (judge(module, name), traits(module, name));
        let growth = growth(module, name);
        let (module, name) = (ends(module).into_owned(), ends(name).into_owned());
        if name.split('.').take(64).any(is_introspective) {
            traits = traits.with(Traits::LEADS_ANYWHERE);
        }
        Rc::new(Self { module, name, known, traits, growth })
    }

    /// `module.name`.
    pub(in crate::safety) fn full(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }

    /// The same, with the name that people know it by where C implements it under another: `posix.system (os.system)`.
    pub(in crate::safety) fn full_and_public(&self) -> String {
        match public_module(&self.module) {
            public if public == self.module => self.full(),
            public => format!("{} ({public}.{})", self.full(), self.name),
        }
    }

    /// The dict of this module's or class's names.
    pub(in crate::safety) fn namespace(&self) -> String {
        if self.name.is_empty() { format!("{}.__dict__", self.module) } else { format!("{}.__dict__", self.full()) }
    }

    /// Whether this is `name` in `module` or in the C module behind it.
    pub(in crate::safety) fn is(&self, module: &str, name: &str) -> bool {
        self.name == name && public_module(&self.module) == module
    }

    /// Whether it has one of these traits.
    pub(in crate::safety) fn has(&self, any: Traits) -> bool {
        self.traits.has(any)
    }

    pub(in crate::safety) fn attribute(&self, name: &str) -> Rc<Self> {
        Self::new(&self.module, &format!("{}.{name}", self.name))
    }
}

/// What a value is.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::safety) enum AbstractValue {
    /// Plain data, not looked at further.
    Data,
    /// A text of the file, or one that folds to a constant.
    Text(Rc<str>),
    /// Bytes, the same.
    Bytes(Rc<[u8]>),
    /// A global.
    Global(Rc<GlobalRef>),
    /// A module that was imported as a whole.
    Module(Rc<str>),
    /// The names of a module or class as a dict.
    Namespace(Rc<GlobalRef>),
    /// What calling a global gives.
    Instance(Rc<GlobalRef>),
    /// `attrgetter` of these names.
    Attributes(Rc<[String]>),
    /// `itemgetter` of this key.
    Item(Option<Rc<str>>),
    /// `methodcaller` of this method.
    MethodCaller(Rc<str>),
    /// `partial` of something, and its arguments.
    Partial(Rc<AbstractValue>, Rc<[Edge]>),
    /// An attribute of a value that the file makes.
    Method(Rc<AbstractValue>, Rc<str>),
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

impl AbstractValue {
    /// The value of a global: a class or function, or the namespace of one.
    pub(in crate::safety) fn of(named: Rc<GlobalRef>) -> Self {
        let last = named.name.rsplit('.').next().unwrap_or(&named.name);
        if last == "__dict__" || last == "__globals__" || last == "__builtins__" {
            let owner = named.name.strip_suffix(last).unwrap_or_default().trim_end_matches('.');
            let module = if last == "__builtins__" { "builtins" } else { &named.module };
            let (module, name) = (module.to_owned(), owner.to_owned());
            return Self::Namespace(Rc::new(GlobalRef { module, name, ..*named }));
        }
        if named.has(Traits::MODULE) {
            return Self::Module(named.full().into());
        }
        Self::Global(named)
    }

    /// The same of a name.
    pub(in crate::safety) fn named(module: &str, name: &str) -> Self {
        Self::of(GlobalRef::new(module, name))
    }

    /// The text, when it is a known one.
    pub(in crate::safety) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it belongs to the loading program, so that a change of it would stay.
    pub(in crate::safety) fn is_imported(&self) -> bool {
        matches!(self, Self::Global(_) | Self::Module(_) | Self::Namespace(_))
    }
}
