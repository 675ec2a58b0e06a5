//! `picklescope tree`: the object tree as indented lines, the same rows as on the page.

use picklescope::document::{Document, Walk};
use picklescope::opcode::visible;
use picklescope::view::tree_text;
use std::io::{self, Write};

/// Prints rows down to `depth` levels, at most `max_items` children of each.
pub(crate) fn print(document: &mut Document, depth: u64, max_items: u64, out: &mut dyn Write) -> io::Result<()> {
    document.walk(depth, max_items, &mut |event| match event {
        Walk::Row(row) => writeln!(out, "{}", visible(&tree_text::line(&row, 0))),
        Walk::More { level, left } => writeln!(out, "{}", tree_text::more(level, left, 0)),
    })
}
