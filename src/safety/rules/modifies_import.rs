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
};
