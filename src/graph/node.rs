//! What a node is, unpacked from its record.

use super::SymbolId;
use crate::bytes::Span;
use crate::opcode::{Opcode, PyText, raw_unicode_escape, unescape};

/// Names a node of a [`Graph`](super::Graph): its position in the arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

impl NodeId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// An arrow from a node to one of its children, or from the stack or memo to a node.
///
/// It remembers whether the child was made right here or fetched from the memo (GET, DUP): an object that is not fetched
/// is not shared, so a tree needs to look for the first place of fetched ones only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Edge(pub(crate) u32);

impl Edge {
    pub(crate) const FETCHED: u32 = 1 << 31;

    /// An arrow to the place where `node` was made.
    #[must_use]
    pub fn to(node: NodeId) -> Self {
        Self(node.0)
    }

    /// The node it points to.
    #[must_use]
    pub fn node(self) -> NodeId {
        NodeId(self.0 & !Self::FETCHED)
    }

    /// Whether the value came from the memo (or was duplicated) instead of being made here.
    #[must_use]
    pub fn is_fetched(self) -> bool {
        self.0 & Self::FETCHED != 0
    }
}

/// How the bytes of a text become characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextEncoding {
    /// `str` as UTF-8 in which lone surrogates are allowed (BINUNICODE and its kin).
    Utf8,
    /// `str` as one line in raw-unicode-escape (UNICODE, protocol 0).
    RawUnicodeEscape,
    /// Python 2 `str` as its bytes (BINSTRING, SHORT_BINSTRING): text or bytes, as the loader is told.
    Python2,
    /// Python 2 `str` as a quoted line with escapes (STRING, protocol 0).
    Python2Quoted,
    /// One line taken as ASCII text, without quotes or escapes (the id of PERSID).
    Line,
}

impl TextEncoding {
    /// The characters of a payload; a Python 2 `str` is read as latin-1, so that no byte is lost.
    ///
    /// # Errors
    /// When it does not decode: what is wrong, in words.
    pub fn decode(self, payload: &[u8]) -> Result<PyText<'_>, String> {
        match self {
            Self::Utf8 => PyText::from_utf8_surrogatepass(payload).map_err(|error| error.to_string()),
            Self::RawUnicodeEscape => raw_unicode_escape(payload).map_err(|error| error.to_string()),
            Self::Python2 | Self::Line => Ok(PyText::from_latin1(payload)),
            Self::Python2Quoted => match unescape(payload) {
                Ok(bytes) => Ok(PyText::from_latin1(&bytes).into_owned()),
                Err(error) => Err(error.to_string()),
            },
        }
    }

    /// Whether it is a `str` of Python 2, which may be text or bytes.
    #[must_use]
    pub fn is_python2(self) -> bool {
        matches!(self, Self::Python2 | Self::Python2Quoted)
    }
}

/// Which opcode makes a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallKind {
    /// `callee(*args)` (REDUCE).
    Reduce,
    /// `callee.__new__(callee, *args)` (NEWOBJ).
    NewObj,
    /// `callee.__new__(callee, *args, **kwargs)` (NEWOBJ_EX).
    NewObjEx,
    /// The class named on two lines, called with everything above the MARK (INST).
    Inst,
    /// The first item above the MARK, called with the others (OBJ).
    Obj,
}

impl CallKind {
    /// A bit of its own, for sets of kinds.
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The opcode.
    #[must_use]
    pub fn opcode(self) -> Opcode {
        match self {
            Self::Reduce => Opcode::Reduce,
            Self::NewObj => Opcode::NewObj,
            Self::NewObjEx => Opcode::NewObjEx,
            Self::Inst => Opcode::Inst,
            Self::Obj => Opcode::Obj,
        }
    }

    /// Name of the opcode.
    #[must_use]
    pub fn opcode_name(self) -> &'static str {
        match self {
            Self::Reduce => "REDUCE",
            Self::NewObj => "NEWOBJ",
            Self::NewObjEx => "NEWOBJ_EX",
            Self::Inst => "INST",
            Self::Obj => "OBJ",
        }
    }
}

/// A node. Containers and calls are grown by later opcodes; what was added is in [`Graph::runs`](super::Graph::runs).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Node {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An `int` that fits 64 bits.
    Int(i64),
    /// A longer `int` as little-endian two's complement (LONG1, LONG4).
    LongBinary(Span),
    /// A longer `int` as decimal text on a line (INT, LONG).
    LongText(Span),
    /// A `float`.
    Float(f64),
    /// A `str`, of Python 3 or 2.
    Text {
        /// The payload.
        span: Span,
        /// How to read it.
        encoding: TextEncoding,
    },
    /// `bytes`.
    Bytes(Span),
    /// `bytearray` (BYTEARRAY8).
    ByteArray(Span),
    /// A module's attribute: what GLOBAL and STACK_GLOBAL look up.
    Global(SymbolId),
    /// What STACK_GLOBAL looks up when one of its operands is not a string made in the file.
    ComputedGlobal {
        /// Module operand.
        module: Edge,
        /// Name operand.
        name: Edge,
    },
    /// A `tuple`; items by [`Graph::items`](super::Graph::items).
    Tuple,
    /// A `list`.
    List,
    /// A `dict`.
    Dict,
    /// A `set` (EMPTY_SET).
    Set,
    /// A `frozenset` (FROZENSET).
    FrozenSet,
    /// The result of a call.
    Call {
        /// Which opcode.
        kind: CallKind,
        /// What is called.
        callee: Edge,
        /// Its arguments, normally a tuple.
        args: Edge,
        /// Keyword arguments of NEWOBJ_EX, normally a dict.
        kwargs: Option<Edge>,
    },
    /// What the loader's `persistent_load` gives for an id.
    PersistentId(Edge),
    /// An object of the copyreg extension registry of whoever loads the file.
    Extension(i32),
    /// The n-th out-of-band buffer, counted from 0 in each pickle (NEXT_BUFFER).
    Buffer(u32),
    /// A read-only view of a buffer (READONLY_BUFFER).
    ReadonlyBuffer(Edge),
    /// An array whose numbers stand in the file as they are: joblib writes them behind the BUILD of a
    /// `NumpyArrayWrapper` (`joblib/numpy_pickle.py`), a `.npy` file behind its header.
    InlineArray {
        /// What describes the array: the wrapper, or the dict of the header.
        wrapper: Edge,
        /// The numbers.
        data: Span,
    },
    /// An array of objects, in the same places: a whole pickle, with a memo of its own, stands for it.
    InlinePickle {
        /// What describes the array.
        wrapper: Edge,
        /// The result of the pickle: the array.
        value: Edge,
    },
}
