//! Texts that spell pickles: files of base64 and of hexadecimal digits, rows of redis-cli, settings in JSON; and pickles whose ends
//! of lines a transfer of text has changed.

use super::codings::{LONGEST, is_pickle, places};
use super::encoded::{KEPT, MOST};
use super::member::{Member, MemberId, Origin};
use super::recoded::{recoded, replaced};
use super::skim::{reads_whole, skim_up_to};
use super::{Bundle, OnProgress};
use crate::bytes::{Limits, MemorySource, Source, Span, read_span, sorting};
use crate::container::Note;
use crate::document::paste;
use crate::format::pickle::is_announced;
use crate::machine;
use crate::opcode::{self, Opcode};
use std::sync::Arc;

/// First bytes that say whether the rest is worth reading.
const HEAD: u64 = 4096;
/// Longest file whose ends of lines are put back.
const CHANGED: u64 = 64 << 20;
/// Shortest text that stands for something by accident no more.
const SHORTEST: usize = 8;
/// Instructions in a row that are hardly an accident.
const CONVINCING: u64 = 32;
/// Lines that are tried one by one.
const LINES: usize = 4096;

/// What a text spells.
struct Spelled {
    at: u64,
    coding: &'static str,
    bytes: Vec<u8>,
}

impl Bundle {
    /// Adds the pickles that the text of a member spells.
    pub(super) fn add_spelled(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let is_made =
            matches!(self.at(id).origin, Origin::Value | Origin::Spelled(_) | Origin::Part(_) | Origin::Tail(_));
        if is_made || self.is_storage(id) {
            return;
        }
        let Ok(source) = self.source(id, progress) else { return };
        if let Some(count) = replaced(&*source) {
            let text = format!(
                "it was decoded as UTF-8 on the way, and what does not decode replaced by U+FFFD (ef bf bd), {count} times: these bytes \
                 are lost, the file has to be transferred again as bytes"
            );
            self.at_mut(id).notes.push(Note { offset: Some(0), text, disguise: false });
        }
        if self.starts_behind(id) {
            return;
        }
        if let Some(found) = recoded(&*source, &self.limits) {
            let text = format!(
                "its bytes were taken for text on the way and written in another encoding ({}), so loaders refuse it as it is; it is \
                 read with the bytes put back",
                found.coding
            );
            self.at_mut(id).notes.push(Note { offset: Some(0), text, disguise: false });
            self.spell(id, "with its bytes put back".to_owned(), found.coding, found.bytes);
            return;
        }
        if let Some(bytes) = with_line_ends(&*source, &self.limits) {
            let text = "its line ends were changed to those of Windows, as a transfer in text mode does (FTP, git with autocrlf), \
                        so loaders refuse it as it is; it is read with the line ends put back";
            self.at_mut(id).notes.push(Note { offset: Some(0), text: text.to_owned(), disguise: false });
            self.spell(id, "with its line ends put back".to_owned(), "line ends", bytes);
            return;
        }
        let found = spelled(&*source, &self.limits);
        let Some(first) = found.first() else { return };
        let what = match found.len() {
            1 => format!("it spells a pickle ({}), which is read", first.coding),
            count => format!("it spells {count} pickles ({}), of which the first is read", first.coding),
        };
        self.at_mut(id).notes.push(Note { offset: Some(first.at), text: what, disguise: false });
        for Spelled { at, coding, bytes } in found {
            self.spell(id, format!("pickle in {coding} at offset {at}"), coding, bytes);
        }
    }

    fn spell(&mut self, id: MemberId, name: String, coding: &'static str, bytes: Vec<u8>) {
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
        let made = self.add(Member::new(name, id, Origin::Spelled(coding)).with_source(source));
        self.at_mut(id).children.get_or_insert_default().push(made);
        self.visible.clear();
    }
}

