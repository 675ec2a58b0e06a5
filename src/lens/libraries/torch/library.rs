//! What torch recognises.

use super::components::components;
use super::{rebuild, tar, versions};
use crate::lens::recogniser::Library;

/// Storages, tensors by every route, and what stands for them.
pub(in crate::lens) const LIBRARY: Library = Library {
    packages: &["torch"],
    shape: Some(rebuild::read),
    components: Some(components),
    array: Some(rebuild::array),
    persistent: Some(rebuild::persistent),
    persistent_array: Some(tar::array),
    outside: Some(rebuild::outside),
    surroundings: Some(versions::look),
    ..Library::NOTHING
};
