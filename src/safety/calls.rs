//! Judges calls: what is called, in which role, with what.

use super::audit::{Auditor, global_meaning};
use super::evidence::Draft;
use super::known::{
    Check, Known, Review, Role, acts, is_introspective, is_known_package, is_reviewed_package, is_stdlib,
};
use super::meaning::{Meaning, Named};
use super::{Level, fold, rules};
use crate::graph::{CallGlance, CallKind, Edge, Node, NodeId, RunKind, SymbolId};
use std::rc::Rc;

/// Characters of a dotted name that is walked on.
const LONGEST_NAME: usize = 400;
/// Arguments that are looked at.
const ARGUMENTS: usize = 64;

/// A call being judged.
pub(super) struct Call {
    pub(super) id: NodeId,
    pub(super) kind: CallKind,
    pub(super) args: Vec<Edge>,
}

/// Which calls of a global say no more than its name does.
#[derive(Clone, Copy, Default)]
pub(super) struct Quiet {
    /// Kinds of calls, a bit each.
    kinds: u8,
    /// Those that must be given no arguments.
    bare: u8,
    /// Whether nothing may be done to what they give.
    unchanged: bool,
}

impl Quiet {
    pub(super) fn covers(self, call: CallGlance) -> bool {
        let kinds = if call.is_bare { self.kinds | self.bare } else { self.kinds };
        kinds & call.kind.bit() != 0 && !(self.unchanged && call.is_changed)
    }
}

