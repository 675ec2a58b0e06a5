//! `picklescope bytes`: bytes in hex and text, and what each of them is for.

use super::output::{name, sentence};
use clap::ArgMatches;
use picklescope::bundle::Bundle;
use picklescope::bytes::Span;
use picklescope::view::preview::size_text;
use picklescope::view::{ByteLayer, ByteWindow, BytesAt};
use serde_json::json;
use std::io::{self, Write};

/// Bytes in a line.
const LINE: usize = 16;
/// Bytes that are read at a time.
const PIECE: u64 = 64 << 10;

/// A number in decimal or hexadecimal.
pub(crate) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Reads an offset that was given.
pub(crate) fn offset(text: &str) -> Result<u64, String> {
    number(text).ok_or_else(|| "a number like 57 or 0x39".to_owned())
}

/// Prints the bytes that the words ask for.
pub(crate) fn run(bundle: &mut Bundle, words: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let layer = words.get_one::<u32>("layer").copied();
    let at = words.get_one::<u64>("at").copied();
    let count = words.get_one::<u64>("count").copied().unwrap_or_default();
    let layers = bundle.byte_layers();
    let number = layer.unwrap_or(layers.len().saturating_sub(1) as u32);
    let shown = layers.get(number as usize).ok_or_else(|| {
        io::Error::other(format!("there is no layer {number}; the last is {}", layers.len().saturating_sub(1)))
    })?;
    let place = at.map(|at| bundle.bytes_at(layer, at, &mut |_| {}).map_err(io::Error::other)).transpose()?;
    let start = at.unwrap_or(0);
    let end = start.saturating_add(count).min(shown.size);
    let is_json = words.get_flag("json");
    if is_json {
        begin_json(&layers, number, out)?;
    } else {
        print_layers(&layers, number, out)?;
    }
    let mut dump = Dump { out, is_json, last: None };
    let mut from = start;
    while from < end {
        let span = Span::new(from, end.min(from.saturating_add(PIECE)));
        let window = bundle.byte_window(layer, span, &mut |_| {}).map_err(io::Error::other)?;
        from = dump.window(&window, span)?;
    }
    let out = dump.out;
    match (is_json, place) {
        (true, place) => writeln!(out, "\n  ],\n  \"at\": {}\n}}", json!(place)),
        (false, Some(place)) => print_readings(&place, out),
        (false, None) => Ok(()),
    }
}

fn print_layers(layers: &[ByteLayer], number: u32, out: &mut dyn Write) -> io::Result<()> {
    for (index, layer) in layers.iter().enumerate() {
        let sign = if index == number as usize { '*' } else { ' ' };
        let what = if layer.what.is_empty() { String::new() } else { format!("  {}", sentence(&layer.what)) };
        writeln!(out, "{sign} layer {index}  {}  {}{what}", name(&layer.name), size_text(layer.size))?;
    }
    writeln!(out)
}

fn begin_json(layers: &[ByteLayer], number: u32, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n  \"layers\": {},\n  \"layer\": {number},\n  \"spans\": [", json!(layers))
}

/// Lines of bytes, each of one span.
struct Dump<'a> {
    out: &'a mut dyn Write,
    is_json: bool,
    /// Where the span began of which the last line was.
    last: Option<u64>,
}

impl Dump<'_> {
    /// Prints a window, and gives the offset behind the last byte that was printed.
    fn window(&mut self, window: &ByteWindow, asked: Span) -> io::Result<u64> {
        let bytes = data_encoding::HEXLOWER.decode(window.digits.as_bytes()).map_err(io::Error::other)?;
        let mut reached = asked.end;
        for span in &window.spans {
            let (from, to) = (span.start.max(asked.start), span.end.min(asked.end));
            let part = |offset: u64| (offset - asked.start) as usize;
            let Some(bytes) = bytes.get(part(from)..part(to)) else { return Ok(asked.end) };
            let goes_on = self.last == Some(span.start);
            if self.is_json {
                let separator = if self.last.is_some() { "," } else { "" };
                let line = json!({
                    "start": span.start, "end": span.end, "kind": span.kind.word(), "label": span.label,
                    "offset": from, "bytes": data_encoding::HEXLOWER.encode(bytes),
                });
                write!(self.out, "{separator}\n    {line}")?;
            } else {
                self.lines(from, bytes, if goes_on { "" } else { &span.label })?;
            }
            self.last = Some(span.start);
            reached = to;
        }
        // A window with more spans than one answer has is asked for again from there.
        Ok(if reached > asked.start { reached } else { asked.end })
    }

    fn lines(&mut self, mut at: u64, bytes: &[u8], label: &str) -> io::Result<()> {
        let mut label = label;
        for line in bytes.chunks(LINE) {
            let digits: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' };
            let text: String = line.iter().map(text).collect();
            let line_text = format!("{at:08x}  {:<47}  {text:<16}  {}", digits.join(" "), sentence(label));
            writeln!(self.out, "{}", line_text.trim_end())?;
            at += line.len() as u64;
            label = "";
        }
        Ok(())
    }
}

fn print_readings(place: &BytesAt, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nat {0} ({0:#x})", place.offset)?;
    if let Some(span) = &place.span {
        let length = picklescope::view::preview::plural(span.end - span.start, "byte", "bytes");
        writeln!(out, "  {}, {length} from {} on", sentence(&span.label), span.start)?;
    }
    for reading in &place.readings {
        let missing = |text: &str| if text.is_empty() { "-".to_owned() } else { sentence(text).into_owned() };
        let big = reading.big.as_ref().map_or_else(String::new, |big| format!("  big-endian {}", missing(big)));
        writeln!(out, "  {:<28}{}{big}", reading.name, missing(&reading.little))?;
    }
    Ok(())
}
