//! What a message itself names: a byte, an attribute, a version, a class. A file that holds something else is another file, so each
//! part is held against the file, or it is said that it was not.

use super::word::{CUT, Word};
use super::words;
use std::collections::HashMap;
use std::fmt;

/// What a hole of a message is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum About {
    /// The check of the entry looks at it.
    Check,
    /// What is installed, or what the program did: nothing that a file holds.
    Surroundings,
    /// A class that a value of the file is of.
    Class,
    /// A text in the file.
    Text,
    /// The name of a generator of random numbers.
    Generator,
    /// A value in Python's words.
    Value,
    /// A number of the extension registry.
    Extension,
    /// A number of the memo.
    Memo,
    /// The opcode at which a loader stops.
    Opcode,
    /// An entry of an archive.
    Entry,
    /// The shape of an array.
    Shape,
    /// The number of features that an estimator was fitted on.
    Features,
    /// A text at the beginning of the file.
    Beginning,
    /// The file may hold it, but it is not looked for.
    Unseen,
}

/// For each hole of the table what it is about.
const HOLES: [(&str, About); 47] = [
    ("module", About::Check),
    ("name", About::Check),
    ("rest", About::Check),
    ("protocol", About::Check),
    ("wrote", About::Check),
    ("byte", About::Check),
    ("function", About::Check),
    ("keys", About::Check),
    ("saved", About::Check),
    ("storage", About::Check),
    ("device", About::Check),
    ("position", About::Check),
    ("here", About::Surroundings),
    ("path", About::Surroundings),
    ("place", About::Surroundings),
    ("highest", About::Surroundings),
    ("other", About::Surroundings),
    ("object", About::Surroundings),
    ("count", About::Surroundings),
    ("abi", About::Surroundings),
    ("number", About::Surroundings),
    ("attribute", About::Surroundings),
    ("method", About::Surroundings),
    ("reason", About::Surroundings),
    ("base", About::Surroundings),
    ("frequency", About::Surroundings),
    ("part", About::Surroundings),
    ("class", About::Class),
    ("type", About::Class),
    ("id", About::Text),
    ("encoding", About::Text),
    ("generator", About::Generator),
    ("value", About::Value),
    ("checksum", About::Value),
    ("code", About::Extension),
    ("index", About::Memo),
    ("opcode", About::Opcode),
    ("entry", About::Entry),
    ("shape", About::Shape),
    ("features", About::Features),
    ("words", About::Beginning),
    ("found", About::Unseen),
    ("wanted", About::Unseen),
    ("length", About::Unseen),
    ("missing", About::Unseen),
    ("size", About::Unseen),
    ("unit", About::Unseen),
];

/// A part of a message that a file may agree with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Claim {
    Class(Word),
    Function(Word),
    Text(Word),
    Generator(Word),
    Value(Word),
    Extension(Word),
    Memo(Word),
    Opcode(Word),
    /// A byte of a text at which a codec stops.
    Codec {
        byte: u8,
        position: u64,
    },
    Entry(Word),
    Shape(Word),
    Features(Word),
    /// Bytes that the file begins with.
    FirstBytes(Vec<u8>),
    Beginning(Word),
    Unchecked(Word),
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class(word)
            | Self::Function(word)
            | Self::Text(word)
            | Self::Generator(word)
            | Self::Value(word)
            | Self::Extension(word)
            | Self::Memo(word)
            | Self::Opcode(word)
            | Self::Entry(word)
            | Self::Shape(word)
            | Self::Features(word)
            | Self::Beginning(word)
            | Self::Unchecked(word) => write!(f, "{word}"),
            Self::Codec { byte, position } => write!(f, "the byte {byte:02x} at position {position}"),
            Self::FirstBytes(_) => f.write_str("the first bytes"),
        }
    }
}

/// A message that was recognised: its words, and what its holes took.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    /// The words of the text.
    pub(super) quote: String,
    /// What stands behind the words of the table.
    pub(super) tail: String,
    /// The holes with what they took.
    pub(super) holes: HashMap<&'static str, String>,
}

impl Claims {
    /// What is to be held against a file besides the check of the entry.
    pub(super) fn list(&self) -> Vec<Claim> {
        let mut found: Vec<Claim> = HOLES
            .iter()
            .filter_map(|(hole, about)| {
                let word = Word::new(words::shown_class(self.holes.get(hole)?));
                if word.is_empty() { None } else { claim(*about, word) }
            })
            .collect();
        let quote = &self.quote;
        let object = words::object_type(quote).filter(|_| quote.starts_with('\'')).map(Claim::Class);
        found.extend(object.or_else(|| words::after(quote, "cannot instantiate '").map(Claim::Class)));
        found.extend(words::function(quote).map(Claim::Function));
        found.extend(words::codec(quote).map(|(byte, position)| Claim::Codec { byte, position }));
        found.extend(words::first_bytes(quote).map(Claim::FirstBytes));
        found.extend(words::numbers_in(&self.tail).into_iter().map(Claim::Unchecked));
        let mut seen = Vec::new();
        found.retain(|claim| {
            !seen.contains(claim) && {
                seen.push(claim.clone());
                true
            }
        });
        found
    }

    /// What the message would name if it were not cut before.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let is_cut = |hole: &str| self.holes.get(hole).is_some_and(|value| *value == CUT.to_string());
        let is_missing = |(hole, about): &&(&str, About)| *about != About::Surroundings && is_cut(hole);
        HOLES.iter().find(is_missing).map(|_| "what stands behind the end of the text, which is cut")
    }
}

fn claim(about: About, word: Word) -> Option<Claim> {
    Some(match about {
        About::Check | About::Surroundings => return None,
        About::Class => Claim::Class(word),
        About::Text => Claim::Text(word),
        About::Generator => Claim::Generator(word),
        About::Value => Claim::Value(word),
        About::Extension => Claim::Extension(word),
        About::Memo => Claim::Memo(word),
        About::Opcode => Claim::Opcode(word),
        About::Entry => Claim::Entry(word),
        About::Shape => Claim::Shape(word),
        About::Features => Claim::Features(word),
        About::Beginning => Claim::Beginning(word),
        About::Unseen => Claim::Unchecked(word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::table::entries;
    use std::collections::HashSet;

    #[test]
    fn every_hole_is_held_against_the_file_or_said_not_to_be() {
        let known: HashSet<&str> = HOLES.iter().map(|(hole, _)| *hole).collect();
        assert_eq!(known.len(), HOLES.len());
        let used: HashSet<&str> =
            entries().iter().flat_map(|entry| entry.patterns.iter().flat_map(|one| one.holes())).collect();
        assert_eq!(known, used);
    }
}
