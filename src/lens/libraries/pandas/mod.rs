//! pandas: frames, series, indexes and the arrays under them, in the spellings of all versions from 1.0 on.
//!
//! Sources: `pandas/core/internals/managers.py` (`__reduce__`, `__getstate__`, `__setstate__`),
//! `pandas/_libs/internals.pyx` (`_unpickle_block`), `pandas/_libs/arrays.pyx` (`NDArrayBacked.__setstate__`),
//! `pandas/core/indexes/base.py` (`_new_Index`) and its kin, `pandas/core/arrays/`.

mod arrays;
mod arrow;
mod components;
mod dtypes;
mod index;
mod manager;
mod object_text;
mod period;
mod read;
mod scalars;
mod sparse;
mod table;
mod vector;
mod versions;

pub use index::Index;
pub use object_text::{TableValue, ValueKind};
pub(in crate::lens) use read::LIBRARY;
pub use table::{Table, TableColumn, TableKind};
pub use vector::Vector;

use crate::graph::Symbol;

/// Levels of arrays in arrays: the categories of categories.
const LEVELS: usize = 6;

/// Whether a symbol is pandas' own.
fn is_pandas(symbol: &Symbol) -> bool {
    symbol.module == "pandas" || symbol.module.starts_with("pandas.")
}
