//! Writers: what a file holds, as text or in another format.

pub mod dis;
mod dis_inlays;
mod dis_page;
mod dis_stack;
mod json;
pub mod python;

pub use dis::{DisOptions, DisProblem, DisProblemKind, DisReport, dis, dis_with};
pub use dis_stack::Memo;
pub use json::json;
