//! Holds everything that a message names against the file. What differs in one part is another file; what could not be looked at is
//! said.

use super::texts::Seen;
use super::{ANOTHER, Look, evidence};
use crate::explain::claims::Claim;
use crate::explain::word::Word;
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::graph::{Node, TextEncoding};

/// Bytes at the beginning of a file in which a text is looked for.
const HEAD: usize = 1 << 12;

/// Whether a file agrees with a part of a message.
enum Agreement {
    Agrees,
    /// How not: "names no X", said of the file.
    Differs(String),
    /// It was not looked at, or cannot be seen.
    Unchecked,
}

impl Look<'_> {
    /// The evidence of the check, with what the other parts of the message say.
    pub(super) fn held(&self, mut checked: Vec<Evidence>) -> Vec<Evidence> {
        if self.is_stop() || checked.iter().all(|one| one.answer == Answer::DoesNot) {
            return checked;
        }
        let (mut differs, mut unchecked) = (Vec::new(), Vec::new());
        for claim in self.claims.list() {
            match self.agreement(&claim) {
                Agreement::Agrees => {}
                Agreement::Differs(how) => differs.push(how),
                Agreement::Unchecked => unchecked.push(claim.to_string()),
            }
        }
        differs.dedup();
        if !differs.is_empty() {
            for one in &mut checked {
                one.answer = Answer::Related;
            }
            let text = format!("This file {}. {ANOTHER}", differs.join(" and "));
            checked.insert(0, evidence(Answer::DoesNot, text, None));
        } else if let Some(missing) = self.claims.missing() {
            for one in checked.iter_mut().filter(|one| one.answer == Answer::Shows) {
                one.answer = Answer::Related;
            }
            unchecked.push(missing.to_owned());
        }
        if !unchecked.is_empty() {
            let text = format!("Not held against the file: {}.", unchecked.join(", "));
            checked.push(evidence(Answer::Related, text, None));
        }
        checked
    }

    fn agreement(&self, claim: &Claim) -> Agreement {
        match claim {
            Claim::Class(class) => self.class(class),
            Claim::Function(function) => self.function(function),
            Claim::Text(text) => of(self.text(text), || format!("holds no text {text}")),
            Claim::Generator(name) if self.has_name(name) => Agreement::Agrees,
            Claim::Generator(name) => of(self.text(name), || format!("holds no {name}")),
            Claim::Value(value) => self.literal(value),
            Claim::Extension(code) => {
                let wanted = code.text().parse::<i32>().ok().filter(|_| !code.is_cut());
                let Some(wanted) = wanted else { return Agreement::Unchecked };
                let seen = self.first(|_, node| node == Node::Extension(wanted));
                of(seen, || format!("has no extension code {wanted}"))
            }
            Claim::Memo(index) => match &self.overview.stops_at {
                Some(stop) => Agreement::Differs(format!(
                    "stops with another message than number {index} of the memo: {}",
                    stop.message
                )),
                None => Agreement::Unchecked,
            },
            Claim::Opcode(opcode) => match &self.overview.stops_at {
                Some(stop)
                    if !stop.opcode.is_empty()
                        && !opcode.fits(&stop.opcode.to_ascii_lowercase())
                        && !opcode.fits(&stop.opcode) =>
                {
                    Agreement::Differs(format!("stops at {}, not at {opcode}", stop.opcode))
                }
                _ => Agreement::Unchecked,
            },
            Claim::Codec { byte, position } => self.codec(*byte, *position),
            Claim::Entry(name) => {
                let is_it = |text: &str| text.contains(name.text());
                let notes = &self.overview.notes;
                match notes.iter().any(|note| is_it(&note.name) || is_it(&note.message)) {
                    true => Agreement::Agrees,
                    false if self.claims.quote.to_ascii_lowercase().contains("crc") => {
                        Agreement::Differs(format!("has no damaged entry {name}"))
                    }
                    false => Agreement::Unchecked,
                }
            }
            Claim::Shape(shape) => match words::numbers(shape.text()).filter(|_| !shape.is_cut()) {
                Some(wanted) => of(self.shape(&wanted), || format!("holds no array of the shape {shape}")),
                None => Agreement::Unchecked,
            },
            Claim::Features(wanted) => self.features(wanted),
            Claim::FirstBytes(bytes) => self.begins_with(bytes),
            Claim::Beginning(text) => self.has_at_beginning(text),
            Claim::Unchecked(_) => Agreement::Unchecked,
        }
    }

    fn class(&self, class: &Word) -> Agreement {
        // Plain types have no name in a pickle, and a class of inner use is made by others.
        let is_inner = class.last().text().starts_with('_');
        match () {
            () if words::is_builtin(class) => Agreement::Agrees,
            () if self.has_name(class) => Agreement::Agrees,
            () if is_inner => Agreement::Unchecked,
            () => Agreement::Differs(format!("names no {}", class.last())),
        }
    }

    /// A function may be called by another one that the file names.
    fn function(&self, function: &Word) -> Agreement {
        let name = function.text().rsplit('.').find(|part| !part.starts_with("__")).unwrap_or_default();
        match name.is_empty() || self.has_name(&Word::new(name)) || self.has_name(function) {
            true => Agreement::Agrees,
            false => Agreement::Unchecked,
        }
    }

    /// A value in Python's words: an int or a text.
    fn literal(&self, value: &Word) -> Agreement {
        let text = value.text();
        if value.is_cut() {
            return Agreement::Unchecked;
        }
        if let Ok(int) = text.parse() {
            return of(self.int(int), || format!("holds no {text}"));
        }
        match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            Some(inner) => of(self.text(&Word::new(inner)), || format!("holds no text {text}")),
            None => Agreement::Unchecked,
        }
    }

    /// A byte of a text at which a codec stops.
    fn codec(&self, byte: u8, position: u64) -> Agreement {
        let source = self.document.source();
        let has_escaped = self.first(|_, node| match node {
            Node::Text { encoding, .. } => encoding.is_python2() && encoding != TextEncoding::Python2,
            _ => false,
        });
        let seen = self.first(|_, node| match node {
            Node::Text { span, encoding: TextEncoding::Python2 } if span.len() > position => {
                let mut found = [0];
                source.peek(span.start + position, &mut found).is_ok_and(|count| count == 1 && found[0] == byte)
            }
            _ => false,
        });
        match (seen, has_escaped) {
            (Seen::At(_), _) => Agreement::Agrees,
            (Seen::Nowhere, Seen::Nowhere) => {
                Agreement::Differs(format!("has no str with the byte {byte:02x} at position {position}"))
            }
            _ => Agreement::Unchecked,
        }
    }

    /// The number of features that estimators were fitted on.
    fn features(&self, wanted: &Word) -> Agreement {
        let graph = &self.document.reading().graph;
        let found = ["n_features_in_", "n_features_", "n_features"].map(|name| self.values_of(name)).concat();
        let numbers: Vec<i64> = found
            .iter()
            .filter_map(|edge| if let Node::Int(value) = graph.node(edge.node()) { Some(value) } else { None })
            .collect();
        match numbers.first() {
            Some(_) if numbers.iter().any(|number| wanted.fits(&number.to_string())) => Agreement::Agrees,
            Some(first) => Agreement::Differs(format!("was fitted on {first} features, not {wanted}")),
            None => Agreement::Unchecked,
        }
    }

    fn begins_with(&self, wanted: &[u8]) -> Agreement {
        if self.overview.chain.len() > 1 {
            return Agreement::Unchecked;
        }
        let mut head = [0; HEAD];
        let count = self.document.source().peek(0, &mut head).unwrap_or(0);
        match head[..count].starts_with(wanted) {
            true => Agreement::Agrees,
            false => Agreement::Differs("begins with other bytes".to_owned()),
        }
    }

    fn has_at_beginning(&self, text: &Word) -> Agreement {
        if self.overview.chain.len() > 1 {
            return Agreement::Unchecked;
        }
        let mut head = [0; HEAD];
        let source = self.document.source();
        let count = source.peek(0, &mut head).unwrap_or(0);
        let head = String::from_utf8_lossy(&head[..count]).to_lowercase();
        match head.contains(&text.text().to_lowercase()) {
            true => Agreement::Agrees,
            false if source.len() > count as u64 => Agreement::Unchecked,
            false => Agreement::Differs(format!("holds no {text}")),
        }
    }
}

fn of(seen: Seen, how: impl Fn() -> String) -> Agreement {
    match seen {
        Seen::At(_) => Agreement::Agrees,
        Seen::Nowhere => Agreement::Differs(how()),
        Seen::Unknown => Agreement::Unchecked,
    }
}
