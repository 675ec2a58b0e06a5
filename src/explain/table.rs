//! The table of messages, read once from the text that is compiled in.

use super::pattern::Pattern;
use super::step::Step;
use std::sync::OnceLock;

const TEXT: &str = include_str!("messages.txt");

/// What is known of one kind of message.
#[derive(Debug, Default)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// The messages as the table spells them.
    pub says: Vec<&'static str>,
    pub(super) patterns: Vec<Pattern>,
    /// The case in a few words, with holes.
    pub title: String,
    /// Why it happens, with holes.
    pub cause: String,
    /// Which versions are concerned, with holes.
    pub versions: String,
    /// What to do, with holes.
    pub steps: Vec<Step>,
    /// How to see whether a file shows it: a word, and what it is about.
    pub(super) check: String,
    /// Whether the message only says that there is another one, whose explanation is enough.
    pub(super) is_wrapper: bool,
}

/// All entries, in the order of the table: specific ones before general ones.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| read(TEXT))
}

/// Patterns by the first byte of what they match.
pub(super) struct ByFirstByte {
    /// For each byte, entries and patterns in the order of the table; those that begin with a hole are everywhere.
    lists: Vec<Vec<(usize, &'static Pattern)>>,
}

impl ByFirstByte {
    pub(super) fn candidates(&self, first: u8) -> impl Iterator<Item = (usize, &'static Pattern)> + '_ {
        self.lists[usize::from(first)].iter().copied()
    }
}

pub(super) fn by_first_byte() -> &'static ByFirstByte {
    static INDEX: OnceLock<ByFirstByte> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut lists = vec![Vec::new(); 256];
        for (number, entry) in entries().iter().enumerate() {
            for pattern in &entry.patterns {
                match pattern.first_byte() {
                    Some(byte) => lists[usize::from(byte)].push((number, pattern)),
                    None => lists.iter_mut().for_each(|list| list.push((number, pattern))),
                }
            }
        }
        ByFirstByte { lists }
    })
}

fn read(text: &'static str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Lines of the steps of each entry, joined.
    let mut steps: Vec<Vec<String>> = Vec::new();
    let mut key = "";
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let more = line.starts_with(' ');
        let (word, value) = if more { (key, line) } else { line.split_once(' ').unwrap_or((line, "")) };
        let value = value.trim();
        key = word;
        if word == "wrapper" {
            entries.last_mut().into_iter().for_each(|entry| entry.is_wrapper = true);
            continue;
        }
        if word == "entry" {
            entries.push(Entry { name: value, ..Entry::default() });
            steps.push(Vec::new());
            continue;
        }
        let (Some(entry), Some(steps)) = (entries.last_mut(), steps.last_mut()) else { continue };
        let text = match word {
            "says" | "raises" => {
                entry.says.push(value);
                entry.patterns.push(Pattern::new(value));
                entry.patterns.extend(Pattern::without_quotes(value));
                continue;
            }
            "title" => &mut entry.title,
            "cause" => &mut entry.cause,
            "versions" => &mut entry.versions,
            "check" => &mut entry.check,
            "do" => {
                if !more {
                    steps.push(String::new());
                }
                match steps.last_mut() {
                    Some(step) => step,
                    None => continue,
                }
            }
            // A test holds the table to these words.
            _ => continue,
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(value);
    }
    for (entry, steps) in entries.iter_mut().zip(steps) {
        entry.steps = steps.iter().map(|step| Step::new(step)).collect();
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::super::evidence::CHECKS;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_well_formed() {
        let words = ["entry", "says", "raises", "title", "cause", "versions", "do", "check", "wrapper"];
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ' '])) {
            let word = line.split(' ').next().unwrap();
            assert!(words.contains(&word), "{line}");
            assert!(line.len() <= 140, "too long: {line}");
        }
        let mut names = HashSet::new();
        for entry in entries() {
            assert!(names.insert(entry.name), "{} is there twice", entry.name);
            assert!(!entry.says.is_empty() && !entry.title.is_empty() && !entry.cause.is_empty(), "{}", entry.name);
            let check = entry.check.split(' ').next().unwrap();
            assert!(CHECKS.contains(&check), "{}: no such check: {}", entry.name, entry.check);
        }
        assert!(names.len() >= 60);
    }

    #[test]
    fn every_message_of_an_entry_has_the_holes_that_its_text_fills() {
        for entry in entries() {
            let mut texts = vec![&entry.title, &entry.cause, &entry.versions, &entry.check];
            texts.extend(entry.steps.iter().flat_map(|step| [&step.text, &step.rest]));
            let all: HashSet<&str> = entry.patterns.iter().flat_map(Pattern::holes).collect();
            for hole in all {
                let is_used = texts.iter().any(|text| text.contains(&format!("{{{hole}}}")));
                for pattern in &entry.patterns {
                    assert!(
                        !is_used || pattern.holes().any(|name| name == hole),
                        "{}: {pattern:?} has no {{{hole}}}",
                        entry.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_step_has_one_action_and_no_command() {
        for step in entries().iter().flat_map(|entry| &entry.steps) {
            let texts = [&step.text, &step.rest];
            assert!(texts.iter().all(|text| !text.contains("picklescope ")), "{step:?}");
            assert!(texts.iter().all(|text| Step::new(text).action.is_none()), "{step:?}");
        }
    }

    #[test]
    fn a_message_says_enough_to_be_one() {
        for entry in entries() {
            for pattern in &entry.patterns {
                assert!(pattern.fixed() >= 8, "{}: {pattern:?}", entry.name);
            }
        }
    }
}
