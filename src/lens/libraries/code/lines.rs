//! The lines that the instructions of a code object come from.
//!
//! Sources: `Objects/lnotab_notes.txt` of CPython 3.6 to 3.10, `Objects/locations.md` (3.11 and later: `InternalDocs`).

use super::form::{CodeForm, CodeObject};

/// First and last line by the table, the one where the definition begins included; `None` when the table is of a form that is
/// not known.
pub(super) fn range(code: &CodeObject, table: &[u8]) -> Option<(i64, i64)> {
    if code.first_line <= 0 && table.is_empty() {
        return None;
    }
    let lines = match code.form {
        CodeForm::Python2 | CodeForm::Python3 => pairs(code, table),
        CodeForm::Positional | CodeForm::PyPy => match is_linetable(code, table) {
            true => linetable(code.first_line, table),
            false => pairs(code, table),
        },
        CodeForm::Qualified => locations(code.first_line, table)?,
        CodeForm::Unknown => return None,
    };
    let (first, last) = lines.get()?;
    Some((first.min(code.first_line), last.max(code.first_line)))
}

/// The lowest and the highest of some lines.
#[derive(Default)]
struct Lines(Option<(i64, i64)>);

impl Lines {
    fn add(&mut self, line: i64) {
        let (first, last) = self.0.unwrap_or((line, line));
        self.0 = Some((first.min(line), last.max(line)));
    }

    fn get(&self) -> Option<(i64, i64)> {
        self.0
    }
}

/// `co_lnotab`: steps of bytes and of lines in turn. Steps of lines have a sign since Python 3.6.
fn pairs(code: &CodeObject, table: &[u8]) -> Lines {
    let mut lines = Lines::default();
    let mut line = code.first_line;
    lines.add(line);
    let is_signed = code.form != CodeForm::Python2;
    for pair in table.chunks_exact(2) {
        line = line.saturating_add(if is_signed { i64::from(pair[1] as i8) } else { i64::from(pair[1]) });
        // A line without bytes of its own is a step on the way to one that is further away.
        lines.add(line);
    }
    lines
}

/// Whether a table is `co_linetable` of Python 3.10, whose steps cover all the bytecode, and no `co_lnotab`.
pub(super) fn is_linetable(code: &CodeObject, table: &[u8]) -> bool {
    let covered: u64 = table.chunks_exact(2).map(|pair| u64::from(pair[0])).sum();
    code.bytecode.as_ref().is_some_and(|bytes| !bytes.is_empty() && covered == bytes.len() as u64)
}

/// `co_linetable` of Python 3.10: bytes covered and step of lines; -128 for no line.
fn linetable(first: i64, table: &[u8]) -> Lines {
    let mut lines = Lines::default();
    let mut line = first;
    for pair in table.chunks_exact(2) {
        let step = pair[1] as i8;
        if step == i8::MIN {
            continue;
        }
        line = line.saturating_add(i64::from(step));
        if pair[0] > 0 {
            lines.add(line);
        }
    }
    lines
}

/// `co_linetable` of Python 3.11 and later: entries of a byte with bit 7 set and what belongs to its code.
fn locations(first: i64, table: &[u8]) -> Option<Lines> {
    let mut lines = Lines::default();
    let mut line = first;
    let mut at = 0;
    while at < table.len() {
        let head = table[at];
        if head & 0x80 == 0 {
            return None;
        }
        at += 1;
        match head >> 3 & 0xf {
            15 => {}
            14 => {
                line = line.saturating_add(signed(table, &mut at)?);
                lines.add(line);
                let (end, _, _) = (varint(table, &mut at)?, varint(table, &mut at)?, varint(table, &mut at)?);
                lines.add(line.saturating_add(i64::try_from(end).ok()?));
            }
            13 => {
                line = line.saturating_add(signed(table, &mut at)?);
                lines.add(line);
            }
            code @ 10..=12 => {
                line = line.saturating_add(i64::from(code) - 10);
                lines.add(line);
                at += 2;
            }
            _ => {
                lines.add(line);
                at += 1;
            }
        }
    }
    Some(lines)
}

/// Six bits a byte, the lowest first; bit 6 says that more follow.
fn varint(table: &[u8], at: &mut usize) -> Option<u64> {
    let (mut value, mut shift) = (0u64, 0u32);
    loop {
        let byte = *table.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x3f).checked_shl(shift)?;
        if byte & 0x40 == 0 {
            return Some(value);
        }
        shift += 6;
    }
}

/// The sign is the lowest bit.
fn signed(table: &[u8], at: &mut usize) -> Option<i64> {
    let value = varint(table, at)?;
    let half = i64::try_from(value >> 1).ok()?;
    Some(if value & 1 == 1 { -half } else { half })
}
