//! Would use up memory or time.

use super::Rule;

/// Would use up memory or time.
pub const RULE: Rule = Rule {
    id: "resource-bomb",
    title: "Would use up memory or time",
    what: "The file asks for far more memory or time than its size can justify: a huge number, an endless iterator, objects that contain each other's copies many times over.",
    why: "The program that loads it, or prints or compares what was loaded, hangs or dies.",
    example: ("bytearray(2**40)", "builtins.bytearray(1099511627776)"),
    advice: "Do not load this file in a program that matters.",
    references: &[
        ("CWE-400: uncontrolled resource consumption", "https://cwe.mitre.org/data/definitions/400.html"),
        ("CWE-409: data amplification", "https://cwe.mitre.org/data/definitions/409.html"),
    ],
};
