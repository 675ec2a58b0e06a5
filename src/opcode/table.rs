//! The opcode table: the one place that knows the 68 opcodes of protocols 0 to 5.
//!
//! Bytes, names, protocols, arguments and stack effects are those of CPython 3.11's `pickletools.opcodes`, in its order;
//! `tests/it/opcode/table.rs` compares them row by row. The documentation is ours.

use super::{ArgKind, Effect, Info, StackItem};

/// Builds the enum, the list of all opcodes and the table of facts from one set of rows, so that they cannot disagree.
macro_rules! opcodes {
    ($($byte:literal $variant:ident $name:literal, proto $proto:literal, arg $arg:ident,
       [$($before:ident),*] => [$($after:ident),*], [$($effect:ident),+],
       summary $summary:literal, doc $doc:literal;)+) => {
        /// An opcode; its number is its byte in the stream.
        #[repr(u8)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Opcode {
            $(#[doc = concat!("`", $name, "`. ", $doc)] $variant = $byte,)+
        }

        impl Opcode {
            /// All opcodes, in the order of `pickletools`.
            pub const ALL: [Self; 68] = [$(Self::$variant),+];
        }

        static INFOS: [Info; 68] = [$(Info {
            byte: $byte,
            name: $name,
            proto: $proto,
            arg: ArgKind::$arg,
            before: &[$(StackItem::$before),*],
            after: &[$(StackItem::$after),*],
            effects: &[$(Effect::$effect),+],
            summary: $summary,
            doc: $doc,
        }),+];
    };
}

