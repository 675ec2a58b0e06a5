//! What the arguments of reviewed calls must be.

use super::call_rules::{DANGEROUS_CALL, unusual};
use super::nested::Nested;
use super::stored_code::StoredCode;
use super::{changes, given, lookups, sizes};
use crate::graph::{Edge, Node};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Capability, Check, Known, Review, Role, Traits};
use crate::safety::values::{AbstractValue, Call, GlobalRef};
use crate::safety::verdict::Findings;
use std::rc::Rc;

/// Whether the first argument is a class whose instances keep a call for later.
fn makes_partial(facts: &Facts<'_>, call: &Call) -> bool {
    matches!(facts.argument(call, 0), AbstractValue::Global(class)
        if matches!(class.known, Known::Reviewed(Review { check: Check::Partial | Check::Curry, .. })))
}

fn is_instance(named: &GlobalRef) -> bool {
    matches!(named.known, Known::Reviewed(Review { role: Role::Instance, .. }))
}

/// What the check of a reviewed call says to its arguments.
pub(super) fn check(
    stored: &mut StoredCode,
    nested: &Nested<'_>,
    facts: &Facts<'_>,
    named: &Rc<GlobalRef>,
    check: Check,
    call: &Call,
    found: &mut Findings,
) {
    match check {
        Check::FirstClass if named.has(Traits::RECONSTRUCTS) => reconstructor(stored, facts, named, call, found),
        Check::FirstClass | Check::ArrayClass => classes(stored, facts, named, call, 1, found),
        Check::TwoClasses => classes(stored, facts, named, call, 2, found),
        Check::Latin1 => latin1(facts, named, call, found),
        Check::Factory => factory(facts, named, call, found),
        Check::Callable | Check::Partial => given::callables(facts, named, call.id, &facts.given(call), found),
        Check::Runs(_) | Check::BitGenerator => given::runs(facts, named, call, found),
        Check::Curry if !makes_partial(facts, call) => {
            let why = "Its first argument is called, but is not a class of partial calls.";
            unusual(facts, named, call, Level::Dangerous, why, found);
        }
        Check::Curry => {
            let parts = call.args.get(1..4).unwrap_or_default().iter();
            let given = parts.flat_map(|&part| std::iter::once(part).chain(facts.graph.items(part.node()).take(64)));
            given::callables(facts, named, call.id, &given.collect::<Vec<_>>(), found);
        }
        Check::ByName => lookups::by_name(facts, named, call, found),
        Check::Consumer => sizes::consumer(facts, named, call, found),
        Check::NestedPickle => nested.loaded(facts, call, found),
        Check::NewClass if !facts.is_new_class(call) => acts(facts, named, call, Capability::Code, found),
        Check::Descriptor if !facts.is_descriptor(call) => acts(facts, named, call, Capability::Code, found),
        Check::RangeText if !facts.argument(call, 0).text().is_some_and(is_plain_text) => {
            acts(facts, named, call, Capability::Code, found);
        }
        Check::UnionOf if !is_union(facts, call) => acts(facts, named, call, Capability::Deferred, found),
        Check::OpensFiles => acts(facts, named, call, Capability::Files, found),
        // Made without its constructor, it does nothing.
        Check::Acts(_) if call.makes() && is_instance(named) => {}
        Check::Acts(_) if is_instance(named) && call.args.is_empty() && call.kwargs.is_none() => {
            let why = format!("The constructor of {}, which was not read, is given nothing of the file.", named.full());
            unusual(facts, named, call, Level::UnknownCode, why, found);
        }
        Check::Acts(capability) => acts(facts, named, call, capability, found),
        Check::FirstNone if !is_none(facts, call, 0) => acts(facts, named, call, Capability::Files, found),
        Check::Setattr | Check::SetItems => changes::setattr(facts, named, call, found),
        Check::Attrgetter => {
            let is_text = |&edge: &Edge| facts.value(edge).text().is_some();
            lookups::need_names(facts, named, call, call.args.iter().all(is_text), found);
        }
        Check::Methodcaller => {
            lookups::need_names(facts, named, call, facts.argument(call, 0).text().is_some(), found);
        }
        Check::Getitem => lookups::getitem(facts, named, call, found),
        Check::ModuleByName => lookups::module_by_name(facts, call, found),
        Check::NamedTuple => lookups::namedtuple(facts, call, found),
        Check::MakeCode => stored.code_object(facts, call, found),
        Check::FillFunction | Check::FillClass | Check::Setstate => changes::setstate(facts, named, call, found),
        Check::TypeOf if !facts.is_type_of_value(call) && !facts.makes_class(named, call.id, &call.args) => {
            unusual(facts, named, call, Level::Suspicious, "It makes a class out of values of the file.", found);
        }
        Check::Any
        | Check::Descriptor
        | Check::Endless
        | Check::FirstNone
        | Check::Getattr
        | Check::Itemgetter
        | Check::MadeAsArray
        | Check::MakeClass
        | Check::MakeFunction
        | Check::NewClass
        | Check::RangeText
        | Check::TypeByName
        | Check::TypeOf
        | Check::UnionOf => {}
    }
}

