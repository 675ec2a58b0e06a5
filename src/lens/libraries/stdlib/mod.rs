//! The standard library: calls that honest picklers write for its types, in the spellings of all protocols.

mod calls;
mod iso;
mod more;
mod refused;
mod time;

pub(in crate::lens) use calls::LIBRARY;
pub use iso::Iso;
pub(in crate::lens) use refused::refused_values;
