//! What loading a file would do, judged by names, calls and arguments, never by text.
//!
//! [`audit`] looks at one [`Reading`](crate::machine::Reading) and gives what is in `outcome.rs`. `known.rs`, `review.rs` and `tables`
//! say what a name is, `resolve.rs` what a file's own look-ups come to, `meaning.rs`
//! what a value is, `calls.rs`, `checks.rs` and `unreviewed.rs` judge calls, `callers.rs` what others are given to call,
//! `changes.rs` and `planted.rs` what is done to objects, `nested.rs` looks into pickles in pickles, `readers.rs` at what readers
//! disagree on, `wrappers.rs` at joblib's notes of arrays; `forecast.rs` says what torch's own restricted loader would. `rules`
//! has the text of every kind of finding.

mod audit;
mod bombs;
mod callers;
mod calls;
mod changes;
mod checks;
mod code;
mod evidence;
mod fold;
mod forecast;
mod level;
mod meaning;
mod names;
mod nested;
mod outcome;
mod packed;
mod planted;
mod readers;
mod resolve;
pub mod rules;
mod unreviewed;
mod wrappers;

pub use audit::audit;
pub use forecast::{Forecast, Stop, forecast};
pub use level::Level;
pub use names::{Bound, Called, Capability, Check, Known, Review, Role, judge};
pub use outcome::{Audit, CALLS, CallSite, FINDINGS, Finding, HowNamed, IMPORTS, Import};
