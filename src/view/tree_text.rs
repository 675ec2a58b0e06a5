//! Rows of the object tree as indented lines, for terminals and files.

use super::{RowMark, TextPart, TreeRow};

/// A row as a line, without its end; `above` levels are left out of its indentation.
#[must_use]
pub fn line(row: &TreeRow, above: u32) -> String {
    let plain = |part: &TextPart| part.text.clone();
    let preview: Vec<String> = row.preview.iter().map(plain).collect();
    let mut line = format!("{}{}:", indent(row.level.saturating_sub(above)), row.label);
    for text in [&row.type_name, &preview.join(" ")].into_iter().filter(|text| !text.is_empty()) {
        line.push(' ');
        line.push_str(text);
    }
    for mark in &row.marks {
        line.push_str(&match mark {
            RowMark::Shared { first } => format!("  [same object as {first}]"),
            RowMark::Cycle { ancestor } => format!("  [cycle: this is {ancestor}]"),
            RowMark::Danger { level, text } => format!("  [{}: {text}]", level.word()),
            RowMark::Problem { text } => format!("  [problem: {text}]"),
        });
    }
    line
}

/// What stands for rows that are left out.
#[must_use]
pub fn more(level: u32, left: u64, above: u32) -> String {
    format!("{}… {left} more", indent(level.saturating_sub(above)))
}

/// Two blanks a level; from where no terminal could show them, the number of the level.
fn indent(level: u32) -> String {
    const DEEPEST: u32 = 40;
    match level {
        0..=DEEPEST => "  ".repeat((level as usize).saturating_sub(1)),
        _ => format!("{}({level}) ", "  ".repeat(DEEPEST as usize)),
    }
}
