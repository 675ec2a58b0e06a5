//! Asks the loading program for objects by id.

use super::Rule;

/// Asks the loading program for objects by id.
pub const RULE: Rule = Rule {
    id: "persistent-id",
    title: "Asks the loading program for objects by id",
    what: "PERSID and BINPERSID hand an id to a method of the loading program. torch's tuple 'storage' is known; this one is not.",
    why: "What comes back, and whether anything runs for it, is the loading program's choice.",
    example: ("Pid\\n.", "persistent_load('id')"),
    advice: "Load it only with the program that wrote it.",
    references: &[(
        "pickle: persistence of external objects",
        "https://docs.python.org/3/library/pickle.html#persistence-of-external-objects",
    )],
};
