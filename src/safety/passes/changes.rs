//! What BUILD, APPEND(S), SETITEM(S) and ADDITEMS do to things that are no plain containers.

use super::call_rules::UNUSUAL_USE;
use super::given;
use super::hooks::PLANTED_HOOK;
use super::imports::UNKNOWN_CODE;
use super::stored_code::STORED_CODE;
use crate::graph::{Edge, Node, NodeId, Run, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::{Attribute, Known, Role, Traits, attribute, is_stdlib};
use crate::safety::values::{AbstractValue, Call, GlobalRef};
use crate::safety::verdict::Findings;

/// Changes a module, function or class of the loading program.
pub const MODIFIES_IMPORT: Rule = Rule {
    id: "modifies-import",
    title: "Changes a module, function or class of the loading program",
    what: "BUILD, SETITEM(S), APPEND(S) or ADDITEMS works on something that was imported and not on an object that this file makes.",
    why: "The change stays after loading: a function replaced, a path added, a list of hooks extended. Other code then does what the file wants.",
    example: ("cos\\nenviron\\nS'PATH'\\nS'/x'\\ns.", "os.environ['PATH'] = '/x'"),
    advice: "Do not load this file.",
    references: &[
        ("GHSA-mhc9-48gj-9gp3: a call, then BUILD", "https://github.com/advisories/GHSA-mhc9-48gj-9gp3"),
        ("pickle: object.__setstate__", "https://docs.python.org/3/library/pickle.html#object.__setstate__"),
        ("CWE-915: modification of object attributes", "https://cwe.mitre.org/data/definitions/915.html"),
    ],
};

/// What was done to results of calls, then to what takes no changes at all.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    for &id in &facts.changed {
        changes(facts, id, &facts.value(Edge::to(id)), found);
    }
    for (id, value) in facts.oddly_changed() {
        changed(facts, id, &value, Level::Dangerous, found);
    }
}

/// What a partial was filled with.
fn filled_partial(facts: &Facts<'_>, id: NodeId, found: &mut Findings) {
    let Node::Call { callee, .. } = facts.graph.node(id) else { return };
    let AbstractValue::Global(named) = facts.value(callee) else { return };
    let Some(state) = facts.graph.run_window(id, RunKind::State, 0).last() else { return };
    let parts: Vec<Edge> = facts.graph.items(state.node()).take(3).collect();
    let mut given: Vec<Edge> = parts.first().copied().into_iter().collect();
    given.extend(parts.get(1).into_iter().flat_map(|args| facts.graph.items(args.node())).take(64));
    given.extend(parts.get(2).into_iter().flat_map(|keywords| facts.dict_values(keywords.node())));
    given::callables(facts, &named, id, &given, found);
}

fn changes(facts: &Facts<'_>, id: NodeId, value: &AbstractValue, found: &mut Findings) {
    if facts.graph.runs(id).next().is_none() {
        return;
    }
    if let AbstractValue::Partial(..) = value {
        filled_partial(facts, id, found);
    }
    if let AbstractValue::Instance(class) = value {
        shared_with_import(facts, id, class, found);
    }
    let level = match value {
        AbstractValue::Global(_)
        | AbstractValue::Module(_)
        | AbstractValue::Namespace(_)
        | AbstractValue::Method(..) => Level::Dangerous,
        AbstractValue::Instance(named) => match named.known {
            Known::Reviewed(review) if review.role == Role::Function => Level::Suspicious,
            Known::Reviewed(_) if !named.has(Traits::FILLED_PLAINLY) && is_filled(facts, id) => {
                return filled_by_own_code(facts, id, named, found);
            }
            _ => return,
        },
        AbstractValue::Endless | AbstractValue::Partial(..) | AbstractValue::Function | AbstractValue::Class => return,
        AbstractValue::Text(_) | AbstractValue::Bytes(_) => Level::Suspicious,
        AbstractValue::Opaque if is_taken_out(facts, id) => Level::Suspicious,
        AbstractValue::Opaque => Level::UnknownCode,
        _ => return,
    };
    changed(facts, id, value, level, found);
}

/// Whether items were set or added.
fn is_filled(facts: &Facts<'_>, id: NodeId) -> bool {
    facts.graph.runs(id).any(|run| run.kind != RunKind::State)
}

