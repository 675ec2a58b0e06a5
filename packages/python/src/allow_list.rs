//! The names that a file needs, as Python holds them.

use pyo3::prelude::*;

/// The names of one pickle, or of several together.
#[pyclass(frozen, module = "picklescope._picklescope")]
pub(crate) struct AllowList(pub(crate) picklescope::AllowList);

#[pymethods]
impl AllowList {
    #[staticmethod]
    fn together(lists: Vec<PyRef<'_, Self>>) -> Self {
        Self(picklescope::AllowList::together(lists.iter().map(|list| list.0.clone())))
    }

    fn allowed(&self) -> Vec<(&str, &str)> {
        self.0.allowed().collect()
    }

    fn refused(&self) -> Vec<(&str, &str, &str)> {
        self.0.refused().collect()
    }

    fn source(&self) -> String {
        self.0.source()
    }

    fn is_cut(&self) -> bool {
        self.0.is_cut()
    }
}
