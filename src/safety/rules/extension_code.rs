//! Uses an extension code.

use super::Rule;

/// Uses an extension code.
pub const RULE: Rule = Rule {
    id: "extension-code",
    title: "Uses an extension code",
    what: "EXT1, EXT2 and EXT4 stand for whatever the loading program registered with copyreg under that number.",
    why: "The file does not say what it is, so nobody can tell what loading it would import.",
    example: ("\\x80\\x02\\x82\\x01.", "extension #1"),
    advice: "Ask the author which program writes these codes, and look into its registry.",
    references: &[
        ("copyreg: the extension registry", "https://docs.python.org/3/library/copyreg.html"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};