opcodes! {
    0x49 Int "INT", proto 0, arg DecimalNlShort, [] => [IntOrBool], [Value],
        summary "Push an integer or bool.",
        doc "Pushes an integer written as a line of decimal text. The exact lines `00` and `01` mean False and True, \
            which had no opcodes of their own before protocol 2.";
    0x4a BinInt "BININT", proto 1, arg Int4, [] => [Int], [Value],
        summary "Push a four-byte signed integer.",
        doc "Pushes an integer stored as four bytes, little-endian, signed. Every integer of 32 bits fits.";
    0x4b BinInt1 "BININT1", proto 1, arg UInt1, [] => [Int], [Value],
        summary "Push a one-byte unsigned integer.",
        doc "Pushes an integer from 0 to 255 stored in a single byte, the shortest way to write a small number.";
    0x4d BinInt2 "BININT2", proto 1, arg UInt2, [] => [Int], [Value],
        summary "Push a two-byte unsigned integer.",
        doc "Pushes an integer from 0 to 65535 stored in two bytes, little-endian.";
    0x4c Long "LONG", proto 0, arg DecimalNlLong, [] => [Int], [Value],
        summary "Push a long integer.",
        doc "Pushes an integer of any size written as a line of decimal text, normally with an `L` at its end as \
            Python 2 wrote its longs.";
    0x8a Long1 "LONG1", proto 2, arg Long1, [] => [Int], [Value],
        summary "Long integer using one-byte length.",
        doc "Pushes an integer of up to 255 bytes: one byte gives the length, then the number follows as \
            little-endian two's complement. Length 0 is the number 0.";
    0x8b Long4 "LONG4", proto 2, arg Long4, [] => [Int], [Value],
        summary "Long integer using found-byte length.",
        doc "Pushes a very large integer: four bytes give the length (signed, never negative), then the number \
            follows as little-endian two's complement.";
    0x53 String "STRING", proto 0, arg StringNl, [] => [BytesOrStr], [Value],
        summary "Push a Python string object.",
        doc "Pushes a Python 2 `str`, written as a quoted literal with backslash escapes on one line. Whether Python \
            3 makes text or bytes of it depends on the `encoding` the loader was given.";
    0x54 BinString "BINSTRING", proto 1, arg String4, [] => [BytesOrStr], [Value],
        summary "Push a Python string object.",
        doc "Pushes a Python 2 `str`: a signed four-byte length, then that many raw bytes. Python 3 makes text or \
            bytes of it, depending on the loader's `encoding`.";
    0x55 ShortBinString "SHORT_BINSTRING", proto 1, arg String1, [] => [BytesOrStr], [Value],
        summary "Push a Python string object.",
        doc "Pushes a Python 2 `str` of at most 255 bytes: a one-byte length, then the raw bytes. Python 3 makes text \
            or bytes of it, depending on the loader's `encoding`.";
    0x42 BinBytes "BINBYTES", proto 3, arg Bytes4, [] => [Bytes], [Value],
        summary "Push a Python bytes object.",
        doc "Pushes a bytes object: a four-byte length, then the bytes themselves.";
    0x43 ShortBinBytes "SHORT_BINBYTES", proto 3, arg Bytes1, [] => [Bytes], [Value],
        summary "Push a Python bytes object.",
        doc "Pushes a bytes object of at most 255 bytes: a one-byte length, then the bytes themselves.";
    0x8e BinBytes8 "BINBYTES8", proto 4, arg Bytes8, [] => [Bytes], [Value],
        summary "Push a Python bytes object.",
        doc "Pushes a bytes object that may be longer than 4 GiB: an eight-byte length, then the bytes themselves.";
    0x96 ByteArray8 "BYTEARRAY8", proto 5, arg ByteArray8, [] => [ByteArray], [Value],
        summary "Push a Python bytearray object.",
        doc "Pushes a bytearray, the mutable kind of bytes: an eight-byte length, then the content (PEP 574).";
    0x97 NextBuffer "NEXT_BUFFER", proto 5, arg None, [] => [Buffer], [External],
        summary "Push an out-of-band buffer object.",
        doc "Takes the next of the buffers that travel beside the pickle and pushes it. The data is not in this file: \
            whoever loads it must hand the buffers over (PEP 574).";
    0x98 ReadOnlyBuffer "READONLY_BUFFER", proto 5, arg None, [Buffer] => [Buffer], [Value],
        summary "Make an out-of-band buffer object read-only.",
        doc "Replaces the buffer on top of the stack by a view that cannot be written to (PEP 574).";
    0x4e None "NONE", proto 0, arg None, [] => [None], [Value],
        summary "Push None on the stack.",
        doc "Pushes None.";
    0x88 NewTrue "NEWTRUE", proto 2, arg None, [] => [Bool], [Value],
        summary "Push True onto the stack.",
        doc "Pushes True.";
    0x89 NewFalse "NEWFALSE", proto 2, arg None, [] => [Bool], [Value],
        summary "Push False onto the stack.",
        doc "Pushes False.";
    0x56 Unicode "UNICODE", proto 0, arg UnicodeStringNl, [] => [Str], [Value],
        summary "Push a Python Unicode string object.",
        doc "Pushes a text written on one line, where `\\uXXXX` and `\\UXXXXXXXX` stand for characters and every other \
            byte is a Latin-1 character.";
    0x8c ShortBinUnicode "SHORT_BINUNICODE", proto 4, arg UnicodeString1, [] => [Str], [Value],
        summary "Push a Python Unicode string object.",
        doc "Pushes a text of at most 255 bytes: a one-byte length, then UTF-8. Lone surrogates are allowed.";
    0x58 BinUnicode "BINUNICODE", proto 1, arg UnicodeString4, [] => [Str], [Value],
        summary "Push a Python Unicode string object.",
        doc "Pushes a text: a four-byte length, then UTF-8. Lone surrogates are allowed.";
    0x8d BinUnicode8 "BINUNICODE8", proto 4, arg UnicodeString8, [] => [Str], [Value],
        summary "Push a Python Unicode string object.",
        doc "Pushes a text that may be longer than 4 GiB: an eight-byte length, then UTF-8. Lone surrogates are \
            allowed.";
    0x46 Float "FLOAT", proto 0, arg FloatNl, [] => [Float], [Value],
        summary "Newline-terminated decimal float literal.",
        doc "Pushes a float written as a line of decimal text; `inf`, `-inf` and `nan` are possible.";
    0x47 BinFloat "BINFLOAT", proto 1, arg Float8, [] => [Float], [Value],
        summary "Float stored in binary form, with 8 bytes of data.",
        doc "Pushes a float stored as an IEEE 754 double in eight bytes. It is big-endian, unlike every other number \
            in a pickle.";
    0x5d EmptyList "EMPTY_LIST", proto 1, arg None, [] => [List], [Value],
        summary "Push an empty list.",
        doc "Pushes a new, empty list. Items follow with APPEND or APPENDS, so that the list can be memoised before \
            they exist and may contain itself.";
    0x61 Append "APPEND", proto 0, arg None, [List, Any] => [List], [Mutate],
        summary "Append an object to a list.",
        doc "Takes the top value off the stack and appends it to the list below. On an object that is no list the \
            loader calls its `append` method.";
    0x65 Appends "APPENDS", proto 1, arg None, [List, Mark, StackSlice] => [List], [Mutate],
        summary "Extend a list by a slice of stack objects.",
        doc "Takes everything above the topmost mark and appends it to the list below the mark. On an object that is \
            no list the loader calls its `extend` or `append` method.";
    0x6c List "LIST", proto 0, arg None, [Mark, StackSlice] => [List], [Value],
        summary "Build a list out of the topmost stack slice, after markobject.",
        doc "Makes a list of everything above the topmost mark and puts it in the place of the mark.";
    0x29 EmptyTuple "EMPTY_TUPLE", proto 1, arg None, [] => [Tuple], [Value],
        summary "Push an empty tuple.",
        doc "Pushes the empty tuple.";
    0x74 Tuple "TUPLE", proto 0, arg None, [Mark, StackSlice] => [Tuple], [Value],
        summary "Build a tuple out of the topmost stack slice, after markobject.",
        doc "Makes a tuple of everything above the topmost mark and puts it in the place of the mark.";
    0x85 Tuple1 "TUPLE1", proto 2, arg None, [Any] => [Tuple], [Value],
        summary "Build a one-tuple out of the topmost item on the stack.",
        doc "Wraps the top value in a tuple of one.";
    0x86 Tuple2 "TUPLE2", proto 2, arg None, [Any, Any] => [Tuple], [Value],
        summary "Build a two-tuple out of the top two items on the stack.",
        doc "Replaces the top two values by a tuple of them, the deeper one first.";
    0x87 Tuple3 "TUPLE3", proto 2, arg None, [Any, Any, Any] => [Tuple], [Value],
        summary "Build a three-tuple out of the top three items on the stack.",
        doc "Replaces the top three values by a tuple of them, the deepest one first.";
    0x7d EmptyDict "EMPTY_DICT", proto 1, arg None, [] => [Dict], [Value],
        summary "Push an empty dict.",
        doc "Pushes a new, empty dict. Entries follow with SETITEM or SETITEMS.";
    0x64 Dict "DICT", proto 0, arg None, [Mark, StackSlice] => [Dict], [Value],
        summary "Build a dict out of the topmost stack slice, after markobject.",
        doc "Makes a dict of everything above the topmost mark, read as key, value, key, value, and puts it in the \
            place of the mark.";
    0x73 SetItem "SETITEM", proto 0, arg None, [Dict, Any, Any] => [Dict], [Mutate],
        summary "Add a key+value pair to an existing dict.",
        doc "Takes a value and a key off the stack and stores the pair in the dict below. On an object that is no \
            dict the loader calls its `__setitem__` method.";
    0x75 SetItems "SETITEMS", proto 1, arg None, [Dict, Mark, StackSlice] => [Dict], [Mutate],
        summary "Add an arbitrary number of key+value pairs to an existing dict.",
        doc "Takes everything above the topmost mark, read as key, value, key, value, and stores the pairs in the \
            dict below the mark. On an object that is no dict the loader calls its `__setitem__` method.";
    0x8f EmptySet "EMPTY_SET", proto 4, arg None, [] => [Set], [Value],
        summary "Push an empty set.",
        doc "Pushes a new, empty set. Members follow with ADDITEMS.";
    0x90 AddItems "ADDITEMS", proto 4, arg None, [Set, Mark, StackSlice] => [Set], [Mutate],
        summary "Add an arbitrary number of items to an existing set.",
        doc "Takes everything above the topmost mark and adds it to the set below the mark. On an object that is no \
            set the loader calls its `add` method.";
    0x91 FrozenSet "FROZENSET", proto 4, arg None, [Mark, StackSlice] => [FrozenSet], [Value],
        summary "Build a frozenset out of the topmost slice, after markobject.",
        doc "Makes a frozenset of everything above the topmost mark and puts it in the place of the mark.";
    0x30 Pop "POP", proto 0, arg None, [Any] => [], [Stack],
        summary "Discard the top stack item, shrinking the stack by one item.",
        doc "Throws the top of the stack away: a value, or the mark if nothing lies above it.";
    0x32 Dup "DUP", proto 0, arg None, [Any] => [Any, Any], [Stack],
        summary "Push the top stack item onto the stack again, duplicating it.",
        doc "Pushes the top value a second time. Both are the same object; Python's own pickler never writes this.";
    0x28 Mark "MARK", proto 0, arg None, [] => [Mark], [Stack],
        summary "Push markobject onto the stack.",
        doc "Sets a mark on the stack. A later opcode takes everything above it at once, whatever the number.";
    0x31 PopMark "POP_MARK", proto 1, arg None, [Mark, StackSlice] => [], [Stack],
        summary "Pop all the stack objects at and above the topmost markobject.",
        doc "Throws away everything above the topmost mark, and the mark.";
    0x67 Get "GET", proto 0, arg DecimalNlShort, [] => [Any], [Memo],
        summary "Read an object from the memo and push it on the stack.",
        doc "Pushes the object stored in the memo under the number on this line. This is how an object that occurs \
            twice stays one object.";
    0x68 BinGet "BINGET", proto 1, arg UInt1, [] => [Any], [Memo],
        summary "Read an object from the memo and push it on the stack.",
        doc "Pushes the object stored in the memo under a one-byte number.";
    0x6a LongBinGet "LONG_BINGET", proto 1, arg UInt4, [] => [Any], [Memo],
        summary "Read an object from the memo and push it on the stack.",
        doc "Pushes the object stored in the memo under a four-byte number.";
    0x70 Put "PUT", proto 0, arg DecimalNlShort, [] => [], [Memo],
        summary "Store the stack top into the memo.  The stack is not popped.",
        doc "Stores the top of the stack in the memo under the number on this line. The value also stays on the \
            stack.";
    0x71 BinPut "BINPUT", proto 1, arg UInt1, [] => [], [Memo],
        summary "Store the stack top into the memo.  The stack is not popped.",
        doc "Stores the top of the stack in the memo under a one-byte number. The value also stays on the stack.";
    0x72 LongBinPut "LONG_BINPUT", proto 1, arg UInt4, [] => [], [Memo],
        summary "Store the stack top into the memo.  The stack is not popped.",
        doc "Stores the top of the stack in the memo under a four-byte number. The value also stays on the stack.";
    0x94 Memoize "MEMOIZE", proto 4, arg None, [Any] => [Any], [Memo],
        summary "Store the stack top into the memo.  The stack is not popped.",
        doc "Stores the top of the stack in the memo under the next number: the count of entries the memo has so far. \
            The value also stays on the stack.";
    0x82 Ext1 "EXT1", proto 2, arg UInt1, [] => [Any], [Import],
        summary "Extension code.",
        doc "Pushes the object that the loading program registered with `copyreg.add_extension` under a one-byte \
            code. The file does not say which object that is.";
    0x83 Ext2 "EXT2", proto 2, arg UInt2, [] => [Any], [Import],
        summary "Extension code.",
        doc "Pushes the object that the loading program registered with `copyreg.add_extension` under a two-byte \
            code. The file does not say which object that is.";
    0x84 Ext4 "EXT4", proto 2, arg Int4, [] => [Any], [Import],
        summary "Extension code.",
        doc "Pushes the object that the loading program registered with `copyreg.add_extension` under a four-byte \
            signed code. The file does not say which object that is.";
    0x63 Global "GLOBAL", proto 0, arg StringNlNoEscapePair, [] => [Any], [Import],
        summary "Push a global object (module.attr) on the stack.",
        doc "Imports a module and pushes something defined in it, usually a class or a function. Two lines give the \
            module and the name; importing runs the module's code.";
    0x93 StackGlobal "STACK_GLOBAL", proto 4, arg None, [Str, Str] => [Any], [Import],
        summary "Push a global object (module.attr) on the stack.",
        doc "Takes a name and a module, both texts, off the stack, imports the module and pushes what the name stands \
            for. Importing runs the module's code.";
    0x52 Reduce "REDUCE", proto 0, arg None, [Any, Any] => [Any], [Call],
        summary "Push an object built from a callable and an argument tuple.",
        doc "Takes a tuple of arguments and a callable off the stack, calls it and pushes what it returns. This runs \
            code: whatever callable the file names, with arguments the file chooses.";
    0x62 Build "BUILD", proto 0, arg None, [Any, Any] => [Any], [Call, Mutate],
        summary "Finish building an object, via __setstate__ or dict update.",
        doc "Takes a state off the stack and gives it to the object below: to its `__setstate__` method if it has \
            one, else straight into its attributes. A `__setstate__` method is code that runs.";
    0x69 Inst "INST", proto 0, arg StringNlNoEscapePair, [Mark, StackSlice] => [Any], [Import, Call],
        summary "Build a class instance.",
        doc "Imports a class named by two lines, calls it with everything above the topmost mark as arguments and \
            pushes the instance. The protocol 0 way to make an instance; it runs code.";
    0x6f Obj "OBJ", proto 1, arg None, [Mark, Any, StackSlice] => [Any], [Call],
        summary "Build a class instance.",
        doc "Takes everything above the topmost mark: the first is a class, the rest are arguments. Calls the class \
            and pushes the instance; it runs code.";
    0x81 NewObj "NEWOBJ", proto 2, arg None, [Any, Any] => [Any], [Call],
        summary "Build an object instance.",
        doc "Takes a tuple of arguments and a class off the stack and pushes `cls.__new__(cls, *args)`. A `__new__` \
            method is code that runs.";
    0x92 NewObjEx "NEWOBJ_EX", proto 4, arg None, [Any, Any, Any] => [Any], [Call],
        summary "Build an object instance.",
        doc "Takes a dict of keyword arguments, a tuple of arguments and a class off the stack and pushes \
            `cls.__new__(cls, *args, **kwargs)`. A `__new__` method is code that runs.";
    0x80 Proto "PROTO", proto 2, arg UInt1, [] => [], [Machine],
        summary "Protocol version indicator.",
        doc "Names the protocol this pickle was written with, 2 or higher, and normally stands first. It limits \
            nothing: older and newer opcodes may follow.";
    0x2e Stop "STOP", proto 0, arg None, [Any] => [], [Machine],
        summary "Stop the unpickling machine.",
        doc "Ends the pickle. The value on top of the stack is the result.";
    0x95 Frame "FRAME", proto 4, arg UInt8, [] => [], [Machine],
        summary "Indicate the beginning of a new frame.",
        doc "Announces how many bytes the next frame has, so that a loader can read them in one go. It is a hint only \
            and changes no value (PEP 3154).";
    0x50 PersId "PERSID", proto 0, arg StringNlNoEscape, [] => [Any], [External],
        summary "Push an object identified by a persistent ID.",
        doc "Hands an identifier, written on one line, to the loading program's `persistent_load` and pushes what \
            that returns. The object itself is not in the pickle.";
    0x51 BinPersId "BINPERSID", proto 1, arg None, [Any] => [Any], [External],
        summary "Push an object identified by a persistent ID.",
        doc "Takes an identifier off the stack, hands it to the loading program's `persistent_load` and pushes what \
            that returns. The object itself is not in the pickle.";
}

