//! What loading a file would do, of everything in it.

use super::input::{Input, memory};
use super::options::Options;
use crate::bundle::Bundle;
use crate::bytes::Source;
use crate::lens::capitalised;
use crate::view::FileReport;
use std::sync::Arc;

/// Reports what loading the pickles in a file would do, whatever they are wrapped in. Nothing of the file is run. What cannot be
/// opened is reported, too: its reading is partial, and `why` says why.
///
/// ```no_run
/// use picklescope::{Options, Outcome};
///
/// let report = picklescope::scan("model.pkl", &Options::new());
/// if report.level >= Outcome::Suspicious {
///     for finding in &report.findings {
///         println!("{} at offset {}: {}", finding.rule, finding.offset, finding.explanation);
///     }
/// }
/// ```
#[cfg(not(target_arch = "wasm32"))]
pub fn scan(path: impl AsRef<std::path::Path>, options: &Options) -> FileReport {
    let path = path.as_ref();
    report_of_file(path, super::file::open(path, options.input()), options)
}

/// The report on a file that was opened, or on why it cannot be.
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
#[must_use]
pub fn report_of_file(path: &std::path::Path, opened: std::io::Result<Input>, options: &Options) -> FileReport {
    let name = super::file::path_text(path);
    // By its own name, of which the ending counts.
    let base = path.file_name().map_or_else(|| name.as_str().into(), std::ffi::OsStr::to_string_lossy);
    match opened {
        Ok(opened) => report_of(&name, &base, opened, options),
        Err(error) => FileReport::unread(&name, error.to_string()),
    }
}

/// Scans bytes in memory, like [`scan`]. `name` stands for a file name: the report shows it, and its ending counts.
///
/// ```
/// use picklescope::{Options, Outcome};
///
/// let report = picklescope::scan_bytes("x.pkl", b"cos\nsystem\n(S'id'\ntR.".to_vec(), &Options::new());
/// assert_eq!(report.level, Outcome::Dangerous);
/// assert_eq!(report.calls[0].call, "os.system('id')");
/// ```
#[must_use]
pub fn scan_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> FileReport {
    report_of(name, base_name(name), Input { source: memory(bytes), cut: None }, options)
}

/// Scans any source, like [`scan_bytes`].
///
/// ```
/// use picklescope::{MemorySource, Options, Outcome};
/// use std::sync::Arc;
///
/// let source = Arc::new(MemorySource::new(b"N.".to_vec()));
/// assert_eq!(picklescope::scan_source("none.pkl", source, &Options::new()).level, Outcome::DataOnly);
/// ```
#[must_use]
pub fn scan_source(name: &str, source: Arc<dyn Source>, options: &Options) -> FileReport {
    report_of(name, base_name(name), Input { source: Arc::new(super::input::File(source)), cut: None }, options)
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The report on what was opened; it is called `name`, and is a file named `base`.
fn report_of(name: &str, base: &str, opened: Input, options: &Options) -> FileReport {
    let mut bundle = Bundle::new(vec![(base.to_owned(), opened.source)], options.limits());
    let mut report = bundle.report(name, u64::MAX, &mut options.progress());
    if let Some(cut) = opened.cut {
        report.not_whole(&capitalised(&cut));
    }
    report
}
