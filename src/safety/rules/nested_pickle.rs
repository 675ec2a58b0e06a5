//! Holds another pickle.

use super::Rule;

/// Holds another pickle.
pub const RULE: Rule = Rule {
    id: "nested-pickle",
    title: "Holds another pickle",
    what: "A bytes value, or a text in base64, is itself a pickle, and was judged like one. The level is that of the pickle inside.",
    why: "It runs when something loads it: a function of the file, or the program that uses the file. It also hides names from programs that look only at the outside.",
    example: ("b'\\x80\\x04...'", "a pickle in a bytes value"),
    advice: "Look at the findings inside; they hold for the moment when the inner pickle is loaded.",
    references: &[
        ("CVE-2025-32434: torch.load and what it loads inside", "https://nvd.nist.gov/vuln/detail/CVE-2025-32434"),
        ("torch.load", "https://pytorch.org/docs/stable/generated/torch.load.html"),
    ],
};
