//! The standard library: calls that honest picklers write for its types, in the spellings of all protocols.

mod calls;
mod containers;
mod instances;
mod iso;
mod records;
mod refused;
mod scalars;
mod texts;
mod time;
mod types;

pub(in crate::lens) use calls::LIBRARY;
pub use iso::Iso;
pub(in crate::lens) use refused::refused_values;
