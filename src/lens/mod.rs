//! What nodes mean: the shape that a person expects where the graph has calls.
//!
//! A lens looks at the graph and the payload bytes, nothing else, and gives plain data. What it does not understand it leaves
//! to the shape that every call has: callee, arguments, state, items.
//!
//! Floors, each of which uses only those before it: `text` and `clues`, `graph_view`, `numbers`, `recogniser`, `libraries`,
//! `recognise`, `environment`. ARCHITECTURE.md says what each knows, and how a library is added.

mod clues;
mod environment;
mod found;
mod graph_view;
mod libraries;
mod numbers;
mod recognise;
mod recogniser;
mod text;

pub use clues::{Failure, Fingerprint, PackageVersion, compare as compare_versions};
pub use environment::versions_with;
pub use found::found_in_values;
pub use graph_view::{Attached, Blob, LoadedStorage, SideFile, TarTensor};
pub(crate) use graph_view::{Call, IsAscii};
pub use graph_view::{Components, GraphView, Object, Part, PartChild, PartLabel, Python2Reading};
pub use graph_view::{Scalar, ScalarKind, Shape, ShapeKind};
pub use libraries::boosting::{BoostedModel, Booster, Settings, Usage};
pub use libraries::code::{Class, ClassKind, CodeForm, CodeObject, Function, Made};
pub use libraries::numpy::{Polynomial, Random};
pub use libraries::pandas::{Index, Table, TableColumn, TableKind, TableValue, ValueKind, Vector};
pub use libraries::pil::{Colours, Image, Pixels};
pub use libraries::scipy::{Sparse, SparseCell, SparseFormat};
pub use libraries::sklearn::{
    Arrangement, Child, ChildValue, Estimator, EstimatorTrees, Evidence, Role, Setting, Sheet, SheetCell, Weights,
};
pub use libraries::stdlib::Iso;
pub use libraries::torch::{
    DENSE, Group, Layer, Layout, LegacyStorages, Measure, Module, ModuleDicts, ModuleTree, NamedTensor, NamedTensors,
    Optimizer, Quantized, Scale, SharedStorage, SparseTensor, StorageId, StorageUse, Tensor, TensorKind, TensorRole,
    legacy_storages, loaded_storages, tar_tensors,
};
pub use libraries::tree_model::{DecisionTree, Forest, NodeWords, Topology};
pub use numbers::{
    Array, ArraySeries, Data, Dtype, Field, FieldView, Float8, Histogram, Kind, Numbers, Order, Payload,
};
pub use numbers::{Plain, Plane, Series, Tally, Texts, Value, Values, shape_text, unix_moment};
pub use recogniser::{Lens, Lines};
pub use text::{capitalised, grouped, uncapitalised};
