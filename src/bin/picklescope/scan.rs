//! `picklescope scan`: what loading the pickles in files and folders would do, for people, programs and code scanning.

use super::{input, sarif, scan_text};
use clap::ArgMatches;
use picklescope::bundle::Bundle;
use picklescope::bytes::Limits;
use picklescope::view::{FileReport, Outcome, ReadingStatus};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Every file was read completely, and nothing in them reaches the threshold.
const CLEAR: u8 = 0;
/// Something is at the threshold or above it.
const FOUND: u8 = 1;
/// Something could not be read completely, and nothing reaches the threshold.
const PARTIAL: u8 = 2;
/// The command line is wrong (`EX_USAGE` of `sysexits.h`).
pub(crate) const WRONG_WORDS: u8 = 64;
/// The report could not be written (`EX_IOERR` of `sysexits.h`).
const NOT_WRITTEN: u8 = 74;

/// Time between two lines of progress.
const PROGRESS: Duration = Duration::from_millis(100);

/// A file to be looked at, or why there is none.
enum Target {
    File(PathBuf),
    Unreadable(PathBuf, String),
}

impl Target {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Unreadable(path, _) => path,
        }
    }
}

/// Runs the command; gives its exit code.
pub(crate) fn run(matches: &ArgMatches) -> u8 {
    let mut targets = Vec::new();
    for path in matches.get_many::<PathBuf>("path").into_iter().flatten() {
        targets.extend(find(path));
    }
    let mut limits = Limits::default();
    limits.unpacked = matches.get_one::<u64>("max-unpacked").copied().unwrap_or(limits.unpacked);
    let word = |name| matches.get_one::<String>(name).map_or("", String::as_str);
    let threshold = match word("fail-on") {
        "dangerous" => Outcome::Dangerous,
        "unknown" => Outcome::UnknownCode,
        _ => Outcome::Suspicious,
    };
    let mut tally = Tally { threshold, found: false, partial: false };
    let done = match word("format") {
        "json" => json(&targets, &limits, &mut tally),
        "sarif" => sarif_log(&targets, &limits, &mut tally),
        _ => text(&targets, &limits, &mut tally),
    };
    match done {
        // Whoever reads may have seen enough; what was found stays what it is.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("picklescope: {error}");
            NOT_WRITTEN
        }
        _ => tally.code(),
    }
}

/// What the exit code is made of.
struct Tally {
    threshold: Outcome,
    found: bool,
    partial: bool,
}

impl Tally {
    fn add(&mut self, report: &FileReport) {
        self.found |= report.level >= self.threshold;
        self.partial |= report.reading == ReadingStatus::Partial;
    }

    fn code(&self) -> u8 {
        match (self.found, self.partial) {
            (true, _) => FOUND,
            (false, true) => PARTIAL,
            (false, false) => CLEAR,
        }
    }
}

fn text(targets: &[Target], limits: &Limits, tally: &mut Tally) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout());
    let mut counts = scan_text::Counts::default();
    let mut written = Ok(());
    each(targets, limits, &mut |report| {
        tally.add(&report);
        counts.add(&report);
        if written.is_ok() {
            written = scan_text::report(&report, &mut out);
        }
    });
    written?;
    scan_text::summary(&counts, &mut out)?;
    out.flush()
}

/// An array of [`FileReport`], each on a line of its own, written as they come.
fn json(targets: &[Target], limits: &Limits, tally: &mut Tally) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout());
    let mut written = out.write_all(b"[");
    let mut separator = "\n";
    each(targets, limits, &mut |report| {
        tally.add(&report);
        if written.is_ok() {
            written = write!(out, "{separator}").and_then(|()| Ok(serde_json::to_writer(&mut out, &report)?));
            separator = ",\n";
        }
    });
    written?;
    writeln!(out, "\n]")?;
    out.flush()
}

fn sarif_log(targets: &[Target], limits: &Limits, tally: &mut Tally) -> io::Result<()> {
    let mut log = sarif::Log::default();
    each(targets, limits, &mut |report| {
        tally.add(&report);
        log.add(&report);
    });
    let mut out = BufWriter::new(io::stdout());
    serde_json::to_writer_pretty(&mut out, &log.finish())?;
    writeln!(out)?;
    out.flush()
}

/// Audits all targets on all processors and hands over the reports in the order of the targets.
fn each(targets: &[Target], limits: &Limits, take: &mut dyn FnMut(FileReport)) {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(targets.len());
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(target) = targets.get(index) else { break };
                    if sender.send((index, audit(target, limits))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut progress = Progress::new(targets.len());
        // Reports that are there before their turn.
        let mut early: BTreeMap<usize, FileReport> = BTreeMap::new();
        let mut turn = 0;
        for (done, (index, report)) in receiver.into_iter().enumerate() {
            progress.tell(done + 1, &report.path);
            early.insert(index, report);
            while let Some(report) = early.remove(&turn) {
                progress.clear();
                take(report);
                turn += 1;
            }
        }
        progress.clear();
    });
}

fn audit(target: &Target, limits: &Limits) -> FileReport {
    let name = target.path().to_string_lossy();
    let opened = match target {
        Target::File(path) => input::open_path(path).map_err(|error| error.to_string()),
        Target::Unreadable(_, why) => Err(why.clone()),
    };
    match opened {
        Ok(source) => {
            // By its own name, of which the ending counts.
            let base = target.path().file_name().map_or_else(|| name.clone(), OsStr::to_string_lossy);
            Bundle::new(vec![(base.into_owned(), source)], limits.clone()).report(&name, u64::MAX, &mut |_| {})
        }
        Err(why) => FileReport::unread(&name, why),
    }
}

/// A file, or every file in a folder and the folders in it, sorted by name. Links to folders are not followed; what is
/// neither a file nor a folder (a pipe, a device) is left out in folders.
fn find(path: &Path) -> Vec<Target> {
    let is_folder = path != Path::new("-") && fs::metadata(path).is_ok_and(|facts| facts.is_dir());
    if !is_folder {
        return vec![Target::File(path.to_owned())];
    }
    let mut found = Vec::new();
    let given = path;
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        let is_link = path != given && fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_symlink());
        match fs::metadata(&path) {
            Ok(facts) if facts.is_dir() && is_link => {}
            Ok(facts) if facts.is_dir() => match entries(&path) {
                Ok(entries) => waiting.extend(entries.into_iter().rev()),
                Err(error) => found.push(Target::Unreadable(path, error.to_string())),
            },
            Ok(facts) if facts.is_file() => found.push(Target::File(path)),
            Ok(_) => {}
            Err(error) => found.push(Target::Unreadable(path, error.to_string())),
        }
    }
    found
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}

/// A line on the terminal that says how far it has come; none when standard error is something else.
struct Progress {
    shows: bool,
    total: usize,
    last: Instant,
    is_there: bool,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { shows: io::stderr().is_terminal() && total > 1, total, last: Instant::now(), is_there: false }
    }

    fn tell(&mut self, done: usize, path: &str) {
        if self.shows && self.last.elapsed() >= PROGRESS {
            let start = path.len().saturating_sub(50);
            let tail: String = path.char_indices().filter(|(at, _)| *at >= start).map(|(_, c)| c).collect();
            eprint!("\r\x1b[K{done} of {} files  {}", self.total, scan_text::printable(&tail));
            self.last = Instant::now();
            self.is_there = true;
        }
    }

    fn clear(&mut self) {
        if self.is_there {
            eprint!("\r\x1b[K");
            self.is_there = false;
        }
    }
}
