//! `picklescope FILE` and `picklescope info`: what a file is, for people and for programs.

use super::output::{name, path, sentence};
use picklescope::document::Document;
use picklescope::safety::Level;
use picklescope::view::{Environment, FileReport, Overview, TextPart, preview};
use std::io::{self, Write};

const IMPORTS: usize = 30;
const PROBLEMS: usize = 20;
const BREAKS: usize = 20;
const STREAMS: usize = 30;

/// The facts as JSON: the fields of [`Overview`], and `environment` with those of [`Environment`].
pub(crate) fn json(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut facts = serde_json::to_value(document.overview())?;
    if let Some(fields) = facts.as_object_mut() {
        fields.insert("environment".to_owned(), serde_json::to_value(document.environment())?);
    }
    serde_json::to_writer_pretty(&mut *out, &facts)?;
    writeln!(out)
}

/// The facts for people. `report` is the one on everything that was opened, where that is more than the document.
pub(crate) fn text(document: &Document, report: Option<&FileReport>, out: &mut dyn Write) -> io::Result<()> {
    let facts = document.overview();
    let count = |number, one, many| preview::plural(number, one, many);
    writeln!(out, "{}  {}  {}", path(&facts.name), count(facts.file_size, "byte", "bytes"), chain(&facts))?;
    writeln!(out, "\n{}: {}", facts.verdict_word(report).1, sentence(&plain(&facts.verdict.sentence)))?;
    if let Some(elsewhere) = report.and_then(|report| facts.elsewhere(report)) {
        let place = elsewhere.place();
        let found =
            elsewhere.finding.map(|finding| format!("{} {place}: {}", finding.level.word(), finding.explanation));
        writeln!(out, "{}", sentence(&format!("{}{}", found.unwrap_or_default(), elsewhere.words)))?;
    }
    writeln!(out, "{}", sentence(&facts.reading))?;
    let mut line = Vec::new();
    line.extend(facts.protocol.map(|protocol| format!("protocol {protocol}")));
    line.push(count(facts.pickles, "pickle", "pickles"));
    line.push(count(facts.opcodes, "opcode", "opcodes"));
    line.push(count(facts.objects, "object", "objects"));
    line.push(count(facts.frames, "frame", "frames"));
    line.push(count(facts.imports, "import", "imports"));
    writeln!(out, "\n{}", line.join(", "))?;
    for (i, stream) in facts.streams.iter().enumerate().take(STREAMS).filter(|_| facts.streams.len() > 1) {
        let status = if stream.complete { "" } else { ", stopped early" };
        let (offset, opcodes) = (stream.offset, count(stream.opcodes, "opcode", "opcodes"));
        writeln!(out, "  pickle {} at offset {offset}: {opcodes}{status}", i + 1)?;
    }
    match facts.streams.len().saturating_sub(STREAMS) {
        0 => {}
        more => writeln!(out, "  and {more} more")?,
    }
    if let Some((offset, length)) = facts.trailing {
        writeln!(out, "  {} at offset {offset} are no pickle", count(length, "byte", "bytes"))?;
    }
    imports(&facts, out)?;
    environment(&document.environment(), out)?;
    problems(&facts, out)?;
    for note in &facts.notes {
        let offset = note.offset.map_or_else(String::new, |offset| format!(" at offset {offset}"));
        writeln!(out, "note: {}{offset}: {}", name(&note.name), sentence(&note.message))?;
    }
    Ok(())
}

fn chain(facts: &Overview) -> String {
    let words: Vec<&str> = facts.chain.iter().map(|crumb| crumb.word.as_str()).collect();
    sentence(&words.join(" > ")).into_owned()
}

fn imports(facts: &Overview, out: &mut dyn Write) -> io::Result<()> {
    if facts.import_list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nimports")?;
    let mut list: Vec<_> = facts.import_list.iter().collect();
    list.sort_by_key(|import| std::cmp::Reverse(import.level));
    for import in list.iter().take(IMPORTS) {
        let word = if import.level >= Level::Suspicious { import.level.word() } else { "" };
        let reason = if import.reason.is_empty() { String::new() } else { format!("  ({})", sentence(&import.reason)) };
        writeln!(out, "  {word:<10} {}.{}{reason}", name(&import.module), name(&import.name))?;
    }
    match facts.imports.saturating_sub(IMPORTS as u64) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

fn environment(found: &Environment, out: &mut dyn Write) -> io::Result<()> {
    if found.packages.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nwritten with")?;
    for package in &found.packages {
        let word = if package.is_stated { "stated" } else { "concluded" };
        let (version, word) =
            if package.version.is_empty() { ("not known".into(), "") } else { (name(&package.version), word) };
        let evidence = package.evidence.join("; ");
        writeln!(out, "  {:<14} {version:<16} {word:<9}  {}", name(&package.name), sentence(&evidence))?;
    }
    if !found.breaks.is_empty() {
        writeln!(out, "\ndoes not load with")?;
    }
    for failure in found.breaks.iter().take(BREAKS) {
        writeln!(out, "  {}: {}", sentence(&failure.with), sentence(&failure.what))?;
    }
    match found.breaks.len().saturating_sub(BREAKS) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

fn problems(facts: &Overview, out: &mut dyn Write) -> io::Result<()> {
    if facts.problem_count == 0 {
        return Ok(());
    }
    writeln!(out, "\nproblems")?;
    for problem in facts.problems.iter().take(PROBLEMS) {
        writeln!(out, "  at offset {} {}: {}", problem.offset, problem.opcode, sentence(&problem.message))?;
    }
    match facts.problem_count.saturating_sub(PROBLEMS as u64) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

/// Typed text without its types.
pub(crate) fn plain(parts: &[TextPart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}
