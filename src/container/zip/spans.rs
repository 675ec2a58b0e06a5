//! What each byte of a zip archive is for: headers, names, extra fields, contents, descriptors, directory, end records.

use super::end;
use super::fields::{cp437, u16_at, u32_at, u64_at};
use super::gaps::descriptor;
use super::header::method;
use super::local::{DESCRIPTOR, HEADER};
use crate::bytes::{Source, Span, SpanKind, Tiles};
use crate::container::archive::{Entry, Place};
use crate::format::dos;
use std::sync::Arc;

/// Bytes of a name that are read for the words about an entry.
const NAME: u64 = 200;
/// End records and what stands between them and the directory: there are four at most in an archive that somebody wrote.
const RECORDS: usize = 16;
const UTF8: u16 = 0x800;

/// Where everything in a zip archive begins.
#[derive(Debug)]
pub(in crate::container) struct ZipPlaces {
    /// In order, each offset once.
    places: Vec<(u64, Region)>,
}

#[derive(Clone, Copy, Debug)]
enum Region {
    /// An entry: its own header, and content of so many bytes.
    Entry { packed: u64 },
    /// A record of the central directory.
    Record,
    /// One of the records behind the directory.
    End,
}

/// How the value of a field is told.
#[derive(Clone, Copy)]
enum Told {
    Sign,
    Number,
    Hex,
    Method,
    Time,
}

type Field = (u64, &'static str, Told);

/// 4.3.7.
const LOCAL: [Field; 10] = [
    (4, "signature", Told::Sign),
    (2, "version needed", Told::Number),
    (2, "flags", Told::Hex),
    (2, "method", Told::Method),
    (4, "time of change", Told::Time),
    (4, "CRC-32", Told::Hex),
    (4, "compressed size", Told::Number),
    (4, "size", Told::Number),
    (2, "length of the name", Told::Number),
    (2, "length of the extra fields", Told::Number),
];

/// 4.3.12.
const RECORD: [Field; 16] = [
    (4, "signature", Told::Sign),
    (2, "version made by", Told::Hex),
    (2, "version needed", Told::Number),
    (2, "flags", Told::Hex),
    (2, "method", Told::Method),
    (4, "time of change", Told::Time),
    (4, "CRC-32", Told::Hex),
    (4, "compressed size", Told::Number),
    (4, "size", Told::Number),
    (2, "length of the name", Told::Number),
    (2, "length of the extra fields", Told::Number),
    (2, "length of the comment", Told::Number),
    (2, "number of the part", Told::Number),
    (2, "internal attributes", Told::Hex),
    (4, "external attributes", Told::Hex),
    (4, "offset of the entry", Told::Number),
];

/// 4.3.16.
const END: [Field; 8] = [
    (4, "signature", Told::Sign),
    (2, "number of this part", Told::Number),
    (2, "part of the directory", Told::Number),
    (2, "entries in this part", Told::Number),
    (2, "entries", Told::Number),
    (4, "size of the directory", Told::Number),
    (4, "offset of the directory", Told::Number),
    (2, "length of the comment", Told::Number),
];

/// 4.3.14.
const WIDE: [Field; 10] = [
    (4, "signature", Told::Sign),
    (8, "size of this record", Told::Number),
    (2, "version made by", Told::Hex),
    (2, "version needed", Told::Number),
    (4, "number of this part", Told::Number),
    (4, "part of the directory", Told::Number),
    (8, "entries in this part", Told::Number),
    (8, "entries", Told::Number),
    (8, "size of the directory", Told::Number),
    (8, "offset of the directory", Told::Number),
];

/// 4.3.15.
const LOCATOR: [Field; 4] = [
    (4, "signature", Told::Sign),
    (4, "part of the zip64 end record", Told::Number),
    (8, "offset of the zip64 end record", Told::Number),
    (4, "number of parts", Told::Number),
];

impl ZipPlaces {
    /// The places of an archive with these entries.
    pub(in crate::container) fn new<'a>(entries: impl Iterator<Item = &'a Entry>, source: &Arc<dyn Source>) -> Self {
        let mut places = Vec::new();
        for entry in entries {
            places.push((entry.header, Region::Entry { packed: entry.packed }));
            if let Place::Zip(listed) = &entry.place {
                places.extend(listed.record.map(|at| (at, Region::Record)));
            }
        }
        if let Ok(end) = end::find(source) {
            let mut at = end.span.end;
            for _ in 0..RECORDS {
                let length = end_record(&**source, at).map_or(0, |(_, length)| length);
                if length == 0 {
                    break;
                }
                places.push((at, Region::End));
                at = at.saturating_add(length);
            }
        }
        places.sort_by_key(|(at, _)| *at);
        places.dedup_by_key(|(at, _)| *at);
        Self { places }
    }

    /// Adds what the bytes are to the tiles of a window.
    pub(in crate::container) fn describe(&self, source: &dyn Source, tiles: &mut Tiles) {
        let before = self.places.partition_point(|(at, _)| *at <= tiles.position());
        if before == 0 {
            let first = self.places.first().map_or(source.len(), |(at, _)| *at);
            tiles.add(Span::new(0, first), SpanKind::Rest, || "before the archive".to_owned());
        }
        for (number, (at, region)) in self.places.iter().enumerate().skip(before.saturating_sub(1)) {
            if tiles.is_done() {
                return;
            }
            let next = self.places.get(number + 1).map(|(at, _)| *at);
            let mut part = Part { source, tiles, at: *at, end: next.unwrap_or(source.len()).max(*at) };
            match region {
                Region::Entry { packed } => part.entry(*packed),
                Region::Record => part.record(),
                Region::End => part.end_record(),
            }
            part.rest(next.is_none());
        }
    }
}

