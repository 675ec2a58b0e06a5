//! The audit of everything in a bundle: every member is looked at, every pickle is read.

use super::member::{MemberId, Origin};
use super::{Bundle, OnProgress};
use crate::bytes::Source;
use crate::container::{Ending, Format};
use crate::machine::Reading;
use crate::safety::{Audit, Level};
use crate::view::{CallFacts, FileReport, FindingFacts, Outcome, ReadingStatus, ReportImport};
use std::rc::Rc;

/// Members that are looked at in one file.
const MEMBERS: usize = 100_000;
/// Findings, imports and calls that a report lists.
const LISTED: usize = 1000;
/// Instructions in a row that are hardly an accident.
const CONVINCING: u64 = 32;

impl Bundle {
    /// Reads every pickle in everything that was opened, whatever it is wrapped in, and reports what loading them would do.
    /// `path` is what the report calls the file; `budget` the bytes that are read for it beside the document on show.
    pub fn report(&mut self, path: &str, budget: u64, progress: OnProgress<'_>) -> FileReport {
        let mut report = FileReport {
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
        };
        let mut todo: Vec<MemberId> = self.roots.iter().rev().copied().collect();
        let mut looked_at = 0;
        let mut budget = budget;
        while let Some(id) = todo.pop() {
            looked_at += 1;
            if looked_at > MEMBERS {
                report.why.push(format!("Only the first {MEMBERS} entries were looked at."));
                break;
            }
            let children = self.children(id, progress);
            self.look_into(id, &mut report, &mut budget, progress);
            todo.extend(children.into_iter().rev());
            self.release_members(id, &todo);
        }
        if !report.why.is_empty() {
            report.reading = ReadingStatus::Partial;
        }
        report
    }

    /// Reads a member, when it is or may be a pickle, and adds what is to be said of it.
    fn look_into(&mut self, id: MemberId, report: &mut FileReport, budget: &mut u64, progress: OnProgress<'_>) {
        let format = self.format(id, progress);
        let container = if self.at(id).parent.is_some() { self.path(id) } else { String::new() };
        self.report_oddities(id, &container, report);
        if matches!(self.at(id).origin, Origin::Folder) {
            return;
        }
        let source = match self.source(id, progress) {
            Ok(source) => source,
            Err(why) => return report.why.push(located(&container, &why)),
        };
        if let Some(ending) = self.at(id).unpacked.as_ref().map(|unpacked| unpacked.ending()) {
            match ending {
                Ending::Complete => {}
                Ending::Unfinished => {
                    report.why.push(located(&container, "it was unpacked only in part, to its budget"))
                }
                Ending::Damaged { message, .. } => report.why.push(located(&container, &message)),
            }
        }
        let is_npy = match format {
            Some(Format::Npy) => true,
            None if may_be_pickle(&*source, &self.limits) => false,
            _ => return,
        };
        let other;
        let document = if id == self.shown {
            &self.document
        } else {
            let Some(left) = budget.checked_sub(source.len()) else {
                return report
                    .why
                    .push(located(&container, "it is too large to be read along; open it to have it judged"));
            };
            *budget = left;
            other = self.read(id, Rc::clone(&source), progress);
            &other
        };
        let (reading, audit) = (document.reading(), document.audit());
        let is_file = self.at(id).parent.is_none();
        let counts = if is_npy { reading.opcodes > 0 } else { is_pickle(reading, audit, &*source, is_file) };
        if !counts {
            return;
        }
        if let Some(problem) = reading.problems.fatal() {
            report.why.push(located(&container, &problem.to_string()));
        }
        report.level = report.level.max(audit.level.into());
        report.pickles.push(container.clone());
        add_audit(report, audit, &container, id);
    }

    /// What is odd about a member as an entry or a wrapping, so that readers may see something else.
    fn report_oddities(&self, id: MemberId, container: &str, report: &mut FileReport) {
        let member = self.at(id);
        if !member.listed_whole {
            report.why.push(located(container, "its directory is damaged, entries may be missing"));
        }
        let unpacked = member.unpacked.iter().flat_map(|unpacked| unpacked.notes());
        for note in member.notes.iter().cloned().chain(unpacked).filter(|note| note.text.contains("differs")) {
            report.level = report.level.max(Outcome::Suspicious);
            report.finding_count += 1;
            report.findings.push(FindingFacts {
                rule: "container-oddity".to_owned(),
                level: Level::Suspicious,
                title: "Readers of the archive may see something else".to_owned(),
                explanation: capitalised(&note.text),
                module: String::new(),
                name: String::new(),
                opcode: String::new(),
                offset: note.offset.unwrap_or_default(),
                length: 0,
                stream: 0,
                container: container.to_owned(),
                member: id.0,
                call: String::new(),
                how_named: String::new(),
                advice: "Ask for a file that an ordinary tool wrote.".to_owned(),
            });
        }
    }

