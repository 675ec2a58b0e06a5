//! A report while it is made.

use super::budget::Budget;
use super::seen::Seen;
use crate::bundle::member::MemberId;
use crate::bytes::sorting;
use crate::graph::ends;
use crate::lens::capitalised;
use crate::safety::rules::CONTAINER_ODDITY;
use crate::safety::{Audit, CallSite, Finding, Level};
use crate::view::{
    CallFacts, FileReport, FindingFacts, ForecastFacts, LoaderStop, Outcome, ReadingStatus, ReportImport,
};

/// Findings, imports and calls that a report lists, and reasons why it is partial.
const LISTED: usize = 1000;

/// A report while it is made.
pub(super) struct Draft {
    pub(super) report: FileReport,
    pub(super) budget: Budget,
    pub(super) seen: Seen,
    /// What readers of archives take differently; it matters where there are pickles.
    oddities: Vec<FindingFacts>,
}

impl Draft {
    pub(super) fn new(path: &str, budget: Budget) -> Self {
        Self { report: FileReport::empty(path), budget, seen: Seen::default(), oddities: Vec::new() }
    }

    pub(super) fn finish(mut self) -> FileReport {
        if self.report.level > Outcome::NotAPickle && !self.oddities.is_empty() {
            self.report.level = self.report.level.max(Outcome::Suspicious);
            self.report.finding_count += self.oddities.len() as u64;
            let room = LISTED.saturating_sub(self.report.findings.len());
            self.report.findings.extend(self.oddities.into_iter().take(room));
        }
        if !self.report.why.is_empty() {
            self.report.reading = ReadingStatus::Partial;
        }
        self.report
    }

    /// Says why the reading is not complete.
    pub(super) fn partial(&mut self, container: &str, why: &str) {
        list(&mut self.report.why, container, why);
    }

    /// Says what is odd and hides nothing.
    pub(super) fn note(&mut self, container: &str, text: &str) {
        list(&mut self.report.notes, container, text);
    }

    pub(super) fn oddity(&mut self, id: MemberId, container: &str, offset: Option<u64>, text: &str) {
        if self.oddities.len() >= LISTED {
            return;
        }
        self.oddities.push(FindingFacts {
            rule: CONTAINER_ODDITY.id.to_owned(),
            level: Level::Suspicious,
            title: CONTAINER_ODDITY.title.to_owned(),
            explanation: format!("{}.", capitalised(text)),
            module: String::new(),
            name: String::new(),
            opcode: String::new(),
            offset: offset.unwrap_or_default(),
            length: 0,
            stream: 0,
            container: container.to_owned(),
            member: id.0,
            call: String::new(),
            how_named: String::new(),
            advice: CONTAINER_ODDITY.advice.to_owned(),
        });
    }

    /// Notes that a pickle does not load.
    pub(super) fn stops_at(&mut self, container: &str, stop: &LoaderStop) {
        if self.report.stops.len() < LISTED {
            let place = if container.is_empty() { String::new() } else { format!("{container}: ") };
            let LoaderStop { offset, opcode, message } = stop;
            self.report.stops.push(format!("{place}CPython stops at offset {offset}, {opcode}: {message}."));
        }
    }

    pub(super) fn forecast(&mut self, facts: ForecastFacts) {
        if self.report.forecasts.len() < LISTED {
            self.report.forecasts.push(facts);
        }
    }

    /// Lists a pickle that was read.
    pub(super) fn pickle(&mut self, container: &str) {
        if self.report.pickles.len() < LISTED {
            self.report.pickles.push(container.to_owned());
        }
    }

    /// Adds the audit of a pickle.
    pub(super) fn add(&mut self, audit: &Audit, container: &str, id: MemberId) {
        for why in &audit.partial {
            self.partial(container, why);
        }
        self.pickle(container);
        let report = &mut self.report;
        report.level = report.level.max(audit.level.into());
        report.finding_count += audit.finding_count;
        report.call_count += audit.call_count;
        let room = |length: usize| LISTED.saturating_sub(length);
        // The worst first, so that what a report cannot hold is the least.
        let mut findings: Vec<_> = audit.findings.iter().collect();
        sorting::by_key(&mut findings, |finding| std::cmp::Reverse(finding.level));
        let findings = findings.into_iter().take(room(report.findings.len()));
        report.findings.extend(findings.map(|finding| found(finding, container, id)));
        let imports = audit.imports.iter().take(room(report.imports.len())).map(|import| ReportImport {
            module: ends(&import.module).into_owned(),
            name: ends(&import.name).into_owned(),
            level: import.level,
            reason: import.reason.clone(),
            offset: import.offset,
            container: container.to_owned(),
            member: id.0,
        });
        report.imports.extend(imports);
        let calls = audit.calls.iter().take(room(report.calls.len())).map(|call| called(call, container, id));
        report.calls.extend(calls);
    }
}

/// Adds a sentence with the place that it is about, as long as there is room.
fn list(sentences: &mut Vec<String>, container: &str, text: &str) {
    let sentence = match container {
        "" => capitalised(text),
        // What keeps an entry from being opened is said with its name.
        _ if text.starts_with(container) => text.to_owned(),
        _ => format!("{container}: {text}"),
    };
    match sentences.len() {
        0..LISTED => sentences.push(sentence),
        LISTED => sentences.push("And more.".to_owned()),
        _ => {}
    }
}

fn found(finding: &Finding, container: &str, id: MemberId) -> FindingFacts {
    FindingFacts {
        rule: finding.rule.id.to_owned(),
        level: finding.level,
        title: finding.rule.title.to_owned(),
        explanation: finding.explanation.clone(),
        module: ends(&finding.module).into_owned(),
        name: ends(&finding.name).into_owned(),
        opcode: finding.opcode.to_owned(),
        offset: finding.offset,
        length: finding.length,
        stream: finding.stream as u64,
        container: container.to_owned(),
        member: id.0,
        call: finding.call.clone(),
        how_named: finding.how_named.to_string(),
        advice: finding.rule.advice.to_owned(),
    }
}

fn called(call: &CallSite, container: &str, id: MemberId) -> CallFacts {
    CallFacts {
        call: call.text.clone(),
        level: call.level,
        opcode: call.opcode.to_owned(),
        offset: call.offset,
        stream: call.stream as u64,
        container: container.to_owned(),
        member: id.0,
        discarded: call.discarded,
    }
}
