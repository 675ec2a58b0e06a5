//! A worker of a scan: a process that audits one file after the other, and the side that asks it to.
//!
//! Jobs and reports are lines of JSON. A worker ends when there are no more jobs, with whoever started it, or in the middle
//! of a file; then that file is its last and another worker goes on (see `crash.rs`).

use super::cache::Cache;
use super::crash::{self, Death};
use super::input::{self, Input};
use super::memory::Memory;
use super::watched::this_program;
use picklescope::bytes::MemorySource;
use picklescope::view::FileReport;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

/// First word of the command line of a worker.
pub(crate) const WORD: &str = "--scan-worker";

/// Bytes of a report.
const LONGEST: u64 = 256 << 20;

/// A file to be audited.
#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    path: OsString,
    /// Whether it was found in a folder.
    found: bool,
    /// Its bytes, where they are not in a file: base64.
    bytes: Option<String>,
}

impl Job {
    pub(crate) fn new(path: &Path, found: bool) -> Self {
        Self { path: path.as_os_str().to_owned(), found, bytes: None }
    }

    /// Bytes in base64 instead of a file.
    pub(crate) fn given(name: &str, base64: &str) -> Self {
        Self { path: name.into(), found: false, bytes: Some(base64.to_owned()) }
    }
}

/// What a worker may take, and where it keeps reports.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'c> {
    pub(crate) memory: Memory,
    pub(crate) cache: Option<&'c Path>,
}

/// What the worker does: `words` are the job's budget, `-` when standard input is the file and not where jobs come from, and
/// the folder of the cache.
/// Gives nothing: whoever started it sees what was written.
pub(crate) fn serve(words: &[OsString]) {
    let folder = words.get(3);
    let mut words = words.iter().map(|word| word.to_str().unwrap_or_default());
    let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
    let memory = Memory { total: number().unwrap_or(super::memory::LEAST), unpacked: number() };
    let is_standard_input = words.next() == Some("-");
    let cache = folder.map(|folder| Cache::new(folder.into(), memory));
    crash::end_with_parent();
    memory.enforce();
    if is_standard_input {
        // Nobody reads on when this fails.
        let _ = answer(&Job::new(Path::new("-"), false), memory, None);
        return;
    }
    for line in io::stdin().lock().lines() {
        let job = line.map_err(io::Error::other).and_then(|line| Ok(serde_json::from_str::<Job>(&line)?));
        if job.and_then(|job| answer(&job, memory, cache.as_ref())).is_err() {
            break;
        }
    }
}

fn answer(job: &Job, memory: Memory, cache: Option<&Cache>) -> io::Result<()> {
    let mut line = serde_json::to_vec(&audit(job, memory, cache))?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

fn audit(job: &Job, memory: Memory, cache: Option<&Cache>) -> FileReport {
    let path = PathBuf::from(&job.path);
    let options = memory.options();
    let most = options.input();
    let name = input::path_text(&path);
    if let Some(text) = &job.bytes {
        crash::perhaps(&path);
        let bytes = match data_encoding::BASE64.decode(text.as_bytes()) {
            Ok(bytes) => bytes,
            Err(error) => return FileReport::unread(&name, format!("its base64 cannot be decoded: {error}")),
        };
        let given = Input { source: Arc::new(MemorySource::new(bytes)), cut: None };
        let scan = |given: Input| picklescope::scan_source(&name, given.source, &options);
        return match cache {
            Some(cache) => {
                cache.report(&name, name.rsplit(['/', '\\']).next().unwrap_or(&name).as_bytes(), given, scan)
            }
            None => scan(given),
        };
    }
    let opened = if job.found { input::open_found(&path, most) } else { input::open(&path, most) };
    let scan = |opened| picklescope::api::report_of_file(&path, opened, &options);
    match (cache, opened) {
        (Some(cache), Ok(opened)) => {
            let base = path.file_name().unwrap_or(path.as_os_str()).as_encoded_bytes();
            cache.report(&name, base, opened, |opened| scan(Ok(opened)))
        }
        (_, opened) => scan(opened),
    }
}

/// A worker as the scan sees it.
pub(crate) struct Worker {
    child: Child,
    jobs: Option<ChildStdin>,
    reports: BufReader<ChildStdout>,
    error: ChildStderr,
}

impl Worker {
    /// Starts a worker; one for standard input takes no jobs.
    pub(crate) fn start(Terms { memory, cache }: Terms<'_>, standard_input: bool) -> io::Result<Self> {
        let mut command = this_program()?;
        let unpacked = memory.unpacked.unwrap_or(memory.limits().unpacked);
        command.args([WORD, &memory.total.to_string(), &unpacked.to_string()]);
        if standard_input {
            command.arg("-").stdin(Stdio::inherit());
        } else {
            command.arg("lines").args(cache).stdin(Stdio::piped());
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let jobs = child.stdin.take();
        let reports = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        let error = child.stderr.take().ok_or_else(missing)?;
        Ok(Self { child, jobs, reports, error })
    }

    /// Has a file audited.
    pub(crate) fn ask(&mut self, job: &Job) -> Result<FileReport, Death> {
        if let Some(jobs) = &mut self.jobs {
            let sent = serde_json::to_vec(job).map_err(io::Error::other).and_then(|mut line| {
                line.push(b'\n');
                jobs.write_all(&line)
            });
            if sent.is_err() {
                return Err(self.death());
            }
        }
        let mut line = Vec::new();
        let read = (&mut self.reports).take(LONGEST).read_until(b'\n', &mut line);
        match read {
            Ok(_) if line.last() == Some(&b'\n') => {
                serde_json::from_slice(&line).map_err(|error| Death::Other(error.to_string()))
            }
            Ok(count) if count as u64 == LONGEST => Err(Death::Other("the report is too long".to_owned())),
            _ => Err(self.death()),
        }
    }

    /// Why there is no answer.
    fn death(&mut self) -> Death {
        self.jobs = None;
        let words = crash::last_words(&mut self.error);
        match self.child.wait() {
            Ok(status) => Death::of(status, &words),
            Err(error) => Death::Other(error.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        // It may be in the middle of a file whose report nobody wants; when it is gone already, that is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
