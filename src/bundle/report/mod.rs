//! The audit of everything in a bundle: every member is looked at, every pickle is read.

use super::main_member::has_pickle_name;
use super::member::{Member, MemberId, Origin};
use super::open::NESTING;
use super::unpack::{is_packed_name, part};
use super::{Bundle, OnProgress};
use crate::bytes::{Limits, MemorySource, Source, Span};
use crate::container::{self, Ending, Format};
use crate::document::Document;
use crate::lens::capitalised;
use crate::machine::Reading;
use crate::opcode::{self, DecodeErrorKind, Effect, Opcode};
use crate::safety::rules::container_oddity::RULE;
use crate::safety::{Audit, Level};
use crate::view::{CallFacts, FileReport, FindingFacts, LoaderStop, Outcome, ReadingStatus, ReportImport, shown};
use std::rc::Rc;

/// Members that are looked at in one file.
const MEMBERS: usize = 100_000;
/// Storages of torch that are looked at, in case one is a pickle. Loaders take them for numbers, whatever they are.
const STORAGES: u64 = 1000;
/// Bytes that all packed streams of one file may give, in budgets of a single one: of a large file. A small one that gives
/// more than so many times its size is a bomb, and has one budget.
const UNPACKED: u64 = 4;
const RATIO: u64 = 16;
/// Findings, imports and calls that a report lists, and reasons why it is partial.
const LISTED: usize = 1000;
/// Instructions in a row that are hardly an accident, in bytes that nothing else speaks for.
const CONVINCING: u64 = 32;
/// The same after a PROTO.
const CONVINCING_AFTER_PROTO: u64 = 4;

/// A report while it is made.
struct Draft {
    report: FileReport,
    /// What readers of archives take differently; it matters where there are pickles.
    oddities: Vec<FindingFacts>,
    /// Bytes that unpacking took so far.
    unpacked: u64,
    /// Bytes that unpacking may take.
    most: u64,
    /// Bytes that may still be read.
    budget: u64,
    /// Members that were looked at.
    looked_at: usize,
    /// Storages of torch among them.
    storages: u64,
}

impl Bundle {
    /// Reads every pickle in everything that was opened, whatever it is wrapped in, and reports what loading them would do.
    /// `path` is what the report calls the file; `budget` the bytes that are read for it beside the document on show.
    ///
    /// A member is a pickle when it reads as one and that is no accident; see `is_pickle`. Names of files help it to be
    /// one, they never keep it from being one. What is an archive or of a known format is read as a pickle, too: bytes can
    /// be both.
    pub fn report(&mut self, path: &str, budget: u64, progress: OnProgress<'_>) -> FileReport {
        let size: u64 = self.roots.iter().filter_map(|&root| self.at(root).size()).fold(0, u64::saturating_add);
        let most = size.saturating_add(self.limits.unpacked).saturating_mul(UNPACKED);
        let mut draft = Draft::new(path, budget.min(most));
        let large = self.limits.unpacked.saturating_mul(UNPACKED);
        draft.most = size.saturating_mul(RATIO).min(large).max(self.limits.unpacked);
        let todo: Vec<MemberId> = self.roots.iter().rev().copied().collect();
        self.look_through(todo, &mut draft, progress);
        shown(draft.finish())
    }

    /// What a report says of one member and what is in it, in a word, and whether all of it was read. `budget` bounds what
    /// is read and unpacked for it.
    pub(super) fn judge(&mut self, id: MemberId, budget: u64, progress: OnProgress<'_>) -> (Outcome, ReadingStatus) {
        let mut draft = Draft::new("", budget);
        draft.most = budget;
        self.look_through(vec![id], &mut draft, progress);
        let report = draft.finish();
        (report.level, report.reading)
    }

