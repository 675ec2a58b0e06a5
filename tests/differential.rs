//! 20,000 generated streams and what CPython 3.11 said of each (`tests/differential/streams.zz`, written by
//! `scripts/differential/pack.py`): what its C loader loads is shown with the same value and without a problem at which it
//! would stop; where it refuses, a problem says so at that opcode. What differs and stays is in `known.tsv`, with the reason.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "differential/answer.rs"]
mod answer;

use answer::{Answer, answer, hex};
use std::collections::BTreeMap;
use std::io::Read;

const STREAMS: &[u8] = include_bytes!("differential/streams.zz");
const KNOWN: &str = include_str!("differential/known.tsv");

/// A kind of difference that stays.
struct Known<'a> {
    name: &'a str,
    difference: &'a str,
    message: &'a str,
    hex: &'a str,
}

fn known() -> Vec<Known<'static>> {
    let rows = KNOWN.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [name, difference, message, hex, reason] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        assert!(!reason.is_empty(), "{name} has no reason");
        Known { name, difference, message, hex }
    });
    rows.collect()
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

/// What differs: the kind of the difference, CPython's message or what we give, and the same in words.
fn difference(record: &Record<'_>, ours: &Answer) -> Option<(&'static str, String, String)> {
    let mut begin = 0;
    for (index, &(end, expected)) in record.loaded.iter().enumerate() {
        let Some(pickle) = ours.pickles.get(index).filter(|pickle| pickle.complete) else {
            let why = ours.said.iter().find(|said| said.fatal).map(|said| said.message.clone());
            return Some(("stops", String::new(), format!("C loads pickle {index}, we stop: {why:?}")));
        };
        let mut said = ours.said.iter().filter(|said| (begin..end).contains(&said.offset));
        if let Some(said) = said.clone().find(|said| said.raised.is_some()) {
            return Some(("says refused", said.message.clone(), format!("at {}: {}", said.offset, said.message)));
        }
        if pickle.end != end {
            return Some(("end", String::new(), format!("pickle {index} ends at {end}, shown {}", pickle.end)));
        }
        if expected != 0 && crc(&pickle.value) != expected && !pickle.value.contains("!tie") {
            return Some(("value", pickle.value.clone(), format!("C loads another value than {}", pickle.value)));
        }
        if pickle.collapsed && !said.any(|said| said.message.contains("equal")) {
            return Some(("equal, nothing said", String::new(), "equal keys or members left out".to_owned()));
        }
        begin = end;
    }
    let (message, reached) = record.refused?;
    // Bytes behind a pickle that are not taken for one are said to be trailing.
    let pickle = ours.pickles.get(record.loaded.len())?;
    let end = if pickle.complete { pickle.end } else { u64::MAX };
    let mut said = ours.said.iter().filter(|said| said.offset >= begin && (said.offset < end || said.fatal));
    let stop = said.find(|said| said.raised.is_some());
    let framed = record.stream.contains(&0x95);
    let kind = match stop {
        None => "nothing said",
        // Of a frame, the loader reads everything at once: where it stopped cannot be told.
        Some(_) if framed => return None,
        Some(stop) if stop.offset >= reached && reached < record.stream.len() as u64 => "nothing said",
        Some(stop) if stop.end < reached && !(stop.fatal && stop.end >= record.stream.len() as u64) => "said early",
        Some(stop) if stop.raised.as_deref() != Some(message) => "other words",
        Some(_) => return None,
    };
    let said = stop.map_or("nothing".to_owned(), |stop| format!("at {}: {:?}", stop.offset, stop.raised));
    Some((kind, message.to_owned(), format!("C refuses at {reached}: {message}; said: {said}")))
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
        let Some((kind, message, words)) = difference(&record, &ours) else { continue };
        // From a file, the C loader drops what is left of a frame when an instruction crosses its end.
        let frames = record.stream.contains(&0x95) && ours.said.iter().any(|said| said.message.contains(" frame "));
        let kind = if frames { "frames" } else { kind };
        match known.iter().find(|known| known.difference == kind && message.starts_with(known.message)) {
            Some(known) => *met.entry(known.name).or_default() += 1,
            None => wrong.push(format!("{kind}: {} {}: {words}", hex(record.stream), record.flags)),
        }
    }
    assert_eq!(count, 20_000);
    assert!(wrong.is_empty(), "{} streams, among them (`compare.py try HEX FLAGS` tells more):\n{}", wrong.len(), {
        wrong.sort_by_key(String::len);
        wrong[..wrong.len().min(20)].join("\n")
    });
    let unmet: Vec<_> = met.iter().filter(|(_, count)| **count == 0).collect();
    assert!(unmet.is_empty(), "known differences that are none any more: {unmet:?}");
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
