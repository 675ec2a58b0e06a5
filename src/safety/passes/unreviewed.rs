//! Calls of names that have no line in the database: what their packages and their own words say.

use super::call_rules::{COMPUTED_CALL, DANGEROUS_CALL, UNUSUAL_USE};
use crate::safety::facts::{Facts, finds_item};
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Capability, Traits, acts, is_known_package, is_reviewed_package, is_stdlib};
use crate::safety::values::{AbstractValue, Call, GlobalRef};
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
    if is_stdlib(&named.module) {
        draft.explanation = format!("Loading calls {full}, which no pickler of the standard library does.");
    } else if is_reviewed_package(&named.module) && !is_constructor && named.is_named_like_function() {
        draft.explanation = format!("Loading calls the function {full}, which no pickler of that package does.");
    } else if is_reviewed_package(&named.module) && is_given_place(facts, call) {
        draft.explanation =
            format!("Loading calls the constructor of {full} with a text or path, which may be a file's.");
    } else {
        return;
    }
    found.find(facts, &UNUSUAL_USE, Level::Suspicious, draft);
}

/// Whether an argument is a text or a path: what a constructor may open.
pub(super) fn is_given_place(facts: &Facts<'_>, call: &Call) -> bool {
    call.args.iter().any(|&edge| match facts.value(edge) {
        AbstractValue::Text(_) | AbstractValue::Bytes(_) => true,
        AbstractValue::Instance(class) => class.has(Traits::PATH),
        _ => false,
    })
}

/// Classes and functions of sympy evaluate texts that they are given as Python.
fn evaluates_text(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    if !named.has(Traits::EVALUATES_TEXT) || named.has(Traits::KEEPS_TEXT) {
        return;
    }
    if call.args.iter().any(|&edge| matches!(facts.value(edge), AbstractValue::Text(_))) {
        let mut draft = Draft::named(call.id, named);
        draft.capability = Some(Capability::Code);
        draft.explanation = format!("{} evaluates the text that it is given as Python.", named.full());
        found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
    }
}
