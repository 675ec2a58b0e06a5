//! What is to be reported of a file and everything in it: the audit of every pickle, and how far the reading went.

use crate::bytes::sorting;
use crate::safety::Level;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;

/// How far the reading went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingStatus {
    /// Every byte of every pickle was read and understood.
    Complete,
    /// Not: `why` says where and why.
    Partial,
}

/// The outcome for a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is no pickle in it.
    NotAPickle,
    /// As [`Level::DataOnly`].
    DataOnly,
    /// As [`Level::Recognised`].
    Recognised,
    /// As [`Level::UnknownCode`].
    UnknownCode,
    /// As [`Level::Suspicious`].
    Suspicious,
    /// As [`Level::Dangerous`].
    Dangerous,
}

impl From<Level> for Outcome {
    fn from(level: Level) -> Self {
        match level {
            Level::DataOnly => Self::DataOnly,
            Level::Recognised => Self::Recognised,
            Level::UnknownCode => Self::UnknownCode,
            Level::Suspicious => Self::Suspicious,
            Level::Dangerous => Self::Dangerous,
        }
    }
}

/// The level of what is no pickle is that of data alone.
impl From<Outcome> for Level {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotAPickle | Outcome::DataOnly => Self::DataOnly,
            Outcome::Recognised => Self::Recognised,
            Outcome::UnknownCode => Self::UnknownCode,
            Outcome::Suspicious => Self::Suspicious,
            Outcome::Dangerous => Self::Dangerous,
        }
    }
}

impl Outcome {
    /// The outcome as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAPickle => "Not a pickle",
            Self::DataOnly => Level::DataOnly.word(),
            Self::Recognised => Level::Recognised.word(),
            Self::UnknownCode => Level::UnknownCode.word(),
            Self::Suspicious => Level::Suspicious.word(),
            Self::Dangerous => Level::Dangerous.word(),
        }
    }
}

/// One file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileReport {
    /// As it was given.
    pub path: String,
    /// How far the reading went. A partial reading is never a clean one, whatever the level.
    pub reading: ReadingStatus,
    /// Why the reading is partial, a sentence each.
    pub why: Vec<String>,
    /// The worst of what was found in all pickles and wrappings.
    pub level: Outcome,
    /// What was found, the worst first within each pickle's order.
    pub findings: Vec<FindingFacts>,
    /// Number of findings, those left out included.
    pub finding_count: u64,
    /// The names that the pickles import.
    pub imports: Vec<ReportImport>,
    /// What loading would call, in order.
    pub calls: Vec<CallFacts>,
    /// Number of calls, those left out included.
    pub call_count: u64,
    /// Pickles that were read: their paths in the file, empty for the file itself.
    pub pickles: Vec<String>,
    /// Where CPython's C loader stops in pickles that were read to their end, a sentence each: they are not loaded, whatever
    /// the level says of what they would do.
    pub stops: Vec<String>,
    /// For files of torch: what its own restricted loader would say.
    pub forecasts: Vec<ForecastFacts>,
    /// What is odd about what is around the pickles and beside them, and hides nothing: a checksum that does not match. A
    /// sentence each, never a part of the level.
    pub notes: Vec<String>,
}

impl FileReport {
    /// Of a file of which nothing was read yet.
    #[must_use]
    pub fn empty(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            reading: ReadingStatus::Complete,
            why: Vec::new(),
            level: Outcome::NotAPickle,
            findings: Vec::new(),
            finding_count: 0,
            imports: Vec::new(),
            calls: Vec::new(),
            call_count: 0,
            pickles: Vec::new(),
            stops: Vec::new(),
            forecasts: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The findings by what they share, the worst first and otherwise in the order of the report.
    #[must_use]
    pub fn grouped_findings(&self) -> Vec<FindingGroup> {
        let mut groups: Vec<FindingGroup> = Vec::new();
        let mut known: HashMap<FindingKey<'_>, usize> = HashMap::new();
        for (index, finding) in self.findings.iter().enumerate() {
            let at = *known.entry(finding.key()).or_insert_with(|| {
                groups.push(FindingGroup { level: finding.level, places: Vec::new() });
                groups.len() - 1
            });
            groups[at].places.push(index);
        }
        sorting::by_key(&mut groups, |group| Reverse(group.level));
        groups
    }

    /// The findings of a group, and whether they are of the same call: calls of one name may differ in what they are given.
    #[must_use]
    pub fn in_group<'a>(&'a self, group: &FindingGroup) -> (Vec<&'a FindingFacts>, bool) {
        let findings: Vec<_> = group.places.iter().filter_map(|&index| self.findings.get(index)).collect();
        let is_same_call = findings.windows(2).all(|pair| pair[0].call == pair[1].call);
        (findings, is_same_call)
    }

