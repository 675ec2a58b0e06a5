//! Runs code that the file holds.

use super::Rule;

/// Runs code that the file holds.
pub const RULE: Rule = Rule {
    id: "runs-stored-code",
    title: "Runs code that the file holds",
    what: "A function made of a code object in the file is called while loading, or a hook of a class made in the file names something dangerous.",
    why: "Code in the file can do anything, and here it does so before the loading program sees any value.",
    example: ("_make_function(CodeType(...))()", "a function of this file, called"),
    advice: "Do not load this file.",
    references: &[
        ("GHSA-565g-hwwr-4pp3: marshal and types.FunctionType", "https://github.com/advisories/GHSA-565g-hwwr-4pp3"),
        ("cloudpickle: functions by value", "https://github.com/cloudpipe/cloudpickle"),
    ],
};
