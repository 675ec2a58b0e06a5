//! How wide the tree has to be for its rows. It is worked out from the characters of the first ones: measured in the browser, it
//! would be known after the first paint, and everything would move.

use super::format::size_text;
use crate::view::{TextPart, TreeRow};

/// Width of a character of a list.
const CHARACTER: f64 = 0.49;
/// Characters of a preview that are in sight at least.
const PREVIEW: usize = 36;
/// What else stands in a row: gutter, arrow, gaps and the scroll bar.
const AROUND: f64 = 5.0;
/// What a level adds, up to as many.
const INDENT: (f64, u32) = (1.125, 8);

/// Width in rem at which labels, types and sizes of these rows are whole, and of each preview what says most.
#[must_use]
pub fn needed<'a>(rows: impl IntoIterator<Item = &'a TreeRow>) -> f64 {
    rows.into_iter().map(of_row).fold(0.0, f64::max)
}

fn of_row(row: &TreeRow) -> f64 {
    let mut characters = row.label.chars().take(2 * PREVIEW).count() + 1;
    if row.names_type() {
        characters += row.type_name.chars().take(PREVIEW).count();
    }
    let preview = row.preview.iter().map(|part: &TextPart| part.text.chars().take(PREVIEW).count());
    characters += preview.sum::<usize>().min(PREVIEW);
    let marks: usize = row.marks.iter().map(|mark| mark.words().chars().take(PREVIEW).count() + 3).sum();
    characters += marks.min(2 * PREVIEW) + row.size.map_or(0, |size| size_text(size).len());
    characters += row.bars.len().div_ceil(2);
    let indent = INDENT.0 * f64::from(row.level.saturating_sub(1).min(INDENT.1));
    AROUND + indent + CHARACTER * characters as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{LabelKind, TextKind};

    fn row(level: u32, label: &str, preview: &str) -> TreeRow {
        TreeRow {
            row: 0,
            level,
            position: 1,
            siblings: 1,
            parent: None,
            expanded: None,
            label_kind: LabelKind::Key,
            label: label.to_owned(),
            type_name: "str".to_owned(),
            preview: vec![TextPart::new(TextKind::Str, preview)],
            bars: Vec::new(),
            marks: Vec::new(),
            size: None,
            offset: None,
            key: None,
        }
    }

    #[test]
    fn the_row_that_needs_most_decides() {
        let (short, deep, long) = (row(1, "a", "b"), row(4, "a", "b"), row(1, "a label of some length", "b"));
        assert!(needed([&short]) < needed([&deep]) && needed([&deep]) < needed([&long, &short]));
        assert!(needed([]) < 1.0);
    }

    #[test]
    fn nothing_in_the_file_makes_it_wide_without_end() {
        let endless = "x".repeat(100_000);
        let row = row(u32::MAX, &endless, &endless);
        assert!(needed([&row]) < 80.0);
    }
}
