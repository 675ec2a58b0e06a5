//! What the records of the central directory and the headers of entries have in common.

use super::fields::{cp437, extras};
use crate::container::archive::Method;
use crate::container::note::Note;

/// The method of a number (4.4.5).
pub(super) fn method(number: u16) -> Method {
    match number {
        0 => Method::Stored,
        8 => Method::Deflate,
        12 => Method::Bzip2,
        14 => Method::Lzma,
        20 | 93 => Method::Zstd,
        95 => Method::Xz,
        other => Method::Other(other),
    }
}

/// Flags that make readers differ (4.4.4).
pub(super) fn note_flags(at: u64, flags: u16, notes: &mut Vec<Note>) {
    let readings = [
        (0x0001, "flag 0x1 says that the entry is encrypted: Python's zipfile asks for a password, torch ignores it"),
        (0x0020, "flag 0x20 says that the entry is a patch: Python's zipfile refuses it, torch ignores it"),
        (0x0040, "flag 0x40 says strong encryption: Python's zipfile refuses the entry, torch ignores it"),
        (0x2000, "flag 0x2000 says that local headers are masked"),
    ];
    notes.extend(readings.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, text)| Note::disguise(at, *text)));
}

/// The name as people read it, and its bytes where they differ from that.
pub(super) fn name(
    at: u64,
    flags: u16,
    raw: &[u8],
    extra: &[u8],
    notes: &mut Vec<Note>,
) -> (String, Option<Box<[u8]>>) {
    const UTF8: u16 = 0x800;
    /// Info-ZIP's Unicode path (4.6.9): a version, the CRC of the raw name, the name in UTF-8.
    const UNICODE_PATH: u16 = 0x7075;
    let name = if flags & UTF8 == 0 {
        cp437(raw)
    } else {
        if std::str::from_utf8(raw).is_err() {
            notes.push(Note::at(at, "the name says that it is UTF-8, but is not"));
        }
        String::from_utf8_lossy(raw).into_owned()
    };
    if let Some((_, field)) = extras(extra).find(|(kind, _)| *kind == UNICODE_PATH)
        && let Some(other) = field.get(5..).and_then(|bytes| std::str::from_utf8(bytes).ok())
        && other != name
    {
        notes.push(Note::disguise(
            at,
            format!("an extra field gives the name {other:?}, which Info-ZIP and newer Pythons use"),
        ));
    }
    if name.contains('\0') {
        notes.push(Note::disguise(at, "the name has a zero byte, where Python's zipfile cuts it off"));
    }
    let raw = (raw != name.as_bytes()).then(|| raw.into());
    (name, raw)
}
