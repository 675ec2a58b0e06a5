//! The rules of calls, which all passes over calls find.

use crate::safety::facts::Facts;
use crate::safety::finding::{Draft, Rule};
use crate::safety::level::Level;
use crate::safety::values::{Call, GlobalRef};
use crate::safety::verdict::Findings;

/// Calls something dangerous.
pub const DANGEROUS_CALL: Rule = Rule {
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

/// Calls the result of something else.
pub const COMPUTED_CALL: Rule = Rule {
    id: "computed-call",
    title: "Calls the result of something else",
    what: "What is called is neither a known function nor a class, but the result of another call, an attribute of a value or an item of one.",
    why: "Which code runs is decided only while loading. Picklers name what they call.",
    example: ("getattr(pathlib.Path('x'), 'write_text')('y')", "a method of an object made in the file"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        (
            "GHSA-vvpj-8cmc-gx39: pkgutil.resolve_name finds what is called next",
            "https://github.com/advisories/GHSA-vvpj-8cmc-gx39",
        ),
        ("pickle: object.__reduce__", "https://docs.python.org/3/library/pickle.html#object.__reduce__"),
    ],
};

/// Uses a known name in an unusual way.
pub const UNUSUAL_USE: Rule = Rule {
    id: "unusual-use",
    title: "Uses a known name in an unusual way",
    what: "A function of the standard library or of a package whose source was read, or a method of any class, is called and no pickler calls it; or the result of such a call is changed.",
    why: "It is not on the list of dangerous functions. Many functions of libraries can be turned to harm, so one that is called without need is suspicious.",
    example: ("cstring\\ncapwords\\n(S'a'\\ntR.", "string.capwords('a')"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("pickle: object.__reduce__", "https://docs.python.org/3/library/pickle.html#object.__reduce__"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};

/// A known function gets unusual arguments.
pub const UNUSUAL_ARGUMENTS: Rule = Rule {
    id: "unusual-arguments",
    title: "A known function gets unusual arguments",
    what: "The function is ordinary, the arguments are not: a value where a class belongs, a computed name, a text encoding other than latin1.",
    why: "Ordinary constructors are used to reach others: what is given to them decides what runs.",
    example: ("_codecs.encode('flfgrz', 'rot13')", "_codecs.encode with 'rot13'"),
    advice: "Do not load this file unless its author can say why it does that.",
    references: &[
        ("copyreg: the helpers that pickles call", "https://docs.python.org/3/library/copyreg.html"),
        ("PEP 307: how objects say what their pickle calls", "https://peps.python.org/pep-0307/"),
    ],
};

/// Arguments that honest files do not give.
pub(super) fn unusual(
    facts: &Facts<'_>,
    named: &GlobalRef,
    call: &Call,
    level: Level,
    why: impl Into<String>,
    found: &mut Findings,
) {
    let mut draft = Draft::named(call.id, named);
    draft.explanation = why.into();
    found.find(facts, &UNUSUAL_ARGUMENTS, level, draft);
}
