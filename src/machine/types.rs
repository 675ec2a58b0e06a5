//! The type that an operand is sure to have once it is loaded.

use crate::graph::{Edge, Graph, Record, Tag};

/// A type whose behaviour is known here. Everything else is [`Type::Unknown`]: what a call gives, what a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Type {
    Unknown,
    None,
    Bool,
    Int,
    Float,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    FrozenSet,
    List,
    Dict,
    Set,
    MemoryView,
    Object,
    Complex,
    Range,
    Slice,
    Function,
    Class,
    Ellipsis,
    NotImplemented,
}

/// All of them, each at its number, with the name that CPython's messages use.
const TYPES: [(Type, &str); 22] = [
    (Type::Unknown, "object of unknown type"),
    (Type::None, "NoneType"),
    (Type::Bool, "bool"),
    (Type::Int, "int"),
    (Type::Float, "float"),
    (Type::Str, "str"),
    (Type::Bytes, "bytes"),
    (Type::ByteArray, "bytearray"),
    (Type::Tuple, "tuple"),
    (Type::FrozenSet, "frozenset"),
    (Type::List, "list"),
    (Type::Dict, "dict"),
    (Type::Set, "set"),
    (Type::MemoryView, "memoryview"),
    (Type::Object, "object"),
    (Type::Complex, "complex"),
    (Type::Range, "range"),
    (Type::Slice, "slice"),
    (Type::Function, "builtin_function_or_method"),
    (Type::Class, "type"),
    (Type::Ellipsis, "ellipsis"),
    (Type::NotImplemented, "NotImplementedType"),
];

/// Functions of `builtins`, which are no classes.
#[rustfmt::skip]
const FUNCTIONS: [&str; 45] = [
    "__build_class__", "__import__", "abs", "aiter", "all", "anext", "any", "ascii", "bin", "breakpoint", "callable", "chr",
    "compile", "delattr", "dir", "divmod", "eval", "exec", "format", "getattr", "globals", "hasattr", "hash", "hex", "id",
    "input", "isinstance", "issubclass", "iter", "len", "locals", "max", "min", "next", "oct", "open", "ord", "pow",
    "print", "repr", "round", "setattr", "sorted", "sum", "vars",
];

impl Type {
    /// The name that CPython's messages use.
    pub(super) fn name(self) -> &'static str {
        TYPES[self as usize].1
    }

    pub(super) fn of_code(code: u8) -> Self {
        TYPES.get(usize::from(code)).map_or(Self::Unknown, |found| found.0)
    }

    /// Whether `iter` takes it.
    pub(super) fn is_iterable(self) -> bool {
        matches!(
            self,
            Self::Unknown
                | Self::Str
                | Self::Bytes
                | Self::ByteArray
                | Self::Tuple
                | Self::FrozenSet
                | Self::List
                | Self::Dict
                | Self::Set
                | Self::MemoryView
                | Self::Range
        )
    }
}

/// What `builtins` has under a name: the type of that, and of its instances when it is a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Builtin {
    pub(super) itself: Type,
    pub(super) instances: Type,
}

impl Builtin {
    const NONE: Self = Self { itself: Type::Unknown, instances: Type::Unknown };

    /// By its name; of other modules nothing is known.
    pub(super) fn named(module: &str, name: &str) -> Self {
        if module != "builtins" {
            return Self::NONE;
        }
        let constant = |itself| Self { itself, ..Self::NONE };
        match name {
            "None" => constant(Type::None),
            "True" | "False" | "__debug__" => constant(Type::Bool),
            "Ellipsis" => constant(Type::Ellipsis),
            "NotImplemented" => constant(Type::NotImplemented),
            // Whether one can be hashed depends on what it shows.
            "memoryview" => Self { itself: Type::Class, ..Self::NONE },
            _ if FUNCTIONS.contains(&name) => constant(Type::Function),
            _ => {
                let known = TYPES[Type::Bool as usize..Type::Function as usize].iter().find(|known| known.1 == name);
                known.map_or(Self::NONE, |&(instances, _)| Self { itself: Type::Class, instances })
            }
        }
    }

    /// As a record of a global keeps it; 0 when nothing is known.
    pub(super) fn code(self) -> u16 {
        self.itself as u16 | (self.instances as u16) << 8
    }

    pub(super) fn of_code(code: u16) -> Self {
        let [itself, instances] = code.to_le_bytes();
        Self { itself: Type::of_code(itself), instances: Type::of_code(instances) }
    }
}

/// The type of what an edge points to.
pub(super) fn type_of(graph: &Graph, edge: u32) -> Type {
    of_record(&graph.records[(edge & !Edge::FETCHED) as usize])
}

fn of_record(record: &Record) -> Type {
    match record.tag {
        Tag::None => Type::None,
        Tag::False | Tag::True => Type::Bool,
        Tag::Int | Tag::LongBinary | Tag::LongText => Type::Int,
        Tag::Float => Type::Float,
        // A `str` of Python 2 is one to a loader that is told nothing else.
        Tag::Utf8 | Tag::RawUnicodeEscape | Tag::Python2 | Tag::Python2Quoted => Type::Str,
        Tag::Bytes => Type::Bytes,
        Tag::ByteArray => Type::ByteArray,
        Tag::Tuple => Type::Tuple,
        Tag::FrozenSet => Type::FrozenSet,
        Tag::List => Type::List,
        Tag::Dict => Type::Dict,
        Tag::Set => Type::Set,
        Tag::Global => Builtin::of_code(record.extra).itself,
        Tag::ReadonlyBuffer => Type::of_code(record.extra as u8),
        // The low byte is the opcode.
        Tag::Call => Type::of_code((record.extra >> 8) as u8),
        Tag::Line
        | Tag::ComputedGlobal
        | Tag::PersistentId
        | Tag::Extension
        | Tag::Buffer
        | Tag::InlineArray
        | Tag::InlinePickle => Type::Unknown,
    }
}

/// In `extra` of a dict: NEWOBJ_EX has taken keywords from it.
pub(super) const KEYWORDS: u16 = 1;

/// Whether NEWOBJ_EX has taken its keywords from this dict: a change comes too late for the call.
#[inline(always)]
pub(super) fn is_keywords(record: &Record) -> bool {
    record.tag == Tag::Dict && record.extra == KEYWORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_stand_at_their_numbers() {
        for (index, &(known, _)) in TYPES.iter().enumerate() {
            assert_eq!(known as usize, index);
            assert_eq!(Type::of_code(index as u8), known);
        }
        let list = Builtin::named("builtins", "list");
        assert_eq!((list.itself, list.instances), (Type::Class, Type::List));
        assert_eq!(Builtin::of_code(list.code()), list);
        assert_eq!(Builtin::named("builtins", "len").itself, Type::Function);
        assert_eq!(Builtin::named("builtins", "NoneType").code(), 0, "a type without a name in builtins");
        assert_eq!(Builtin::named("numpy", "int").code(), 0);
    }
}
