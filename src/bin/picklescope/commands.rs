//! What each command does.

use super::memory::Memory;
use super::output::{self, Output, Spelling, say};
use super::{
    arguments, bytes, contents, crash, explain, export as saved, facts, find, input, readers, scan, size, trace, tree,
    view, watched, worker,
};
use clap::{ArgMatches, Id};
use picklescope::bundle::{Bundle, MemberId, ReportScope};
use picklescope::bytes::Source;
use picklescope::document::Document;
use picklescope::explain::stubs::Kind;
use picklescope::export::{self, DisOptions, DisProblemKind};
use picklescope::opcode::{visible, visible_bytes};
use picklescope::view::ReadingStatus;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Read to the end.
const COMPLETE: u8 = 0;
/// The command could not do its work.
const FAILED: u8 = 1;
/// Stopped early, or not a pickle.
const STOPPED: u8 = 2;

/// Bytes of storages that are held against their checksums.
const CHECKED: u64 = 64 << 20;

/// The program: a worker, a command that is watched, or the process that watches one.
pub(crate) fn main() -> ExitCode {
    crash::report_panics();
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let first = words.first().and_then(|word| word.to_str()).unwrap_or_default();
    if first == worker::WORD {
        worker::serve(&words[1..]);
        return ExitCode::SUCCESS;
    }
    let is_watched = first == watched::WORD;
    if is_watched {
        words.remove(0);
    }
    let name = OsString::from(env!("CARGO_PKG_NAME"));
    let matches = match arguments::command().try_get_matches_from(std::iter::once(&name).chain(&words)) {
        Ok(matches) => matches,
        Err(error) => return refuse(&error, &words),
    };
    if let Some(("scan", matches)) = matches.subcommand() {
        return ExitCode::from(scan::run(matches));
    }
    // It decodes nothing: the page does.
    if let Some(("view", matches)) = matches.subcommand() {
        return ExitCode::from(view::run(matches));
    }
    let memory = Memory::of(matches.subcommand().map_or(&matches, |(_, matches)| matches));
    if is_watched {
        crash::end_with_parent();
        memory.enforce();
        let code = run(&matches);
        crash::tell_end(code);
        return ExitCode::from(code);
    }
    watched::run(&words, memory.total).unwrap_or_else(|| ExitCode::from(run(&matches)))
}

/// Says what is wrong with the command line, or prints the help that it asks for.
fn refuse(error: &clap::Error, words: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    // The message repeats words of the command line, which may be names of files. The same mistake is made with words that
    // are spelled out.
    let name = OsString::from(env!("CARGO_PKG_NAME"));
    let spelled = words.iter().map(|word| OsString::from(visible_bytes(word.as_encoded_bytes())));
    let again = arguments::command().try_get_matches_from(std::iter::once(name).chain(spelled));
    let text = again.err().map_or_else(|| error.kind().to_string(), |error| error.render().to_string());
    let lines: Vec<_> = text.lines().map(visible).collect();
    // Nobody is left to be told that this failed.
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
    // clap's own exit code for a wrong command line is 2, which here says that a file was read in part; 1 says of a scan that
    // something was found.
    let is_scan = words.first().is_some_and(|word| word == "scan");
    let is_find = words.first().is_some_and(|word| word == "find");
    ExitCode::from(if is_scan {
        scan::WRONG_WORDS
    } else if is_find {
        find::USAGE_ERROR
    } else {
        FAILED
    })
}

