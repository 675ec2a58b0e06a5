//! Plants a method that Python calls by itself.

use super::Rule;

/// Plants a method that Python calls by itself.
pub const RULE: Rule = Rule {
    id: "planted-hook",
    title: "Plants a method that Python calls by itself",
    what: "The state given to an object has a key such as __setstate__, __reduce__ or __class__.",
    why: "Python looks these up by name and calls them. Planted in an object's state they run code at a moment that nothing in the file shows.",
    example: ("BUILD with {'__setstate__': ...}", "obj.__dict__['__setstate__'] = ..."),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("pickle: object.__setstate__", "https://docs.python.org/3/library/pickle.html#object.__setstate__"),
        (
            "The data model: special method names",
            "https://docs.python.org/3/reference/datamodel.html#special-method-names",
        ),
        ("CWE-915: modification of object attributes", "https://cwe.mitre.org/data/definitions/915.html"),
    ],
};
