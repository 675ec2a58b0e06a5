//! Pickles inside pickles: in bytes (compressed ones: `packed.rs`), in base64 or hex, in what a nested load is given, after the end.

use super::audit::Auditor;
use super::calls::Call;
use super::evidence::Draft;
use super::names::is_adder;
use super::outcome::Audit;
use super::packed::{may_be_packed, may_be_packed_text};
use super::{Level, rules};
use crate::bytes::{MemorySource, Slice, Source, Span};
use crate::container::npy;
use crate::graph::{Node, NodeId, TextEncoding};
use crate::lens::Lens;
use crate::machine::{self, Layout, Reading};
use std::cell::Cell;
use std::rc::Rc;

/// What the pickles inside one file may cost together.
pub(super) struct Budget {
    bytes: Cell<u64>,
    /// What unpacking may give; a small file can give any number of bytes.
    unpacked: Cell<u64>,
    tries: Cell<u32>,
    depth: Cell<u32>,
    /// Whether the reading that is audited was found by a search, which goes on behind it by itself.
    searching: Cell<bool>,
    /// Whether something was left out.
    pub(super) short: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: Cell::new(256 << 20),
            unpacked: Cell::new(64 << 20),
            tries: Cell::new(10_000),
            depth: Cell::new(0),
            searching: Cell::new(false),
            short: Cell::new(false),
        }
    }
}

impl Budget {
    /// Bytes that may still be unpacked.
    pub(super) fn room(&self) -> u64 {
        self.unpacked.get()
    }

    /// Counts bytes that were unpacked.
    pub(super) fn spend(&self, bytes: u64) {
        self.unpacked.set(self.unpacked.get().saturating_sub(bytes));
    }

    /// Counts bytes that are looked at once more, and one try; says no, and that something was left out, when there is
    /// nothing left.
    pub(super) fn charge(&self, bytes: u64) -> bool {
        let (left, tries) = (self.bytes.get(), self.tries.get());
        if tries == 0 || bytes > left {
            self.short.set(true);
            return false;
        }
        self.bytes.set(left - bytes);
        self.tries.set(tries - 1);
        true
    }
}

/// Pickles in pickles in pickles that are followed.
const DEPTH: u32 = 4;
/// Longest value that is tried.
const LARGEST: u64 = 32 << 20;
/// Shortest value in which a pickle can do any harm: `(ios\nfork\n.`. The bytes of a datetime are ten.
const SHORTEST: u64 = 11;

/// Characters that a pickle in base64 or hex needs to do anything at all.
const ENCODED: u64 = 16;

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

/// What the audit of a pickle inside another found.
pub(super) struct Inside {
    pub(super) audit: Audit,
    /// Whether all of it was read.
    whole: bool,
}

