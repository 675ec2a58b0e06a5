//! Code of the file that loading runs: methods that Python calls by itself on instances and classes that the file makes, and
//! functions that it gives to something that calls them.

use super::stored_code::RUNS_STORED_CODE;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind};
use crate::lens::Made;
use crate::safety::facts::{CodeBudget, Facts};
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Check, Known, Review, Traits};
use crate::safety::values::{ARGUMENTS, AbstractValue};
use crate::safety::verdict::Findings;
use std::collections::HashSet;

/// Methods that run once there is an instance, or a class that is made from another one of the file.
const OF_INSTANCES: [&str; 19] = [
    "__new__",
    "__setstate__",
    "__getattr__",
    "__getattribute__",
    "__setattr__",
    "__hash__",
    "__eq__",
    "__del__",
    "__init_subclass__",
    "__set_name__",
    "__get__",
    "__set__",
    "__class_getitem__",
    "__mro_entries__",
    "__instancecheck__",
    "__subclasscheck__",
    "__prepare__",
    "__array_finalize__",
    "_missing_",
];

/// Methods that run when something is added to an instance.
const OF_ADDING: [&str; 6] = ["__setitem__", "append", "extend", "add", "update", "insert"];

/// Methods that nothing calls while it loads, as far as is known: what saves, copies, and `with`.
const OF_SAVING: [&str; 12] = [
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__getnewargs__",
    "__getnewargs_ex__",
    "__copy__",
    "__deepcopy__",
    "__enter__",
    "__exit__",
    "__aenter__",
    "__aexit__",
    "__module__",
];

/// Methods without underscores that calls ask of what they are given: time zones, mappings, files.
const OF_ARGUMENTS: [&str; 8] = ["utcoffset", "dst", "tzname", "fromutc", "items", "keys", "read", "readline"];

/// What the file does with its own classes: the first place of each.
#[derive(Default)]
struct Uses {
    /// An instance is made, or a class from another one, or a class is given to a call.
    made: Option<NodeId>,
    /// A class is called.
    called: Option<NodeId>,
    /// A class is made by a metaclass of the file.
    by_metaclass: Option<NodeId>,
    /// Items are added to an instance.
    filled: Option<NodeId>,
    /// Attributes are set one by one.
    slots: Option<NodeId>,
    /// An instance is given to a call.
    given: Option<NodeId>,
    /// A class is given to a call, which counts where its metaclass is of the file.
    class_given: Option<NodeId>,
    /// Functions that a call is given, and the call.
    functions: Vec<(NodeId, NodeId)>,
    instances: HashSet<NodeId>,
}

/// Finds the code that acts and runs.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let brings_code = |review: Review| review.check.is_of_code() || review.check == Check::TypeByName;
    if !facts.names.iter().any(|named| matches!(named.known, Known::Reviewed(review) if brings_code(review))) {
        return;
    }
    let budget = CodeBudget::default();
    let mut uses = Uses::default();
    for id in facts.graph.reaching_out() {
        uses.look(facts, id);
    }
    methods(facts, &uses, &budget, found);
    for &(function, call) in &uses.functions {
        given_function(facts, function, call, &budget, found);
    }
    if budget.is_used_up() {
        found.partial("not all code that the file brings was followed");
    }
}

impl Uses {
    fn look(&mut self, facts: &Facts<'_>, id: NodeId) {
        let Node::Call { kind, callee, args, .. } = facts.graph.node(id) else { return };
        let args: Vec<Edge> = facts.graph.items(args.node()).take(ARGUMENTS).collect();
        let is_class = |edge: &Edge| matches!(facts.value(*edge), AbstractValue::Class);
        let what = facts.value(callee);
        let check = match &what {
            AbstractValue::Class => {
                if !matches!(kind, CallKind::NewObj | CallKind::NewObjEx) {
                    self.called.get_or_insert(id);
                }
                self.instance(facts, id);
                None
            }
            AbstractValue::Global(named) if named.has(Traits::CELL) || named.has(Traits::FILLS_ATTRIBUTES) => return,
            AbstractValue::Global(named) => match named.known {
                Known::Reviewed(review) => Some(review.check),
                _ => None,
            },
            _ => None,
        };
        let is_by_metaclass = matches!(&what, AbstractValue::Global(named) if facts.makes_class(named, id, &args));
        let makes = is_by_metaclass || matches!(check, Some(Check::MakeClass | Check::NewClass));
        if makes || matches!(check, Some(Check::FillClass | Check::Setstate)) {
            if makes {
                if args.first().is_some_and(is_class) {
                    self.by_metaclass.get_or_insert(id);
                    self.made.get_or_insert(id);
                }
                let bases = args.iter().take(4).filter(|edge| facts.graph.node(edge.node()) == Node::Tuple);
                if bases.flat_map(|edge| facts.graph.items(edge.node()).take(ARGUMENTS)).any(|base| is_class(&base)) {
                    self.made.get_or_insert(id);
                }
            } else {
                // It unpacks the state and goes over the items of its parts.
                let parts = args
                    .iter()
                    .skip(1)
                    .flat_map(|&state| std::iter::once(state).chain(facts.graph.items(state.node()).take(4)));
                if parts.map(Edge::node).any(|node| self.instances.contains(&node)) {
                    self.given.get_or_insert(id);
                }
            }
            return;
        }
        if check.is_some_and(Check::is_of_code) {
            return;
        }
        if args.iter().any(is_class) {
            self.class_given.get_or_insert(id);
            self.instance(facts, id);
        }
        self.arguments(facts, id, &args, check);
    }