/// The first arguments must be classes, of which it makes an instance.
fn classes(stored: &StoredCode, facts: &Facts<'_>, named: &GlobalRef, call: &Call, count: usize, found: &mut Findings) {
    for index in 0..count {
        let class = facts.argument(call, index);
        let Some(level) = class_level(named, &class) else { continue };
        let what = match &class {
            AbstractValue::Global(class) => class.full(),
            AbstractValue::Class => "a class of this file".to_owned(),
            _ => "something that is not a class of a known name".to_owned(),
        };
        unusual(facts, named, call, level, format!("{} makes an instance of {what}.", named.full()), found);
        if class == AbstractValue::Class {
            stored.instance(facts, call.id, found);
        }
    }
}

/// How bad it is that `named` makes an instance of that; `None` where nothing is to be said.
fn class_level(named: &GlobalRef, class: &AbstractValue) -> Option<Level> {
    Some(match class {
        AbstractValue::Global(class) => match class.known {
            Known::Reviewed(review) if matches!(review.role, Role::Class | Role::Instance) => return None,
            Known::Reviewed(Review { check: check @ (Check::OpensFiles | Check::MadeAsArray), .. }) => {
                match named.known {
                    Known::Reviewed(Review { check: Check::ArrayClass, .. }) => return None,
                    _ if check == Check::MadeAsArray => Level::UnknownCode,
                    _ => Level::Dangerous,
                }
            }
            Known::Reviewed(review) if review.role == Role::Reference => Level::UnknownCode,
            Known::Reviewed(_) => Level::Suspicious,
            // The import says it.
            Known::Unknown => return None,
            Known::Sink(_) => Level::Dangerous,
        },
        AbstractValue::Class => Level::UnknownCode,
        // What an unknown function gave may well be a class: `deap.creator.meta_create`.
        AbstractValue::Instance(by) if by.known == Known::Unknown => Level::UnknownCode,
        // An instance of a reviewed class stands where old versions gave the class by another call.
        AbstractValue::Data | AbstractValue::Text(_) | AbstractValue::Bytes(_) => Level::Suspicious,
        _ => Level::Dangerous,
    })
}

/// `copyreg`'s functions make an instance as NEWOBJ would; `_reconstructor` also calls the constructor of a base.
fn reconstructor(stored: &StoredCode, facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    classes(stored, facts, named, call, 1, found);
    if named.name == "_reconstructor" {
        base_of_reconstructor(facts, named, call, found);
    }
}

/// `copyreg._reconstructor(class, base, state)` calls `base.__init__` with what the file gives: the base is a built-in
/// type.
fn base_of_reconstructor(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let is_given_state = call.args.get(2).is_some_and(|state| facts.graph.node(state.node()) != Node::None);
    let level = match facts.argument(call, 1) {
        AbstractValue::Global(base) if base.module == "builtins" && !matches!(base.known, Known::Sink(_)) => return,
        AbstractValue::Global(base) if !is_given_state && !matches!(base.known, Known::Sink(_)) => return,
        AbstractValue::Global(base) => match base.known {
            Known::Reviewed(Review { role: Role::Class, check: Check::Any, .. }) => return,
            Known::Unknown => Level::UnknownCode,
            Known::Reviewed(_) | Known::Sink(_) => Level::Dangerous,
        },
        _ => Level::Suspicious,
    };
    unusual(facts, named, call, level, "It calls the constructor of a base that is no built-in type.", found);
}

