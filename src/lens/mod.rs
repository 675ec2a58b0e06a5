//! What nodes mean: the shape that a person expects where the graph has calls.
//!
//! A lens looks at the graph and the payload bytes, nothing else, and gives plain data. What it does not understand it leaves
//! to the shape that every call has: callee, arguments, state, items.

mod numpy;
mod numpy_scalar;
mod parts;
mod reader;
mod scalar;
mod shape;
mod stdlib;
mod stdlib_time;

pub use parts::{Part, PartChild, PartLabel};
pub use reader::{Lens, Python2Reading};
pub use scalar::{Scalar, ScalarKind};
pub use shape::{Shape, ShapeKind};
