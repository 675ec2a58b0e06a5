//! A pasted text, made ready for matching: without colours, white space and differences of quotation marks, and with the places at
//! which a message may begin.

use super::claims::Claims;
use super::clean::clean;
use super::pattern::{Filled, Pattern};
use super::step::Step;
use super::table::{self, Entry};
use super::word::CUT;
use super::words::{exception_of, without_dots};
use super::{Cause, evidence};
use crate::bytes::sorting;
use crate::document::Document;
use std::collections::HashMap;

/// Places that are tried.
const PLACES: usize = 20_000;
/// Characters of a message that are quoted.
const QUOTED: usize = 500;
/// Fixed bytes that the beginning of a message has at least.
const LEAST_BEGINNING: usize = 14;
/// Words of a line that may be the name of an exception.
const WORDS: usize = 100;

/// Texts between exceptions that led to each other.
const BETWEEN: [&str; 2] = [
    "during handling of the above exception, another exception occurred",
    "the above exception was the direct cause of the following exception",
];

/// What somebody pasted.
pub(super) struct Said {
    /// The text without control sequences, quotation marks made alike.
    clean: String,
    /// Without white space, in lower case.
    compact: String,
    /// For each byte of `compact`, its byte in `clean`.
    origin: Vec<u32>,
    /// Ends of lines in `compact`.
    line_ends: Vec<usize>,
    /// Where messages may begin in `compact`, with the number of the exception.
    places: Vec<(usize, usize)>,
    /// The last line that begins with the name of an exception, in `clean`.
    last: Option<(usize, usize)>,
}

/// The beginning of a message.
struct Begun {
    number: usize,
    pattern: &'static Pattern,
    place: usize,
    end: usize,
    fixed: usize,
    filled: Vec<Filled>,
}

/// A message that was found.
pub(super) struct Found {
    entry: &'static Entry,
    quote: String,
    /// What stands behind the words of the table on its line.
    tail: String,
    holes: HashMap<&'static str, String>,
}

impl Said {
    pub(super) fn read(text: &str) -> Self {
        let clean = clean(text);
        let mut said = Self {
            compact: String::with_capacity(clean.len()),
            origin: Vec::with_capacity(clean.len()),
            line_ends: Vec::new(),
            places: Vec::new(),
            last: None,
            clean: String::new(),
        };
        let is_traceback = clean.lines().any(|line| line.trim_start().starts_with("File '") || is_arrow(line));
        let has_source = is_traceback || clean.contains("Traceback (most recent call last)");
        let (mut at, mut exception) = (0, 0);
        for line in clean.split_inclusive('\n') {
            // Each traceback of a log is of another exception, and so is each line that begins with the name of one.
            if is_between(line) || is_new(line) && !said.compact.is_empty() {
                exception += 1;
            }
            if !(is_between(line) || has_source && is_source(line)) {
                said.add_line(line, at, exception);
            }
            at += line.len();
        }
        said.clean = clean;
        said
    }

    fn add_line(&mut self, line: &str, from: usize, exception: usize) {
        let start = self.compact.len();
        let mut is_start = true;
        let mut before = [' '; 3];
        let mut is_word = true;
        let mut words = 0;
        for (at, c) in line.char_indices() {
            // The name of an exception behind a time, a quotation mark or other words.
            if c.is_alphabetic()
                && words < WORDS
                && !(before[2].is_alphanumeric() || matches!(before[2], '_' | '.' | '\\'))
            {
                words += 1;
                is_start |= exception_of(&line[at..]).is_some();
            }
            if c.is_whitespace() {
                // Behind `Error: ` a message begins.
                is_start |= before[2] == ':';
                before = [before[1], before[2], ' '];
                continue;
            }
            // As in `KeyError('a')` and `error("text")`.
            is_start |= before[2] == '\'' && before[1] == '(';
            if is_start && self.places.len() < PLACES {
                self.places.push((self.compact.len(), exception));
                is_word = true;
            } else if is_word && before[2] == '.' && self.places.len() < PLACES {
                // The last part of `pickle.UnpicklingError`.
                self.places.push((self.compact.len(), exception));
            }
            is_word &= c.is_alphanumeric() || matches!(c, '_' | '.');
            is_start = false;
            for _ in 0..c.len_utf8() {
                self.origin.push(u32::try_from(from + at).unwrap_or(u32::MAX));
            }
            self.compact.push(c.to_ascii_lowercase());
            before = [before[1], before[2], c];
        }
        if self.compact.len() > start {
            self.line_ends.push(self.compact.len());
            if exception_of(line).is_some() {
                self.last = Some((from, from + line.len()));
            }
        }
    }

