//! torch: storages, tensors and what holds them; the files of its older versions.

mod components;
mod kinds;
mod layers;
mod legacy;
mod library;
mod module;
mod named;
mod optimizer;
mod rebuild;
mod storage;
mod tar;
mod tensor;
mod values;
mod versions;

pub use kinds::TensorKind;
pub use layers::Layer;
pub use legacy::{LegacyStorages, legacy_storages, loaded_storages};
pub(in crate::lens) use library::LIBRARY;
pub use module::{Module, ModuleTree};
pub use named::{Measure, ModuleDicts, NamedTensor, NamedTensors, SharedStorage, TensorRole};
pub use optimizer::{Group, Optimizer};
pub use tar::tar_tensors;
pub use tensor::{Layout, StorageId, StorageUse, Tensor};
pub use values::{DENSE, Quantized, Scale, SparseTensor};
