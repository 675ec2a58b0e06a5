//! Sizes by class and by module.

use super::sizes::Sizes;
use crate::bytes::sorting;
use crate::document::Document;
use crate::graph::{Node, NodeId, Symbol, SymbolId};
use crate::lens::Lens;
use crate::view::{SizeGroup, shown};
use std::collections::HashMap;

/// Names of what is no call, by the position here.
const PLAIN: [&str; 16] = [
    "NoneType",
    "bool",
    "int",
    "float",
    "str",
    "bytes",
    "bytearray",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "(imports)",
    "(external references)",
    "(arrays)",
    "(storages)",
];
const EXTERNAL: u32 = 13;
const ARRAY: u32 = 14;
const STORAGE: u32 = 15;

/// All values of a class or module.
#[derive(Clone)]
struct Group {
    count: u64,
    own: u64,
    retained: u64,
    largest: u32,
}

impl Group {
    fn add(&mut self, other: &Self, sizes: &Sizes) {
        self.count += other.count;
        self.own += other.own;
        self.retained = self.retained.saturating_add(other.retained).min(sizes.total());
        if sizes.retained(other.largest) > sizes.retained(self.largest) {
            self.largest = other.largest;
        }
    }
}

/// The class of each value as a number: a position in `PLAIN`, or a symbol behind that.
struct Classes<'a> {
    lens: Lens<'a>,
    values: u32,
}

impl Classes<'_> {
    fn of(&self, node: u32) -> u32 {
        if node >= self.values {
            return STORAGE;
        }
        let id = NodeId(node);
        match self.lens.graph.node(id) {
            Node::None => 0,
            Node::Bool(_) => 1,
            Node::Int(_) | Node::LongBinary(_) | Node::LongText(_) => 2,
            Node::Float(_) => 3,
            Node::Text { .. } => 4,
            Node::Bytes(_) => 5,
            Node::ByteArray(_) => 6,
            Node::Tuple => 7,
            Node::List => 8,
            Node::Dict => 9,
            Node::Set => 10,
            Node::FrozenSet => 11,
            Node::Global(_) | Node::ComputedGlobal { .. } => 12,
            Node::PersistentId(_) | Node::Extension(_) | Node::Buffer(_) | Node::ReadonlyBuffer(_) => EXTERNAL,
            Node::InlineArray { .. } | Node::InlinePickle { .. } => ARRAY,
            Node::Call { .. } => self.symbol(id).map_or(EXTERNAL, |symbol| PLAIN.len() as u32 + symbol.0),
        }
    }

    /// The class or function of a call; what `copyreg` makes is of the class that it is given.
    fn symbol(&self, id: NodeId) -> Option<SymbolId> {
        let graph = self.lens.graph;
        let Node::Call { callee, args, .. } = graph.node(id) else { return None };
        let Node::Global(symbol) = graph.node(callee.node()) else { return None };
        if graph.symbols.get(symbol).module != "copyreg" {
            return Some(symbol);
        }
        match graph.items(args.node()).next().map(|class| graph.node(class.node())) {
            Some(Node::Global(class)) => Some(class),
            _ => Some(symbol),
        }
    }

    fn symbol_of(&self, class: u32) -> Option<&Symbol> {
        let symbol = class.checked_sub(PLAIN.len() as u32)?;
        Some(self.lens.graph.symbols.get(SymbolId(symbol)))
    }

    /// The name that a person knows: `numpy.ndarray`, not the function that makes it.
    fn name(&self, class: u32, example: u32) -> String {
        match PLAIN.get(class as usize) {
            Some(name) if class != ARRAY => (*name).to_owned(),
            _ => self.lens.shape(NodeId(example)).full_name,
        }
    }
}

