//! The globals that a file names, each once: what naming them already says.

use crate::graph::{NodeId, Symbol, SymbolId};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::{
    Capability, Known, Traits, acts_on_import, is_master_key, judge, module_capability, source,
};
use crate::safety::values::{Call, GlobalRef};
use crate::safety::verdict::{Findings, IMPORTS, Import};

/// Imports something dangerous.
pub const DANGEROUS_IMPORT: Rule = Rule {
    id: "dangerous-import",
    title: "Imports something dangerous",
    what: "The file names a function or class that runs commands or code, touches files, opens connections, loads native code or changes the interpreter. Nothing that is written by an ordinary program needs it.",
    why: "A loader imports the name at once. A call of it may follow, or it is handed to something that calls it later: a default factory, a hook, a partial.",
    example: ("cos\\nsystem\\n", "GLOBAL names os.system"),
    advice: "Do not load this file. If it must be kept, keep it as evidence; look at who made it.",
    references: &[
        ("GHSA-f7qq-56ww-84cr: a submodule of a dangerous module", "https://github.com/advisories/GHSA-f7qq-56ww-84cr"),
        (
            "GHSA-5hwf-rc88-82xm: modules of the standard library that run commands",
            "https://github.com/advisories/GHSA-5hwf-rc88-82xm",
        ),
    ],
};

/// Uses code that is not known here.
pub const UNKNOWN_CODE: Rule = Rule {
    id: "unknown-code",
    title: "Uses code that is not known here",
    what: "The file imports a class or function that is in none of the tables: your own class, or one of a library that was not reviewed.",
    why: "Loading imports its module, which runs that module's code, and calls the class or function with values from the file. It is neither known to be dangerous nor known to be ordinary.",
    example: ("cmymodule\\nModel\\n)\\x81.", "mymodule.Model.__new__(mymodule.Model)"),
    advice: "Load it only if you know where the named code comes from and trust the file's author.",
    references: &[
        (
            "pickle: what can be pickled and unpickled",
            "https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled",
        ),
        ("PickleBall: policies for each library", "https://arxiv.org/abs/2508.15987"),
    ],
};

/// Uses names that lead anywhere.
pub const INTROSPECTION: Rule = Rule {
    id: "introspection",
    title: "Uses names that lead anywhere",
    what: "The file takes an attribute such as __globals__, __builtins__, __subclasses__ or __dict__.",
    why: "From these any object leads to every other one, also to what runs commands.",
    example: ("cnumpy\\nsize.__globals__\\n.", "numpy.size.__globals__"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("The data model: special attributes", "https://docs.python.org/3/reference/datamodel.html"),
        (
            "GHSA-q5qq-mvfm-j35x: names that were compared as a whole only",
            "https://github.com/advisories/GHSA-q5qq-mvfm-j35x",
        ),
    ],
};

pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let by_functions = facts.named_by_own_functions();
    for (number, (symbol, named)) in facts.graph.symbols.iter().zip(&facts.names).enumerate() {
        match by_functions.contains(&SymbolId(number as u32)) {
            true => of_own_function(facts, symbol, named, found),
            false => import(facts, symbol, named, found),
        }
    }
}

/// A name that is dangerous or leads anywhere, to which nothing but a function of the file refers.
fn of_own_function(facts: &Facts<'_>, symbol: &Symbol, named: &GlobalRef, found: &mut Findings) {
    let mut draft = Draft::about(made_at(facts, symbol), symbol.offset, named);
    draft.explanation = match named.known {
        Known::Sink(capability) => {
            format!("A function of this file refers to {}, which can {}.", named.full(), capability.verb())
        }
        _ => format!("A function of this file refers to {}.", named.full()),
    };
    found.find(facts, &super::stored_code::STORED_CODE, Level::UnknownCode, draft);
    if found.out.imports.len() < IMPORTS {
        found.out.imports.push(listed(symbol, named, named.known, Level::UnknownCode));
    }
}

