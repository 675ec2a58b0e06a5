//! What code that the file brings can do, by the names in its code objects, and in those that it calls.

use super::reading::Facts;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{CodeObject, Made};
use crate::safety::names::{Capability, Known, is_known_module, judge};
use crate::safety::values::AbstractValue;
use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// Built-in functions that act, when code looks them up as globals: methods of other things have these names, too.
const BUILT_INS: [&str; 6] = ["open", "exec", "eval", "__import__", "breakpoint", "execfile"];

/// Attributes that lead from any function or class to everything.
const KEYS: [&str; 6] = ["__globals__", "__builtins__", "__subclasses__", "f_globals", "f_builtins", "func_globals"];

/// Modules and classes of which code takes ordinary things as well, and what of them acts; of all others the names say so. Not
/// locks, paths and environment variables, which ordinary classes ask for.
const MEMBERS: [(&str, &str); 8] = [
    (
        "os",
        "system popen execv execve execl execlp execvp execvpe spawnl spawnv spawnvp fork forkpty posix_spawn startfile \
         remove unlink rmdir removedirs rename replace mkdir makedirs open write chmod symlink link truncate putenv kill",
    ),
    ("posix", "system popen execv execve fork posix_spawn open remove unlink mkdir"),
    ("nt", "system startfile open remove unlink mkdir"),
    ("socket", "socket connect create_connection"),
    ("importlib", "import_module"),
    ("shutil", "rmtree copy copy2 copyfile move copytree"),
    ("Path", "write_text write_bytes unlink touch mkdir rmdir rename open"),
    ("pathlib", "write_text write_bytes unlink touch mkdir rmdir rename"),
];

/// Modules whose attributes may be anything when code takes them by names that are put together.
const LEADING: [&str; 7] = ["os", "posix", "nt", "subprocess", "builtins", "importlib", "ctypes"];

/// How many names of the code of one file are looked up.
pub(in crate::safety) struct CodeBudget(Cell<usize>);

/// What following a function, class or container costs beside.
const NODE: usize = 256;

impl Default for CodeBudget {
    fn default() -> Self {
        Self(Cell::new(1 << 20))
    }
}

impl CodeBudget {
    pub(in crate::safety) fn is_used_up(&self) -> bool {
        self.0.get() == 0
    }

    fn take(&self, names: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(names));
        left >= names
    }
}

/// What code finds when it runs.
#[derive(Default)]
struct Found {
    /// By names that it looks up.
    globals: Vec<(String, Edge)>,
    /// Defaults of its arguments and what its closure holds.
    bound: Vec<Edge>,
}

/// Items of one container that are looked at.
const ITEMS: usize = 64;

impl Facts<'_> {
    /// The first thing that acts among what a function, a wrapper of one or a code object names or holds, or what code that it
    /// calls does.
    pub(in crate::safety) fn acting(&self, function: NodeId, budget: &CodeBudget) -> Option<String> {
        let mut seen = HashSet::new();
        let mut waiting: Vec<(NodeId, Rc<Found>)> = vec![(function, Rc::default())];
        while let Some((node, found)) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            if node != function
                && let AbstractValue::Global(global) = self.value(Edge::to(node))
            {
                match global.known {
                    Known::Sink(can) if is_strong(can) => return Some(global.full()),
                    _ => continue,
                }
            }
            let is_held = matches!(self.graph.node(node), Node::List | Node::Tuple | Node::Dict | Node::Set);
            let made = if matches!(self.graph.node(node), Node::Call { .. }) { self.lens.made(node) } else { None };
            if made.is_none() && !is_held {
                continue;
            }
            if !budget.take(NODE) {
                return None;
            }
            let (next, inner) = match made {
                None => (self.graph.children(node).take(ITEMS).collect(), found),
                Some(Made::Code) => {
                    let Some(code) = self.lens.code(node) else { continue };
                    if code.has_more_names() {
                        return Some(format!("more than {} names", code.names.len()));
                    }
                    if let Some(what) = self.acting_names(&code, &found, budget) {
                        return Some(what);
                    }
                    (self.reached(&code, &found), found)
                }
                Some(made) => self.parts(node, made, found),
            };
            waiting.extend(next.into_iter().map(|edge| (edge.node(), Rc::clone(&inner))));
        }
        None
    }

    /// What of a function, class or wrapper runs with it, and what its code finds.
    fn parts(&self, node: NodeId, made: Made, found: Rc<Found>) -> (Vec<Edge>, Rc<Found>) {
        let members = || self.lens.class(node).into_iter().flat_map(|class| class.members).map(|(_, value)| value);
        match made {
            Made::Function | Made::Filled => match self.lens.function(node) {
                Some(function) => {
                    let closure = function.closure.into_iter().filter_map(|(_, value)| value);
                    let defaults = function.keyword_defaults.into_iter().map(|(_, value)| value);
                    let bound = function.defaults.into_iter().chain(defaults).chain(closure).collect();
                    let code = function.code.map(|code| Edge::to(code.node)).into_iter().collect();
                    (code, Rc::new(Found { globals: function.globals, bound }))
                }
                None => (members().collect(), found),
            },
            Made::Class => (members().collect(), found),
            Made::Wrapper | Made::Method => match self.graph.node(node) {
                Node::Call { args, .. } => (self.graph.items(args.node()).take(4).collect(), found),
                _ => (Vec::new(), found),
            },
            Made::Code | Made::Cell | Made::Module | Made::Type => (Vec::new(), found),
        }
    }

    /// What one code object may use: its constants, what it is bound to and the globals that it looks up.
    fn reached(&self, code: &CodeObject, found: &Found) -> Vec<Edge> {
        let outer = code.outer_names();
        // By these it may look up any.
        let is_any = ["globals", "vars", "locals", "eval", "exec"].iter().any(|name| outer.contains(name));
        let globals = found.globals.iter().filter(|(name, _)| is_any || outer.contains(name.as_str()));
        let globals = globals.map(|(_, value)| *value);
        code.constants.iter().copied().chain(found.bound.iter().copied()).chain(globals).collect()
    }

    /// What acts among the names of one code object.
    fn acting_names(&self, code: &CodeObject, found: &Found, budget: &CodeBudget) -> Option<String> {
        let mut outer = code.outer_names();
        let texts: Vec<String> = match outer.contains("getattr") {
            true => code.constants.iter().take(256).filter_map(|&edge| self.lens.string(edge)).collect(),
            false => Vec::new(),
        };
        let named: Vec<&str> = code.names.iter().chain(&texts).map(String::as_str).collect();
        let globals = found.globals.iter().filter(|(name, _)| outer.contains(name.as_str()));
        let mut own: Vec<&str> = Vec::new();
        for (name, value) in globals {
            match self.value(*value) {
                AbstractValue::Module(module) => {
                    if let Some(member) = member_of(&module, &named, budget) {
                        return Some(format!("{member} (as {name})"));
                    }
                }
                _ => own.push(name),
            }
        }
        // What came with the function is not the module or built-in function of this name.
        for name in own {
            outer.remove(name);
        }
        for value in &found.bound {
            if let AbstractValue::Module(module) = self.value(*value)
                && let Some(member) = member_of(&module, &named, budget)
            {
                return Some(member);
            }
        }
        acting(&named, &outer, budget)
    }
}

