//! `picklescope contents`: what is in a file, wrappings and entries as an indented list.

use super::output::{name, sentence};
use picklescope::bundle::Bundle;
use picklescope::opcode::visible;
use picklescope::view::{MemberRow, preview};
use std::io::{self, Write};

/// Prints every member, archives inside archives included.
pub(crate) fn print(bundle: &mut Bundle, out: &mut dyn Write) -> io::Result<()> {
    let mut written = Ok(());
    let mut take = |member: &MemberRow| {
        written = writeln!(out, "{}", visible(&line(member)));
        written.is_ok()
    };
    bundle.every_row(&mut take, &mut |_| {});
    written
}

fn line(member: &MemberRow) -> String {
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
    line
}
