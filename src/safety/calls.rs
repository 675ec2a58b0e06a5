//! Judges calls: what is called, in which role, with what.

use super::audit::Auditor;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Check, Known, Review, Role, Traits, is_stdlib};
use super::{Level, fold, rules};
use crate::graph::{CallGlance, CallKind, Edge, Node, NodeId, RunKind, SymbolId};
use std::rc::Rc;

/// Arguments that are looked at.
const ARGUMENTS: usize = 64;

/// A call being judged.
pub(super) struct Call {
    pub(super) id: NodeId,
    pub(super) kind: CallKind,
    pub(super) args: Vec<Edge>,
    /// The dict of keyword arguments.
    pub(super) kwargs: Option<Edge>,
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
        let Node::Call { kind, callee, args, kwargs } = self.graph.node(id) else { return };
        let (what, simple) = match self.graph.node(callee.node()) {
            Node::Global(symbol) => {
                let what = self.global(symbol);
                if let Meaning::Named(named) = &what
                    && let Some(glance) = self.graph.glance(id)
                    && !self.may_be_given_getters(id)
                    && self.quiet_call(&what, false).covers(CallGlance { is_changed: false, ..glance })
                {
                    let level = named.known.level();
                    self.note_change(id);
                    return self.list_call(id, self.level_of(id).max(level));
                }
                if matches!(&what, Meaning::Named(named) if matches!(named.known, Known::Sink(_)) && !named.has(Traits::FINDS))
                    && self.is_one_of_many(symbol)
                {
                    return self.list_call(id, Level::Dangerous);
                }
                (what, true)
            }
            _ => (self.meaning(callee), false),
        };
        let call = Call { id, kind, args: self.graph.items(args.node()).take(ARGUMENTS).collect(), kwargs };
        let level = match &what {
            Meaning::Named(named) => named.known.level(),
            _ => Level::UnknownCode,
        };
        let result = self.apply(&what, &call);
        self.note_change(id);
        // What every call of a global gives is not stored: a file may have millions.
        let usual = simple
            && matches!((&result, &what), (Meaning::Instance(made), Meaning::Named(by))
            if made == by || by.has(Traits::RECONSTRUCTS) && *made == self.class_made(id, by));
        if !usual {
            self.meanings.insert(id, result);
        }
        let level = level.max(self.level_of(id));
        self.list_call(id, level);
    }

    /// Whether the file has getters, and an argument is the result of a call, which may be one.
    pub(super) fn may_be_given_getters(&self, id: NodeId) -> bool {
        if !self.has_getters {
            return false;
        }
        let Node::Call { args, kwargs, .. } = self.graph.node(id) else { return true };
        let is_call = |edge: Edge| matches!(self.graph.node(edge.node()), Node::Call { .. });
        kwargs.is_some() || self.graph.items(args.node()).take(ARGUMENTS).any(is_call)
    }

    /// Of each global: which of its calls have nothing to say that its name has not. Decided once for a name.
    pub(super) fn quiet_calls(&self) -> Vec<Quiet> {
        let hooks = self.looks_for_planted();
        let globals = (0..self.graph.symbols.len() as u32).map(|symbol| self.global(SymbolId(symbol)));
        globals.map(|global| self.quiet_call(&global, hooks)).collect()
    }

    /// `hooks`: whether something may be planted in what they make.
    fn quiet_call(&self, what: &Meaning, hooks: bool) -> Quiet {
        let Meaning::Named(named) = what else { return Quiet::default() };
        match named.known {
            Known::Reviewed(review) if review.check == Check::Any && !named.has(Traits::FOLDS) => {
                let makes = CallKind::NewObj.bit() | CallKind::NewObjEx.bit();
                let kinds = match review.role {
                    Role::Class => u8::MAX,
                    Role::Instance => makes,
                    Role::Function | Role::Builder => CallKind::Reduce.bit(),
                    Role::Reference => 0,
                };
                // Of some classes the state itself is looked at.
                let unchanged = hooks
                    || review.role == Role::Function
                    || named.has(Traits::STATE_HAS_CODE.with(Traits::STATE_HAS_HANDLE));
                // Constructors may be given what is planted.
                let kinds = if hooks { kinds & makes } else { kinds };
                Quiet { kinds, bare: 0, unchanged }
            }
            Known::Unknown => {
                let is_quiet = !named.has(Traits::LEADS_ANYWHERE) && self.method_of_reviewed(named).is_none();
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
                self.apply_once(&inner.clone(), &Call { args, kind: CallKind::Reduce, ..*call })
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
    pub(super) fn partial_state(&self, id: NodeId, depth: u32) -> Option<Meaning> {
        let state = self.graph.run_window(id, RunKind::State, 0).last()?;
        let mut parts = self.graph.items(state.node());
        let (function, args) = (parts.next()?, parts.next()?);
        let args: Vec<Edge> = self.graph.items(args.node()).take(ARGUMENTS).collect();
        Some(self.partial_of(self.meaning_within(function, depth), args))
    }

    /// `partial(function, *args)`. Of a partial it is one of the same function with all arguments, as Python has it.
    pub(super) fn partial_of(&self, function: Meaning, args: Vec<Edge>) -> Meaning {
        match function {
            Meaning::Partial(inner, first) => {
                let args = first.iter().copied().chain(args).take(ARGUMENTS).collect();
                Meaning::Partial(inner, args)
            }
            // Methods of partials of methods have no end, and are as bad as anything.
            Meaning::Method(ref owner, _) if matches!(**owner, Meaning::Partial(..)) => {
                Meaning::Partial(Rc::new(Meaning::Opaque), args.into())
            }
            function => Meaning::Partial(Rc::new(function), args.into()),
        }
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
        let folded = if kind.is_empty() { None } else { self.fold(&format!("{kind}.{name}"), &args, &items) };
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

    /// What a call gives for constants, as far as a file's calls together may cost.
    pub(super) fn fold(
        &self,
        name: &str,
        args: &[Meaning],
        items: &dyn Fn(usize) -> Option<Vec<Meaning>>,
    ) -> Option<Meaning> {
        let size = |meaning: &Meaning| match meaning {
            Meaning::Text(text) => text.len() as u64,
            Meaning::Bytes(bytes) => bytes.len() as u64,
            _ => 0,
        };
        let spend = |bytes: u64| {
            let left = self.foldable.get().checked_sub(bytes);
            self.foldable.set(left.unwrap_or(0));
            left
        };
        // A text may be joined by its characters.
        const ITEM: u64 = 64;
        if self.foldable.get() == 0 {
            return None;
        }
        spend(args.iter().map(size).sum())?;
        let charged = |at: usize| {
            let items = items(at)?;
            spend(ITEM * items.len() as u64).map(|_| items)
        };
        let folded = fold::fold(name, args, &charged)?;
        spend(size(&folded)).map(|_| folded)
    }

    pub(super) fn argument(&self, call: &Call, index: usize) -> Meaning {
        call.args.get(index).map_or(Meaning::Data, |&edge| self.meaning(edge))
    }

    /// What a reconstructor of `copyreg` makes an instance of.
    pub(super) fn class_made(&self, call: NodeId, by: &Rc<Named>) -> Rc<Named> {
        let Node::Call { args, .. } = self.graph.node(call) else { return Rc::clone(by) };
        match self.graph.items(args.node()).next().map(|class| self.graph.node(class.node())) {
            Some(Node::Global(class)) => self.named(class),
            _ => Rc::clone(by),
        }
    }

    /// The namespace of the loading program is given to functions that are pickled by value, and to nothing else.
    fn shares_namespace(&mut self, named: &Rc<Named>, call: &Call) {
        let makes_code = matches!(
            named.known,
            Known::Reviewed(Review { check: Check::MakeFunction | Check::FillFunction | Check::Getitem, .. })
        );
        if !self.has_namespaces || makes_code {
            return;
        }
        if call.args.iter().any(|&edge| matches!(self.meaning(edge), Meaning::Namespace(_))) {
            let why = format!("{} is given the namespace of a module, through which it can be changed.", named.full());
            self.unusual(named, call, Level::Suspicious, why);
        }
    }

    fn call_named(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        self.shares_namespace(named, call);
        match named.known {
            Known::Sink(capability) => {
                let mut draft = Draft::named(call.id, named);
                draft.explanation = format!("Loading this file would {}.", capability.verb());
                self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
                self.result_of_sink(named, call)
            }
            Known::Reviewed(review) => {
                self.role(named, review, call);
                if matches!(review.check, Check::Any | Check::Bounded(_) | Check::FirstClass | Check::TwoClasses) {
                    self.is_given_getter(named, call);
                }
                self.check(named, review, call)
            }
            Known::Unknown => self.call_unknown(named, call),
        }
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
            let is_text = |&edge: &Edge| self.names_a_place(edge);
            let is_quiet = review.role == Role::Instance && !is_stdlib(&named.module) && !call.args.iter().any(is_text);
            let level = if is_quiet { Level::UnknownCode } else { Level::Suspicious };
            let mut draft = Draft::named(call.id, named);
            draft.explanation =
                format!("{} is ordinary ({}), but honest files do not call it so.", named.full(), review.reason);
            self.find(&rules::unusual_use::RULE, level, draft);
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
                let args: Vec<Meaning> = if named.has(Traits::FOLDS) {
                    call.args.iter().map(|&edge| self.meaning(edge)).collect()
                } else {
                    return instance();
                };
                let items = |at: usize| call.args.get(at).and_then(|&edge| self.items_of(edge));
                self.fold(&named.name, &args, &items).unwrap_or_else(instance)
            }
            other => self.check_arguments(named, other, call),
        }
    }
}