    /// Lets go of what was unpacked for a member, once nothing that is still to be looked at lies in it.
    fn release_members(&mut self, done: MemberId, todo: &[MemberId]) {
        let mut kept: Vec<MemberId> = Vec::new();
        for &id in todo.iter().rev().take(1).chain(std::iter::once(&self.shown)) {
            kept.push(id);
            while let Some(above) = kept.last().and_then(|&id| self.wrapper(id)) {
                kept.push(above);
            }
        }
        let mut next = Some(done);
        while let Some(id) = next.filter(|id| !kept.contains(id)) {
            next = self.wrapper(id);
            let member = self.at_mut(id);
            if member.unpacked.take().is_some() {
                member.source = None;
            }
        }
    }
}

/// Whether the first instructions read at all: most of what is in an archive is no pickle, and large.
fn may_be_pickle(source: &dyn Source, limits: &crate::bytes::Limits) -> bool {
    const FIRST: usize = 3;
    let mut offset = 0;
    for _ in 0..FIRST {
        match crate::opcode::decode(source, offset, limits) {
            Ok(instruction) if instruction.opcode == crate::opcode::Opcode::Stop => return true,
            Ok(instruction) => offset = instruction.end,
            Err(_) => return offset > 0 && source.len() < 1 << 16,
        }
    }
    true
}

/// Whether what was read is a pickle, and no accident: numbers and text often begin like one.
fn is_pickle(reading: &Reading, audit: &Audit, source: &dyn Source, is_file: bool) -> bool {
    let Some(first) = reading.streams.first() else { return false };
    let announced = first.declared_protocol.is_some_and(|protocol| (2..=5).contains(&protocol));
    if announced || audit.level == Level::Dangerous {
        return true;
    }
    // Old protocols begin in any way; their pickles end with STOP at the end of the file.
    let whole = first.complete && (reading.trailing.is_none() || is_file) && first.opcodes > 2;
    let tiny = first.complete && first.span.len() == source.len();
    whole || tiny || (is_file && reading.opcodes >= CONVINCING)
}

fn add_audit(report: &mut FileReport, audit: &Audit, container: &str, id: MemberId) {
    report.why.extend(audit.partial.iter().map(|why| located(container, why)));
    report.finding_count += audit.finding_count;
    report.call_count += audit.call_count;
    let room = |length: usize| LISTED.saturating_sub(length);
    let findings = audit.findings.iter().take(room(report.findings.len())).map(|finding| FindingFacts {
        rule: finding.rule.to_owned(),
        level: finding.level,
        title: finding.title.to_owned(),
        explanation: finding.explanation.clone(),
        module: finding.module.clone(),
        name: finding.name.clone(),
        opcode: finding.opcode.to_owned(),
        offset: finding.offset,
        length: finding.length,
        stream: finding.stream as u64,
        container: container.to_owned(),
        member: id.0,
        call: finding.call.clone(),
        how_named: finding.how_named.clone(),
        advice: finding.advice.to_owned(),
    });
    report.findings.extend(findings);
    let imports = audit.imports.iter().take(room(report.imports.len())).map(|import| ReportImport {
        module: import.module.clone(),
        name: import.name.clone(),
        level: import.level,
        reason: import.reason.clone(),
        offset: import.offset,
        container: container.to_owned(),
        member: id.0,
    });
    report.imports.extend(imports);
    let calls = audit.calls.iter().take(room(report.calls.len())).map(|call| CallFacts {
        call: call.text.clone(),
        level: call.level,
        opcode: call.opcode.to_owned(),
        offset: call.offset,
        stream: call.stream as u64,
        container: container.to_owned(),
        member: id.0,
        discarded: call.discarded,
    });
    report.calls.extend(calls);
}

fn located(container: &str, why: &str) -> String {
    if container.is_empty() { capitalised(why) } else { format!("{container}: {why}") }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
