//! Tar archives: POSIX.1-1988 (ustar), POSIX.1-2001 (pax), GNU and the format of version 7 Unix.

use super::archive::{self, Directory, Entry, Method, Place};
use super::note::Note;
use crate::bytes::{Limits, Source, Span, read_span};
use std::sync::Arc;

pub(super) const BLOCK: u64 = 512;
/// Long names and pax records longer than this are not read.
const RECORDS: u64 = 1 << 20;

/// What records before a header say about the next entry.
#[derive(Default)]
struct Pending {
    name: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    sparse: bool,
}

/// Reads the headers of a tar archive; contents are skipped by their offsets. It ends at the first zero block, or where
/// there is no header.
#[must_use]
pub fn read(source: &Arc<dyn Source>, limits: &Limits) -> Directory {
    let mut directory = Directory { complete: true, ..Directory::default() };
    let mut pending = Pending::default();
    let mut at = 0;
    loop {
        let mut block = [0; BLOCK as usize];
        let stop = match source.read_at(at, &mut block) {
            Ok(count) if count == block.len() && block.iter().all(|byte| *byte == 0) => {
                directory.rest.push(Span::new(at, source.len()));
                break;
            }
            Ok(count) if count == block.len() && checksum_holds(&block) => None,
            Ok(count) if count == block.len() => {
                Some("the header here is damaged; later entries are not listed".into())
            }
            Ok(0) => Some("the archive ends without the zero blocks that should end it: it may be cut off".to_owned()),
            Ok(_) => Some("the archive is cut off in a header".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        let stop = stop.or_else(|| {
            let full = directory.entries.len() >= limits.entries;
            full.then(|| format!("only the first {} entries are listed", limits.entries))
        });
        if let Some(text) = stop {
            directory.complete = false;
            directory.notes.push(Note { offset: Some(at), text, disguise: false });
            directory.rest.push(Span::new(at.min(source.len()), source.len()));
            break;
        }
        at = header(source, at, &block, &mut pending, &mut directory);
    }
    archive::note_names(&mut directory.entries);
    directory
}

/// Reads the header at `at` and gives the offset of the next.
fn header(source: &Arc<dyn Source>, at: u64, block: &[u8; 512], pending: &mut Pending, to: &mut Directory) -> u64 {
    let size = match block[156] {
        b'x' | b'X' | b'g' | b'L' | b'K' => number(&block[124..136]),
        _ => pending.size.or_else(|| number(&block[124..136])),
    };
    let Some(size) = size else {
        to.complete = false;
        to.notes.push(Note {
            offset: Some(at + 124),
            text: "the size of this entry is no number".to_owned(),
            disguise: false,
        });
        return at + BLOCK;
    };
    let mut start = at + BLOCK;
    let records = Span::new(start, start.saturating_add(size.min(RECORDS)));
    let record_bytes = || read_span(source, records).map(std::borrow::Cow::into_owned).unwrap_or_default();
    match block[156] {
        b'L' => pending.name = Some(text(&record_bytes())),
        b'K' => pending.link = Some(text(&record_bytes())),
        // Solaris has its own letter for the same.
        b'x' | b'X' => {
            if !pax(&record_bytes(), pending) {
                to.complete = false;
                let text = "the pax records here are not as they should be: readers differ in what they make of them";
                to.notes.push(Note { offset: Some(at), text: text.to_owned(), disguise: true });
            }
        }
        // Global records give no names or sizes in practice; what they do give (comments, dates) is not shown.
        b'g' => {
            let mut global = Pending::default();
            let is_plain = pax(&record_bytes(), &mut global);
            if !is_plain || global.name.is_some() || global.size.is_some() {
                to.complete = false;
                let text = "global records give all entries a name or a size, which is not applied here".to_owned();
                to.notes.push(Note { offset: Some(at), text, disguise: true });
            }
        }
        kind => {
            // GNU's old sparse headers go on in blocks of their own.
            let mut more = kind == b'S' && block[482] != 0;
            while more {
                let mut block = [0; BLOCK as usize];
                more = source.read_at(start, &mut block).is_ok_and(|count| count == block.len()) && block[504] != 0;
                start += BLOCK;
            }
            let content = if has_content(kind) { size } else { 0 };
            let entry = entry(at, block, Span::new(start, start.saturating_add(content)), std::mem::take(pending));
            to.entries.push(entry);
            if let Some(entry) = to.entries.last_mut()
                && start.saturating_add(content) > source.len()
            {
                entry.notes.push(Note {
                    offset: Some(at),
                    text: "the entry reaches past the end of the file".into(),
                    disguise: false,
                });
            }
            return start.saturating_add(content.div_ceil(BLOCK).saturating_mul(BLOCK));
        }
    }
    if size > RECORDS {
        to.complete = false;
        to.notes.push(Note {
            offset: Some(at),
            text: format!("a record of {size} bytes is too long to be read"),
            disguise: false,
        });
    }
    start.saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK))
}

/// Links, devices and folders have none, whatever size they state.
fn has_content(kind: u8) -> bool {
    !matches!(kind, b'1'..=b'6')
}

