//! How large what a call gives is, by what it is given.

/// How the result follows from the arguments: a number, or a number of items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::safety) enum Growth {
    /// Items without an end.
    Endless,
    /// The first argument, as often as the second says, or without an end.
    Repeat,
    /// The numbers up to the first, or from the first to the second.
    Range,
    /// The first argument is a shape, or all of them are one.
    Shape,
    /// The second is one.
    SecondShape,
    /// The addresses of a network, by its prefix.
    Network,
    /// As many items as the longest argument has.
    Longest,
    /// As many as the shortest of those that have any.
    Shortest,
    /// As many as all arguments together.
    Sum,
    /// As many as the items of the argument have together.
    Flatten,
    /// Those of the first argument up to a position.
    Slice,
    /// One of each argument, in all ways.
    Product,
    /// `itertools.permutations`: arrangements of the items of the first, of the length that the second says.
    Permutations,
    /// `itertools.combinations`: the same without regard to order.
    Combinations,
    /// `itertools.combinations_with_replacement`: the same, with items repeated.
    Multicombinations,
    /// The number of the first argument, of which a text may tell it.
    Number,
    /// The same, or ten to the power of the second where that is negative.
    Round,
    /// The number of the first argument, or sign, digits and exponent.
    Decimal,
    /// As many bytes as the number of the first argument, or as it has items.
    Bytes,
    /// A text as wide as the largest number in the arguments and in texts among them.
    Width,
    /// The first to the power of the second.
    Power,
    /// The product of numbers, or one repeated so often.
    Multiply,
    /// The first shifted by the second.
    Shift,
    /// The product of all numbers up to the first.
    Factorial,
    /// In how many ways the second can be chosen out of the first.
    Choose,
}

impl Growth {
    /// Whether small arguments give a huge result.
    pub(in crate::safety) fn explodes(self) -> bool {
        use Growth::{Choose, Factorial, Multiply, Power, Round, SecondShape, Shape, Shift, Width};
        matches!(self, Choose | Factorial | Multiply | Power | Round | SecondShape | Shape | Shift | Width)
    }

    /// Whether it is the number of an argument.
    pub(in crate::safety) fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Decimal)
    }
}

/// What a call makes at once, and not only when it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::safety) enum AtOnce {
    Nothing,
    /// The whole result.
    All,
    /// The items of its arguments.
    Pools,
}
