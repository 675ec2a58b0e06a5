//! Sizes: each byte counted once, what holds what, estimates against the truth.

mod account;
mod memory;
mod savings;
