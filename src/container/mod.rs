//! Formats that pickles come wrapped in: compressed streams, archives, numpy's `.npy`; and the names of formats that
//! are no pickle at all.
//!
//! Everything is known by its content, never by its name, and nothing here does IO: a format is read from a
//! [`Source`](crate::bytes::Source), and what it holds is a source again. Nothing is expanded before it is asked for.

mod archive;
mod describe;
mod feed;
mod kinds;
mod literal;
pub mod npy;
pub mod sevenz;
mod sniff;
pub mod tar;
mod unpack;
pub mod zip;

pub use archive::{Directory, Entry, Method, Note, Opened};
pub use describe::describe;
pub use literal::Literal;
pub use sniff::{Archive, Format, Kind, Packing, sniff, zip_at_end};
pub use unpack::{Ending, Unpacked};
