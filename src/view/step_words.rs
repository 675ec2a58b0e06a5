//! What an instruction does, in a sentence, and values as they are at an instant.

use super::machine::{MachineValue, Phrase};
use super::preview::{self, plural};
use super::{TextKind, TextPart};
use crate::graph::{Node, NodeId};
use crate::lens::{Lens, Shape, ShapeKind};
use crate::opcode::{Arg, Opcode};
use crate::trace::{Action, Step, Taken};

/// Characters of a value inside a sentence.
const SHORT: usize = 60;
/// Values that a sentence names.
const NAMED: usize = 4;

/// Whether a value has what it has in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filled {
    /// Nothing was done to it yet.
    NotYet,
    Partly,
    Whole,
}

/// How far a value has come when the reader stands at `position`.
fn filled(lens: &Lens<'_>, node: NodeId, position: u64) -> Filled {
    match lens.graph.first_change(node) {
        Some(first) if first >= position => Filled::NotYet,
        Some(_) if lens.graph.last_offset(node) >= position => Filled::Partly,
        _ => Filled::Whole,
    }
}

/// A value in a table, as it is when the reader stands at `position`.
#[must_use]
pub fn machine_value(lens: &Lens<'_>, node: NodeId, position: u64) -> MachineValue {
    let shape = lens.shape(node);
    let (type_name, kind, text) = match (filled(lens, node, position), &shape.kind) {
        (_, ShapeKind::Scalar(kind)) => {
            (preview::row_type(&shape), preview::scalar_kind(*kind), shape.text.clone().unwrap_or_default())
        }
        (Filled::NotYet, _) if lens.graph.items(node).len() == 0 && is_container(lens, node) => {
            (shape.type_name.clone(), TextKind::Dim, "empty".to_owned())
        }
        (Filled::NotYet, _) => (shape.type_name.clone(), TextKind::Dim, "nothing was done to it yet".to_owned()),
        (Filled::Partly, _) => (shape.type_name.clone(), TextKind::Dim, "being filled".to_owned()),
        (Filled::Whole, _) => {
            let parts = preview::preview(lens, node, &shape);
            let kind = parts.first().map_or(TextKind::Dim, |part| part.kind);
            let text: Vec<String> = parts.into_iter().map(|part: TextPart| part.text).collect();
            let text = text.join(" ");
            // A name says what it is by itself.
            let type_name = if shape.kind == ShapeKind::Reference { String::new() } else { shape.type_name.clone() };
            (type_name, kind, text)
        }
    };
    MachineValue { node: node.0, type_name, text: shortened(&text, 2 * SHORT), kind }
}

