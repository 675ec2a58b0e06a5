//! Numbers and texts inside arrays and columns of tables. First the arrays are found, then their elements are gone over in bulk.

use super::haystack::Context;
use super::hits::{Element, Hits};
use super::pass::Pass;
use super::question::{Elements, Question};
use crate::bytes::sorting;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{Array, Data, Kind, Order, Series, TableColumn, TableKind, Values, grouped};
use std::collections::{HashMap, HashSet};

/// What it costs to ask whether a value is an array, in bytes that are searched.
const LOOK: u64 = 200;
/// Columns of a table that are looked at together.
const COLUMNS: usize = 64;
/// Elements that are read at once.
const PIECE: usize = 1 << 16;
/// What an element costs at least, and a text.
const ELEMENT: u64 = 8;
const TEXT: u64 = 64;

/// Something with elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Target {
    node: NodeId,
    is_table: bool,
    /// Bytes of it, about.
    size: u64,
}

/// Arrays that have the same bytes, type and shape are the same numbers.
#[derive(PartialEq, Eq, Hash)]
struct Sameness {
    place: Option<String>,
    span: (u64, u64),
    dtype: String,
    shape: Vec<u64>,
    order: Option<(u64, Vec<u64>)>,
    is_fortran: bool,
}

/// Looks for arrays and tables.
#[derive(Default)]
pub(super) struct ArrayPass {
    next: u32,
    /// A table whose columns are looked at, and how many were.
    columns: Option<(NodeId, u64)>,
    targets: Vec<Target>,
    same: HashMap<Sameness, usize>,
    /// Arrays that are a part of a table, which shows their values.
    of_tables: HashSet<NodeId>,
    numbers: Vec<u64>,
}

/// What was found.
pub(super) struct FoundArrays {
    targets: Vec<Target>,
    /// Where bytes begin in the file that are the numbers of an array; in order.
    pub(super) numbers: Vec<u64>,
}

impl ArrayPass {
    pub(super) fn reached(&self) -> u64 {
        u64::from(self.next)
    }

    /// Looks at some more nodes; whether all were looked at.
    pub(super) fn step(&mut self, pass: &Pass<'_>, budget: &mut u64) -> bool {
        let graph = pass.lens.graph;
        let has_tables = graph.symbols.has_package("pandas");
        while *budget > 0 {
            if let Some((node, first)) = self.columns {
                self.look_at_columns(node, first, pass, budget);
                continue;
            }
            if self.next as usize >= graph.len() {
                return true;
            }
            let id = NodeId(self.next);
            self.next += 1;
            *budget = budget.saturating_sub(1);
            if !matches!(graph.node(id), Node::Call { .. } | Node::InlineArray { .. }) {
                continue;
            }
            *budget = budget.saturating_sub(LOOK);
            let table = if has_tables { pass.lens.table(id) } else { None };
            if let Some(table) = table {
                let size = table.rows.saturating_mul(table.columns).saturating_mul(ELEMENT);
                self.targets.push(Target { node: id, is_table: true, size });
                self.columns = Some((id, 0));
            } else if let Some(array) = pass.lens.array(id) {
                self.add(id, &array, pass);
            }
        }
        false
    }

    fn add(&mut self, id: NodeId, array: &Array<'_>, pass: &Pass<'_>) {
        let (place, span) = match array.place() {
            Some((place, span)) => (place.map(str::to_owned), span),
            None if matches!(array.data, Data::Missing(_)) => (Some(id.0.to_string()), Default::default()),
            // Its elements are values of the graph.
            None => return,
        };
        if place.is_none() {
            self.numbers.push(span.start);
        }
        let order = match &array.order {
            Order::Strided { offset, strides } => Some((*offset, strides.clone())),
            Order::C | Order::Fortran => None,
        };
        let same = Sameness {
            place,
            span: (span.start, span.end),
            dtype: array.dtype.name.clone(),
            shape: array.shape.clone(),
            order,
            is_fortran: array.order == Order::Fortran,
        };
        let target = Target { node: id, is_table: false, size: array.len().saturating_mul(ELEMENT).min(1 << 40) };
        match self.same.get(&same) {
            // A parameter is made of its tensor: the tree shows what is around.
            Some(&known) if pass.lens.graph.children(id).any(|edge| leads_to(pass, edge, self.targets[known].node)) => {
                self.targets[known].node = id;
            }
            Some(_) => {}
            None => {
                self.same.insert(same, self.targets.len());
                self.targets.push(target);
            }
        }
    }