/// What acts among the names of code; `outer` are those that it takes from outside.
pub(in crate::safety) fn acting(named: &[&str], outer: &HashSet<&str>, budget: &CodeBudget) -> Option<String> {
    // `import urllib.request`
    let tops = outer.iter().flat_map(|name| [*name, name.split('.').next().unwrap_or(name)]);
    let mut modules: Vec<&str> = tops.collect();
    // The first one is named, whatever the order of a set.
    modules.sort_unstable();
    modules.dedup();
    if let Some(member) = modules.iter().find_map(|module| member_of(module, named, budget)) {
        return Some(member);
    }
    if outer.contains("getattr")
        && let Some(module) = LEADING.into_iter().find(|module| outer.contains(module))
    {
        return Some(format!("getattr and {module}"));
    }
    let built_in = BUILT_INS.into_iter().find(|name| outer.contains(name));
    built_in.or_else(|| KEYS.into_iter().find(|name| named.contains(name))).map(str::to_owned)
}

/// A name that no module has: what is said of it is said of all names of a module.
const NO_NAME: &str = "_nothing";

/// What code that has a module and these names may do with it: of modules that are listed here what is listed, of modules that
/// are dangerous as a whole anything, else what the names say.
fn member_of(module: &str, named: &[&str], budget: &CodeBudget) -> Option<String> {
    if let Some((_, members)) = MEMBERS.iter().find(|(known, _)| *known == module) {
        let member = members.split_ascii_whitespace().find(|member| named.contains(member));
        return member.map(|member| format!("{module}.{member}"));
    }
    if !budget.take(1) || !is_known_module(module) || !budget.take(2 * named.len()) {
        return None;
    }
    let acts = |module: &str, name: &str| matches!(judge(module, name), Known::Sink(can) if is_strong(can));
    if acts(module, NO_NAME) {
        return Some(module.to_owned());
    }
    let of_itself = |module: &str| {
        // The name of the module itself is there because code imports it.
        let names = named.iter().filter(|name| module.split('.').all(|part| part != **name));
        names.copied().find(|name| acts(module, name)).map(|name| format!("{module}.{name}"))
    };
    of_itself(module).or_else(|| {
        let inner = named.iter().map(|name| format!("{module}.{name}")).filter(|inner| is_known_module(inner));
        inner.take_while(|_| budget.take(named.len())).find_map(|inner| of_itself(&inner))
    })
}

/// Whether code that has this can do harm by it; locks and pickles within pickles are ordinary.
fn is_strong(capability: Capability) -> bool {
    use Capability::{Code, Files, Import, Native, Network, Process, Shell};
    matches!(capability, Code | Files | Import | Native | Network | Process | Shell)
}
