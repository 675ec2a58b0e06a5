//! Calls something dangerous.

use super::Rule;

/// Calls something dangerous.
pub const RULE: Rule = Rule {
    id: "dangerous-call",
    title: "Calls something dangerous",
    what: "The file calls, while it is being loaded, a function that runs commands or code, touches files, opens connections, loads native code or changes the interpreter.",
    why: "This is how nearly all hostile pickles work: REDUCE, INST, OBJ or NEWOBJ calls the function with arguments from the file before the loading program sees any value.",
    example: ("cos\\nsystem\\n(S'echo'\\ntR.", "os.system('echo')"),
    advice: "Do not load this file.",
    references: &[
        ("GHSA-655q-fx9r-782v: pip.main in a pickle", "https://github.com/advisories/GHSA-655q-fx9r-782v"),
        ("The art of hide and seek: how pickles get past scanners", "https://arxiv.org/abs/2508.19774"),
        ("pickle: object.__reduce__", "https://docs.python.org/3/library/pickle.html#object.__reduce__"),
    ],
};
