//! Which versions of which libraries wrote a pickle, as far as it tells, and with which it does not load.
//!
//! What the file states, what follows from names that only some versions have, and what is only likely are kept apart. A bound is
//! about the environment that wrote the file; a failure about one that loads it.

mod clues;
mod libraries;
mod moves;
mod names;
mod python;

pub use clues::{Failure, Fingerprint, PackageVersion, compare as compare_versions};

use crate::graph::{NodeId, Symbol};
use crate::lens::recogniser::Lens;
use crate::machine::Reading;
use clues::Clues;

/// Names that are looked at; a file with more is told by the first of them.
const SYMBOLS: usize = 5000;

impl Lens<'_> {
    /// The libraries behind a reading of this graph.
    #[must_use]
    pub fn fingerprint(&self, reading: &Reading) -> Fingerprint {
        let mut clues = Clues::default();
        python::look(self, reading, &mut clues);
        names::look(self, &mut clues);
        libraries::look(self, &mut clues);
        clues.finish()
    }
}

/// The calls of globals that `wanted` names, and those of anything else than a global; of millions of others, none.
fn calls<'a>(lens: &Lens<'a>, wanted: impl Fn(&Symbol) -> bool) -> impl Iterator<Item = NodeId> + 'a {
    let graph = lens.graph;
    let is_wanted: Vec<bool> = graph.symbols.iter().map(wanted).collect();
    let is_worth = move |id: &NodeId| graph.glance(*id).is_none_or(|call| is_wanted[call.symbol.0 as usize]);
    graph.reaching_out().filter(is_worth)
}