/// Runs the command that the words ask for.
fn run(matches: &ArgMatches) -> u8 {
    let (word, words) = matches.subcommand().unwrap_or(("", matches));
    let query = match (word == "find").then(|| find::query(words)).transpose() {
        Ok(query) => query,
        Err(error) => return find::refuse(words, &error),
    };
    let is_json = word == "json"
        || matches!(word, "info" | "explain" | "trace" | "readers" | "size" | "bytes") && words.get_flag("json");
    let limit = words.get_one::<u64>("limit-output").copied().unwrap_or(u64::MAX);
    let mut out = Output::stdout(if is_json { Spelling::Json } else { Spelling::Text }, limit);
    let done = match word {
        "find" => query.map_or(Ok(FAILED), |query| {
            let (file, with) = (words.get_many::<String>("file"), words.get_many::<String>("with"));
            let mut found = open(file.into_iter().flatten().chain(with.into_iter().flatten()), words)?;
            find::run(&mut found, words, query, &mut out)
        }),
        "dis" => dis(words, &mut out),
        "info" if is_json => with_document(words, |document| facts::json(document, &mut out)),
        "size" => with_bundle(words, |bundle| size::run(bundle, words, &mut out)),
        "bytes" => with_bundle(words, |bundle| bytes::run(bundle, words, &mut out)),
        "contents" => with_bundle(words, |bundle| contents::print(bundle, &mut out)),
        "tree" => with_document(words, |document| {
            tell_notes(document);
            let number = |name| words.get_one::<u64>(name).copied().unwrap_or(u64::MAX);
            tree::print(document, number("depth"), number("max-items"), &mut out)
        }),
        "json" => with_document(words, |document| {
            tell_notes(document);
            let pickle = document.as_pickle();
            let document = pickle.as_ref().unwrap_or(document);
            export::json(document.reading(), &document.lens(), &mut out)
        }),
        "python" => with_document(words, |document| {
            tell_notes(document);
            export::python::write(document.reading(), &document.lens(), &export::python::Budget::default(), &mut out)
        }),
        "trace" => with_document(words, |document| {
            tell_notes(document);
            let pickle = document.as_pickle();
            trace::run(pickle.as_ref().unwrap_or(document), words, &mut out)
        }),
        "readers" => with_bundle(words, |bundle| {
            tell_notes(bundle.document());
            readers::run(bundle, words, &mut out)
        }),
        "stubs" => with_document(words, |document| {
            let kind = match words.get_one::<Id>("what").map(Id::as_str) {
                Some("classes") => Kind::Classes,
                Some("loader") => Kind::Loader,
                Some("torch") => Kind::Torch,
                Some("requirements") => Kind::Requirements,
                _ => Kind::Names,
            };
            out.write_all(kind.write(document).as_bytes())?;
            match kind {
                Kind::Names => writeln!(out, "\nCode for them: --classes, --loader, --torch, --requirements."),
                _ => Ok(()),
            }
        }),
        "explain" => explain_message(words, is_json, &mut out),
        "export" => with_found(words, |found| {
            tell_notes(found.bundle.document());
            saved::run(found, words, &mut out)
        }),
        _ => with_found(words, |Found { bundle, cut, is_partial, .. }| {
            // What is on show says nothing of other files, nor of what is in an archive.
            let is_part = bundle.files() > 1 || bundle.document().overview().is_wrapping;
            let scope = ReportScope { budget: u64::MAX, cut };
            let report = is_part.then(|| bundle.report_on_show(&scope, &mut |_| {}));
            *is_partial = report.as_ref().is_some_and(|report| report.reading == ReadingStatus::Partial);
            facts::text(bundle.document(), report.as_ref(), &mut out)
        }),
    };
    let ended = out.ended();
    match done.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => code,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => COMPLETE,
        Err(error) => {
            // What fitted was written; of an error that comes of that nothing need be said.
            let _ = out.flush();
            // What find says by 1 is something else.
            let code = if ended.is_some() || word == "find" { STOPPED } else { FAILED };
            say(&ended.unwrap_or_else(|| error.to_string()));
            code
        }
    }
}

fn named(error: &io::Error, name: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", output::path(name)))
}

/// Explains a message, with a file when one is named.
fn explain_message(words: &ArgMatches, is_json: bool, out: &mut Output<io::Stdout>) -> io::Result<u8> {
    let text = explain::text(words)?;
    if !words.contains_id("file") {
        let is_known = explain::print(&text, None, is_json, out)?;
        return Ok(if is_known { COMPLETE } else { FAILED });
    }
    let (mut is_known, mut is_told) = (false, false);
    let code = with_document(words, |document| {
        is_told = true;
        is_known = explain::print(&text, Some(document), is_json, out)?;
        Ok(())
    });
    // What the message means is known without the file, too.
    if code.is_err() && !is_told {
        explain::print(&text, None, is_json, out)?;
    }
    let code = code?;
    Ok(if is_known { code } else { FAILED })
}

/// Opens the files of the command line together and shows the first, or the member that was asked for.
fn with_document(matches: &ArgMatches, show: impl FnOnce(&mut Document) -> io::Result<()>) -> io::Result<u8> {
    with_bundle(matches, |bundle| show(bundle.document_mut()))
}

