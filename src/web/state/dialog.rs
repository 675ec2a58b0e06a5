//! The dialogs, and what they are about.

use crate::view::card::Format;
use std::rc::Rc;

/// The dialogs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Dialog {
    /// A place to paste; with text that was not understood, and why.
    Paste {
        /// The text to begin with.
        text: Rc<str>,
        /// What is wrong with it.
        error: Option<Rc<str>>,
    },
    /// A place to paste an error message, with text to begin with.
    Explain {
        /// The text to begin with.
        text: Option<Rc<str>>,
    },
    /// Code to copy, so that the file loads.
    Stubs,
    /// Everything that can be done, by name.
    Menu,
    /// What the reader may set.
    Settings,
    /// The keys.
    Keys,
    /// How to check that nothing leaves the device.
    Privacy,
    /// What the file imports.
    Imports,
    /// What wrote the file.
    Environment,
    /// In which formats something can be saved.
    Export(ExportOf),
}

/// What is to be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportOf {
    /// The value; nothing for the document.
    pub node: Option<u32>,
    /// Its name for people.
    pub name: Rc<str>,
    /// The format, when it was chosen already.
    pub format: Option<Format>,
}
