//! What nodes mean: the shape that a person expects where the graph has calls.
//!
//! A lens looks at the graph and the payload bytes, nothing else, and gives plain data. What it does not understand it leaves
//! to the shape that every call has: callee, arguments, state, items.

mod array;
mod array_series;
mod attached;
mod convert;
mod code;
mod boosting;
mod changed;
mod dtype;
mod element;
mod environment;
mod element_time;
mod found;
mod histogram;
mod iso;
mod kept;
mod joblib;
mod numbers;
mod numpy;
mod numpy_random;
mod object;
mod pandas;
mod parts;
mod payload;
mod polynomial;
mod call;
mod inline;
mod numpy_scalar;
mod persistent;
mod recognise;
mod recogniser;
mod sections;
mod spelled;
mod view;
mod scalar;
mod scipy;
mod series;
mod shape;
mod shortest;
mod statistics;
mod sklearn;
mod stdlib;
mod stdlib_more;
mod stdlib_refused;
mod stdlib_time;
mod stored;
mod torch;
mod torch_legacy;
mod torch_tar;
mod trees;

pub use array::{Array, Data, Order, shape_text};
pub use array_series::ArraySeries;
pub use attached::{Attached, Blob, LoadedStorage, SideFile, TarTensor};
pub use boosting::{BoostedModel, Booster, Settings, Usage};
pub(crate) use call::Call;
pub use code::{Class, ClassKind, CodeForm, CodeObject, Function, Made};
pub use dtype::{Dtype, Field, Float8, Kind};
pub use environment::{Failure, Fingerprint, PackageVersion, compare_versions};
pub use found::found_in_values;
pub use histogram::Histogram;
pub use iso::Iso;
pub use numbers::{FieldView, Plane};
pub use numpy_random::Random;
pub use object::Object;
pub use pandas::{Index, Table, TableColumn, TableKind, TableValue, ValueKind, Vector};
pub use parts::{Part, PartChild, PartLabel};
pub use payload::Payload;
pub use polynomial::Polynomial;
pub use recogniser::Lens;
pub use scalar::{Scalar, ScalarKind};
pub use scipy::{Sparse, SparseCell, SparseFormat};
pub use series::{Series, Values};
pub use shape::{Shape, ShapeKind};
pub use sklearn::{
    Arrangement, Child, ChildValue, Estimator, EstimatorTrees, Evidence, Role, Setting, Sheet, SheetCell, Weights,
};
pub use statistics::{Numbers, Tally, Texts, Value};
pub use stored::Plain;
pub use torch::{
    DENSE, Group, Layer, Layout, Measure, Module, ModuleDicts, ModuleTree, NamedTensor, NamedTensors, Optimizer,
    Quantized, Scale, SparseTensor, TensorRole,
};
pub use torch::{SharedStorage, StorageId, StorageUse, Tensor, TensorKind};
pub use torch_legacy::{LegacyStorages, legacy_storages, loaded_storages};
pub use torch_tar::tar_tensors;
pub use trees::{DecisionTree, Forest, NodeWords, Topology};
pub use view::{GraphView, Python2Reading};

/// A text as a sentence begins.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A sentence's words as they stand within another one: names in it keep their letters.
#[must_use]
pub fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

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