/// A part of an archive that is being described, up to the place where the next one begins.
struct Part<'a> {
    source: &'a dyn Source,
    tiles: &'a mut Tiles,
    at: u64,
    end: u64,
}

impl Part<'_> {
    /// The next bytes are so many of one kind.
    fn take(&mut self, length: u64, kind: SpanKind, label: impl FnOnce() -> String) {
        let end = self.at.saturating_add(length).min(self.end);
        self.tiles.add(Span::new(self.at, end), kind, label);
        self.at = end;
    }

    fn fields(&mut self, fields: &[Field], record: &[u8], kind: SpanKind, what: &str) {
        let mut begin = 0;
        for (length, name, told) in fields {
            let bytes = record.get(begin..begin + *length as usize).unwrap_or_default();
            self.take(*length, kind, || match value(bytes, *told) {
                Some(value) => format!("{what}: {name} {value}"),
                None => format!("{what}: {name}"),
            });
            begin += *length as usize;
        }
    }

    /// 4.3.7 to 4.3.9. Without a header nothing says where the content is.
    fn entry(&mut self, packed: u64) {
        let mut head = [0; HEADER as usize];
        let count = self.source.peek(self.at, &mut head).unwrap_or_default();
        if count < head.len() || !head.starts_with(b"PK\x03\x04") {
            return;
        }
        let (name, extra) = (u64::from(u16_at(&head, 26)), u64::from(u16_at(&head, 28)));
        let of = name_at(self.source, self.at + HEADER, name, u16_at(&head, 6));
        self.fields(&LOCAL, &head, SpanKind::Header, &format!("header of {of}"));
        self.take(name, SpanKind::Name, || format!("name of an entry: {of}"));
        self.extra(extra, SpanKind::Header, &of);
        let method = method(u16_at(&head, 8)).name();
        self.take(packed, SpanKind::Data, || format!("content of {of}, {method}"));
        if u16_at(&head, 6) & DESCRIPTOR != 0 && self.at < self.end {
            self.descriptor(packed, &of);
        }
    }

    fn descriptor(&mut self, packed: u64, of: &str) {
        let length = descriptor(self.source, self.at, packed);
        let mut bytes = [0; 24];
        let count = self.source.peek(self.at, &mut bytes).unwrap_or_default();
        let what = format!("data descriptor of {of}");
        let size = if length >= 20 { 8 } else { 4 };
        let fields = [
            (length - 4 - 2 * size, "signature", Told::Sign),
            (4, "CRC-32", Told::Hex),
            (size, "compressed size", Told::Number),
            (size, "size", Told::Number),
        ];
        self.fields(&fields, &bytes[..count], SpanKind::Trailer, &what);
    }

    /// 4.5: each extra field has a kind, a length, and so many bytes.
    fn extra(&mut self, length: u64, kind: SpanKind, of: &str) {
        let end = self.at.saturating_add(length).min(self.end);
        while self.at < end && !self.tiles.is_done() {
            let mut head = [0; 4];
            let count = self.source.peek(self.at, &mut head).unwrap_or_default();
            if count < head.len() || end - self.at < head.len() as u64 {
                break;
            }
            let (id, length) = (u16_at(&head, 0), u64::from(u16_at(&head, 2)));
            let (name, is_padding) = extra_name(id);
            let kind = if is_padding { SpanKind::Padding } else { kind };
            let length = (4 + length).min(end - self.at);
            self.take(length, kind, || format!("extra field {id:#06x} of {of}: {name}"));
        }
        let left = end.saturating_sub(self.at);
        self.take(left, kind, || format!("extra fields of {of}: not as they should be"));
    }

    /// 4.3.12.
    fn record(&mut self) {
        let mut head = [0; 46];
        let count = self.source.peek(self.at, &mut head).unwrap_or_default();
        if count < head.len() || !head.starts_with(b"PK\x01\x02") {
            return;
        }
        let lengths = [28, 30, 32].map(|at| u64::from(u16_at(&head, at)));
        let of = name_at(self.source, self.at + head.len() as u64, lengths[0], u16_at(&head, 8));
        self.fields(&RECORD, &head, SpanKind::Directory, &format!("directory record of {of}"));
        self.take(lengths[0], SpanKind::Name, || format!("name in the directory: {of}"));
        self.extra(lengths[1], SpanKind::Directory, &of);
        self.take(lengths[2], SpanKind::Name, || format!("comment on {of}"));
    }

    fn end_record(&mut self) {
        let Some((record, length)) = end_record(self.source, self.at) else { return };
        let mut bytes = [0; 56];
        let count = self.source.peek(self.at, &mut bytes).unwrap_or_default();
        let bytes = &bytes[..count];
        let end = self.at.saturating_add(length);
        match record {
            EndRecord::End => {
                self.fields(&END, bytes, SpanKind::Trailer, "end record");
                let left = end.saturating_sub(self.at);
                self.take(left, SpanKind::Name, || "comment on the archive".to_owned());
            }
            EndRecord::Wide => {
                self.fields(&WIDE, bytes, SpanKind::Trailer, "zip64 end record");
                let left = end.saturating_sub(self.at);
                self.take(left, SpanKind::Trailer, || "zip64 end record: further data".to_owned());
            }
            EndRecord::Locator => self.fields(&LOCATOR, bytes, SpanKind::Trailer, "zip64 locator"),
            EndRecord::Signature => self.take(length, SpanKind::Trailer, || "digital signature".to_owned()),
        }
    }

    /// What is left up to the next part.
    fn rest(&mut self, is_last: bool) {
        let left = self.end - self.at;
        let words = if is_last { "behind the archive" } else { "of no entry" };
        self.take(left, SpanKind::Rest, || words.to_owned());
    }
}

