//! Changes a module, function or class of the loading program.

use super::Rule;

/// Changes a module, function or class of the loading program.
pub const RULE: Rule = Rule {
    id: "modifies-import",
    title: "Changes a module, function or class of the loading program",
    what: "BUILD, SETITEM(S), APPEND(S) or ADDITEMS works on something that was imported and not on an object that this file makes.",
    why: "The change stays after loading: a function replaced, a path added, a list of hooks extended. Other code then does what the file wants.",
    example: ("cos\\nenviron\\nS'PATH'\\nS'/x'\\ns.", "os.environ['PATH'] = '/x'"),
    advice: "Do not load this file.",
    references: &[
        ("GHSA-mhc9-48gj-9gp3: a call, then BUILD", "https://github.com/advisories/GHSA-mhc9-48gj-9gp3"),
        ("pickle: object.__setstate__", "https://docs.python.org/3/library/pickle.html#object.__setstate__"),
        ("CWE-915: modification of object attributes", "https://cwe.mitre.org/data/definitions/915.html"),
    ],
};
