//! Which names a file expects, and what it does with each.

use crate::document::Document;
use crate::format::packages::distribution_of;
use crate::graph::{CallKind, Edge, Graph, Node, NodeId, RunKind, Symbol, SymbolId};
use crate::safety::{Level, is_stdlib_module};
use std::collections::HashMap;

/// Names that are looked at.
const NAMES: usize = 2000;

/// Bases of classes that `copyreg._reconstructor` may name, which a stand-in can have.
const BASES: [&str; 12] =
    ["dict", "list", "set", "frozenset", "tuple", "str", "int", "float", "complex", "bytes", "bytearray", "Exception"];

/// Where a name comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The script that is run.
    Main,
    /// A module that is on no list here.
    Own,
    /// A package, by its name on the index.
    Package(&'static str),
    /// Python's own library.
    Python,
}

/// What a file does with a name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Use {
    /// Opcodes that name it.
    pub count: u64,
    /// Instances that are made of it without calling it.
    pub made: u64,
    /// Calls of it.
    pub called: u64,
    /// The class of `builtins` that its instances are built from.
    pub base: Option<&'static str>,
    /// Whether a state is given to instances that is no dict of attributes.
    pub has_other_state: bool,
    /// Whether items are appended to instances.
    pub has_items: bool,
    /// Whether instances are filled like a dict.
    pub has_pairs: bool,
    /// Whether instances are filled like a set.
    pub has_members: bool,
}

/// A name that a file expects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// Module as a Python 3 loader imports it.
    pub module: String,
    /// Qualified name in it.
    pub name: String,
    /// Both as the file spells them, which is what `find_class` is asked for.
    pub spelled: (String, String),
    /// Offset of the first opcode that names it.
    pub offset: u64,
    /// What the audit says of naming it.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// Whether it is reviewed, so that it depends on the arguments what it does.
    pub has_capability: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// What the file does with it.
    pub usage: Use,
}

impl Expected {
    /// `module.name`
    #[must_use]
    pub fn full(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }

    /// Whether somebody who wants the file to load has to define it.
    #[must_use]
    pub fn needs_stand_in(&self) -> bool {
        matches!(self.origin, Origin::Main | Origin::Own)
    }

    /// Takes in what else the file does with the same name.
    fn join(&mut self, other: Self) {
        if other.level > self.level {
            (self.level, self.reason) = (other.level, other.reason);
        }
        self.has_capability |= other.has_capability;
        self.usage.join(&other.usage);
    }

    /// Whether no loader of ours looks it up.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.level >= Level::Suspicious
    }
}

impl Use {
    fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.made += other.made;
        self.called += other.called;
        self.base = self.base.or(other.base);
        self.has_other_state |= other.has_other_state;
        self.has_items |= other.has_items;
        self.has_pairs |= other.has_pairs;
        self.has_members |= other.has_members;
    }

    /// `3 instances`, `called once`.
    #[must_use]
    pub fn words(&self) -> String {
        let times = |count: u64| if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let made = if self.made == 1 { "1 instance".to_owned() } else { format!("{} instances", self.made) };
        match (self.made, self.called) {
            (0, 0) => format!("named {}", times(self.count)),
            (_, 0) => made,
            (0, called) => format!("called {}", times(called)),
            (_, called) => format!("{made}, called {}", times(called)),
        }
    }
}

/// The names of a document in the order of the file, and whether there are more.
#[must_use]
pub fn expected(document: &Document) -> (Vec<Expected>, bool) {
    let graph = &document.reading().graph;
    let uses = graph.global_uses();
    let imports = &document.audit().imports;
    let mut found: Vec<Expected> = Vec::new();
    for (index, symbol) in graph.symbols.iter().enumerate().take(NAMES) {
        let import = imports.get(index);
        let (module, name) = exact(symbol);
        let spelled = symbol.mapped_from().map(|(module, name)| (module.to_owned(), name.to_owned()));
        found.push(Expected {
            spelled: spelled.unwrap_or_else(|| (module.clone(), name.clone())),
            module,
            name,
            offset: symbol.offset,
            // What the audit did not come to is not allowed either.
            level: import.map_or(Level::Suspicious, |import| import.level),
            reason: import.map_or_else(|| "it was not judged".to_owned(), |import| import.reason.clone()),
            has_capability: import.is_some_and(|import| import.capability.is_some()),
            origin: origin(&symbol.module),
            usage: Use { count: uses.get(index).copied().unwrap_or(0), ..Use::default() },
        });
    }
    look_at_calls(document, &mut found);
    (each_once(found), graph.symbols.len() > NAMES)
}