fn entry(at: u64, block: &[u8; 512], content: Span, pending: Pending) -> Entry {
    let is_ustar = block[257..].starts_with(b"ustar\0");
    let own = text(&block[..100]);
    let name = pending.name.unwrap_or_else(|| match text(&block[345..500]) {
        prefix if is_ustar && !prefix.is_empty() => format!("{prefix}/{own}"),
        _ => own,
    });
    let link = pending.link.unwrap_or_else(|| text(&block[157..257]));
    let kind = block[156];
    let special = match kind {
        b'1' => Some(format!("a hard link to {link}")),
        b'2' => Some(format!("a symbolic link to {link}")),
        b'3' => Some("a character device".to_owned()),
        b'4' => Some("a block device".to_owned()),
        b'6' => Some("a FIFO".to_owned()),
        b'S' => Some("a sparse file, which is not put together here".to_owned()),
        _ if pending.sparse => Some("a sparse file, which is not put together here".to_owned()),
        _ => None,
    };
    Entry {
        folder: kind == b'5' || matches!(kind, 0 | b'0') && name.ends_with('/'),
        name,
        special,
        size: content.len(),
        packed: content.len(),
        method: Method::Stored,
        header: at,
        encrypted: false,
        crc: None,
        notes: Vec::new(),
        place: Place::At(content),
    }
}

/// Reads pax records: a length in digits, a blank, `key=value`, a line end. The length counts all of it. Whether all of them
/// are so, and a size is a number in plain digits: of any other readers make different things, Python's a size of zero.
fn pax(mut records: &[u8], pending: &mut Pending) -> bool {
    let mut is_plain = true;
    while !records.is_empty() {
        let Some(record) = pax_record(records) else { return false };
        records = &records[record.len()..];
        let Some((body, b"\n")) = record.split_at_checked(record.len() - 1) else { return false };
        let blank = body.iter().position(|byte| *byte == b' ').unwrap_or_default();
        let Some(equals) = body.iter().position(|byte| *byte == b'=') else { return false };
        let value = String::from_utf8_lossy(&body[equals + 1..]).into_owned();
        match body.get(blank + 1..equals).unwrap_or_default() {
            b"path" => pending.name = Some(value),
            b"linkpath" => pending.link = Some(value),
            b"size" => {
                is_plain &= !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                pending.size = value.parse().ok();
            }
            b"GNU.sparse.name" => {
                pending.name = Some(value);
                pending.sparse = true;
            }
            key if key.starts_with(b"GNU.sparse.") => pending.sparse = true,
            _ => {}
        }
    }
    is_plain
}

/// The first record, including its length field; `None` if no complete record of that length follows.
fn pax_record(records: &[u8]) -> Option<&[u8]> {
    let blank = records.iter().position(|byte| *byte == b' ')?;
    let digits = std::str::from_utf8(&records[..blank]).ok()?;
    let length = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<usize>().ok())??;
    records.get(..length).filter(|record| record.len() > blank + 1)
}

/// A text up to its zero byte.
pub(super) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// A number in octal digits or, with the first bit set, in binary (GNU, star).
pub(super) fn number(field: &[u8]) -> Option<u64> {
    match field.split_first()? {
        (0x80, rest) => {
            let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
            let low = u64::from_be_bytes(*low.first_chunk()?);
            (high.iter().all(|byte| *byte == 0) && low < 1 << 63).then_some(low)
        }
        _ => octal(field),
    }
}

/// Whether a source begins with a sound header. Text that speaks of tar files has the magic, too, but no sum.
#[must_use]
pub fn begins_soundly(source: &dyn Source) -> bool {
    let mut block = [0; BLOCK as usize];
    source.read_at(0, &mut block) == Ok(block.len()) && checksum_holds(&block)
}

/// Whether the checksum of a header block is the sum of its bytes. Old tars added the bytes as signed.
pub(super) fn checksum_holds(block: &[u8; 512]) -> bool {
    let Some(stated) = octal(&block[148..156]) else { return false };
    let sum = |value: fn(u8) -> i64| -> i64 {
        let blank = value(b' ') * 8;
        blank + block[..148].iter().chain(&block[156..]).map(|byte| value(*byte)).sum::<i64>()
    };
    let stated = i64::try_from(stated).unwrap_or(i64::MAX);
    sum(i64::from) == stated || sum(|byte| i64::from(byte.cast_signed())) == stated
}

/// A number in octal digits, between blanks and zero bytes; nothing at all is zero. It may be spelled in every way that
/// Python's `int(text, 8)` takes, which reads it in `tarfile`: with a plus, with `0o`, with `_` between digits.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    // What follows a zero byte is no part of it.
    let text = text.split('\0').next()?.trim();
    if text.is_empty() {
        return Some(0);
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.strip_prefix("0o").or_else(|| text.strip_prefix("0O"));
    let digits = digits.map_or(text, |digits| digits.strip_prefix('_').unwrap_or(digits));
    let is_split = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    let plain: String = digits.chars().filter(|digit| *digit != '_').collect();
    let is_number = is_split && plain.starts_with(|digit: char| digit.is_digit(8));
    is_number.then(|| u64::from_str_radix(&plain, 8).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::octal;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        let same: [&[u8]; 7] = [b"0000017", b"  17 \0\0", b"0o17\0", b"0O_17", b"+17", b"1_7\0", b"17\0rest"];
        assert!(same.iter().all(|field| octal(field) == Some(15)));
        assert_eq!(octal(b"\0\0\0"), Some(0));
        let none: [&[u8]; 6] = [b"1__7", b"_17", b"17_", b"0o", b"++1", b"8"];
        assert!(none.iter().all(|field| octal(field).is_none()));
    }
}
