//! Reading nodes without knowing any library: what a node is, its operands, states and items.

mod attached;
mod call;
mod changed;
mod inline;
mod kept;
mod object;
mod pairs;
mod parts;
mod persistent;
mod python2;
mod scalar;
mod sections;
mod shape;
mod spelled;
mod view;

pub use attached::{Attached, Blob, LoadedStorage, SideFile, TarTensor};
pub(crate) use call::Call;
pub use object::Object;
pub use parts::{Components, Part, PartChild, PartLabel};
pub(in crate::lens) use persistent::module_source;
pub(crate) use python2::IsAscii;
pub use scalar::{Scalar, ScalarKind};
pub use shape::{Shape, ShapeKind};
pub use view::{GraphView, Python2Reading};