impl Auditor<'_> {
    /// Judges one call, after everything that it is made of.
    pub(super) fn call(&mut self, id: NodeId) {
        let Node::Call { kind, callee, args, .. } = self.graph.node(id) else { return };
        let (what, simple) = match self.graph.node(callee.node()) {
            Node::Global(symbol) => {
                let what = self.global(symbol);
                if let Meaning::Named(named) = &what
                    && let Some(glance) = self.graph.glance(id)
                    && self.quiet_call(&what, false).covers(CallGlance { is_changed: false, ..glance })
                {
                    let level = named.known.level();
                    self.changes(id, &what_it_makes(&what));
                    return self.list_call(id, self.level_of(id).max(level));
                }
                if matches!(&what, Meaning::Named(named) if matches!(named.known, Known::Sink(_)) && !finds(named))
                    && self.is_one_of_many(symbol)
                {
                    return self.list_call(id, Level::Dangerous);
                }
                (what, true)
            }
            _ => (self.meaning(callee), false),
        };
        let call = Call { id, kind, args: self.graph.items(args.node()).take(ARGUMENTS).collect() };
        let level = match &what {
            Meaning::Named(named) => named.known.level(),
            _ => Level::UnknownCode,
        };
        let mut result = self.apply(&what, &call);
        if let Meaning::Partial(..) = result {
            result = self.partial_state(id).unwrap_or(result);
        }
        self.changes(id, &result);
        // What every call of a global gives is not stored: a file may have millions.
        let usual = simple && matches!((&result, &what), (Meaning::Instance(made), Meaning::Named(by)) if made == by);
        if !usual {
            self.meanings.insert(id, result);
        }
        let level = level.max(self.level_of(id));
        self.list_call(id, level);
    }

    /// Of each global: which of its calls have nothing to say that its name has not. Decided once for a name.
    pub(super) fn quiet_calls(&self) -> Vec<Quiet> {
        let hooks = !self.hooks.is_empty() || !self.adders.is_empty();
        let globals = (0..self.graph.symbols.len() as u32).map(|symbol| self.global(SymbolId(symbol)));
        globals.map(|global| self.quiet_call(&global, hooks)).collect()
    }

    fn quiet_call(&self, what: &Meaning, hooks: bool) -> Quiet {
        let Meaning::Named(named) = what else { return Quiet::default() };
        match named.known {
            Known::Reviewed(review) if review.check == Check::Any && !may_fold(named) => {
                let makes = CallKind::NewObj.bit() | CallKind::NewObjEx.bit();
                let kinds = match review.role {
                    Role::Class => u8::MAX,
                    Role::Instance => makes,
                    Role::Function | Role::Builder => CallKind::Reduce.bit(),
                    Role::Reference => 0,
                };
                Quiet { kinds, bare: 0, unchanged: hooks || review.role == Role::Function }
            }
            Known::Unknown => {
                let leads_anywhere = named.name.split('.').take(64).any(is_introspective);
                let is_quiet = !leads_anywhere && self.method_of_reviewed(named).is_none();
                Quiet { kinds: 0, bare: if is_quiet { CallKind::NewObj.bit() } else { 0 }, unchanged: hooks }
            }
            _ => Quiet::default(),
        }
    }

    /// What calling `what` gives; findings on the way.
    pub(super) fn apply(&mut self, what: &Meaning, call: &Call) -> Meaning {
        match what {
            Meaning::Named(named) => self.call_named(named, call),
            Meaning::Partial(inner, first) => {
                let args = first.iter().chain(&call.args).copied().take(ARGUMENTS).collect();
                self.apply_once(&inner.clone(), &Call { args, ..*call })
            }
            Meaning::Attributes(names) => {
                let owner = self.argument(call, 0);
                let name = names.first().cloned().unwrap_or_default();
                self.attribute(call.id, owner, &name)
            }
            Meaning::Item(key) => {
                let owner = self.argument(call, 0);
                self.item(call.id, &owner, key.as_deref())
            }
            Meaning::MethodCaller(name) => {
                let owner = self.argument(call, 0);
                let method = self.attribute(call.id, owner, name);
                self.apply_once(&method, call)
            }
            Meaning::Method(owner, name) => self.call_method(owner, name, call),
            Meaning::Function => {
                let mut draft = Draft::at(call.id);
                draft.explanation = "Loading runs a function whose code is in the file.".to_owned();
                self.find(&rules::runs_stored_code::RULE, Level::Dangerous, draft);
                Meaning::Opaque
            }
            Meaning::Class => {
                self.instance_of_stored_class(call.id);
                Meaning::Opaque
            }
            _ => self.call_of_result(what, call),
        }
    }

    /// What a getter or a `partial` ends in must be a name or a method: there are no chains of them in honest files.
    pub(super) fn apply_once(&mut self, method: &Meaning, call: &Call) -> Meaning {
        match method {
            Meaning::Named(named) => self.call_named(named, call),
            Meaning::Method(owner, name) => self.call_method(owner, name, call),
            Meaning::Function | Meaning::Class => self.apply(method, call),
            _ => self.call_of_result(method, call),
        }
    }

    fn call_of_result(&mut self, what: &Meaning, call: &Call) -> Meaning {
        let makes = matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx);
        let level = match what {
            // The extension code has its own finding.
            _ if self.is_extension(call.id) => Level::Suspicious,
            Meaning::Instance(_) | Meaning::Opaque | Meaning::Endless if makes => Level::UnknownCode,
            Meaning::Data | Meaning::Text(_) | Meaning::Bytes(_) => Level::Suspicious,
            _ => Level::Dangerous,
        };
        let mut draft = Draft::at(call.id);
        draft.explanation = match level {
            Level::UnknownCode => "Loading makes an instance of a class that another call gave.".to_owned(),
            _ => "Loading calls the result of something else; which code that is cannot be known.".to_owned(),
        };
        self.find(&rules::computed_call::RULE, level, draft);
        Meaning::Opaque
    }

    /// Function and arguments come with the state: `(function, arguments, keywords, attributes)`.
    fn partial_state(&self, id: NodeId) -> Option<Meaning> {
        let state = self.graph.run_window(id, RunKind::State, 0).last()?;
        let mut parts = self.graph.items(state.node());
        let (function, args) = (parts.next()?, parts.next()?);
        let args: Vec<Edge> = self.graph.items(args.node()).take(ARGUMENTS).collect();
        Some(Meaning::Partial(Rc::new(self.meaning(function)), args.into()))
    }

    fn is_extension(&self, call: NodeId) -> bool {
        let Node::Call { callee, .. } = self.graph.node(call) else { return false };
        matches!(self.graph.node(callee.node()), Node::Extension(_))
    }

    fn call_method(&mut self, owner: &Meaning, name: &str, call: &Call) -> Meaning {
        if let Meaning::Namespace(_) = owner
            && matches!(name, "get" | "__getitem__" | "pop" | "setdefault")
        {
            let key = self.argument(call, 0);
            return self.item(call.id, owner, key.text());
        }
        let kind = match owner {
            Meaning::Text(_) => "str",
            Meaning::Bytes(_) => "bytes",
            _ => "",
        };
        let mut args = vec![owner.clone()];
        args.extend(call.args.iter().map(|&edge| self.meaning(edge)));
        let items = |at: usize| call.args.get(at.checked_sub(1)?).and_then(|&edge| self.items_of(edge));
        let folded = if kind.is_empty() { None } else { fold::fold(&format!("{kind}.{name}"), &args, &items) };
        let mut draft = Draft::at(call.id);
        let is_constant = matches!(owner, Meaning::Text(_) | Meaning::Bytes(_) | Meaning::Data);
        draft.explanation = format!("Loading calls the method {name} of a value that the file makes.");
        let level = if is_constant { Level::Suspicious } else { Level::Dangerous };
        self.find(&rules::computed_call::RULE, level, draft);
        folded.unwrap_or(Meaning::Opaque)
    }

    /// The items of a sequence that `join` would take, when it is a plain one.
    pub(super) fn items_of(&self, edge: Edge) -> Option<Vec<Meaning>> {
        const MOST: usize = 4096;
        let node = edge.node();
        let characters = |text: &str| text.chars().map(|c| Meaning::Text(c.to_string().into())).collect::<Vec<_>>();
        match self.graph.node(node) {
            Node::Tuple => Some(self.graph.items(node).take(MOST).map(|edge| self.meaning(edge)).collect()),
            Node::List => {
                Some(self.graph.run_window(node, RunKind::Items, 0).take(MOST).map(|edge| self.meaning(edge)).collect())
            }
            Node::Text { .. } => self.meaning(edge).text().map(characters),
            Node::Call { callee, args, .. } => {
                if let Some(text) = self.meaning(edge).text() {
                    return Some(characters(text));
                }
                let inner = self.graph.items(args.node()).next()?;
                let Meaning::Named(by) = self.meaning(callee) else { return None };
                if by.is("builtins", "reversed") && !matches!(self.graph.node(inner.node()), Node::Call { .. }) {
                    let mut items = self.items_of(inner)?;
                    items.reverse();
                    return Some(items);
                }
                None
            }
            _ => None,
        }
    }

    pub(super) fn argument(&self, call: &Call, index: usize) -> Meaning {
        call.args.get(index).map_or(Meaning::Data, |&edge| self.meaning(edge))
    }

    fn call_named(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        match named.known {
            Known::Sink(capability) => {
                let mut draft = Draft::named(call.id, named);
                draft.explanation = format!("Loading this file would {}.", capability.verb());
                self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
                self.result_of_sink(named, call)
            }
            Known::Reviewed(review) => {
                self.role(named, review, call);
                self.check(named, review, call)
            }
            Known::Unknown => self.call_unknown(named, call),
        }
    }

    fn call_unknown(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let makes = matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx);
        if named.name.split('.').take(64).any(is_introspective) {
            let mut draft = Draft::named(call.id, named);
            draft.explanation = format!("Loading calls {}, which leads anywhere.", named.full());
            self.find(&rules::computed_call::RULE, Level::Dangerous, draft);
            if named.name.ends_with(".get") || named.name.ends_with(".__getitem__") {
                let key = self.argument(call, call.args.len().saturating_sub(1).min(1));
                let space = Meaning::Namespace(Named::new(&named.module, ""));
                return self.item(call.id, &space, key.text());
            }
        } else if let Some(level) = self.method_of_reviewed(named) {
            let mut draft = Draft::named(call.id, named);
            draft.explanation =
                format!("Loading calls the method {} of a known class, which no pickler does.", named.name);
            self.find(&rules::unusual_use::RULE, level, draft);
        } else if !makes {
            self.call_of_package(named, call);
        }
        let args: Vec<Meaning> = call.args.iter().map(|&edge| self.meaning(edge)).collect();
        let items = |at: usize| call.args.get(at).and_then(|&edge| self.items_of(edge));
        if let Some(folded) = fold::fold(&named.name, &args, &items) {
            return folded;
        }
        Meaning::Instance(Rc::clone(named))
    }

    /// A call of an unreviewed name in a package that is known as a whole.
    fn call_of_package(&mut self, named: &Rc<Named>, call: &Call) {
        let mut draft = Draft::named(call.id, named);
        let full = named.full();
        if is_known_package(&named.module)
            && let Some(capability) = acts(&named.name)
        {
            draft.capability = Some(capability);
            draft.explanation =
                format!("Loading calls {full}, which by its name can {}; no pickler does.", capability.verb());
            return self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
        }
        let last = named.name.rsplit('.').next().unwrap_or(&named.name);
        let is_function = last != "__new__" && last.trim_start_matches('_').starts_with(|c: char| c.is_lowercase());
        if is_stdlib(&named.module) {
            draft.explanation = format!("Loading calls {full}, which no pickler of the standard library does.");
        } else if is_reviewed_package(&named.module) && is_function {
            draft.explanation = format!("Loading calls the function {full}, which no pickler of that package does.");
        } else {
            return;
        }
        self.find(&rules::unusual_use::RULE, Level::Suspicious, draft);
    }

    /// For a method of a reviewed class or function: how bad calling it is.
    fn method_of_reviewed(&self, named: &Named) -> Option<Level> {
        let (owner, method) = named.name.rsplit_once('.')?;
        let Known::Reviewed(review) = super::known::judge(&named.module, owner) else { return None };
        if !matches!(review.role, Role::Class | Role::Instance) {
            return Some(Level::Suspicious);
        }
        let acts = [
            "to_",
            "read",
            "write",
            "save",
            "load",
            "dump",
            "eval",
            "query",
            "apply",
            "pipe",
            "agg",
            "map",
            "open",
            "run",
            "exec",
            "fit",
            "predict",
            "transform",
            "call",
            "from_file",
            "tofile",
            "register",
            "hook",
        ];
        let dangerous = acts.iter().any(|act| method.starts_with(act));
        Some(if dangerous { Level::Dangerous } else { Level::Suspicious })
    }

    /// Whether the name may be called in this way.
    fn role(&mut self, named: &Rc<Named>, review: Review, call: &Call) {
        let makes = matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx);
        let bare = matches!(call.kind, CallKind::Inst | CallKind::Obj) && call.args.is_empty();
        let fits = match review.role {
            Role::Class => true,
            Role::Instance => makes || bare,
            Role::Function | Role::Builder => !makes,
            Role::Reference => false,
        };
        if !fits {
            // Constructors that picklers do not call may open what a text names.
            let is_text = |&edge: &Edge| matches!(self.meaning(edge), Meaning::Text(_) | Meaning::Bytes(_));
            let is_quiet = review.role == Role::Instance && !call.args.iter().any(is_text);
            let level = if is_quiet { Level::UnknownCode } else { Level::Suspicious };
            let mut draft = Draft::named(call.id, named);
            draft.explanation =
                format!("{} is ordinary ({}), but honest files do not call it so.", named.full(), review.reason);
            self.find(&rules::unusual_use::RULE, level, draft);
        }
    }

    /// Calls of dangerous functions that find something: what they find is what comes next.
    fn result_of_sink(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let public = super::known::public_module(&named.module).to_owned();
        let first = self.argument(call, 0);
        let text = first.text().map(str::to_owned);
        match (public.as_str(), named.name.as_str(), text) {
            ("builtins", "__import__", Some(module)) | ("importlib", "import_module" | "__import__", Some(module)) => {
                let top = module.split('.').next().unwrap_or(&module).to_owned();
                Meaning::Module(if named.name == "__import__" { top } else { module }.into())
            }
            ("pkgutil", "resolve_name", Some(path)) | ("pydoc", "locate", Some(path)) => {
                let split = path.split_once(':').or_else(|| path.rsplit_once('.'));
                split.map_or_else(
                    || Meaning::Module(path.as_str().into()),
                    |(module, name)| global_meaning(Named::new(module, name)),
                )
            }
            ("sys", "modules.get" | "modules.__getitem__", Some(module)) => Meaning::Module(module.into()),
            ("inspect", "getattr_static", _) => match self.argument(call, 1).text() {
                Some(name) => self.attribute(call.id, first.clone(), name),
                None => Meaning::Opaque,
            },
            ("builtins", "vars", _) => match first {
                Meaning::Module(module) => Meaning::Namespace(Named::new(&module, "")),
                Meaning::Named(owner) => Meaning::Namespace(owner),
                _ => Meaning::Opaque,
            },
            ("builtins", "globals" | "locals", _) => Meaning::Namespace(Named::new("builtins", "")),
            ("builtins", "object.__getattribute__" | "type.__getattribute__", _) => match self.argument(call, 1).text()
            {
                Some(name) => self.attribute(call.id, first.clone(), name),
                None => Meaning::Opaque,
            },
            _ => Meaning::Instance(Rc::clone(named)),
        }
    }

    /// `owner.name`, and what that means.
    pub(super) fn attribute(&mut self, at: NodeId, owner: Meaning, name: &str) -> Meaning {
        let mut result = Meaning::Data;
        let mut current = owner;
        for part in name.split('.').take(64) {
            result = match &current {
                Meaning::Module(module) => global_meaning(Named::new(module, part)),
                // A chain without an end would make names without one.
                Meaning::Named(named) if named.name.len() > LONGEST_NAME => Meaning::Opaque,
                Meaning::Named(named) => global_meaning(named.attribute(part)),
                Meaning::Namespace(space) if part != "get" && part != "__getitem__" => {
                    global_meaning(space.attribute(part))
                }
                other => Meaning::Method(Rc::new(other.clone()), part.into()),
            };
            if is_introspective(part)
                && !matches!(&result, Meaning::Named(named) if matches!(named.known, Known::Reviewed(_)))
            {
                let mut draft = Draft::at(at);
                name.clone_into(&mut draft.name);
                draft.explanation = format!("The attribute {part} leads to everything that the interpreter holds.");
                let level = if super::known::is_master_key(part) { Level::Dangerous } else { Level::Suspicious };
                self.find(&rules::introspection::RULE, level, draft);
            }
            current = result.clone();
        }
        self.arrive(at, &result);
        result
    }

    /// The item `key` of a namespace or of `sys.modules`.
    pub(super) fn item(&mut self, at: NodeId, owner: &Meaning, key: Option<&str>) -> Meaning {
        let result = match (owner, key) {
            (Meaning::Namespace(space), Some(key)) => global_meaning(Named::new(&space.module, key)),
            (Meaning::Named(named), Some(key)) if named.is("sys", "modules") => Meaning::Module(key.into()),
            (Meaning::Text(_) | Meaning::Bytes(_), _) => return Meaning::Data,
            _ => Meaning::Opaque,
        };
        self.arrive(at, &result);
        result
    }

    /// What a walk by attributes or items came to.
    pub(super) fn arrive(&mut self, at: NodeId, result: &Meaning) {
        let Meaning::Named(named) = result else { return };
        let mut draft = Draft::named(at, named);
        match named.known {
            Known::Sink(capability) => {
                draft.explanation = format!("The attribute is {}, which can {}.", named.full(), capability.verb());
                self.find(&rules::attribute_walk::RULE, Level::Dangerous, draft);
            }
            Known::Unknown => {
                draft.explanation = format!("Loading takes {}; what it does is not known here.", named.full());
                self.find(&rules::unknown_code::RULE, Level::UnknownCode, draft);
            }
            Known::Reviewed(_) => {}
        }
    }

    /// An instance of a class that the file makes: its hooks may run.
    fn instance_of_stored_class(&mut self, id: NodeId) {
        let mut draft = Draft::at(id);
        match self.dangerous_code.first() {
            Some(what) => {
                draft.explanation =
                    format!("Loading makes an instance of a class of this file, whose code names {what}.");
                self.find(&rules::runs_stored_code::RULE, Level::Suspicious, draft);
            }
            None => {
                draft.explanation = "Loading makes an instance of a class that the file itself brings.".to_owned();
                self.find(&rules::stored_code::RULE, Level::UnknownCode, draft);
            }
        }
    }

    /// What the check of a reviewed call is; here for the checks' own file.
    pub(super) fn unusual(&mut self, named: &Named, call: &Call, level: Level, why: String) {
        let mut draft = Draft::named(call.id, named);
        draft.explanation = why;
        self.find(&rules::unusual_arguments::RULE, level, draft);
    }

    pub(super) fn check(&mut self, named: &Rc<Named>, review: Review, call: &Call) -> Meaning {
        let instance = || Meaning::Instance(Rc::clone(named));
        match review.check {
            Check::Any => {
                let args: Vec<Meaning> = if may_fold(named) {
                    call.args.iter().map(|&edge| self.meaning(edge)).collect()
                } else {
                    return instance();
                };
                let items = |at: usize| call.args.get(at).and_then(|&edge| self.items_of(edge));
                fold::fold(&named.name, &args, &items).unwrap_or_else(instance)
            }
            other => self.check_arguments(named, other, call),
        }
    }
}

fn what_it_makes(what: &Meaning) -> Meaning {
    match what {
        Meaning::Named(named) => Meaning::Instance(Rc::clone(named)),
        _ => Meaning::Opaque,
    }
}

/// Dangerous functions whose result is worked out.
fn finds(named: &Named) -> bool {
    matches!(
        super::known::public_module(&named.module),
        "builtins" | "importlib" | "pkgutil" | "pydoc" | "sys" | "inspect"
    )
}

/// Reviewed names that put texts together.
fn may_fold(named: &Named) -> bool {
    matches!(named.module.as_str(), "operator" | "_operator")
        || named.module == "builtins"
            && (named.name == "unicode" || named.name == "bytes.fromhex" || named.name.starts_with("str"))
}
