//! Uses code that is not known here.

use super::Rule;

/// Uses code that is not known here.
pub const RULE: Rule = Rule {
    id: "unknown-code",
    title: "Uses code that is not known here",
    what: "The file imports a class or function that is in none of the tables: your own class, or one of a library that was not reviewed.",
    why: "Loading imports its module, which runs that module's code, and calls the class or function with values from the file. It is neither known to be dangerous nor known to be ordinary.",
    example: ("cmymodule\\nModel\\n)\\x81.", "mymodule.Model.__new__(mymodule.Model)"),
    advice: "Load it only if you know where the named code comes from and trust the file's author.",
    references: &[
        (
            "pickle: what can be pickled and unpickled",
            "https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled",
        ),
        ("PickleBall: policies for each library", "https://arxiv.org/abs/2508.15987"),
    ],
};
