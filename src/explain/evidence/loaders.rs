//! What loaders say of the bytes of a file, each where it stops. A message that one of them raises is shown by the file; a message of a
//! loader that says something else here is about another file.

use super::refusal::{Refusal, Refusals, is_other_of_kind};
use super::{ANOTHER, Look, evidence};
use crate::bytes::{Limits, MemorySource};
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::graph::Node;
use crate::machine;
use crate::opcode::Opcode;
use crate::readers::{self, Comparison, End, Reader};

/// Wrappings with the byte at which a loader stops that is given them.
const PACKED: [(&str, u8); 7] = [
    ("gzip", 0x1f),
    ("zlib", b'x'),
    ("xz", 0xfd),
    ("zstd", 0xb5),
    ("lzma", 0x00),
    ("lz4", 0x04),
    ("Latin-1 as UTF-8", 0xc2),
];
/// Archives that are zip archives. Their first byte is an opcode, PERSID.
pub(super) const ZIPS: [&str; 4] = ["zip", "torch", "TorchScript", "npz"];
/// `BZh9` announces more bytes than there are: B is BINBYTES.
const OF_BZIP2: &str = "UnpicklingError: pickle data was truncated";
const OF_ZIPS: &str =
    "UnpicklingError: A load persistent id instruction was encountered, but no persistent_load function was specified.";
/// Bytes behind a pickle that are read as the next one.
const BEHIND: u64 = 1 << 12;

/// The last protocol that Python 2 knows.
const OF_PYTHON2: u8 = 2;

impl Look<'_> {
    /// `whole` is what a file says in which nothing stops a loader.
    pub(super) fn stop(&self, whole: Answer) -> Vec<Evidence> {
        let refusals = self.refusals();
        if let Some(same) = refusals.same(self.quote()) {
            return vec![evidence(Answer::Shows, self.with_format(same), Some(same.offset))];
        }
        if let Some(found) = self.newer_opcode() {
            return vec![found];
        }
        if let Some(first) = refusals.first() {
            // Another version may have said something else at the same place.
            // Of a byte that was not printed, and of arrays between the opcodes, loaders of other versions say other things.
            let is_open = words::load_key(self.quote()).is_some_and(|key| {
                key == words::LOST_KEY || self.overview.chain.iter().any(|crumb| crumb.word == "joblib")
            });
            // Codecs are called otherwise in Python 2.
            let is_other = !first.message.contains(" codec ") && is_other_of_kind(&first.message, self.quote());
            let is_denied = !is_open && (is_other || whole == Answer::DoesNot);
            return vec![match is_denied {
                true => {
                    let text = format!("{}. {ANOTHER}", self.with_format(first).trim_end_matches('.'));
                    evidence(Answer::DoesNot, text, Some(first.offset))
                }
                false => evidence(Answer::Unknown, self.with_format(first), Some(first.offset)),
            }];
        }
        if self.is_whole_pickle() && refusals.is_of_file {
            let text =
                "The opcodes of this file are in order to the last: what its names mean where it is loaded decides.";
            return vec![evidence(whole, text, None)];
        }
        let text = format!("The file is {}. {}", self.chain(), self.overview.reading);
        vec![evidence(Answer::Unknown, text, None)]
    }

    /// Where a loader stops, and what the file is that is no pickle.
    fn with_format(&self, refusal: &Refusal) -> String {
        match self.overview.pickles == 0 && !self.overview.is_wrapping && self.overview.file_size > 0 {
            true => format!("{} {}", self.overview.reading, refusal.sentence()),
            false => refusal.sentence(),
        }
    }

    /// That the byte of the message is an opcode which old loaders do not know, and the file has opcodes of its protocol.
    fn newer_opcode(&self) -> Option<Evidence> {
        let opcode = Opcode::from_byte(words::load_key(self.quote())?)?.info();
        // Of a newer protocol that is declared, Python 2 says so at once.
        let declared = self.overview.streams.first().and_then(|stream| stream.declared_protocol);
        let is_newer = opcode.proto > OF_PYTHON2 && declared.is_none_or(|protocol| protocol <= OF_PYTHON2);
        let is_first = self.head().first() == Some(&opcode.byte);
        let is_used = self.overview.protocol.is_some_and(|protocol| protocol >= opcode.proto);
        (is_newer && (is_first || is_used)).then(|| {
            let where_it_is = if is_first { "this file begins with it" } else { "this file is in such a protocol" };
            let text = format!(
                "{:02x} is the opcode {} of protocol {}, which Python 2 does not know; {where_it_is}.",
                opcode.byte, opcode.name, opcode.proto
            );
            evidence(Answer::Shows, text, Some(0))
        })
    }

    /// What loaders say of the file, worked out once.
    pub(super) fn refusals(&self) -> &Refusals {
        self.refusals.get_or_init(|| self.read_refusals())
    }

    fn read_refusals(&self) -> Refusals {
        let mut found = Refusals::default();
        let own = self.overview.member;
        let outer = match self.overview.is_wrapping {
            true => self.overview.chain.last(),
            false => self.overview.chain.iter().find(|crumb| crumb.member != own),
        };
        let is_of_torch = self.is_of_torch();
        if let Some(crumb) = outer.filter(|_| !is_of_torch) {
            found
                .list
                .extend(of_wrapping(&crumb.word).map(|one| Refusal { of: format!(" of {}", self.chain()), ..one }));
        }
        let is_all = outer.is_none() && self.overview.size == self.overview.file_size;
        found.is_of_file = is_all || !found.list.is_empty();
        found.list.extend(self.compared());
        if found.list.is_empty() && !self.overview.is_wrapping {
            found.list.extend(self.plain_refusal());
        }
        found.list.extend(self.behind());
        found
    }

    /// Whether the message is one of torch's restricted loader, which reads the pickle in an archive.
    fn is_of_torch(&self) -> bool {
        self.quote().to_ascii_lowercase().contains("operand")
    }

    /// What the readers say of the bytes that were read.
    fn compared(&self) -> Vec<Refusal> {
        let reading = self.document.reading();
        if reading.streams.is_empty() || reading.problems.total == 0 && !self.is_of_torch() {
            return Vec::new();
        }
        let comparison = readers::compare(reading, &self.document.lens(), self.is_of_torch());
        let mut found = Vec::new();
        for (reader, offset, message) in ends(&comparison) {
            let loader = match reader {
                Reader::C => "CPython's loader",
                Reader::Python => "the loader written in Python",
                Reader::Torch => "torch's restricted loader",
                Reader::Pickletools => continue,
            };
            let is_c = reader == Reader::C;
            let stop = self.overview.stops_at.as_ref().filter(|stop| is_c && stop.offset == offset);
            let opcode = stop.map_or_else(String::new, |stop| stop.opcode.clone());
            found.push(Refusal { offset, opcode, loader, message, is_behind: false, of: String::new() });
        }
        found
    }

    /// What CPython's loader says of bytes that are read here as something else: a format, or arrays between the opcodes.
    fn plain_refusal(&self) -> Option<Refusal> {
        let reading = self.document.reading();
        let is_plain = !reading.streams.is_empty() && reading.raw.is_empty();
        if is_plain && reading.problems.total == 0 {
            return None;
        }
        let plain = machine::read_plain(self.document.source(), self.document.limits(), &mut |_, _| {});
        of_reading(&plain, 0, false)
    }

    /// What a loop says that loads on behind the last pickle.
    fn behind(&self) -> Option<Refusal> {
        let (start, length) = self.overview.trailing.filter(|_| self.overview.pickles > 0)?;
        let mut bytes = vec![0; usize::try_from(length.min(BEHIND)).ok()?];
        let count = self.document.source().read_at(start, &mut bytes).ok()?;
        bytes.truncate(count);
        let reading = machine::read_plain(&MemorySource::new(bytes), &Limits::default(), &mut |_, _| {});
        // At the end of what was taken nothing is known.
        of_reading(&reading, start, true).filter(|one| length <= BEHIND || one.offset + 1 < start + BEHIND)
    }
}

