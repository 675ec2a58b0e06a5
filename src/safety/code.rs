//! Code that the file holds: code objects, functions and classes by value.

use super::audit::Auditor;
use super::calls::Call;
use super::evidence::Draft;
use super::meaning::{Meaning, Named};
use super::names::{Known, Traits, is_hook, is_stdlib};
use super::{Level, rules};
use crate::graph::Node;
use std::rc::Rc;

impl Auditor<'_> {
    /// The first argument is called with the rest: it must be a metaclass.
    pub(super) fn make_class(&mut self, call: &Call) -> Meaning {
        let meta = self.argument(call, 0);
        let is_meta = match &meta {
            Meaning::Named(named) => named.has(Traits::METACLASS) || named.known == Known::Unknown,
            // The name of a type variable, the bases of an enumeration.
            Meaning::Text(_) | Meaning::Data | Meaning::Class => true,
            Meaning::Instance(class) => class.is("builtins", "type"),
            _ => false,
        };
        if is_meta {
            return Meaning::Class;
        }
        let args = call.args.get(1..).unwrap_or_default().to_vec();
        self.apply_once(&meta, &Call { args, ..*call })
    }

    /// `dill._dill._create_namedtuple(name, fields, module)` gives `module.name` where there is such a thing.
    pub(super) fn namedtuple_by_name(&mut self, call: &Call) -> Meaning {
        let (name, module) = (self.argument(call, 0), self.argument(call, 2));
        let (Some(name), Some(module)) = (name.text(), module.text()) else { return Meaning::Opaque };
        self.import_that_acts(call, module);
        let found = Named::new(module, name);
        match found.known {
            Known::Unknown if !is_stdlib(module) => Meaning::Class,
            _ => {
                let result = Meaning::Named(found);
                self.arrive(call.id, &result);
                result
            }
        }
    }

    /// What a code object names, and whether it is a hook.
    pub(super) fn code_object(&mut self, call: &Call) {
        let mut names: Vec<String> = Vec::new();
        let mut hook = None;
        for &edge in &call.args {
            match self.graph.node(edge.node()) {
                Node::Tuple => {
                    let texts = self.graph.items(edge.node()).take(256).filter_map(|edge| self.lens.string(edge));
                    names.extend(texts);
                }
                Node::Text { .. } => hook = hook.or_else(|| self.lens.string(edge).filter(|name| is_hook(name))),
                _ => {}
            }
        }
        let Some(what) = dangerous_names(&names) else { return };
        let mut draft = Draft::at(call.id);
        let (rule, level) = match &hook {
            Some(hook) => {
                draft.explanation = format!("The code of {hook}, which Python calls by itself, names {what}.");
                (&rules::runs_stored_code::RULE, Level::Dangerous)
            }
            None => {
                draft.explanation = format!("The file holds code that names {what}.");
                (&rules::stored_code::RULE, Level::UnknownCode)
            }
        };
        self.find(rule, level, draft);
        if self.dangerous_code.is_empty() {
            self.dangerous_code.push(what);
        }
    }

    pub(super) fn setstate(&mut self, named: &Rc<Named>, call: &Call) {
        let target = self.argument(call, 0);
        if !matches!(target, Meaning::Class | Meaning::Function) {
            let level = if target.is_imported() { Level::Dangerous } else { Level::Suspicious };
            let mut draft = Draft::named(call.id, named);
            draft.explanation = "It changes something that this file did not make.".to_owned();
            self.find(&rules::modifies_import::RULE, level, draft);
        }
    }
}

/// A module and what is taken of it, among the names of a code object.
fn dangerous_names(names: &[String]) -> Option<String> {
    let has = |name: &str| names.iter().any(|found| found == name);
    const PAIRS: &[(&str, &str)] = &[
        ("os", "system popen execv execve execl execvp spawnl spawnv fork forkpty posix_spawn startfile"),
        ("posix", "system popen execv fork"),
        ("subprocess", "run Popen call check_call check_output getoutput getstatusoutput"),
        ("pty", "spawn"),
        ("socket", "connect create_connection"),
        ("ctypes", "CDLL WinDLL cdll windll"),
        ("urlopen", "urllib request"),
        ("requests", "post"),
    ];
    for (module, members) in PAIRS {
        if has(module)
            && let Some(member) = members.split_ascii_whitespace().find(|member| has(member))
        {
            return Some(format!("{module}.{member}"));
        }
    }
    // Not `eval` and `compile`: methods of models and of `re` have these names.
    ["exec", "__import__"].into_iter().find(|name| has(name)).map(str::to_owned)
}
