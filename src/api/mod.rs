//! The library's public interface: the part that other programs use.
//!
//! Everything is re-exported at the root of the crate, with an example for each thing; `tests/it/project/surface.txt` lists it.

mod array;
mod error;
#[cfg(not(target_arch = "wasm32"))]
pub mod file;
mod find;
mod frame;
pub mod input;
mod opened;
mod options;
mod scan;
mod value;

pub use array::ArrayLayout;
pub use error::Error;
pub use find::Found;
pub use frame::{ColumnKind, ColumnValues, Frame, FrameColumn};
pub use opened::Opened;
#[cfg(not(target_arch = "wasm32"))]
pub use opened::{open, open_together};
pub use opened::{open_bytes, open_source};
pub use options::Options;
#[cfg(not(target_arch = "wasm32"))]
pub use options::standard_memory;
#[cfg(not(target_arch = "wasm32"))]
pub use scan::{report_of_file, scan};
pub use scan::{scan_bytes, scan_source};
pub use value::Value;
