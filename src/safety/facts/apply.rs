//! What calls come to. Nothing is judged here: what is met on the way is noted as steps.

use super::reading::Facts;
use crate::graph::{CallKind, Edge, Node, NodeId, RunKind};
use crate::safety::names::{Check, Growth, Known, Review, Traits, is_stdlib, public_module};
use crate::safety::values::{ARGUMENTS, AbstractValue, Call, GlobalRef, Step, fold, is_worked_out};
use std::rc::Rc;

impl Facts<'_> {
    /// What calling `what` gives.
    pub(in crate::safety) fn comes_to(
        &self,
        what: &AbstractValue,
        call: &Call,
        steps: &mut Vec<Step>,
    ) -> AbstractValue {
        match what {
            AbstractValue::Partial(inner, first) => {
                let args: Vec<Edge> = first.iter().chain(&*call.args).copied().take(ARGUMENTS).collect();
                self.comes_to_at_once(inner, &Call { kind: CallKind::Reduce, ..call.with(args) }, steps)
            }
            AbstractValue::Attributes(names) => {
                let name = names.first().map(String::as_str).unwrap_or_default();
                self.attribute(self.argument(call, 0), name, steps)
            }
            AbstractValue::Item(key) => self.item(&self.argument(call, 0), key.as_deref(), steps),
            AbstractValue::MethodCaller(name) => {
                let method = self.attribute(self.argument(call, 0), name, steps);
                self.comes_to_at_once(&method, call, steps)
            }
            _ => self.comes_to_at_once(what, call, steps),
        }
    }

    /// What a getter or a `partial` ends in must be a name or a method: there are no chains of them in honest files.
    fn comes_to_at_once(&self, what: &AbstractValue, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        match what {
            AbstractValue::Global(named) => self.global_called(named, call, steps),
            AbstractValue::Method(owner, name) => self.method_called(owner, name, call, steps),
            AbstractValue::Function => {
                steps.push(Step::Function);
                AbstractValue::Opaque
            }
            AbstractValue::Class => {
                steps.push(Step::StoredClass);
                AbstractValue::Opaque
            }
            _ => {
                steps.push(Step::Result(what.clone(), call.clone()));
                AbstractValue::Opaque
            }
        }
    }

    fn global_called(&self, named: &Rc<GlobalRef>, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        steps.push(Step::Global(Rc::clone(named), call.clone()));
        match named.known {
            Known::Sink(_) => self.result_of_sink(named, call, steps),
            Known::Reviewed(review) => self.result_of_reviewed(named, review.check, call, steps),
            Known::Unknown => self.result_of_unknown(named, call, steps),
        }
    }

    fn method_called(
        &self,
        owner: &AbstractValue,
        name: &Rc<str>,
        call: &Call,
        steps: &mut Vec<Step>,
    ) -> AbstractValue {
        if let AbstractValue::Namespace(_) = owner
            && matches!(&**name, "get" | "__getitem__" | "pop" | "setdefault")
        {
            return self.item(owner, self.argument(call, 0).text(), steps);
        }
        let kind = match owner {
            AbstractValue::Text(_) => "str",
            AbstractValue::Bytes(_) => "bytes",
            _ => "",
        };
        let is_constant = matches!(owner, AbstractValue::Text(_) | AbstractValue::Bytes(_) | AbstractValue::Data);
        steps.push(Step::Method { name: Rc::clone(name), is_constant });
        if kind.is_empty() {
            return AbstractValue::Opaque;
        }
        let mut args = vec![owner.clone()];
        args.extend(call.args.iter().map(|&edge| self.value(edge)));
        let items = |at: usize| call.args.get(at.checked_sub(1)?).and_then(|&edge| self.items_of(edge));
        self.fold(&format!("{kind}.{name}"), &args, &items).unwrap_or(AbstractValue::Opaque)
    }

    fn result_of_reviewed(
        &self,
        named: &Rc<GlobalRef>,
        check: Check,
        call: &Call,
        steps: &mut Vec<Step>,
    ) -> AbstractValue {
        let instance = || AbstractValue::Instance(Rc::clone(named));
        let text = |index: usize| self.argument(call, index).text().map(Rc::<str>::from);
        match check {
            Check::Any if named.has(Traits::FOLDS) => self.folded(&named.name, call).unwrap_or_else(instance),
            Check::Latin1 => self.folded("encode", call).unwrap_or_else(instance),
            Check::Consumer if is_worked_out(&named.name) => self.folded(&named.name, call).unwrap_or_else(instance),
            Check::FirstClass if named.has(Traits::RECONSTRUCTS) => self.reconstructed(named, call, steps),
            Check::Partial => self.partial_of(self.argument(call, 0), call.args.get(1..).unwrap_or_default().to_vec()),
            Check::Curry => {
                let function = match self.argument(call, 1) {
                    AbstractValue::Text(path) => match path.split_once(':') {
                        Some((module, name)) => AbstractValue::named(module, name),
                        None => AbstractValue::Opaque,
                    },
                    function => function,
                };
                if let AbstractValue::Global(named) = &function {
                    steps.push(Step::Arrived(Rc::clone(named)));
                }
                let args = call.args.get(2).map(|args| self.graph.items(args.node()).take(ARGUMENTS).collect());
                self.partial_of(function, args.unwrap_or_default())
            }
            Check::ByName => match (text(0), text(1)) {
                (Some(module), Some(name)) => AbstractValue::named(&module, &name),
                _ => AbstractValue::Opaque,
            },
            Check::Endless if matches!(named.growth, Some((Growth::Repeat, _))) && call.args.len() == 2 => instance(),
            Check::Endless => AbstractValue::Endless,
            Check::Getattr => self.getattr(named, call, steps),
            Check::Attrgetter => {
                let texts = call.args.iter().filter_map(|&edge| self.value(edge).text().map(str::to_owned));
                AbstractValue::Attributes(texts.collect())
            }
            Check::Itemgetter => AbstractValue::Item(text(0)),
            Check::Methodcaller => AbstractValue::MethodCaller(text(0).unwrap_or_default()),
            Check::Getitem => self.getitem(named, call, steps),
            Check::ModuleByName => self.module_by_name(call, steps),
            Check::TypeByName => text(0).map_or(AbstractValue::Opaque, |name| type_by_name(&name)),
            Check::MakeCode => AbstractValue::Code,
            Check::Descriptor if self.is_descriptor(call) => self.getattr(named, call, steps),
            Check::Descriptor => AbstractValue::Opaque,
            Check::TypeOf if self.is_type_of_value(call) => instance(),
            Check::TypeOf | Check::FillClass | Check::NewClass => AbstractValue::Class,
            Check::MakeFunction | Check::FillFunction => AbstractValue::Function,
            Check::MakeClass => self.class_made_by(call, steps),
            // It gives what it filled.
            Check::Setstate if self.argument(call, 0) == AbstractValue::Class => AbstractValue::Class,
            Check::NamedTuple => self.namedtuple_by_name(call, steps),
            _ if self.makes_class(named, call.id, &call.args) => AbstractValue::Class,
            _ => instance(),
        }
    }

    fn result_of_unknown(&self, named: &Rc<GlobalRef>, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        if finds_item(named) {
            let key = self.argument(call, call.args.len().saturating_sub(1).min(1));
            let space = AbstractValue::Namespace(GlobalRef::new(&named.module, ""));
            return self.item(&space, key.text(), steps);
        }
        self.folded(&named.name, call).unwrap_or_else(|| AbstractValue::Instance(Rc::clone(named)))
    }

    /// Calls of dangerous functions that find something: what they find is what comes next.
    fn result_of_sink(&self, named: &Rc<GlobalRef>, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let first = self.argument(call, 0);
        let attribute = |steps: &mut Vec<Step>| match self.argument(call, 1).text() {
            Some(name) => self.attribute(first.clone(), name, steps),
            None => AbstractValue::Opaque,
        };
        match (public_module(&named.module), named.name.as_str(), first.text()) {
            ("builtins", "__import__", Some(module)) | ("importlib", "import_module" | "__import__", Some(module)) => {
                let top = module.split('.').next().unwrap_or(module);
                AbstractValue::Module(if named.name == "__import__" { top } else { module }.into())
            }
            ("pkgutil", "resolve_name", Some(path)) | ("pydoc", "locate", Some(path)) => {
                match path.split_once(':').or_else(|| path.rsplit_once('.')) {
                    Some((module, name)) => AbstractValue::named(module, name),
                    None => AbstractValue::Module(path.into()),
                }
            }
            ("sys", "modules.get" | "modules.__getitem__", Some(module)) => AbstractValue::Module(module.into()),
            ("inspect", "getattr_static", _) => attribute(steps),
            ("builtins", "vars", _) => match first {
                AbstractValue::Module(module) => AbstractValue::Namespace(GlobalRef::new(&module, "")),
                AbstractValue::Global(owner) => AbstractValue::Namespace(owner),
                _ => AbstractValue::Opaque,
            },
            ("builtins", "globals" | "locals", _) => AbstractValue::Namespace(GlobalRef::new("builtins", "")),
            ("builtins", "object.__getattribute__" | "type.__getattribute__", _) => attribute(steps),
            _ => AbstractValue::Instance(Rc::clone(named)),
        }
    }

    /// `copyreg`'s functions make an instance as NEWOBJ would.
    fn reconstructed(&self, named: &Rc<GlobalRef>, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let made = || AbstractValue::Instance(self.class_made(call.id, named));
        let is_plain = |named: &GlobalRef| {
            matches!(named.known, Known::Unknown)
                || matches!(named.known, Known::Reviewed(Review { check: Check::Any | Check::Consumer, .. }))
        };
        match self.argument(call, 0) {
            AbstractValue::Global(class) if named.name != "_reconstructor" && !is_plain(&class) => {
                let packed = named.name == "__newobj_ex__";
                let args = match call.args.get(1) {
                    Some(args) if packed => self.graph.items(args.node()).collect(),
                    _ => call.args.get(1..).unwrap_or_default().to_vec(),
                };
                let kwargs = if packed { call.args.get(2).copied() } else { None };
                self.global_called(&class, &Call { kind: CallKind::NewObj, kwargs, ..call.with(args) }, steps)
            }
            _ => made(),
        }
    }

    /// The first argument is called with the rest: it must be a metaclass.
    fn class_made_by(&self, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let meta = self.argument(call, 0);
        let is_meta = match &meta {
            AbstractValue::Global(named) => named.has(Traits::METACLASS) || named.known == Known::Unknown,
            // The name of a type variable, the bases of an enumeration.
            AbstractValue::Text(_) | AbstractValue::Data | AbstractValue::Class => true,
            AbstractValue::Instance(class) => class.is("builtins", "type"),
            _ => false,
        };
        if is_meta {
            return AbstractValue::Class;
        }
        let args = call.args.get(1..).unwrap_or_default().to_vec();
        self.comes_to_at_once(&meta, &call.with(args), steps)
    }

    /// `dill._dill._create_namedtuple(name, fields, module)` gives `module.name` where there is such a thing.
    fn namedtuple_by_name(&self, call: &Call, steps: &mut Vec<Step>) -> AbstractValue {
        let (name, module) = (self.argument(call, 0), self.argument(call, 2));
        let (Some(name), Some(module)) = (name.text(), module.text()) else { return AbstractValue::Opaque };
        let found = GlobalRef::new(module, name);
        if found.known == Known::Unknown && !is_stdlib(module) {
            return AbstractValue::Class;
        }
        steps.push(Step::Arrived(Rc::clone(&found)));
        AbstractValue::Global(found)
    }

    /// A metaclass with the name, the bases and the members of a class that is filled afterwards, as cloudpickle before 1.0 spells
    /// one.
    pub(in crate::safety) fn makes_class(&self, named: &GlobalRef, id: NodeId, args: &[Edge]) -> bool {
        let &[name, bases, members] = args else { return false };
        named.has(Traits::METACLASS)
            && self.is_filled_as_class(id)
            && self.value(name).text().is_some()
            && self.graph.node(bases.node()) == Node::Tuple
            && self.graph.node(members.node()) == Node::Dict
    }

    /// Whether `types.new_class` gets nothing to call but what sets the items of a dict, as dill spells a generic class:
    /// `new_class('Gen', bases, {'metaclass': type}, partial(_setitems, {...}))`.
    pub(in crate::safety) fn is_new_class(&self, call: &Call) -> bool {
        let is_filler = |body: Edge| match self.value(body) {
            AbstractValue::Partial(inner, given) => {
                matches!(&*inner, AbstractValue::Global(by) if by.is("dill._dill", "_setitems")) && given.is_empty()
            }
            AbstractValue::Data => self.graph.node(body.node()) == Node::None,
            _ => false,
        };
        let is_known =
            |meta: Edge| matches!(self.value(meta), AbstractValue::Global(meta) if meta.has(Traits::METACLASS));
        let keywords = call.args.get(2).is_none_or(|&given| {
            self.graph.node(given.node()) == Node::Dict && self.dict_values(given.node()).into_iter().all(is_known)
        });
        keywords && call.args.get(3).is_none_or(|&body| is_filler(body))
    }

    /// `type(None)` is how NoneType is written; with three arguments it makes a class.
    pub(in crate::safety) fn is_type_of_value(&self, call: &Call) -> bool {
        use AbstractValue::{Data, Global, Instance};
        matches!(call.args[..], [value] if matches!(self.value(value), Data | Global(_) | Instance(_)))
    }

    /// Function and arguments come with the state: `(function, arguments, keywords, attributes)`.
    pub(in crate::safety) fn partial_state(&self, id: NodeId, depth: u32) -> Option<AbstractValue> {
        let state = self.graph.run_window(id, RunKind::State, 0).last()?;
        let mut parts = self.graph.items(state.node());
        let (function, args) = (parts.next()?, parts.next()?);
        let args: Vec<Edge> = self.graph.items(args.node()).take(ARGUMENTS).collect();
        Some(self.partial_of(self.value_within(function, depth), args))
    }

    /// `partial(function, *args)`. Of a partial it is one of the same function with all arguments, as Python has it.
    fn partial_of(&self, function: AbstractValue, args: Vec<Edge>) -> AbstractValue {
        match function {
            AbstractValue::Partial(inner, first) => {
                let args = first.iter().copied().chain(args).take(ARGUMENTS).collect();
                AbstractValue::Partial(inner, args)
            }
            // Methods of partials of methods have no end, and are as bad as anything.
            AbstractValue::Method(ref owner, _) if matches!(**owner, AbstractValue::Partial(..)) => {
                AbstractValue::Partial(Rc::new(AbstractValue::Opaque), args.into())
            }
            function => AbstractValue::Partial(Rc::new(function), args.into()),
        }
    }

    pub(in crate::safety) fn argument(&self, call: &Call, index: usize) -> AbstractValue {
        call.args.get(index).map_or(AbstractValue::Data, |&edge| self.value(edge))
    }

    /// The values of all positional arguments.
    pub(in crate::safety) fn arguments(&self, call: &Call) -> Vec<AbstractValue> {
        call.args.iter().map(|&edge| self.value(edge)).collect()
    }

    /// What a reconstructor of `copyreg` makes an instance of.
    pub(in crate::safety) fn class_made(&self, call: NodeId, by: &Rc<GlobalRef>) -> Rc<GlobalRef> {
        let Node::Call { args, .. } = self.graph.node(call) else { return Rc::clone(by) };
        match self.graph.items(args.node()).next().map(|class| self.graph.node(class.node())) {
            Some(Node::Global(class)) => self.named(class),
            _ => Rc::clone(by),
        }
    }

    /// The items of a sequence that `join` would take, when it is a plain one.
    pub(in crate::safety) fn items_of(&self, edge: Edge) -> Option<Vec<AbstractValue>> {
        const MOST: usize = 4096;
        let node = edge.node();
        let characters =
            |text: &str| text.chars().map(|c| AbstractValue::Text(c.to_string().into())).collect::<Vec<_>>();
        match self.graph.node(node) {
            Node::Tuple => Some(self.graph.items(node).take(MOST).map(|edge| self.value(edge)).collect()),
            Node::List => {
                Some(self.graph.run_window(node, RunKind::Items, 0).take(MOST).map(|edge| self.value(edge)).collect())
            }
            Node::Text { .. } => self.value(edge).text().map(characters),
            Node::Call { callee, args, .. } => {
                if let Some(text) = self.value(edge).text() {
                    return Some(characters(text));
                }
                let inner = self.graph.items(args.node()).next()?;
                let AbstractValue::Global(by) = self.value(callee) else { return None };
                if by.has(Traits::REVERSES) && !matches!(self.graph.node(inner.node()), Node::Call { .. }) {
                    let mut items = self.items_of(inner)?;
                    items.reverse();
                    return Some(items);
                }
                None
            }
            _ => None,
        }
    }

    fn folded(&self, name: &str, call: &Call) -> Option<AbstractValue> {
        let items = |at: usize| call.args.get(at).and_then(|&edge| self.items_of(edge));
        self.fold(name, &self.arguments(call), &items)
    }

    /// What a call gives for constants, as far as a file's calls together may cost.
    fn fold(
        &self,
        name: &str,
        args: &[AbstractValue],
        items: &dyn Fn(usize) -> Option<Vec<AbstractValue>>,
    ) -> Option<AbstractValue> {
        /// A text may be joined by its characters.
        const ITEM: u64 = 64;
        let size = |value: &AbstractValue| match value {
            AbstractValue::Text(text) => text.len() as u64,
            AbstractValue::Bytes(bytes) => bytes.len() as u64,
            _ => 0,
        };
        let spend = |bytes: u64| {
            let left = self.foldable.get().checked_sub(bytes);
            self.foldable.set(left.unwrap_or(0));
            left
        };
        if self.foldable.get() == 0 {
            return None;
        }
        spend(args.iter().map(size).sum())?;
        let charged = |at: usize| {
            let items = items(at)?;
            spend(ITEM * items.len() as u64).map(|_| items)
        };
        let folded = fold(name, args, &charged)?;
        spend(size(&folded)).map(|_| folded)
    }
}

