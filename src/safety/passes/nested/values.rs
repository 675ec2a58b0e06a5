//! The pass over values that may hold a pickle: as it is, compressed (`packed.rs`), in base64 or hex; and over calls that load one.

use super::super::bombs;
use super::budget::Budget;
use crate::bytes::{MemorySource, Source, Span};
use crate::graph::{Node, NodeId};
use crate::lens::Lens;
use crate::machine::{self, Reading};
use crate::safety::facts::{Facts, Payload, may_be_packed};
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::values::{AbstractValue, Call};
use crate::safety::verdict::{Audit, Findings};
use std::collections::HashMap;
use std::rc::Rc;

/// Holds another pickle.
pub const NESTED_PICKLE: Rule = Rule {
    id: "nested-pickle",
    title: "Holds another pickle",
    what: "A bytes value, or a text in base64, is itself a pickle, and was judged like one. The level is that of the pickle inside.",
    why: "It runs when something loads it: a function of the file, or the program that uses the file. It also hides names from programs that look only at the outside.",
    example: ("b'\\x80\\x04...'", "a pickle in a bytes value"),
    advice: "Look at the findings inside; they hold for the moment when the inner pickle is loaded.",
    references: &[
        ("CVE-2025-32434: torch.load and what it loads inside", "https://nvd.nist.gov/vuln/detail/CVE-2025-32434"),
        ("torch.load", "https://pytorch.org/docs/stable/generated/torch.load.html"),
    ],
};

/// Pickles in pickles in pickles that are followed.
const DEPTH: u32 = 4;

/// What the audit of a pickle inside another found.
pub(in crate::safety) struct Inside {
    pub(in crate::safety) audit: Audit,
    /// Whether all of it was read.
    whole: bool,
}

/// The pass over values that may hold a pickle.
pub(in crate::safety) struct Nested<'b> {
    pub(in crate::safety) budget: &'b Budget,
    /// Audits a reading that is not the outermost one.
    audit: fn(&Reading, Lens<'_>, &Budget) -> Audit,
    /// What is in values that hold a pickle, by where they begin: a call may load it, and asks again.
    looked_into: HashMap<u64, Rc<Inside>>,
}

