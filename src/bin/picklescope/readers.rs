//! `picklescope readers`: what readers of pickles make of a file, where they differ.

use super::output::sentence;
use clap::ArgMatches;
use picklescope::bundle::Bundle;
use picklescope::opcode::visible;
use picklescope::view::{ReaderEnd, ReadersFacts};
use std::io::{self, Write};

/// Prints the comparison.
pub(crate) fn run(bundle: &Bundle, words: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let wants_torch = words.get_flag("torch");
    let facts = match bundle.document().as_pickle() {
        Some(pickle) => pickle.readers(wants_torch),
        None => bundle.readers(wants_torch),
    };
    if words.get_flag("json") {
        serde_json::to_writer(&mut *out, &facts)?;
        return writeln!(out);
    }
    text(&facts, out)
}

fn text(facts: &ReadersFacts, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", visible(&facts.sentence))?;
    let width = facts.readers.iter().map(String::len).max().unwrap_or(0);
    for pickle in &facts.pickles {
        writeln!(out, "\npickle {} at offset {}", pickle.pickle + 1, pickle.offset)?;
        for end in &pickle.ends {
            writeln!(out, "  {:width$}  {}", end.reader, visible(&ending(end)))?;
        }
        for difference in &pickle.differences {
            let opcode = if difference.opcode.is_empty() { String::new() } else { format!(", {}", difference.opcode) };
            writeln!(out, "\n  at offset {}{opcode}", difference.offset)?;
            if !difference.what.is_empty() {
                writeln!(out, "    {}", sentence(&difference.what))?;
            }
            for (reader, does) in facts.readers.iter().zip(&difference.does) {
                writeln!(out, "    {reader:width$}  {}", visible(does))?;
            }
        }
        if pickle.more > 0 {
            writeln!(out, "\n  and {} more", pickle.more)?;
        }
    }
    for note in &facts.notes {
        writeln!(out, "{}", visible(note))?;
    }
    Ok(())
}

/// How a pickle ends for a reader, and where it stops.
fn ending(end: &ReaderEnd) -> String {
    match end.offset {
        Some(offset) => format!("offset {offset}: {}", end.words),
        None => end.words.clone(),
    }
}
