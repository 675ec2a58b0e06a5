//! `picklescope find`: where something is, in everything in a file.

use super::commands::Found;
use super::output::{Output, Spelling, name, say, sentence};
use clap::ArgMatches;
use picklescope::bundle::{BundleSearch, Extent};
use picklescope::find::{Kinds, Options, Query, QueryError};
use picklescope::opcode::visible;
use picklescope::view::{FoundKind, FoundRow, preview};
use serde_json::json;
use std::io::{self, Stdout, Write};

/// Something was found.
const FOUND: u8 = 0;
/// Nothing was found, and everything was read.
const NOT_FOUND: u8 = 1;
/// Nothing was found in what could be read.
const PARTIAL: u8 = 2;
/// The command line is wrong (`EX_USAGE` of `sysexits.h`).
pub(crate) const USAGE_ERROR: u8 = 64;

/// Bytes that a step goes over.
const STEP: u64 = 8 << 20;

/// The query on the command line.
pub(crate) fn query(matches: &ArgMatches) -> Result<Query, QueryError> {
    let kinds = matches.get_many::<String>("in").map(|words| {
        let of = |word: &String| FoundKind::ALL.into_iter().find(|kind| kind.word() == word.as_str());
        words.filter_map(of).fold(Kinds::NONE, Kinds::with)
    });
    let options = Options {
        case: matches.get_flag("case"),
        word: matches.get_flag("word"),
        regex: matches.get_flag("regex"),
        kinds,
    };
    let text = matches.get_one::<String>("expression").map_or("", String::as_str);
    let is_behind_dashes = std::env::args_os().any(|word| word == "--");
    if text.starts_with('-') && !is_behind_dashes && !Query::is_negative(text) {
        let message = format!(
            "there is no such option; to look for this text, put it in quotes (\"'{text}'\") or write -- before it"
        );
        return Err(QueryError { message, at: 0..text.len() });
    }
    Query::parse(text, &options)
}

/// Says what is wrong with a query, and where.
pub(crate) fn refuse(matches: &ArgMatches, error: &QueryError) -> u8 {
    let text = matches.get_one::<String>("expression").map_or("", String::as_str);
    let before = text.get(..error.at.start).unwrap_or_default().chars().count();
    let place = if error.at.start == 0 { String::new() } else { format!(" (at character {})", before + 1) };
    say(&format!("{}: {}{place}", name(text), sentence(&error.message)));
    USAGE_ERROR
}

/// Searches in everything that was opened, or in the member that was asked for.
pub(crate) fn run(found: &mut Found, matches: &ArgMatches, query: Query, out: &mut Output<Stdout>) -> io::Result<u8> {
    let is_json = matches.get_flag("json");
    out.spell(if is_json { Spelling::Json } else { Spelling::Text });
    let within = matches.get_one::<String>("member").map(|_| found.member);
    let below = matches.get_one::<String>("below").cloned();
    let hint = query.hint();
    let kept = matches.get_one::<u64>("limit").copied().unwrap_or(u64::MAX);
    let bundle = &mut found.bundle;
    bundle.show(found.member, &mut |_| {});
    let mut search = BundleSearch::new(bundle, query, within, below, kept);
    loop {
        let step = search.step(bundle, STEP, &mut |_| {});
        for hit in &step.hits {
            if is_json { hit_json(hit, out)? } else { writeln!(out, "{}", visible(&line(hit)))? }
        }
        if step.finished {
            break;
        }
    }
    let counts = search.counts();
    let is_cut = counts.iter().any(|count| count.kept < count.count);
    let document = bundle.document();
    let shown =
        (!document.is_complete()).then(|| format!("{}: {}", document.overview().name, document.overview().reading));
    let unread: Vec<String> =
        shown.into_iter().chain(search.unread().iter().cloned()).chain(found.cut.drain(..)).collect();
    if is_json {
        let counted: serde_json::Map<_, _> =
            counts.iter().map(|count| (count.kind.word().to_owned(), count.count.into())).collect();
        let summary = json!({"type": "summary", "counts": counted, "is_cut": is_cut, "unread": unread, "remarks": search.remarks()});
        writeln!(out, "{summary}")?;
    } else if is_cut {
        let all = counts.iter().map(|count| match count.count {
            1 => format!("1 {}", count.kind.singular()),
            many => format!("{many} {}", count.kind.word()),
        });
        say(&format!("only the first {kept} of each kind are listed, of {}", all.collect::<Vec<_>>().join(", ")));
    }
    for text in search.remarks().iter().chain(&unread) {
        say(&sentence(text));
    }
    if counts.is_empty() && !is_json {
        say(&format!("nothing found in {}", went_over(search.extent())));
        hint.iter().for_each(|hint| say(&sentence(hint)));
    }
    Ok(match (counts.is_empty(), unread.is_empty()) {
        (false, _) => FOUND,
        (true, true) => NOT_FOUND,
        (true, false) => PARTIAL,
    })
}

/// What was searched, in words.
fn went_over(extent: Extent) -> String {
    let documents = preview::plural(extent.documents, "pickle or array", "pickles and arrays");
    let values = preview::plural(extent.values, "value", "values");
    let names = preview::plural(extent.names, "name of an entry", "names of entries");
    match extent {
        Extent { documents: 0, names: 0, .. } => "nothing that can be searched".to_owned(),
        Extent { documents: 0, .. } => names,
        Extent { names: 0, bytes, .. } => format!("{documents} with {values} ({})", preview::size_text(bytes)),
        Extent { bytes, .. } => format!("{documents} with {values} ({}), and {names}", preview::size_text(bytes)),
    }
}

/// Path, offset, kind, value: what matches, with a little of what is around it.
fn line(row: &FoundRow) -> String {
    let value = format!("{}{}{}", row.before, row.matched, row.after);
    let count = match (row.of, row.count) {
        (Some(of), count) => format!("  ({count} of {})", preview::plural(of, "value", "values")),
        (None, 1) => String::new(),
        (None, count) if row.kind == FoundKind::Import => format!("  (named {count} times)"),
        (None, count) => format!("  ({count} matches)"),
    };
    let place = match (row.kind, row.entry.is_empty()) {
        (FoundKind::Entry, _) => row.path.clone(),
        (_, true) => row.path.clone(),
        (_, false) if row.path.is_empty() => row.entry.clone(),
        (_, false) => format!("{}: {}", row.entry, row.path),
    };
    let place = if place.is_empty() { "-".to_owned() } else { place };
    let more = row.more_places();
    let more = if more.is_empty() { more } else { format!("  ({more})") };
    format!("{place}  @{}  {}  {value}{count}{more}", row.offset, row.kind.singular())
}

fn hit_json(row: &FoundRow, out: &mut dyn Write) -> io::Result<()> {
    let line = json!({
        "type": "hit",
        "entry": row.entry,
        "path": row.path,
        "offset": row.offset,
        "kind": row.kind.singular(),
        "node": row.node,
        "before": row.before,
        "match": row.matched,
        "after": row.after,
        "count": row.count,
        "of": row.of,
        "more_places": row.more,
        "more_at": row.more_at,
    });
    writeln!(out, "{line}")
}
