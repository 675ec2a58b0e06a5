//! A line that needs no answer.

use std::rc::Rc;

/// What a notice is, which decides how long it stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// Something was done, or there is nothing to do: goes away by itself.
    Done,
    /// Something is going on: stays until something else is to be said.
    Going,
    /// Something failed: stays until it is closed or the next file comes.
    Failed,
}

/// A line to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// What it is.
    pub kind: NoticeKind,
    /// The line.
    pub text: Rc<str>,
}

impl Notice {
    /// What was done, or why there is nothing to do.
    #[must_use]
    pub fn done(text: impl Into<Rc<str>>) -> Self {
        Self { kind: NoticeKind::Done, text: text.into() }
    }

    /// What is going on.
    #[must_use]
    pub fn going(text: impl Into<Rc<str>>) -> Self {
        Self { kind: NoticeKind::Going, text: text.into() }
    }

    /// What failed, and why.
    #[must_use]
    pub fn failed(text: impl Into<Rc<str>>) -> Self {
        Self { kind: NoticeKind::Failed, text: text.into() }
    }
}