    /// Looks at members, the last first, and at everything in them.
    fn look_through(&mut self, mut todo: Vec<MemberId>, draft: &mut Draft, progress: OnProgress<'_>) {
        while let Some(id) = todo.pop() {
            draft.looked_at += 1;
            if draft.looked_at > MEMBERS {
                draft.partial("", &format!("only the first {MEMBERS} entries were looked at"));
                break;
            }
            if draft.unpacked >= draft.most {
                draft.partial("", &format!("it unpacks to more than {} bytes", draft.unpacked));
                break;
            }
            draft.storages += u64::from(self.is_storage(id));
            if draft.storages > STORAGES && self.is_storage(id) {
                continue;
            }
            self.children(id, progress);
            let beside = self.look_into(id, draft, progress);
            let work = self.at(id).unpacked.as_ref().map_or(0, |unpacked| unpacked.len());
            draft.unpacked = draft.unpacked.saturating_add(work);
            // What was found behind it is beside it when it is a part itself: then it comes after all that is in it.
            let children = self.children(id, progress);
            todo.extend(beside.into_iter().filter(|part| !children.contains(part)).rev());
            todo.extend(children.into_iter().rev());
            self.release_members(id, &todo);
        }
    }

    /// Reads a member and adds what is to be said of it. Gives what was found behind what it reads.
    fn look_into(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) -> Vec<MemberId> {
        let container = if self.at(id).parent.is_some() { self.path(id) } else { String::new() };
        match &self.at(id).origin {
            Origin::Folder => return Vec::new(),
            // A link or a device: what it stands for is elsewhere.
            Origin::Entry(entry) if entry.special.is_some() && entry.size == 0 => return Vec::new(),
            // Of a 7z archive, what lies before the entry in its block is unpacked along.
            Origin::Entry(entry) => {
                draft.unpacked = draft.unpacked.saturating_add(entry.work().saturating_sub(entry.size))
            }
            _ => {}
        }
        let format = self.format(id, progress);
        self.report_wrapping(id, format, &container, draft);
        // Its bytes are those of the member above, which was read.
        if matches!(self.at(id).origin, Origin::Tail(_)) {
            return Vec::new();
        }
        let source = match self.source(id, progress) {
            Ok(source) => source,
            Err(why) => {
                draft.partial(&container, &why);
                return self.other_version(id, progress);
            }
        };
        let mut beside = self.look_behind(id, draft, progress);
        beside.extend(self.other_version(id, progress));
        let zip = self.zip_behind(id, progress);
        let is_npy = matches!(format, Some(Format::Npy));
        let is_root = self.at(id).parent.is_none();
        let named = format.is_none() && has_pickle_name(&self.at(id).name);
        let read;
        let document = if id == self.shown && self.document.reading().opcodes > 0 {
            &self.document
        } else {
            let glance = glance(&*source, &self.limits);
            if glance.is_hopeless && !is_npy && !is_root && !named {
                self.say_no_stream(id, &container, draft);
                return beside;
            }
            let cost = if is_npy { source.len() } else { glance.cost };
            let Some(left) = draft.budget.checked_sub(cost) else {
                draft.partial(&container, "it is too large to be read along; open it to have it judged");
                return beside;
            };
            draft.budget = left;
            read = self.read(id, Rc::clone(&source), progress);
            &read
        };
        let (reading, audit) = (document.reading(), document.audit());
        let trailing = document.trailing().filter(|_| reading.is_complete());
        let is_other = matches!(format, Some(Format::Packed(_) | Format::Archive(_) | Format::Other(_)));
        let is_pickle = match format {
            Some(Format::Npy) => reading.opcodes > 0 || !reading.is_complete() || audit.level > Level::Recognised,
            _ if is_other => is_pickle_too(document),
            // What it is about begins behind its first bytes.
            _ if self.starts_behind(id) => runs_code(audit),
            _ => is_pickle(reading, audit, named, is_root),
        };
        if !is_pickle {
            if named
                && !source.is_empty()
                && !self.starts_behind(id)
                && let Some(problem) = reading.problems.fatal()
            {
                draft.partial(&container, &format!("it goes by the name of a pickle and is none: {problem}"));
            }
            self.say_no_stream(id, &container, draft);
            if let Some(region) = trailing.filter(|_| is_npy) {
                beside.extend(self.add_parts(id, region, progress));
            }
            return beside;
        }
        if let (true, Some(format)) = (is_other, format) {
            let text = format!("it is {} and a pickle at once", format.kind().name);
            draft.oddity(id, &container, Some(0), &text);
        }
        // What is in one value was put there as it is.
        if let Some((zip, span)) = zip
            && runs_code(audit)
            && !reading.graph.payloads(span.len()).any(|(_, value)| value.start <= span.start && span.end <= value.end)
        {
            let text = "it is a pickle and a zip archive at once";
            draft.oddity(zip, &self.path(zip), Some(span.start), text);
        }
        if reading.is_complete() && !document.is_complete() {
            draft.partial(&container, "the storages behind its pickles are cut off");
        }
        draft.add(audit, &container, id);
        if let Some(stop) = document.stops_at().filter(|_| reading.is_complete()) {
            draft.stops_at(&container, &stop);
        }
        if let Some(facts) = self.forecast(id, document, &container)
            && draft.report.forecasts.len() < LISTED
        {
            draft.report.forecasts.push(facts);
        }
        if let Some(region) = trailing
            && !is_other
        {
            beside.extend(self.add_parts(id, region, progress));
        }
        beside
    }

