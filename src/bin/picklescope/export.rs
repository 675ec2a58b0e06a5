//! `picklescope export`: a value in another format, to a file or to standard output.

use clap::ArgMatches;
use picklescope::document::Document;
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;
use std::fs::{self, File};
use std::io::{self, Write};

/// Writes what the words ask for.
pub(crate) fn run(document: &mut Document, matches: &ArgMatches, out: &mut dyn Write) -> io::Result<()> {
    let word = matches.get_one::<String>("format").map_or("", String::as_str);
    let format = Format::ALL.into_iter().find(|format| format.word() == word);
    let format = format.ok_or_else(|| io::Error::other(format!("{word} is no format")))?;
    let node = match (matches.get_one::<String>("path"), matches.get_one::<u32>("node")) {
        (Some(path), _) => Some(document.find_path(path).map_err(io::Error::other)?),
        (None, node) => node.copied(),
    };
    let ask = ExportAsk { node, format, escape_formulas: matches.get_flag("escape-formulas") };
    match matches.get_one::<String>("output").filter(|name| *name != "-") {
        None => write(document, ask, out),
        Some(name) => {
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
            let mut file = None;
            let done = write_to(document, ask, &mut |bytes| {
                // What cannot be written at all leaves a file of that name as it was.
                if file.is_none() {
                    file = Some(File::create(name).map_err(named)?);
                }
                file.as_mut().map_or(Ok(()), |file| file.write_all(bytes).map_err(named))
            });
            if done.is_err() && file.is_some() {
                // Half a file would pass for a whole one.
                let _ = fs::remove_file(name);
            }
            done
        }
    }
}

fn write(document: &mut Document, ask: ExportAsk, out: &mut dyn Write) -> io::Result<()> {
    write_to(document, ask, &mut |bytes| out.write_all(bytes))
}

fn write_to(document: &mut Document, ask: ExportAsk, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = document.export(ask).map_err(io::Error::other)?;
    loop {
        take(&piece.bytes)?;
        if piece.finished {
            break;
        }
        piece = document.export_more().map_err(io::Error::other)?;
    }
    for remark in &piece.remarks {
        eprintln!("picklescope: {}: {}", piece.name, super::scan_text::printable(remark));
    }
    Ok(())
}
