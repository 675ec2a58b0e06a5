//! Names that a file finds by calls: attributes and items that are walked to, modules and globals imported by name.

use super::call_rules::{UNUSUAL_ARGUMENTS, unusual};
use super::imports::{DANGEROUS_IMPORT, INTROSPECTION, UNKNOWN_CODE, import_that_acts};
use crate::graph::{Edge, NodeId};
use crate::safety::facts::{Facts, is_table_of_names};
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::{Known, Traits, is_master_key, module_capability};
use crate::safety::values::{AbstractValue, Call, GlobalRef, Step};
use crate::safety::verdict::Findings;

/// Reaches something dangerous by way of attributes.
pub const ATTRIBUTE_WALK: Rule = Rule {
    id: "attribute-walk",
    title: "Reaches something dangerous by way of attributes",
    what: "The file takes an attribute, an item or a module step by step, and what it arrives at is dangerous.",
    why: "The dangerous name never stands in one place, so programs that compare names do not see it.",
    example: ("getattr(subimport('os'), 'system')", "builtins.getattr of the module os"),
    advice: "Do not load this file.",
    references: &[
        (
            "GHSA-5j3x-jp52-966f: dotted names that end in os.system",
            "https://github.com/advisories/GHSA-5j3x-jp52-966f",
        ),
        ("PEP 3154: STACK_GLOBAL, names with dots, NEWOBJ_EX", "https://peps.python.org/pep-3154/"),
    ],
};

/// The name that is imported is not written in the file.
pub const COMPUTED_NAME: Rule = Rule {
    id: "computed-name",
    title: "The name that is imported is not written in the file",
    what: "A name that STACK_GLOBAL or getattr uses is the result of a call, an attribute or some other value, and not a text that stands in the file.",
    why: "No pickler does that. It hides from programs that look for names what is really imported.",
    example: ("\\x80\\x04\\x8c\\x02os...join...\\x93.", "STACK_GLOBAL of 'os' and ''.join(['sys', 'tem'])"),
    advice: "Treat it as an attempt to hide something. Do not load this file.",
    references: &[
        (
            "GHSA-9gvj-pp9x-gcfr: operands of STACK_GLOBAL that scanners overlooked",
            "https://github.com/advisories/GHSA-9gvj-pp9x-gcfr",
        ),
        ("PEP 3154: STACK_GLOBAL, names with dots, NEWOBJ_EX", "https://peps.python.org/pep-3154/"),
    ],
};

/// What is met on the way to what a call comes to.
pub(super) fn judge(facts: &Facts<'_>, at: NodeId, step: Step, found: &mut Findings) {
    let mut draft = Draft::at(at);
    match step {
        Step::LeadsAnywhere { name, part } => {
            draft.explanation = format!("The attribute {part} leads to everything that the interpreter holds.");
            draft.name = name;
            let level = if is_master_key(&part) { Level::Dangerous } else { Level::Suspicious };
            found.find(facts, &INTROSPECTION, level, draft);
        }
        Step::Arrived(named) => arrived(facts, at, &named, found),
        Step::ComputedAttribute(name) => {
            draft.explanation = match name {
                Some(name) => format!("The attribute's name is put together by calls; it is {name}."),
                None => "The attribute's name is not written in the file and cannot be worked out.".to_owned(),
            };
            found.find(facts, &COMPUTED_NAME, Level::Suspicious, draft);
        }
        Step::BuiltIn(name) => {
            draft.explanation = format!("It takes the built-in {name} where the value has no attribute of that name.");
            found.find(facts, &ATTRIBUTE_WALK, Level::Dangerous, draft);
        }
        Step::Global(..) | Step::Method { .. } | Step::Function | Step::StoredClass | Step::Result(..) => {}
    }
}

/// What a walk by attributes or items came to.
fn arrived(facts: &Facts<'_>, at: NodeId, named: &GlobalRef, found: &mut Findings) {
    let mut draft = Draft::named(at, named);
    match named.known {
        Known::Sink(capability) => {
            draft.explanation = format!("The attribute is {}, which can {}.", named.full(), capability.verb());
            found.find(facts, &ATTRIBUTE_WALK, Level::Dangerous, draft);
        }
        Known::Unknown => {
            draft.explanation = format!("Loading takes {}; what it does is not known here.", named.full());
            found.find(facts, &UNKNOWN_CODE, Level::UnknownCode, draft);
        }
        Known::Reviewed(_) => {}
    }
}