/// The node that a name was made for first.
fn made_at(facts: &Facts<'_>, symbol: &Symbol) -> Option<NodeId> {
    facts.graph.last_made_before(symbol.offset).filter(|node| facts.graph.offset(*node) == symbol.offset)
}

fn import(facts: &Facts<'_>, symbol: &Symbol, named: &GlobalRef, found: &mut Findings) {
    let known = as_spelled(symbol, named);
    let mut level = known.level();
    let leads_anywhere = named.has(Traits::LEADS_ANYWHERE) && !matches!(named.known, Known::Reviewed(_));
    let is_listed = found.out.imports.len() < IMPORTS;
    if level == Level::UnknownCode && !leads_anywhere && !is_listed && !found.has_room(level) {
        return found.count(level);
    }
    let mut draft = Draft::about(made_at(facts, symbol), symbol.offset, named);
    match known {
        Known::Sink(capability) => {
            draft.capability = Some(capability);
            draft.explanation =
                format!("Loading imports {}, which can {}.", named.full_and_public(), capability.verb());
            found.find(facts, &DANGEROUS_IMPORT, Level::Dangerous, draft);
        }
        _ if leads_anywhere => {
            draft.explanation = format!("{} leads to everything that the interpreter holds.", named.full());
            let is_master = named.name.split('.').take(64).any(is_master_key);
            level = if is_master { Level::Dangerous } else { Level::Suspicious };
            found.find(facts, &INTROSPECTION, level, draft);
        }
        _ if level == Level::UnknownCode => {
            let is_code = matches!(known, Known::Reviewed(_));
            let rule = if is_code { &super::stored_code::STORED_CODE } else { &UNKNOWN_CODE };
            draft.explanation = match known {
                Known::Reviewed(review) => format!("{}: {}.", named.full(), review.reason),
                _ if named.module.starts_with("__torch__.") => {
                    format!("{} is made by TorchScript code that comes with the archive.", named.full())
                }
                _ => format!("Loading imports {}; what it does is not known here.", named.full()),
            };
            found.find(facts, rule, level, draft);
        }
        _ => {}
    }
    if is_listed {
        found.out.imports.push(listed(symbol, named, known, level));
    }
}

/// What is known of a name. A loader without fix_imports, and Python 2, see it as it is spelled.
fn as_spelled(symbol: &Symbol, named: &GlobalRef) -> Known {
    let spelled = symbol.raw.as_ref().filter(|_| named.known == Known::Unknown);
    match spelled.map(|(module, name)| judge(module, name)) {
        Some(sink @ Known::Sink(_)) => sink,
        _ => named.known,
    }
}

fn listed(symbol: &Symbol, named: &GlobalRef, known: Known, level: Level) -> Import {
    let (reason, capability): (String, Option<Capability>) = match known {
        Known::Sink(capability) => (format!("can {}", capability.verb()), Some(capability)),
        Known::Reviewed(review) => match source(&named.module, &named.name) {
            Some(source) => (format!("{} ({source})", review.reason), None),
            None => (review.reason.to_owned(), None),
        },
        Known::Unknown => (String::new(), None),
    };
    Import {
        module: named.module.clone(),
        name: named.name.clone(),
        raw: symbol.mapped_from().map(|(module, name)| format!("{module}.{name}")),
        level,
        reason,
        capability,
        offset: symbol.offset,
    }
}

/// Modules whose import alone does something.
pub(super) fn import_that_acts(facts: &Facts<'_>, call: &Call, module: &str, found: &mut Findings) {
    if acts_on_import(module) {
        let mut draft = Draft::at(call.id);
        module.clone_into(&mut draft.module);
        draft.capability = module_capability(module);
        draft.explanation = format!("Importing the module {module} does something at once.");
        found.find(facts, &DANGEROUS_IMPORT, Level::Dangerous, draft);
    }
}
