//! `picklescope tree`: the object tree as indented lines, the same rows as on the page.

use super::facts::plain;
use picklescope::document::{Document, Walk};
use picklescope::view::{RowMark, TreeRow};
use std::io::{self, Write};

/// Prints rows down to `depth` levels, at most `max_items` children of each.
pub(crate) fn print(document: &mut Document, depth: u64, max_items: u64, out: &mut dyn Write) -> io::Result<()> {
    document.walk(depth, max_items, &mut |event| match event {
        Walk::Row(row) => line(&row, out),
        Walk::More { level, left } => {
            writeln!(out, "{}… {left} more", indent(level))
        }
    })
}

fn line(row: &TreeRow, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}{}:", indent(row.level), row.label)?;
    for text in [row.type_name.clone(), spaced(row)].iter().filter(|text| !text.is_empty()) {
        write!(out, " {text}")?;
    }
    for mark in &row.marks {
        match mark {
            RowMark::Shared { first } => write!(out, "  [same object as {first}]")?,
            RowMark::Cycle { ancestor } => write!(out, "  [cycle: this is {ancestor}]")?,
            RowMark::Danger { level, text } => write!(out, "  [{}: {text}]", level.word())?,
            RowMark::Problem { text } => write!(out, "  [problem: {text}]")?,
        }
    }
    writeln!(out)
}

/// Two blanks a level; from where no terminal could show them, the number of the level.
fn indent(level: u32) -> String {
    const DEEPEST: u32 = 40;
    match level {
        0..=DEEPEST => "  ".repeat(level as usize - 1),
        _ => format!("{}({level}) ", "  ".repeat(DEEPEST as usize)),
    }
}

fn spaced(row: &TreeRow) -> String {
    let pieces: Vec<String> = row.preview.iter().map(|part| plain(std::slice::from_ref(part))).collect();
    pieces.join(" ")
}
