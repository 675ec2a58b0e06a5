//! Statements in the order of the file, one after the other.

use super::budget::Budget;
use super::layout::{Doc, DocItem, Docs};
use super::maker::Maker;
use super::names::{Names, first_uses, snake};
use super::plan::{Plan, elided};
use super::sheet::{Ink, Source};
use super::strays::Strays;
use super::survey::Survey;
use crate::bytes::sorting;
use crate::graph::{Edge, Graph, Node, NodeId};
use crate::lens::{Lens, grouped};
use crate::machine::{Reading, Stream};
use crate::opcode;
use std::collections::HashMap;

/// Expressions of one statement; more do not fit the lines anyway.
const DOCS: usize = 1_000_000;

/// Words that stand for what no source can have, and what to know of them.
const HELPERS: [(&str, &str); 6] = [
    ("elided", "elided(…): left out here; the number says how many items or bytes"),
    ("persistent_load", "persistent_load(id): what whoever loads the file gives for the id"),
    ("extension", "extension(code): from the copyreg registry of whoever loads the file"),
    ("find_class", "find_class(module, name): imports the module and looks the name up in it"),
    ("readonly", "readonly(buffer): the buffer where it cannot be written, else memoryview(buffer).toreadonly()"),
    ("buffers", "buffers: handed to the loader beside the file"),
];

enum Statement {
    /// A variable for a node.
    Make(NodeId),
    /// A change of a node.
    Fill(NodeId, Plan),
    /// The result of a pickle.
    Root(usize, Edge),
    /// What was left on its stack.
    Left(usize, Edge),
    /// Made and thrown away.
    Discarded(NodeId),
    Comment(String),
}

