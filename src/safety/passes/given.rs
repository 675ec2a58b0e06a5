//! What calls are given to call: what iterators, reconstructors and containers call, now or later.

use super::call_rules::{COMPUTED_CALL, UNUSUAL_ARGUMENTS, unusual};
use super::stored_code::RUNS_STORED_CODE;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Called, Check, Known, Review, Role, Traits, is_stdlib, source};
use crate::safety::values::{AbstractValue, Call, GlobalRef};
use crate::safety::verdict::Findings;

/// The namespace of the loading program is given to functions that are pickled by value, and to nothing else.
pub(super) fn namespace(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let makes_code = matches!(
        named.known,
        Known::Reviewed(Review { check: Check::MakeFunction | Check::FillFunction | Check::Getitem, .. })
    );
    if !facts.has_namespaces || makes_code {
        return;
    }
    if call.args.iter().any(|&edge| matches!(facts.value(edge), AbstractValue::Namespace(_))) {
        let why = format!("{} is given the namespace of a module, through which it can be changed.", named.full());
        unusual(facts, named, call, Level::Suspicious, why, found);
    }
}

/// Among values that are kept to be called later, whatever can be called must be known.
pub(super) fn callables(facts: &Facts<'_>, named: &GlobalRef, id: NodeId, given: &[Edge], found: &mut Findings) {
    let keeps = matches!(named.known, Known::Reviewed(Review { check: Check::Partial | Check::Curry, .. }));
    for &edge in given {
        let value = facts.value(edge);
        let level = match &value {
            AbstractValue::Global(given) => match given.known {
                Known::Reviewed(review) if finds_by_name(review.check) => Level::Suspicious,
                Known::Reviewed(_) | Known::Unknown => continue,
                Known::Sink(_) => Level::Dangerous,
            },
            AbstractValue::Partial(..) if facts.when_called(&value, None) <= Level::Recognised => continue,
            AbstractValue::Function | AbstractValue::Class | AbstractValue::Partial(..) => Level::UnknownCode,
            // A partial keeps what it is given; what calls the partial is judged there.
            AbstractValue::Method(owner, name) if keeps => facts.bound(owner, name),
            AbstractValue::Method(..) => facts.when_called(&value, None),
            AbstractValue::MethodCaller(_) | AbstractValue::Attributes(_) => Level::Suspicious,
            _ => continue,
        };
        if level <= Level::Recognised {
            continue;
        }
        let mut draft = Draft::named(id, named);
        draft.explanation = format!("{} is given {} to call.", named.full(), facts.lens.inline(edge));
        found.find(facts, &UNUSUAL_ARGUMENTS, level, draft);
    }
}

/// What is reviewed is not known to call what it is given; no honest file gives it a getter.
pub(super) fn getter(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    if !facts.has_getters || named.has(Traits::CELL) {
        return;
    }
    // A getter is what a call gave.
    let is_call = |edge: &Edge| matches!(facts.graph.node(edge.node()), Node::Call { .. });
    let getter = facts.given(call).into_iter().filter(is_call).find(|edge| match facts.value(*edge) {
        AbstractValue::Attributes(_) | AbstractValue::MethodCaller(_) => true,
        value @ AbstractValue::Partial(..) => facts.when_called(&value, Some(*edge)) == Level::Dangerous,
        ref value @ AbstractValue::Instance(ref class) if class.has(Traits::CALLS_WHAT_IT_HOLDS) => {
            facts.when_called(value, Some(*edge)) == Level::Dangerous
        }
        _ => false,
    });
    if let Some(getter) = getter {
        let why = format!("{} is given {}, which it may call.", named.full(), facts.spelled(getter.node()));
        unusual(facts, named, call, Level::Suspicious, why, found);
    }
}

/// Something that calls what it is given at once, or when its items are taken.
pub(super) fn runs(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let check = if let Known::Reviewed(review) = named.known { review.check } else { Check::Any };
    let called = if let Check::Runs(called) = check { called } else { Called::FirstTwo };
    let mut called: Vec<Edge> = call.args.get(called.positions(call.args.len())).unwrap_or_default().to_vec();
    called.extend(call.kwargs.iter().flat_map(|kwargs| facts.dict_values(kwargs.node())));
    if check == Check::Runs(Called::FirstWithSecond) {
        // `make_instance(class, args, keywords)`: what keywords give is called.
        called.extend(call.args.get(2).into_iter().flat_map(|keywords| facts.dict_values(keywords.node())));
        array_only(facts, named, call, found);
    }
    for edge in called {
        let value = facts.value(edge);
        // A bit generator is taken as it is, and so is the function that makes one by its name.
        let makes_one = |value: &AbstractValue| match value {
            AbstractValue::Global(by) => matches!(by.known, Known::Reviewed(Review { check: Check::BitGenerator, .. })),
            value => matches!(value, AbstractValue::Instance(_)),
        };
        if check == Check::BitGenerator && makes_one(&value) {
            continue;
        }
        calls(facts, named, call.id, edge, &value, found);
    }
    for (edge, _) in asked(facts, call) {
        asks_for_items(facts, named, call.id, edge, Level::Dangerous, found);
    }
}

