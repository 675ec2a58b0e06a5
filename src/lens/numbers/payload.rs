//! The bytes of an array wherever they are, read by windows: in the pickle in any protocol's spelling, or outside it.

use super::negation::Negation;
use crate::bytes::{Source, Span, read_span};
use crate::graph::{Edge, Node, TextEncoding};
use crate::lens::graph_view::GraphView;
use crate::opcode;
use std::cell::Cell;
use std::rc::Rc;

/// Bytes read at once: between two elements that lie further apart than `GAP` there are two reads.
const GROUP: u64 = 1 << 20;
const GAP: u64 = 4096;
/// Bytes of a spelled payload that are decoded at once.
const PIECE: u64 = 64 * 1024;

/// Bytes somewhere.
#[derive(Clone)]
pub struct Payload<'a> {
    source: &'a dyn Source,
    /// Where they are in their source, as they are spelled there.
    pub span: Span,
    /// How they are spelled: as themselves, or as text whose characters are the bytes (protocols below 3).
    encoding: Option<TextEncoding>,
    /// What holds them, when it is not the file of the pickle: `archive/data/0`.
    pub place: Option<&'a str>,
    /// What is done to the elements before anyone sees them.
    negation: Option<Negation>,
    /// Where a spelled payload was read to: offset in the source, and bytes before it. Windows that follow each other then
    /// go on from there.
    reached: Rc<Cell<(u64, u64)>>,
}

impl<'a> Payload<'a> {
    /// The bytes of `span`, as they are.
    pub fn plain(source: &'a dyn Source, span: Span, place: Option<&'a str>) -> Self {
        let end = span.end.min(source.len());
        let span = Span::new(span.start.min(end), end);
        Self { source, span, encoding: None, place, negation: None, reached: Rc::new(Cell::new((span.start, 0))) }
    }

    fn spelled(source: &'a dyn Source, span: Span, encoding: TextEncoding) -> Self {
        // The payload of Python 2's binary strings is the bytes themselves.
        let encoding = Some(encoding).filter(|encoding| *encoding != TextEncoding::Python2);
        Self { encoding, ..Self::plain(source, span, None) }
    }

    /// The same bytes as the elements of a view that is conjugated or negated.
    pub(in crate::lens) fn negated(self, negation: Option<Negation>) -> Self {
        Self { negation, ..self }
    }

    /// The most bytes that there can be: their number, unless they are spelled as text.
    #[must_use]
    pub fn at_most(&self) -> u64 {
        self.span.len()
    }

    /// Whether they stand there as themselves.
    pub(in crate::lens) fn is_direct(&self) -> bool {
        self.encoding.is_none()
    }

    /// Whether they are in memory, where reading a few of them costs next to nothing. Those of a long text come after all that is
    /// before them.
    pub(in crate::lens) fn is_in_memory(&self) -> bool {
        self.source.is_in_memory() && (self.is_direct() || self.at_most() <= PIECE)
    }

    /// Where they stand in the file that was opened, when they stand there as they are seen.
    pub(in crate::lens) fn in_file(&self) -> Option<Span> {
        let is_changed = self.encoding.is_some() || self.negation.is_some();
        if is_changed { None } else { self.source.in_file(self.span) }
    }

    /// Whether they are bytes of the pickle's own source, as they are.
    pub(in crate::lens) fn is_plain(&self) -> bool {
        self.encoding.is_none() && self.place.is_none()
    }

    /// `size` bytes from each of the `offsets`, in the order of the offsets; fewer where the payload ends. Reads what is
    /// needed and little more: neighbours at once, and spelled bytes in one pass from the beginning.
    pub(in crate::lens) fn gather(&self, offsets: &[u64], size: u64) -> Result<Vec<Vec<u8>>, String> {
        let mut order: Vec<usize> = (0..offsets.len()).collect();
        order.sort_by_key(|&i| offsets[i]);
        let mut found = vec![Vec::new(); offsets.len()];
        let keep = |i: usize, bytes: &[u8]| found[i] = bytes.to_vec();
        self.visit(&order, offsets, size, keep)?;
        Ok(found)
    }

