//! What loading a file would do, judged by names, calls and arguments, never by text.
//!
//! [`audit`] looks at one [`Reading`](crate::machine::Reading). `known.rs` and `tables` say what a name is, `meaning.rs`
//! what a value is, `calls.rs`, `checks.rs` and `unreviewed.rs` judge calls, `callers.rs` what others are given to call,
//! `changes.rs` and `planted.rs` what is done to objects, `nested.rs` looks into pickles in pickles, `readers.rs` at what readers
//! disagree on, `wrappers.rs` at joblib's notes of arrays; `forecast.rs` says what torch's own restricted loader would. `rules`
//! has the text of every kind of finding.

mod audit;
mod bombs;
mod callers;
mod calls;
mod capability;
mod changes;
mod checks;
mod code;
mod evidence;
mod fold;
mod forecast;
mod known;
mod level;
mod meaning;
mod names;
mod nested;
mod packed;
mod planted;
mod readers;
pub mod rules;
mod tables;
mod unreviewed;
mod wrappers;

pub use audit::{Audit, CALLS, CallSite, FINDINGS, Finding, IMPORTS, Import, audit};
pub use capability::Capability;
pub use forecast::{Forecast, Stop, forecast};
pub use known::{Check, Known, Review, Role, judge};
pub use level::Level;