/// A global whose module and name are values; says what it comes to, if that can be worked out.
pub(in crate::safety) fn computed_global(
    facts: &Facts<'_>,
    id: NodeId,
    (module, name): (Edge, Edge),
    found: &mut Findings,
) -> Option<AbstractValue> {
    let (module, name) = (facts.value(module), facts.value(name));
    let (Some(module), Some(name)) = (module.text(), name.text()) else {
        let mut draft = Draft::at(id);
        draft.explanation = "The imported name is not written in the file and cannot be worked out.".to_owned();
        found.find(facts, &COMPUTED_NAME, Level::Suspicious, draft);
        return None;
    };
    let named = GlobalRef::new(module, name);
    let mut draft = Draft::named(id, &named);
    let level = named.known.level().max(Level::Suspicious);
    draft.explanation = format!("The imported name is put together by calls; it is {}.", named.full());
    found.find(facts, &COMPUTED_NAME, level, draft);
    Some(AbstractValue::of(named))
}

/// `numpy.core._ufunc_reconstruct(module, name)` imports whatever the file names.
pub(super) fn by_name(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    let (module, name) = (facts.argument(call, 0), facts.argument(call, 1));
    let (Some(module), Some(name)) = (module.text(), name.text()) else {
        return unusual(facts, named, call, Level::Dangerous, "What it imports is not written in the file.", found);
    };
    import_that_acts(facts, call, module, found);
    let mut imported = GlobalRef::new(module, name);
    // Python 2 names a ufunc by any module that has it under its name.
    let own = GlobalRef::new("numpy", name);
    let is_its_package = imported.level_of_unknown() >= Level::Suspicious;
    if matches!((&imported.known, &own.known), (Known::Unknown, Known::Reviewed(_))) && is_its_package {
        imported = own;
    }
    let mut draft = Draft::named(call.id, &imported);
    match imported.known {
        Known::Sink(capability) => {
            draft.explanation = format!("It imports {}, which can {}.", imported.full(), capability.verb());
            found.find(facts, &DANGEROUS_IMPORT, Level::Dangerous, draft);
        }
        Known::Unknown => {
            let level = imported.level_of_unknown().min(Level::Suspicious);
            draft.explanation = format!("It imports {}; what it does is not known here.", imported.full());
            let is_unusual = level == Level::Suspicious;
            let rule = if is_unusual { &UNUSUAL_ARGUMENTS } else { &UNKNOWN_CODE };
            found.find(facts, rule, level, draft);
        }
        Known::Reviewed(_) => {}
    }
}

pub(super) fn module_by_name(facts: &Facts<'_>, call: &Call, found: &mut Findings) {
    let module = facts.argument(call, 0);
    let mut draft = Draft::at(call.id);
    let Some(module) = module.text() else {
        draft.explanation = "The imported module's name is not written in the file.".to_owned();
        return found.find(facts, &COMPUTED_NAME, Level::Suspicious, draft);
    };
    import_that_acts(facts, call, module, found);
    // Functions that are pickled by value name the modules that they use; without such there is no use for one.
    if !facts.has_functions
        && let Some(capability) = module_capability(module)
    {
        module.clone_into(&mut draft.module);
        draft.capability = Some(capability);
        draft.explanation = format!("Loading imports the module {module}, which can {}.", capability.verb());
        found.find(facts, &DANGEROUS_IMPORT, Level::Suspicious, draft);
    }
}

/// An item of a type is the type with its parameters, and one of a namespace is a name; there is no use for others.
pub(super) fn getitem(facts: &Facts<'_>, named: &GlobalRef, call: &Call, found: &mut Findings) {
    match facts.argument(call, 0) {
        AbstractValue::Global(class) if class.has(Traits::TAKES_PARAMETERS) => {}
        owner if is_table_of_names(&owner) => {}
        AbstractValue::Text(_) | AbstractValue::Data => {
            unusual(facts, named, call, Level::Suspicious, "It takes a part of a value of the file.", found);
        }
        _ => {
            unusual(facts, named, call, Level::UnknownCode, "It takes an item of something that is not known.", found);
        }
    }
}

/// The names that a getter takes must be texts of the file, and must not lead anywhere.
pub(super) fn need_names(facts: &Facts<'_>, named: &GlobalRef, call: &Call, constant: bool, found: &mut Findings) {
    let leads = |text: &str| text.split('.').any(crate::safety::names::is_introspective);
    if call.args.iter().any(|&edge| facts.value(edge).text().is_some_and(leads)) {
        let mut draft = Draft::named(call.id, named);
        draft.explanation = "It takes an attribute that leads to everything that the interpreter holds.".to_owned();
        found.find(facts, &INTROSPECTION, Level::Suspicious, draft);
    }
    if !constant {
        unusual(facts, named, call, Level::Suspicious, "The name that it takes is not a text of the file.", found);
    }
}

/// `dill._dill._create_namedtuple(name, fields, module)` imports the module, if that is a name.
pub(super) fn namedtuple(facts: &Facts<'_>, call: &Call, found: &mut Findings) {
    let (name, module) = (facts.argument(call, 0), facts.argument(call, 2));
    if let (Some(_), Some(module)) = (name.text(), module.text()) {
        import_that_acts(facts, call, module, found);
    }
}
