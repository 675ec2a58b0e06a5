//! What code that the file brings can do, by the names in its code objects, and in those that it calls.

use super::reading::Facts;
use crate::graph::{Edge, Node, NodeId};
use crate::lens::{CodeObject, Made};
use crate::safety::names::{Capability, Known};
use crate::safety::values::AbstractValue;
use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

/// Built-in functions that act, when code looks them up as globals: methods of other things have these names, too.
const BUILT_INS: [&str; 6] = ["open", "exec", "eval", "__import__", "breakpoint", "execfile"];

/// Attributes that lead from any function or class to everything.
const KEYS: [&str; 6] = ["__globals__", "__builtins__", "__subclasses__", "f_globals", "f_builtins", "func_globals"];

/// Modules and classes, and what of them acts. Not locks, paths and environment variables, which ordinary classes ask for.
const MEMBERS: [(&str, &str); 17] = [
    (
        "os",
        "system popen execv execve execl execlp execvp execvpe spawnl spawnv spawnvp fork forkpty posix_spawn startfile \
         remove unlink rmdir removedirs rename replace mkdir makedirs open write chmod symlink link truncate putenv kill",
    ),
    ("posix", "system popen execv execve fork posix_spawn open remove unlink mkdir"),
    ("nt", "system startfile open remove unlink mkdir"),
    ("subprocess", "run Popen call check_call check_output getoutput getstatusoutput"),
    ("pty", "spawn"),
    ("socket", "socket connect create_connection"),
    ("ctypes", "CDLL WinDLL PyDLL cdll windll pythonapi"),
    ("urllib", "urlopen urlretrieve"),
    ("requests", "get post put request"),
    ("importlib", "import_module"),
    ("runpy", "run_path run_module"),
    ("shutil", "rmtree copy copy2 copyfile move copytree"),
    ("io", "open open_code FileIO"),
    ("codecs", "open"),
    ("Path", "write_text write_bytes unlink touch mkdir rmdir rename open"),
    ("pathlib", "write_text write_bytes unlink touch mkdir rmdir rename"),
    ("webbrowser", "open"),
];

/// Modules whose attributes may be anything when code takes them by names that are put together.
const LEADING: [&str; 7] = ["os", "posix", "nt", "subprocess", "builtins", "importlib", "ctypes"];

/// How much code of one file is followed.
pub(in crate::safety) struct CodeBudget(Cell<u32>);

impl Default for CodeBudget {
    fn default() -> Self {
        Self(Cell::new(2048))
    }
}

impl CodeBudget {
    pub(in crate::safety) fn is_used_up(&self) -> bool {
        self.0.get() == 0
    }

    fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// The globals of a function.
type Globals = Rc<[(String, Edge)]>;

impl Facts<'_> {
    /// The first thing that acts among what a function, a wrapper of one or a code object names, or what code that it calls
    /// names.
    pub(in crate::safety) fn acting(&self, function: NodeId, budget: &CodeBudget) -> Option<String> {
        let mut seen = HashSet::new();
        let mut waiting: Vec<(NodeId, Globals)> = vec![(function, Rc::from([]))];
        while let Some((node, globals)) = waiting.pop() {
            if !matches!(self.graph.node(node), Node::Call { .. }) || !seen.insert(node) {
                continue;
            }
            let Some(made) = self.lens.made(node) else { continue };
            if !budget.take() {
                return None;
            }
            let mut next: Vec<Edge> = Vec::new();
            let mut inner = Rc::clone(&globals);
            match made {
                Made::Code => {
                    let Some(code) = self.lens.code(node) else { continue };
                    if let Some(what) = self.acting_names(&code, &globals) {
                        return Some(what);
                    }
                    next.extend(code.constants);
                }
                Made::Function | Made::Filled => match self.lens.function(node) {
                    Some(function) => {
                        next.extend(function.globals.iter().map(|(_, value)| *value));
                        next.extend(function.closure.iter().filter_map(|(_, value)| *value));
                        next.extend(function.code.map(|code| Edge::to(code.node)));
                        inner = function.globals.into();
                    }
                    None => next.extend(
                        self.lens.class(node).into_iter().flat_map(|class| class.members).map(|(_, value)| value),
                    ),
                },
                Made::Class => {
                    next.extend(
                        self.lens.class(node).into_iter().flat_map(|class| class.members).map(|(_, value)| value),
                    );
                }
                Made::Wrapper | Made::Method => {
                    if let Node::Call { args, .. } = self.graph.node(node) {
                        next.extend(self.graph.items(args.node()).take(4));
                    }
                }
                Made::Cell | Made::Module | Made::Type => {}
            }
            waiting.extend(next.into_iter().map(|edge| (edge.node(), Rc::clone(&inner))));
        }
        None
    }

    /// What acts among the names of one code object.
    fn acting_names(&self, code: &CodeObject, globals: &Globals) -> Option<String> {
        let outer = code.outer_names();
        let texts: Vec<String> = match outer.contains("getattr") {
            true => code.constants.iter().take(256).filter_map(|&edge| self.lens.string(edge)).collect(),
            false => Vec::new(),
        };
        let named: HashSet<&str> = code.names.iter().chain(&texts).map(String::as_str).collect();
        for (name, value) in globals.iter().filter(|(name, _)| outer.contains(name.as_str())) {
            match self.value(*value) {
                AbstractValue::Global(global) if matches!(global.known, Known::Sink(can) if is_strong(can)) => {
                    return Some(global.full());
                }
                AbstractValue::Module(module) => {
                    if let Some(member) = member_of(&module, &named) {
                        return Some(format!("{module}.{member} (as {name})"));
                    }
                }
                _ => {}
            }
        }
        acting(&named, &outer)
    }
}

/// What acts among the names of code; `outer` are those that it takes from outside.
pub(in crate::safety) fn acting(named: &HashSet<&str>, outer: &HashSet<&str>) -> Option<String> {
    // `import urllib.request`
    let tops: HashSet<&str> = outer.iter().map(|name| name.split('.').next().unwrap_or(name)).collect();
    for (module, _) in MEMBERS.iter().filter(|(module, _)| tops.contains(module)) {
        if let Some(member) = member_of(module, named) {
            return Some(format!("{module}.{member}"));
        }
    }
    if outer.contains("getattr")
        && let Some(module) = LEADING.into_iter().find(|module| outer.contains(module))
    {
        return Some(format!("getattr and {module}"));
    }
    let built_in = BUILT_INS.into_iter().find(|name| outer.contains(name));
    built_in.or_else(|| KEYS.into_iter().find(|name| named.contains(name))).map(str::to_owned)
}

fn member_of(module: &str, named: &HashSet<&str>) -> Option<&'static str> {
    let (_, members) = MEMBERS.iter().find(|(known, _)| *known == module)?;
    members.split_ascii_whitespace().find(|member| named.contains(member))
}

/// Whether code that has this can do harm by it; locks and pickles within pickles are ordinary.
fn is_strong(capability: Capability) -> bool {
    use Capability::{Code, Files, Import, Native, Network, Process, Shell};
    matches!(capability, Code | Files | Import | Native | Network | Process | Shell)
}
