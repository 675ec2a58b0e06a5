//! Finding things in a document: a [`Query`] is what somebody typed, a [`Search`] goes over one document in steps.
//!
//! A step costs about what its budget says, so a search can be shown while it runs and dropped at any time. Nothing is decoded that
//! need not be: texts whose bytes are their characters are searched as they stand in the file, in windows of a megabyte, and the rest
//! one by one. Where a hit is in the tree is worked out for the hits that are shown ([`Search::row`]). `docs/find.md` has the syntax.

mod arrays;
mod compare;
mod dates;
mod expression;
mod haystack;
mod hits;
mod in_cells;
mod matcher;
mod nodes;
mod offsets;
mod others;
mod pass;
mod problem;
mod query;
mod question;
mod raw;
mod roles;
mod rows;
mod search;
mod syntax;

pub use compare::{Comparison, Number, Operator};
pub use hits::Hit;
pub use problem::QueryError;
pub use query::{Kinds, Options, Query};
pub use rows::{Arranging, Condition};
pub use search::{Search, Step};