    /// Loaders that go by names take what is named like a compressed file for one.
    fn say_no_stream(&self, id: MemberId, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        let is_unknown = matches!(member.format, Some(None)) && member.size().is_some_and(|size| size > 0);
        if is_unknown && is_packed_name(&member.name) && !self.starts_behind(id) {
            draft.partial(container, "it goes by the name of a compressed file and is none that is known");
        }
    }

    /// The entry as its own header has it, where that packs it otherwise than the directory says.
    fn other_version(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<MemberId> {
        let member = self.at(id);
        let (Origin::Entry(entry), Some(archive)) = (&member.origin, self.wrapper(id)) else { return Vec::new() };
        let (entry, parent) = (Rc::clone(entry), member.parent.unwrap_or(archive));
        let Ok(source) = self.source(archive, progress) else { return Vec::new() };
        let Some(own) = entry.by_own_header(&source) else { return Vec::new() };
        if member_is_own(&self.at(id).name) {
            return Vec::new();
        }
        let name = format!("{}{OWN}", self.at(id).name);
        let made = self.add(Member::new(name, parent, Origin::Entry(Rc::new(own))));
        self.at_mut(parent).children.get_or_insert_default().push(made);
        self.visible.clear();
        vec![made]
    }

    /// Whether a member begins with nothing known, and what it is about begins behind that.
    pub(super) fn starts_behind(&self, id: MemberId) -> bool {
        self.at(id).left_over.as_ref().is_some_and(|left| left.starts_behind)
    }

    /// The zip archive at the end of a member, and where it lies there.
    fn zip_behind(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<(MemberId, Span)> {
        let children = self.at(id).children.clone().unwrap_or_default();
        let zip = children.into_iter().find(|&child| matches!(self.at(child).origin, Origin::Tail(_)))?;
        let source = self.source(zip, progress).ok()?;
        let end = container::end_of_zip(&source).unwrap_or(source.len());
        let entries = self.files_below(zip, progress);
        let header = |id: MemberId| match &self.at(id).origin {
            Origin::Entry(entry) => Some(entry.header),
            _ => None,
        };
        let start = entries.into_iter().filter_map(header).min().unwrap_or(end);
        Some((zip, Span::new(start.min(end), end)))
    }

    /// Judges the bytes behind the compressed stream that a member was unpacked from, and gives what they hold.
    fn look_behind(&mut self, id: MemberId, draft: &mut Draft, progress: OnProgress<'_>) -> Vec<MemberId> {
        let Some((above, span)) = self.behind_stream(id) else { return Vec::new() };
        let found = self.add_parts(above, span, progress);
        if !found.is_empty() {
            return found;
        }
        let Some(Ok(source)) = &self.at(above).source else { return Vec::new() };
        let rest = part(Rc::clone(source), span);
        let mut audit =
            Document::new(String::new(), rest, Reading::unread(span.len()), self.limits.clone()).audit().clone();
        if audit.level <= Level::Recognised {
            return Vec::new();
        }
        for finding in &mut audit.findings {
            finding.offset += span.start;
            finding.start += span.start;
        }
        let container = if self.at(above).parent.is_some() { self.path(above) } else { String::new() };
        draft.add(&audit, &container, above);
        Vec::new()
    }

    /// The bytes behind the compressed stream that a member was unpacked from, and the member that they are in.
    pub(super) fn behind_stream(&self, id: MemberId) -> Option<(MemberId, Span)> {
        let above = self.wrapper(id).filter(|_| matches!(self.at(id).origin, Origin::Content(_)))?;
        Some((above, self.at(id).unpacked.as_ref()?.behind()?))
    }

    /// What is odd about a member as an entry or as a wrapping of others, and why that is not all of it.
    fn report_wrapping(&mut self, id: MemberId, format: Option<Format>, container: &str, draft: &mut Draft) {
        let member = self.at(id);
        if !member.listed_whole {
            draft.partial(container, "its directory is damaged or too long, entries may be missing");
        }
        if let Some(why) = member.left_over.as_ref().and_then(|left| left.unread.as_ref()) {
            draft.partial(container, why);
        }
        let is_wrapping = matches!(format, Some(Format::Packed(_) | Format::Archive(_)));
        if is_wrapping && self.depth(id) >= NESTING {
            draft.partial(container, "it lies in too many other files to be opened");
        }
        if let Some(Format::Other(kind)) = format {
            if kind.is_unread() {
                draft.partial(container, &format!("it is {}. {}", kind.name, kind.advice));
            } else if has_pickle_name(&member.name) {
                draft.partial(container, &format!("it goes by the name of a pickle and is {}", kind.name));
            }
        }
        match member.unpacked.as_ref().map(|unpacked| unpacked.ending()) {
            None | Some(Ending::Complete) => {}
            Some(Ending::Unfinished) => draft.partial(container, "it was unpacked only in part, to its budget"),
            Some(Ending::Damaged { message, .. }) => draft.partial(container, &message),
        }
        let mut notes = member.notes.clone();
        notes.extend(member.unpacked.iter().flat_map(|unpacked| unpacked.notes()));
        for note in notes.into_iter().filter(|note| note.disguise) {
            draft.oddity(id, container, note.offset, &note.text);
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
            self.at_mut(id).release();
        }
    }
}

/// What the first bytes of a member say of it.
struct Glance {
    /// Bytes that reading it may take: it ends at the first that is no opcode.
    cost: u64,
    /// Whether it ends so soon that nothing is imported.
    is_hopeless: bool,
}

/// Looks at the first bytes: most of what is in archives is no pickle, and large.
fn glance(source: &dyn Source, limits: &Limits) -> Glance {
    const FIRST: usize = 1024;
    const SOON: usize = 3;
    let mut head = vec![0; FIRST];
    let count = source.peek(0, &mut head).unwrap_or_default();
    head.truncate(count);
    let head = MemorySource::new(head);
    let (mut offset, mut read, mut imports) = (0, 0, false);
    loop {
        match opcode::decode(&head, offset, limits) {
            Ok(instruction) => {
                imports |= instruction.opcode.info().effects.contains(&Effect::Import);
                offset = instruction.end;
                read += 1;
            }
            Err(error) if matches!(error.kind, DecodeErrorKind::UnknownOpcode(_)) => {
                return Glance { cost: offset, is_hopeless: read < SOON && !imports };
            }
            // What goes on behind the first bytes.
            Err(_) => return Glance { cost: source.len(), is_hopeless: false },
        }
    }
}

/// Whether what was read is a pickle, and no accident: numbers and text often begin like one. `named` says that the file
/// goes by a pickle's name, `is_root` that it was given as a file of its own.
fn is_pickle(reading: &Reading, audit: &Audit, named: bool, is_root: bool) -> bool {
    let Some(first) = reading.streams.first().filter(|_| reading.opcodes > 0) else { return false };
    let announced = first.declared_protocol.is_some_and(|protocol| (2..=5).contains(&protocol));
    let convincing = match (announced, is_root) {
        (true, true) => true,
        (true, false) => first.complete || reading.opcodes >= CONVINCING_AFTER_PROTO,
        (false, true) => reading.opcodes >= CONVINCING,
        (false, false) => false,
    };
    // Old protocols begin in any way, but their pickles end with STOP at the end of the file.
    let whole = first.complete && reading.trailing.is_none();
    named || convincing || whole || runs_code(audit)
}

/// Whether what is of a known format is a pickle, too.
pub(super) fn is_pickle_too(document: &Document) -> bool {
    let audit = document.audit();
    runs_code(audit) && (audit.level == Level::Dangerous || !begins_with_id(document.source()))
}

/// What is behind the name of an entry that is read as its own header has it.
const OWN: &str = " (as its own header has it)";

fn member_is_own(name: &str) -> bool {
    name.ends_with(OWN)
}

/// Whether the first opcode is PERSID: loaders without persistent ids stop there, and every zip begins with its letter.
fn begins_with_id(source: &dyn Source) -> bool {
    let mut first = [0; 1];
    source.peek(0, &mut first) == Ok(1) && first[0] == Opcode::PersId as u8
}

/// Whether names that Python could import are called, or are dangerous already: no accident makes such bytes.
fn runs_code(audit: &Audit) -> bool {
    let could_be = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>'))
    };
    let named = audit.imports.iter().any(|import| could_be(&import.module) && could_be(&import.name));
    named && (audit.call_count > 0 || audit.level == Level::Dangerous)
}

impl Draft {
    fn new(path: &str, budget: u64) -> Self {
        let report = FileReport::empty(path);
        Self { report, oddities: Vec::new(), unpacked: 0, most: u64::MAX, budget, looked_at: 0, storages: 0 }
    }