    fn look_at_columns(&mut self, node: NodeId, first: u64, pass: &Pass<'_>, budget: &mut u64) {
        let columns = pass.lens.table(node).map(|table| table.columns_from(first, COLUMNS)).unwrap_or_default();
        *budget = budget.saturating_sub(LOOK * (columns.len() as u64 + 4));
        for column in &columns {
            if let Some(values) = column.values.node.filter(|&values| values != node) {
                self.exclude(values, pass);
            }
        }
        self.columns = if columns.is_empty() { None } else { Some((node, first + columns.len() as u64)) };
    }

    /// A column's values are an array, or an object with arrays a few levels down.
    fn exclude(&mut self, node: NodeId, pass: &Pass<'_>) {
        const LEVELS: usize = 4;
        const CHILDREN: usize = 64;
        let mut level = vec![node];
        for _ in 0..LEVELS {
            let mut next = Vec::new();
            for node in level {
                if !self.of_tables.insert(node) || pass.lens.array(node).is_some() {
                    continue;
                }
                let children = pass.lens.graph.children(node).take(CHILDREN).map(Edge::node);
                let is_inner = |child: &NodeId| {
                    matches!(pass.lens.graph.node(*child), Node::Call { .. } | Node::Dict | Node::Tuple)
                };
                next.extend(children.filter(is_inner));
            }
            level = next;
        }
    }

    pub(super) fn finish(mut self) -> FoundArrays {
        self.targets.retain(|target| !self.of_tables.contains(&target.node));
        sorting::by_key(&mut self.targets, |target| target.node);
        self.numbers.sort_unstable();
        self.numbers.dedup();
        FoundArrays { targets: self.targets, numbers: self.numbers }
    }
}

/// Whether an argument is a node, or a tuple with it.
fn leads_to(pass: &Pass<'_>, edge: Edge, node: NodeId) -> bool {
    edge.node() == node || pass.lens.graph.items(edge.node()).take(8).any(|item| item.node() == node)
}

/// Goes over the elements.
#[derive(Default)]
pub(super) struct ElementPass {
    targets: Vec<Target>,
    /// The target, the column or field of it, and the element to go on with.
    at: (usize, u64, u64),
    /// Matches in this part so far, and the first.
    count: u64,
    first: Option<u64>,
    reached: u64,
    /// The same before this target.
    before: u64,
    total: u64,
    unreadable: u64,
    why: String,
}

/// What a target came to.
enum Went {
    /// The budget is used up.
    Out,
    /// There is no such part any more: the target is over.
    Nowhere,
}