/// `reduce(operator.or_, (int, str))` is how a union of types is written (`copyreg.pickle_union`); anything else calls
/// what it is given.
fn is_union(facts: &Facts<'_>, call: &Call) -> bool {
    let joins = matches!(facts.argument(call, 0), AbstractValue::Global(by) if by.has(Traits::UNION_OPERATOR));
    let types = call.args.get(1).and_then(|&edge| facts.items_of(edge));
    let is_type = |value: &AbstractValue| match value {
        AbstractValue::Global(named) => !matches!(named.known, Known::Sink(_)),
        AbstractValue::Instance(_) | AbstractValue::Data | AbstractValue::Class => true,
        _ => false,
    };
    call.args.len() == 2 && joins && types.is_some_and(|types| types.iter().all(is_type))
}

/// `range(0, 40)`, the constants whose repr is their name, and nothing else.
fn is_plain_text(text: &str) -> bool {
    if matches!(text, "Ellipsis" | "NotImplemented") {
        return true;
    }
    let arguments = text.strip_prefix("range(").or_else(|| text.strip_prefix("xrange("));
    arguments.and_then(|rest| rest.strip_suffix(')')).is_some_and(|numbers| {
        numbers.len() < 100 && numbers.split(',').all(|number| number.trim().parse::<i64>().is_ok())
    })
}

fn is_none(facts: &Facts<'_>, call: &Call, index: usize) -> bool {
    call.args.get(index).is_some_and(|edge| facts.graph.node(edge.node()) == Node::None)
}

/// A call of a name that is harmless in another role.
fn acts(facts: &Facts<'_>, named: &GlobalRef, call: &Call, capability: Capability, found: &mut Findings) {
    let mut draft = Draft::named(call.id, named);
    draft.capability = Some(capability);
    draft.explanation = format!("Loading this file would {}.", capability.verb());
    found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
}

fn latin1(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let ordinary = match &facts.arguments(call)[..] {
        [AbstractValue::Text(_) | AbstractValue::Data, AbstractValue::Text(codec)] => {
            matches!(&**codec, "latin1" | "latin-1" | "utf-8" | "utf8" | "ascii")
        }
        _ => false,
    };
    if !ordinary {
        let why = "Ordinary files give it a str and 'latin1', to encode bytes.";
        unusual(facts, named, call, Level::Suspicious, why, found);
    }
}

/// What makes the missing values of a dict must be a plain type.
fn factory(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let Some(&edge) = call.args.first() else { return };
    let made_by = facts.value(edge);
    // `uuid.uuid4`, `partial(numpy.zeros, 3)`
    if matches!(made_by, AbstractValue::Global(_) | AbstractValue::Partial(..))
        && facts.when_called(&made_by, None) <= Level::Recognised
    {
        return;
    }
    let level = match made_by {
        AbstractValue::Global(factory) => match factory.known {
            Known::Reviewed(review) if matches!(review.role, Role::Class | Role::Instance) => return,
            Known::Sink(_) => Level::Dangerous,
            Known::Reviewed(_) => Level::UnknownCode,
            Known::Unknown if factory.level_of_unknown() == Level::Dangerous => Level::Suspicious,
            Known::Unknown => Level::UnknownCode,
        },
        AbstractValue::Method(owner, name) => match facts.bound(&owner, &name) {
            Level::Recognised => return,
            level => level,
        },
        AbstractValue::Data if facts.graph.node(edge.node()) == Node::None => return,
        // A dict of dicts with a factory of their own; what the inner call is given was judged.
        AbstractValue::Partial(inner, _) if is_plain_class(&inner) => return,
        AbstractValue::Function | AbstractValue::Class | AbstractValue::Partial(..) => Level::UnknownCode,
        AbstractValue::Instance(_) => Level::UnknownCode,
        _ => Level::Suspicious,
    };
    let why = "What makes the missing values is not a plain type; it runs when a missing key is asked for.";
    unusual(facts, named, call, level, why, found);
}

/// Whether calling it makes a plain value, whatever it is given.
fn is_plain_class(value: &AbstractValue) -> bool {
    let AbstractValue::Global(named) = value else { return false };
    matches!(named.known, Known::Reviewed(Review { role: Role::Class, check, .. }) if !check.resolves())
}
