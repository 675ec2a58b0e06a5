//! Which of the libraries' functions a call is of, and what was told to an object by later calls.

use crate::graph::{Edge, Node, NodeId, Symbol};
use crate::lens::graph_view::Call;
use crate::lens::recogniser::Lens;

/// Nodes after an object among which a call that changes it is looked for. State setters follow the object that they set, with
/// nothing but its state between.
const AFTER: u32 = 1 << 16;

/// What a call makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// A code object.
    Code,
    /// A function.
    Function,
    /// A class.
    Class,
    /// A cell of a closure.
    Cell,
    /// A module by its name.
    Module,
    /// A type of `types` or a built-in one by its name.
    Type,
    /// A method of an object.
    Method,
    /// A property, static method or class method around a function.
    Wrapper,
    /// Another one that was filled with state.
    Filled,
}

/// Whether a module belongs to a library, vendored or not: `joblib.externals.cloudpickle.cloudpickle`.
fn is_of(symbol: &Symbol, library: &str) -> bool {
    symbol.module.split('.').any(|part| part == library || (library == "cloudpickle" && part == "cloudpickle_fast"))
}

impl<'a> Lens<'a> {
    /// What a call of dill, cloudpickle or `types` makes.
    #[must_use]
    pub fn made(&self, node: NodeId) -> Option<Made> {
        let Node::Call { callee, .. } = self.graph.node(node) else { return None };
        if let Node::Call { .. } = self.graph.node(callee.node()) {
            return made_by_type(&self.type_name(callee)?);
        }
        let symbol = self.symbol(callee)?;
        let name = symbol.name.as_str();
        if is_of(symbol, "cloudpickle") {
            return Some(match name {
                "_make_function" | "_make_skel_func" => Made::Function,
                "_make_skeleton_class" | "_make_skeleton_enum" => Made::Class,
                "_make_cell" | "_make_empty_cell" => Made::Cell,
                "subimport" | "dynamic_subimport" | "_make_dynamic_module" => Made::Module,
                "_builtin_type" => Made::Type,
                "_fill_function" | "_rehydrate_skeleton_class" => Made::Filled,
                _ => return None,
            });
        }
        if is_of(symbol, "dill") {
            return Some(match name {
                "_create_function" => Made::Function,
                "_create_code" => Made::Code,
                "_create_type" | "_create_namedtuple" => Made::Class,
                "_create_cell" => Made::Cell,
                "_import_module" => Made::Module,
                "_load_type" => Made::Type,
                _ => return None,
            });
        }
        match symbol.module.as_str() {
            "types" | "new" | "builtins" => made_by_type(name),
            _ => None,
        }
    }

    /// `CodeType` of `_builtin_type('CodeType')` and `_load_type('CodeType')`, or of the global itself.
    #[must_use]
    pub fn type_name(&self, edge: Edge) -> Option<String> {
        if let Some(symbol) = self.symbol(edge) {
            return Some(symbol.name.clone()).filter(|_| matches!(symbol.module.as_str(), "types" | "builtins"));
        }
        let Call { symbol, args, .. } = self.call(edge.node())?;
        let symbol = symbol.filter(|symbol| is_of(symbol, "cloudpickle") || is_of(symbol, "dill"))?;
        matches!(symbol.name.as_str(), "_builtin_type" | "_load_type").then_some(())?;
        self.string(*args.first()?)
    }

    /// The first argument of a call.
    #[must_use]
    pub fn first_argument(&self, node: NodeId) -> Option<Edge> {
        let Node::Call { args, .. } = self.graph.node(node) else { return None };
        self.graph.items(args.node()).next()
    }

    /// The arguments of the first of the calls of `names`, or of any function when `names` is empty, that have `target` as
    /// their first argument and come after it in the file: `_function_setstate(function, state)`.
    pub(super) fn told(&self, target: NodeId, names: &[&str]) -> Option<Vec<Edge>> {
        let end = target.0.saturating_add(AFTER).min(u32::try_from(self.graph.len()).unwrap_or(u32::MAX));
        let mut found = None;
        for number in target.0.saturating_add(1)..end {
            let Node::Call { callee, args, .. } = self.graph.node(NodeId(number)) else { continue };
            let mut args = self.graph.items(args.node()).take(4).peekable();
            if args.peek().is_none_or(|first| first.node() != target) {
                continue;
            }
            let is_named =
                names.is_empty() || self.symbol(callee).is_some_and(|symbol| names.contains(&symbol.short_name()));
            if is_named {
                // The first one: what sets the state stands right behind what it is the state of.
                found = Some(args.collect());
                break;
            }
        }
        found
    }
}

/// What a type of `types` makes when it is called.
fn made_by_type(name: &str) -> Option<Made> {
    Some(match name {
        "CodeType" | "code" => Made::Code,
        "FunctionType" | "LambdaType" | "function" => Made::Function,
        "CellType" => Made::Cell,
        "ModuleType" => Made::Module,
        "MethodType" | "instancemethod" => Made::Method,
        "property" | "staticmethod" | "classmethod" | "PropertyType" => Made::Wrapper,
        _ => return None,
    })
}
