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
};
