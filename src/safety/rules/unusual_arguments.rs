//! A known function gets arguments that honest files do not give it.

use super::Rule;

/// A known function gets arguments that honest files do not give it.
pub const RULE: Rule = Rule {
    id: "unusual-arguments",
    title: "A known function gets arguments that honest files do not give it",
    what: "The function is ordinary, the arguments are not: a class that is none, a name that is computed, a text encoding other than latin1.",
    why: "Ordinary constructors are used to reach others: what is given to them decides what runs.",
    example: ("_codecs.encode('flfgrz', 'rot13')", "_codecs.encode with 'rot13'"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("copyreg: the helpers that pickles call", "https://docs.python.org/3/library/copyreg.html"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};
