//! Plain JSON: what other programs expect of a value. What JSON cannot hold is turned into something that it can, or left
//! out, and said.

use super::json_text;
use super::plain_elements::Elements;
use super::plain_scalars::{element, iso, key_text, number, said_string, say_replaced};
use super::plain_table::TableJson;
use super::writer::{Origin, PIECE, REPEATED, Remarks, Writer};
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{Data, Lens, Part, PartChild, PartLabel, Python2Reading, Shape, ShapeKind};
use crate::opcode::PyText;
use data_encoding::BASE64;
use std::collections::HashSet;
use std::io::Write as _;

/// Levels that nest. Readers that recurse end at 1000 (Python) or have more.
const DEPTH: usize = 500;
/// Values that may be written again because they are shared, before the rest of them is left out.
const REPEATS: u64 = 2_000_000;
/// Tasks of one step.
const WORK: usize = 100_000;
/// Children that are looked up at once.
const BATCH: usize = 64;
/// Bytes of a payload that are read at once; a multiple of three has no padding in base64.
const BYTES: u64 = 96 * 1024;

/// What is still to be written, the next thing last.
enum Task {
    Text(&'static str),
    Value(Edge),
    Leave(NodeId),
    Children(Box<Children>),
    Characters { node: NodeId, at: u64 },
    Base64 { node: NodeId, at: u64 },
    Elements(Box<Elements>),
    Table(Box<TableJson>),
}

/// How the children of a part are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nest {
    /// Among the others.
    Flat,
    /// In an array of their own.
    List,
    /// In an object of their own.
    Object,
}

struct Children {
    parts: Vec<(Part, Nest)>,
    part: usize,
    next: u64,
    batch: Vec<PartChild>,
    /// Whether they have names.
    keyed: bool,
    first: bool,
}

impl Children {
    fn new(parts: Vec<(Part, Nest)>, keyed: bool) -> Self {
        Self { parts, part: 0, next: 0, batch: Vec::new(), keyed, first: true }
    }

    fn pop(&mut self, lens: &Lens<'_>) -> Option<PartChild> {
        loop {
            if let Some(child) = self.batch.pop() {
                return Some(child);
            }
            let (part, _) = self.parts.get(self.part)?;
            self.batch = part.window(lens.graph, self.next, BATCH);
            self.batch.reverse();
            self.next += self.batch.len() as u64;
            if self.batch.is_empty() {
                self.part += 1;
                self.next = 0;
            }
        }
    }
}

/// Writes plain JSON of one value, or of several as an array.
pub struct PlainJson {
    tasks: Vec<Task>,
    /// One bit a node: whether it was written before.
    seen: Vec<u64>,
    /// The containers around what is being written.
    around: HashSet<NodeId>,
    repeated: u64,
    done: u64,
    total: u64,
    remarks: Remarks,
}

impl PlainJson {
    /// The file of these values: of one alone, or an array of several.
    #[must_use]
    pub fn new(lens: &Lens<'_>, values: &[Edge]) -> Self {
        let mut remarks = Remarks::default();
        match values {
            [] => remarks.say("there is no value: the array is empty"),
            [_] => {}
            _ => remarks.say("several pickles became an array of their values"),
        }
        Self::of(lens, values, remarks)
    }

    /// The file of what was read of pickles that end too early: what stood on their stack, of one object that alone.
    #[must_use]
    pub fn unfinished(lens: &Lens<'_>, values: &[Edge]) -> Self {
        let mut remarks = Remarks::default();
        remarks.say(match values {
            [_] => "the pickle ends too early: this is what was read of its value",
            _ => "a pickle ends too early: what was read of it became an array, the outermost first, with what was not put together yet",
        });
        Self::of(lens, values, remarks)
    }

    fn of(lens: &Lens<'_>, values: &[Edge], remarks: Remarks) -> Self {
        let mut tasks = vec![Task::Text("\n")];
        match values {
            [one] => tasks.push(Task::Value(*one)),
            several => {
                tasks.push(Task::Text("]"));
                for (index, value) in several.iter().enumerate().rev() {
                    tasks.push(Task::Value(*value));
                    tasks.push(Task::Text(if index > 0 { "," } else { "[" }));
                }
                if several.is_empty() {
                    tasks.push(Task::Text("["));
                }
            }
        }
        let nodes = lens.graph.len();
        let seen = vec![0; nodes / 64 + 1];
        Self { tasks, seen, around: HashSet::new(), repeated: 0, done: 0, total: nodes as u64, remarks }
    }

    /// Marks a node as written; whether it was before.
    fn see(&mut self, node: NodeId) -> bool {
        let (word, bit) = (node.0 as usize / 64, 1u64 << (node.0 % 64));
        let known = self.seen[word] & bit != 0;
        self.seen[word] |= bit;
        self.done += u64::from(!known);
        known
    }

