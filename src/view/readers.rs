//! Readers side by side, as a page or a terminal shows them: who stops where with which message, and who sees which value.

use super::preview::plural;
use crate::readers::{Comparison, Difference, Does, End, PickleComparison, Reader};
use serde::{Deserialize, Serialize};

/// What readers make of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadersFacts {
    /// The readers, in the order of ends and cells.
    pub readers: Vec<String>,
    /// Whether they differ.
    pub differ: bool,
    /// What it comes to, in a sentence.
    pub sentence: String,
    /// What was not compared, a sentence each.
    pub notes: Vec<String>,
    /// The pickles in which they differ.
    pub pickles: Vec<ReadersOfPickle>,
}

/// A pickle in which readers differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadersOfPickle {
    /// Its number, from 0.
    pub pickle: u64,
    /// Offset of its first instruction.
    pub offset: u64,
    /// How it ends for each reader.
    pub ends: Vec<ReaderEnd>,
    /// Where they differ.
    pub differences: Vec<ReaderDifference>,
    /// Differences that are only counted.
    pub more: u64,
}

/// How a pickle ends for a reader.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReaderEnd {
    /// Its name.
    pub reader: String,
    /// Whether it reads to STOP.
    pub completes: bool,
    /// Where it stops, or where it was left.
    pub offset: Option<u64>,
    /// What it makes of the pickle, or its message.
    pub words: String,
}

/// An instruction at which readers differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReaderDifference {
    /// Offset of its opcode.
    pub offset: u64,
    /// Its name; nothing where there is none.
    pub opcode: String,
    /// What is the matter with it; nothing where that is one reader's own rule.
    pub what: String,
    /// What each reader does there, in words.
    pub does: Vec<String>,
}

/// What was compared, in words. `value` is what a pickle loads to, shortly.
#[must_use]
pub fn readers_facts(comparison: &Comparison, value: &dyn Fn(usize) -> Option<String>) -> ReadersFacts {
    let differ = !comparison.pickles.is_empty();
    let pickles = comparison.pickles.iter().map(|pickle| of_pickle(comparison, pickle, value)).collect();
    ReadersFacts {
        readers: comparison.readers.iter().map(|reader| reader.name().to_owned()).collect(),
        differ,
        sentence: sentence(comparison),
        notes: notes(comparison),
        pickles,
    }
}

fn sentence(comparison: &Comparison) -> String {
    let count = match comparison.readers.len() {
        4 => "four",
        _ => "three",
    };
    let found = comparison.pickles.len() as u64 + comparison.more;
    match (&comparison.stop, comparison.total as u64) {
        (_, 0) => "There is no pickle in it to compare.".to_owned(),
        _ if found > 0 => {
            let differing = comparison.pickles.iter().map(|pickle| pickle.differences.len() as u64 + pickle.more).sum();
            let places = plural(differing, "place", "places");
            // Called alike, all of them may do the same.
            let is_open = |difference: &Difference| {
                difference.does.iter().any(|does| matches!(does, Does::Depends(_)))
                    && difference.does.iter().all(|does| matches!(does, Does::Depends(_) | Does::Stops(_) | Does::Gone))
            };
            if comparison.more == 0
                && comparison.pickles.iter().all(|one| one.more == 0 && one.differences.iter().all(is_open))
            {
                return format!("Whether readers differ depends on how they are called, at {places}.");
            }
            match comparison.total as u64 {
                1 => format!("Readers differ at {places}."),
                total => format!("Readers differ in {found} of {total} pickles, at {places}."),
            }
        }
        (Some(stop), _) => {
            let what = messages(&comparison.readers, &stop.messages);
            format!("All {count} readers read the same, and stop at offset {}{what}.", stop.offset)
        }
        (None, _) => format!("All {count} readers read the same."),
    }
}

