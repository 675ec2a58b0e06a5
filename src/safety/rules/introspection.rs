//! Uses names that lead anywhere.

use super::Rule;

/// Uses names that lead anywhere.
pub const RULE: Rule = Rule {
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
