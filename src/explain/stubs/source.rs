//! Pieces of Python source that hold names of a file.

use crate::export::python::is_identifier;
use crate::opcode::visible;
use std::collections::HashSet;
use std::fmt::Write;

/// Characters of a name in a comment.
const LONGEST: usize = 200;

/// A text as a literal of ASCII.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            _ if u32::from(c) <= 0xff => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            _ if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// A text on one line, with nothing in it that ends a comment, a docstring or moves characters.
pub(super) fn comment(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            '"' => shown.push('\''),
            '\\' => shown.push('/'),
            _ => shown.push(c),
        }
    }
    visible(&shown).replace('\\', "/")
}

/// Whether a dotted name can be written as it is.
pub(super) fn is_path(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// Names of one source, each once.
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    pub(super) fn new(own: &[&str]) -> Self {
        Self { taken: own.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// A name that is not taken, this one if possible.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let base =
            if is_identifier(wanted) && !wanted.starts_with("__") { wanted.to_owned() } else { "StandIn".to_owned() };
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_gets_out_of_its_literal_or_comment() {
        assert_eq!(literal("a\"\\\n\u{20ac}\u{1f600}"), "\"a\\\"\\\\\\x0a\\u20ac\\U0001f600\"");
        let hostile = comment("a\nimport os\r\"\"\"\\\u{202e}");
        assert!(!hostile.contains(['\n', '\r', '"', '\\', '\u{202e}']), "{hostile}");
    }

    #[test]
    fn names_are_given_once() {
        let mut names = Names::new(&["sys"]);
        assert_eq!([names.take("Model"), names.take("Model"), names.take("sys")], ["Model", "Model_2", "sys_2"]);
        assert_eq!([names.take("a b"), names.take("class")], ["StandIn", "StandIn_2"]);
    }
}
