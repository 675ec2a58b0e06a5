//! Sources, windows and budgets.

mod chunked;
mod limits;
mod threads;
mod wide;
