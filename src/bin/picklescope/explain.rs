//! `picklescope explain`: what a message means.

use super::output::{name, path, sentence};
use clap::ArgMatches;
use picklescope::document::Document;
use picklescope::explain::{Action, Cause, Evidence, Explanation, LONGEST, explain};
use serde_json::Value;
use std::io::{self, Read, Write};

/// The message of the command line, or of standard input.
pub(crate) fn text(words: &ArgMatches) -> io::Result<String> {
    let given = words.get_one::<String>("text").cloned().unwrap_or_default();
    if given != "-" {
        return Ok(given);
    }
    if words.get_many::<String>("file").is_some_and(|mut files| files.any(|file| file == "-")) {
        return Err(io::Error::other("standard input cannot be both the message and the file"));
    }
    // Somewhat more than is read, so that it is said that it was cut.
    let mut bytes = Vec::new();
    io::stdin().lock().take(4 * LONGEST as u64).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Prints what is known of a message, and gives whether anything is.
pub(crate) fn print(text: &str, document: Option<&Document>, is_json: bool, out: &mut dyn Write) -> io::Result<bool> {
    let found = explain(text, document);
    if is_json {
        serde_json::to_writer_pretty(&mut *out, &as_json(&found)?)?;
        writeln!(out)?;
    } else {
        print_text(&found, document, out)?;
    }
    Ok(!found.causes.is_empty())
}

/// The explanation as JSON: a step is a sentence, with the command in it.
fn as_json(found: &Explanation) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(found)?;
    for (index, cause) in found.causes.iter().enumerate() {
        json["causes"][index]["steps"] = cause.steps.iter().map(|step| step.with(Action::command)).collect();
    }
    Ok(json)
}

fn print_text(found: &Explanation, document: Option<&Document>, out: &mut dyn Write) -> io::Result<()> {
    if found.is_cut {
        writeln!(out, "(only the last {LONGEST} bytes of the text were read)\n")?;
    }
    if found.causes.is_empty() {
        writeln!(out, "This message is not known: {}", sentence(&found.said()))?;
        if found.exception.is_none() {
            writeln!(out, "Paste the last lines of the traceback, with the name of the exception.")?;
        }
    }
    if let Some(unknown) = found.unknown() {
        writeln!(out, "The last message is not known: {}\nAn earlier one of the text is:\n", sentence(&unknown))?;
    }
    for (index, cause) in found.causes.iter().enumerate() {
        if index > 0 {
            writeln!(out, "\n---- also in this text ----")?;
        }
        print_cause(cause, document, out)?;
    }
    if !found.places.is_empty() {
        writeln!(out, "\nThe traceback comes from: {}", sentence(&found.places.join(", ")))?;
    }
    Ok(())
}

fn print_cause(cause: &Cause, document: Option<&Document>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n    {}\n", sentence(&cause.title), sentence(&cause.quote))?;
    writeln!(out, "Why: {}", sentence(&cause.cause))?;
    if !cause.versions.is_empty() {
        writeln!(out, "\nVersions: {}", sentence(&cause.versions))?;
    }
    for known in &cause.known {
        writeln!(out, "  {}", sentence(known))?;
    }
    if !cause.steps.is_empty() {
        writeln!(out, "\nWhat to do:")?;
    }
    for step in &cause.steps {
        writeln!(out, "  - {}", sentence(&step.with(Action::command)))?;
    }
    if let Some(document) = document {
        writeln!(out, "\nIn {}:", path(&document.overview().name))?;
        if cause.evidence.is_empty() {
            writeln!(out, "  This message is not about anything that can be seen in a file.")?;
        }
        cause.evidence.iter().try_for_each(|evidence| print_evidence(evidence, out))?;
    }
    Ok(())
}

fn print_evidence(evidence: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    let word = evidence.answer.word();
    let offset = evidence.offset.map_or_else(String::new, |offset| format!(" at offset {offset}"));
    writeln!(out, "  {word}{}: {}", name(&offset), sentence(&evidence.text))
}