/// SETITEM(S), APPEND(S) and ADDITEMS on an instance run the code of its class, over keys, items and attributes that the file
/// chose: pandas calls a key that can be called, a message asks its policy.
fn filled_by_own_code(facts: &Facts<'_>, id: NodeId, class: &GlobalRef, found: &mut Findings) {
    let mut level = Level::UnknownCode;
    let is_whole = facts.inside_of(id, &mut |edge, value| {
        level = level.max(match value {
            AbstractValue::Data | AbstractValue::Text(_) | AbstractValue::Bytes(_) => Level::UnknownCode,
            AbstractValue::Instance(held) if held.has(Traits::PATH) => Level::Suspicious,
            AbstractValue::Instance(_) | AbstractValue::Endless => Level::UnknownCode,
            // A type that is known: calling it does nothing.
            AbstractValue::Global(_) if facts.when_called(value, Some(edge)) <= Level::Recognised => Level::UnknownCode,
            _ => Level::Dangerous,
        });
    });
    // What was not looked at may be a method, where the file takes any; names are judged as they are imported.
    if !is_whole && facts.has_getters {
        level = level.max(Level::Suspicious);
    }
    let mut draft = Draft::named(id, class);
    let added = facts.graph.runs(id).zip(facts.graph.run_offsets(id)).find(|(run, _)| run.kind != RunKind::State);
    if let Some((run, (offset, _))) = added {
        draft.change = Some(offset);
        draft.call = Some(run_text(facts, id, run));
    }
    draft.explanation = match level {
        Level::Dangerous => format!(
            "Loading sets or adds items of a {}, which is not a plain container: its own code runs, and one of the values that it gets can be called.",
            class.full()
        ),
        _ => {
            format!("Loading sets or adds items of a {}, which is no plain container: its own code runs.", class.full())
        }
    };
    let rule = match level {
        Level::Dangerous => &PLANTED_HOOK,
        Level::Suspicious => &UNUSUAL_USE,
        _ => &UNKNOWN_CODE,
    };
    found.find(facts, rule, level, draft);
}

/// Whether a getter took it out of something, where anything may be.
fn is_taken_out(facts: &Facts<'_>, id: NodeId) -> bool {
    let Node::Call { callee, .. } = facts.graph.node(id) else { return false };
    matches!(
        facts.value(callee),
        AbstractValue::Item(_)
            | AbstractValue::Attributes(_)
            | AbstractValue::MethodCaller(_)
            | AbstractValue::Method(..)
            | AbstractValue::Partial(..)
    )
}

fn changed(facts: &Facts<'_>, id: NodeId, value: &AbstractValue, level: Level, found: &mut Findings) {
    let (what, how) = match value {
        AbstractValue::Global(named) => (named.full(), "imported"),
        AbstractValue::Namespace(owner) => (owner.namespace(), "imported"),
        AbstractValue::Module(module) => (module.to_string(), "imported"),
        _ => ("the result of a call".to_owned(), "not made here"),
    };
    let mut draft = match value {
        AbstractValue::Global(named) => Draft::named(id, named),
        _ => Draft::at(id),
    };
    draft.change = Some(facts.changed_by(id));
    draft.explanation = format!("Loading changes {what}, which is {how}.");
    draft.call = Some(change_text(facts, id));
    let rule = match level {
        Level::Dangerous => &MODIFIES_IMPORT,
        Level::Suspicious => &UNUSUAL_USE,
        _ => &UNKNOWN_CODE,
    };
    found.find(facts, rule, level, draft);
}

/// The first change in the spelling of Python.
fn change_text(facts: &Facts<'_>, id: NodeId) -> String {
    facts.graph.runs(id).next().map_or_else(|| facts.spelled(id), |run| run_text(facts, id, run))
}

fn run_text(facts: &Facts<'_>, id: NodeId, run: &Run) -> String {
    let target = facts.spelled(id);
    let mut edges = facts.graph.run_edges(run);
    if run.kind == RunKind::State {
        let state = edges.next().map(|state| state_text(facts, state)).unwrap_or_default();
        return format!("{target}.__setstate__({state})");
    }
    let mut next = || edges.next().map(|edge| facts.lens.inline(edge)).unwrap_or_default();
    match run.kind {
        RunKind::Items => format!("{target}.append({})", next()),
        RunKind::Members => format!("{target}.add({})", next()),
        RunKind::State => target,
        RunKind::Pairs => {
            let (key, value) = (next(), next());
            format!("{target}[{key}] = {value}")
        }
    }
}

