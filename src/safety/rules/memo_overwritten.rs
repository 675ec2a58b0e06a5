//! Stores twice under one memo index.

use super::Rule;

/// Stores twice under one memo index.
pub const RULE: Rule = Rule {
    id: "memo-overwritten",
    title: "Stores twice under one memo index",
    what: "PUT stores a second value under an index that is in use.",
    why: "Picklers never do that. Programs that follow the memo carelessly see the first value where a loader sees the second.",
    example: ("p0 ... p0", "PUT 0 after PUT 0"),
    advice: "Treat it as an attempt to hide something.",
    references: &[
        ("python/cpython#123309: memo keys may be defined again", "https://github.com/python/cpython/issues/123309"),
        ("pickletools: PUT and MEMOIZE", "https://docs.python.org/3/library/pickletools.html"),
    ],
};
