//! What the bytes of a file are: wrappings, formats, where they end, where a loader stops.

use super::{ANOTHER, Look, NAMES, alike, evidence};
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::opcode::Opcode;
use crate::view::LoaderStop;

/// Archives that are zip archives.
const ZIPS: [&str; 4] = ["zip", "torch", "TorchScript", "npz"];
/// Wrappings with the byte that they begin with.
const PACKED: [(&str, u8); 5] = [("gzip", 0x1f), ("zlib", b'x'), ("xz", 0xfd), ("zstd", ZSTD), ("bzip2", b'B')];
const ZSTD: u8 = 0x28;
/// Bytes of a file in which the one of a message is looked for.
const FIRST_BYTES: usize = 1 << 12;

impl Look<'_> {
    pub(super) fn bytes(&self) -> Vec<Evidence> {
        let mut found = self.bytes_as_they_are();
        if let Some(number) = words::beyond_bytes(self.quote()) {
            found.iter_mut().for_each(|one| one.answer = Answer::Related);
            let text = format!("{number} is no byte: something else than a loader was asked for it. {ANOTHER}");
            found.insert(0, evidence(Answer::DoesNot, text, None));
            return found;
        }
        let Some(other) = self.another_byte() else { return found };
        for one in &mut found {
            one.answer = Answer::Related;
        }
        found.insert(0, other);
        found
    }

    /// That the file does not hold the byte at which the loader of the message stopped.
    fn another_byte(&self) -> Option<Evidence> {
        let asked = words::load_key(self.quote())?;
        let is_stop = self.overview.stops_at.as_ref().is_some_and(|stop| alike(&stop.message, self.quote()));
        if is_stop || !self.document.reading().raw.is_empty() {
            return None;
        }
        let mut head = [0; FIRST_BYTES];
        let first = match self.overview.chain.as_slice() {
            [outer, _, ..] => PACKED.iter().find(|(word, ..)| *word == outer.word)?.1,
            _ => {
                let source = self.document.source();
                let count = source.peek(0, &mut head).ok()?;
                let head = &head[..count];
                let &first = head.first()?;
                // Behind bytes that are opcodes a loader may come to any other byte.
                let goes_on = Opcode::from_byte(first).is_some();
                if goes_on && (head.contains(&asked) || source.len() > count as u64) {
                    return None;
                }
                first
            }
        };
        let is_met = first == asked || first == ZSTD && asked == 0xb5;
        (!is_met).then(|| {
            let text = format!(
                "The message is about the byte {}; this file begins with {}. {ANOTHER}",
                byte_name(asked),
                byte_name(first)
            );
            evidence(Answer::DoesNot, text, Some(0))
        })
    }

    fn bytes_as_they_are(&self) -> Vec<Evidence> {
        let overview = self.overview;
        let mut found = Vec::new();
        if overview.chain.len() > 1 {
            let text = format!("The file is {}: pickle.load by itself reads none of the wrappings.", self.chain());
            found.push(evidence(Answer::Shows, text, Some(0)));
        } else if self.is_whole_pickle() && overview.notes.is_empty() {
            let text =
                format!("This file is a plain pickle ({}), read to its end: its bytes are in order.", self.chain());
            found.push(evidence(Answer::DoesNot, text, None));
        } else if !self.is_whole_pickle() {
            found.push(evidence(Answer::Shows, overview.reading.clone(), Some(0)));
        }
        found.extend(self.notes());
        let stop = self.stop(Answer::DoesNot).into_iter();
        found.extend(stop.filter(|one| self.is_pickle() && overview.chain.len() <= 1 && one.answer == Answer::Shows));
        found
    }

    fn notes(&self) -> Vec<Evidence> {
        let notes = self.overview.notes.iter().take(NAMES);
        notes.map(|note| evidence(Answer::Shows, format!("{}: {}.", note.name, note.message), note.offset)).collect()
    }

    pub(super) fn is_a(&self, word: &str) -> Vec<Evidence> {
        let is_word = |crumb: &str| crumb == word || word == "zip" && ZIPS.contains(&crumb);
        let is_it = self.overview.chain.iter().any(|crumb| is_word(&crumb.word));
        let text = format!("The file is {}.", self.chain());
        match is_it {
            true => vec![evidence(Answer::Shows, text, Some(0))],
            false => vec![evidence(Answer::DoesNot, format!("{text} {ANOTHER}"), Some(0))],
        }
    }

    pub(super) fn not_a(&self, word: &str) -> Vec<Evidence> {
        let is_it = self.overview.chain.iter().any(|crumb| crumb.word == word);
        let (answer, not) = if is_it { (Answer::DoesNot, "") } else { (Answer::Shows, ", not {word}") };
        let text = format!("The file is {}{}.", self.chain(), not.replace("{word}", word));
        let mut found = vec![evidence(answer, text, Some(0))];
        found.extend(self.notes());
        found
    }

    /// `whole` is what a file says in which nothing stops a loader.
    pub(super) fn stop(&self, whole: Answer) -> Vec<Evidence> {
        if let Some(stop) = &self.overview.stops_at {
            return vec![self.stopped(stop)];
        }
        if !self.is_pickle() {
            let text = format!("The file is {}. {}", self.chain(), self.overview.reading);
            return vec![evidence(Answer::Shows, text, Some(0))];
        }
        if self.is_whole_pickle() {
            let text =
                "The opcodes of this file are in order to the last: what its names mean where it is loaded decides.";
            return vec![evidence(whole, text, None)];
        }
        vec![evidence(Answer::Related, self.overview.reading.clone(), None)]
    }

    /// Where CPython's loader stops, held against the message.
    fn stopped(&self, stop: &LoaderStop) -> Evidence {
        let at = if stop.opcode.is_empty() { String::new() } else { format!(" at {}", stop.opcode) };
        let text = format!("CPython's loader stops{at} with: {}", stop.message);
        if alike(&stop.message, self.quote()) {
            return evidence(Answer::Shows, text, Some(stop.offset));
        }
        // The same message about something else: another number of the memo, another type.
        match (self.read)(&stop.message).is_some_and(|other| self.claims.differ_from(&other)) {
            true => evidence(Answer::DoesNot, format!("{text}. {ANOTHER}"), Some(stop.offset)),
            false => evidence(Answer::Related, text, Some(stop.offset)),
        }
    }

    pub(super) fn truncated(&self) -> Vec<Evidence> {
        let overview = self.overview;
        if let Some((offset, _, missing)) = self.document.missing() {
            let text = format!("The file is cut: by the lengths in it, {missing} missing at its end.");
            return vec![evidence(Answer::Shows, text, Some(offset))];
        }
        if overview.complete {
            let mut text = format!("The file is whole ({}): {}", self.chain(), overview.reading);
            if overview.pickles > 1 {
                text.push_str(&format!(" It holds {} pickles.", overview.pickles));
            }
            return vec![evidence(Answer::DoesNot, text, None)];
        }
        let mut found = vec![evidence(Answer::Shows, overview.reading.clone(), None)];
        found.extend(self.notes());
        found
    }

    pub(super) fn protocol(&self) -> Vec<Evidence> {
        if self.is_stop() {
            return self.stop(Answer::DoesNot);
        }
        let Some(protocol) = self.overview.protocol else {
            return vec![evidence(Answer::DoesNot, format!("This is no pickle: {}", self.overview.reading), None)];
        };
        let since = match protocol {
            5 => "Python 3.8",
            4 => "Python 3.4",
            3 => "Python 3.0",
            _ => "any Python",
        };
        let text = format!("The file is in protocol {protocol}, which {since} reads and later ones.");
        let answer = match words::protocol(self.quote()) {
            Some(asked) if asked.fits(&protocol.to_string()) => Answer::Shows,
            Some(_) => Answer::DoesNot,
            None => Answer::Related,
        };
        let text = if answer == Answer::DoesNot { format!("{text} {ANOTHER}") } else { text };
        vec![evidence(answer, text, Some(0))]
    }
}

/// `3c ('<')`.
fn byte_name(byte: u8) -> String {
    match byte {
        b' '..=b'~' => format!("{byte:02x} ('{}')", char::from(byte)),
        _ => format!("{byte:02x}"),
    }
}
