//! One thing that was found, with its evidence.

use super::super::level::Level;
use super::super::names::Capability;
use super::rule::Rule;
use crate::graph::NodeId;
use std::fmt;

/// One thing that was found, with its evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What kind of thing it is.
    pub rule: &'static Rule,
    /// How bad.
    pub level: Level,
    /// One plain sentence about this very place.
    pub explanation: String,
    /// Module of the name that it is about, if it is about one.
    pub module: String,
    /// The name.
    pub name: String,
    /// Opcode that does it.
    pub opcode: &'static str,
    /// Offset of the opcode.
    pub offset: u64,
    /// Bytes of the instruction.
    pub length: u64,
    /// Offset of the first byte of what the opcode works on.
    pub start: u64,
    /// Which pickle, counted from 0.
    pub stream: usize,
    /// What happens, in the spelling of Python; shortened.
    pub call: String,
    /// The node, when it is one of the reading and not of a pickle inside it.
    pub node: Option<NodeId>,
    /// What the name can do.
    pub capability: Option<Capability>,
    /// How the name comes to be.
    pub how_named: HowNamed,
}

impl Finding {
    /// Whether it is of that rule.
    #[must_use]
    pub fn is_of(&self, rule: &Rule) -> bool {
        self.rule == rule
    }

    /// Puts it where it is in the file, when it was found in a pickle inside another one, or in another reading.
    pub(in crate::safety) fn moved(&mut self, place: impl Fn(u64) -> u64) {
        self.offset = place(self.offset);
        self.start = place(self.start);
        self.how_named.0.iter_mut().for_each(|step| {
            if let Step::At(offset) = step {
                *offset = place(*offset);
            }
        });
        self.node = None;
    }
}

/// How a name comes to be: where its texts stand, and what they go through.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HowNamed(Vec<Step>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Words(String),
    /// An offset in the source.
    At(u64),
}

impl HowNamed {
    /// Words alone.
    pub(in crate::safety) fn words(words: impl Into<String>) -> Self {
        Self(vec![Step::Words(words.into())])
    }

    /// Adds words.
    pub(in crate::safety) fn say(&mut self, words: impl Into<String>) {
        self.0.push(Step::Words(words.into()));
    }

    /// Adds words about an offset: `constant at 12`.
    pub(in crate::safety) fn say_at(&mut self, words: impl Into<String>, offset: u64) {
        self.say(words);
        self.0.push(Step::At(offset));
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says that the offsets are those of a pickle that is nowhere in the file as it is.
    pub(in crate::safety) fn of_pickle_inside(&mut self) {
        if self.0.iter().any(|step| matches!(step, Step::At(_))) {
            self.say(" of the pickle inside");
        }
    }
}

impl fmt::Display for HowNamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Words(words) => f.write_str(words),
            Step::At(offset) => write!(f, " at {offset}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_pickle_inside_are_those_of_the_file() {
        let mut how = HowNamed::default();
        how.say_at("memo 3", 45);
        how.say_at(", made", 12);
        how.say("; spelled x at 5.system");
        let mut finding = Finding {
            rule: &crate::safety::rules::ALL[0],
            level: Level::Dangerous,
            explanation: String::new(),
            module: String::new(),
            name: String::new(),
            opcode: "",
            offset: 50,
            length: 1,
            start: 12,
            stream: 0,
            call: String::new(),
            node: None,
            capability: None,
            how_named: how.clone(),
        };
        finding.moved(|offset| offset + 100);
        assert_eq!((finding.offset, finding.start), (150, 112));
        assert_eq!(finding.how_named.to_string(), "memo 3 at 145, made at 112; spelled x at 5.system");
        how.of_pickle_inside();
        assert!(how.to_string().ends_with("x at 5.system of the pickle inside"));
        let mut computed = HowNamed::words("computed");
        computed.of_pickle_inside();
        assert_eq!(computed.to_string(), "computed");
    }
}
