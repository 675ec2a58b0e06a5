//! What each command does.

use super::{contents, export as saved, facts, input, scan, tree};
use clap::ArgMatches;
use picklescope::bundle::{Bundle, MemberId};
use picklescope::bytes::{Limits, Source};
use picklescope::document::Document;
use picklescope::export::{self, DisOptions, DisProblemKind};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// Read to the end.
const COMPLETE: u8 = 0;
/// The command could not do its work.
const FAILED: u8 = 1;
/// Stopped early, or not a pickle.
const STOPPED: u8 = 2;

/// Bytes of storages that are held against their checksums.
const CHECKED: u64 = 64 << 20;

/// Runs the command that the words ask for.
pub(crate) fn run(matches: &ArgMatches) -> ExitCode {
    if let Some(("scan", matches)) = matches.subcommand() {
        return ExitCode::from(scan::run(matches));
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = match matches.subcommand() {
        Some(("dis", matches)) => dis(matches, &mut out),
        Some(("info", matches)) => with_document(matches, |document| {
            if matches.get_flag("json") { facts::json(document, &mut out) } else { facts::text(document, &mut out) }
        }),
        Some(("contents", matches)) => with_bundle(matches, |bundle| contents::print(bundle, &mut out)),
        Some(("tree", matches)) => with_document(matches, |document| {
            tell_notes(document);
            let number = |name| matches.get_one::<u64>(name).copied().unwrap_or(u64::MAX);
            tree::print(document, number("depth"), number("max-items"), &mut out)
        }),
        Some(("json", matches)) => with_document(matches, |document| {
            tell_notes(document);
            let pickle = as_pickle(document);
            let document = pickle.as_ref().unwrap_or(document);
            export::json(document.reading(), &document.lens(), &mut out)
        }),
        Some(("python", matches)) => with_document(matches, |document| {
            tell_notes(document);
            export::python::write(document.reading(), &document.lens(), &export::python::Budget::default(), &mut out)
        }),
        Some(("export", matches)) => with_document(matches, |document| {
            tell_notes(document);
            saved::run(document, matches, &mut out)
        }),
        _ => with_document(matches, |document| facts::text(document, &mut out)),
    };
    match done.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("picklescope: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn named(error: &io::Error, name: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{name}: {error}"))
}

/// Opens the files of the command line together and shows the first, or the member that was asked for.
fn with_document(matches: &ArgMatches, show: impl FnOnce(&mut Document) -> io::Result<()>) -> io::Result<u8> {
    with_bundle(matches, |bundle| show(bundle.document_mut()))
}

/// What is odd about the bytes that something is made of: commands that give values alone say it beside them.
fn tell_notes(document: &Document) {
    const NOTES: usize = 20;
    for note in document.notes().iter().take(NOTES) {
        let text = format!("{}: {}", note.name, note.message);
        eprintln!("picklescope: {}", super::scan_text::printable(&text));
    }
}

fn with_bundle(matches: &ArgMatches, show: impl FnOnce(&mut Bundle) -> io::Result<()>) -> io::Result<u8> {
    let mut bundle = open(matches)?;
    show(&mut bundle)?;
    let document = bundle.document();
    if document.is_complete() {
        return Ok(COMPLETE);
    }
    let facts = document.overview();
    eprintln!("picklescope: {}: {}", facts.name, facts.reading);
    Ok(STOPPED)
}

fn open(matches: &ArgMatches) -> io::Result<Bundle> {
    let names = matches.get_many::<String>("file").into_iter().flatten();
    let (mut bundle, member) = find(names, matches)?;
    // Numbers that are given are worth reading them once more.
    bundle.check_storages_up_to(CHECKED);
    bundle.show(member, &mut |_| {});
    Ok(bundle)
}

/// Opens files as far as to the member that they are about, or that was asked for.
fn find<'n>(names: impl Iterator<Item = &'n String>, matches: &ArgMatches) -> io::Result<(Bundle, MemberId)> {
    let mut files = Vec::new();
    for name in names {
        let source = input::open(name).map_err(|error| named(&error, name))?;
        files.push((title(name).to_owned(), source));
    }
    let mut limits = Limits::default();
    limits.unpacked = matches.get_one::<u64>("max-unpacked").copied().unwrap_or(limits.unpacked);
    let mut bundle = Bundle::new(files, limits);
    let main = bundle.main(&mut |_| {});
    let Some(path) = matches.get_one::<String>("member") else { return Ok((bundle, main)) };
    match bundle.find(path, &mut |_| {}) {
        Some(member) => Ok((bundle, member)),
        None => {
            Err(io::Error::new(io::ErrorKind::NotFound, format!("{path}: no such member; try picklescope contents")))
        }
    }
}

fn title(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

/// Bytes that were shown as another format, read as a pickle all the same: whoever asks for the graph wants to know where
/// and why a loader stops.
fn as_pickle(document: &Document) -> Option<Document> {
    let is_unread = document.reading().streams.is_empty() && !document.overview().is_wrapping;
    let read = || Document::read(String::new(), document.shared_source(), document.limits().clone(), &mut |_, _| {});
    is_unread.then(read)
}

fn dis(matches: &ArgMatches, out: &mut dyn Write) -> io::Result<u8> {
    let names: Vec<&String> = matches.get_many("file").into_iter().flatten().collect();
    let preamble = matches.get_one::<String>("preamble");
    let mut memo = export::Memo::default();
    let mut code = COMPLETE;
    for name in &names {
        let (mut bundle, member) = find(std::iter::once(*name), matches)?;
        let source = bundle.bytes(member, &mut |_| {}).map_err(|why| io::Error::other(format!("{name}: {why}")))?;
        let options = DisOptions {
            annotate: if matches.get_flag("annotate") { 30 } else { 0 },
            indent: matches.get_one::<usize>("indentlevel").copied().unwrap_or(4),
            keep_memo: matches.get_flag("memo"),
            preamble: preamble.filter(|_| names.len() > 1).map(|text| text.replace("{name}", name)),
            limits: Limits::default(),
        };
        code = code.max(dis_file(name, &*source, &options, &mut memo, out)?);
    }
    Ok(code)
}

fn dis_file(
    name: &str,
    source: &dyn Source,
    options: &DisOptions,
    memo: &mut export::Memo,
    out: &mut dyn Write,
) -> io::Result<u8> {
    let report = export::dis_with(source, options, memo, out)?;
    out.flush()?;
    for problem in &report.problems {
        let opcode = problem.opcode.map_or_else(String::new, |opcode| format!(" ({})", opcode.info().name));
        eprintln!("picklescope: {name}: at offset {}{opcode}: {}", problem.offset, problem.message);
    }
    if report.more_problems > 0 {
        eprintln!("picklescope: {name}: and {} more", report.more_problems);
    }
    let stopped = report.problems.iter().any(|problem| problem.kind == DisProblemKind::Damage);
    Ok(if stopped { STOPPED } else { COMPLETE })
}
