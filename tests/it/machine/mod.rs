//! What a stream does when it is loaded.

mod differential;
mod joblib;
mod malformed;
mod properties;
mod refusals;
mod semantics;
mod tiling;