/// The bytes of a pickle all of whose line feeds came to stand behind carriage returns, without these. `None` for every other
/// file: when the pickle reads as it is, or does not read without them either.
fn with_line_ends(source: &dyn Source, limits: &Limits) -> Option<Vec<u8>> {
    let head = read_span(source, Span::new(0, HEAD.min(source.len()))).ok()?;
    if !has_changed_line_ends(&head) || source.len() > CHANGED {
        return None;
    }
    let bytes = read_span(source, Span::new(0, source.len())).ok()?;
    if !has_changed_line_ends(&bytes) || reads_as_it_is(source, limits) {
        return None;
    }
    let mut mended = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if !(*byte == b'\r' && bytes.get(at + 1) == Some(&b'\n')) {
            mended.push(*byte);
        }
    }
    reads_whole(&mended, limits).then_some(mended)
}

/// Whether every line feed stands behind a carriage return, and there is one.
fn has_changed_line_ends(bytes: &[u8]) -> bool {
    let mut feeds = memchr::memchr_iter(b'\n', bytes).peekable();
    feeds.peek().is_some() && feeds.all(|at| at > 0 && bytes[at - 1] == b'\r')
}

/// Whether a pickle ends with its bytes, and not every line in it ends with a carriage return: a name that does is none.
fn reads_as_it_is(source: &dyn Source, limits: &Limits) -> bool {
    let (mut offset, mut lines) = (0, 0u64);
    while let Ok(instruction) = opcode::decode(source, offset, limits) {
        let is_line = instruction.opcode.info().arg.is_line();
        if is_line {
            let mut last = [0; 2];
            let is_read = source.read_at(instruction.end.saturating_sub(2), &mut last) == Ok(2);
            if !is_read || last != *b"\r\n" {
                return true;
            }
            lines += 1;
        }
        offset = instruction.end;
        if instruction.opcode == Opcode::Stop {
            // What decodes may still be no pickle: a text that is one byte too long ends in an opcode.
            let is_whole = || machine::read(source, limits, &mut |_, _| {}).problems.total == 0;
            return lines == 0 && offset == source.len() && is_whole();
        }
    }
    false
}

/// The pickles that a text spells: as a whole, line by line, or in runs of digits.
fn spelled(source: &dyn Source, limits: &Limits) -> Vec<Spelled> {
    if let Some(text) = wide_text(source) {
        return spelled(&MemorySource::new(text), limits);
    }
    let head = read_span(source, Span::new(0, HEAD.min(source.len())));
    let is_text =
        |bytes: &[u8]| bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x20..=0x7e | 0x80..));
    if !head.is_ok_and(|head| head.len() >= SHORTEST && is_text(&head)) {
        return Vec::new();
    }
    // A pickle of the old protocols is text, too.
    let own = skim_up_to(source, 0, limits, CONVINCING);
    if own.read >= CONVINCING || own.stops && own.end == source.len() {
        return Vec::new();
    }
    let Ok(bytes) = read_span(source, Span::new(0, source.len().min(LONGEST))) else { return Vec::new() };
    let Ok(text) = std::str::from_utf8(&bytes) else { return in_runs(&bytes, limits) };
    if let Some(whole) = spelled_by(text, 0, limits).or_else(|| behind_a_signature(text, limits)) {
        return vec![whole];
    }
    let found = in_lines(text, limits);
    if found.is_empty() { in_runs(&bytes, limits) } else { found }
}

/// ASCII text in UTF-16, as Windows writes it, as bytes.
fn wide_text(source: &dyn Source) -> Option<Vec<u8>> {
    let bytes = read_span(source, Span::new(0, source.len().min(LONGEST))).ok()?;
    let (mark, units) = bytes.split_at_checked(2)?;
    let read = match mark {
        [0xff, 0xfe] => |pair: &[u8]| (pair[0], pair[1]),
        [0xfe, 0xff] => |pair: &[u8]| (pair[1], pair[0]),
        _ => return None,
    };
    units.chunks_exact(2).map(read).map(|(low, high)| (high == 0 && low.is_ascii()).then_some(low)).collect()
}

/// The pickle behind a signature, where a text is both in base64: cookies of small web frameworks.
fn behind_a_signature(text: &str, limits: &Limits) -> Option<Spelled> {
    /// Bytes of the longest digest.
    const SIGNATURE: usize = 64;
    let (coding, bytes) = paste::spelled(text).ok().filter(|(coding, _)| *coding == "base64")?;
    let begins = |at: &usize| is_announced(&bytes[*at..]) && reads_whole(&bytes[*at..], limits);
    let at = (1..=SIGNATURE.min(bytes.len())).find(begins)?;
    Some(Spelled { at: 0, coding, bytes: bytes[at..].to_vec() })
}