    /// The same of elements that are all there, in one piece.
    pub(in crate::lens) fn gather_flat(&self, offsets: &[u64], size: usize) -> Result<Vec<u8>, String> {
        let mut found = vec![0; offsets.len().saturating_mul(size)];
        let mut missing = false;
        if let (None, None, Some(all)) = (self.encoding, self.negation, self.source.contiguous()) {
            // Inside the slice, so it fits usize.
            let all = &all[self.span.start as usize..self.span.end as usize];
            for (place, &offset) in found.chunks_exact_mut(size.max(1)).zip(offsets) {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                match start.checked_add(size).and_then(|end| all.get(start..end)) {
                    Some(bytes) => place.copy_from_slice(bytes),
                    None => missing = true,
                }
            }
        } else {
            let mut order: Vec<usize> = (0..offsets.len()).collect();
            if !offsets.is_sorted() {
                order.sort_by_key(|&i| offsets[i]);
            }
            let keep = |i: usize, bytes: &[u8]| match found.get_mut(i * size..(i + 1) * size) {
                Some(place) if bytes.len() == size => place.copy_from_slice(bytes),
                _ => missing = true,
            };
            self.visit(&order, offsets, size as u64, keep)?;
        }
        if missing { Err("the bytes end before the last element".to_owned()) } else { Ok(found) }
    }

    /// The bytes from `start` on, at most `length`; fewer where the payload ends.
    pub(in crate::lens) fn read(&self, start: u64, length: u64) -> Result<Vec<u8>, String> {
        self.reader(start).read(start, start.saturating_add(length))
    }

    /// Reads `size` bytes from each of the `offsets` in the order that `order` gives, which is ascending.
    fn visit(
        &self,
        order: &[usize],
        offsets: &[u64],
        size: u64,
        mut keep: impl FnMut(usize, &[u8]),
    ) -> Result<(), String> {
        let Some(&head) = order.first() else { return Ok(()) };
        let mut reader = self.reader(offsets[head]);
        let mut first = 0;
        while let Some(&head) = order.get(first) {
            let start = offsets[head];
            let mut end = start.saturating_add(size);
            let mut last = first + 1;
            while let Some(&next) = order.get(last) {
                let next = offsets[next];
                if next > end.saturating_add(GAP) || next.saturating_add(size) - start > GROUP {
                    break;
                }
                end = next.saturating_add(size);
                last += 1;
            }
            let bytes = reader.read(start, end)?;
            for &i in &order[first..last] {
                let skip = usize::try_from(offsets[i] - start).unwrap_or(usize::MAX).min(bytes.len());
                let stop =
                    usize::try_from(offsets[i].saturating_add(size) - start).unwrap_or(usize::MAX).min(bytes.len());
                keep(i, &bytes[skip..stop]);
            }
            first = last;
        }
        Ok(())
    }

    /// Begins where the last window ended, when that is not behind `start`.
    fn reader(&self, start: u64) -> Reader<'a, '_> {
        let (at, decoded) = self.reached.get();
        let (at, decoded) = if decoded <= start { (at, decoded) } else { (self.span.start, 0) };
        Reader { payload: self, at, decoded, held: Vec::new() }
    }
}

/// Goes over a payload once.
struct Reader<'a, 'b> {
    payload: &'b Payload<'a>,
    /// Offset in the source of the next piece of a spelled payload.
    at: u64,
    /// Bytes that the pieces before `held` gave.
    decoded: u64,
    held: Vec<u8>,
}

impl Reader<'_, '_> {
    /// The bytes from `start` to `end`; `start` never goes back.
    fn read(&mut self, start: u64, end: u64) -> Result<Vec<u8>, String> {
        let Some(negation) = self.payload.negation else { return self.read_stored(start, end) };
        // Whole elements, of which the beginning of the first and the end of the last are let go.
        let whole = start / negation.size * negation.size;
        let mut bytes = self.read_stored(whole, end.div_ceil(negation.size).saturating_mul(negation.size))?;
        negation.apply(&mut bytes);
        bytes.truncate(usize::try_from(end - whole).unwrap_or(usize::MAX));
        bytes.drain(..usize::try_from(start - whole).unwrap_or(usize::MAX).min(bytes.len()));
        Ok(bytes)
    }

    /// The same of the bytes as they are stored.
    fn read_stored(&mut self, start: u64, end: u64) -> Result<Vec<u8>, String> {
        let &Payload { source, span, encoding, .. } = self.payload;
        let Some(encoding) = encoding else {
            let place = |offset: u64| span.start.saturating_add(offset).min(span.end);
            let bytes = read_span(source, Span::new(place(start), place(end))).map_err(|error| error.to_string())?;
            return Ok(bytes.into_owned());
        };
        while self.decoded + (self.held.len() as u64) < end && self.at < span.end {
            // What lies before the window is let go.
            let done = usize::try_from(start.saturating_sub(self.decoded)).unwrap_or(usize::MAX).min(self.held.len());
            self.held.drain(..done);
            self.decoded += done as u64;
            // The first window of a long text is in its first few bytes.
            let needed = (end - self.decoded).saturating_mul(10).max(64);
            let piece = Span::new(self.at, span.end).prefix(PIECE.min(needed));
            let text = read_span(source, piece).map_err(|error| error.to_string())?;
            let (bytes, used) = decode(encoding, &text, piece.end == span.end)?;
            if used == 0 {
                break;
            }
            self.payload.reached.set((self.at, self.decoded + self.held.len() as u64));
            self.at += used as u64;
            self.held.extend(bytes);
        }
        let index = |offset: u64| usize::try_from(offset.saturating_sub(self.decoded)).unwrap_or(usize::MAX);
        let (from, to) = (index(start).min(self.held.len()), index(end).min(self.held.len()));
        Ok(self.held[from..to].to_vec())
    }
}

