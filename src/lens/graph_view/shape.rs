//! The answer of a lens.

use super::parts::Part;
use super::scalar::ScalarKind;
use crate::graph::ends;

/// What family a value belongs to, which decides the words for its size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShapeKind {
    /// Fully told by its text.
    Scalar(ScalarKind),
    /// A sequence or set of items.
    Items,
    /// Keys and values.
    Mapping,
    /// An object with attributes.
    Instance,
    /// A call that is not understood further.
    Call,
    /// A global: class, function or other attribute of a module.
    Reference,
    /// Something that is not in the file.
    External,
}

/// What a value is to a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Its family.
    pub kind: ShapeKind,
    /// Short name of the type: `dict`, `Pipeline`.
    pub type_name: String,
    /// Full name of the type: `sklearn.pipeline.Pipeline`; the short one for built-in types.
    pub full_name: String,
    /// The value in one line, where one line can tell it.
    pub text: Option<String>,
    /// Its children in the order in which they are shown.
    pub parts: Vec<Part>,
}

impl Shape {
    pub(in crate::lens) fn builtin(kind: ShapeKind, name: &str, parts: Vec<Part>) -> Self {
        Self { kind, type_name: name.to_owned(), full_name: name.to_owned(), text: None, parts }
    }

    pub(in crate::lens) fn named(kind: ShapeKind, module: &str, name: &str, parts: Vec<Part>) -> Self {
        let short = name.rsplit('.').next().unwrap_or(name);
        let full =
            if module == "builtins" { ends(name).into_owned() } else { format!("{}.{}", ends(module), ends(name)) };
        Self { kind, type_name: ends(short).into_owned(), full_name: full, text: None, parts }
    }

    pub(in crate::lens) fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}
