//! The report of a scan for people.

use super::output::{self, sentence};
use picklescope::safety::Level;
use picklescope::view::{FileReport, FindingFacts, Outcome, ReadingStatus, preview};
use std::io::{self, Write};

/// Findings of a file that are printed, and reasons why a reading is partial.
const LISTED: usize = 20;
/// Unknown names of a file that are printed.
const UNKNOWN: usize = 5;

/// Files by what became of them; those that were not read completely only by what is bad enough already.
#[derive(Default)]
pub(crate) struct Counts {
    files: u64,
    partial: u64,
    /// In the order of the outcomes.
    outcomes: [u64; 6],
}

impl Counts {
    pub(crate) fn add(&mut self, report: &FileReport) {
        self.files += 1;
        let is_partial = report.reading == ReadingStatus::Partial;
        self.partial += u64::from(is_partial);
        // Of what was not read nobody knows that it is no worse.
        let is_settled = !is_partial || report.level >= Outcome::Suspicious;
        self.outcomes[report.level as usize] += u64::from(is_settled);
    }
}

/// One file; nothing when it was read completely and holds no pickle.
pub(crate) fn report(report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    let is_partial = report.reading == ReadingStatus::Partial;
    if report.level == Outcome::NotAPickle && !is_partial {
        return Ok(());
    }
    let path = output::path(&report.path);
    match (is_partial, report.level) {
        (false, level) => writeln!(out, "{path}: {}", level.word())?,
        (true, Outcome::Suspicious | Outcome::Dangerous) => writeln!(out, "{path}: {}, PARTIAL", report.level.word())?,
        (true, Outcome::NotAPickle) => writeln!(out, "{path}: PARTIAL")?,
        (true, level) => writeln!(out, "{path}: PARTIAL, {} as far as it was read", level.word().to_lowercase())?,
    }
    for why in report.why.iter().take(LISTED) {
        writeln!(out, "  not read: {}", sentence(why))?;
    }
    more(report.why.len().saturating_sub(LISTED) as u64, out)?;
    let mut findings: Vec<&FindingFacts> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let severe = findings.iter().filter(|finding| finding.level >= Level::Suspicious).count().min(LISTED);
    // Where there is worse, what is merely unknown is not listed.
    let listed = if severe > 0 { severe } else { findings.len().min(UNKNOWN) };
    for finding in &findings[..listed] {
        print_finding(finding, out)?;
    }
    more(report.finding_count.saturating_sub(listed as u64), out)?;
    for stop in report.stops.iter().take(LISTED) {
        writeln!(out, "  note: {}", sentence(stop))?;
    }
    for note in report.notes.iter().take(LISTED) {
        writeln!(out, "  note: {}", sentence(note))?;
    }
    more(report.notes.len().saturating_sub(LISTED) as u64, out)?;
    for forecast in report.forecasts.iter().take(LISTED) {
        let place = if forecast.container.is_empty() { String::new() } else { format!("{}: ", forecast.container) };
        writeln!(out, "  {}", sentence(&format!("{place}{}", forecast.sentence)))?;
    }
    Ok(())
}

fn print_finding(finding: &FindingFacts, out: &mut dyn Write) -> io::Result<()> {
    let mut place = vec![format!("offset {}", finding.offset)];
    if finding.stream > 0 {
        place.push(format!("pickle {}", finding.stream + 1));
    }
    if !finding.container.is_empty() {
        place.push(output::name(&finding.container).into_owned());
    }
    if !finding.opcode.is_empty() {
        place.push(output::name(&finding.opcode).into_owned());
    }
    let word = finding.level.word().to_lowercase();
    let (place, text) = (place.join(", "), sentence(&finding.explanation));
    writeln!(out, "  {word} [{}] {place}: {text}", finding.rule)?;
    if finding.call.is_empty() { Ok(()) } else { writeln!(out, "    {}", sentence(&finding.call)) }
}

fn more(count: u64, out: &mut dyn Write) -> io::Result<()> {
    if count > 0 { writeln!(out, "  and {count} more; --format json has them") } else { Ok(()) }
}

/// The last line.
pub(crate) fn summary(counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Vec::new();
    let outcomes = [
        Outcome::Dangerous,
        Outcome::Suspicious,
        Outcome::UnknownCode,
        Outcome::Recognised,
        Outcome::DataOnly,
        Outcome::NotAPickle,
    ];
    for outcome in outcomes {
        let count = counts.outcomes[outcome as usize];
        if count > 0 {
            parts.push(format!("{count} {}", outcome.word().to_lowercase()));
        }
    }
    let files = preview::plural(counts.files, "file", "files");
    let split = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    let partial = if counts.partial > 0 { format!("; {} PARTIAL", counts.partial) } else { String::new() };
    writeln!(out, "{files}{split}{partial}")
}
