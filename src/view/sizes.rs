//! What is large, as rows.

use serde::{Deserialize, Serialize};

/// The sizes of a document as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SizeSummary {
    /// Bytes of the document itself, unpacked.
    pub file: u64,
    /// Bytes beside it that its values refer to: storages in the same archive, side files, buffers.
    pub beside: u64,
    /// Number of values.
    pub values: u64,
    /// Bytes of the file that belong to no value, largest first.
    pub rests: Vec<SizeRest>,
    /// What CPython needs to load it.
    pub memory: MemorySize,
}

/// Bytes that belong to no value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeRest {
    /// What they are.
    pub what: String,
    /// How many.
    pub bytes: u64,
}

/// An estimate of the memory that CPython 3.11 on 64 bits needs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MemorySize {
    /// Objects, once loaded.
    pub objects: u64,
    /// Numbers of arrays and tensors, once loaded.
    pub numbers: u64,
    /// At most at once while loading.
    pub peak: u64,
    /// What the estimate does not know, in sentences.
    pub notes: Vec<String>,
}

/// One value by size.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeRow {
    /// Its number, to ask for what it holds.
    pub node: u32,
    /// Whether the number is that of a value: other rows are bytes outside the pickles.
    pub is_value: bool,
    /// Where it is: `obj['cache']['frames']`.
    pub path: String,
    /// What it is in a few words.
    pub what: String,
    /// Bytes of it and of everything that only it holds.
    pub retained: u64,
    /// Bytes of it alone.
    pub own: u64,
    /// Whether it holds others.
    pub holds: bool,
}

/// What a value holds.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SizeOutline {
    /// The largest, largest first.
    pub rows: Vec<SizeRow>,
    /// Values that have no row here.
    pub more: u64,
    /// Bytes of those, of keys, states and arguments, and of what they hold.
    pub rest: u64,
}

/// What is large in a document, and what could be smaller.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeReport {
    /// Bytes of everything that was measured.
    pub total: u64,
    /// The document as a whole.
    pub summary: SizeSummary,
    /// What could be smaller.
    pub savings: Savings,
    /// The largest values with what they hold, in the order of an outline.
    pub values: Vec<SizeLine>,
}

/// A line of an outline of sizes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SizeLine {
    /// A value.
    Row {
        /// The level, from 0.
        depth: usize,
        /// The value.
        #[serde(flatten)]
        row: SizeRow,
    },
    /// What is left of a level.
    Rest {
        /// The level, from 0.
        depth: usize,
        /// Values that have no line.
        more: u64,
        /// Bytes of those, of keys, states and arguments.
        rest: u64,
    },
}

/// One tile of a map of sizes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeTile {
    /// The value.
    pub row: SizeRow,
    /// Position of the tile that this one lies in.
    pub above: Option<u32>,
}

/// How values are grouped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SizesBy {
    /// By class.
    Class,
    /// By the module of the class.
    Module,
}

/// All values of a class or a module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeGroup {
    /// Its name.
    pub name: String,
    /// How many values.
    pub count: u64,
    /// Bytes of these alone.
    pub own: u64,
    /// Bytes of these and of what they hold, each counted once.
    pub retained: u64,
    /// The value that holds most.
    pub largest: Option<u32>,
    /// Where that is.
    pub held_by: String,
}

/// An entry of a container, or a wrapping.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SizeEntry {
    /// Its path below the file.
    pub name: String,
    /// How deep it is nested, from 1.
    pub level: u32,
    /// What it is.
    pub word: String,
    /// Bytes that it takes in what it is in; nothing where it is no part of something else.
    pub packed: Option<u64>,
    /// Bytes when unpacked, where that is known.
    pub unpacked: Option<u64>,
}

/// What could be smaller.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Savings {
    /// Payloads that are there more than once, the most wasteful first.
    pub duplicates: Vec<Duplicate>,
    /// Storages of which little is used.
    pub views: Vec<SmallView>,
    /// Arrays of float64, when there are any.
    pub floats: Option<Floats>,
    /// What compression would make of it.
    pub compression: Option<Compression>,
    /// What was not looked at, in sentences.
    pub notes: Vec<String>,
}

/// Payloads with the same bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Duplicate {
    /// Bytes of each.
    pub bytes: u64,
    /// How many there are.
    pub count: u64,
    /// Where the first of them are.
    pub places: Vec<String>,
    /// Numbers of their values, as [`SizeRow::node`].
    pub nodes: Vec<u32>,
}

/// A storage that is kept for a small part of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SmallView {
    /// Where the first tensors are that use it.
    pub places: Vec<String>,
    /// Number of the first.
    pub node: u32,
    /// Bytes of the storage.
    pub storage: u64,
    /// Bytes of it that tensors use.
    pub used: u64,
}

/// Arrays of float64, and what a sample of their values says of float32.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Floats {
    /// Number of arrays.
    pub arrays: u64,
    /// Bytes of them; float32 takes half.
    pub bytes: u64,
    /// Values that were looked at.
    pub sampled: u64,
    /// Of these, those that float32 holds exactly.
    pub exact: u64,
    /// Of these, those that are too large for float32.
    pub beyond: u64,
}

/// What deflate makes of a sample.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Compression {
    /// Bytes that would be compressed.
    pub total: u64,
    /// Bytes that were.
    pub sampled: u64,
    /// What they became.
    pub compressed: u64,
}

impl Compression {
    /// What everything would become, if it is like the sample.
    #[must_use]
    pub fn estimate(&self) -> u64 {
        if self.sampled == 0 {
            return self.total;
        }
        (u128::from(self.total) * u128::from(self.compressed) / u128::from(self.sampled)) as u64
    }
}
