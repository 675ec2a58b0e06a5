//! Calls of names that have no line in the database: what their packages and their own words say.

use super::call_rules::{COMPUTED_CALL, DANGEROUS_CALL, UNUSUAL_ARGUMENTS, UNUSUAL_USE};
use super::given;
use crate::graph::{Edge, Node, RunKind};
use crate::safety::facts::{Facts, finds_item};
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{
    Capability, Known, Traits, acts, finds, is_known_package, is_read_package, is_reviewed_package, is_stdlib, judge,
    may_act, rebuilds,
};
use crate::safety::values::{ARGUMENTS, AbstractValue, Call, GlobalRef};
use crate::safety::verdict::Findings;

pub(super) fn call(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    if named.has(Traits::LEADS_ANYWHERE) {
        let mut draft = Draft::named(call.id, named);
        draft.explanation = format!("Loading calls {}, which leads anywhere.", named.full());
        found.find(facts, &COMPUTED_CALL, Level::Dangerous, draft);
        if finds_item(named) {
            return;
        }
    } else if let Some(level) = named.method_of_reviewed() {
        let mut draft = Draft::named(call.id, named);
        draft.explanation = format!("Loading calls the method {} of a known class, which no pickler does.", named.name);
        found.find(facts, &UNUSUAL_USE, level, draft);
    } else if !call.makes() {
        of_package(facts, named, call, found);
        given::getter(facts, named, call, found);
    }
    evaluates_text(facts, named, call, found);
}

/// A call of an unreviewed name in a package that is known as a whole.
fn of_package(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let mut draft = Draft::named(call.id, named);
    let full = named.full();
    if is_known_package(&named.module)
        && let Some(capability) = acts(&named.name)
    {
        draft.capability = Some(capability);
        draft.explanation =
            format!("Loading calls {full}, which by its name can {}; no pickler does.", capability.verb());
        return found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
    }
    let is_constructor = named.name == "__new__" || named.name.ends_with(".__new__");
    let told = Told::of(facts, call);
    let is_known = is_known_package(&named.module) || is_stdlib(&named.module);
    let verb = may_act(&named.name);
    let acts_on_it = verb.filter(|_| matches!(told, Some(Told::Command | Told::Place)));
    if let Some(Told::Code) = told
        && (is_known || named.is_named_like_function())
    {
        let level = if is_known { Level::Dangerous } else { Level::Suspicious };
        draft.explanation = format!("Loading calls {full} with a text that is Python code.");
        let rule = if is_known { &DANGEROUS_CALL } else { &UNUSUAL_ARGUMENTS };
        return found.find(facts, rule, level, draft);
    }
    if let Some(capability) = acts_on_it
        && is_known
    {
        draft.capability = Some(capability);
        draft.explanation =
            format!("Loading calls {full}, which by its name and by what it is given can {}.", capability.verb());
        return found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
    }
    if is_stdlib(&named.module) {
        draft.explanation = format!("Loading calls {full}, which no pickler of the standard library does.");
    } else if is_reviewed_package(&named.module) && !is_constructor && named.is_named_like_function() {
        draft.explanation = format!("Loading calls the function {full}, which no pickler of that package does.");
    } else if is_reviewed_package(&named.module) && is_given_place(facts, call) {
        draft.explanation =
            format!("Loading calls the constructor of {full} with a text or path, which may be a file's.");
    } else if let Some(capability) = acts(&named.name).or(acts_on_it).filter(|_| !rebuilds(&named.name)) {
        if capability == Capability::Deserialiser && told.is_none() && is_plain_data(facts, call) {
            return;
        }
        draft.capability = Some(capability);
        draft.explanation = format!("Loading calls {full}, which by its name can {}.", capability.verb());
    } else if let Some(capability) = verb.filter(|can| is_run_by(*can) && !rebuilds(&named.name)) {
        draft.capability = Some(capability);
        draft.explanation = format!("Loading calls {full}, which by a word of its name can {}.", capability.verb());
        if !named.is_named_like_function() {
            return;
        }
    } else if let Some(Told::Name) = told {
        draft.explanation = format!("Loading gives {full} the name of something that acts.");
    } else if let (Some(Told::Place), true) = (&told, named.is_named_like_function()) {
        if !is_address(facts, call) {
            return;
        }
        draft.explanation = format!("Loading calls the function {full} with an address.");
    } else if is_no_picklers(named) && !is_constructor {
        draft.explanation = format!(
            "Loading calls {full}, which is not named like something that makes an object; picklers call nothing else."
        );
    } else {
        return;
    }
    found.find(facts, &UNUSUAL_USE, Level::Suspicious, draft);
}