/// Everything while a source is written.
pub(super) struct Writer<'a> {
    reading: &'a Reading,
    pub(super) graph: &'a Graph,
    budget: &'a Budget,
    rank: &'a dyn Fn(NodeId) -> u8,
    survey: Survey<'a>,
    strays: Strays,
    names: Names,
    sheet: Source,
    helpers: [bool; HELPERS.len()],
    /// The line that is being written.
    pub(super) line_indent: u32,
    pub(super) line_width: usize,
    pub(super) line_node: Option<NodeId>,
    pub(super) line_offset: Option<u64>,
    pub(super) comments: Vec<String>,
    marked: Option<(u8, NodeId)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        reading: &'a Reading,
        lens: &Lens<'a>,
        budget: &'a Budget,
        rank: &'a dyn Fn(NodeId) -> u8,
    ) -> Self {
        let graph = lens.graph;
        let maker = Maker { graph, lens: *lens, budget };
        let strays = Strays::of(reading, budget.lines);
        let mut roots = Vec::new();
        for (index, stream) in reading.streams.iter().enumerate() {
            let end = stream.span.end;
            let (discarded, leftover) = strays.in_stream(reading, index);
            roots.extend(discarded.iter().map(|&node| (Edge::to(node), u64::MAX)));
            roots.extend(leftover.iter().map(|&edge| (edge, end)));
            roots.extend(stream.root.map(|root| (root, end)));
        }
        Self {
            reading,
            graph,
            budget,
            rank,
            survey: Survey::new(maker, &roots),
            strays,
            names: Names::new(),
            sheet: Source::default(),
            helpers: [false; HELPERS.len()],
            line_indent: 0,
            line_width: 0,
            line_node: None,
            line_offset: None,
            comments: Vec::new(),
            marked: None,
        }
    }

    pub(super) fn run(mut self) -> Source {
        let roots = self.root_names();
        let mut statements = self.statements();
        sorting::by_key(&mut statements, |&(time, rank, _)| (time, rank));
        let total = statements.len();
        for (at, (time, _, statement)) in statements.into_iter().enumerate() {
            if self.is_full() {
                let more = (total - at) as u64 + self.strays.left_out;
                self.comment(&format!("… the rest is left out: {} more statements", grouped(more)));
                break;
            }
            self.statement(time, statement, &roots);
        }
        if self.survey.is_cut {
            self.comment("… not all objects were looked at");
        }
        let body = std::mem::take(&mut self.sheet);
        self.header(!body.is_empty());
        self.sheet.append(body);
        self.sheet
    }

    /// How the result of each pickle is called.
    fn root_names(&mut self) -> Vec<String> {
        let several = self.reading.streams.len() > 1;
        let mut names = Vec::new();
        for (index, stream) in self.reading.streams.iter().enumerate() {
            let name = if several { format!("pickle_{}", index + 1) } else { "result".to_owned() };
            if let Some(root) = stream.root.map(Edge::node)
                && self.survey.is_named(root)
                && self.names.variable(root).is_none()
            {
                self.names.declare_as(root, name.clone());
            }
            names.push(name);
        }
        names
    }

    fn statements(&self) -> Vec<(u64, u8, Statement)> {
        let mut list = Vec::new();
        let several = self.reading.streams.len();
        for (index, stream) in self.reading.streams.iter().enumerate() {
            let end = stream.span.end;
            if several > 1 {
                let text = format!("pickle {} of {several}, at offset {}", index + 1, stream.span.start);
                list.push((stream.span.start, 0, Statement::Comment(text)));
            }
            let (discarded, leftover) = self.strays.in_stream(self.reading, index);
            for &node in discarded {
                list.push((self.graph.last_offset(node), 3, Statement::Discarded(node)));
            }
            list.extend(leftover.iter().map(|&edge| (end, 4, Statement::Left(index, edge))));
            list.extend(stream.root.map(|root| (end, 6, Statement::Root(index, root))));
            list.extend(self.damage(stream).map(|text| (end, 5, Statement::Comment(text))));
        }
        if let Some(rest) = self.reading.trailing {
            let text = match self.reading.problems.fatal() {
                Some(_) => format!("{} unread bytes from offset {} on", grouped(rest.len()), rest.start),
                None => format!("{} bytes from offset {} on are not part of a pickle", grouped(rest.len()), rest.start),
            };
            list.push((rest.start, 7, Statement::Comment(text)));
        }
        for id in self.survey.met() {
            if self.survey.is_changed(id) {
                let fills = self.survey.maker.fills(id).into_iter();
                list.extend(fills.map(|fill| (fill.time, 2, Statement::Fill(id, fill.plan))));
            }
            if self.survey.is_named(id) {
                let is_changed = self.survey.is_changed(id);
                let time = if is_changed { self.graph.offset(id) } else { self.graph.last_offset(id) };
                list.push((time, 1, Statement::Make(id)));
            }
        }
        list
    }

    /// Where and why a loader stops in a pickle.
    fn damage(&self, stream: &Stream) -> Option<String> {
        if stream.complete {
            return None;
        }
        let after = |offset: u64| offset >= stream.span.start;
        let problem = self.reading.problems.list.iter().find(|problem| problem.fatal && after(problem.offset))?;
        let opcode = problem.opcode.map_or_else(String::new, |opcode| format!(" ({})", opcode.info().name));
        Some(format!("stopped at offset {}{opcode}: {}", problem.offset, problem.kind))
    }

    fn statement(&mut self, time: u64, statement: Statement, roots: &[String]) {
        match statement {
            Statement::Comment(text) => self.comment(&text),
            Statement::Make(id) => {
                let name = match self.names.variable(id) {
                    Some(name) => name.to_owned(),
                    None => {
                        let base = self.base_name(id);
                        self.names.declare(id, &base)
                    }
                };
                let plan = Plan::Seq(vec![Plan::plain(format!("{name} = ")), self.survey.plan(id)]);
                self.write_statement(plan, Some(id), Some(self.graph.offset(id)));
            }
            Statement::Fill(id, plan) => self.write_statement(plan, Some(id), Some(time)),
            Statement::Root(stream, edge) => {
                let name = &roots[stream];
                if self.names.variable(edge.node()) != Some(name) {
                    let plan = Plan::Seq(vec![Plan::plain(format!("{name} = ")), Plan::Edge(edge)]);
                    self.write_statement(plan, Some(edge.node()), Some(self.graph.offset(edge.node())));
                }
            }
            Statement::Left(stream, edge) => {
                let complete = self.reading.streams[stream].complete;
                let text = if complete { "left on the stack" } else { "on the stack where it stopped" };
                let name = self.names.declare(edge.node(), "stack");
                let value = Box::new(Plan::Edge(edge));
                let plan = Plan::Seq(vec![Plan::plain(format!("{name} = ")), Plan::Comment(value, text.to_owned())]);
                self.write_statement(plan, Some(edge.node()), Some(self.graph.offset(edge.node())));
            }
            Statement::Discarded(id) if self.survey.is_named(id) => {}
            Statement::Discarded(id) => {
                let value = Box::new(Plan::Edge(Edge::to(id)));
                let plan = Plan::Comment(value, "the result is thrown away".to_owned());
                self.write_statement(plan, Some(id), Some(self.graph.offset(id)));
            }
        }
    }

    /// What a variable is called, without its number.
    fn base_name(&self, id: NodeId) -> String {
        let name = match self.graph.node(id) {
            Node::Call { .. } => {
                let lens = &self.survey.maker.lens;
                match lens.object(id) {
                    Some(object) => snake(object.class.short_name()),
                    None => snake(&lens.shape(id).type_name),
                }
            }
            _ if self.survey.is_only_shared(id) => "shared".to_owned(),
            Node::List => "list".to_owned(),
            Node::Dict => "dict".to_owned(),
            Node::Set => "set".to_owned(),
            Node::Tuple => "tuple".to_owned(),
            _ => "value".to_owned(),
        };
        if name.is_empty() { "object".to_owned() } else { name }
    }

    fn write_statement(&mut self, plan: Plan, node: Option<NodeId>, offset: Option<u64>) {
        let mut docs = Docs::default();
        let mut holes = Vec::new();
        let root = self.convert(plan, &mut docs, &mut holes);
        holes.reverse();
        let mut fresh = Vec::new();
        while let Some((hole, edge)) = holes.pop() {
            let id = edge.node();
            let plan = match self.names.variable(id) {
                Some(name) if self.survey.is_named(id) => Plan::plain(name.to_owned()),
                // Where the budget ended the walk, or a name is not made yet.
                _ if docs.list.len() > DOCS || !self.survey.is_known(id) || self.survey.is_named(id) => elided(1),
                _ => self.survey.plan(id),
            };
            fresh.clear();
            let value = self.convert(plan, &mut docs, &mut fresh);
            docs.list[hole] = Doc::Value(value, id);
            holes.extend(fresh.drain(..).rev());
        }
        self.print(&mut docs, root, node, offset);
    }

    /// Expressions of a plan, what they are parts of before them; values that it points to become holes.
    fn convert(&mut self, plan: Plan, docs: &mut Docs, holes: &mut Vec<(usize, Edge)>) -> usize {
        let id = docs.push(Doc::Hole);
        docs.list[id] = match plan {
            Plan::Edge(edge) => {
                holes.push((id, edge));
                return id;
            }
            Plan::Text(ink, text) => {
                for (at, (word, _)) in HELPERS.iter().enumerate() {
                    self.helpers[at] |= *word == text;
                }
                Doc::Text(ink, text)
            }
            Plan::Name(node) => Doc::Text(Ink::Plain, self.names.variable(node).unwrap_or("...").to_owned().into()),
            Plan::Symbol(symbol) => {
                let symbol = self.graph.symbols.get(symbol);
                let length = symbol.module.len() + symbol.name.len();
                // A name of a megabyte may be used a million times.
                if length > self.budget.literal {
                    self.helpers[0] = true;
                    let head: String = symbol.full_name().chars().take(60).collect();
                    let head = opcode::repr_str(&opcode::PyText::from(&*head));
                    docs.list[id] = Doc::Text(Ink::Name, format!("elided({head}, {length})").into());
                    return id;
                }
                Doc::Text(Ink::Name, self.names.symbol(symbol).into())
            }
            Plan::Import(module, name) => Doc::Text(Ink::Name, self.names.import(&module, &name, None).into()),
            Plan::Member(module, name) => Doc::Text(Ink::Name, self.names.module(module, &name).into()),
            Plan::Mark(node) => Doc::Mark(node),
            Plan::Seq(parts) => Doc::Seq(parts.into_iter().map(|part| self.convert(part, docs, holes)).collect()),
            Plan::Comment(inner, text) => Doc::Comment(self.convert(*inner, docs, holes), text),
            Plan::Group(group) => {
                let mut items = Vec::with_capacity(group.items.len());
                for item in group.items {
                    let key = item.key.map(|(key, between)| (self.convert(key, docs, holes), between));
                    items.push(DocItem { key, value: self.convert(item.value, docs, holes) });
                }
                Doc::Group { open: group.open, close: group.close, items, is_tuple: group.is_tuple }
            }
        };
        id
    }

    /// Comments and imports, which come first.
    fn header(&mut self, has_body: bool) {
        for (at, (_, text)) in HELPERS.iter().enumerate() {
            if self.helpers[at] {
                self.comment(text);
            }
        }
        let lines = self.names.lines();
        let graph = self.graph;
        let first = first_uses(&graph.symbols);
        for line in &lines {
            self.import_line(&line.module, &line.names, line.offset, &first);
        }
        if has_body && !self.sheet.is_empty() {
            self.new_line(0);
        }
    }

    fn import_line(
        &mut self,
        module: &str,
        names: &[(String, Option<String>)],
        offset: Option<u64>,
        first: &HashMap<(&str, &str), u64>,
    ) {
        let node = offset.and_then(|offset| self.graph.made_at(offset));
        let spelled = |(name, alias): &(String, Option<String>)| match alias {
            Some(alias) => format!("{name} as {alias}"),
            None => name.clone(),
        };
        (self.line_node, self.line_offset) = (node, offset);
        if names.is_empty() {
            self.write(Ink::Plain, "import ");
            self.write(Ink::Name, module);
            self.new_line(0);
            return;
        }
        let width: usize = names.iter().map(|name| spelled(name).len() + 2).sum();
        let is_broken = module.len() + width + 13 > 100;
        self.write(Ink::Plain, "from ");
        self.write(Ink::Name, module);
        self.write(Ink::Plain, if is_broken { " import (" } else { " import " });
        for (index, name) in names.iter().enumerate() {
            let offset = first.get(&(module, &*name.0)).copied();
            let node = offset.and_then(|offset| self.graph.made_at(offset));
            if is_broken {
                self.new_line(1);
                (self.line_node, self.line_offset) = (node, offset);
            }
            if let Some(node) = node {
                self.mark(node);
            }
            self.write(Ink::Name, &spelled(name));
            if is_broken || index + 1 < names.len() {
                self.write(Ink::Plain, if is_broken { "," } else { ", " });
            }
        }
        if is_broken {
            self.new_line(0);
            self.write(Ink::Plain, ")");
        }
        self.new_line(0);
    }

    fn comment(&mut self, text: &str) {
        (self.line_node, self.line_offset) = (None, None);
        self.write(Ink::Comment, &format!("# {}", opcode::printable(text)));
        self.new_line(0);
    }

    pub(super) fn write(&mut self, ink: Ink, text: &str) {
        self.line_width += text.chars().count();
        self.sheet.push(ink, text);
    }

    /// Ends a line and begins one with so many levels of indentation.
    pub(super) fn new_line(&mut self, indent: u32) {
        if !self.comments.is_empty() {
            let gap = if self.line_width > 0 { "  " } else { "" };
            let text = std::mem::take(&mut self.comments).join("; ");
            self.write(Ink::Comment, &format!("{gap}# {}", opcode::printable(&text)));
        }
        let marked = self.marked.take().map(|(_, node)| node);
        self.sheet.end_line(self.line_indent, self.line_node, self.line_offset, marked);
        (self.line_indent, self.line_width) = (indent, 0);
    }

    /// Notes what the audit may say of something in this line.
    pub(super) fn mark(&mut self, node: NodeId) {
        self.note(node);
        let rank = (self.rank)(node);
        if rank > 0 && self.marked.is_none_or(|(before, _)| rank > before) {
            self.marked = Some((rank, node));
        }
    }

    /// Notes that a value stands in this line.
    pub(super) fn note(&mut self, node: NodeId) {
        self.sheet.note(node);
    }

    pub(super) fn is_full(&self) -> bool {
        self.sheet.len() >= self.budget.lines || self.sheet.bytes() >= self.budget.bytes
    }
}
