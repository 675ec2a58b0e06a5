//! Uses a known name as honest files do not.

use super::Rule;

/// Uses a known name as honest files do not.
pub const RULE: Rule = Rule {
    id: "unusual-use",
    title: "Uses a known name as honest files do not",
    what: "A function of the standard library or of a reviewed package is called, or the result of one is changed, and no pickler does that.",
    why: "It is not on the list of dangerous functions. Many functions of libraries can be turned to harm, so one that is called without need is suspicious.",
    example: ("cstring\\ncapwords\\n(S'a'\\ntR.", "string.capwords('a')"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("pickle: object.__reduce__", "https://docs.python.org/3/library/pickle.html#object.__reduce__"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};