/// Whether a name is that of a method, or of a function of a package whose classes are known, and does not say that it makes an object
/// again. Classes of sympy have names like functions.
fn is_no_picklers(named: &GlobalRef) -> bool {
    let is_function = is_known_package(&named.module) || is_read_package(&named.module);
    named.is_named_like_function()
        && (is_function || named.name.contains('.'))
        && !rebuilds(&named.name)
        && !finds(&named.name)
        && !named.has(Traits::EVALUATES_TEXT)
}

/// What names that begin with an underscore are taken at their word for.
fn is_run_by(capability: Capability) -> bool {
    matches!(capability, Capability::Code | Capability::Process | Capability::Shell)
}

/// What the texts among the arguments are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// A list of them: a command and its arguments.
    Command,
    /// A path or an address.
    Place,
    /// The name of something dangerous.
    Name,
    /// Python code that calls or imports something.
    Code,
}

impl Told {
    /// The worst that an argument is, or an item of one.
    fn of(facts: &Facts<'_>, call: &Call) -> Option<Self> {
        let mut worst = None;
        for edge in facts.given(call).into_iter().take(ARGUMENTS) {
            let items: Vec<AbstractValue> = first_items(facts, edge).iter().map(|&item| facts.value(item)).collect();
            if !items.is_empty() && items.iter().all(|item| item.text().is_some()) {
                worst = worst.max(Some(Self::Command));
            }
            for text in items.iter().filter_map(AbstractValue::text) {
                worst = worst.max(Self::of_text(facts, text));
            }
            let value = facts.value(edge);
            worst = worst.max(match &value {
                AbstractValue::Text(text) => Self::of_text(facts, text),
                AbstractValue::Instance(class) if class.has(Traits::PATH) => Some(Self::Place),
                _ => None,
            });
        }
        worst
    }

    fn of_text(facts: &Facts<'_>, text: &str) -> Option<Self> {
        /// Longest name of something.
        const NAME: usize = 200;
        /// Bytes of a text in which code is looked for.
        const LOOKED_AT: usize = 1 << 12;
        let head = &text[..text.floor_char_boundary(LOOKED_AT)];
        // Millions of calls may be given the same one.
        facts.foldable.set(facts.foldable.get().saturating_sub(head.len() as u64));
        if facts.foldable.get() == 0 {
            return None;
        }
        let calls = [
            "__import__",
            "exec(",
            "eval(",
            "compile(",
            "system(",
            "popen(",
            "getattr(",
            "open(",
            "__globals__",
            "__subclasses__",
        ];
        if calls.iter().any(|call| head.contains(call)) || head.lines().any(|line| line.starts_with("import ")) {
            return Some(Self::Code);
        }
        let is_sink = |(module, name): (&str, &str)| matches!(judge(module, name), Known::Sink(_));
        let parts =
            text.split_once(':').or_else(|| text.rsplit_once('.')).filter(|_| text.len() < NAME && !text.contains(' '));
        if parts.is_some_and(is_sink) {
            return Some(Self::Name);
        }
        let is_place =
            text.starts_with(['/', '~']) || text.starts_with("..") || text.contains("://") || text.contains(":\\");
        is_place.then_some(Self::Place)
    }
}

