//! Which versions of which libraries wrote a pickle, as far as it tells, and with which it does not load.
//!
//! What the file states, what follows from names that only some versions have, and what is only likely are kept apart. A bound is
//! about the environment that wrote the file; a failure about one that loads it.

mod calls;
mod names;
mod objects;
mod python;

pub use names::versions_with;

use crate::lens::clues::{Clues, Fingerprint};
use crate::lens::recogniser::Lens;
use crate::machine::Reading;

impl Lens<'_> {
    /// The libraries behind a reading of this graph.
    #[must_use]
    pub fn fingerprint(&self, reading: &Reading) -> Fingerprint {
        let mut clues = Clues::default();
        python::look(self, reading, &mut clues);
        names::look(self, &mut clues);
        objects::look(self, &mut clues);
        clues.finish()
    }
}
