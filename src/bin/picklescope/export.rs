//! `picklescope export`: a value in another format, to a file or to standard output.

use super::commands::Found;
use super::output::{Output, Spelling, path, say, sentence};
use super::saved::Saved;
use clap::ArgMatches;
use picklescope::bundle::{Bundle, ReportScope};
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;
use std::fs;
use std::io::{self, IsTerminal, Stdout, Write};
use std::path::Path;

/// Writes what the words ask for.
pub(crate) fn run(found: &mut Found, matches: &ArgMatches, out: &mut Output<Stdout>) -> io::Result<()> {
    let Found { bundle, cut, is_partial, .. } = found;
    let word = matches.get_one::<String>("format").map_or("", String::as_str);
    let format = Format::ALL.into_iter().find(|format| format.word() == word);
    let format = format.ok_or_else(|| io::Error::other(format!("{word} is no format")))?;
    let node = match (matches.get_one::<String>("path"), matches.get_one::<u32>("node")) {
        (Some(path), _) => Some(bundle.document_mut().find_path(path).map_err(io::Error::other)?),
        (None, node) => node.copied(),
    };
    let ask = ExportAsk { node, format, escape_formulas: matches.get_flag("escape-formulas") };
    let scope = ReportScope { budget: u64::MAX, cut };
    match matches.get_one::<String>("output").filter(|name| *name != "-") {
        None => {
            out.spell(spelling(word, io::stdout().is_terminal()));
            *is_partial = write_to(bundle, ask, &scope, &mut |bytes| out.write_all(bytes))?;
            Ok(())
        }
        Some(name) => {
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path(name)));
            let mut file = None;
            let names = matches.get_many::<String>("file").into_iter().flatten();
            if names.into_iter().any(|input| is_same(name, input)) {
                return Err(io::Error::other(format!("{}: is the file that is read; choose another name", path(name))));
            }
            let done = write_to(bundle, ask, &scope, &mut |bytes| {
                // What cannot be written at all leaves a file of that name as it was.
                if file.is_none() {
                    let created = Saved::create(Path::new(name)).map_err(named)?;
                    file = Some(Output::new(created, spelling(word, false), out.limit()));
                }
                file.as_mut().map_or(Ok(()), |file| file.write_all(bytes).map_err(named))
            });
            let Some(file) = file else { return done.map(drop) };
            let ended = file.ended().filter(|_| done.is_err());
            match (done, ended) {
                (Ok(is_left_out), _) => {
                    *is_partial = is_left_out;
                    file.into_inner().and_then(Saved::finish).map_err(named)
                }
                (Err(_), Some(why)) => Err(io::Error::other(format!("{}: {why}", path(name)))),
                (Err(error), None) => Err(error),
            }
        }
    }
}

/// How the characters of a format are written. JSON, source and listings say the same when they are spelled out; the rest are
/// data, which stay as they are but on a terminal.
fn spelling(format: &str, is_terminal: bool) -> Spelling {
    match format {
        "json" | "plain-json" => Spelling::Json,
        "python" | "dis" | "tree" | "html" => Spelling::Text,
        _ if is_terminal => Spelling::Text,
        _ => Spelling::Raw,
    }
}

fn is_same(one: &str, other: &str) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// Writes it piece by piece; whether it is a report, and says that not everything was read.
fn write_to(
    bundle: &mut Bundle,
    ask: ExportAsk,
    scope: &ReportScope<'_>,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<bool> {
    let is_report = ask.format == Format::Html;
    let mut piece = bundle.export(ask, scope, &mut |_| {}).map_err(io::Error::other)?;
    loop {
        take(&piece.bytes)?;
        if piece.finished {
            break;
        }
        piece = bundle.document_mut().export_more().map_err(io::Error::other)?;
    }
    for remark in &piece.remarks {
        say(&format!("{}: {}", path(&piece.name), sentence(remark)));
    }
    Ok(is_report && !piece.remarks.is_empty())
}
