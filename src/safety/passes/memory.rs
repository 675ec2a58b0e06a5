//! State that compiled code believes: where it lies, memory is read and written that is not the object's own.

use crate::graph::Edge;
use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::names::Traits;
use crate::safety::values::AbstractValue;
use crate::safety::verdict::Findings;

/// Makes a library read or write memory that is not its own.
pub const FOREIGN_MEMORY: Rule = Rule {
    id: "foreign-memory",
    title: "Makes a library read or write memory that is not its own",
    what: "The state of an object says how its elements lie in memory, and compiled code takes that as it stands. Here it says what cannot be: a field outside of its element, objects where there are numbers.",
    why: "The process crashes, gives away what is in its memory, or runs what the file has put there: bytes of the file become pointers.",
    example: ("numpy.dtype('O8') with the flags 0", "numpy.dtype.__setstate__((3, '|', None, None, None, -1, -1, 0))"),
    advice: "Do not load this file.",
    references: &[
        ("CWE-125: out-of-bounds read", "https://cwe.mitre.org/data/definitions/125.html"),
        ("CWE-822: untrusted pointer dereference", "https://cwe.mitre.org/data/definitions/822.html"),
        (
            "numpy: arraydescr_setstate",
            "https://github.com/numpy/numpy/blob/main/numpy/_core/src/multiarray/descriptor.c",
        ),
    ],
};

/// The dtypes of the file.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    for &id in &facts.changed {
        if let AbstractValue::Instance(class) = facts.value(Edge::to(id))
            && class.has(Traits::LAYS_OUT_MEMORY)
            && let Some(fault) = facts.lens.dtype_fault(id)
        {
            let mut draft = Draft::named(id, &class);
            draft.change = Some(facts.changed_by(id));
            draft.explanation = format!("Loading makes a dtype that numpy believes and that is false: {fault}.");
            found.find(facts, &FOREIGN_MEMORY, Level::Dangerous, draft);
        }
    }
}
