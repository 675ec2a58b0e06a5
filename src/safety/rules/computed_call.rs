//! Calls the result of something else.

use super::Rule;

/// Calls the result of something else.
pub const RULE: Rule = Rule {
    id: "computed-call",
    title: "Calls the result of something else",
    what: "What is called is neither a known function nor a class, but the result of another call, an attribute of a value or an item of one.",
    why: "Which code runs is decided only while loading. Picklers name what they call.",
    example: ("getattr(pathlib.Path('x'), 'write_text')('y')", "a method of an object made in the file"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        (
            "GHSA-vvpj-8cmc-gx39: pkgutil.resolve_name finds what is called next",
            "https://github.com/advisories/GHSA-vvpj-8cmc-gx39",
        ),
        ("pickle: object.__reduce__", "https://docs.python.org/3/library/pickle.html#object.__reduce__"),
    ],
};
