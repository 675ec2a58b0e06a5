//! Calls of names that are in no table: what their packages and their own words say.

use super::audit::Auditor;
use super::calls::Call;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Known, Role, Traits, acts, is_known_package, is_reviewed_package, is_stdlib, judge, method_acts};
use super::{Level, rules};
use crate::graph::{CallKind, Edge};
use std::rc::Rc;

/// Functions are told from classes by their first letter.
fn is_function_name(name: &str) -> bool {
    name.trim_start_matches('_').starts_with(|c: char| c.is_lowercase())
}

impl Auditor<'_> {
    pub(super) fn call_unknown(&mut self, named: &Rc<Named>, call: &Call) -> Meaning {
        let makes = matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx);
        if named.has(Traits::LEADS_ANYWHERE) {
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
        self.evaluates_text(named, call);
        let args: Vec<Meaning> = call.args.iter().map(|&edge| self.meaning(edge)).collect();
        let items = |at: usize| call.args.get(at).and_then(|&edge| self.items_of(edge));
        if let Some(folded) = self.fold(&named.name, &args, &items) {
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
        let is_text = |&edge: &Edge| self.names_a_place(edge);
        let is_given_text = call.args.iter().any(is_text);
        let is_function = last != "__new__" && is_function_name(last);
        if is_stdlib(&named.module) {
            draft.explanation = format!("Loading calls {full}, which no pickler of the standard library does.");
        } else if is_reviewed_package(&named.module) && is_function {
            draft.explanation = format!("Loading calls the function {full}, which no pickler of that package does.");
        } else if is_reviewed_package(&named.module) && is_given_text {
            draft.explanation =
                format!("Loading calls the constructor of {full} with a text or path, which may be a file's.");
        } else {
            return;
        }
        self.find(&rules::unusual_use::RULE, Level::Suspicious, draft);
    }

    /// A text or a path: what a constructor may open.
    pub(super) fn names_a_place(&self, edge: Edge) -> bool {
        match self.meaning(edge) {
            Meaning::Text(_) | Meaning::Bytes(_) => true,
            Meaning::Instance(class) => class.has(Traits::PATH),
            _ => false,
        }
    }

    /// The package sympy evaluates texts that its classes and functions are given as Python.
    fn evaluates_text(&mut self, named: &Rc<Named>, call: &Call) {
        if !named.has(Traits::EVALUATES_TEXT) || named.has(Traits::KEEPS_TEXT) {
            return;
        }
        if call.args.iter().any(|&edge| matches!(self.meaning(edge), Meaning::Text(_))) {
            let mut draft = Draft::named(call.id, named);
            draft.capability = Some(super::Capability::Code);
            draft.explanation = format!("{} evaluates the text that it is given as Python.", named.full());
            self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
        }
    }

    /// How bad a call of an unreviewed name is, whatever it is given.
    pub(super) fn level_of_unknown(&self, named: &Named) -> Level {
        if named.has(Traits::LEADS_ANYWHERE) {
            return Level::Dangerous;
        }
        if let Some(level) = self.method_of_reviewed(named) {
            return level;
        }
        let last = named.name.rsplit('.').next().unwrap_or(&named.name);
        match () {
            () if is_known_package(&named.module) && acts(&named.name).is_some() => Level::Dangerous,
            () if is_stdlib(&named.module) || is_reviewed_package(&named.module) && is_function_name(last) => {
                Level::Suspicious
            }
            () => Level::UnknownCode,
        }
    }

    /// For a method of a reviewed class or function: how bad calling it is.
    pub(super) fn method_of_reviewed(&self, named: &Named) -> Option<Level> {
        let (owner, method) = named.name.rsplit_once('.')?;
        let Known::Reviewed(review) = judge(&named.module, owner) else { return None };
        if !matches!(review.role, Role::Class | Role::Instance) {
            return Some(Level::Suspicious);
        }
        Some(if method_acts(method) { Level::Dangerous } else { Level::Suspicious })
    }
}
