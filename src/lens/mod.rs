//! What nodes mean: the shape that a person expects where the graph has calls.
//!
//! A lens looks at the graph and the payload bytes, nothing else, and gives plain data. What it does not understand it leaves
//! to the shape that every call has: callee, arguments, state, items.

mod array;
mod attached;
mod dtype;
mod element;
mod environment;
mod element_time;
mod joblib;
mod numbers;
mod numpy;
mod object;
mod parts;
mod payload;
mod reader;
mod scalar;
mod series;
mod shape;
mod shortest;
mod stdlib;
mod stdlib_more;
mod stdlib_time;
mod torch;
mod torch_legacy;
mod torch_tar;

pub use array::{Array, Data, Order, shape_text};
pub use attached::{Attached, Blob, SideFile};
pub use dtype::{Dtype, Field, Float8, Kind};
pub use environment::{Failure, Fingerprint, PackageVersion, compare_versions};
pub use numbers::FieldView;
pub use object::Object;
pub use parts::{Part, PartChild, PartLabel};
pub use payload::Payload;
pub(crate) use reader::Call;
pub use reader::{Lens, Python2Reading};
pub use scalar::{Scalar, ScalarKind};
pub use series::{Series, Values};
pub use shape::{Shape, ShapeKind};
pub use torch_legacy::{LegacyStorages, LoadedStorage, legacy_storages, loaded_storages};

pub use torch_tar::{TarTensor, tar_tensors};

/// A number with its thousands apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