fn of_reading(reading: &machine::Reading, start: u64, is_behind: bool) -> Option<Refusal> {
    let (problem, raised) = reading.problems.stop()?;
    // A loader that was given no function for them stops at the first persistent id.
    let mut ids = reading.graph.reaching_out().filter(|id| matches!(reading.graph.node(*id), Node::PersistentId(_)));
    if let Some(offset) = ids.next().map(|id| reading.graph.offset(id)).filter(|offset| *offset < problem.offset) {
        let (opcode, message) = ("PERSID".to_owned(), OF_ZIPS.to_owned());
        return Some(Refusal {
            offset: start + offset,
            opcode,
            loader: "CPython's loader",
            message,
            is_behind,
            of: String::new(),
        });
    }
    let opcode = problem.opcode.map_or_else(String::new, |opcode| opcode.info().name.to_owned());
    let offset = start + problem.offset;
    Some(Refusal {
        offset,
        opcode,
        loader: "CPython's loader",
        message: raised.to_string(),
        is_behind,
        of: String::new(),
    })
}

/// What CPython's loader says of a wrapping.
fn of_wrapping(word: &str) -> Option<Refusal> {
    let of = |message: String, opcode: &str| Refusal {
        offset: 0,
        opcode: opcode.to_owned(),
        loader: "CPython's loader",
        message,
        is_behind: false,
        of: String::new(),
    };
    if ZIPS.contains(&word) {
        return Some(of(OF_ZIPS.to_owned(), "PERSID"));
    }
    if word == "bzip2" {
        return Some(of(OF_BZIP2.to_owned(), "BINBYTES"));
    }
    let (_, byte) = PACKED.iter().find(|(name, _)| *name == word)?;
    let key = match byte {
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    Some(of(format!("UnpicklingError: invalid load key, '{key}'."), ""))
}

/// Where each reader stops.
fn ends(comparison: &Comparison) -> Vec<(Reader, u64, String)> {
    let mut found = Vec::new();
    if let Some(stop) = &comparison.stop {
        let messages = comparison.readers.iter().zip(&stop.messages);
        found.extend(messages.map(|(reader, message)| (*reader, stop.offset, message.clone())));
    }
    for pickle in &comparison.pickles {
        for (reader, end) in comparison.readers.iter().zip(&pickle.ends) {
            if let End::Refuses { offset, message } = end {
                found.push((*reader, *offset, message.clone()));
            }
        }
    }
    found.retain(|(.., message)| !message.is_empty());
    found
}
