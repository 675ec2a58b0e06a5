//! `picklescope contents`: what is in a file, wrappings and entries as an indented list.

use picklescope::bundle::Bundle;
use picklescope::view::{MemberRow, preview};
use std::io::{self, Write};

/// Prints every member, archives inside archives included.
pub(crate) fn print(bundle: &mut Bundle, out: &mut dyn Write) -> io::Result<()> {
    let mut written = Ok(());
    let mut take = |member: &MemberRow| {
        written = line(member, out);
        written.is_ok()
    };
    bundle.every_row(&mut take, &mut |_| {});
    written
}

fn line(member: &MemberRow, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}{}", "  ".repeat(member.level as usize - 1), member.name)?;
    if !member.word.is_empty() && member.can_show {
        write!(out, "  {}", member.word)?;
    }
    if let Some(size) = member.size {
        write!(out, "  {}", preview::plural(size, "byte", "bytes"))?;
    }
    if member.shown {
        write!(out, "  *")?;
    }
    for note in &member.notes {
        write!(out, "  [{note}]")?;
    }
    writeln!(out)
}