/// The records behind the directory.
#[derive(Clone, Copy)]
enum EndRecord {
    End,
    Wide,
    Locator,
    Signature,
}

/// Which record stands at an offset, and how long it is.
fn end_record(source: &dyn Source, at: u64) -> Option<(EndRecord, u64)> {
    let mut head = [0; 22];
    let count = source.peek(at, &mut head).ok()?;
    let head = &head[..count];
    let sign = head.first_chunk::<4>()?;
    Some(match sign {
        b"PK\x05\x06" if count == 22 => (EndRecord::End, 22 + u64::from(u16_at(head, 20))),
        b"PK\x06\x06" => (EndRecord::Wide, u64_at(head, 4)?.saturating_add(12).max(56)),
        b"PK\x06\x07" => (EndRecord::Locator, 20),
        b"PK\x05\x05" => (EndRecord::Signature, 6 + u64::from(u16_at(head, 4))),
        _ => return None,
    })
}

/// A name as people read it, or the beginning of a long one.
fn name_at(source: &dyn Source, at: u64, length: u64, flags: u16) -> String {
    let mut bytes = vec![0; length.min(NAME) as usize];
    let count = source.peek(at, &mut bytes).unwrap_or_default();
    let bytes = &bytes[..count];
    let name = if flags & UTF8 == 0 { cp437(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
    match length {
        0 => "an entry without a name".to_owned(),
        1..=NAME => name,
        _ => name + "…",
    }
}

fn value(bytes: &[u8], told: Told) -> Option<String> {
    let number = match bytes.len() {
        2 => u64::from(u16_at(bytes, 0)),
        4 => u64::from(u32_at(bytes, 0)),
        8 => u64_at(bytes, 0)?,
        _ => return None,
    };
    Some(match told {
        Told::Sign => return None,
        Told::Number => number.to_string(),
        Told::Hex => format!("{number:#0width$x}", width = bytes.len() * 2 + 2),
        Told::Method => format!("{number} ({})", method(number as u16).name()),
        Told::Time => dos::moment(u16_at(bytes, 2), u16_at(bytes, 0)).unwrap_or_else(|| "none".to_owned()),
    })
}

/// What an extra field is for, and whether it is there for its length alone.
fn extra_name(id: u16) -> (&'static str, bool) {
    match id {
        0x0001 => ("zip64 sizes", false),
        0x000a => ("times of NTFS", false),
        0x4246 => ("padding of torch", true),
        0x5455 => ("times", false),
        0x5855 | 0x7855 | 0x7875 => ("user and group", false),
        0x7075 => ("name in Unicode", false),
        0x9901 => ("AES encryption", false),
        0xd935 => ("padding of zipalign", true),
        _ => ("not known", false),
    }
}
