//! `picklescope size`: what is large, for people and for programs.

use super::output::{name, path, sentence};
use clap::ArgMatches;
use picklescope::bundle::Bundle;
use picklescope::document::Document;
use picklescope::size::Sizes;
use picklescope::view::preview::{grouped, plural, size_text};
use picklescope::view::{Savings, SizeEntry, SizeGroup, SizeLine, SizeReport, SizeSummary};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Prints what the words ask for.
pub(crate) fn run(bundle: &mut Bundle, words: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let number = |name| words.get_one::<u64>(name).map_or(usize::MAX, |&n| usize::try_from(n).unwrap_or(usize::MAX));
    let (depth, most) = (number("depth"), number("max-items"));
    let by = words.get_one::<String>("by").map_or("path", String::as_str);
    let is_json = words.get_flag("json");
    if by == "entry" {
        let (entries, is_cut) = bundle.entry_sizes(most, &mut |_| {});
        return if is_json {
            print(out, &json!({ "entries": entries, "more": is_cut }))
        } else {
            print_entries(out, &entries, is_cut)
        };
    }
    let document = bundle.document();
    let sizes = Sizes::of(document).map_err(io::Error::other)?;
    let groups = match by {
        "class" => Some(sizes.by_class(document, most)),
        "import" => Some(sizes.by_module(document, most)),
        _ => None,
    };
    let report = SizeReport::of(document, &sizes, if groups.is_some() { 0 } else { depth }, most);
    let SizeReport { total, summary, savings, values } = &report;
    if is_json {
        return print(
            out,
            &match groups {
                Some(groups) => json!({ "total": total, "summary": summary, "savings": savings, "groups": groups }),
                None => json!(report),
            },
        );
    }
    print_summary(out, document, summary, *total)?;
    match groups {
        Some(groups) => print_groups(out, by, &groups, *total)?,
        None => print_lines(out, values, *total)?,
    }
    print_rests(out, summary, *total)?;
    print_savings(out, savings)
}