    /// The last line that names an exception: its name and its words.
    pub(super) fn last_exception(&self) -> (Option<String>, String) {
        let line = self.last.map(|(from, to)| self.clean[from..to].trim());
        match line.and_then(|line| Some((exception_of(line)?, line))) {
            Some((name, line)) => {
                let message = line.split_once(": ").map_or("", |(_, message)| message);
                (Some(name.to_owned()), shortened(message))
            }
            None => {
                let line = self.clean.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
                (None, shortened(line.trim()))
            }
        }
    }

    fn line_end(&self, at: usize) -> usize {
        let index = self.line_ends.partition_point(|end| *end <= at);
        self.line_ends.get(index).copied().unwrap_or(self.compact.len())
    }

    /// The messages of the table in the text: those of the last exception first, in the order of the table.
    pub(super) fn found(&self) -> Vec<Found> {
        let index = table::by_first_byte();
        let mut found: Vec<(usize, usize, usize, &'static Pattern)> = Vec::new();
        let bytes = self.compact.as_bytes();
        for &(place, exception) in &self.places {
            let Some(first) = bytes.get(place) else { continue };
            // Of what fits one place the first of the table counts.
            let fits = index.candidates(*first).find(|(_, pattern)| {
                let end = self.match_at(pattern, place).map(|(end, _)| end.max(self.line_end(place)));
                end.is_some_and(|end| pattern.has_key_of(&self.original(place, end)))
            });
            let Some((number, pattern)) = fits else { continue };
            match found.iter_mut().find(|known| known.1 == number && known.0 == exception) {
                // The last one of a kind is what the text ends with.
                Some(known) => (known.2, known.3) = (place, pattern),
                None => found.push((exception, number, place, pattern)),
            }
        }
        sorting::by_key(&mut found, |(exception, number, ..)| (std::cmp::Reverse(*exception), *number));
        let mut seen = Vec::new();
        found.retain(|(_, number, ..)| {
            !seen.contains(number) && {
                seen.push(*number);
                true
            }
        });
        if found.is_empty() {
            return self.begun(None).into_iter().collect();
        }
        // The last message may be cut, and those that led to it whole.
        let last = self.places.last().map(|(_, exception)| *exception);
        let is_last_known = found.first().is_some_and(|(exception, ..)| Some(*exception) == last);
        let begun = if is_last_known { None } else { self.begun(last) };
        let whole = found.into_iter().filter_map(|(_, number, place, pattern)| self.found_at(number, place, pattern));
        begun.into_iter().chain(whole).collect()
    }

    /// A message of which only the beginning is there, if it can be no other one: the last of the text, or of one exception.
    fn begun(&self, exception: Option<usize>) -> Option<Found> {
        let index = table::by_first_byte();
        let is_of = |of: usize| exception.is_none_or(|wanted| wanted == of);
        let mut places = self.places.iter().rev().filter(|(_, of)| is_of(*of)).map(|(place, _)| *place).peekable();
        while let Some(&last) = places.peek() {
            let line_end = self.line_end(last);
            let mut fits = Vec::new();
            while let Some(place) = places.next_if(|place| self.line_end(*place) == line_end) {
                let Some(line) = self.compact.get(place..line_end) else { continue };
                let Some(first) = line.bytes().next() else { continue };
                let end = place + without_dots(line).len();
                fits.extend(index.candidates(first).filter_map(|(number, pattern)| {
                    let (fixed, filled) = pattern.begin_at(&self.compact, place, end)?;
                    Some(Begun { number, pattern, place, end, fixed, filled })
                }));
            }
            // A beginning that several messages share says nothing.
            let best = fits.iter().max_by_key(|begun| begun.fixed).filter(|best| best.fixed >= LEAST_BEGINNING);
            if let Some(best) = best {
                let is_one = fits.iter().all(|other| other.number == best.number);
                return if is_one { self.found_begun(best) } else { None };
            }
        }
        None
    }

    fn found_begun(&self, begun: &Begun) -> Option<Found> {
        let entry = table::entries().get(begun.number)?;
        let mut holes: HashMap<_, _> = begun.pattern.holes().map(|name| (name, CUT.to_string())).collect();
        for &(name, from, to) in &begun.filled {
            let cut = if to == begun.end { CUT.to_string() } else { String::new() };
            holes.insert(name, format!("{}{cut}", self.original(from, to)));
        }
        let quote = shortened(&self.original(begun.place, begun.end));
        Some(Found { entry, quote, tail: String::new(), holes })
    }

    fn match_at(&self, pattern: &Pattern, place: usize) -> Option<(usize, Vec<Filled>)> {
        pattern.match_at(&self.compact, place, |at| self.line_end(at))
    }

    fn found_at(&self, number: usize, place: usize, pattern: &Pattern) -> Option<Found> {
        let entry = table::entries().get(number)?;
        let (end, filled) = self.match_at(pattern, place)?;
        let line = self.line_end(end.saturating_sub(1).max(place)).max(end);
        let holes = filled.into_iter().map(|(name, from, to)| (name, self.original(from, to))).collect();
        let tail = shortened(&self.original(end, line));
        Some(Found { entry, quote: shortened(&self.original(place, line)), tail, holes })
    }

    /// The text as it was pasted, lines joined.
    fn original(&self, from: usize, to: usize) -> String {
        if from >= to {
            return String::new();
        }
        let start = self.origin[from] as usize;
        let last = self.origin[to - 1] as usize;
        let end = last + self.clean[last..].chars().next().map_or(0, char::len_utf8);
        self.clean[start..end].split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Found {
    /// Whether the message only says that there is another one, and this is it: the file is asked the same.
    pub(super) fn wraps(&self, other: &Self) -> bool {
        let asked = |found: &Self| found.entry.check.split(' ').next();
        self.entry.is_wrapper && !other.entry.is_wrapper && asked(self) == asked(other)
    }

    /// What the message says.
    pub(super) fn claims(&self) -> Claims {
        let (quote, tail, holes) = (self.quote.clone(), self.tail.clone(), self.holes.clone());
        Claims { quote, tail, holes }
    }

    pub(super) fn cause(self, document: Option<&Document>) -> Cause {
        let claims = self.claims();
        let Self { entry, quote, holes, .. } = self;
        let fill = |text: &str| fill(text, &holes);
        Cause {
            entry: entry.name.to_owned(),
            title: fill(&entry.title),
            cause: fill(&entry.cause),
            versions: fill(&entry.versions),
            known: evidence::known(&entry.check, &fill, &quote),
            steps: entry.steps.iter().filter(|step| !names_cut(step, &holes)).map(|step| step.map(fill)).collect(),
            evidence: document
                .map(|document| evidence::look(document, &entry.check, &fill, &claims))
                .unwrap_or_default(),
            quote,
        }
    }
}

/// The text with the holes filled.
fn fill(text: &str, holes: &HashMap<&'static str, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('}').unwrap_or(0);
        match holes.get(rest.get(1..end).unwrap_or_default()) {
            Some(value) => {
                out.push_str(value);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a step is a command with a version that the text cuts.
fn names_cut(step: &Step, holes: &HashMap<&'static str, String>) -> bool {
    let is_cut = |(name, value): (&&str, &String)| {
        value.ends_with(CUT) && [&step.text, &step.rest].iter().any(|text| text.contains(&format!("={{{name}}}")))
    };
    holes.iter().any(is_cut)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a line stands between exceptions, also behind a time or cut at its end.
fn is_between(line: &str) -> bool {
    /// Letters of a beginning that is enough.
    const BEGINNING: usize = 30;
    let line = line.trim().to_ascii_lowercase();
    let is_beginning = |between: &str| line.len() >= BEGINNING && between.starts_with(&line);
    BETWEEN.iter().any(|between| line.contains(between) || is_beginning(between))
}

/// Whether a line begins another exception.
fn is_new(line: &str) -> bool {
    line.contains("Traceback (most recent call last)") || exception_of(line).is_some() && !line.starts_with([' ', '\t'])
}

/// An arrow at the line that failed, as IPython and pytest draw it.
fn is_arrow(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("-->") || line.starts_with("---") && line.trim_start_matches('-').starts_with('>')
}

/// Whether a line of a traceback is source text or a place, not a message.
fn is_source(line: &str) -> bool {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let is_numbered = {
        let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0
            && trimmed[digits..].starts_with([' ', '\n'])
            && indent + digits >= 1
            && !trimmed[digits..].starts_with(" is ")
    };
    indent >= 4 && !line.starts_with('\t')
        || is_arrow(line)
        || trimmed.starts_with("File '")
        || trimmed.starts_with("File ~")
        || trimmed.starts_with("File /")
        || trimmed.starts_with("Cell In[")
        || trimmed.starts_with("Input In [")
        || trimmed.starts_with("raise ")
        || trimmed.starts_with("> ") && trimmed.contains("raise ")
        || is_numbered
}
