//! What was opened, as Python holds it.

use crate::allow_list::AllowList;
use crate::frame::{self, Table};
use crate::guard::guarded;
use crate::held::Held;
use crate::{ArrayError, Error, ExportError, InternalError, MemberError, PathError, TableError, json, options};
use picklescope::{ArrayLayout, Format, Value};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// What was opened. One thread asks at a time; others wait, without the GIL.
#[pyclass(frozen, module = "picklescope._picklescope")]
pub(crate) struct Opened(Shared);

/// What was opened, for those that ask later, too.
pub(crate) type Shared = Arc<Mutex<picklescope::Opened>>;

/// The exception for an error of the face.
pub(crate) fn raised(error: picklescope::Error) -> PyErr {
    use picklescope::Error as Face;
    let text = error.to_string();
    match error {
        Face::Open { name, error } => os_error(&name, error),
        Face::NoMember { .. } => MemberError::new_err(text),
        Face::NoValue { .. } => PathError::new_err(text),
        Face::NoArray { .. } => ArrayError::new_err(text),
        Face::NoTable { .. } => TableError::new_err(text),
        Face::Export { .. } => ExportError::new_err(text),
        _ => Error::new_err(text),
    }
}

/// The exception that Python's own `open` raises: with number, words and name.
pub(crate) fn os_error(name: &str, error: io::Error) -> PyErr {
    const IS_A_DIRECTORY: i32 = 21;
    let text = error.to_string();
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => {
            let words = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
            PyOSError::new_err((number, words.to_owned(), name.to_owned()))
        }
        (None, io::ErrorKind::IsADirectory) => PyOSError::new_err((IS_A_DIRECTORY, "Is a directory", name.to_owned())),
        (None, io::ErrorKind::InvalidInput) => PyValueError::new_err(format!("{name:?}: {text}")),
        _ => error.into(),
    }
}

/// Collects bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + more.len()) as u64 > self.most {
            return Err(io::Error::other(format!("there are more than {} bytes; raise the limit", self.most)));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Opened {
    /// Asks what was opened, without the GIL.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&mut picklescope::Opened) -> PyResult<T> + Send,
    ) -> PyResult<T> {
        guarded(py, || match self.0.lock() {
            Ok(mut opened) => ask(&mut opened),
            Err(_) => Err(InternalError::new_err("an earlier question was broken off; open the file again")),
        })
    }

    /// What `write` writes, at most `limit` bytes of it.
    fn written<'py>(
        &self,
        py: Python<'py>,
        limit: Option<u64>,
        write: impl FnOnce(&mut picklescope::Opened, &mut Bounded) -> Result<Vec<String>, picklescope::Error> + Send,
    ) -> PyResult<(Bound<'py, PyBytes>, Vec<String>)> {
        let (bytes, remarks) = self.ask(py, |opened| {
            let mut out = Bounded { bytes: Vec::new(), most: limit.unwrap_or(u64::MAX) };
            let remarks = write(opened, &mut out).map_err(raised)?;
            Ok((out.bytes, remarks))
        })?;
        Ok((PyBytes::new(py, &bytes), remarks))
    }
}

#[pymethods]
impl Opened {
    /// Opens a file.
    #[staticmethod]
    fn from_path(
        py: Python<'_>,
        path: PathBuf,
        memory: Option<u64>,
        unpacked: Option<u64>,
        member: Option<String>,
    ) -> PyResult<Self> {
        guarded(py, || {
            let opened = picklescope::open(&path, &options(memory, unpacked, member)).map_err(raised)?;
            Ok(Self(Arc::new(Mutex::new(opened))))
        })
    }

    /// Opens bytes, which are not copied.
    #[staticmethod]
    fn from_bytes(
        py: Python<'_>,
        name: String,
        bytes: PyBackedBytes,
        memory: Option<u64>,
        unpacked: Option<u64>,
        member: Option<String>,
    ) -> PyResult<Self> {
        guarded(py, || {
            let options = options(memory, unpacked, None);
            let mut opened = picklescope::open_source(&name, Arc::new(Held(bytes)), &options);
            if let Some(path) = member {
                opened.show(&path).map_err(raised)?;
            }
            Ok(Self(Arc::new(Mutex::new(opened))))
        })
    }

    fn overview(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |opened| json(&opened.overview()))
    }

    fn environment(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |opened| json(&opened.environment()))
    }

    fn report(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |opened| json(&opened.report()))
    }

    fn members(&self, py: Python<'_>, most: usize) -> PyResult<String> {
        self.ask(py, |opened| json(&opened.members(most)))
    }

    fn show(&self, py: Python<'_>, member: String) -> PyResult<()> {
        self.ask(py, |opened| opened.show(&member).map_err(raised))
    }

    fn allow_list(&self, py: Python<'_>) -> PyResult<AllowList> {
        self.ask(py, |opened| Ok(AllowList(opened.allow_list())))
    }

    fn tree(&self, py: Python<'_>, depth: u64, items: u64) -> PyResult<String> {
        self.ask(py, |opened| Ok(opened.tree(depth, items)))
    }

    fn value(&self, py: Python<'_>, path: String) -> PyResult<String> {
        self.ask(py, |opened| {
            let Value { path, type_name, summary, text, is_whole, facts, span, .. } =
                opened.value(&path).map_err(raised)?;
            json(&serde_json::json!({
                "path": path, "type": type_name, "summary": summary, "text": text, "is_whole": is_whole,
                "facts": facts, "span": span,
            }))
        })
    }

    fn array(&self, py: Python<'_>, path: String) -> PyResult<String> {
        self.ask(py, |opened| {
            let ArrayLayout { dtype, descr, shape, strides, offset, is_masked, .. } =
                opened.array(&path).map_err(raised)?;
            json(&serde_json::json!({
                "dtype": dtype, "descr": descr, "shape": shape, "strides": strides, "offset": offset,
                "is_masked": is_masked,
            }))
        })
    }

    fn frame(&self, py: Python<'_>, path: String) -> PyResult<Table> {
        guarded(py, || frame::table(&self.0, path))
    }

    fn size(&self, py: Python<'_>, depth: usize, items: usize) -> PyResult<String> {
        self.ask(py, |opened| json(&opened.size(depth, items).map_err(raised)?))
    }

    fn export<'py>(
        &self,
        py: Python<'py>,
        path: Option<String>,
        format: String,
        limit: Option<u64>,
    ) -> PyResult<(Bound<'py, PyBytes>, Vec<String>)> {
        let known = Format::ALL.into_iter().find(|known| known.word() == format);
        let Some(format) = known else {
            let words: Vec<&str> = Format::ALL.iter().map(|known| known.word()).collect();
            return Err(ExportError::new_err(format!("{format} is no format; there are {}", words.join(", "))));
        };
        self.written(py, limit, |opened, out| opened.export(path.as_deref(), format, out))
    }

    fn listing<'py>(&self, py: Python<'py>, limit: Option<u64>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(self.written(py, limit, |opened, out| opened.listing(out).map(|()| Vec::new()))?.0)
    }

    fn python<'py>(&self, py: Python<'py>, limit: Option<u64>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(self.written(py, limit, |opened, out| opened.python(out).map(|()| Vec::new()))?.0)
    }

    fn json<'py>(&self, py: Python<'py>, limit: Option<u64>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(self.written(py, limit, |opened, out| opened.json(out).map(|()| Vec::new()))?.0)
    }
}