fn print(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// `12.3%`
fn share(bytes: u64, total: u64) -> String {
    format!("{:.1}%", if total == 0 { 0.0 } else { bytes as f64 * 100.0 / total as f64 })
}

fn columns(bytes: u64, total: u64, own: &str) -> String {
    format!("{:>9} {:>6} {:>9}", size_text(bytes), share(bytes, total), own)
}

fn print_summary(out: &mut dyn Write, document: &Document, summary: &SizeSummary, total: u64) -> io::Result<()> {
    let facts = document.overview();
    write!(out, "{}  {}", path(&facts.name), size_text(total))?;
    if summary.beside > 0 {
        write!(out, ", of that {} in the pickle and {} beside it", size_text(summary.file), size_text(summary.beside))?;
    }
    writeln!(out, "  {}", plural(summary.values, "value", "values"))?;
    let memory = &summary.memory;
    let loaded = memory.objects.saturating_add(memory.numbers);
    writeln!(
        out,
        "in memory about {} once loaded (objects {}, numbers {}), about {} at most while loading; estimated for CPython 3.11",
        size_text(loaded),
        size_text(memory.objects),
        size_text(memory.numbers),
        size_text(memory.peak)
    )?;
    for note in &memory.notes {
        writeln!(out, "  {}", sentence(note))?;
    }
    Ok(())
}

fn print_lines(out: &mut dyn Write, lines: &[SizeLine], total: u64) -> io::Result<()> {
    writeln!(out, "\n{:>9} {:>6} {:>9}  held by", "retained", "share", "own")?;
    for line in lines {
        match line {
            SizeLine::Row { depth: level, row } => {
                let indent = "  ".repeat(*level);
                let columns = columns(row.retained, total, &size_text(row.own));
                writeln!(out, "{columns}  {indent}{}  {}", sentence(&row.path), sentence(&row.what))?;
            }
            SizeLine::Rest { depth: level, more, rest: bytes } => {
                let what = match more {
                    0 => "keys, states and arguments".to_owned(),
                    more => format!(
                        "{} and what belongs to the value itself",
                        plural(*more, "smaller value", "smaller values")
                    ),
                };
                writeln!(out, "{}  {}({what})", columns(*bytes, total, ""), "  ".repeat(*level))?;
            }
        }
    }
    Ok(())
}

fn print_groups(out: &mut dyn Write, by: &str, groups: &[SizeGroup], total: u64) -> io::Result<()> {
    let what = if by == "import" { "module" } else { "class" };
    writeln!(out, "\n{:>9} {:>6} {:>9} {:>9}  {what}, largest", "retained", "share", "own", "count")?;
    for group in groups {
        let columns = columns(group.retained, total, &size_text(group.own));
        let held_by = format!("held by {}", group.held_by);
        writeln!(out, "{columns} {:>9}  {}  {}", grouped(group.count), name(&group.name), sentence(&held_by))?;
    }
    Ok(())
}

fn print_rests(out: &mut dyn Write, summary: &SizeSummary, total: u64) -> io::Result<()> {
    for rest in &summary.rests {
        writeln!(out, "{}  ({})", columns(rest.bytes, total, ""), rest.what)?;
    }
    Ok(())
}

fn print_entries(out: &mut dyn Write, entries: &[SizeEntry], is_cut: bool) -> io::Result<()> {
    writeln!(out, "{:>9} {:>9}", "packed", "unpacked")?;
    let size = |bytes: Option<u64>| bytes.map_or_else(String::new, size_text);
    for entry in entries {
        let word = if entry.word.is_empty() { String::new() } else { format!("  {}", entry.word) };
        writeln!(
            out,
            "{:>9} {:>9}  {}{}",
            size(entry.packed),
            size(entry.unpacked),
            sentence(&entry.name),
            sentence(&word)
        )?;
    }
    if is_cut { writeln!(out, "and more; --max-items shows them") } else { Ok(()) }
}

fn print_savings(out: &mut dyn Write, savings: &Savings) -> io::Result<()> {
    let mut lines = Vec::new();
    for found in &savings.duplicates {
        let more = if found.count > found.places.len() as u64 { ", …" } else { "" };
        let count = plural(found.count, "payload", "payloads");
        lines.push(format!(
            "{count} of {} have the same bytes: {}{more}",
            size_text(found.bytes),
            found.places.join(", ")
        ));
    }
    for view in &savings.views {
        let (places, verb) = (view.places.join(", "), if view.places.len() == 1 { "uses" } else { "use" });
        let (used, storage) = (size_text(view.used), size_text(view.storage));
        lines.push(format!("{places} {verb} {used} of a storage of {storage}, which is kept whole"));
    }
    if let Some(floats) = &savings.floats {
        let arrays = plural(floats.arrays, "array", "arrays");
        let take = if floats.arrays == 1 { "takes" } else { "take" };
        let sampled = plural(floats.sampled, "sampled value", "sampled values");
        let beyond =
            if floats.beyond > 0 { format!(", {} too large for it", grouped(floats.beyond)) } else { String::new() };
        lines.push(format!(
            "{arrays} of float64 {take} {}; float32 takes half. Of {sampled} it holds {} exactly{beyond}",
            size_text(floats.bytes),
            grouped(floats.exact)
        ));
    }
    if let Some(found) = savings.compression.as_ref().filter(|found| found.estimate() < found.total) {
        let how = if found.sampled < found.total {
            format!(", estimated from {}", size_text(found.sampled))
        } else {
            String::new()
        };
        lines.push(format!(
            "deflate would make about {} of {}{how}",
            size_text(found.estimate()),
            size_text(found.total)
        ));
    }
    lines.extend(savings.notes.iter().cloned());
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\ncould be smaller")?;
    for line in lines {
        writeln!(out, "  {}", sentence(&line))?;
    }
    Ok(())
}
