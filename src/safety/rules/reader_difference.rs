//! Readers see different things.

use super::Rule;

/// Readers see different things.
pub const RULE: Rule = Rule {
    id: "reader-difference",
    title: "Readers see different things",
    what: "Programs that read pickles do not agree on these bytes: CPython's C loader before and after 3.14.7, its Python loader and pickletools take them differently.",
    why: "A file can look harmless to the one and run code in the other. Ordinary picklers never write such bytes.",
    example: ("FRAME that ends inside a BINBYTES", "an instruction that crosses its frame"),
    advice: "Treat it as an attempt to hide something. Do not load this file.",
    references: &[
        ("python/cpython#126996: NULs in lines", "https://github.com/python/cpython/issues/126996"),
        ("python/cpython#126997: encodings of STRING", "https://github.com/python/cpython/issues/126997"),
        ("python/cpython#128853: reads across a frame's end", "https://github.com/python/cpython/issues/128853"),
    ],
};