/// Whether a method of a namespace takes an item of it.
pub(in crate::safety) fn finds_item(named: &GlobalRef) -> bool {
    named.has(Traits::LEADS_ANYWHERE) && (named.name.ends_with(".get") || named.name.ends_with(".__getitem__"))
}

/// A built-in type by the name that picklers of code give it.
fn type_by_name(name: &str) -> AbstractValue {
    let (module, name) = match name {
        "CodeType" | "code" => ("cloudpickle.cloudpickle", "_make_code"),
        // How cloudpickle before 2.1 spells the type of functions: the last of the two names that `types` has for it.
        "LambdaType" => ("cloudpickle.cloudpickle", "_make_function"),
        "FunctionType" | "function" => ("types", "FunctionType"),
        "type" | "TypeType" | "ClassType" => ("builtins", "type"),
        // dill's own names.
        "PartialType" => ("functools", "partial"),
        "ItemGetterType" => ("operator", "itemgetter"),
        "AttrGetterType" => ("operator", "attrgetter"),
        "GenericAlias" => ("types", name),
        "ModuleType" | "module" => ("types", "ModuleType"),
        name if name.ends_with("Type") || name == "SimpleNamespace" => ("types", name),
        name => ("builtins", name),
    };
    AbstractValue::Global(GlobalRef::new(module, name))
}
