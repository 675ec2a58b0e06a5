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
};
