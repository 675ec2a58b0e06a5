//! The native half of the Python package `picklescope`: thin wrappers around the library's face. What people use is in
//! `python/picklescope/__init__.py`.
//!
//! Everything runs without the GIL and behind [`guarded`], so a panic becomes an exception. Facts go over as JSON, which
//! Python's own `json` reads; bytes go over as bytes.

mod allow_list;
mod frame;
mod guard;
mod held;
mod opened;

use guard::guarded;
use held::Held;
use opened::Opened;
use picklescope::Options;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use std::path::PathBuf;
use std::sync::Arc;

pyo3::create_exception!(_picklescope, Error, PyException, "Something that was asked for cannot be given.");
pyo3::create_exception!(_picklescope, MemberError, Error, "There is no such member in the file.");
pyo3::create_exception!(_picklescope, PathError, Error, "There is no value at the path.");
pyo3::create_exception!(_picklescope, ArrayError, Error, "The value is no array, or one without numbers.");
pyo3::create_exception!(
    _picklescope,
    TableError,
    Error,
    "The value is no table of pandas, or one that cannot be read."
);
pyo3::create_exception!(_picklescope, ExportError, Error, "The value does not fit the format.");
pyo3::create_exception!(_picklescope, InternalError, Error, "A fault in Picklescope itself; please report it.");

/// The options of the face from what Python gives.
fn options(memory: Option<u64>, unpacked: Option<u64>, member: Option<String>) -> Options {
    let mut options = Options::new().watched(guard::interrupted_by_signals());
    if let Some(bytes) = memory {
        options = options.memory(bytes);
    }
    if let Some(bytes) = unpacked {
        options = options.unpacked(bytes);
    }
    if let Some(path) = member {
        options = options.member(path);
    }
    options
}

/// Facts as JSON.
fn json<T: serde::Serialize>(facts: &T) -> Result<String, PyErr> {
    serde_json::to_string(facts).map_err(|error| InternalError::new_err(error.to_string()))
}

/// The report on a file, as JSON.
#[pyfunction]
fn scan_path(py: Python<'_>, path: PathBuf, memory: Option<u64>, unpacked: Option<u64>) -> PyResult<String> {
    guarded(py, || {
        let options = options(memory, unpacked, None);
        let opened = picklescope::api::file::open(&path, options.input())
            .map_err(|error| opened::os_error(&path.to_string_lossy(), error))?;
        json(&picklescope::api::report_of_file(&path, Ok(opened), &options))
    })
}

/// The report on bytes, as JSON.
#[pyfunction]
fn scan_bytes(
    py: Python<'_>,
    name: String,
    bytes: PyBackedBytes,
    memory: Option<u64>,
    unpacked: Option<u64>,
) -> PyResult<String> {
    guarded(py, || {
        let source = Arc::new(Held(bytes));
        json(&picklescope::scan_source(&name, source, &options(memory, unpacked, None)))
    })
}

/// Panics, to see that one costs an exception and no more; used by the tests.
#[pyfunction]
fn _panic(py: Python<'_>) -> PyResult<()> {
    guarded(py, || panic!("asked to"))
}

/// The native module.
#[pymodule(gil_used = false)]
fn _picklescope(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::keep_panics_quiet();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Error", py.get_type::<Error>())?;
    module.add("MemberError", py.get_type::<MemberError>())?;
    module.add("PathError", py.get_type::<PathError>())?;
    module.add("ArrayError", py.get_type::<ArrayError>())?;
    module.add("TableError", py.get_type::<TableError>())?;
    module.add("ExportError", py.get_type::<ExportError>())?;
    module.add("InternalError", py.get_type::<InternalError>())?;
    module.add_class::<Opened>()?;
    module.add_class::<allow_list::AllowList>()?;
    module.add_class::<frame::Table>()?;
    module.add_function(wrap_pyfunction!(scan_path, module)?)?;
    module.add_function(wrap_pyfunction!(scan_bytes, module)?)?;
    module.add_function(wrap_pyfunction!(_panic, module)?)
}