fn is_container(lens: &Lens<'_>, node: NodeId) -> bool {
    matches!(lens.graph.node(node), Node::List | Node::Dict | Node::Set)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A sentence that is being written.
struct Sentence<'l, 'a> {
    lens: &'l Lens<'a>,
    position: u64,
    phrases: Vec<Phrase>,
}

/// What a step does. `argument` is its argument as the listing shows it.
#[must_use]
pub fn sentence(lens: &Lens<'_>, step: &Step, argument: &str) -> Vec<Phrase> {
    let mut sentence = Sentence { lens, position: step.instruction.offset, phrases: Vec::new() };
    sentence.step(step, argument);
    sentence.phrases
}

impl Sentence<'_, '_> {
    fn say(&mut self, words: &str) -> &mut Self {
        match self.phrases.last_mut() {
            Some(last) if last.node.is_none() => last.text.push_str(words),
            _ => self.phrases.push(Phrase { kind: TextKind::Plain, text: words.to_owned(), node: None }),
        }
        self
    }

    /// A value by its short text, as it is before the step.
    fn value(&mut self, node: Option<NodeId>) -> &mut Self {
        let Some(node) = node else { return self.say("nothing") };
        let (kind, text) = self.short(node);
        self.phrases.push(Phrase { kind, text, node: Some(node.0) });
        self
    }

    fn short(&self, node: NodeId) -> (TextKind, String) {
        let shape: Shape = self.lens.shape(node);
        let is_whole = filled(self.lens, node, self.position) == Filled::Whole;
        let (kind, text) = match shape.kind {
            ShapeKind::Scalar(kind) => (preview::scalar_kind(kind), preview::brief(self.lens, node)),
            ShapeKind::Reference | ShapeKind::Call => (TextKind::Type, preview::brief(self.lens, node)),
            ShapeKind::Items | ShapeKind::Mapping if is_whole => {
                let parts = preview::preview(self.lens, node, &shape);
                let items = parts.into_iter().find(|part| part.kind == TextKind::Str && part.text.len() <= SHORT);
                let plain = matches!(shape.type_name.as_str(), "tuple" | "list" | "dict" | "set");
                match items.filter(|_| plain) {
                    Some(items) => (TextKind::Str, items.text),
                    None => (TextKind::Type, format!("the {}", shape.type_name)),
                }
            }
            ShapeKind::Items | ShapeKind::Mapping => (TextKind::Type, format!("the {}", shape.type_name)),
            ShapeKind::Instance | ShapeKind::External => (TextKind::Type, format!("the {} object", shape.type_name)),
        };
        (kind, shortened(&text, SHORT))
    }

    /// `'a', 1 and 2`.
    fn list(&mut self, values: &[NodeId], count: u64) -> &mut Self {
        let shown = if count as usize > NAMED { NAMED - 1 } else { values.len() };
        for (at, &node) in values.iter().take(shown).enumerate() {
            if at > 0 {
                self.say(if at as u64 + 1 == count { " and " } else { ", " });
            }
            self.value(Some(node));
        }
        if count > shown as u64 {
            self.say(&format!(" and {} more", preview::grouped(count - shown as u64)));
        }
        self
    }

    /// `the 3 values above the mark, 'a', 1 and 2,`.
    fn taken(&mut self, taken: &Taken) -> &mut Self {
        if !taken.mark {
            return self.list(&taken.first, taken.count);
        }
        match taken.count {
            0 => self.say("the mark with nothing above it"),
            1 => self.say("the value above the mark, ").list(&taken.first, 1).say(","),
            many => {
                let words = format!("the {} values above the mark, ", preview::grouped(many));
                self.say(&words).list(&taken.first, many).say(",")
            }
        }
    }

    fn step(&mut self, step: &Step, argument: &str) {
        let opcode = step.instruction.opcode;
        match &step.action {
            Action::Announce => self.announce(step),
            Action::Mark => {
                self.say("Puts a mark on the stack: a later opcode takes everything above it at once.");
            }
            Action::Duplicate(value) => {
                self.say("Pushes ").value(*value).say(" once more.");
            }
            Action::Fetch { index, value } => {
                self.say("Fetches ").value(*value).say(&format!(" from memo {index} and pushes it."));
            }
            Action::Store { index, value, replaced } => {
                self.say("Stores ").value(*value).say(&format!(" in the memo under {index}; it stays on the stack."));
                if replaced.is_some() {
                    self.say(" It replaces ").value(*replaced).say(".");
                }
            }
            Action::Drop(taken) if opcode == Opcode::Pop && taken.mark => {
                self.say("Drops the mark on top of the stack.");
            }
            Action::Drop(taken) => {
                self.say("Drops ").taken(taken);
                self.say(if taken.mark && taken.count > 0 { " and the mark." } else { "." });
            }
            Action::Protect(value) => {
                self.say("Makes ").value(*value).say(" read-only");
                self.say(if step.made.is_some() { ", in its place." } else { ", which it is already." });
            }
            Action::Stop(value) if step.nested.is_some() => {
                self.say("Ends the pickle of the array: ").value(*value);
                self.say(" takes the place of its wrapper on the stack of the pickle around it.");
            }
            Action::Stop(value) => {
                self.say("Ends the pickle. Its result is ").value(*value).say(".");
            }
            Action::Add { to, values } => self.add(step, *to, values),
            Action::Make(values) => self.make(step, values, argument),
        }
    }

    fn announce(&mut self, step: &Step) {
        let words = match step.instruction.arg {
            Arg::UInt(length) => {
                let end = step.instruction.end.saturating_add(length);
                format!("Begins a frame of {}, up to offset {end}.", plural(length, "byte", "bytes"))
            }
            Arg::Int(protocol) => format!("Names {protocol} as the protocol of this pickle."),
            _ => String::new(),
        };
        self.say(&words);
    }

    fn add(&mut self, step: &Step, to: Option<NodeId>, values: &Taken) {
        if values.mark && values.count == 0 {
            self.say("Takes the mark; nothing is above it, so ").value(to).say(" stays as it is.");
            return;
        }
        match step.instruction.opcode {
            Opcode::SetItem => {
                self.say("Takes the key ").value(values.first.first().copied());
                self.say(" and its value ")
                    .value(values.first.get(1).copied())
                    .say(" and sets them in ")
                    .value(to)
                    .say(".");
            }
            Opcode::SetItems => {
                let pairs = values.count / 2;
                let keys: Vec<NodeId> = values.first.iter().step_by(2).copied().collect();
                let what = plural(pairs, "key with its value", "keys with their values");
                self.say(&format!("Takes {what} above the mark, ")).list(&keys, pairs);
                self.say(", and sets them in ").value(to).say(".");
            }
            Opcode::Build => {
                self.say("Takes the state ").value(values.first.first().copied()).say(" and gives it to ").value(to);
                self.say(": to its __setstate__ method if its class has one, else into its attributes.");
                if step.made.is_some() {
                    self.say(" The numbers of the array follow in the file; ").value(step.made);
                    self.say(" takes the place of the wrapper.");
                }
            }
            Opcode::AddItems => {
                self.say("Takes ").taken(values).say(" and adds them to ").value(to).say(".");
            }
            _ => {
                self.say("Takes ").taken(values).say(" and appends ").it(values).say(" to ").value(to).say(".");
            }
        }
    }

    fn it(&mut self, values: &Taken) -> &mut Self {
        self.say(if values.count == 1 { "it" } else { "them" })
    }

    fn make(&mut self, step: &Step, values: &Taken, argument: &str) {
        let first = values.first.first().copied();
        let (second, third) = (values.first.get(1).copied(), values.first.get(2).copied());
        match step.instruction.opcode {
            Opcode::EmptyList => {
                self.say("Pushes a new, empty list.");
            }
            Opcode::EmptyDict => {
                self.say("Pushes a new, empty dict.");
            }
            Opcode::EmptySet => {
                self.say("Pushes a new, empty set.");
            }
            Opcode::EmptyTuple => {
                self.say("Pushes the empty tuple.");
            }
            Opcode::Tuple | Opcode::Tuple1 | Opcode::Tuple2 | Opcode::Tuple3 => self.collect(values, "tuple"),
            Opcode::List => self.collect(values, "list"),
            Opcode::FrozenSet => self.collect(values, "frozenset"),
            Opcode::Dict => self.collect(values, "dict"),
            Opcode::Global => {
                self.say("Pushes what the name ").value(step.made).say(" stands for: a loader imports it.");
            }
            Opcode::StackGlobal => {
                self.say("Takes the module ").value(first).say(" and the name ").value(second);
                self.say(" and pushes what they stand for: a loader imports ").value(step.made).say(".");
            }
            Opcode::Reduce => {
                self.say("Takes ").value(first).say(" and its arguments, ").value(second);
                self.say(": a loader calls ")
                    .value(first)
                    .say(" with these arguments and pushes the result")
                    .made(step);
            }
            Opcode::NewObj | Opcode::NewObjEx => {
                self.say("Takes the class ").value(first).say(" and its arguments, ").value(second);
                if third.is_some() {
                    self.say(" and ").value(third).say(" by keyword");
                }
                self.say(": a loader calls the __new__ of the class with them and pushes the new object").made(step);
            }
            Opcode::Obj => {
                let words = plural(values.count.saturating_sub(1), "argument", "arguments");
                self.say("Takes the class ").value(first).say(&format!(" above the mark and {words}"));
                self.say(": a loader calls the class with these arguments and pushes the result").made(step);
            }
            Opcode::Inst => {
                self.say(&format!("Takes {}", plural(values.count, "argument", "arguments")));
                self.say(
                    " above the mark: a loader imports the class, calls it with these arguments and pushes the result",
                );
                self.made(step);
            }
            Opcode::PersId | Opcode::BinPersId => {
                if values.count == 0 {
                    self.say(&format!("Takes {argument} as an id"));
                } else {
                    self.say("Takes ").value(first).say(" as an id");
                }
                self.say(
                    " for the loading program's persistent_load and pushes what that gives; it is not in the file.",
                );
            }
            Opcode::Ext1 | Opcode::Ext2 | Opcode::Ext4 => {
                let words = format!("Pushes what the loading program registered under the extension code {argument}.");
                self.say(&words);
            }
            Opcode::NextBuffer => {
                self.say("Pushes the next out-of-band buffer, which is not in the file.");
            }
            _ => {
                self.say("Pushes ").value(step.made).say(".");
            }
        }
    }

    /// The end of a sentence: what a call gives, where more is known of it than that.
    fn made(&mut self, step: &Step) -> &mut Self {
        let shape = step.made.map(|node| (node, self.lens.shape(node)));
        if let Some((node, shape)) = shape.filter(|(_, shape)| shape.kind != ShapeKind::Call) {
            let text = shortened(&shape.type_name, SHORT);
            self.say(": ").phrases.push(Phrase { kind: TextKind::Type, text, node: Some(node.0) });
        }
        self.say(".")
    }

    fn collect(&mut self, values: &Taken, what: &str) {
        if values.mark && values.count == 0 {
            self.say(&format!("Takes the mark and pushes an empty {what}: nothing was above it."));
            return;
        }
        self.say("Takes ").taken(values).say(&format!(" and makes a {what} of ")).it(values).say(".");
    }
}
