//! Formats that pickles come wrapped in: compressed streams, archives, numpy's `.npy`; and the names of formats that
//! are no pickle at all.
//!
//! Everything is known by its content, never by its name, and nothing here does IO: a format is read from a
//! [`Source`], and what it holds is a source again. Nothing is expanded before it is asked for.

use crate::bytes::{Limits, Source, Span};
use std::sync::Arc;

mod archive;
mod describe;
mod feed;
mod flavour;
mod format;
mod kinds;
mod literal;
mod note;
pub mod npy;
mod opening;
mod pieces;
mod renpy;
pub mod sevenz;
mod safetensors;
mod shelf;
mod signs;
mod sniff;
mod structure;
pub mod tar;
mod tar_spans;
mod trial;
mod unpack;
pub mod zip;

pub use archive::{CHECKED, Directory, Entry, Method, Opened};
pub use describe::{TEXT_FILE, describe};
pub use flavour::flavour;
pub use format::{Archive, Format, Kind, Packing};
pub use literal::Literal;
pub use note::Note;
pub use opening::Content;
pub use pieces::Pieces;
pub use renpy::{RENPY_HEAD, renpy};
pub use safetensors::missing as safetensors_missing;
pub use shelf::shelf_entries;
pub use sniff::{end_of_zip, sniff, zip_at_end};
pub use structure::Structure;
pub use trial::{holds_known, unpacks};
pub use unpack::{Ending, Unpacked};

/// The bytes of the zip archive at the end of an input, as far as its directories tell: from its first entry on.
#[must_use]
pub fn extent_of_zip(source: &Arc<dyn Source>, limits: &Limits) -> Option<Span> {
    zip::extent(source, limits)
}

/// The directory of an archive.
#[must_use]
pub fn list(archive: Archive, source: &Arc<dyn Source>, limits: &Limits) -> Directory {
    match archive {
        Archive::Zip => zip::read(source, limits),
        Archive::Tar => tar::read(source, limits),
        Archive::SevenZip => sevenz::read(source, limits),
    }
}
