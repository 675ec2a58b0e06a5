//! Pickles in what follows the last one, and in what no reader of ours gets through.

use super::values::{Inside, Nested};
use crate::bytes::{MemorySource, Slice, Source, Span};
use crate::container::npy;
use crate::format::pickle::{PROTO, is_announced};
use crate::lens::legacy_storages;
use crate::machine::{self, Layout};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::verdict::{Audit, Findings};
use std::sync::Arc;

/// A pickle after the end.
pub const HIDDEN_DATA: Rule = Rule {
    id: "hidden-data",
    title: "A pickle after the end",
    what: "Bytes after the last pickle, which no loader reads in the ordinary way, hold another pickle.",
    why: "It is either a leftover or meant for a loader that looks there.",
    example: (". ...padding... \\x80\\x04...", "a pickle in the trailing bytes"),
    advice: "Look at the findings inside.",
    references: &[
        ("pickle: the stream ends at STOP", "https://docs.python.org/3/library/pickletools.html"),
        ("CWE-506: embedded malicious code", "https://cwe.mitre.org/data/definitions/506.html"),
    ],
};

/// Pickles in what follows the last one, and in what no reader of ours gets through.
pub(in crate::safety) fn behind(facts: &Facts<'_>, nested: &Nested<'_>, found: &mut Findings) {
    let reading = facts.reading;
    let is_npy = reading.layout == Layout::Npy;
    // A search inside a search would look at the same bytes again, and so would the ones inside that.
    if nested.budget.searching.get() {
        return;
    }
    if let Some(span) = reading.trailing.filter(|_| reading.is_complete() || is_npy) {
        search(facts, nested, behind_storages(facts, span), found);
    }
}

/// What no storage of torch takes of the bytes behind the pickles: numbers may look like anything.
fn behind_storages(facts: &Facts<'_>, span: Span) -> Span {
    let found = legacy_storages(&facts.lens, facts.reading).filter(|found| found.problem.is_none());
    let end = found.and_then(|found| Some(found.storages.last()?.1.end));
    Span::new(end.unwrap_or(span.start), span.end)
}

/// Judges the first pickle in bytes that are not read which does more than honest ones do.
fn search(facts: &Facts<'_>, nested: &Nested<'_>, span: Span, found: &mut Findings) {
    /// Bytes that are searched, and places that are tried.
    const SEARCHED: u64 = 4 << 20;
    const PLACES: usize = 256;
    // What is inside a value was counted with it.
    let span = span.prefix(SEARCHED);
    if !nested.may_descend() || !nested.budget.charge(if nested.is_outermost() { span.len() } else { 0 }) {
        return;
    }
    let Ok(bytes) = crate::bytes::read_span(facts.lens.source, span) else { return };
    let bytes = bytes.into_owned();
    let whole: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    let bytes = whole.contiguous().unwrap_or_default();
    // numpy hands everything behind a header to pickle, whatever it begins with.
    let behind_header = npy::header_end(&*whole).filter(|_| span.start == 0).map(|end| end as usize);
    let mut from = 0;
    // The next place that names something, looked for again only behind it.
    let mut text = names_something(bytes);
    for _ in 0..PLACES {
        let rest = bytes.get(from..).unwrap_or_default();
        if text.is_some_and(|at| at < from) {
            text = names_something(rest).map(|at| from + at);
        }
        let binary = memchr::memchr(PROTO, rest).map(|at| from + at);
        let header = behind_header.filter(|&end| end >= from);
        let Some(start) = binary.into_iter().chain(text).chain(header).min() else { return };
        from = start + 1;
        if bytes.get(start) == Some(&PROTO) && !is_announced(&bytes[start..]) {
            continue;
        }
        let part = Slice::new(Arc::clone(&whole), Span::new(start as u64, whole.len()));
        let reading = machine::read(&part, facts.lens.limits, &mut |_, _| {});
        let reached = reading.streams.last().map_or(0, |stream| stream.span.end);
        if !nested.budget.charge(reached) {
            return;
        }
        // Whole pickles were looked at with this reading; the search goes on behind them.
        let whole = reading.streams.iter().rev().find(|stream| stream.complete);
        from = start + whole.map_or(1, |stream| stream.span.end as usize);
        nested.budget.searching.set(true);
        let inside = nested.audit_reading(facts, &reading, &part);
        nested.budget.searching.set(false);
        let Some(Inside { audit, .. }) = inside else { continue };
        // Words on two lines may look like a name; what calls nothing is taken for words.
        if !is_announced(&bytes[start..]) && audit.call_count == 0 {
            continue;
        }
        if audit.level > Level::Recognised && audit.level != Level::UnknownCode {
            return hidden(facts, audit, span.start + start as u64, found);
        }
    }
}

fn hidden(facts: &Facts<'_>, audit: Audit, place: u64, found: &mut Findings) {
    let mut draft = Draft::place(place);
    draft.explanation =
        format!("Bytes after the end hold a pickle; its level is: {}.", audit.level.word().to_lowercase());
    found.find(facts, &HIDDEN_DATA, audit.level, draft);
    for mut finding in audit.findings {
        finding.moved(|offset| place + offset);
        found.adopt(finding);
    }
}

/// Where GLOBAL or INST with two lines that can be names first stands in bytes that may be anything: at the MARK that OBJ and
/// INST need, if there is one.
fn names_something(bytes: &[u8]) -> Option<usize> {
    /// Longest module that is looked for, and arguments of INST.
    const LONGEST: usize = 100;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    memchr::memchr_iter(b'\n', bytes).find_map(|end| {
        let module = bytes[..end].iter().rev().take(LONGEST).take_while(|byte| is_name(byte)).count();
        let start = end - module;
        let rest = &bytes[end + 1..];
        let name = rest.iter().take(LONGEST).take_while(|byte| is_name(byte)).count();
        let is_global = module > 1 && matches!(bytes[start], b'c' | b'i');
        let reach = if bytes[start] == b'i' { LONGEST } else { 1 };
        let mark = bytes[..start].iter().rev().take(reach).position(|byte| *byte == b'(');
        let start = start - mark.map_or(0, |back| back + 1);
        (is_global && name > 0 && rest.get(name) == Some(&b'\n')).then_some(start)
    })
}