/// What a call may ask for items, a length or a truth: its arguments, and items of those that are lists and tuples. Protocols below
/// 4 spell a set as a call with the list of its members, so those are no surprise: a second value says how bad they can be.
pub(super) fn asked(facts: &Facts<'_>, call: &Call) -> Vec<(Edge, Level)> {
    /// Items that are looked at.
    const MOST: usize = 64;
    let items = |&edge: &Edge| match facts.graph.node(edge.node()) {
        Node::Tuple => facts.graph.items(edge.node()).take(MOST).collect(),
        Node::List => facts.graph.run_window(edge.node(), RunKind::Items, 0).take(MOST).collect(),
        _ => Vec::new(),
    };
    let inside = |edge: &Edge| items(edge).into_iter().map(|item| (item, Level::UnknownCode));
    call.args.iter().flat_map(|edge| std::iter::once((*edge, Level::Dangerous)).chain(inside(edge))).collect()
}

/// What makes an array and fills it with a state must make an array: of a dtype, a state is believed by C code.
fn array_only(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let fills = matches!(named.known, Known::Reviewed(Review { role: Role::Builder, .. }));
    let makes_array = matches!(facts.argument(call, 0), AbstractValue::Global(by)
        if matches!(by.known, Known::Reviewed(Review { check: Check::ArrayClass | Check::TwoClasses, .. })));
    if fills && !makes_array {
        let why = "The function that it is given to call does not create arrays.";
        unusual(facts, named, call, Level::Suspicious, why, found);
    }
}

fn calls(facts: &Facts<'_>, named: &GlobalRef, id: NodeId, edge: Edge, value: &AbstractValue, found: &mut Findings) {
    let level = match facts.when_called(value, Some(edge)).max(level_of_reference(named, value)) {
        level if level <= Level::Recognised => return,
        // As if the file called it.
        _ if matches!(value, AbstractValue::Method(owner, _) if matches!(&**owner, AbstractValue::Instance(class) if class.known != Known::Unknown)) => {
            Level::Dangerous
        }
        level => level,
    };
    let mut draft = Draft::named(id, named);
    draft.explanation = format!("{} calls {}, which it is given.", named.full(), facts.spelled(edge.node()));
    let rule = match value {
        AbstractValue::Function => &RUNS_STORED_CODE,
        _ => &COMPUTED_CALL,
    };
    found.find(facts, rule, level, draft);
}

/// Names that honest files only refer to are not known to be harmless with arguments of a file's choice; built-in functions are.
fn level_of_reference(by: &GlobalRef, value: &AbstractValue) -> Level {
    let is_reference = |named: &GlobalRef| matches!(named.known, Known::Reviewed(Review { role: Role::Reference, .. }));
    let calls_at_once = matches!(by.known, Known::Reviewed(Review { check: Check::Runs(called), .. })
        if called != Called::Keywords);
    match value {
        AbstractValue::Global(named) if calls_at_once && is_reference(named) && named.module != "builtins" => {
            Level::UnknownCode
        }
        _ => Level::DataOnly,
    }
}

/// Whether a value is an instance of a library's class that is made without its constructor, and may do anything when its items are
/// taken; arrays and what picklers rebuild only have items.
pub(super) fn has_code_of_its_own(facts: &Facts<'_>, edge: Edge) -> bool {
    matches!(facts.value(edge), AbstractValue::Instance(class) if source(&class.module, &class.name).is_some())
}

/// An instance whose items are taken: a view over a filter calls what it was filled with.
pub(super) fn asks_for_items(
    facts: &Facts<'_>,
    named: &GlobalRef,
    id: NodeId,
    edge: Edge,
    at_most: Level,
    found: &mut Findings,
) {
    let AbstractValue::Instance(class) = facts.value(edge) else { return };
    let level = match facts.worst_inside(edge.node()) {
        _ if class.has(Traits::PLAIN_ITEMS) => return,
        level if level <= Level::Recognised => {
            // What picklers of libraries call is given such instances, and keeps them.
            let asks = is_stdlib(&named.module) && has_code_of_its_own(facts, edge);
            if !asks || !facts.may_call_inside(edge.node()) {
                return;
            }
            Level::Suspicious
        }
        Level::UnknownCode => Level::UnknownCode,
        _ => Level::Dangerous,
    };
    let mut draft = Draft::named(id, named);
    draft.explanation =
        format!("{} takes the items of {}, which holds something to call.", named.full(), facts.spelled(edge.node()));
    found.find(facts, &COMPUTED_CALL, level.min(at_most), draft);
}

/// Checks of functions that honest files call and never hand on.
fn finds_by_name(check: Check) -> bool {
    matches!(
        check,
        Check::Descriptor
            | Check::Getattr
            | Check::Getitem
            | Check::NewClass
            | Check::Setattr
            | Check::ByName
            | Check::ModuleByName
            | Check::TypeByName
            | Check::NestedPickle
            | Check::RangeText
            | Check::UnionOf
            | Check::OpensFiles
            | Check::Acts(_)
    )
}
