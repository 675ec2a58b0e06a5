//! Code that the file brings: code objects, functions and classes by value.

use crate::graph::{Node, NodeId};
use crate::lens::CodeObject;
use crate::safety::facts::{CodeBudget, Facts, acting};
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::is_hook;
use crate::safety::values::{Call, GlobalRef};
use crate::safety::verdict::Findings;
use std::collections::HashSet;

/// Holds code.
pub const STORED_CODE: Rule = Rule {
    id: "stored-code",
    title: "Holds code",
    what: "The file holds functions, classes or code objects by value, as cloudpickle and dill write them.",
    why: "Loading makes them and does not run them by itself, but whoever uses the loaded value does. What byte code does cannot be told from the file's names alone.",
    example: ("cloudpickle.dumps(lambda x: x)", "_make_function(CodeType(...))"),
    advice: "Load it only if you trust the author as you would trust a script from them.",
    references: &[
        ("cloudpickle: functions by value", "https://github.com/cloudpipe/cloudpickle"),
        ("dill: functions by value", "https://github.com/uqfoundation/dill"),
        ("The data model: code objects", "https://docs.python.org/3/reference/datamodel.html#code-objects"),
    ],
};

/// Runs code that the file holds.
pub const RUNS_STORED_CODE: Rule = Rule {
    id: "runs-stored-code",
    title: "Runs code that the file holds",
    what: "A function made of a code object in the file is called while loading, or a hook of a class made in the file names something dangerous.",
    why: "Code in the file can do anything, and here it does so before the loading program sees any value.",
    example: ("_make_function(CodeType(...))()", "a function of this file, called"),
    advice: "Do not load this file.",
    references: &[
        ("GHSA-565g-hwwr-4pp3: marshal and types.FunctionType", "https://github.com/advisories/GHSA-565g-hwwr-4pp3"),
        ("cloudpickle: functions by value", "https://github.com/cloudpipe/cloudpickle"),
    ],
};

/// What is known of the code that the file brought so far.
#[derive(Default)]
pub(super) struct StoredCode {
    /// The first dangerous thing that a code object names.
    dangerous: Option<String>,
    budget: CodeBudget,
}

impl StoredCode {
    /// What a code object names, and whether it is a hook.
    pub(super) fn code_object(&mut self, facts: &Facts<'_>, call: &Call, found: &mut Findings) {
        let mut names: Vec<String> = Vec::new();
        let mut hook = None;
        for &edge in &*call.args {
            match facts.graph.node(edge.node()) {
                Node::Tuple => {
                    let texts = facts.graph.items(edge.node()).take(256).filter_map(|edge| facts.lens.string(edge));
                    names.extend(texts);
                }
                Node::Text { .. } => hook = hook.or_else(|| facts.lens.string(edge).filter(|name| is_hook(name))),
                _ => {}
            }
        }
        let code = facts.lens.code(call.id);
        let outer = code.as_ref().map_or_else(|| names.iter().map(String::as_str).collect(), CodeObject::outer_names);
        let was_used_up = self.budget.is_used_up();
        let what = module_members(&names, outer, &self.budget);
        if self.budget.is_used_up() && !was_used_up {
            found.partial("not all code that the file brings was followed");
        }
        let Some(what) = what else { return };
        let mut draft = Draft::at(call.id);
        let (rule, level) = match &hook {
            Some(hook) => {
                draft.explanation = format!("The code of {hook}, which Python calls by itself, names {what}.");
                (&RUNS_STORED_CODE, Level::Dangerous)
            }
            None => {
                draft.explanation = format!("The file holds code that names {what}.");
                (&STORED_CODE, Level::UnknownCode)
            }
        };
        found.find(facts, rule, level, draft);
        self.dangerous.get_or_insert(what);
    }

    /// An instance of a class that the file makes: its hooks may run.
    pub(super) fn instance(&self, facts: &Facts<'_>, id: NodeId, found: &mut Findings) {
        let mut draft = Draft::at(id);
        let (rule, level) = match &self.dangerous {
            Some(what) => {
                draft.explanation =
                    format!("Loading makes an instance of a class of this file, whose code names {what}.");
                (&RUNS_STORED_CODE, Level::Suspicious)
            }
            None => {
                draft.explanation = "Loading makes an instance of a class that the file itself brings.".to_owned();
                (&STORED_CODE, Level::UnknownCode)
            }
        };
        found.find(facts, rule, level, draft);
    }
}

/// A class that a metaclass makes of values of the file.
pub(super) fn class_made(facts: &Facts<'_>, meta: &GlobalRef, id: NodeId, found: &mut Findings) {
    let mut draft = Draft::named(id, meta);
    draft.explanation = "Loading makes a class out of values of the file.".to_owned();
    found.find(facts, &STORED_CODE, Level::UnknownCode, draft);
}

pub(super) fn function_called(facts: &Facts<'_>, id: NodeId, found: &mut Findings) {
    let mut draft = Draft::at(id);
    draft.explanation = "Loading runs a function whose code is in the file.".to_owned();
    found.find(facts, &RUNS_STORED_CODE, Level::Dangerous, draft);
}

/// What acts among the names of a code object, whoever runs it; `outer` are those that it takes from outside.
fn module_members(names: &[String], mut outer: HashSet<&str>, budget: &CodeBudget) -> Option<String> {
    // Code that opens a file is ordinary, as long as nobody runs it.
    outer.retain(|name| !matches!(*name, "open" | "eval" | "getattr"));
    acting(&names.iter().map(String::as_str).collect::<Vec<_>>(), &outer, budget)
}
