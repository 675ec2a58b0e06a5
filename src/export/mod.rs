//! Writers: what a file holds, as text or in another format.

mod array_cell;
mod csv;
mod csv_lines;
mod csv_rows;
mod csv_table;
pub mod dis;
mod dis_inlays;
mod dis_page;
mod dis_stack;
mod json;
mod json_scalars;
mod json_text;
pub mod link;
mod named;
mod npy;
mod npz;
mod plain_elements;
mod plain_json;
mod plain_scalars;
mod plain_table;
mod png;
pub mod python;
mod python_file;
mod raw;
mod safetensors;
mod writer;
mod zip;

pub use csv::{Csv, Separator};
pub use dis::{Dis, DisOptions, DisProblem, DisProblemKind, DisReport, dis, dis_with};
pub use dis_stack::Memo;
pub(crate) use dis_stack::{MarkNote, Stack};
pub use json::{Json, json};
pub use npy::{Npy, descr};
pub use npz::Npz;
pub use plain_json::PlainJson;
pub use png::Png;
pub use python_file::PythonFile;
pub use raw::Raw;
pub use safetensors::Safetensors;
pub use writer::{Origin, PIECE, Remarks, Writer};

use crate::graph::NodeId;
use crate::lens::Lens;

/// What a value can be written as, besides JSON, which takes everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fits {
    /// A table.
    pub csv: bool,
    /// One array.
    pub npy: bool,
    /// Several arrays.
    pub npz: bool,
    /// Tensors by name.
    pub safetensors: bool,
    /// Its bytes.
    pub raw: bool,
}

impl Fits {
    /// Looks at a value, and not far into it.
    #[must_use]
    pub fn of(lens: &Lens<'_>, node: NodeId) -> Self {
        if let Some(array) = lens.array(node) {
            let npy = npy::fits(&array);
            let raw = npy && !array.repeats_beyond(writer::REPEATED);
            return Self { csv: csv::fits(&array), npy, npz: false, safetensors: false, raw };
        }
        Self {
            csv: lens.table(node).is_some() || csv_rows::Rows::fits(lens, node),
            npy: false,
            npz: named::any(lens, node, &npy::fits),
            safetensors: named::any(lens, node, &safetensors::fits),
            raw: raw::fits(lens, node),
        }
    }
}