    fn finish(mut self) -> FileReport {
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
    fn partial(&mut self, container: &str, why: &str) {
        let why = match container {
            "" => capitalised(why),
            // What keeps an entry from being opened is said with its name.
            _ if why.starts_with(container) => why.to_owned(),
            _ => format!("{container}: {why}"),
        };
        match self.report.why.len() {
            0..LISTED => self.report.why.push(why),
            LISTED => self.report.why.push("And more.".to_owned()),
            _ => {}
        }
    }

    fn oddity(&mut self, id: MemberId, container: &str, offset: Option<u64>, text: &str) {
        if self.oddities.len() >= LISTED {
            return;
        }
        self.oddities.push(FindingFacts {
            rule: RULE.id.to_owned(),
            level: Level::Suspicious,
            title: RULE.title.to_owned(),
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
            advice: RULE.advice.to_owned(),
        });
    }

    /// Notes that a pickle does not load.
    fn stops_at(&mut self, container: &str, stop: &LoaderStop) {
        if self.report.stops.len() < LISTED {
            let place = if container.is_empty() { String::new() } else { format!("{container}: ") };
            let LoaderStop { offset, opcode, message } = stop;
            self.report.stops.push(format!("{place}CPython stops at byte {offset:#x}, {opcode}: {message}."));
        }
    }

    /// Adds the audit of a pickle.
    fn add(&mut self, audit: &Audit, container: &str, id: MemberId) {
        for why in &audit.partial {
            self.partial(container, why);
        }
        let report = &mut self.report;
        report.level = report.level.max(audit.level.into());
        report.finding_count += audit.finding_count;
        report.call_count += audit.call_count;
        let room = |length: usize| LISTED.saturating_sub(length);
        if room(report.pickles.len()) > 0 {
            report.pickles.push(container.to_owned());
        }
        // The worst first, so that what a report cannot hold is the least.
        let mut findings: Vec<_> = audit.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let findings = findings.into_iter().take(room(report.findings.len())).map(|finding| FindingFacts {
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
            how_named: finding.how_named.to_string(),
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
}
