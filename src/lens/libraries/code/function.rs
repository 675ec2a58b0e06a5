//! Functions: their code, and what was given to them when they were made and afterwards.

use super::form::CodeObject;
use super::maker::Made;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Call;
use crate::lens::recogniser::Lens;

/// Defaults, cells, globals and other things of a function that are taken.
const TAKEN: usize = 4096;
/// Cells that are looked into.
const CELLS: usize = 256;

/// A function pickled by value.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its node.
    pub node: NodeId,
    /// Its code object.
    pub code: Option<CodeObject>,
    /// `__name__`.
    pub name: String,
    /// `__qualname__`.
    pub qualified: Option<String>,
    /// `__module__`.
    pub module: Option<String>,
    /// `__doc__`.
    pub doc: Option<Edge>,
    /// `__defaults__`: of the last positional arguments.
    pub defaults: Vec<Edge>,
    /// `__kwdefaults__`.
    pub keyword_defaults: Vec<(String, Edge)>,
    /// `__annotations__`.
    pub annotations: Vec<(String, Edge)>,
    /// Names of free variables with the values in their cells; a cell that is empty has none.
    pub closure: Vec<(String, Option<Edge>)>,
    /// The globals that come with it.
    pub globals: Vec<(String, Edge)>,
    /// Attributes that were set on it.
    pub attributes: Vec<(String, Edge)>,
}

impl Function {
    /// The signature as `str(inspect.signature(function))` has it.
    #[must_use]
    pub fn signature(&self, lens: &Lens<'_>) -> String {
        let Some(code) = &self.code else { return "(…)".to_owned() };
        let arguments = code.argument_names();
        let mut words = Vec::new();
        let without = arguments.positional.len().saturating_sub(self.defaults.len());
        let posonly = usize::try_from(code.posonly).unwrap_or(usize::MAX);
        for (index, name) in arguments.positional.iter().enumerate() {
            let default = index.checked_sub(without).and_then(|index| {
                // More defaults than arguments: the last ones count.
                let skip = self.defaults.len().saturating_sub(arguments.positional.len());
                self.defaults.get(index + skip).copied()
            });
            words.push(self.argument(lens, name, default));
            if index + 1 == posonly {
                words.push("/".to_owned());
            }
        }
        match arguments.rest {
            Some(name) => words.push(format!("*{}", self.argument(lens, name, None))),
            None if !arguments.keyword.is_empty() => words.push("*".to_owned()),
            None => {}
        }
        for name in arguments.keyword {
            let default = self.keyword_defaults.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
            words.push(self.argument(lens, name, default));
        }
        if let Some(name) = arguments.more {
            words.push(format!("**{}", self.argument(lens, name, None)));
        }
        let result =
            self.annotation("return").map_or_else(String::new, |edge| format!(" -> {}", annotation_text(lens, edge)));
        format!("({}){result}", words.join(", "))
    }

    fn annotation(&self, name: &str) -> Option<Edge> {
        self.annotations.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn argument(&self, lens: &Lens<'_>, name: &str, default: Option<Edge>) -> String {
        // The argument of a comprehension is called `.0`.
        let name = match name.strip_prefix('.') {
            Some(number) => format!("implicit{number}"),
            None => name.to_owned(),
        };
        let mut text = name;
        let annotation = self.annotation(&text);
        if let Some(annotation) = annotation {
            text.push_str(&format!(": {}", annotation_text(lens, annotation)));
        }
        if let Some(default) = default {
            let value = lens.plain_value(default).unwrap_or_else(|| lens.inline(default));
            text.push_str(if annotation.is_some() { " = " } else { "=" });
            text.push_str(&value);
        }
        text
    }

    /// What it is when it is called: `function`, `generator function`, `coroutine function`, `lambda`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        let Some(code) = &self.code else { return "function" };
        match () {
            () if code.has_flag(0x80) => "coroutine function",
            () if code.has_flag(0x200) => "async generator function",
            () if code.has_flag(0x20) => "generator function",
            () if self.name == "<lambda>" => "lambda",
            () => "function",
        }
    }
}