/// Every name once: pickles of several protocols in one file, as joblib's of arrays of objects, have a symbol for each protocol.
fn each_once(found: Vec<Expected>) -> Vec<Expected> {
    let mut all: Vec<Expected> = Vec::with_capacity(found.len());
    let mut known = HashMap::new();
    for one in found {
        match known.get(&(one.full(), one.spelled.clone())) {
            Some(&index) => {
                let first: &mut Expected = &mut all[index];
                first.join(one);
            }
            None => {
                known.insert((one.full(), one.spelled.clone()), all.len());
                all.push(one);
            }
        }
    }
    all
}

/// Module and name as a loader looks them up. What does not print is an escape in a symbol, not in what it was read from.
fn exact(symbol: &Symbol) -> (String, String) {
    let spelled = symbol.spelled().filter(|_| symbol.mapped_from().is_none());
    let text = |bytes: &[u8]| str::from_utf8(bytes).map(str::to_owned).ok();
    spelled
        .and_then(|(module, name)| Some((text(module)?, text(name)?)))
        .unwrap_or_else(|| (symbol.module.clone(), symbol.name.clone()))
}

fn origin(module: &str) -> Origin {
    let top = module.split('.').next().unwrap_or(module);
    match top {
        "__main__" | "__mp_main__" => Origin::Main,
        _ => match distribution_of(module) {
            Some(package) => Origin::Package(package),
            None if is_stdlib_module(module) => Origin::Python,
            None => Origin::Own,
        },
    }
}

/// What is made of each name, and what is given to it.
fn look_at_calls(document: &Document, found: &mut [Expected]) {
    let graph = &document.reading().graph;
    for id in graph.reaching_out() {
        let Node::Call { kind, callee, args, .. } = graph.node(id) else { continue };
        let Node::Global(called) = graph.node(callee.node()) else { continue };
        let Some(direct) = found.get_mut(called.0 as usize) else { continue };
        if kind == CallKind::Reduce {
            direct.usage.called += 1;
        } else {
            direct.usage.made += 1;
        }
        let is_helper = kind == CallKind::Reduce && direct.module == "copyreg";
        let (class, base) = if is_helper { made_by_helper(graph, &direct.name, args) } else { (Some(called), None) };
        let Some(one) = class.and_then(|class| found.get_mut(class.0 as usize)) else { continue };
        if is_helper {
            one.usage.made += 1;
            one.usage.base = one.usage.base.or_else(|| {
                let base = graph.symbols.get(base?);
                BASES.into_iter().find(|known| base.is("builtins", known))
            });
        }
        look_at_changes(graph, id, &mut one.usage);
    }
}

/// The class, and the base, that `copyreg._reconstructor(class, base, state)` and `copyreg.__newobj__(class, ...)` are given.
fn made_by_helper(graph: &Graph, name: &str, args: Edge) -> (Option<SymbolId>, Option<SymbolId>) {
    if !matches!(name, "_reconstructor" | "__newobj__" | "__newobj_ex__") {
        return (None, None);
    }
    let mut globals = graph.items(args.node()).take(2).map(|edge| match graph.node(edge.node()) {
        Node::Global(symbol) => Some(symbol),
        _ => None,
    });
    let class = globals.next().flatten();
    let base = globals.next().flatten();
    (class, base.filter(|_| name == "_reconstructor"))
}

fn look_at_changes(graph: &Graph, id: NodeId, usage: &mut Use) {
    for run in graph.runs(id) {
        match run.kind {
            RunKind::Items => usage.has_items = true,
            RunKind::Pairs => usage.has_pairs = true,
            RunKind::Members => usage.has_members = true,
            RunKind::State => {
                let mut states = graph.run_edges(run);
                usage.has_other_state |= states.any(|state| !is_attributes(graph, state));
            }
        }
    }
}

/// Whether a loader takes a state without `__setstate__`: a dict, or a pair of dicts of which the second are slots.
fn is_attributes(graph: &Graph, state: Edge) -> bool {
    let is_plain = |edge: Edge| matches!(graph.node(edge.node()), Node::Dict | Node::None);
    match graph.node(state.node()) {
        Node::Tuple => {
            let mut items = graph.items(state.node());
            items.len() == 2 && items.all(is_plain)
        }
        // An empty state is given to nobody.
        Node::None => false,
        _ => is_plain(state),
    }
}
