//! What comes out of an audit, and the list of findings while passes make it.

mod audit;
mod collected;

pub use audit::{Audit, CALLS, CallSite, FINDINGS, IMPORTS, Import};
pub(super) use collected::{ALIKE, Findings};