impl ElementPass {
    pub(super) fn new(found: FoundArrays) -> Self {
        let total = found.targets.iter().map(|target| target.size).fold(0, u64::saturating_add);
        Self { targets: found.targets, total, ..Self::default() }
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn reached(&self) -> u64 {
        self.reached
    }

    /// What could not be read.
    pub(super) fn remark(&self) -> Option<String> {
        let arrays = if self.unreadable == 1 { "array" } else { "arrays" };
        let text = || format!("{} {arrays} could not be read: {}", grouped(self.unreadable), self.why);
        (self.unreadable > 0).then(text)
    }

    /// Goes over some more elements; whether all were gone over.
    pub(super) fn step(&mut self, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> bool {
        while let Some(&target) = self.targets.get(self.at.0) {
            if *budget == 0 {
                return false;
            }
            *budget = budget.saturating_sub(LOOK);
            let went = match (pass.is_in_scope(target.node), target.is_table) {
                (false, _) => Went::Nowhere,
                (true, true) => self.table(target.node, pass, hits, budget),
                (true, false) => self.array(target.node, pass, hits, budget),
            };
            match went {
                Went::Out => return false,
                Went::Nowhere => {
                    self.before = self.before.saturating_add(target.size);
                    self.reached = self.before;
                    self.at = (self.at.0 + 1, 0, 0);
                }
            }
        }
        true
    }

    fn array(&mut self, node: NodeId, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> Went {
        let Some(array) = pass.lens.array(node) else { return Went::Nowhere };
        if let Data::Missing(why) = &array.data {
            self.fail(why);
            return Went::Nowhere;
        }
        // A dtype may have thousands of fields: it is read once for all of them.
        let Some(mut series) = array.series(0) else { return Went::Nowhere };
        while *budget > 0 {
            *budget = budget.saturating_sub(LOOK);
            let part = self.at.1 as u32;
            if !series.choose(part) {
                return Went::Nowhere;
            }
            if !self.go_over(&Elements::of_array(&series, pass), budget) {
                return Went::Out;
            }
            let field = array.dtype.fields.get(part as usize).filter(|_| array.dtype.kind == Kind::Struct);
            let index = |first: u64| {
                let mut at = array.stored_index(first);
                let indices: Vec<String> = at.iter().map(u64::to_string).collect();
                at.extend(field.map(|_| u64::from(part)));
                let field = field.map_or_else(String::new, |field| {
                    format!("[{}]", crate::opcode::repr_str(&field.name.as_str().into()))
                });
                let index = match indices.is_empty() {
                    true => format!("{field}[()]"),
                    false => format!("{field}[{}]", indices.join(", ")),
                };
                (index, at)
            };
            self.report(node, &series, "", index, pass, hits);
        }
        Went::Out
    }

    fn table(&mut self, node: NodeId, pass: &Pass<'_>, hits: &mut Hits, budget: &mut u64) -> Went {
        let Some(table) = pass.lens.table(node) else { return Went::Nowhere };
        while *budget > 0 {
            let columns = table.columns_from(self.at.1, COLUMNS);
            if columns.is_empty() {
                return Went::Nowhere;
            }
            for TableColumn { name, values } in columns {
                *budget = budget.saturating_sub(LOOK);
                // Objects are found one by one, as what they are.
                let done = values.has_objects() || self.go_over(&Elements::of_column(&values, pass), budget);
                if !done {
                    return Went::Out;
                }
                let column = self.at.1;
                let index = |first: u64| match table.kind {
                    TableKind::Frame => (format!(".iloc[{first}, {column}]"), vec![first, column]),
                    TableKind::Series => (format!(".iloc[{first}]"), vec![first]),
                    TableKind::Index | TableKind::Array => (format!("[{first}]"), vec![first]),
                };
                let label = if name.is_empty() { name } else { format!("{name}: ") };
                self.report(node, &values, &label, index, pass, hits);
            }
        }
        Went::Out
    }

    /// Goes over the values of one part; whether that is done.
    fn go_over(&mut self, elements: &Elements<'_>, budget: &mut u64) -> bool {
        let Some(question) = &elements.question else { return true };
        let length = elements.series.len();
        while self.at.2 < length {
            if *budget == 0 {
                return false;
            }
            let count = PIECE.min(usize::try_from(length - self.at.2).unwrap_or(PIECE));
            let read = match elements.small.and_then(|small| small.small_integers(self.at.2, count)) {
                Some(floats) => floats.map(Values::Floats),
                None => elements.series.values(self.at.2, count),
            };
            let (found, gone) = match read {
                Ok(values) => question.count(&values, elements.series),
                Err(why) => {
                    self.fail(&why);
                    break;
                }
            };
            if gone == 0 {
                break;
            }
            if let Some((matches, first)) = found {
                self.count += matches;
                self.first.get_or_insert(self.at.2 + first);
            }
            self.at.2 += gone;
            let each = if matches!(question, Question::Number(_)) { ELEMENT } else { TEXT };
            *budget = budget.saturating_sub(gone * each);
            self.reached = self.reached.saturating_add(gone * ELEMENT);
        }
        true
    }

    fn fail(&mut self, why: &str) {
        self.unreadable += 1;
        if self.why.is_empty() {
            why.clone_into(&mut self.why);
        }
    }

    /// Adds what was found in a part, and goes on to the next.
    fn report(
        &mut self,
        node: NodeId,
        series: &dyn Series,
        label: &str,
        index: impl Fn(u64) -> (String, Vec<u64>),
        pass: &Pass<'_>,
        hits: &mut Hits,
    ) {
        if let Some(first) = self.first.take() {
            let context = || {
                let text = series.text(first);
                let mut context = match &pass.query.matcher {
                    Some(matcher) => match matcher.find(text.as_bytes(), 0) {
                        Some(found) => Context::of(text.as_bytes(), &found, false),
                        None => Context::whole(text),
                    },
                    None => Context::whole(text),
                };
                context.before.insert_str(0, label);
                let (index, at) = index(first);
                (context, Element { index, at, of: series.len().saturating_mul(series.repeats()) })
            };
            let count = self.count.saturating_mul(series.repeats());
            hits.add_elements(pass.lens.graph.offset(node), node, context, count);
        }
        self.count = 0;
        self.at = (self.at.0, self.at.1 + 1, 0);
    }
}
