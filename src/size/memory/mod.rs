//! An estimate of the memory that CPython needs for what a file holds, once it is loaded and while it is.
//!
//! Nothing is loaded: every value counts with what an object of its kind takes (`cpython.rs`). `scripts/measure_memory.py` measures
//! real loading of the fixtures, and a test holds the estimate to that.

mod calls;
mod cpython;
mod loaded;

pub use loaded::Memory;
