//! Sources, windows and budgets.

mod chunked;
mod limits;
mod pages;
mod spans;
mod threads;
mod wide;
