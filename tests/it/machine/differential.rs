//! 20,000 generated streams and what CPython 3.11 said of each (`tests/differential/streams.zz`, written by
//! `scripts/differential/pack.py`): what its C loader loads is shown with the same value and without a problem at which it
//! would stop; where it refuses, a problem says so at that opcode. What differs and stays is in `known.tsv`, with the reason.

#[path = "../../differential/answer.rs"]
#[allow(dead_code, reason = "the harness in examples/ uses the rest")]
mod answer;

use answer::{Answer, answer, hex};
use picklescope::bytes::{Limits, MemorySource};
use picklescope::opcode::{Opcode, decode};
use std::collections::BTreeMap;
use std::io::Read;

const STREAMS: &[u8] = include_bytes!("../../differential/streams.zz");
const KNOWN: &str = include_str!("../../differential/known.tsv");

/// Notes about frames behind which a loader from a file reads other bytes than one from bytes.
const FRAMES: [(&str, &str); 2] = [("frames", "crosses the end of its frame"), ("end of a frame", "behind STOP")];

/// A kind of difference that stays.
struct Known<'a> {
    name: &'a str,
    differences: &'a str,
    /// Names of opcodes, `-` for any.
    opcodes: &'a str,
    /// What the loader's message, or the value shown, holds.
    part: &'a str,
    /// Bytes of which the stream has one.
    bytes: Vec<u8>,
    /// Flags of which the stream has one, 0 for any.
    flags: u8,
    hex: &'a str,
}

fn known() -> Vec<Known<'static>> {
    let rows = KNOWN.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [name, differences, opcodes, part, bytes, flags, hex, reason] = line.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("eight columns: {line}");
        };
        assert!(!reason.is_empty(), "{name} has no reason");
        let bytes = bytes.split(',').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
        Known { name, differences, opcodes, part, bytes, flags: flags.parse().unwrap_or(0), hex }
    });
    rows.collect()
}

impl Known<'_> {
    fn covers(&self, record: &Record<'_>, found: &Difference) -> bool {
        let hidden = found.opcode == "framed";
        let kind = self.differences.split(',').any(|kind| kind == found.kind)
            || hidden && found.kind == "nothing said" && self.differences.contains("only noted");
        let opcode = hidden || self.opcodes == "-" || self.opcodes.split(',').any(|opcode| opcode == found.opcode);
        let bytes = self.bytes.is_empty() || self.bytes.iter().any(|byte| record.stream.contains(byte));
        kind && opcode
            && bytes
            && found.message.contains(self.part)
            && (self.flags == 0 || record.flags & self.flags != 0)
    }
}

/// A stream and CPython's answer.
struct Record<'a> {
    flags: u8,
    stream: &'a [u8],
    /// Where each pickle that loads ends, and the CRC of its value; 0 where the order of a set leaves it open.
    loaded: Vec<(u64, u32)>,
    /// What ends it, and the offset that the loader had reached.
    refused: Option<(&'a str, u64)>,
}

struct Packed<'a> {
    messages: Vec<&'a str>,
    rest: &'a [u8],
}

impl<'a> Packed<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let messages = std::str::from_utf8(&bytes[..end]).unwrap().split('\n').collect();
        Self { messages, rest: &bytes[end + 2..] }
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }

    fn number(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)[0];
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        value
    }
}

impl<'a> Iterator for Packed<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let flags = self.take(1)[0];
        let length = self.number() as usize;
        let stream = self.take(length);
        let count = self.number();
        let loaded =
            (0..count).map(|_| (self.number(), u32::from_le_bytes(self.take(4).try_into().unwrap()))).collect();
        let (message, reached) = (self.number() as usize, self.number());
        let refused = message.checked_sub(1).map(|index| (self.messages[index], reached));
        Some(Record { flags, stream, loaded, refused })
    }
}

fn crc(text: &str) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    crc.sum()
}

/// What differs.
struct Difference {
    kind: &'static str,
    /// The opcode at which the loader stops; `framed` when the stream has frames, which it reads as a whole.
    opcode: &'static str,
    /// The loader's message, or what is shown.
    message: String,
    words: String,
}

fn differ(kind: &'static str, message: impl Into<String>, words: String) -> Option<Difference> {
    Some(Difference { kind, opcode: "-", message: message.into(), words })
}

