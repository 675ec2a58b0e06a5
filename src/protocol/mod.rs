//! What the page and its worker say to each other.
//!
//! The document lives in the worker; the page asks for windows of it. Every command carries the generation of the file it
//! is about, and the page drops replies of an older one. The `File` itself travels beside [`CommandBody::Open`] as a plain
//! JavaScript value: it cannot be serialised, and need not be. So does the answer to a question beside [`Event::Reply`],
//! because only who asked knows its type.
//!
//! A question is a type of [`ask`] and names the type of its answer ([`Ask::Reply`]), so that nobody can take one answer
//! for another: the server must return it, and the page gets nothing else.

mod answers;
pub mod ask;
mod message;
mod serve;

pub use answers::Target;
pub use ask::{Answer, Ask, Failure, Question, Sink};
pub use message::{Command, CommandBody, Event, FailureCause, Part, Timings, VERSION};
pub use serve::show;

pub use crate::lens::Python2Reading;
