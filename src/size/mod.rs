//! What is large in a document, and what holds it.
//!
//! Every byte of the file belongs to one value or to a named rest (`account.rs`). What a value holds alone, so that without it
//! nothing would, is its retained size (`dominators.rs`, `sizes.rs`). The rest of the layer answers with it: the largest values
//! as an outline, by class and by module, payloads that are there twice, what could be saved, and the memory that CPython needs.

mod account;
mod amounts;
mod classes;
mod dominators;
mod memory;
mod outline;
mod report;
mod savings;
mod sizes;
mod summary;

pub use account::{Account, Outside, RestKind};
pub use dominators::{Dominators, Held, NONE, Network};
pub use memory::Memory;
pub use sizes::Sizes;
