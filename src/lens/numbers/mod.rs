//! Arrays as bytes, a dtype and a shape, whichever library wrote them, and what can be said of many numbers. Nothing here asks
//! what a call means, but for the dtypes and scalars of numpy, in which all of them are described.

mod array;
mod array_series;
pub(in crate::lens) mod convert;
mod datetime;
mod dtype;
mod dtype_fault;
mod dtype_reader;
pub(in crate::lens) mod element;
mod elements;
mod histogram;
pub(in crate::lens) mod moment;
mod negation;
pub(in crate::lens) mod numpy_scalar;
mod payload;
mod quartiles;
pub(in crate::lens) mod series;
mod shortest;
mod statistics;
mod stored;

pub use array::{Array, Data, Order, shape_text};
pub use array_series::ArraySeries;
pub(in crate::lens) use dtype::product;
pub use dtype::{Dtype, Field, Float8, Kind};
pub use elements::{FieldView, Plane};
pub use histogram::Histogram;
pub use moment::unix_moment;
pub(in crate::lens) use moment::{NAT, Unit};
pub(in crate::lens) use negation::Negation;
pub use payload::Payload;
pub use series::{Series, Value, Values};
pub use statistics::{Numbers, Tally, Texts};
pub use stored::Plain;
