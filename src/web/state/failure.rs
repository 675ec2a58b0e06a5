//! Why a file could not be opened, or nothing more can be asked of it.

use std::rc::Rc;

/// A file that could not be shown, or not any further.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Its name; empty when there was no file.
    pub name: Rc<str>,
    /// What kind of failure.
    pub cause: Cause,
    /// What the decoder or the browser said; empty when they said nothing.
    pub message: Rc<str>,
}

/// What kind of failure: what helps depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The browser cannot read the file any more.
    Unreadable,
    /// A defect of the decoder.
    Decoder,
    /// The decoder asked for memory that there is not.
    Memory,
    /// The browser or its user ended the worker.
    Gone,
    /// The reader of the page ended it.
    Stopped,
    /// There is no worker at all.
    NoWorker,
    /// Page and worker are of different versions: only loading the page again helps.
    OtherVersion,
}
