//! What the loading program alone can say: objects by persistent ids, extension codes.

use crate::graph::{Edge, Node, NodeId};
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::Known;
use crate::safety::values::AbstractValue;
use crate::safety::verdict::Findings;

/// Asks the loading program for objects by id.
pub const PERSISTENT_ID: Rule = Rule {
    id: "persistent-id",
    title: "Asks the loading program for objects by id",
    what: "PERSID and BINPERSID hand an id to a method of the loading program. torch's tuple 'storage' is known; this one is not.",
    why: "What comes back, and whether anything runs for it, is the loading program's choice.",
    example: ("Pid\\n.", "persistent_load('id')"),
    advice: "Load it only with the program that wrote it.",
    references: &[(
        "pickle: persistence of external objects",
        "https://docs.python.org/3/library/pickle.html#persistence-of-external-objects",
    )],
};

/// Uses an extension code.
pub const EXTENSION_CODE: Rule = Rule {
    id: "extension-code",
    title: "Uses an extension code",
    what: "EXT1, EXT2 and EXT4 stand for whatever the loading program registered with copyreg under that number.",
    why: "The file does not say what it is, so nobody can tell what loading it would import.",
    example: ("\\x80\\x02\\x82\\x01.", "extension #1"),
    advice: "Ask the author which program writes these codes, and look into its registry.",
    references: &[
        ("copyreg: the extension registry", "https://docs.python.org/3/library/copyreg.html"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};

pub(in crate::safety) fn extension(facts: &Facts<'_>, id: NodeId, code: i32, found: &mut Findings) {
    let mut draft = Draft::at(id);
    draft.explanation = format!("What extension code {code} stands for is known only to the loading program.");
    found.find(facts, &EXTENSION_CODE, Level::Suspicious, draft);
}

/// Judges a persistent id, and says what it comes to, if that is known.
pub(in crate::safety) fn persistent_id(
    facts: &Facts<'_>,
    id: NodeId,
    edge: Edge,
    found: &mut Findings,
) -> Option<AbstractValue> {
    let items: Vec<Edge> = facts.graph.items(edge.node()).take(8).collect();
    let kind = items.first().map(|first| facts.value(*first));
    let kind = kind.as_ref().and_then(AbstractValue::text);
    let is_storage = (5..=6).contains(&items.len())
        && kind == Some("storage")
        && matches!(facts.value(items[1]), AbstractValue::Global(named) if named.module.split('.').next() == Some("torch")
            && matches!(named.known, Known::Reviewed(_)));
    // torch before 1.6 gives classes of modules with their source, and takes them back as the classes alone
    // (`torch/serialization.py`, `_legacy_load`). The import of the class says what is known of it.
    let is_class = items.len() == 4 && kind == Some("module");
    if is_class && let class @ AbstractValue::Global(_) = facts.value(items[1]) {
        return Some(class);
    }
    if !is_storage {
        let mut draft = Draft::at(id);
        draft.explanation = "The loading program is asked for an object by an id that is not torch's.".to_owned();
        found.find(facts, &PERSISTENT_ID, Level::UnknownCode, draft);
    }
    None
}

/// Whether a call is one of what an extension code stands for.
pub(super) fn is_extension(facts: &Facts<'_>, call: NodeId) -> bool {
    facts.callee(call).is_some_and(|callee| matches!(facts.graph.node(callee.node()), Node::Extension(_)))
}