/// What readers say where they stop: once, where all say the same.
fn messages(readers: &[Reader], messages: &[String]) -> String {
    match messages.split_first() {
        Some((first, others)) if others.iter().all(|other| other == first) => format!(": {first}"),
        _ => {
            let told = readers.iter().zip(messages).filter(|(_, message)| !message.is_empty());
            told.map(|(reader, message)| format!(". {reader}: {}", message.trim_end_matches('.'))).collect()
        }
    }
}

fn notes(comparison: &Comparison) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(until) = comparison.until {
        notes.push(format!(
            "Compared up to offset {until}: bytes of an array follow, which joblib's loader steps over and these take for opcodes."
        ));
    }
    if comparison.has_extensions {
        notes.push(
            "It has extension codes (EXT1, EXT2, EXT4): compared as if the loading program had registered them. Where it has not, \
             CPython's loaders stop at the first."
                .to_owned(),
        );
    }
    if comparison.more > 0 {
        notes.push(format!("{} with differences not shown.", plural(comparison.more, "more pickle", "more pickles")));
    }
    if comparison.is_partial {
        notes.push("Not everything was compared: the reading met more problems than are kept, or a limit.".to_owned());
    }
    notes
}

fn of_pickle(
    comparison: &Comparison,
    pickle: &PickleComparison,
    value: &dyn Fn(usize) -> Option<String>,
) -> ReadersOfPickle {
    let sees_other = |index: usize| pickle.differences.iter().any(|difference| sees_other(difference, index));
    let ends = comparison.readers.iter().zip(&pickle.ends).enumerate();
    let ends = ends.map(|(index, (reader, end))| {
        let value = || if sees_other(index) { None } else { value(pickle.stream) };
        let mut told = reader_end(*reader, end, &value, sees_other(index));
        let depends = pickle.differences.iter().find(|difference| matches!(difference.does[index], Does::Depends(_)));
        if let Some(difference) = depends {
            told.words = format!("depends: see offset {}; if it gets past that, {}", difference.offset, told.words);
        }
        told
    });
    let differences = pickle.differences.iter().map(|difference| ReaderDifference {
        offset: difference.offset,
        opcode: difference.opcode.map_or_else(String::new, |opcode| opcode.name().to_owned()),
        what: difference.what.clone(),
        does: difference.does.iter().map(words).collect(),
    });
    ReadersOfPickle {
        pickle: pickle.stream as u64,
        offset: pickle.offset,
        ends: ends.collect(),
        differences: differences.collect(),
        more: pickle.more,
    }
}

/// Whether a reader sees another value at an instruction than the one that is shown.
fn sees_other(difference: &Difference, index: usize) -> bool {
    let does = difference.does.get(index);
    matches!(does, Some(Does::Sees(_) | Does::Otherwise(_))) && does != difference.does.first()
}

fn reader_end(reader: Reader, end: &End, value: &dyn Fn() -> Option<String>, sees_other: bool) -> ReaderEnd {
    let (completes, offset, words) = match end {
        End::Stop if reader == Reader::Pickletools && sees_other => {
            (true, None, "lists it to STOP, with other values".to_owned())
        }
        End::Stop if reader == Reader::Pickletools => (true, None, "lists it to STOP".to_owned()),
        End::Stop if sees_other => (true, None, "loads it, with another value".to_owned()),
        End::Stop => (true, None, value().map_or_else(|| "loads it".to_owned(), |value| format!("loads {value}"))),
        End::Refuses { offset, message } => (false, Some(*offset), stops(message)),
        End::Unfollowed { offset, why } => (false, Some(*offset), format!("reads on; not followed further: {why}")),
    };
    ReaderEnd { reader: reader.name().to_owned(), completes, offset, words }
}

fn stops(message: &str) -> String {
    if message.is_empty() { "stops".to_owned() } else { format!("stops: {message}") }
}

fn words(does: &Does) -> String {
    match does {
        Does::ReadsOn => "reads on".to_owned(),
        Does::Sees(value) => format!("sees {value}"),
        Does::Stops(message) => stops(message),
        Does::Depends(words) | Does::Otherwise(words) => words.clone(),
        Does::Gone => "stopped before".to_owned(),
    }
}
