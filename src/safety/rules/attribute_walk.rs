//! Reaches something dangerous by way of attributes.

use super::Rule;

/// Reaches something dangerous by way of attributes.
pub const RULE: Rule = Rule {
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
