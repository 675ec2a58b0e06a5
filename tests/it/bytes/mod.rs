//! Sources, windows and budgets.

mod chunked;
mod limits;
mod spans;
mod threads;
mod wide;
