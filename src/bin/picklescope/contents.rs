//! `picklescope contents`: what is in a file, wrappings and entries as an indented list.

use super::output::{name, sentence};
use picklescope::bundle::Bundle;
use picklescope::opcode::visible;
use picklescope::view::preview;
use std::io::{self, Write};

/// Rows that are asked for at a time.
const STEP: u64 = 1000;

/// Prints every member, archives inside archives included.
pub(crate) fn print(bundle: &mut Bundle, out: &mut dyn Write) -> io::Result<()> {
    let mut row = 0;
    while row < bundle.row_count() {
        // Opening a row puts what is in it below.
        for member in bundle.rows(row, STEP as usize, &mut |_| {}) {
            let mut line = format!("{}{}", "  ".repeat(member.level as usize - 1), name(&member.name));
            if !member.word.is_empty() && member.can_show {
                line += &format!("  {}", member.word);
            }
            if let Some(size) = member.size {
                line += &format!("  {}", preview::plural(size, "byte", "bytes"));
            }
            if member.shown {
                line += "  *";
            }
            for note in &member.notes {
                line += &format!("  [{}]", sentence(note));
            }
            writeln!(out, "{}", visible(&line))?;
            row += 1;
            if member.expanded == Some(false) {
                bundle.toggle(member.row, true, &mut |_| {});
                break;
            }
        }
    }
    Ok(())
}