    /// The numbers of members in it.
    pub(crate) fn members_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        let findings = self.findings.iter_mut().map(|finding| &mut finding.member);
        let imports = self.imports.iter_mut().map(|import| &mut import.member);
        let calls = self.calls.iter_mut().map(|call| &mut call.member);
        let forecasts = self.forecasts.iter_mut().map(|forecast| &mut forecast.member);
        findings.chain(imports).chain(calls).chain(forecasts)
    }

    /// Says first that not all of what was opened was there to read.
    pub(crate) fn not_whole(&mut self, why: &str) {
        self.reading = ReadingStatus::Partial;
        self.why.insert(0, why.to_owned());
    }

    /// Of a file that cannot be opened: `why` says why.
    #[must_use]
    pub fn unread(path: &str, why: String) -> Self {
        Self { reading: ReadingStatus::Partial, why: vec![why], ..Self::empty(path) }
    }
}

/// Findings of one rule about one name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FindingGroup {
    /// Their level.
    pub level: Level,
    /// Their places in [`FileReport::findings`], at least one.
    pub places: Vec<usize>,
}

/// What findings of one group share.
type FindingKey<'a> = (Level, &'a str, &'a str, &'a str, &'a str);

/// One finding with its evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FindingFacts {
    /// Id of the rule; `docs/rules` has a page for each.
    pub rule: String,
    /// How bad.
    pub level: Level,
    /// The rule in a few words.
    pub title: String,
    /// What this very place does, in a sentence.
    pub explanation: String,
    /// Module of the name it is about; empty when it is about none.
    pub module: String,
    /// The name.
    pub name: String,
    /// Opcode.
    pub opcode: String,
    /// Offset of the opcode in the bytes of the pickle's member; for an oddity of a wrapping in those of the wrapping.
    pub offset: u64,
    /// Bytes of the instruction.
    pub length: u64,
    /// Which pickle of the member, from 0.
    pub stream: u64,
    /// Path of the member in the file, `archive/data.pkl`; empty for the file itself.
    pub container: String,
    /// Number of the member, to show it.
    pub member: u32,
    /// What happens, in the spelling of Python.
    pub call: String,
    /// How the name comes to be.
    pub how_named: String,
    /// What to do next.
    pub advice: String,
}

impl FindingFacts {
    /// A finding that is about no name is told by its sentence.
    fn key(&self) -> FindingKey<'_> {
        let is_named = !self.name.is_empty();
        let about = if is_named { "" } else { self.explanation.as_str() };
        (self.level, &self.rule, &self.module, &self.name, about)
    }
}

/// Where a finding or a call is: `REDUCE at offset 57 in archive/data.pkl`.
#[must_use]
pub fn place_words(container: &str, offset: u64, opcode: &str) -> String {
    let within = if container.is_empty() { String::new() } else { format!(" in {container}") };
    let opcode = if opcode.is_empty() { String::new() } else { format!("{opcode} ") };
    format!("{opcode}at offset {offset}{within}")
}

/// A name that is imported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportImport {
    /// Module.
    pub module: String,
    /// Qualified name.
    pub name: String,
    /// What is known of it.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// Offset of the first opcode that names it.
    pub offset: u64,
    /// Path of the member.
    pub container: String,
    /// Number of the member.
    pub member: u32,
}

/// A call that loading makes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallFacts {
    /// In the spelling of Python.
    pub call: String,
    /// How bad.
    pub level: Level,
    /// Opcode.
    pub opcode: String,
    /// Its offset.
    pub offset: u64,
    /// Which pickle of the member, from 0.
    pub stream: u64,
    /// Path of the member.
    pub container: String,
    /// Number of the member.
    pub member: u32,
    /// Whether the result is thrown away: the call is made for its effect alone.
    pub discarded: bool,
}

/// Whether `torch.load(weights_only=True)` would take a pickle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ForecastFacts {
    /// Path of the member.
    pub container: String,
    /// Number of the member.
    pub member: u32,
    /// Whether it takes it, whatever the version from 2.6 on.
    pub accepts: bool,
    /// In one sentence.
    pub sentence: String,
    /// What stops it, in the order of the file.
    pub stops: Vec<StopFacts>,
    /// Globals that `torch.serialization.add_safe_globals` would have to be given.
    pub needs: Vec<String>,
}

/// What torch's restricted loader does not take.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StopFacts {
    /// Offset of the opcode.
    pub offset: u64,
    /// Its name.
    pub opcode: String,
    /// The global that it is about; empty when it is about none.
    pub name: String,
    /// Why, in words.
    pub reason: String,
}