    fn instance(&mut self, facts: &Facts<'_>, id: NodeId) {
        self.made.get_or_insert(id);
        self.instances.insert(id);
        let adds = |kind| matches!(kind, RunKind::Items | RunKind::Members | RunKind::Pairs);
        if facts.graph.runs(id).any(|run| adds(run.kind)) {
            self.filled.get_or_insert(id);
        }
        let has_slots = |state: Edge| {
            facts.graph.node(state.node()) == Node::Tuple
                && facts
                    .graph
                    .items(state.node())
                    .nth(1)
                    .is_some_and(|slots| facts.graph.run_window(slots.node(), RunKind::Pairs, 0).next().is_some())
        };
        if facts.graph.run_window(id, RunKind::State, 0).take(4).any(has_slots) {
            self.slots.get_or_insert(id);
        }
    }

    /// What a call is given, and what is in lists, tuples and dicts of it.
    fn arguments(&mut self, facts: &Facts<'_>, id: NodeId, args: &[Edge], check: Option<Check>) {
        /// Containers in each other, and values, that are looked at.
        const DEPTH: usize = 3;
        const MOST: usize = 64;
        /// Functions of one file.
        const FUNCTIONS: usize = 1 << 12;
        let mut level: Vec<Edge> = args.to_vec();
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for edge in level.drain(..) {
                let node = edge.node();
                match facts.graph.node(node) {
                    Node::Tuple => next.extend(facts.graph.items(node).take(MOST)),
                    Node::List => next.extend(facts.graph.first_added(node, RunKind::Items).take(MOST)),
                    Node::Dict => next.extend(facts.graph.first_added(node, RunKind::Pairs).take(MOST)),
                    Node::Call { .. } if self.instances.contains(&node) => {
                        self.given.get_or_insert(id);
                    }
                    Node::Call { .. } if !matches!(check, Some(Check::Partial | Check::Curry)) => {
                        let is_function = matches!(facts.value(edge), AbstractValue::Function);
                        if is_function && self.functions.len() < FUNCTIONS {
                            self.functions.push((node, id));
                        }
                    }
                    _ => {}
                }
            }
            next.truncate(MOST * MOST);
            level = next;
        }
    }

    /// By what a method of that name runs, if the file does that.
    fn runs(&self, name: &str) -> Option<(NodeId, &'static str)> {
        let is_special = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
        let (place, how) = match name {
            _ if OF_INSTANCES.contains(&name) => (self.made, "makes or uses instances of a class of this file"),
            _ if OF_ADDING.contains(&name) => (self.filled, "adds items to an instance of a class of this file"),
            "__init__" => (self.called.or(self.by_metaclass), "calls a class of this file"),
            "__call__" => (self.by_metaclass, "makes a class by a metaclass of this file"),
            _ if OF_SAVING.contains(&name) => return None,
            _ if is_special || OF_ARGUMENTS.contains(&name) => {
                let class_given = self.class_given.filter(|_| self.by_metaclass.is_some());
                (self.given.or(class_given), "gives an instance of a class of this file to a call")
            }
            _ => return None,
        };
        Some((place?, how))
    }
}

/// Methods among the members of classes, and of whatever else has functions under names.
fn methods(facts: &Facts<'_>, uses: &Uses, budget: &CodeBudget, found: &mut Findings) {
    let mut seen = HashSet::new();
    for (_, run) in facts.graph.all_runs(0).filter(|(_, run)| run.kind == RunKind::Pairs) {
        let edges: Vec<Edge> = facts.graph.run_edges(run).collect();
        for pair in edges.chunks_exact(2) {
            let (key, value) = (pair[0], pair[1].node());
            if !matches!(facts.graph.node(value), Node::Call { .. }) {
                continue;
            }
            let Some(made) = facts.lens.made(value) else { continue };
            if !matches!(made, Made::Function | Made::Filled | Made::Wrapper | Made::Method) {
                continue;
            }
            let Some(name) = facts.lens.string(key) else { continue };
            let runs = match made {
                // A setter of a property, when attributes are set one by one.
                Made::Wrapper => uses.runs(&name).or(uses
                    .slots
                    .or(uses.by_metaclass)
                    .map(|id| (id, "sets attributes of an instance of a class of this file"))),
                _ => uses.runs(&name),
            };
            let Some((place, how)) = runs.filter(|_| seen.insert(value)) else { continue };
            let Some(what) = facts.acting(value, budget) else { continue };
            let mut draft = Draft::at(value);
            draft.explanation = format!(
                "Loading {how} (at {}), and the code of {name}, which that runs, names {what}.",
                facts.graph.offset(place)
            );
            found.find(facts, &RUNS_STORED_CODE, Level::Dangerous, draft);
        }
    }
}

/// A function whose code acts, given to a call that may call it.
fn given_function(facts: &Facts<'_>, function: NodeId, call: NodeId, budget: &CodeBudget, found: &mut Findings) {
    let Some(what) = facts.acting(function, budget) else { return };
    let asks = |named: &crate::safety::values::GlobalRef| {
        matches!(named.known, Known::Reviewed(Review { check: Check::Getitem | Check::Itemgetter, .. }))
    };
    let is_factory = facts.callee(call).is_some_and(|callee| {
        matches!(facts.value(callee), AbstractValue::Global(named)
            if matches!(named.known, Known::Reviewed(Review { check: Check::Factory, .. })))
    });
    // What makes missing values runs when something asks for an item.
    let level =
        if is_factory && facts.names.iter().any(|named| asks(named)) { Level::Dangerous } else { Level::Suspicious };
    let mut draft = Draft::at(call);
    draft.explanation = format!("It is given a function of this file to call, whose code names {what}.");
    found.find(facts, &RUNS_STORED_CODE, level, draft);
}
