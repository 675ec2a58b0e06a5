//! What a review of a name says: the use that files may make of it, and what must hold for its arguments.

use super::capability::Capability;

/// What files may do with a reviewed name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Name it.
    Reference,
    /// A class: make an instance without calling it (NEWOBJ and its kin), fill it.
    Instance,
    /// A class: call it, too.
    Class,
    /// A function: call it.
    Function,
    /// A function: call it and fill the object that it gives.
    Builder,
}

/// What must hold for the arguments of a reviewed call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// Nothing.
    Any,
    /// The first argument is a reviewed class.
    FirstClass,
    /// The first two are reviewed classes.
    TwoClasses,
    /// A bit generator by its name or class, and a reviewed constructor of one.
    BitGenerator,
    /// A text and `'latin1'`.
    Latin1,
    /// Nothing, or a plain type and a dict.
    Factory,
    /// Whatever can be called among the arguments is reviewed.
    Callable,
    /// A function, which is judged, and its arguments.
    Partial,
    /// Takes the items of what it is given.
    Consumer,
    /// Makes an endless iterator.
    Endless,
    /// toolz's way to pickle a `partial`: a class, a function or its `module:name`, and arguments.
    Curry,
    /// Bytes that hold a pickle.
    NestedPickle,
    /// The text of a range, which is evaluated.
    RangeText,
    /// `reduce(operator.or_, types)`: a union of types.
    UnionOf,
    /// A class whose constructor opens files: named and made without it, it is an array.
    OpensFiles,
    /// A class whose constructor was not reviewed: numpy makes an array of it without that.
    MadeAsArray,
    /// Harmless as long as it is only named: called, it does this.
    Acts(Capability),
    /// The first argument is `None`: in its place a text would be opened as a file.
    FirstNone,
    /// The first argument is a reviewed class, whose constructor is not called: an array's class.
    ArrayClass,
    /// What it calls is reviewed, and is no way to find something else.
    Runs(Called),
    /// `getattr(object, name)`.
    Getattr,
    /// `setattr(object, name, value)`.
    Setattr,
    /// `_setitems(dict, other)`, which sets items; given to `types.new_class` it fills a namespace.
    SetItems,
    /// A module's name and a name in it, which is imported.
    ByName,
    /// `attrgetter(names)`.
    Attrgetter,
    /// `itemgetter(keys)`.
    Itemgetter,
    /// `methodcaller(name, arguments)`.
    Methodcaller,
    /// `getitem(object, key)`.
    Getitem,
    /// A module's name.
    ModuleByName,
    /// A built-in type's name.
    TypeByName,
    /// `type(value)`.
    TypeOf,
    /// `types.new_class(name, bases, keywords, body)`, whose body fills the new namespace with a dict.
    NewClass,
    /// `dill._dill._getattr(class, name, repr)`, which evaluates words of the repr.
    Descriptor,
    /// Makes a code object.
    MakeCode,
    /// Makes a function from a code object.
    MakeFunction,
    /// Fills a function that is given to it.
    FillFunction,
    /// Makes a class.
    MakeClass,
    /// Fills a class that is given to it.
    FillClass,
    /// Makes a named tuple, or imports it where there is one of that name.
    NamedTuple,
    /// Fills a function or class.
    Setstate,
}

/// Which arguments something calls; those given by keyword always.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Called {
    /// The first.
    First,
    /// The first, with the items of the second; a dict as the third gives keywords.
    FirstWithSecond,
    /// The second.
    Second,
    /// Both.
    FirstTwo,
    /// The first of two; a single one it goes over.
    FirstOfTwo,
    /// None but those given by keyword.
    Keywords,
}

impl Called {
    /// The positions, of so many arguments.
    pub(in crate::safety) fn positions(self, count: usize) -> std::ops::Range<usize> {
        let positions = match self {
            Self::First | Self::FirstWithSecond => 0..1,
            Self::Second => 1..2,
            Self::FirstTwo => 0..2,
            Self::FirstOfTwo if count < 2 => 0..0,
            Self::FirstOfTwo => 0..1,
            Self::Keywords => 0..0,
        };
        positions.start..positions.end.min(count)
    }
}

impl Check {
    /// Whether the call makes or fills code that the file brings: functions, classes, code objects.
    pub(in crate::safety) fn is_of_code(self) -> bool {
        use Check::{FillClass, FillFunction, MakeClass, MakeCode, MakeFunction, NamedTuple, NewClass, Setstate};
        matches!(
            self,
            FillClass | FillFunction | MakeClass | MakeCode | MakeFunction | NamedTuple | NewClass | Setstate
        )
    }

    /// Whether the call finds code by a name or makes code: given to something that calls it, it can be anything.
    pub(in crate::safety) fn resolves(self) -> bool {
        use Check::{
            Acts, Attrgetter, ByName, Curry, Descriptor, Getattr, Getitem, Itemgetter, Methodcaller, ModuleByName,
            NestedPickle, OpensFiles, Partial, RangeText, Runs, Setattr, TypeByName, UnionOf,
        };
        self.is_of_code()
            || matches!(
                self,
                Acts(_)
                    | Attrgetter
                    | ByName
                    | Curry
                    | Descriptor
                    | Getattr
                    | Getitem
                    | Itemgetter
                    | Methodcaller
                    | ModuleByName
                    | NestedPickle
                    | OpensFiles
                    | Partial
                    | RangeText
                    | Runs(_)
                    | Setattr
                    | TypeByName
                    | UnionOf
            )
    }
}

/// A reviewed name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Review {
    /// How files may use it.
    pub role: Role,
    /// What its arguments must be.
    pub check: Check,
    /// Who writes it and why it is harmless so.
    pub reason: &'static str,
}
