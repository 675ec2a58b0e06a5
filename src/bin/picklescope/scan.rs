//! `picklescope scan`: what loading the pickles in files and folders would do, for people, programs and code scanning.

use super::memory::Memory;
use super::output::{self, Output, Spelling};
use super::targets::{self, Target};
use super::worker::Terms;
use super::{cache, lines::Lines, pool, sarif, scan_text};
use clap::ArgMatches;
use picklescope::view::{FileReport, Outcome, ReadingStatus};
use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Runs the command; gives its exit code.
pub(crate) fn run(matches: &ArgMatches) -> u8 {
    let paths: Vec<&PathBuf> = matches.get_many("path").into_iter().flatten().collect();
    let folder = matches.get_one::<PathBuf>("cache").map(|folder| cache::prepare(folder, &paths));
    let folder = match folder.transpose() {
        Ok(folder) => folder,
        Err(why) => {
            output::say(&why);
            return WRONG_WORDS;
        }
    };
    let terms = Terms { memory: Memory::of(matches), cache: folder.as_deref() };
    let word = |name| matches.get_one::<String>(name).map_or("", String::as_str);
    let threshold = match word("fail-on") {
        "dangerous" => Outcome::Dangerous,
        "unknown" => Outcome::UnknownCode,
        _ => Outcome::Suspicious,
    };
    let mut tally = Tally { threshold, found: false, partial: false };
    if matches.get_flag("stdin") {
        return end(lines(terms, &mut tally), &tally);
    }
    let targets: Vec<Target> = paths.into_iter().flat_map(|path| targets::find(path)).collect();
    let format = if matches.get_flag("json") { "json" } else { word("format") };
    let done = match format {
        "json" => json(targets, terms, &mut tally),
        "sarif" => sarif_log(targets, terms, &mut tally),
        _ => text(targets, terms, &mut tally),
    };
    end(done, &tally)
}

/// The exit code.
fn end(done: io::Result<()>, tally: &Tally) -> u8 {
    match done {
        // Whoever reads may have seen enough; what was found stays what it is.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            output::say(&error.to_string());
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

fn text(targets: Vec<Target>, terms: Terms<'_>, tally: &mut Tally) -> io::Result<()> {
    let mut out = Output::stdout(Spelling::Text, u64::MAX);
    let mut counts = scan_text::Counts::default();
    let mut written = Ok(());
    each(targets, terms, &mut |report| {
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
fn json(targets: Vec<Target>, terms: Terms<'_>, tally: &mut Tally) -> io::Result<()> {
    let mut out = Output::stdout(Spelling::Json, u64::MAX);
    let mut written = out.write_all(b"[");
    let mut separator = "\n";
    each(targets, terms, &mut |report| {
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

fn sarif_log(targets: Vec<Target>, terms: Terms<'_>, tally: &mut Tally) -> io::Result<()> {
    let mut out = Output::stdout(Spelling::Json, u64::MAX);
    let (mut log, mut written) = match sarif::Log::begin(&mut out) {
        Ok(log) => (Some(log), Ok(())),
        Err(error) => (None, Err(error)),
    };
    each(targets, terms, &mut |report| {
        tally.add(&report);
        if let (Some(log), Ok(())) = (&mut log, &written) {
            written = log.add(&report);
        }
    });
    written?;
    log.map_or(Ok(()), sarif::Log::finish)?;
    out.flush()
}

/// A [`FileReport`] for each line of standard input, a line each, as soon as those before it are written.
fn lines(terms: Terms<'_>, tally: &mut Tally) -> io::Result<()> {
    let mut out = Output::stdout(Spelling::Json, u64::MAX);
    let mut written = Ok(());
    let stopped = AtomicBool::new(false);
    let mut targets = Lines::new(io::stdin(), &stopped);
    pool::each(&mut targets, usize::MAX, terms, &mut |_, _| {}, &mut |report| {
        tally.add(&report);
        if written.is_ok() {
            written = serde_json::to_writer(&mut out, &report)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
                .and_then(|()| out.flush());
            stopped.store(written.is_err(), Ordering::Relaxed);
        }
    });
    written
}

/// Audits all targets and hands over the reports in their order, with a line of progress in between.
fn each(targets: Vec<Target>, terms: Terms<'_>, take: &mut dyn FnMut(FileReport)) {
    let total = targets.len();
    let progress = RefCell::new(Progress::new(total));
    let mut tell = |done, path: &str| progress.borrow_mut().tell(done, path);
    pool::each(&mut targets.into_iter(), total, terms, &mut tell, &mut |report| {
        progress.borrow_mut().clear();
        take(report);
    });
    progress.borrow_mut().clear();
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
            eprint!("\r\x1b[K{done} of {} files  {}", self.total, output::path(&tail));
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
