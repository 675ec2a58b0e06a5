//! What a name is apart from how dangerous it is: what calling it gives, what its instances do. Each trait is a word in the
//! column of the database; code asks for a trait, never for a name.

/// Traits of a global.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::safety) struct Traits(pub(super) u32);

impl Traits {
    /// Makes an instance of the class given to it.
    pub(in crate::safety) const RECONSTRUCTS: Self = Self(1);
    /// Calls of it put texts together.
    pub(in crate::safety) const FOLDS: Self = Self(1 << 1);
    /// A dangerous function whose result is worked out: what it finds is what comes next.
    pub(in crate::safety) const FINDS: Self = Self(1 << 2);
    /// Its instances, when called, call what they hold.
    pub(in crate::safety) const CALLS_WHAT_IT_HOLDS: Self = Self(1 << 3);
    /// A part of its state is run as Python.
    pub(in crate::safety) const STATE_HAS_CODE: Self = Self(1 << 4);
    /// A part of its state may be an address of memory.
    pub(in crate::safety) const STATE_HAS_HANDLE: Self = Self(1 << 5);
    /// Keeps what it is given as items, not as attributes.
    pub(in crate::safety) const KEEPS_ITEMS: Self = Self(1 << 6);
    /// Its attributes are what it is given.
    pub(in crate::safety) const ATTRIBUTE_BAG: Self = Self(1 << 7);
    /// A function that fills the attributes of a class or function.
    pub(in crate::safety) const FILLS_ATTRIBUTES: Self = Self(1 << 8);
    /// A cell of a closure.
    pub(in crate::safety) const CELL: Self = Self(1 << 9);
    /// Called, it makes a class.
    pub(in crate::safety) const METACLASS: Self = Self(1 << 10);
    /// Goes over its argument from the end.
    pub(in crate::safety) const REVERSES: Self = Self(1 << 11);
    /// Taking its items runs nothing but itself.
    pub(in crate::safety) const PLAIN_ITEMS: Self = Self(1 << 12);
    /// Evaluates texts that it is given.
    pub(in crate::safety) const EVALUATES_TEXT: Self = Self(1 << 13);
    /// Keeps texts that it is given, although others of its package evaluate them.
    pub(in crate::safety) const KEEPS_TEXT: Self = Self(1 << 14);
    /// A path of a file.
    pub(in crate::safety) const PATH: Self = Self(1 << 15);
    /// What it gives belongs to the loading program.
    pub(in crate::safety) const OF_THE_LOADER: Self = Self(1 << 16);
    /// A class that takes parameters in brackets.
    pub(in crate::safety) const TAKES_PARAMETERS: Self = Self(1 << 17);
    /// The dict of all modules.
    pub(in crate::safety) const MODULE_TABLE: Self = Self(1 << 18);
    /// A module that is named like a function.
    pub(in crate::safety) const MODULE: Self = Self(1 << 19);
    /// Joins types to a union.
    pub(in crate::safety) const UNION_OPERATOR: Self = Self(1 << 20);
    /// Keeps what it is given and changes that when it is changed.
    pub(in crate::safety) const WRAPS_WHAT_IT_IS_GIVEN: Self = Self(1 << 21);
    /// joblib's note of an array that follows in the stream.
    pub(in crate::safety) const NOTE_OF_INLINE_ARRAY: Self = Self(1 << 22);
    /// joblib's note of an array in a file of its own.
    pub(in crate::safety) const NOTE_OF_ARRAY_FILE: Self = Self(1 << 23);
    /// Takes a built-in of the name where the value has no such attribute.
    pub(in crate::safety) const BUILT_IN_GETATTR: Self = Self(1 << 24);
    /// C code believes what its state says of how elements lie in memory.
    pub(in crate::safety) const LAYS_OUT_MEMORY: Self = Self(1 << 25);
    /// A container of Python or a class derived from one: items that are set or added run no code of its own.
    pub(in crate::safety) const FILLED_PLAINLY: Self = Self(1 << 26);
    /// Its instances, when called, only look at the class that they are given.
    pub(in crate::safety) const CALLED_PLAINLY: Self = Self(1 << 27);
    /// Numbers that it is given are kept as they are, or tell the size of what the file holds: nothing is made in proportion.
    pub(in crate::safety) const KEEPS_NUMBERS: Self = Self(1 << 28);
    /// A class that gives a text of its state to an evaluator of formulas.
    pub(in crate::safety) const STATE_HAS_FORMULA: Self = Self(1 << 29);
    /// A class that hands attributes to code which calls them, where a state sets them one by one.
    pub(in crate::safety) const SETTERS_HAVE_CODE: Self = Self(1 << 30);
    /// A name through which any object leads to everything else; not of the database, but of the name's components.
    pub(in crate::safety) const LEADS_ANYWHERE: Self = Self(1 << 31);

    /// Whether one of these is among them.
    pub(in crate::safety) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    pub(in crate::safety) const fn with(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }
}

/// What an attribute, a method or a key of a state is by its own name, whosever it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::safety) struct Attribute(pub(super) u8);

impl Attribute {
    /// Any object leads to everything else through it.
    pub(in crate::safety) const LEADS_ANYWHERE: Self = Self(1);
    /// One of these that no class documents as something to take.
    pub(in crate::safety) const MASTER_KEY: Self = Self(1 << 1);
    /// Python calls or follows it by itself.
    pub(in crate::safety) const HOOK: Self = Self(1 << 2);
    /// Ordinary data in spite of its underscores.
    pub(in crate::safety) const DATA: Self = Self(1 << 3);
    /// By it numpy reads memory at an address of the file's choice.
    pub(in crate::safety) const MEMORY: Self = Self(1 << 4);
    /// A text in the state of scipy's distributions that their `__setstate__` gives to `exec`.
    pub(in crate::safety) const TEMPLATE: Self = Self(1 << 5);
    /// Mappings are asked for it.
    pub(in crate::safety) const MAPPING: Self = Self(1 << 6);
    /// APPEND(S) and ADDITEMS look it up.
    pub(in crate::safety) const ADDS: Self = Self(1 << 7);

    /// Whether one of these is among them.
    pub(in crate::safety) const fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}
