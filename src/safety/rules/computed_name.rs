//! The name that is imported is not written in the file.

use super::Rule;

/// The name that is imported is not written in the file.
pub const RULE: Rule = Rule {
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