/// The bytes that the characters of a piece of text are, and the length of the text used.
fn decode(encoding: TextEncoding, piece: &[u8], last: bool) -> Result<(Vec<u8>, usize), String> {
    let (text, used) = match encoding {
        TextEncoding::Python2 | TextEncoding::Line => return Ok((piece.to_vec(), piece.len())),
        TextEncoding::Python2Quoted => return opcode::unescape_prefix(piece, last).map_err(|error| error.to_string()),
        TextEncoding::Utf8 => opcode::PyText::utf8_prefix(piece).map_err(|error| error.to_string())?,
        TextEncoding::RawUnicodeEscape => {
            opcode::raw_unicode_escape_prefix(piece, last).map_err(|error| error.to_string())?
        }
    };
    let byte = |code| u8::try_from(code).map_err(|_| format!("a character above 255 (U+{code:04X}) is no byte"));
    Ok((text.code_points().map(byte).collect::<Result<_, _>>()?, used))
}

impl<'a> GraphView<'a> {
    /// The bytes that a value is, not read yet: BINBYTES, BYTEARRAY8, a `str` of Python 2, `_codecs.encode(text, 'latin1')`,
    /// `bytearray(…)` of one of them, or an out-of-band buffer.
    ///
    /// # Errors
    /// Why there are none, in words.
    pub(in crate::lens) fn payload_of(&self, edge: Edge) -> Result<Payload<'a>, String> {
        const WRAPPINGS: usize = 4;
        let mut edge = edge;
        for _ in 0..WRAPPINGS {
            match self.graph.node(edge.node()) {
                Node::Bytes(span) | Node::ByteArray(span) => return Ok(Payload::plain(self.source, span, None)),
                Node::Text { span, encoding } if encoding.is_python2() => {
                    return Ok(Payload::spelled(self.source, span, encoding));
                }
                Node::Buffer(index) => {
                    return match self.attached.buffers.get(index as usize) {
                        Some(blob) => Ok(Payload::plain(&*blob.source, blob.span, Some(&blob.place))),
                        None => Err(format!("buffer #{index} is not in this file")),
                    };
                }
                Node::ReadonlyBuffer(inner) => edge = inner,
                Node::Call { .. } => match self.spelled_bytes(edge)? {
                    Spelled::Payload(payload) => return Ok(payload),
                    Spelled::In(inner) => edge = inner,
                },
                _ => break,
            }
        }
        Err("the data is no bytes".to_owned())
    }

    fn spelled_bytes(&self, edge: Edge) -> Result<Spelled<'a>, String> {
        let odd = || "the data is a call that is not understood".to_owned();
        let call = self.call(edge.node()).ok_or_else(odd)?;
        let symbol = call.symbol.ok_or_else(odd)?;
        let is_bytes = symbol.module == "builtins" && matches!(symbol.name.as_str(), "bytes" | "bytearray");
        let text = match call.args[..] {
            [] if is_bytes => {
                return Ok(Spelled::Payload(Payload::plain(self.source, Span::new(0, 0), None)));
            }
            [inner] if is_bytes || symbol.is("pickle", "PickleBuffer") => return Ok(Spelled::In(inner)),
            [text, encoding] if is_bytes || symbol.is("_codecs", "encode") => {
                let name = self.string(encoding);
                Some(text).filter(|_| matches!(name.as_deref(), Some("latin1" | "latin-1")))
            }
            _ => None,
        };
        match self.graph.node(text.ok_or_else(odd)?.node()) {
            Node::Text { span, encoding } => Ok(Spelled::Payload(Payload::spelled(self.source, span, encoding))),
            _ => Err(odd()),
        }
    }
}

/// What a call that makes bytes was given.
enum Spelled<'a> {
    Payload(Payload<'a>),
    In(Edge),
}
