//! What Picklescope says of readers side by side, against what the readers said (`scripts/differential/readers.py`).

use crate::ascii::ascii;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::lens::{Attached, GraphView, Lens, Python2Reading};
use picklescope::machine::read;
use picklescope::readers::{Comparison, Does, End, Reader, compare};
use std::io::Read;

const STREAMS: &[u8] = include_bytes!("readers.zz");

/// A stream and what the readers said of its first pickle.
pub(crate) struct Record {
    pub(crate) hex: String,
    /// Whether pickle.py sees the value that the C loader sees, where both load.
    pub(crate) is_same: Option<bool>,
    /// Where each stops, with its message.
    pub(crate) stops: [Option<(Option<u64>, String)>; 4],
}

pub(crate) fn records() -> Vec<Record> {
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(STREAMS).read_to_string(&mut text).unwrap();
    let (messages, lines) = text.split_once("\n\n").unwrap();
    let messages: Vec<&str> = messages.split('\n').collect();
    let stop = |text: &str| {
        let (offset, message) = text.split_once(':')?;
        Some((offset.parse().ok(), messages[message.parse::<usize>().unwrap()].to_owned()))
    };
    let record = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [hex, same, c, python, listing, torch] = fields[..] else { panic!("{line}") };
        let is_same = (same != "-").then_some(same == "1");
        Record { hex: hex.to_owned(), is_same, stops: [c, python, listing, torch].map(stop) }
    };
    lines.lines().map(record).collect()
}

pub(crate) fn comparison(bytes: &[u8]) -> Comparison {
    let source = MemorySource::new(bytes.to_vec());
    let limits = Limits::default();
    let reading = read(&source, &limits, &mut |_, _| {});
    let attached = Attached::default();
    let python2 = Python2Reading::default();
    let view = GraphView { graph: &reading.graph, source: &source, limits: &limits, python2, attached: &attached };
    compare(&reading, &Lens::new(view), true)
}

pub(crate) fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// What is said of one reader and the first pickle: nothing where it is not followed to its end.
#[derive(Debug)]
enum Said {
    Loads,
    Stops(Option<u64>, String),
    Open(u64),
}

fn said(comparison: &Comparison, index: usize) -> Said {
    let Some(pickle) = comparison.pickles.iter().find(|pickle| pickle.stream == 0) else {
        return match comparison.stop.as_ref().filter(|stop| stop.stream == 0) {
            Some(stop) => Said::Stops(Some(stop.offset), stop.messages[index].clone()),
            None => Said::Loads,
        };
    };
    let depends = pickle.differences.iter().find_map(|difference| match &difference.does[index] {
        Does::Depends(words) => {
            words.split_once("than ASCII: ").map(|(_, raised)| (difference.offset, raised.to_owned()))
        }
        _ => None,
    });
    match (&pickle.ends[index], depends) {
        (End::Refuses { offset, message }, Some((at, raised))) if at <= *offset => {
            let _ = message;
            Said::Stops(Some(at), raised)
        }
        (End::Refuses { offset, message }, _) => Said::Stops(Some(*offset), message.clone()),
        (_, Some((at, raised))) => Said::Stops(Some(at), raised),
        (End::Stop, None) => Said::Loads,
        (End::Unfollowed { offset, .. }, None) => Said::Open(*offset),
    }
}

/// What of a record is said otherwise: kind, and the words.
pub(crate) fn differences(record: &Record) -> Vec<(Reader, &'static str, String)> {
    let comparison = comparison(&bytes_of(&record.hex));
    let mut found = Vec::new();
    for (index, reader) in Reader::ALL.into_iter().enumerate() {
        let said = said(&comparison, index);
        let Some(kind) = difference(record.stops[index].as_ref(), &said) else { continue };
        if reader == Reader::C && depends_on_frames(&comparison) {
            continue;
        }
        if !is_known(record, reader, kind, &said) {
            found.push((reader, kind, format!("{:?}, said: {said:?}", record.stops[index])));
        }
    }
    if let Some(is_same) = record.is_same {
        let pickle = comparison.pickles.iter().find(|pickle| pickle.stream == 0);
        let mut rows = pickle.iter().flat_map(|pickle| &pickle.differences);
        let is_other = rows.any(|row| matches!(row.does[1], Does::Sees(_)) && row.does[1] != row.does[0]);
        if is_other == is_same {
            found.push((Reader::Python, "value", format!("the same value: {is_same}")));
        }
    }
    found
}