/// A state with its first keys.
fn state_text(facts: &Facts<'_>, state: Edge) -> String {
    /// Keys that are shown.
    const SHOWN: usize = 4;
    if facts.graph.node(state.node()) != Node::Dict {
        return facts.lens.inline(state);
    }
    let edges: Vec<Edge> = facts.graph.run_window(state.node(), RunKind::Pairs, 0).take(2 * SHOWN + 1).collect();
    let pair = |pair: &[Edge]| format!("{}: {}", facts.lens.inline(pair[0]), facts.lens.inline(pair[1]));
    let mut pairs: Vec<String> = edges.chunks_exact(2).map(pair).collect();
    if edges.len() > 2 * SHOWN {
        pairs.push("…".to_owned());
    }
    format!("{{{}}}", pairs.join(", "))
}

/// A change of a container that was made over the namespace of a module changes the module.
fn shared_with_import(facts: &Facts<'_>, id: NodeId, class: &GlobalRef, found: &mut Findings) {
    if !facts.has_namespaces && !facts.imports_modules {
        return;
    }
    // These keep what they are given, and not its items.
    let is_over = class.has(Traits::WRAPS_WHAT_IT_IS_GIVEN);
    let mut shared = None;
    facts.inside_of(id, &mut |_, value| {
        let is_imported = match value {
            AbstractValue::Namespace(_) => true,
            AbstractValue::Global(named) if is_over => {
                is_stdlib(&named.module) && !matches!(named.known, Known::Reviewed(_))
            }
            _ => false,
        };
        if is_imported && !matches!(shared, Some(AbstractValue::Namespace(_))) {
            shared = Some(value.clone());
        }
    });
    let Some(shared) = shared else { return };
    let adds = facts.graph.runs(id).any(|run| run.kind != RunKind::State);
    if adds || matches!(shared, AbstractValue::Namespace(_)) {
        let level = if adds { Level::Dangerous } else { Level::Suspicious };
        let what = match &shared {
            AbstractValue::Global(named) => named.full(),
            AbstractValue::Namespace(owner) => owner.namespace(),
            _ => String::new(),
        };
        let mut draft = Draft::named(id, class);
        draft.change = Some(facts.changed_by(id));
        draft.explanation = format!("Loading changes {what}, which is imported, through a container over it.");
        draft.call = Some(change_text(facts, id));
        found.find(facts, &MODIFIES_IMPORT, level, draft);
    }
}

/// What fills a function or class must be given one of this file.
pub(super) fn setstate(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let target = facts.argument(call, 0);
    if !matches!(target, AbstractValue::Class | AbstractValue::Function) {
        let level = if target.is_imported() { Level::Dangerous } else { Level::Suspicious };
        let mut draft = Draft::named(call.id, named);
        draft.explanation = "It changes something that this file did not make.".to_owned();
        found.find(facts, &MODIFIES_IMPORT, level, draft);
    }
}

/// An attribute that a call sets; dill does that to classes that the same file made.
pub(super) fn setattr(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    // `__qualname__`, which nothing runs by, of a class that is not known here.
    let is_data = facts.argument(call, 1).text().is_some_and(|name| attribute(name).has(Attribute::DATA))
        && matches!(facts.argument(call, 2), AbstractValue::Text(_));
    let level = match facts.argument(call, 0) {
        AbstractValue::Class | AbstractValue::Function => Level::UnknownCode,
        AbstractValue::Global(class) if is_data && class.known == Known::Unknown => Level::UnknownCode,
        AbstractValue::Instance(cell) if cell.has(Traits::CELL) => Level::UnknownCode,
        other if other.is_imported() => Level::Dangerous,
        AbstractValue::Opaque | AbstractValue::Method(..) => Level::Dangerous,
        _ => Level::Suspicious,
    };
    let mut draft = Draft::named(call.id, named);
    draft.explanation = "Loading sets an attribute by its name.".to_owned();
    let rule = if level >= Level::Suspicious { &MODIFIES_IMPORT } else { &STORED_CODE };
    found.find(facts, rule, level, draft);
}