impl Auditor<'_> {
    /// Looks at the beginning of every text and bytes value, once.
    pub(super) fn payloads(&mut self) {
        let graph = self.graph;
        // Names mean something only where something is called, and an encoded pickle is longer than most texts.
        let shortest = if graph.reaches_out { 3 } else { ENCODED };
        for (id, span) in graph.payloads(shortest) {
            if span.len() < 3 {
                continue;
            }
            match graph.node(id) {
                Node::Bytes(_) | Node::ByteArray(_) => self.try_bytes(id, span),
                Node::Text { encoding, .. } => self.text(id, span, encoding),
                Node::LongText(_) => self.long_number(id, span),
                _ => {}
            }
        }
    }

    fn text(&mut self, id: NodeId, span: Span, encoding: TextEncoding) {
        let mut head = [0; 4];
        let head = &mut head[..span.len().min(4) as usize];
        if !self.head(span, head) {
            return;
        }
        let names = head.starts_with(b"__")
            || matches!(&*head, b"appe" | b"exte" | b"add" | b"keys" | b"_par")
            || head.contains(&b'\\');
        if names
            && span.len() <= 64
            && let Some(bytes) = self.bytes(span)
            && let Ok(text) = encoding.decode(&bytes)
        {
            match &*text.to_string_lossy() {
                name if is_adder(name) => drop(self.adders.insert(id)),
                name if self.may_be_planted(name) => drop(self.hooks.insert(id)),
                _ => {}
            }
        }
        if encoding.is_python2() {
            self.try_bytes(id, span);
        }
        // What the first bytes of a pickle are in base64 and in hex, by protocol, and 'c' and '(' for protocol 0.
        let in_text = matches!(&head[..2], b"gA" | b"Y2" | b"Y1" | b"KG" | b"KF" | b"80" | b"63" | b"28");
        if (in_text || may_be_packed_text(head)) && span.len() >= SHORTEST && span.len() <= LARGEST {
            self.try_text(id, span);
        }
    }

    /// The first bytes of a payload. Payloads come in the order of the file, so they are taken from a piece that moves
    /// along: a read for each of a million texts would cost more than reading the file did.
    fn head(&mut self, span: Span, head: &mut [u8]) -> bool {
        const PIECE: usize = 64 * 1024;
        let (start, piece) = &mut self.piece;
        let inside =
            |start: u64, length: usize| span.start >= start && span.start + head.len() as u64 <= start + length as u64;
        if !inside(*start, piece.len()) {
            piece.resize(PIECE, 0);
            let count = self.lens.source.read_at(span.start, piece).unwrap_or_default();
            piece.truncate(count);
            *start = span.start;
            if !inside(*start, count) {
                return false;
            }
        }
        let skip = (span.start - *start) as usize;
        head.copy_from_slice(&piece[skip..skip + head.len()]);
        true
    }

    fn try_text(&mut self, id: NodeId, span: Span) {
        let Some(text) = self.take(span) else { return };
        let text: Vec<u8> = text.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let hex = text.first().is_some_and(u8::is_ascii_digit);
        let decoders = match hex {
            true => &[data_encoding::HEXLOWER_PERMISSIVE][..],
            false => &[data_encoding::BASE64, data_encoding::BASE64URL, data_encoding::BASE64_NOPAD],
        };
        let Some(bytes) = decoders.iter().find_map(|decoder| decoder.decode(&text).ok()) else { return };
        match bytes[..] {
            [a, b, ..] if may_be_packed([a, b]) => self.packed_inside(id, bytes),
            _ => self.inside(id, bytes, None, "an encoded text"),
        }
    }

    fn try_bytes(&mut self, id: NodeId, span: Span) {
        let mut head = [0; 2];
        if span.len() < SHORTEST || span.len() > LARGEST || !self.head(span, &mut head) {
            return;
        }
        let binary = head[0] == 0x80 && (2..=5).contains(&head[1]);
        // Without PROTO only what begins by naming something can do anything.
        let text = matches!(head[0], b'c' | b'(' | b'i') && self.ends_with_stop(span);
        let mut four = [0; 4];
        let encoded = matches!(&head, b"gA" | b"Y2" | b"KG" | b"80")
            || head[0].is_ascii() && self.head(span, &mut four) && may_be_packed_text(&four);
        if may_be_packed(head) {
            self.try_packed(id, span);
        } else if encoded {
            self.try_text(id, span);
        } else if (binary || text)
            && let Some(bytes) = self.take(span)
            && let Some(inside) = self.audit_bytes(bytes).map(Rc::new)
        {
            // A call may load it, and asks again.
            self.looked_into.insert(span.start, Rc::clone(&inside));
            self.judge_inside(id, &inside, Some(span.start), "a bytes value");
        }
    }

    fn ends_with_stop(&self, span: Span) -> bool {
        let mut last = [0; 1];
        self.lens.source.read_at(span.end - 1, &mut last) == Ok(1) && last[0] == b'.'
    }

    /// The bytes of a span, as far as the budget goes.
    pub(super) fn take(&self, span: Span) -> Option<Vec<u8>> {
        if !self.may_descend() {
            self.budget.short.set(true);
            return None;
        }
        if !self.budget.charge(span.len()) {
            return None;
        }
        crate::bytes::read_span(self.lens.source, span).ok().map(|bytes| bytes.into_owned())
    }

    /// Judges bytes that look like a pickle, and takes over what is found in them.
    pub(super) fn inside(&mut self, id: NodeId, bytes: Vec<u8>, base: Option<u64>, place: &str) {
        let Some(inside) = self.audit_bytes(bytes) else { return };
        self.judge_inside(id, &inside, base, place);
    }

    fn judge_inside(&mut self, id: NodeId, inside: &Inside, base: Option<u64>, place: &str) {
        let Inside { audit, whole } = inside;
        // Bytes that only begin like a pickle are data, unless what they begin with is dangerous.
        if !*whole && audit.level < Level::Dangerous || audit.level < Level::UnknownCode {
            return;
        }
        let mut draft = Draft::at(id);
        draft.explanation =
            format!("There is a pickle in {place}; its level is: {}.", audit.level.word().to_lowercase());
        draft.call = Some(format!("a pickle in {place}"));
        self.find(&rules::nested_pickle::RULE, audit.level, draft);
        self.adopt_all(audit, id, base);
    }

    fn adopt_all(&mut self, audit: &Audit, id: NodeId, base: Option<u64>) {
        let (offset, stream) = (self.graph.offset(id), self.stream_of(self.graph.offset(id)));
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
            self.adopt(finding);
        }
    }

    /// The audit of a pickle in memory.
    pub(super) fn audit_bytes(&self, bytes: Vec<u8>) -> Option<Inside> {
        let source = MemorySource::new(bytes);
        let searching = self.budget.searching.replace(false);
        let inside = self.audit_reading(&machine::read(&source, self.lens.limits, &mut |_, _| {}), &source);
        self.budget.searching.set(searching);
        inside
    }

    /// The audit of another reading than this one.
    pub(super) fn audit_reading(&self, reading: &Reading, source: &dyn Source) -> Option<Inside> {
        if reading.opcodes <= 1 {
            return None;
        }
        let depth = self.budget.depth.get();
        self.budget.depth.set(depth + 1);
        let lens = Lens { graph: &reading.graph, source, ..self.lens };
        let audit = Auditor::new(reading, lens, self.budget).run();
        self.budget.depth.set(depth);
        Some(Inside { audit, whole: reading.is_complete() && reading.trailing.is_none() })
    }

    /// Whether this is the pickle that was opened, none inside it.
    pub(super) fn is_outermost(&self) -> bool {
        self.budget.depth.get() == 0
    }

    /// Whether pickles inside this one are still followed.
    pub(super) fn may_descend(&self) -> bool {
        self.budget.depth.get() < DEPTH
    }

    /// A call that loads the pickle in the bytes given to it.
    pub(super) fn nested_call(&mut self, call: &Call) {
        let Some(&edge) = call.args.first() else { return };
        let span = match self.graph.node(edge.node()) {
            Node::Bytes(span) | Node::ByteArray(span) => Some((span, true)),
            Node::Text { span, .. } => Some((span, false)),
            _ => None,
        };
        let known = span.and_then(|(span, _)| self.looked_into.get(&span.start).cloned());
        let inside = known.or_else(|| {
            let bytes = match span {
                Some((span, _)) => self.take(span),
                None => match self.meaning(edge) {
                    super::meaning::Meaning::Bytes(bytes) => Some(bytes.to_vec()),
                    _ => None,
                },
            };
            bytes.and_then(|bytes| self.audit_bytes(bytes)).map(Rc::new)
        });
        let mut draft = Draft::at(call.id);
        let Some(inside) = inside else {
            // What is merely too much makes the reading a partial one.
            if span.is_some_and(|(span, _)| span.len() > self.budget.bytes.get()) && self.may_descend() {
                return;
            }
            // Honest files have the bytes there; what is put together while loading may be anything.
            let is_computed = span.is_none() && matches!(self.graph.node(edge.node()), Node::Call { .. });
            let (level, why) = match is_computed {
                true => (Level::Dangerous, "It loads a pickle out of bytes that a call gives."),
                false => (Level::Suspicious, "It loads a pickle that could not be looked at."),
            };
            why.clone_into(&mut draft.explanation);
            return self.find(&rules::nested_pickle::RULE, level, draft);
        };
        let audit = &inside.audit;
        if audit.level > Level::Recognised {
            draft.explanation = format!("It loads a pickle whose level is: {}.", audit.level.word().to_lowercase());
            self.find(&rules::nested_pickle::RULE, audit.level, draft);
            self.adopt_all(audit, call.id, span.filter(|(_, raw)| *raw).map(|(span, _)| span.start));
        }
    }

    /// Decimal numbers are read in time that grows with the square of their digits.
    fn long_number(&mut self, id: NodeId, span: Span) {
        const DIGITS: u64 = 100_000;
        if span.len() > DIGITS {
            let mut draft = Draft::at(id);
            draft.explanation = format!("A decimal number of {} digits takes a loader very long.", span.len());
            self.find(&rules::resource_bomb::RULE, Level::Suspicious, draft);
        }
    }

    /// Pickles in what follows the last one, and in what no reader of ours gets through.
    pub(super) fn trailing(&mut self) {
        let reading = self.reading;
        let is_npy = reading.layout == Layout::Npy;
        // A search inside a search would look at the same bytes again, and so would the ones inside that.
        if self.budget.searching.get() {
            return;
        }
        if let Some(span) = reading.trailing.filter(|_| reading.is_complete() || is_npy) {
            self.search(span);
        }
    }

    /// Judges the first pickle in bytes that are not read which does more than honest ones do.
    fn search(&mut self, span: Span) {
        /// Bytes that are searched, and places that are tried.
        const SEARCHED: u64 = 4 << 20;
        const PLACES: usize = 256;
        // What is inside a value was counted with it.
        let span = span.prefix(SEARCHED);
        if !self.may_descend() || !self.budget.charge(if self.is_outermost() { span.len() } else { 0 }) {
            return;
        }
        let Ok(bytes) = crate::bytes::read_span(self.lens.source, span) else { return };
        let bytes = bytes.into_owned();
        let whole: Rc<dyn Source> = Rc::new(MemorySource::new(bytes));
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
            let binary = memchr::memchr(0x80, rest).map(|at| from + at);
            let header = behind_header.filter(|&end| end >= from);
            let Some(start) = binary.into_iter().chain(text).chain(header).min() else { return };
            from = start + 1;
            let has_proto = bytes.get(start + 1).is_some_and(|version| (2..=5).contains(version));
            if bytes.get(start) == Some(&0x80) && !has_proto {
                continue;
            }
            let part = Slice::new(Rc::clone(&whole), Span::new(start as u64, whole.len()));
            let reading = machine::read(&part, self.lens.limits, &mut |_, _| {});
            let reached = reading.streams.last().map_or(0, |stream| stream.span.end);
            if !self.budget.charge(reached) {
                return;
            }
            // Whole pickles were looked at with this reading; the search goes on behind them.
            let whole = reading.streams.iter().rev().find(|stream| stream.complete);
            from = start + whole.map_or(1, |stream| stream.span.end as usize);
            self.budget.searching.set(true);
            let inside = self.audit_reading(&reading, &part);
            self.budget.searching.set(false);
            let Some(Inside { audit, .. }) = inside else { continue };
            // Words on two lines may look like a name; what calls nothing is taken for words.
            if !has_proto && audit.call_count == 0 {
                continue;
            }
            if audit.level > Level::Recognised && audit.level != Level::UnknownCode {
                return self.hidden(audit, span.start + start as u64);
            }
        }
    }

    fn hidden(&mut self, audit: Audit, place: u64) {
        let mut draft = Draft::place(place);
        draft.explanation =
            format!("Bytes after the end hold a pickle; its level is: {}.", audit.level.word().to_lowercase());
        self.find(&rules::hidden_data::RULE, audit.level, draft);
        for mut finding in audit.findings {
            finding.moved(|offset| place + offset);
            self.adopt(finding);
        }
    }
}