const BY_BYTE: [Option<Opcode>; 256] = {
    let mut table = [None; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        table[Opcode::ALL[index] as usize] = Some(Opcode::ALL[index]);
        index += 1;
    }
    table
};

const ROW: [u8; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        table[Opcode::ALL[index] as usize] = index as u8;
        index += 1;
    }
    table
};

impl Opcode {
    /// The opcode that `byte` stands for, or `None` for the 188 bytes that are no opcode.
    #[inline]
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        BY_BYTE[byte as usize]
    }

    /// The table's row for this opcode.
    #[inline]
    #[must_use]
    pub fn info(self) -> &'static Info {
        &INFOS[ROW[self as usize] as usize]
    }

    /// The name in `pickletools`, such as `SHORT_BINUNICODE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Whether the opcode has `effect`.
    #[must_use]
    pub fn has(self, effect: Effect) -> bool {
        self.info().effects.contains(&effect)
    }

    /// Whether a loader looks something up by name here, which imports modules or reads the extension registry.
    #[must_use]
    pub fn imports(self) -> bool {
        self.has(Effect::Import)
    }

    /// Whether a loader calls something here that the file chose.
    #[must_use]
    pub fn calls(self) -> bool {
        self.has(Effect::Call)
    }

    /// Whether this needs something that is not in the file: a persistent object or an out-of-band buffer.
    #[must_use]
    pub fn is_external(self) -> bool {
        self.has(Effect::External)
    }
}
