//! What a pickle refers to outside itself: storages, out-of-band buffers, side files.

use crate::bytes::{Source, Span};
use crate::graph::NodeId;
use crate::machine::Reading;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Bytes that stand outside the pickle.
#[derive(Clone)]
pub struct Blob {
    /// What they are read from.
    pub source: Arc<dyn Source>,
    /// Where they are in it.
    pub span: Span,
    /// Where that is to a person: `archive/data/0`, the name of a side file.
    pub place: String,
    /// The member of the container that they are, to open it.
    pub member: Option<u32>,
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob").field("span", &self.span).field("place", &self.place).finish_non_exhaustive()
    }
}

/// A file that stands beside the pickle.
pub struct SideFile {
    /// Its bytes, unpacked.
    pub blob: Blob,
    /// What was read of it, when it is a `.npy` file.
    pub npy: Option<Box<Reading>>,
}

impl fmt::Debug for SideFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SideFile").field("blob", &self.blob).field("npy", &self.npy.is_some()).finish()
    }
}

/// A storage inside a plain pickle: `torch.storage._load_from_bytes(bytes)`, where the bytes are a file of torch before 1.6
/// with this storage as its object (`torch/storage.py`, `__reduce__`).
pub struct LoadedStorage {
    pub(in crate::lens) reading: Reading,
    pub(in crate::lens) source: Arc<dyn Source>,
    pub(in crate::lens) attached: Attached,
}

impl fmt::Debug for LoadedStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedStorage").field("attached", &self.attached).finish_non_exhaustive()
    }
}

/// A tensor in the members beside the pickle of a tar of torch 0.1, which names it by a number.
#[derive(Clone, Debug)]
pub struct TarTensor {
    /// Class of the storage that holds such numbers: `FloatStorage`.
    pub(in crate::lens) storage_class: String,
    pub(in crate::lens) shape: Vec<u64>,
    pub(in crate::lens) strides: Vec<u64>,
    pub(in crate::lens) offset: u64,
    pub(in crate::lens) blob: Blob,
}

impl TarTensor {
    /// The bytes of its storage.
    #[must_use]
    pub fn blob(&self) -> &Blob {
        &self.blob
    }
}

/// Everything outside that was found for one pickle.
#[derive(Debug, Default)]
pub struct Attached {
    /// Storages of a torch container by their key.
    pub storages: HashMap<String, Blob>,
    /// Storages in bytes of the pickle itself, by the call that loads them.
    pub loaded: HashMap<NodeId, LoadedStorage>,
    /// Tensors in the members beside the pickle of a tar of torch 0.1, by their number.
    pub tensors: HashMap<String, TarTensor>,
    /// Out-of-band buffers of protocol 5, in the order of NEXT_BUFFER.
    pub buffers: Vec<Blob>,
    /// Side files by the name that the pickle has for them.
    pub side_files: HashMap<String, SideFile>,
    /// Whether the numbers in the storages have their highest byte first (`byteorder` in a torch archive).
    pub big_endian: bool,
    /// Whether the pickle came in a container of storages: a key without one is then missing from it.
    pub has_storages: bool,
    /// Entries of a torch archive beside the pickle, by name: `version`, `byteorder`.
    pub records: Vec<String>,
}

impl Attached {
    /// The member of the container that is at a place, as [`Blob::place`] spells it.
    #[must_use]
    pub fn member_at(&self, place: &str) -> Option<u32> {
        let side_files = self.side_files.values().map(|file| &file.blob);
        let blobs = self.storages.values().chain(&self.buffers).chain(side_files);
        blobs.filter(|blob| blob.place == place).find_map(|blob| blob.member)
    }
}