impl Sizes {
    /// Sizes by class, by retained size, largest first; at most `most` rows.
    #[must_use]
    pub fn by_class(&self, document: &Document, most: usize) -> Vec<SizeGroup> {
        let lens = document.lens();
        let classes = Classes { lens, values: self.values() };
        let kinds = PLAIN.len() + lens.graph.symbols.len();
        let mut groups: Vec<Option<Group>> = vec![None; kinds];
        let mut above = vec![0_u32; kinds];
        self.walk(|node, enters| {
            let class = classes.of(node) as usize;
            if !enters {
                above[class] -= 1;
                return;
            }
            // What it holds was counted with the one of the same class that holds it.
            let retained = if above[class] == 0 { self.retained(node) } else { 0 };
            above[class] += 1;
            let one = Group { count: 1, own: self.own(node), retained, largest: node };
            match &mut groups[class] {
                Some(group) => group.add(&one, self),
                none => *none = Some(one),
            }
        });
        let mut by_name: HashMap<String, Group> = HashMap::new();
        for (class, group) in groups.into_iter().enumerate() {
            let Some(group) = group else { continue };
            let name = classes.name(class as u32, group.largest);
            match by_name.get_mut(&name) {
                Some(known) => known.add(&group, self),
                None => {
                    by_name.insert(name, group);
                }
            }
        }
        self.groups(document, by_name.into_iter().collect(), most)
    }

    /// Sizes by module: of its instances with the plain values that they hold. Each byte of a value is in one row, as `own`;
    /// what none of the instances holds is in the row `builtins`.
    #[must_use]
    pub fn by_module(&self, document: &Document, most: usize) -> Vec<SizeGroup> {
        let lens = document.lens();
        let classes = Classes { lens, values: self.values() };
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut found: Vec<(String, Group)> = Vec::new();
        let mut number_of = |module, node| {
            *numbers.entry(module).or_insert_with(|| {
                let name = crate::graph::ends(module).into_owned();
                found.push((name, Group { count: 0, own: 0, retained: 0, largest: node }));
                found.len() as u32 - 1
            })
        };
        let mut module_of = vec![0_u32; self.len() as usize];
        for &node in self.order() {
            let symbol = classes.symbol_of(classes.of(node)).filter(|symbol| symbol.module != "builtins");
            module_of[node as usize] = match (symbol, self.holder(node)) {
                (Some(symbol), _) => number_of(&symbol.module, node),
                (None, Some(holder)) => module_of[holder as usize],
                (None, None) => number_of("builtins", node),
            };
        }
        let mut above = vec![0_u32; found.len()];
        self.walk(|node, enters| {
            let module = module_of[node as usize] as usize;
            if !enters {
                above[module] -= 1;
                return;
            }
            let retained = if above[module] == 0 { self.retained(node) } else { 0 };
            above[module] += 1;
            found[module].1.add(&Group { count: 1, own: self.own(node), retained, largest: node }, self);
        });
        self.groups(document, found, most)
    }

    fn groups(&self, document: &Document, mut groups: Vec<(String, Group)>, most: usize) -> Vec<SizeGroup> {
        sorting::by(&mut groups, |(a_name, a), (b_name, b)| {
            (b.retained, b.own).cmp(&(a.retained, a.own)).then_with(|| a_name.cmp(b_name))
        });
        groups.truncate(most);
        let row = |(name, group): (String, Group)| SizeGroup {
            name,
            count: group.count,
            own: group.own,
            retained: group.retained,
            largest: Some(group.largest),
            held_by: self.place(document, group.largest),
        };
        shown(groups.into_iter().map(row).collect())
    }

    /// Goes through everything as it is held: `visit` is told when a value is entered and when it is left.
    fn walk(&self, mut visit: impl FnMut(u32, bool)) {
        // What is to be entered, or left again.
        let mut waiting: Vec<(u32, bool)> = self.held_by(None).iter().rev().map(|&node| (node, true)).collect();
        while let Some((node, enters)) = waiting.pop() {
            visit(node, enters);
            if enters {
                waiting.push((node, false));
                waiting.extend(self.held_by(Some(node)).iter().rev().map(|&node| (node, true)));
            }
        }
    }
}
