//! Imports something dangerous.

use super::Rule;

/// Imports something dangerous.
pub const RULE: Rule = Rule {
    id: "dangerous-import",
    title: "Imports something dangerous",
    what: "The file names a function or class that runs commands or code, touches files, opens connections, loads native code or changes the interpreter. Nothing that is written by an ordinary program needs it.",
    why: "A loader imports the name at once. A call of it may follow, or it is handed to something that calls it later: a default factory, a hook, a partial.",
    example: ("cos\\nsystem\\n", "GLOBAL names os.system"),
    advice: "Do not load this file. If it must be kept, keep it as evidence; look at who made it.",
    references: &[
        ("GHSA-f7qq-56ww-84cr: a submodule of a dangerous module", "https://github.com/advisories/GHSA-f7qq-56ww-84cr"),
        (
            "GHSA-5hwf-rc88-82xm: modules of the standard library that run commands",
            "https://github.com/advisories/GHSA-5hwf-rc88-82xm",
        ),
    ],
};
