//! Holds code.

use super::Rule;

/// Holds code.
pub const RULE: Rule = Rule {
    id: "stored-code",
    title: "Holds code",
    what: "The file holds functions, classes or code objects by value, as cloudpickle and dill write them.",
    why: "Loading makes them and does not run them by itself, but whoever uses the loaded value does. What byte code does cannot be told from the file's names alone.",
    example: ("cloudpickle.dumps(lambda x: x)", "_make_function(CodeType(...))"),
    advice: "Load it only if you trust the author as you would trust a script from them.",
    references: &[
        ("cloudpickle: functions by value", "https://github.com/cloudpipe/cloudpickle"),
        ("dill: functions by value", "https://github.com/uqfoundation/dill"),
        ("The data model: code objects", "https://docs.python.org/3/reference/datamodel.html#code-objects"),
    ],
};