/// The first items of a list or tuple; millions of calls may be given the same one.
fn first_items(facts: &Facts<'_>, edge: Edge) -> Vec<Edge> {
    const FIRST: usize = 8;
    match facts.graph.node(edge.node()) {
        Node::Tuple => facts.graph.items(edge.node()).take(FIRST).collect(),
        Node::List => facts.graph.first_added(edge.node(), RunKind::Items).take(FIRST).collect(),
        _ => Vec::new(),
    }
}

/// Whether all that a call is given is bytes and containers of plain data, none of which names anything that acts: what loads these
/// reads no file, and a pickle among them is judged where it is.
fn is_plain_data(facts: &Facts<'_>, call: &Call) -> bool {
    let is_data = |value: &AbstractValue| match value {
        AbstractValue::Text(text) => Told::of_text(facts, text).is_none(),
        AbstractValue::Data | AbstractValue::Bytes(_) => true,
        _ => false,
    };
    let given = facts.given(call);
    let is_content = |edge: &Edge| !matches!(facts.graph.node(edge.node()), Node::Text { .. });
    let mut all_data = true;
    !given.is_empty()
        && given.iter().all(|edge| is_content(edge) && is_data(&facts.value(*edge)))
        && facts.inside_of(call.id, &mut |_, value| all_data &= is_data(value))
        && all_data
}

/// What is in a list, tuple or dict, and in those in it, as far as is looked.
fn contents(facts: &Facts<'_>, edge: Edge) -> Vec<Edge> {
    const DEPTH: usize = 4;
    const MOST: usize = 1 << 10;
    let (mut found, mut level) = (Vec::new(), vec![edge]);
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for edge in level.drain(..) {
            let room = MOST.saturating_sub(found.len() + next.len());
            match facts.graph.node(edge.node()) {
                Node::Tuple => next.extend(facts.graph.items(edge.node()).take(room)),
                Node::List => next.extend(facts.graph.first_added(edge.node(), RunKind::Items).take(room)),
                Node::Dict => next.extend(facts.graph.first_added(edge.node(), RunKind::Pairs).take(room)),
                _ => {}
            }
        }
        found.extend(next.iter().copied());
        level = next;
    }
    found
}

/// Whether an argument is an address in a network.
fn is_address(facts: &Facts<'_>, call: &Call) -> bool {
    let schemes = ["http://", "https://", "ftp://", "file://"];
    call.args.iter().any(|&edge| {
        matches!(facts.value(edge), AbstractValue::Text(text) if schemes.iter().any(|scheme| text.starts_with(scheme)))
    })
}

/// Whether an argument is a text or a path: what a constructor may open.
pub(super) fn is_given_place(facts: &Facts<'_>, call: &Call) -> bool {
    call.args.iter().any(|&edge| match facts.value(edge) {
        // A word alone names no place, and is no expression that does anything.
        AbstractValue::Text(text) => !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')),
        AbstractValue::Bytes(_) => true,
        AbstractValue::Instance(class) => class.has(Traits::PATH),
        _ => false,
    })
}

/// Classes and functions of sympy evaluate texts that they are given as Python.
fn evaluates_text(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    if !named.has(Traits::EVALUATES_TEXT) || named.has(Traits::KEEPS_TEXT) {
        return;
    }
    // A word alone becomes a symbol.
    let is_expression =
        |edge: Edge| matches!(facts.value(edge), AbstractValue::Text(text) if text.contains(['(', '[', '.']));
    let is_told = |&edge: &Edge| {
        let is_text = matches!(facts.value(edge), AbstractValue::Text(_));
        is_text || contents(facts, edge).into_iter().any(is_expression)
    };
    if call.args.iter().any(is_told) {
        let mut draft = Draft::named(call.id, named);
        draft.capability = Some(Capability::Code);
        draft.explanation = format!("{} evaluates the text that it is given as Python.", named.full());
        found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
    }
}
