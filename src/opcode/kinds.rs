//! The vocabulary of the opcode table: kinds of arguments, kinds of stack items, effects.

/// How the argument of an opcode is written in the stream. The names are those of `pickletools`' argument descriptors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArgKind {
    /// The opcode is a single byte.
    None,
    /// One byte, unsigned.
    UInt1,
    /// Two bytes, little-endian, unsigned.
    UInt2,
    /// Four bytes, little-endian, signed.
    Int4,
    /// Four bytes, little-endian, unsigned.
    UInt4,
    /// Eight bytes, little-endian, unsigned.
    UInt8,
    /// A line with a decimal integer; `00` and `01` are bools.
    DecimalNlShort,
    /// A line with a decimal integer that may end in `L`.
    DecimalNlLong,
    /// A line with a decimal float.
    FloatNl,
    /// An IEEE 754 double, big-endian.
    Float8,
    /// A line with a quoted, escaped string literal.
    StringNl,
    /// A line taken as it is.
    StringNlNoEscape,
    /// Two lines taken as they are: module and name.
    StringNlNoEscapePair,
    /// A one-byte length and that many bytes of a Python 2 `str`.
    String1,
    /// A signed four-byte length and that many bytes of a Python 2 `str`.
    String4,
    /// A one-byte length and that many bytes.
    Bytes1,
    /// A four-byte length and that many bytes.
    Bytes4,
    /// An eight-byte length and that many bytes.
    Bytes8,
    /// An eight-byte length and that many bytes of a bytearray.
    ByteArray8,
    /// A one-byte length and an integer of that many bytes, little-endian two's complement.
    Long1,
    /// A signed four-byte length and an integer of that many bytes, little-endian two's complement.
    Long4,
    /// A line of raw-unicode-escape text.
    UnicodeStringNl,
    /// A one-byte length and that many bytes of UTF-8.
    UnicodeString1,
    /// A four-byte length and that many bytes of UTF-8.
    UnicodeString4,
    /// An eight-byte length and that many bytes of UTF-8.
    UnicodeString8,
}

impl ArgKind {
    /// Whether the argument is text up to the end of a line, or of two.
    #[must_use]
    pub fn is_line(self) -> bool {
        matches!(
            self,
            Self::DecimalNlShort
                | Self::DecimalNlLong
                | Self::FloatNl
                | Self::StringNl
                | Self::StringNlNoEscape
                | Self::StringNlNoEscapePair
                | Self::UnicodeStringNl
        )
    }
}

impl ArgKind {
    /// The descriptor's name in `pickletools`, or `None` where an opcode has no argument.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::None => return None,
            Self::UInt1 => "uint1",
            Self::UInt2 => "uint2",
            Self::Int4 => "int4",
            Self::UInt4 => "uint4",
            Self::UInt8 => "uint8",
            Self::DecimalNlShort => "decimalnl_short",
            Self::DecimalNlLong => "decimalnl_long",
            Self::FloatNl => "floatnl",
            Self::Float8 => "float8",
            Self::StringNl => "stringnl",
            Self::StringNlNoEscape => "stringnl_noescape",
            Self::StringNlNoEscapePair => "stringnl_noescape_pair",
            Self::String1 => "string1",
            Self::String4 => "string4",
            Self::Bytes1 => "bytes1",
            Self::Bytes4 => "bytes4",
            Self::Bytes8 => "bytes8",
            Self::ByteArray8 => "bytearray8",
            Self::Long1 => "long1",
            Self::Long4 => "long4",
            Self::UnicodeStringNl => "unicodestringnl",
            Self::UnicodeString1 => "unicodestring1",
            Self::UnicodeString4 => "unicodestring4",
            Self::UnicodeString8 => "unicodestring8",
        })
    }
}

/// What an opcode expects on, or leaves on, the stack. The names are those of `pickletools`' stack objects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StackItem {
    /// Anything at all.
    Any,
    /// The mark.
    Mark,
    /// Everything above the topmost mark, any number of values.
    StackSlice,
    /// An int.
    Int,
    /// An int or a bool.
    IntOrBool,
    /// A bool.
    Bool,
    /// A float.
    Float,
    /// What Python 3 makes of a Python 2 `str`.
    BytesOrStr,
    /// A bytes object.
    Bytes,
    /// A bytearray.
    ByteArray,
    /// A text.
    Str,
    /// `None`.
    None,
    /// A tuple.
    Tuple,
    /// A list.
    List,
    /// A dict.
    Dict,
    /// A set.
    Set,
    /// A frozenset.
    FrozenSet,
    /// A buffer that travels outside the pickle.
    Buffer,
}

impl StackItem {
    /// The stack object's name in `pickletools`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Mark => "mark",
            Self::StackSlice => "stackslice",
            Self::Int => "int",
            Self::IntOrBool => "int_or_bool",
            Self::Bool => "bool",
            Self::Float => "float",
            Self::BytesOrStr => "bytes_or_str",
            Self::Bytes => "bytes",
            Self::ByteArray => "bytearray",
            Self::Str => "str",
            Self::None => "None",
            Self::Tuple => "tuple",
            Self::List => "list",
            Self::Dict => "dict",
            Self::Set => "set",
            Self::FrozenSet => "frozenset",
            Self::Buffer => "buffer",
        }
    }
}

/// What an opcode does beyond reading its argument; an opcode can have several effects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Makes a plain value.
    Value,
    /// Looks something up by name in a module the loader imports, or in the loader's extension registry.
    Import,
    /// Calls something the file chose.
    Call,
    /// Changes an object below on the stack; on objects that are no plain list, dict or set this is a method call.
    Mutate,
    /// Refers to something that is not in the file and that the loading program must supply.
    External,
    /// Reads or writes the memo.
    Memo,
    /// Only moves stack items.
    Stack,
    /// Steers the loader: protocol, frame, end.
    Machine,
}

/// Everything the table says about one opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Info {
    /// The opcode's byte in the stream.
    pub byte: u8,
    /// Its name in `pickletools`, such as `SHORT_BINUNICODE`.
    pub name: &'static str,
    /// The protocol that introduced it, 0 to 5.
    pub proto: u8,
    /// How its argument is written.
    pub arg: ArgKind,
    /// What it takes off the stack, deepest first.
    pub before: &'static [StackItem],
    /// What it leaves in that place, deepest first.
    pub after: &'static [StackItem],
    /// What it does to the world.
    pub effects: &'static [Effect],
    /// The line `pickletools` annotates it with; kept so that listings agree with it to the byte.
    pub summary: &'static str,
    /// What it does, for a reader who is new to pickles.
    pub doc: &'static str,
}