/// What is odd about the bytes that something is made of: commands that give values alone say it beside them.
fn tell_notes(document: &Document) {
    const NOTES: usize = 20;
    for note in document.notes().iter().take(NOTES) {
        say(&format!("{}: {}", note.name, note.message));
    }
}

fn with_bundle(matches: &ArgMatches, show: impl FnOnce(&mut Bundle) -> io::Result<()>) -> io::Result<u8> {
    with_found(matches, |found| show(&mut found.bundle))
}

fn with_found(matches: &ArgMatches, show: impl FnOnce(&mut Found) -> io::Result<()>) -> io::Result<u8> {
    let names = matches.get_many::<String>("file").into_iter().flatten();
    let mut found = open(names, matches)?;
    // Numbers that are given are worth reading them once more.
    found.bundle.check_storages_up_to(CHECKED);
    found.bundle.show(found.member, &mut |_| {});
    show(&mut found)?;
    let document = found.bundle.document();
    for cut in &found.cut {
        say(cut);
    }
    if document.is_complete() {
        return Ok(if found.cut.is_empty() && !found.is_partial { COMPLETE } else { STOPPED });
    }
    let facts = document.overview();
    say(&format!("{}: {}", output::path(&facts.name), facts.reading));
    Ok(STOPPED)
}

/// What the command line is about.
pub(crate) struct Found {
    pub(crate) bundle: Bundle,
    pub(crate) member: MemberId,
    /// Why some files were not read to their end, a sentence each.
    pub(crate) cut: Vec<String>,
    /// Whether something beside the document on show was not read to its end.
    pub(crate) is_partial: bool,
}

/// Opens files as far as to the member that they are about, or that was asked for.
fn open<'n>(names: impl Iterator<Item = &'n String>, matches: &ArgMatches) -> io::Result<Found> {
    let memory = Memory::of(matches);
    let (mut files, mut cut) = (Vec::new(), Vec::new());
    for name in names {
        let opened = input::open(Path::new(name), memory.options().input()).map_err(|error| named(&error, name))?;
        cut.extend(opened.cut.map(|why| format!("{}: {why}", output::path(title(name)))));
        files.push((title(name).to_owned(), opened.source));
    }
    let mut bundle = Bundle::new(files, memory.limits());
    let mut member = bundle.main(&mut |_| {});
    if let Some(path) = matches.get_one::<String>("member") {
        let missing = || format!("{}: no such member; try picklescope contents", output::name(path));
        let found = bundle.find(path, &mut |_| {});
        member = found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, missing()))?;
    }
    Ok(Found { bundle, member, cut, is_partial: false })
}

fn title(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

fn dis(matches: &ArgMatches, out: &mut dyn Write) -> io::Result<u8> {
    let names: Vec<&String> = matches.get_many("file").into_iter().flatten().collect();
    let preamble = matches.get_one::<String>("preamble");
    let mut memo = export::Memo::default();
    let mut code = COMPLETE;
    for name in &names {
        let Found { mut bundle, member, cut, .. } = open(std::iter::once(*name), matches)?;
        let spelled = output::path(name);
        let source = bundle.bytes(member, &mut |_| {}).map_err(|why| io::Error::other(format!("{spelled}: {why}")))?;
        let options = DisOptions {
            annotate: if matches.get_flag("annotate") { 30 } else { 0 },
            indent: matches.get_one::<usize>("indentlevel").copied().unwrap_or(4),
            keep_memo: matches.get_flag("memo"),
            preamble: preamble.filter(|_| names.len() > 1).map(|text| text.replace("{name}", &spelled)),
            limits: Memory::of(matches).limits(),
        };
        code = code.max(dis_file(&spelled, &*source, &options, &mut memo, out)?);
        for cut in &cut {
            say(cut);
            code = code.max(STOPPED);
        }
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
        say(&format!("{name}: at offset {}{opcode}: {}", problem.offset, problem.message));
    }
    if report.more_problems > 0 {
        say(&format!("{name}: and {} more", report.more_problems));
    }
    let stopped = report.problems.iter().any(|problem| problem.kind == DisProblemKind::Damage);
    Ok(if stopped { STOPPED } else { COMPLETE })
}
