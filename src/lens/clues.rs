//! What is known of versions, piece by piece, and what follows from all pieces together.

use crate::bytes::sorting;
use std::cmp::Ordering;

/// Pieces of evidence that are kept for one package.
const EVIDENCE: usize = 8;
/// Ways to fail that are kept.
const FAILURES: usize = 200;

/// The libraries behind a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fingerprint {
    /// Python first.
    pub packages: Vec<PackageVersion>,
    /// What fails to load where.
    pub failures: Vec<Failure>,
}

/// What is known of one package in the environment that wrote the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackageVersion {
    /// Its name on the index.
    pub name: &'static str,
    /// Versions that the file itself states.
    pub stated: Vec<String>,
    /// The version is this one or newer.
    pub since: Option<String>,
    /// The version is older than this one.
    pub until: Option<String>,
    /// What it rests on, the strongest first; guesses say that they are.
    pub evidence: Vec<String>,
    /// Offset of the first piece of evidence.
    pub offset: Option<u64>,
}

/// Something that a loader with another version refuses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The versions that fail: `numpy < 2.0`.
    pub with: String,
    /// With which message.
    pub what: String,
    /// Offset of the opcode it is about.
    pub offset: Option<u64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Bound {
    Stated(String),
    Since(String),
    Until(String),
    /// Only that the package is there, or a guess.
    None,
}

struct Clue {
    package: &'static str,
    bound: Bound,
    reason: String,
    offset: Option<u64>,
}

/// All pieces.
#[derive(Default)]
pub(in crate::lens) struct Clues {
    list: Vec<Clue>,
    failures: Vec<Failure>,
}

impl Clues {
    fn add(&mut self, package: &'static str, bound: Bound, reason: impl Into<String>, offset: Option<u64>) {
        // Of what says the same the first is enough.
        if !self.list.iter().any(|clue| clue.package == package && clue.bound == bound) {
            self.list.push(Clue { package, bound, reason: reason.into(), offset });
        }
    }

    pub(in crate::lens) fn stated(
        &mut self,
        package: &'static str,
        version: &str,
        reason: impl Into<String>,
        offset: Option<u64>,
    ) {
        self.add(package, Bound::Stated(version.to_owned()), reason, offset);
    }

    pub(in crate::lens) fn since(
        &mut self,
        package: &'static str,
        version: &str,
        reason: impl Into<String>,
        offset: Option<u64>,
    ) {
        self.add(package, Bound::Since(version.to_owned()), reason, offset);
    }

    pub(in crate::lens) fn until(
        &mut self,
        package: &'static str,
        version: &str,
        reason: impl Into<String>,
        offset: Option<u64>,
    ) {
        self.add(package, Bound::Until(version.to_owned()), reason, offset);
    }

    /// The file names something of the package.
    pub(in crate::lens) fn named(&mut self, package: &'static str, reason: impl Into<String>, offset: Option<u64>) {
        self.add(package, Bound::None, reason, offset);
    }

    /// What is likely, but bounds nothing.
    pub(in crate::lens) fn guess(&mut self, package: &'static str, reason: &str) {
        self.list.push(Clue { package, bound: Bound::None, reason: format!("a guess: {reason}"), offset: None });
    }

    pub(in crate::lens) fn fails(&mut self, with: impl Into<String>, what: impl Into<String>, offset: Option<u64>) {
        let failure = Failure { with: with.into(), what: what.into(), offset };
        let is_known = self.failures.iter().any(|known| known.with == failure.with && known.what == failure.what);
        if !is_known && self.failures.len() < FAILURES {
            self.failures.push(failure);
        }
    }

    /// Everything together.
    pub(in crate::lens) fn finish(self) -> Fingerprint {
        let mut names: Vec<&'static str> = Vec::new();
        for clue in &self.list {
            if !names.contains(&clue.package) {
                names.push(clue.package);
            }
        }
        sorting::by_key(&mut names, |name| *name != "Python");
        let packages = names.into_iter().map(|name| package(name, &self.list)).collect();
        Fingerprint { packages, failures: self.failures }
    }
}

fn package(name: &'static str, all: &[Clue]) -> PackageVersion {
    let mut clues: Vec<&Clue> = all.iter().filter(|clue| clue.package == name).collect();
    let strength = |clue: &&Clue| match clue.bound {
        Bound::Stated(_) => 0,
        Bound::Since(_) | Bound::Until(_) => 1,
        Bound::None => 2,
    };
    sorting::by_key(&mut clues, strength);
    let stated = clues.iter().filter_map(|clue| match &clue.bound {
        Bound::Stated(version) => Some(version.clone()),
        _ => None,
    });
    let stated: Vec<String> = stated.collect();
    let since = clues.iter().filter_map(|clue| match &clue.bound {
        Bound::Since(version) => Some(version),
        _ => None,
    });
    let since = since.max_by(|a, b| compare(a, b)).cloned();
    let until = clues.iter().filter_map(|clue| match &clue.bound {
        Bound::Until(version) => Some(version),
        _ => None,
    });
    let until = until.min_by(|a, b| compare(a, b)).cloned();
    // What a stronger bound says as well is no evidence any more.
    let counts = |clue: &&&Clue| match &clue.bound {
        Bound::Since(version) => Some(version) == since.as_ref(),
        Bound::Until(version) => Some(version) == until.as_ref(),
        Bound::Stated(_) => true,
        Bound::None => clue.reason.starts_with("a guess") || (stated.is_empty() && since.is_none() && until.is_none()),
    };
    let kept: Vec<&&Clue> = clues.iter().filter(counts).take(EVIDENCE).collect();
    PackageVersion {
        name,
        evidence: kept.iter().map(|clue| clue.reason.clone()).collect(),
        offset: kept.iter().find_map(|clue| clue.offset),
        stated,
        since,
        until,
    }
}

/// The order of versions: numbers between points, what is behind them aside.
#[must_use]
pub fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> {
        let parts =
            version.split('.').map(|part| part.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0));
        let mut numbers: Vec<u64> = parts.collect();
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        numbers
    };
    numbers(a).cmp(&numbers(b))
}

impl PackageVersion {
    /// `1.7.2`, `>= 1.3, < 2.0`, nothing when nothing is known.
    #[must_use]
    pub fn version(&self) -> String {
        if !self.stated.is_empty() {
            return self.stated.join(" and ");
        }
        self.bounds(" ", ", ")
    }

    /// A line for a requirements file.
    #[must_use]
    pub fn pin(&self) -> String {
        match (&self.stated[..], self.name) {
            (_, "Python") => format!("# Python {}", self.version()).trim_end().to_owned(),
            ([one], name) => format!("{name}=={one}"),
            (_, name) => format!("{name}{}", self.bounds("", ",")),
        }
    }

    fn bounds(&self, gap: &str, comma: &str) -> String {
        let since = self.since.as_ref().map(|version| format!(">={gap}{version}"));
        let until = self.until.as_ref().map(|version| format!("<{gap}{version}"));
        since.into_iter().chain(until).collect::<Vec<_>>().join(comma)
    }
}