    fn value(&mut self, lens: &Lens<'_>, edge: Edge, out: &mut Vec<u8>) {
        let node = edge.node();
        let again = self.see(node);
        self.repeated += u64::from(again);
        match lens.graph.node(node) {
            Node::None => out.extend(b"null"),
            Node::Bool(value) => out.extend(if value { &b"true"[..] } else { b"false" }),
            Node::Int(value) => {
                let _ = write!(out, "{value}");
            }
            Node::Float(value) => number(&crate::opcode::repr_float(value), out, &mut self.remarks),
            Node::LongBinary(_) | Node::LongText(_) => self.long(lens, node, out),
            Node::Text { span, encoding } => {
                if again {
                    self.repeated += span.len() / 64;
                }
                if encoding.is_python2() && Self::python2_is_bytes(lens, node) {
                    return self.base64(node, out);
                }
                out.push(b'"');
                self.tasks.push(Task::Text("\""));
                self.tasks.push(Task::Characters { node, at: 0 });
            }
            _ => self.compound(lens, edge, again, out),
        }
    }

    fn long(&mut self, lens: &Lens<'_>, node: NodeId, out: &mut Vec<u8>) {
        let text = lens.scalar(node, usize::MAX).map(|scalar| scalar.text).unwrap_or_default();
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            out.extend(text.as_bytes());
        } else {
            self.remarks.say("integers of more than 4,300 digits became text that says so");
            json_text::plain_string(&text, out);
        }
    }

    fn python2_is_bytes(lens: &Lens<'_>, node: NodeId) -> bool {
        match lens.python2 {
            Python2Reading::Bytes => return true,
            Python2Reading::Latin1 => return false,
            Python2Reading::Ascii => {}
        }
        let mut at = Some(0);
        while let Some(from) = at {
            match lens.text_piece(node, from, BYTES) {
                Ok((text, next)) if text.as_bytes().is_ascii() => at = next,
                _ => return true,
            }
        }
        false
    }

    fn base64(&mut self, node: NodeId, out: &mut Vec<u8>) {
        self.remarks.say("bytes became text in base64");
        out.push(b'"');
        self.tasks.push(Task::Text("\""));
        self.tasks.push(Task::Base64 { node, at: 0 });
    }

    fn compound(&mut self, lens: &Lens<'_>, edge: Edge, again: bool, out: &mut Vec<u8>) {
        let node = edge.node();
        if self.around.contains(&node) {
            self.remarks.say("a cycle was cut: an object inside itself became null");
            return out.extend(b"null");
        }
        if again && self.repeated > REPEATS {
            self.remarks.say("shared objects were repeated until the budget for it was used up, then became null");
            return out.extend(b"null");
        }
        if self.around.len() >= DEPTH {
            self.remarks.say(format!("what is nested deeper than {DEPTH} levels became null"));
            return out.extend(b"null");
        }
        if let Some(payload) = lens.bytes_value(node) {
            self.repeated += if again { payload.at_most() / 64 } else { 0 };
            return self.base64(node, out);
        }
        if let Some(value) = lens.plain_scalar(node) {
            return element(&value, out, &mut self.remarks);
        }
        if again && edge.is_fetched() {
            self.remarks.say("shared objects are written at each place where they are used");
        }
        if self.array(lens, node, again, out) {
            return;
        }
        if lens.is_pandas_missing(edge) {
            self.remarks.say("pandas.NaT and pandas.NA became null");
            return out.extend(b"null");
        }
        let shape = lens.shape(node);
        match shape.kind {
            ShapeKind::Scalar(_) => self.scalar(lens, node, &shape, out),
            ShapeKind::Reference => {
                self.remarks.say("classes, functions and other globals became their names");
                said_string(shape.text.as_deref().unwrap_or(&shape.full_name), out, &mut self.remarks);
            }
            ShapeKind::External => {
                self.remarks.say(format!("{} became null: it is not in the pickle", article(&shape.type_name)));
                out.extend(b"null");
            }
            _ => {
                self.around.insert(node);
                self.tasks.push(Task::Leave(node));
                self.open(lens, &shape, out);
            }
        }
    }

    /// Whether the value is an array or a table.
    fn array(&mut self, lens: &Lens<'_>, node: NodeId, again: bool, out: &mut Vec<u8>) -> bool {
        let is_call = matches!(
            lens.graph.node(node),
            Node::Call { .. } | Node::InlineArray { .. } | Node::InlinePickle { .. } | Node::PersistentId(_)
        );
        let Some(array) = is_call.then(|| lens.array(node)).flatten() else {
            return is_call && self.table(lens, node, again);
        };
        if let Data::Missing(reason) = &array.data {
            self.remarks.say(format!("an array became null: {reason}"));
            out.extend(b"null");
            return true;
        }
        if array.repeats_beyond(REPEATED) {
            self.remarks.say("an array whose many elements repeat few bytes became null");
            out.extend(b"null");
            return true;
        }
        self.remarks.say("arrays became nested lists, without their dtype");
        if again {
            self.repeated = self.repeated.saturating_add(array.len());
        }
        self.total = self.total.saturating_add(array.len());
        self.around.insert(node);
        self.tasks.push(Task::Leave(node));
        self.tasks.push(Task::Elements(Box::new(Elements::new(&array, node, &mut self.remarks))));
        true
    }

    /// Whether the value is a table.
    fn table(&mut self, lens: &Lens<'_>, node: NodeId, again: bool) -> bool {
        let Some(table) = TableJson::of(lens, node, &mut self.remarks) else { return false };
        if again {
            self.repeated = self.repeated.saturating_add(table.rows());
        }
        self.total = self.total.saturating_add(table.rows());
        self.tasks.push(Task::Table(Box::new(table)));
        true
    }

    fn scalar(&mut self, lens: &Lens<'_>, node: NodeId, shape: &Shape, out: &mut Vec<u8>) {
        let text = match iso(lens, node, &mut self.remarks) {
            Some(iso) => {
                self.remarks.say("dates and times became text (ISO 8601)");
                iso
            }
            None => {
                self.remarks.say(format!("{} became text", article(&shape.full_name)));
                shape.text.clone().unwrap_or_default()
            }
        };
        said_string(&text, out, &mut self.remarks);
    }

    /// Begins a container.
    fn open(&mut self, lens: &Lens<'_>, shape: &Shape, out: &mut Vec<u8>) {
        let is_item = |part: &Part| matches!(part.label, PartLabel::Index | PartLabel::Member);
        let parts = shape.parts.clone().into_iter().filter(|part| !part.is_empty(lens.graph) && !part.is_replaced());
        let (keyed, parts): (bool, Vec<(Part, Nest)>) = match shape.kind {
            ShapeKind::Items => {
                self.remark_type(shape, "list", "array");
                let (items, others): (Vec<Part>, Vec<Part>) = parts.partition(is_item);
                self.remark_others(&others, shape);
                (false, items.into_iter().map(|part| (part, Nest::Flat)).collect())
            }
            ShapeKind::Mapping => {
                self.remark_type(shape, "dict", "object");
                let (pairs, others): (Vec<Part>, Vec<Part>) = parts.partition(|part| part.label == PartLabel::Key);
                self.remark_others(&others, shape);
                (true, pairs.into_iter().map(|part| (part, Nest::Flat)).collect())
            }
            _ => {
                self.remarks.say(match shape.kind {
                    ShapeKind::Instance => "instances became objects of their attributes, without their class",
                    _ => "calls that are not understood became objects of their arguments",
                });
                let parts: Vec<Part> = parts.collect();
                let alone = parts.len() == 1;
                let nest = |part: Part| {
                    let nest = match part.label {
                        PartLabel::Index | PartLabel::Member if !alone => Nest::List,
                        PartLabel::Key if !alone => Nest::Object,
                        _ => Nest::Flat,
                    };
                    (part, nest)
                };
                let keyed = !(alone && is_item(&parts[0]));
                (keyed, parts.into_iter().map(nest).collect())
            }
        };
        out.push(if keyed { b'{' } else { b'[' });
        self.tasks.push(Task::Text(if keyed { "}" } else { "]" }));
        self.tasks.push(Task::Children(Box::new(Children::new(parts, keyed))));
    }

    fn remark_type(&mut self, shape: &Shape, plain: &str, becomes: &str) {
        if shape.full_name != plain {
            self.remarks.say(format!("{} became an {becomes}", article(&shape.full_name)));
        }
    }

    fn remark_others(&mut self, others: &[Part], shape: &Shape) {
        if !others.is_empty() {
            self.remarks.say(format!("what {} has besides its items was left out", article(&shape.full_name)));
        }
    }

    fn child(&mut self, lens: &Lens<'_>, mut children: Box<Children>, out: &mut Vec<u8>) {
        let before = children.part;
        if let Some((part, nest)) = children.parts.get(before)
            && *nest != Nest::Flat
            && children.batch.is_empty()
        {
            let is_list = *nest == Nest::List;
            let below = Children::new(vec![(part.clone(), Nest::Flat)], !is_list);
            out.extend(if children.first { &b"\"items\":"[..] } else { b",\"items\":" });
            out.push(if is_list { b'[' } else { b'{' });
            (children.part, children.first) = (before + 1, false);
            self.tasks.push(Task::Children(children));
            self.tasks.push(Task::Text(if is_list { "]" } else { "}" }));
            self.tasks.push(Task::Children(Box::new(below)));
            return;
        }
        let Some(child) = children.pop(lens) else { return };
        if children.parts.get(children.part).is_some_and(|(_, nest)| *nest != Nest::Flat) {
            // The next part has begun: it is written as a whole.
            children.batch.clear();
            children.next = 0;
            self.tasks.push(Task::Children(children));
            return;
        }
        if !children.first {
            out.push(b',');
        }
        children.first = false;
        if children.keyed {
            let label = children.parts.get(children.part).map(|(part, _)| &part.label);
            self.key(lens, label, child, out);
            out.push(b':');
        }
        self.tasks.push(Task::Children(children));
        self.tasks.push(Task::Value(child.value));
    }

    fn key(&mut self, lens: &Lens<'_>, label: Option<&PartLabel>, child: PartChild, out: &mut Vec<u8>) {
        match (label, child.key) {
            (_, Some(key)) => {
                let text = match lens.string(key) {
                    Some(text) => text,
                    None => {
                        self.remarks.say("keys that are no text became text, by which some may have become equal");
                        key_text(lens, key)
                    }
                };
                said_string(&text, out, &mut self.remarks);
            }
            (Some(PartLabel::Named(name) | PartLabel::Role(name)), None) => json_text::plain_string(name, out),
            _ => json_text::plain_string(&child.index.to_string(), out),
        }
    }

    fn run(&mut self, lens: &Lens<'_>, task: Task, out: &mut Vec<u8>) -> Result<(), String> {
        match task {
            Task::Text(text) => out.extend(text.as_bytes()),
            Task::Value(edge) => self.value(lens, edge, out),
            Task::Leave(node) => {
                self.around.remove(&node);
            }
            Task::Children(children) => self.child(lens, children, out),
            Task::Characters { node, at } => match lens.text_piece(node, at, BYTES) {
                Ok((text, next)) => {
                    let unicode = text.to_string_lossy();
                    say_replaced(&unicode, &mut self.remarks);
                    json_text::characters(&PyText::from(&*unicode), out);
                    self.tasks.extend(next.map(|at| Task::Characters { node, at }));
                }
                Err(reason) => self.remarks.say(format!("a text ends where it cannot be read: {reason}")),
            },
            Task::Base64 { node, at } => self.base64_piece(lens, node, at, out)?,
            Task::Table(mut table) => {
                self.done += table.step(lens, out, &mut self.remarks)?;
                if !table.is_done() {
                    self.tasks.push(Task::Table(table));
                }
            }
            Task::Elements(mut elements) => {
                self.done += elements.step(lens, out, &mut self.remarks)?;
                match elements.objects() {
                    Some(edge) => {
                        self.tasks.push(Task::Elements(elements));
                        self.tasks.push(Task::Value(edge));
                    }
                    None if elements.is_done() => {}
                    None => self.tasks.push(Task::Elements(elements)),
                }
            }
        }
        Ok(())
    }

    fn base64_piece(&mut self, lens: &Lens<'_>, node: NodeId, at: u64, out: &mut Vec<u8>) -> Result<(), String> {
        if let Node::Text { .. } = lens.graph.node(node) {
            // A `str` of Python 2 that is read as bytes: characters are bytes; small pieces are joined to threes.
            let (text, next) = lens.text_piece(node, at, u64::from(u32::MAX))?;
            let bytes: Vec<u8> = text.code_points().map(|code| code as u8).collect();
            out.extend(BASE64.encode(&bytes).as_bytes());
            return match next {
                None => Ok(()),
                Some(_) => Err("a str of Python 2 of more than 4 GiB".to_owned()),
            };
        }
        let payload = lens.bytes_value(node).ok_or("this value has no bytes any more")?;
        let bytes = payload.piece(at, BYTES)?;
        out.extend(BASE64.encode(&bytes).as_bytes());
        if bytes.len() as u64 == BYTES {
            self.tasks.push(Task::Base64 { node, at: at + BYTES });
        }
        Ok(())
    }
}

impl Writer for PlainJson {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        let mut work = 0;
        while out.len() < PIECE && work < WORK {
            let Some(task) = self.tasks.pop() else {
                self.done = self.total;
                return Ok(true);
            };
            self.run(&origin.lens, task, out)?;
            work += 1;
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (self.done.min(self.total), self.total)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.sentences()
    }
}

fn article(name: &str) -> String {
    let vowel = name.rsplit('.').next().unwrap_or(name).starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    let vowel = if name.contains('.') { name.starts_with(['a', 'e', 'i', 'o']) } else { vowel };
    format!("{} {}", if vowel { "an" } else { "a" }, crate::opcode::printable(name))
}
