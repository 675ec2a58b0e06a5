//! What the verdict strip says besides the verdict's own sentence, on the page and in a report.

use super::preview::{grouped, plural};
use super::{FileReport, FindingFacts, Outcome, Overview, ReadingStatus};
use crate::safety::Level;
use crate::safety::rules::DANGEROUS_CALL;
use std::collections::HashSet;

/// Other parts that are named beside the first.
const NAMED: usize = 2;

/// What is to be said of the other parts of what was opened.
pub struct Elsewhere<'a> {
    /// The worst of what was found there, when it is worse than the document on show.
    pub finding: Option<&'a FindingFacts>,
    /// The other parts that have something as bad, the first few, and how many they are.
    pub others: (Vec<&'a str>, u64),
    /// A sentence or two; beside a finding, only what was not read.
    pub words: String,
}

impl Elsewhere<'_> {
    /// Where the worst is: `in model.pkl, data.pkl and 1 more`; empty where nothing is worse than what is on show.
    #[must_use]
    pub fn place(&self) -> String {
        let Some(finding) = self.finding else { return String::new() };
        let (others, count) = &self.others;
        let mut names = vec![finding.container.as_str()];
        names.extend(others);
        let more = count.saturating_sub(others.len() as u64);
        let last = if more > 0 { Some(format!("{} more", grouped(more))) } else { None };
        match (names.split_last(), last) {
            (_, Some(last)) => format!("in {} and {last}", names.join(", ")),
            (Some((last, [])), None) => format!("in {last}"),
            (Some((last, before)), None) => format!("in {} and {last}", before.join(", ")),
            (None, None) => String::new(),
        }
    }
}

impl Overview {
    /// Says that not all of what was opened was there to read.
    pub(crate) fn not_whole(&mut self, why: &str) {
        self.complete = false;
        self.reading = format!("{} {why}", self.reading);
    }

    /// The level that colours the verdict, none while it is not known, and its word.
    #[must_use]
    pub fn verdict_word(&self, report: Option<&FileReport>) -> (Option<Level>, String) {
        let verdict = &self.verdict;
        match (self.is_wrapping, report) {
            // A wrapping is judged by what is in it.
            (true, None) => (None, "Archive".to_owned()),
            (true, Some(report)) if is_clean(report.level.into()) && report.reading == ReadingStatus::Partial => {
                (Some(Level::UnknownCode), "Partly read".to_owned())
            }
            (true, Some(report)) if report.level == Outcome::NotAPickle => {
                (Some(Level::DataOnly), "No pickles".to_owned())
            }
            (true, Some(report)) => (Some(report.level.into()), report.level.word().to_owned()),
            (false, _) if is_clean(verdict.level) && !self.complete => (Some(Level::UnknownCode), verdict.word.clone()),
            (false, _) => (Some(verdict.level), verdict.word.clone()),
        }
    }

    /// Whether the word of the verdict tells how far the reading went.
    #[must_use]
    pub fn word_is_on_reading(&self, word: &str) -> bool {
        !self.complete && matches!(word, "Partly read" | "Not a pickle")
    }

    /// What stands before the sentence on the reading; nothing where the word of the verdict says it.
    #[must_use]
    pub fn how_far(&self, word: &str) -> Option<&'static str> {
        match self.opcodes {
            _ if self.complete || self.word_is_on_reading(word) => None,
            0 => Some("Not read. "),
            _ => Some("Partly read. "),
        }
    }

    /// What is to be said of the other parts of what was opened: the worst of them, and what was not read.
    #[must_use]
    pub fn elsewhere<'a>(&self, report: &'a FileReport) -> Option<Elsewhere<'a>> {
        let is_worse = self.is_wrapping || report.level > self.verdict.level.into();
        let is_unread_elsewhere = self.complete && !report.why.is_empty();
        if report.pickles.len() <= 1 && !is_worse && !is_unread_elsewhere {
            return None;
        }
        // Of several as bad, the first that calls something, as the verdict of that part has it, or the first.
        let weight = |finding: &&FindingFacts| (finding.level, finding.rule == DANGEROUS_CALL.id);
        let finding = report.findings.iter().rev().filter(|_| is_worse).max_by_key(weight);
        let as_bad = |worst: &FindingFacts| {
            let (mut seen, mut names) = (HashSet::from([worst.member]), Vec::new());
            for other in report.findings.iter().filter(|other| other.level == worst.level) {
                if seen.insert(other.member) && names.len() < NAMED {
                    names.push(other.container.as_str());
                }
            }
            (names, seen.len() as u64 - 1)
        };
        let others = finding.map(as_bad).unwrap_or_default();
        let pickles = plural(report.pickles.len() as u64, "pickle", "pickles");
        let unread = match report.why.len() {
            0 => String::new(),
            1 => format!(" Not all was read: {}.", report.why[0].trim_end_matches('.')),
            more => format!(" {} were not read to the end.", plural(more as u64, "part", "parts")),
        };
        let words = match report.pickles.len() {
            _ if finding.is_some() => unread,
            0 if unread.is_empty() => "No pickles inside.".to_owned(),
            0 => format!("No pickle was found.{unread}"),
            _ if self.is_wrapping => format!("{pickles} in all.{unread}"),
            _ => format!("{pickles} in total; the worst verdict is “{}”.{unread}", report.level.word()),
        };
        Some(Elsewhere { finding, others, words })
    }

    /// Numbers of the document, each with a name for programs; none of what is no pickle.
    #[must_use]
    pub fn fact_words(&self) -> Vec<(&'static str, String)> {
        if self.opcodes == 0 {
            return Vec::new();
        }
        let mut facts = Vec::new();
        facts.extend(self.protocol.map(|protocol| ("protocol", format!("protocol {protocol}"))));
        if self.pickles != 1 {
            facts.push(("pickles", plural(self.pickles, "pickle", "pickles")));
        }
        facts.push(("opcodes", plural(self.opcodes, "opcode", "opcodes")));
        facts.push(("objects", plural(self.objects, "object", "objects")));
        if self.frames > 0 {
            facts.push(("frames", plural(self.frames, "frame", "frames")));
        }
        facts
    }

    /// The bytes behind the last pickle, or behind the place where the reading stopped.
    #[must_use]
    pub fn trailing_words(&self) -> Option<String> {
        let stopped = self.problems.iter().any(|problem| problem.fatal);
        let (one, many) = if stopped { ("unread byte", "unread bytes") } else { ("trailing byte", "trailing bytes") };
        self.trailing.filter(|_| self.opcodes > 0).map(|(_, length)| plural(length, one, many))
    }

    /// How many problems and oddities there are; `None` when there is nothing to say.
    #[must_use]
    pub fn problem_words(&self) -> Option<String> {
        let (problems, notes) = (self.problem_count, self.notes.len() as u64);
        let problems_words = plural(problems, "problem", "problems");
        match (problems, notes) {
            (0, 0) => None,
            (0, notes) => Some(plural(notes, "oddity", "oddities")),
            (_, 0) => Some(problems_words),
            (_, notes) => Some(format!("{problems_words}, {}", plural(notes, "oddity", "oddities"))),
        }
    }
}

/// Whether a level has a calm colour, which what was not read to its end never gets.
fn is_clean(level: Level) -> bool {
    level < Level::UnknownCode
}
