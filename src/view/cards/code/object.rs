//! What a code object holds: constants, names, bytecode.

use crate::lens::{CodeObject, Lens};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Entry, Line, Section};
use crate::view::cards::entry::entry;
use crate::view::preview::{grouped, plural};
use crate::view::{TextKind, TextPart};

/// Constants that are shown.
const CONSTANTS: usize = 500;
/// Bytes of bytecode that are shown, and in one line.
const BYTES: usize = 4096;
const IN_LINE: usize = 16;
/// Names in one line of text.
const NAMES: usize = 500;

/// What a code object has to say, at the end of the card of itself or of its function.
pub(super) fn add_code(lens: &Lens<'_>, code: &CodeObject, card: &mut Card) {
    card.facts.extend(code_facts(code));
    card.remarks.extend(code.problem.clone());
    let constants = code.constants.iter().take(CONSTANTS).enumerate();
    let constants: Vec<Entry> = constants.map(|(index, &edge)| entry(lens, &index.to_string(), edge)).collect();
    if !constants.is_empty() {
        let note = plural(code.constants.len() as u64, "constant", "constants");
        card.sections.push(Section::new("Constants", note, Body::Entries(constants)));
    }
    let lists = [
        ("names", &code.names),
        ("variables", &code.variables),
        ("free variables", &code.free),
        ("cell variables", &code.cells),
    ];
    let lines: Vec<Entry> = lists.into_iter().filter(|(_, names)| !names.is_empty()).map(name_list).collect();
    if !lines.is_empty() {
        let count = code.names.len() + code.variables.len() + code.free.len() + code.cells.len();
        card.sections.push(Section::new("Names", plural(count as u64, "name", "names"), Body::Entries(lines)));
    }
    card.sections.extend(bytecode(code));
}

fn name_list((name, names): (&str, &Vec<String>)) -> Entry {
    let mut text = names.iter().take(NAMES).map(|name| printable(name).into_owned()).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES {
        text.push_str(&format!(", … {} more", names.len() - NAMES));
    }
    Entry { name: name.to_owned(), value: vec![TextPart::new(TextKind::Plain, text)], note: String::new(), node: None }
}

fn code_facts(code: &CodeObject) -> Vec<CardFact> {
    let mut facts = vec![CardFact::new("file", printable(&code.file))];
    let lines = match code.lines {
        Some((first, last)) if first < last => format!("{first} to {last}"),
        _ => code.first_line.to_string(),
    };
    facts.push(CardFact::new("lines", lines));
    if let Some((versions, evidence)) = &code.versions {
        facts.push(CardFact::guess("Python", versions, evidence));
    }
    let flags = code.flag_words();
    facts.push(CardFact::new("flags", if flags.is_empty() { "none".to_owned() } else { flags.join(", ") }));
    facts.push(CardFact::new("local variables", code.locals.to_string()));
    facts.push(CardFact::new("stack size", code.stack.to_string()));
    let bytes = code
        .bytecode
        .as_ref()
        .map_or_else(|| "not there".to_owned(), |bytes| plural(bytes.len() as u64, "byte", "bytes"));
    facts.push(CardFact::new("bytecode", bytes));
    facts
}

/// The bytecode in hexadecimal.
fn bytecode(code: &CodeObject) -> Option<Section> {
    let bytes = code.bytecode.as_ref().filter(|bytes| !bytes.is_empty())?;
    let line = |(index, bytes): (usize, &[u8])| {
        let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let parts = vec![
            TextPart::new(TextKind::Dim, format!("{:04x}  ", index * IN_LINE)),
            TextPart::new(TextKind::Number, hex),
        ];
        Line { parts, node: Some(code.bytecode_at.node().0) }
    };
    let shown = &bytes[..bytes.len().min(BYTES)];
    let mut note = plural(bytes.len() as u64, "byte", "bytes");
    if shown.len() < bytes.len() {
        note.push_str(&format!(", the first {}", grouped(shown.len() as u64)));
    }
    let lines = shown.chunks(IN_LINE).enumerate().map(line).collect();
    Some(Section::new("Bytecode", note, Body::Lines(lines)))
}
