//! Functions, classes and code objects by value.

mod class;
mod function;

use crate::graph::{Node, NodeId};
use crate::lens::{CodeObject, Lens, Made};
use crate::opcode::printable;
use crate::view::card::{Body, Card, CardFact, Entry, Format, Line, Section};
use crate::view::cards::torch::entry;
use crate::view::preview::{grouped, plural};
use crate::view::{TextKind, TextPart};

/// Constants that are shown.
const CONSTANTS: usize = 500;
/// Bytes of bytecode that are shown, and in one line.
const BYTES: usize = 4096;
const IN_LINE: usize = 16;
/// Names in one line of text.
const NAMES: usize = 500;

/// The card of what dill, cloudpickle and `types` make.
#[must_use]
pub fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    match lens.made(node)? {
        Made::Code => Some(code_card(lens, &lens.code(node)?)),
        Made::Function => function::card(lens, node),
        Made::Class => class::card(lens, node),
        Made::Filled => function::card(lens, node).or_else(|| class::card(lens, node)),
        _ => None,
    }
}

/// The type and the preview of its row in the tree.
#[must_use]
pub fn row(lens: &Lens<'_>, node: NodeId) -> Option<(String, Vec<TextPart>)> {
    let first_text = || lens.first_argument(node).map(|edge| lens.string(edge).unwrap_or_else(|| lens.inline(edge)));
    let (type_name, text) = match lens.made(node)? {
        Made::Code => {
            let code = lens.code(node)?;
            (
                "code object",
                format!("{}, {}:{}", code.qualified.as_ref().unwrap_or(&code.name), code.file, code.first_line),
            )
        }
        Made::Function => function::row(lens, node)?,
        Made::Class => class::row(lens, node)?,
        Made::Filled => function::row(lens, node).or_else(|| class::row(lens, node))?,
        Made::Cell => match lens.cell_contents(node) {
            Some(contents) => ("cell", lens.inline(contents)),
            None => ("cell", "empty".to_owned()),
        },
        Made::Module => ("module", first_text()?),
        Made::Type => ("type", first_text()?),
        Made::Method | Made::Wrapper => {
            let inner = lens.first_argument(node)?;
            let text = function::row(lens, inner.node()).map_or_else(|| lens.inline(inner), |(_, text)| text);
            return Some((wrapper_name(lens, node), vec![TextPart::new(TextKind::Type, printable(&text))]));
        }
    };
    Some((type_name.to_owned(), vec![TextPart::new(TextKind::Type, printable(&text))]))
}

/// `property`, `staticmethod`, `method`.
fn wrapper_name(lens: &Lens<'_>, node: NodeId) -> String {
    let name = match lens.graph.node(node) {
        Node::Call { callee, .. } => lens.type_name(callee),
        _ => None,
    };
    match name.as_deref() {
        Some("property" | "PropertyType") => "property".to_owned(),
        Some("staticmethod") => "static method".to_owned(),
        Some("classmethod") => "class method".to_owned(),
        _ => "method".to_owned(),
    }
}

fn code_card(lens: &Lens<'_>, code: &CodeObject) -> Card {
    let mut card = Card { kind: "code object".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("name", printable(code.qualified.as_ref().unwrap_or(&code.name))));
    add_code(lens, code, &mut card);
    card.exports = vec![Format::Json];
    card
}

/// What a code object has to say, at the end of the card of itself or of its function.
fn add_code(lens: &Lens<'_>, code: &CodeObject, card: &mut Card) {
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