fn difference(record: &Record<'_>, ours: &Answer) -> Option<Difference> {
    let mut begin = 0;
    for (index, &(end, expected)) in record.loaded.iter().enumerate() {
        let Some(pickle) = ours.pickles.get(index).filter(|pickle| pickle.complete) else {
            let why = ours.said.iter().find(|said| said.fatal).map(|said| said.message.clone());
            return differ("stops", "", format!("C loads pickle {index}, we stop: {why:?}"));
        };
        let mut said = ours.said.iter().filter(|said| (begin..end).contains(&said.offset));
        if pickle.end != end {
            return differ("end", "", format!("pickle {index} ends at {end}, shown {}", pickle.end));
        }
        if let Some(said) = said.find(|said| said.raised.is_some()) {
            let words = format!("at {}: {}", said.offset, said.message);
            return Some(Difference {
                kind: "says refused",
                opcode: said.opcode,
                message: said.message.clone(),
                words,
            });
        }
        if expected != 0 && crc(&pickle.value) != expected && !pickle.value.contains("!tie") {
            // A later pickle that C refuses is shown to its end, with what it does to this one.
            let changed =
                record.refused.is_some() && ours.said.iter().any(|said| said.message.contains("one Unpickler"));
            let kind = if changed { "value behind a refusal" } else { "value" };
            return differ(kind, &*pickle.value, format!("C loads another value than {}", pickle.value));
        }
        if pickle.collapsed && !ours.said.iter().any(|said| said.message.contains("equal")) {
            return differ("equal; nothing said", "", "equal keys or members are left out".to_owned());
        }
        begin = end;
    }
    refusal(record, ours, begin)
}

/// Whether we say that the loader stops where it does.
fn refusal(record: &Record<'_>, ours: &Answer, begin: u64) -> Option<Difference> {
    let (message, reached) = record.refused?;
    // Bytes behind a pickle that are not taken for one are said to be trailing.
    let pickle = ours.pickles.get(record.loaded.len())?;
    let end = if pickle.complete { pickle.end } else { u64::MAX };
    let said = || ours.said.iter().filter(|said| said.offset >= begin && (said.offset < end || said.fatal));
    let stop = said().find(|said| said.raised.is_some());
    let framed = record.stream.contains(&0x95);
    let size = record.stream.len() as u64;
    let noted = if said().any(|said| said.end == reached) { "only noted" } else { "nothing said" };
    let kind = match stop {
        None => noted,
        // Of a frame, the loader reads everything at once: where it stopped cannot be told.
        Some(_) if framed => return None,
        Some(stop) if stop.offset >= reached && reached < size => noted,
        Some(stop) if stop.end < reached && !(stop.fatal && stop.end >= size) => "said early",
        Some(stop) if stop.raised.as_deref() != Some(message) => "other words",
        Some(_) => return None,
    };
    let opcode = if framed { "framed" } else { opcode_at(record.stream, begin, reached) };
    let stop = stop.map_or("nothing".to_owned(), |stop| format!("at {}: {:?}", stop.offset, stop.raised));
    let words = format!("C refuses at {reached}, {opcode}: {message}; said: {stop}");
    Some(Difference { kind, opcode, message: message.to_owned(), words })
}

/// The instruction that a loader was at when it had read up to `reached`.
fn opcode_at(stream: &[u8], begin: u64, reached: u64) -> &'static str {
    let source = MemorySource::new(stream.to_vec());
    let (mut at, mut name) = (begin, "-");
    while let Ok(instruction) = decode(&source, at, &Limits::default()) {
        name = instruction.opcode.info().name;
        at = instruction.span().end;
        if at >= reached {
            return name;
        }
    }
    // What does not decode is an instruction as well.
    stream.get(at as usize).and_then(|&byte| Opcode::from_byte(byte)).map_or(name, |opcode| opcode.info().name)
}

#[test]
fn what_cpython_loads_is_shown_and_what_it_refuses_is_said() {
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(STREAMS).read_to_end(&mut bytes).unwrap();
    let known = known();
    let mut met: BTreeMap<&str, u64> = known.iter().map(|known| (known.name, 0)).collect();
    let (mut count, mut wrong) = (0, Vec::new());
    for record in Packed::new(&bytes) {
        count += 1;
        let ours = answer(record.stream, record.flags);
        let Some(mut found) = difference(&record, &ours) else { continue };
        // From a file, the C loader drops what is left of a frame when an instruction crosses its end, and what is behind STOP.
        let is_noted = |words: &str| ours.said.iter().any(|said| said.message.contains(words));
        if let Some((kind, _)) = FRAMES.iter().find(|(_, words)| is_noted(words)) {
            found.kind = *kind;
        }
        match known.iter().find(|known| known.covers(&record, &found)) {
            Some(known) => *met.entry(known.name).or_default() += 1,
            None => wrong.push(format!("{}: {} {}: {}", found.kind, hex(record.stream), record.flags, found.words)),
        }
    }
    assert_eq!(count, 20_000);
    assert!(wrong.is_empty(), "{} streams, among them (`compare.py try HEX FLAGS` tells more):\n{}", wrong.len(), {
        wrong.sort_by_key(String::len);
        wrong[..wrong.len().min(20)].join("\n")
    });
    let unmet: Vec<_> = met.iter().filter(|(_, count)| **count == 0).collect();
    assert!(unmet.is_empty(), "rows of known.tsv that nothing here needs: {unmet:?}");
}

/// Every row of the table has a stream that shows it; `docs/readers.md` prints them.
#[test]
fn known_differences_have_streams() {
    for known in known() {
        let stream = known.hex.as_bytes();
        assert!(stream.len() >= 2 && stream.len().is_multiple_of(2), "{}: {}", known.name, known.hex);
        assert!(stream.iter().all(u8::is_ascii_hexdigit), "{}: {}", known.name, known.hex);
    }
}