fn difference(stop: Option<&(Option<u64>, String)>, said: &Said) -> Option<&'static str> {
    match (stop, said) {
        (None, Said::Loads | Said::Open(_)) => None,
        (None, Said::Stops(..)) => Some("said to stop"),
        (Some(_), Said::Loads) => Some("said to load"),
        (Some((Some(at), _)), Said::Open(offset)) => (at < offset).then_some("stops before"),
        (Some((None, _)), Said::Open(_)) => None,
        // It is at the end of the file when it finds that there is none.
        (Some((_, message)), Said::Stops(_, words)) if message.starts_with("EOFError") && words == "EOFError" => None,
        (Some((Some(at), _)), Said::Stops(Some(offset), words)) if at != offset && !words.is_empty() => {
            Some("elsewhere")
        }
        (Some((_, message)), Said::Stops(_, words)) => (!is_like(message, words)).then_some("other words"),
    }
}

/// Whether the C loader, which reads these streams from a file, drops what is left of a frame.
fn depends_on_frames(comparison: &Comparison) -> bool {
    let mut rows = comparison.pickles.iter().flat_map(|pickle| &pickle.differences);
    rows.any(|row| matches!(&row.does[0], Does::Depends(words) if words.starts_with("from bytes")))
}

/// What stays, with the reason.
fn is_known(record: &Record, reader: Reader, kind: &str, said: &Said) -> bool {
    let Some((offset, message)) = record.stops[reader as usize].as_ref() else {
        return is_int_id(record, reader, said, None);
    };
    let bytes = bytes_of(&record.hex);
    let has = |opcodes: &[u8]| bytes.iter().any(|byte| opcodes.contains(byte));
    let is_about = |words: &[&str]| words.iter().any(|word| message.contains(word));
    // It stops before what is said of it; the C loader does not tell where it stops.
    let is_before = match said {
        Said::Loads | Said::Open(_) => true,
        Said::Stops(at, _) => offset.is_none_or(|offset| at.is_some_and(|at| offset < at)),
    };
    let words = match said {
        Said::Stops(_, words) => words.as_str(),
        _ => "",
    };
    match reader {
        Reader::C | Reader::Python if is_before => {
            // What a buffer is: here a bytearray, or a view of one.
            let of_buffers = [
                "object has no attribute",
                "bytearray indices must be",
                "cannot modify read-only memory",
                "object cannot be interpreted as an integer",
                "state is not a dictionary",
            ];
            // What a name stands for and what a call or a persistent id gives: here inert stand-ins, of which nothing is known there.
            let of_names = ["state is not a dictionary", "no attribute '__dict__'", "STACK_GLOBAL requires str"];
            has(b"\x97") && is_about(&of_buffers) || has(b"ciPQR\x93\x81\x92\x82\x83\x84o") && is_about(&of_names)
        }
        Reader::C => false,
        // Before it misses the last value of a pair, it meets a key that cannot be hashed.
        Reader::Python => {
            kind == "other words"
                && message.starts_with("TypeError: unhashable type: ")
                && words == "IndexError: list index out of range"
        }
        Reader::Pickletools => false,
        Reader::Torch => {
            // Old modules have other names there: `httplib`, `http.client`.
            let last =
                |text: &str| text.split(" was not").next().and_then(|text| text.rsplit('.').next()).map(str::to_owned);
            let is_name = kind == "other words"
                && message.starts_with("UnpicklingError: Unsupported global: GLOBAL ")
                && words.starts_with("UnpicklingError: Unsupported global: GLOBAL ")
                && last(message) == last(words);
            is_name || is_int_id(record, reader, said, *offset)
        }
    }
}

/// torch 2.6 refuses an int as a persistent id, 2.10 takes it and goes on.
fn is_int_id(record: &Record, reader: Reader, said: &Said, stop: Option<u64>) -> bool {
    let Said::Stops(Some(at), words) = said else { return false };
    let is_later = stop.is_none_or(|stop| stop > *at);
    let is_id = bytes_of(&record.hex).get(*at as usize) == Some(&b'Q');
    reader == Reader::Torch && words.starts_with("only persistent ids of storages") && is_id && is_later
}

/// Whether what is said of a message agrees with it: words that are not the reader's own are not compared, and of an exception without
/// words the exception is.
fn is_like(message: &str, words: &str) -> bool {
    let (exception, text) = message.split_once(": ").unwrap_or((message, ""));
    let words = &ascii(words);
    match words.split_once(": ") {
        _ if words.is_empty() => true,
        Some((said, rest)) if said.ends_with("Error") => said == exception && (rest.trim() == text.trim()),
        None if words.ends_with("Error") => words == exception,
        _ => true,
    }
}
