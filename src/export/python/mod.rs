//! The whole document as Python source: what a loader does, in the words of those who read Python.
//!
//! Statements stand in the order of the opcodes. A value that is used once is written where it is used; what is shared, lies in
//! itself, nests too deeply or is changed by opcodes that no literal can say is made under a name and changed by name. Nothing
//! nests deeper than `survey::DEPTH` levels, so that Python can parse it and nobody recurses.

mod budget;
mod known;
mod known_stdlib;
mod layout;
mod maker;
mod names;
mod plan;
mod print;
mod sheet;
mod strays;
mod survey;
mod words;
mod writer;

pub use budget::Budget;
pub(crate) use names::is_identifier;
pub use sheet::{Ink, Line, Source};

use crate::graph::NodeId;
use crate::lens::Lens;
use crate::machine::Reading;
use std::io::{self, Write};

/// Writes a document as Python source, into memory. `rank` says how bad a node is (0 for nothing), so that each line can name the
/// worst of what it does.
#[must_use]
pub fn source(reading: &Reading, lens: &Lens<'_>, budget: &Budget, rank: &dyn Fn(NodeId) -> u8) -> Source {
    writer::Writer::new(reading, lens, budget, rank).run()
}

/// Writes a document as Python source. The text is complete within the budget before the first line is written.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(reading: &Reading, lens: &Lens<'_>, budget: &Budget, out: &mut dyn Write) -> io::Result<()> {
    let source = source(reading, lens, budget, &|_| 0);
    for index in 0..source.len() {
        source.write_line(index, out)?;
    }
    Ok(())
}
