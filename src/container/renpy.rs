//! Files of Ren'Py: archives, whose index is a pickle in zlib at a place that the first line tells, and compiled scripts, which are
//! pickles in zlib by a table of slots.
//!
//! Sources: `renpy/loader.py` (`RPAv2ArchiveHandler`, `RPAv3ArchiveHandler`), `renpy/script.py` (`RPYC2_HEADER`, `write_rpyc_data`).

use crate::bytes::Span;

/// Bytes of the head that are needed.
pub const RENPY_HEAD: usize = 256;
/// Slots of a script that are read.
const SLOTS: usize = 16;

/// What a file of Ren'Py is, with its article, and where its pickles are.
#[must_use]
pub fn renpy(head: &[u8], length: u64) -> Option<(&'static str, Vec<Span>)> {
    let (name, spans) = if head.starts_with(b"RPA-2.0 ") || head.starts_with(b"RPA-3.") || head.starts_with(b"RPA-4.") {
        ("an archive of Ren'Py", vec![Span::new(index_at(head).filter(|start| *start < length)?, length)])
    } else if let Some(table) = head.strip_prefix(b"RENPY RPC2") {
        ("a compiled script of Ren'Py", slots(table))
    } else {
        return None;
    };
    let is_inside = |span: &Span| span.start > 0 && span.start < span.end && span.end <= length;
    let spans: Vec<Span> = spans.into_iter().filter(is_inside).collect();
    (!spans.is_empty()).then_some((name, spans))
}

/// `RPA-3.0 000000000000002d deadbeef`
fn index_at(head: &[u8]) -> Option<u64> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let place = std::str::from_utf8(line).ok()?.split(' ').nth(1)?;
    u64::from_str_radix(place.trim(), 16).ok()
}

/// Number, start and length of each, up to number 0.
fn slots(table: &[u8]) -> Vec<Span> {
    let number = |bytes: &[u8]| u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let rows = table.chunks_exact(12).take(SLOTS).take_while(|row| number(row) != 0);
    rows.map(|row| Span::new(number(&row[4..]), number(&row[4..]) + number(&row[8..]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickles_are_where_the_heads_say() {
        let archive = b"RPA-3.0 000000000000002d deadbeef\n       AAAA";
        assert_eq!(renpy(archive, 98), Some(("an archive of Ren'Py", vec![Span::new(45, 98)])));
        assert_eq!(renpy(b"RPA-2.0 0000000000000019\n", 40).map(|found| found.1), Some(vec![Span::new(25, 40)]));
        let mut script = b"RENPY RPC2".to_vec();
        for number in [1u32, 46, 10, 2, 56, 20, 0, 0, 0] {
            script.extend(number.to_le_bytes());
        }
        assert_eq!(renpy(&script, 76).map(|found| found.1), Some(vec![Span::new(46, 56), Span::new(56, 76)]));
        assert_eq!(renpy(archive, 40), None);
        assert_eq!(renpy(b"RPA-3.0 what", 40), None);
        assert_eq!(renpy(b"RENPY RPC2", 40), None);
    }
}
