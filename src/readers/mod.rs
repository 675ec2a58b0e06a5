//! Readers side by side: what CPython's C loader, `pickle.py`, `pickletools` and torch's restricted loader each make of the
//! pickles of a file, where they differ.
//!
//! Nothing is decoded a second time for loaders: what the machine noted is a problem of a kind, and `table.rs` says of each kind
//! what each loader does there. `pickletools` follows kinds of values alone, with rules of its own; a pickle in which it may differ is
//! gone through once more by these (`listing.rs`). All of it is CPython 3.11 with default settings, and torch 2.6.

mod compare;
mod comparison;
mod listing;
mod numbers;
mod table;

pub use compare::compare;
pub use comparison::{Comparison, Difference, Does, End, PickleComparison, Reader, SharedStop};