fn in_lines(text: &str, limits: &Limits) -> Vec<Spelled> {
    let (mut found, mut at) = (Vec::new(), 0);
    for line in text.split_inclusive('\n').take(LINES) {
        if line.trim().len() >= SHORTEST && found.len() < MOST {
            found.extend(spelled_by(line, at, limits));
        }
        at += line.len() as u64;
    }
    found
}

fn spelled_by(text: &str, at: u64, limits: &Limits) -> Option<Spelled> {
    let (coding, bytes) = paste::spelled(text).ok()?;
    (bytes.len() >= SHORTEST / 2 && reads_whole(&bytes, limits)).then_some(Spelled { at, coding, bytes })
}

/// Runs of text that stand for whole pickles which announce themselves or name something first.
fn in_runs(bytes: &[u8], limits: &Limits) -> Vec<Spelled> {
    let (mut found, mut kept) = (Vec::new(), 0);
    for place in places(bytes).into_iter().take(4 * MOST) {
        let before = place.at.checked_sub(1).map(|before| bytes[before]);
        let Some((coding, decoded)) = place.decode(&bytes[place.at..], before) else { continue };
        if is_pickle(&decoded) && reads_whole(&decoded, limits) {
            kept += decoded.len();
            if found.len() >= MOST || kept > KEPT {
                break;
            }
            found.push(Spelled { at: place.at as u64, coding, bytes: decoded });
        }
    }
    sorting::by_key(&mut found, |one| one.at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codings(text: &[u8]) -> Vec<(u64, &'static str)> {
        let source = MemorySource::new(text.to_vec());
        spelled(&source, &Limits::default()).into_iter().map(|one| (one.at, one.coding)).collect()
    }

    #[test]
    fn texts_spell_pickles() {
        // {'a': 1} in protocols 0 and 4.
        assert_eq!(codings(b"KGRwMApWYQpwMQpJMQpzLg==\n"), [(0, "base64")]);
        assert_eq!(codings(b"gASVCgAAAAAAAAB9lIwBYZRLAXMu"), [(0, "base64")]);
        assert_eq!(codings(b"80 04 7d 8c 01 61 4b 01 73 2e"), [(0, "hexadecimal")]);
        assert_eq!(codings(br"b'\x80\x04}\x8c\x01aK\x01s.'"), [(0, "escapes")]);
        let rows = b"1) \"\\x80\\x04]K\\x01a.\"\n2) \"\\x80\\x04]K\\x02a.\"\n";
        assert_eq!(codings(rows), [(0, "escapes"), (22, "escapes")]);
        assert_eq!(codings(b"{\"a\": \"gASVCgAAAAAAAAB9lIwBYZRLAXMu\"}"), [(7, "base64")]);
        // A digest in front, and a text of Windows.
        assert_eq!(codings(b"AQIDBAUGB4AEfYwBYUsBcy4="), [(0, "base64")]);
        let wide: Vec<u8> = "\u{feff}gAR9jAFhSwFzLg==".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(codings(&wide), [(0, "base64")]);
        assert_eq!(codings(b"an ordinary text with some words"), []);
        assert_eq!(codings(b"(dp0\nVa\np1\nI1\ns."), []);
    }

    #[test]
    fn line_ends_are_put_back_where_they_were_changed() {
        let mend = |bytes: &[u8]| with_line_ends(&MemorySource::new(bytes.to_vec()), &Limits::default());
        assert_eq!(mend(b"(dp0\r\nVa\r\np1\r\nI1\r\ns."), Some(b"(dp0\nVa\np1\nI1\ns.".to_vec()));
        // The length of a frame or text no longer fits.
        assert_eq!(mend(b"\x80\x04\x8c\x03a\r\nb."), Some(b"\x80\x04\x8c\x03a\nb.".to_vec()));
        // Text with such line ends in a pickle that is as it was.
        assert_eq!(mend(b"\x80\x04\x8c\x04a\r\nb."), None);
        assert_eq!(mend(b"(dp0\nVa\np1\nI1\ns."), None);
        assert_eq!(mend(b"a text\r\nof two lines\r\n"), None);
    }
}
