//! Classes by value.

use super::maker::Made;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Call;
use crate::lens::recogniser::Lens;

/// Members that are taken.
const MEMBERS: usize = 4096;

/// What kind of class it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClassKind {
    /// Any.
    Class,
    /// An enumeration.
    Enum,
    /// A named tuple.
    NamedTuple,
}

/// A class pickled by value.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its node.
    pub node: NodeId,
    /// What kind.
    pub kind: ClassKind,
    /// `__name__`.
    pub name: String,
    /// `__qualname__`.
    pub qualified: Option<String>,
    /// `__module__`.
    pub module: Option<String>,
    /// What makes it: `type` or another metaclass.
    pub metaclass: Option<Edge>,
    /// Its bases.
    pub bases: Vec<Edge>,
    /// Its methods and other members; of an enumeration and a named tuple, names with values or defaults.
    pub members: Vec<(String, Edge)>,
    /// Fields of a named tuple.
    pub fields: Vec<String>,
}

impl Lens<'_> {
    /// The class that a value is.
    #[must_use]
    pub fn class(&self, node: NodeId) -> Option<Class> {
        let (maker, state) = match self.made(node)? {
            Made::Class => (node, None),
            // `_rehydrate_skeleton_class(class, attributes)`, in files of older cloudpickle.
            Made::Filled => {
                let args = self.call(node)?.args;
                let &[inner, state, ..] = &args[..] else { return None };
                (self.made(inner.node()) == Some(Made::Class)).then_some(())?;
                (inner.node(), Some(state))
            }
            _ => return None,
        };
        let Call { symbol, args, .. } = self.call(maker)?;
        let mut class = Class {
            node,
            kind: ClassKind::Class,
            name: String::new(),
            qualified: None,
            module: None,
            metaclass: None,
            bases: Vec::new(),
            members: Vec::new(),
            fields: Vec::new(),
        };
        let argument = |index: usize| args.get(index).copied();
        let text = |index: usize| argument(index).and_then(|edge| self.string(edge));
        let items = |index: usize| argument(index).and_then(|edge| self.sequence(edge)).unwrap_or_default();
        match symbol?.name.as_str() {
            // `(metaclass, name, bases, keyword arguments, id, extra)`
            "_make_skeleton_class" | "_create_type" => {
                class.metaclass = argument(0);
                class.name = text(1)?;
                class.bases = items(2);
                self.take_members(&mut class, argument(3));
            }
            // `(bases, name, qualname, members, module, id, extra)`
            "_make_skeleton_enum" => {
                class.kind = ClassKind::Enum;
                class.bases = items(0);
                class.name = text(1)?;
                class.qualified = text(2);
                self.take_members(&mut class, argument(3));
                class.module = text(4);
            }
            // `(name, fields, module[, defaults])`
            "_create_namedtuple" => {
                class.kind = ClassKind::NamedTuple;
                class.name = text(0)?;
                class.fields = items(1)
                    .into_iter()
                    .map(|field| self.string(field).unwrap_or_else(|| self.inline(field)))
                    .collect();
                class.module = text(2);
            }
            _ => return None,
        }
        // `_class_setstate(class, (attributes, slots))`
        let told = || self.told(maker, &["_class_setstate", "_rehydrate_skeleton_class"])?.get(1).copied();
        let state = state.or_else(told);
        for state in self.states(maker).take(4).chain(state) {
            let first = match self.graph.node(state.node()) {
                Node::Tuple => self.graph.items(state.node()).next(),
                _ => Some(state),
            };
            self.take_members(&mut class, first);
        }
        Some(class)
    }

    fn take_members(&self, class: &mut Class, dict: Option<Edge>) {
        for (name, value) in dict.into_iter().flat_map(|dict| self.named_values(dict)) {
            match name.as_str() {
                "__module__" => class.module = self.string(value),
                "__qualname__" => class.qualified = self.string(value),
                // What every class has.
                "__dict__" | "__weakref__" => {}
                _ if class.members.len() < MEMBERS => class.members.push((name, value)),
                _ => {}
            }
        }
    }

    /// The name of a class or of anything that stands for one: a global, a class by value, a type by name.
    #[must_use]
    pub fn class_text(&self, edge: Edge) -> String {
        if let Some(symbol) = self.symbol(edge) {
            return if symbol.module == "builtins" { symbol.name.clone() } else { symbol.full_name() };
        }
        match self.made(edge.node()) {
            Some(Made::Class) => {
                let args = self.call(edge.node()).map(|call| call.args).unwrap_or_default();
                args.iter().take(2).find_map(|&edge| self.string(edge)).unwrap_or_else(|| "class".to_owned())
            }
            Some(Made::Type) => match self.first_argument(edge.node()).and_then(|edge| self.string(edge)).as_deref() {
                // `types` of Python 2 has names for them.
                Some("ObjectType") => "object".to_owned(),
                Some("TypeType") | None => "type".to_owned(),
                Some(name) => name.to_owned(),
            },
            Some(Made::Filled) => self.class(edge.node()).map_or_else(|| "class".to_owned(), |class| class.name),
            _ => self.inline(edge),
        }
    }
}
