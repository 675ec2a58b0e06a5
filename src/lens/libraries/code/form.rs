//! A code object as its call states it.

use crate::graph::{Edge, NodeId};

/// The form of the arguments of a code object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeForm {
    /// 14 arguments: Python 2.
    Python2,
    /// 15: with keyword-only arguments, Python 3.0 to 3.7.
    Python3,
    /// 16: with positional-only arguments, Python 3.8 to 3.10.
    Positional,
    /// 18: with a qualified name and a table of exceptions, Python 3.11 and later.
    Qualified,
    /// 17: the same without the table, PyPy 3.11.
    PyPy,
    /// Another number, of a Python that is not known.
    Unknown,
}

/// A code object.
#[derive(Clone, Debug)]
pub struct CodeObject {
    /// Its node.
    pub node: NodeId,
    /// The form of its arguments.
    pub form: CodeForm,
    /// `co_argcount`: arguments that may be positional, those in `posonly` included.
    pub args: u64,
    /// `co_posonlyargcount`.
    pub posonly: u64,
    /// `co_kwonlyargcount`.
    pub kwonly: u64,
    /// `co_nlocals`.
    pub locals: i64,
    /// `co_stacksize`.
    pub stack: i64,
    /// `co_flags`.
    pub flags: i64,
    /// `co_code`, when its bytes are there.
    pub bytecode: Option<Vec<u8>>,
    /// `co_code`, the value in the graph.
    pub bytecode_at: Edge,
    /// `co_consts`.
    pub constants: Vec<Edge>,
    /// `co_names`: globals, attributes, imports.
    pub names: Vec<String>,
    /// `co_varnames`: arguments, then other local variables.
    pub variables: Vec<String>,
    /// `co_freevars`.
    pub free: Vec<String>,
    /// `co_cellvars`.
    pub cells: Vec<String>,
    /// `co_filename`.
    pub file: String,
    /// `co_name`.
    pub name: String,
    /// `co_qualname`, where the form has it.
    pub qualified: Option<String>,
    /// `co_firstlineno`.
    pub first_line: i64,
    /// First and last line of the instructions, by the table of lines.
    pub lines: Option<(i64, i64)>,
    /// The versions of CPython that this can be code of, and why.
    pub versions: Option<(String, String)>,
    /// What does not fit together, in words.
    pub problem: Option<String>,
}
