//! A pickle after the end.

use super::Rule;

/// A pickle after the end.
pub const RULE: Rule = Rule {
    id: "hidden-data",
    title: "A pickle after the end",
    what: "Bytes after the last pickle, which no loader reads in the ordinary way, hold another pickle.",
    why: "It is either a leftover or meant for a loader that looks there.",
    example: (". ...padding... \\x80\\x04...", "a pickle in the trailing bytes"),
    advice: "Look at the findings inside.",
    references: &[
        ("pickle: the stream ends at STOP", "https://docs.python.org/3/library/pickletools.html"),
        ("CWE-506: embedded malicious code", "https://cwe.mitre.org/data/definitions/506.html"),
    ],
};