impl<'b> Nested<'b> {
    pub(in crate::safety) fn new(budget: &'b Budget, audit: fn(&Reading, Lens<'_>, &Budget) -> Audit) -> Self {
        Self { budget, audit, looked_into: HashMap::new() }
    }

    /// Looks into a value that may hold something.
    pub(in crate::safety) fn payload(
        &mut self,
        facts: &Facts<'_>,
        (id, span, payload): (NodeId, Span, Payload),
        found: &mut Findings,
    ) {
        match payload {
            Payload::Packed => self.packed(facts, id, span, found),
            Payload::Encoded => self.encoded(facts, id, span, found),
            Payload::Number => bombs::long_number(facts, id, span.len(), found),
            Payload::Pickle => {
                if let Some(bytes) = self.take(facts, span)
                    && let Some(inside) = self.audit_bytes(facts, bytes).map(Rc::new)
                {
                    self.looked_into.insert(span.start, Rc::clone(&inside));
                    judge(facts, id, &inside, Some(span.start), "a bytes value", found);
                }
            }
        }
    }

    fn encoded(&self, facts: &Facts<'_>, id: NodeId, span: Span, found: &mut Findings) {
        let Some(text) = self.take(facts, span) else { return };
        let text: Vec<u8> = text.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let hex = text.first().is_some_and(u8::is_ascii_digit);
        let decoders = match hex {
            true => &[data_encoding::HEXLOWER_PERMISSIVE][..],
            false => &[data_encoding::BASE64, data_encoding::BASE64URL, data_encoding::BASE64_NOPAD],
        };
        let Some(bytes) = decoders.iter().find_map(|decoder| decoder.decode(&text).ok()) else { return };
        match bytes[..] {
            [a, b, ..] if may_be_packed([a, b]) => self.packed_inside(facts, id, bytes, found),
            _ => self.inside(facts, id, bytes, "an encoded text", found),
        }
    }

    /// The bytes of a span, as far as the budget goes.
    pub(super) fn take(&self, facts: &Facts<'_>, span: Span) -> Option<Vec<u8>> {
        if !self.may_descend() {
            self.budget.short.set(true);
            return None;
        }
        if !self.budget.charge(span.len()) {
            return None;
        }
        crate::bytes::read_span(facts.lens.source, span).ok().map(|bytes| bytes.into_owned())
    }

    /// Judges bytes that look like a pickle, and takes over what is found in them.
    pub(super) fn inside(&self, facts: &Facts<'_>, id: NodeId, bytes: Vec<u8>, place: &str, found: &mut Findings) {
        let Some(inside) = self.audit_bytes(facts, bytes) else { return };
        judge(facts, id, &inside, None, place, found);
    }

    /// The audit of a pickle in memory.
    pub(in crate::safety) fn audit_bytes(&self, facts: &Facts<'_>, bytes: Vec<u8>) -> Option<Inside> {
        let source = MemorySource::new(bytes);
        let searching = self.budget.searching.replace(false);
        let inside = self.audit_reading(facts, &machine::read(&source, facts.lens.limits, &mut |_, _| {}), &source);
        self.budget.searching.set(searching);
        inside
    }

    /// The audit of another reading than this one.
    pub(in crate::safety) fn audit_reading(
        &self,
        facts: &Facts<'_>,
        reading: &Reading,
        source: &dyn Source,
    ) -> Option<Inside> {
        if reading.opcodes <= 1 {
            return None;
        }
        let depth = self.budget.depth.get();
        self.budget.depth.set(depth + 1);
        let lens = facts.lens.over(&reading.graph, source);
        let audit = (self.audit)(reading, lens, self.budget);
        self.budget.depth.set(depth);
        Some(Inside { audit, whole: reading.is_complete() && reading.trailing.is_none() })
    }

    /// Whether this is the pickle that was opened, none inside it.
    pub(in crate::safety) fn is_outermost(&self) -> bool {
        self.budget.depth.get() == 0
    }

    /// Whether pickles inside this one are still followed.
    pub(in crate::safety) fn may_descend(&self) -> bool {
        self.budget.depth.get() < DEPTH
    }

    /// A call that loads the pickle in the bytes given to it.
    pub(in crate::safety) fn loaded(&self, facts: &Facts<'_>, call: &Call, found: &mut Findings) {
        let Some(&edge) = call.args.first() else { return };
        let span = match facts.graph.node(edge.node()) {
            Node::Bytes(span) | Node::ByteArray(span) => Some((span, true)),
            Node::Text { span, .. } => Some((span, false)),
            _ => None,
        };
        let known = span.and_then(|(span, _)| self.looked_into.get(&span.start).cloned());
        let inside = known.or_else(|| {
            let bytes = match span {
                Some((span, _)) => self.take(facts, span),
                None => match facts.value(edge) {
                    AbstractValue::Bytes(bytes) => Some(bytes.to_vec()),
                    _ => None,
                },
            };
            bytes.and_then(|bytes| self.audit_bytes(facts, bytes)).map(Rc::new)
        });
        let mut draft = Draft::at(call.id);
        let Some(inside) = inside else {
            // What is merely too much makes the reading a partial one.
            if span.is_some_and(|(span, _)| span.len() > self.budget.bytes.get()) && self.may_descend() {
                return;
            }
            // Honest files have the bytes there; what is put together while loading may be anything.
            let is_computed = span.is_none() && matches!(facts.graph.node(edge.node()), Node::Call { .. });
            let (level, why) = match is_computed {
                true => (Level::Dangerous, "It loads a pickle out of bytes that a call gives."),
                false => (Level::Suspicious, "It loads a pickle that could not be looked at."),
            };
            why.clone_into(&mut draft.explanation);
            return found.find(facts, &NESTED_PICKLE, level, draft);
        };
        let audit = &inside.audit;
        if audit.level > Level::Recognised {
            draft.explanation = format!("It loads a pickle whose level is: {}.", audit.level.word().to_lowercase());
            found.find(facts, &NESTED_PICKLE, audit.level, draft);
            adopt_all(facts, audit, call.id, span.filter(|(_, raw)| *raw).map(|(span, _)| span.start), found);
        }
    }
}

fn judge(facts: &Facts<'_>, id: NodeId, inside: &Inside, base: Option<u64>, place: &str, found: &mut Findings) {
    let Inside { audit, whole } = inside;
    // Bytes that only begin like a pickle are data, unless what they begin with is dangerous.
    if !*whole && audit.level < Level::Dangerous || audit.level < Level::UnknownCode {
        return;
    }
    let mut draft = Draft::at(id);
    draft.explanation = format!("There is a pickle in {place}; its level is: {}.", audit.level.word().to_lowercase());
    draft.call = Some(format!("a pickle in {place}"));
    found.find(facts, &NESTED_PICKLE, audit.level, draft);
    adopt_all(facts, audit, id, base, found);
}

fn adopt_all(facts: &Facts<'_>, audit: &Audit, id: NodeId, base: Option<u64>, found: &mut Findings) {
    let (offset, stream) = (facts.graph.offset(id), facts.stream_of(facts.graph.offset(id)));
    for mut finding in audit.findings.iter().cloned() {
        match base {
            Some(base) => finding.moved(|offset| base + offset),
            None => {
                (finding.offset, finding.start, finding.node) = (offset, offset, None);
                finding.how_named.of_pickle_inside();
            }
        }
        finding.stream = stream;
        finding.explanation = format!("In the pickle inside: {}", finding.explanation);
        found.adopt(finding);
    }
}
