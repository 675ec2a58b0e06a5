//! Sources, windows and budgets.

mod chunked;
mod limits;
mod wide;
