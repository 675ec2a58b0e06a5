//! State behind a lock, in sources that threads share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A value that one caller uses at a time. Taking it costs two atomic operations when nobody else has it, which is always so but
/// where one source serves several threads; whoever holds it must not ask the same source again.
#[derive(Debug, Default)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// The value, once nobody else uses it. One that a panic left behind is used as it is: what these locks guard is a cache or
    /// the state of a decoder, and both are checked when they are read.
    pub(crate) fn take(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