/// An annotation as `inspect.formatannotation` has it: built-in types by their bare names.
fn annotation_text(lens: &Lens<'_>, edge: Edge) -> String {
    match lens.type_or_symbol(edge) {
        Some(name) => name,
        None => lens.plain_value(edge).unwrap_or_else(|| lens.inline(edge)),
    }
}

impl Lens<'_> {
    /// The full name of a class that an edge points to, without `builtins`.
    fn type_or_symbol(&self, edge: Edge) -> Option<String> {
        match self.symbol(edge) {
            Some(symbol) if symbol.module == "builtins" => Some(symbol.name.clone()),
            Some(symbol) => Some(symbol.full_name()),
            None => self.type_name(edge).filter(|_| self.made(edge.node()) == Some(Made::Type)),
        }
    }

    /// The function that a value is.
    #[must_use]
    pub fn function(&self, node: NodeId) -> Option<Function> {
        let (maker, filled) = match self.made(node)? {
            Made::Function => (node, None),
            // `_fill_function(function, state)`, in files of cloudpickle before 1.3; older still with the parts one by one.
            Made::Filled => {
                let args = self.call(node)?.args;
                let &inner = args.first()?;
                (self.made(inner.node()) == Some(Made::Function)).then_some(())?;
                (inner.node(), Some(args))
            }
            _ => return None,
        };
        let Call { args, symbol, .. } = self.call(maker)?;
        let mut function = Function {
            node,
            code: args.first().and_then(|code| self.code(code.node())),
            name: String::new(),
            qualified: None,
            module: None,
            doc: None,
            defaults: Vec::new(),
            keyword_defaults: Vec::new(),
            annotations: Vec::new(),
            closure: Vec::new(),
            globals: Vec::new(),
            attributes: Vec::new(),
        };
        if symbol.is_some_and(|symbol| symbol.name == "_make_skel_func") {
            // `(code, number of cells, base of the globals)`: everything else is in the state.
        } else {
            self.made_with(&mut function, &args);
        }
        match filled {
            Some(args) => self.filled_with(&mut function, &args),
            None => self.set_to(&mut function, maker),
        }
        if let Some(code) = &function.code {
            if function.name.is_empty() {
                function.name.clone_from(&code.name);
            }
            function.qualified = function.qualified.take().or_else(|| code.qualified.clone());
            for (slot, name) in function.closure.iter_mut().zip(&code.free) {
                slot.0.clone_from(name);
            }
        }
        Some(function)
    }

    /// `(code, globals, name, defaults, closure[, attributes, keyword defaults])`
    fn made_with(&self, function: &mut Function, args: &[Edge]) {
        let some = |index: usize| args.get(index).copied().filter(|edge| !self.is_none(*edge));
        if let Some(globals) = some(1) {
            function.globals = self.globals(globals);
        }
        if let Some(name) = some(2).and_then(|name| self.string(name)) {
            function.name = name;
        }
        function.defaults = some(3).and_then(|edge| self.sequence(edge)).unwrap_or_default();
        function.closure = some(4).map(|edge| self.cells(edge)).unwrap_or_default();
        if let Some(attributes) = some(5) {
            function.attributes = self.named_values(attributes);
        }
        if let Some(defaults) = some(6) {
            function.keyword_defaults = self.named_values(defaults);
        }
    }

    /// Globals without those that every module has.
    fn globals(&self, edge: Edge) -> Vec<(String, Edge)> {
        let machinery = ["__name__", "__package__", "__path__", "__file__", "__builtins__"];
        self.named_values(edge)
            .into_iter()
            .filter(|(name, _)| !machinery.contains(&name.as_str()))
            .take(TAKEN)
            .collect()
    }

    /// The cells of a closure with what is in them; they get their names later.
    fn cells(&self, closure: Edge) -> Vec<(String, Option<Edge>)> {
        let cells = self.sequence(closure).unwrap_or_default().into_iter().take(CELLS);
        cells.enumerate().map(|(index, cell)| (index.to_string(), self.cell_contents(cell.node()))).collect()
    }

    /// What is in a cell, by its making or by what was set afterwards.
    #[must_use]
    pub fn cell_contents(&self, cell: NodeId) -> Option<Edge> {
        if self.made(cell)? != Made::Cell {
            return None;
        }
        let Call { symbol, args, .. } = self.call(cell)?;
        let own = args.first().copied();
        if symbol.is_none_or(|symbol| symbol.name != "_create_cell") {
            return own;
        }
        // dill fills cells later: `setattr(cell, 'cell_contents', value)`.
        if let Some(told) = self.told(cell, &[])
            && let [_, name, value, ..] = told[..]
            && self.string(name).as_deref() == Some("cell_contents")
        {
            return Some(value);
        }
        own
    }

    /// The state by `_function_setstate(function, (dict, slots))` of cloudpickle or by BUILD.
    fn set_to(&self, function: &mut Function, maker: NodeId) {
        let told = self.told(maker, &["_function_setstate"]).and_then(|args| args.get(1).copied());
        for state in self.states(maker).take(4).chain(told) {
            let halves: Vec<Edge> = match self.graph.node(state.node()) {
                Node::Tuple => self.graph.items(state.node()).take(2).collect(),
                _ => vec![state],
            };
            if let Some(&attributes) = halves.first().filter(|edge| self.graph.node(edge.node()) == Node::Dict) {
                self.set_slots(function, attributes);
            }
            if let Some(&slots) = halves.get(1) {
                self.set_slots(function, slots);
            }
        }
    }

    fn set_slots(&self, function: &mut Function, slots: Edge) {
        for (name, value) in self.named_values(slots) {
            let is_none = self.is_none(value);
            match name.as_str() {
                "__name__" => function.name = self.string(value).unwrap_or_else(|| function.name.clone()),
                "__qualname__" => function.qualified = self.string(value),
                "__module__" => function.module = self.string(value),
                "__doc__" => function.doc = Some(value).filter(|_| !is_none),
                "__defaults__" if !is_none => function.defaults = self.sequence(value).unwrap_or_default(),
                "__kwdefaults__" if !is_none => function.keyword_defaults = self.named_values(value),
                "__annotations__" if !is_none => function.annotations = self.named_values(value),
                "__closure__" if !is_none => function.closure = self.cells(value),
                "__globals__" => function.globals = self.globals(value),
                "__defaults__" | "__kwdefaults__" | "__annotations__" | "__closure__" | "_cloudpickle_submodules" => {}
                _ => function.attributes.push((name, value)),
            }
        }
    }

    /// `_fill_function(function, state)`, or `(function, globals, defaults, dict[, module], closure values)`.
    fn filled_with(&self, function: &mut Function, args: &[Edge]) {
        let &[_, state, ref rest @ ..] = args else { return };
        if !rest.is_empty() {
            function.globals = self.globals(state);
            function.defaults = rest.first().and_then(|&edge| self.sequence(edge)).unwrap_or_default();
            return;
        }
        for (name, value) in self.named_values(state) {
            let is_none = self.is_none(value);
            match name.as_str() {
                "globals" => function.globals = self.globals(value),
                "defaults" if !is_none => function.defaults = self.sequence(value).unwrap_or_default(),
                "dict" => function.attributes = self.named_values(value),
                "module" => function.module = self.string(value),
                "name" => function.name = self.string(value).unwrap_or_default(),
                "qualname" => function.qualified = self.string(value),
                "doc" => function.doc = Some(value).filter(|_| !is_none),
                "kwdefaults" if !is_none => function.keyword_defaults = self.named_values(value),
                "annotations" if !is_none => function.annotations = self.named_values(value),
                "closure_values" if !is_none => {
                    let values = self.sequence(value).unwrap_or_default().into_iter().take(TAKEN);
                    function.closure =
                        values.enumerate().map(|(index, value)| (index.to_string(), Some(value))).collect();
                }
                _ => {}
            }
        }
    }
}
