//! The questions, and the type of the answer to each.

pub use super::answers::{Among, Changed, Explained, HexWindow, PlaceShown, Selected, Target, Window};

use super::Python2Reading;
use crate::bundle::Bundle;
use crate::bytes::ReadError;
use crate::document::Document;
use crate::explain::stubs;
use crate::view::card::{self, CellWindow, ColumnsAsk, Format, TreeAsk, TreeDrawing};
use crate::view::plot::Plot as Line;
use crate::view::{
    ByteFormat, ByteLayer, ByteWindow, BytesAt, CellFormat, ExportAsk, Exported, FieldOrder, FieldRow, FileReport,
    FindAsk, FoundItem, FoundProgress, MachineAt, MachineGoal, MachineReply, MachineRun, MachineWindow, MemberOrder,
    MemberRow, OpcodeRow, ReadersFacts, Savings, SizeEntry, SizeGroup, SizeOutline, SizeSummary, SizeTile, SizesBy,
    SourceLine, TreeRow, Unfolded, ValueChunk,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A question that knows the type of its answer.
pub trait Ask: Into<Question> {
    /// The answer.
    type Reply: Serialize + DeserializeOwned + 'static;
    /// Whether only a worker that has opened something can answer.
    const NEEDS_FILE: bool;
}

/// A question that `Subject` can answer: the document on show, all that was opened, or a worker without a file as well.
pub trait Answer<Subject>: Ask {
    /// The answer.
    ///
    /// # Errors
    /// Why there is none: the file can no longer be read, a row is gone.
    fn answer(self, subject: &mut Subject) -> Result<Self::Reply, Failure>;
}

/// Where answers go whose type only who asked knows.
pub trait Sink {
    /// Takes the answer.
    fn take<Reply: Serialize>(self, reply: Result<Reply, Failure>);
}

/// Why a question has no answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// No row, opcode or byte is at the place.
    Nothing,
    /// No object has this number.
    NoObject(u32),
    /// A question about a card of a value that has none.
    NoCard,
    /// The bytes cannot be read.
    Unreadable(ReadError),
    /// The value cannot be saved.
    NotSaved(String),
    /// The bytes of a layer cannot be shown.
    NoBytes(String),
    /// More bytes than are copied as text.
    TooManyBytes(u64),
    /// The cells cannot be copied.
    NotCopied(String),
    /// The document is too large to be measured.
    NotMeasured(String),
    /// Nothing is being searched for: another document is on show.
    NoSearch,
    /// Nothing was opened yet.
    NoFile,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("there is nothing at this place"),
            Self::NoObject(node) => write!(f, "there is no object {node}"),
            Self::NoCard => f.write_str("no lens knows this value"),
            Self::Unreadable(error) => error.fmt(f),
            Self::NotSaved(why) | Self::NotMeasured(why) | Self::NoBytes(why) | Self::NotCopied(why) => {
                f.write_str(why)
            }
            Self::TooManyBytes(most) => write!(f, "at most {most} bytes are copied as text; save the range instead"),
            Self::NoSearch => f.write_str("the search has ended"),
            Self::NoFile => f.write_str("no file is open"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

/// What a worker has opened: nothing before its first file.
pub type Opened = Option<Bundle>;

/// What can be asked within what was opened.
pub(super) trait Subject: Sized {
    /// Whether it is there only once something was opened.
    const NEEDS_FILE: bool = true;

    /// The subject.
    fn of(opened: &mut Opened) -> Result<&mut Self, Failure>;
}

impl Subject for Opened {
    const NEEDS_FILE: bool = false;

    fn of(opened: &mut Opened) -> Result<&mut Self, Failure> {
        Ok(opened)
    }
}

impl Subject for Bundle {
    fn of(opened: &mut Opened) -> Result<&mut Self, Failure> {
        opened.as_mut().ok_or(Failure::NoFile)
    }
}

impl Subject for Document {
    fn of(opened: &mut Opened) -> Result<&mut Self, Failure> {
        Bundle::of(opened).map(Bundle::document_mut)
    }
}

/// A type for a question: with fields, around one value, or without anything.
macro_rules! question {
    ($(#[$doc:meta])* $name:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub struct $name { $($fields)* }
    };
    ($(#[$doc:meta])* $name:ident ($($of:tt)*)) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub struct $name(pub $($of)*);
    };
    ($(#[$doc:meta])* $name:ident []) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub struct $name;
    };
}

/// `subject { Question body -> Reply; }`: a type for each question, and [`Question`] with all of them.
macro_rules! questions {
    ($($subject:ident { $($(#[$doc:meta])* $name:ident $body:tt -> $reply:ty;)* })*) => {
        $($(
            question! { $(#[$doc])* $name $body }

            impl Ask for $name {
                type Reply = $reply;
                const NEEDS_FILE: bool = <$subject as Subject>::NEEDS_FILE;
            }

            impl From<$name> for Question {
                fn from(question: $name) -> Self {
                    Self::$name(question)
                }
            }
        )*)*

        /// Any question.
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        pub enum Question {
            $($(
                $(#[$doc])*
                $name($name),
            )*)*
        }

        impl Question {
            /// Answers from what was opened.
            pub fn answer(self, opened: &mut Opened, sink: impl Sink) {
                match self {
                    $($(Self::$name(question) => {
                        sink.take($subject::of(opened).and_then(|subject| question.answer(subject)));
                    })*)*
                }
            }
        }
    };
}

questions! {
    Document {
        /// Rows of the tree.
        Rows {
            /// First row.
            pub first: u64,
            /// At most so many.
            pub count: u32,
        } -> Window<TreeRow>;
        /// Open or close a row.
        Toggle {
            /// The row.
            pub row: u64,
            /// The wanted state.
            pub open: bool,
        } -> Changed;
        /// Open the row and its siblings (`*` of the tree pattern), or with `deep` everything below it within a budget.
        OpenAll {
            /// The row.
            pub row: u64,
            /// Below it instead of beside it.
            pub deep: bool,
        } -> Changed;
        /// Open all rows of the tree, within a budget.
        Unfold {
            /// A row, to learn where it is afterwards.
            pub row: u64,
        } -> (Changed, Unfolded);
        /// Close all rows of the tree.
        Fold {
            /// A row; that at the top which it is in is to be focused.
            pub row: u64,
        } -> Changed;
        /// Next visible row, after `from` and around the end, whose label begins so (case ignored).
        FindLabel {
            /// Row to start after.
            pub from: u64,
            /// Typed characters.
            pub prefix: String,
        } -> Option<u64>;
        /// Select something; the answer places it in every view.
        Select(Target) -> Selected;
        /// More of a value's text.
        Value {
            /// The node.
            pub node: u32,
            /// Where to go on, from [`ValueChunk::next`].
            pub from: u64,
        } -> ValueChunk;
        /// Rows of the disassembly.
        Opcodes {
            /// First row.
            pub first: u64,
            /// At most so many.
            pub count: u32,
        } -> Window<OpcodeRow>;
        /// The machine around an instruction.
        Machine {
            /// The instruction.
            pub at: MachineAt,
            /// Which part of stack and memo.
            pub window: MachineWindow,
        } -> MachineReply;
        /// Go on for some milliseconds with what the machine at any instruction needs; whether that is all.
        PrepareMachine[] -> bool;
        /// Run the machine to the next instruction of a kind.
        RunMachine {
            /// Which kind.
            pub goal: MachineGoal,
            /// To the end, or to the beginning.
            pub is_forward: bool,
            /// Forward, the first instruction to look at; back, the one behind the last.
            pub from: u64,
        } -> MachineRun;
        /// Bytes of the file.
        Hex {
            /// First offset.
            pub start: u64,
            /// At most so many.
            pub count: u32,
        } -> HexWindow;
        /// How to read the `str` of Python 2.
        ReadPython2As(Python2Reading) -> Changed;
        /// What a lens understands of a value, or of a column of it; nothing for one that no lens knows.
        Card {
            /// The node.
            pub node: u32,
            /// Number of the column.
            pub column: Option<u64>,
        } -> Option<card::Card>;
        /// Fields of a value that no lens knows.
        Fields {
            /// The node.
            pub node: u32,
            /// First row.
            pub first: u64,
            /// At most so many.
            pub count: u32,
            /// In which order.
            pub order: FieldOrder,
        } -> Vec<FieldRow>;
        /// Cells of a grid of a card.
        Cells(CellWindow) -> card::Cells;
        /// Columns of a grid of a card by their names: each question looks at some more of them.
        FindColumns(ColumnsAsk) -> card::FoundColumns;
        /// Cells of a grid of a card as text to copy, with all their digits.
        CopyCells {
            /// Which.
            pub window: CellWindow,
            /// The names of the heads of rows.
            pub row_heads: Vec<String>,
            /// How they are written.
            pub format: CellFormat,
        } -> String;
        /// The line of a part of a card, as far as it has come: each question goes over some more of the values.
        Plot {
            /// Node of the card.
            pub node: u32,
            /// The part.
            pub part: u32,
        } -> Line;
        /// Statistics of a part of a card, as far as they have come: each question goes over some more of the values.
        Statistics {
            /// Node of the card.
            pub node: u32,
            /// The part.
            pub part: u32,
        } -> card::Statistics;
        /// A picture of a card.
        Picture {
            /// Node of the card.
            pub node: u32,
            /// Number of the picture.
            pub part: u32,
            /// One index for each dimension before the last two.
            pub slice: Vec<u64>,
            /// Pixels across at most.
            pub width: u32,
        } -> card::Picture;
        /// A decision tree of a card.
        Drawing(TreeAsk) -> TreeDrawing;
        /// Lines of the document as Python source.
        Source {
            /// First line.
            pub first: u64,
            /// At most so many.
            pub count: u32,
        } -> Window<SourceLine>;
        /// The line of Python source that makes a value.
        SourceLineOf {
            /// The node.
            pub node: u32,
        } -> Option<u64>;
        /// The libraries behind the document.
        Environment[] -> crate::view::Environment;
        /// In which formats something can be saved, the most special ones first.
        Formats {
            /// The value; nothing for the whole document.
            pub node: Option<u32>,
        } -> Vec<Format>;
        /// The next piece of what is being saved.
        ExportMore[] -> Exported;
        /// Code to copy, so that the document loads.
        Stubs(stubs::Kind) -> String;
    }
    Bundle {
        /// Rows of the tree of members.
        Members {
            /// First row.
            pub first: u64,
            /// At most so many.
            pub count: u32,
        } -> Window<MemberRow>;
        /// Open or close a row of the tree of members: how many rows are visible then.
        ToggleMember {
            /// The row.
            pub row: u64,
            /// The wanted state.
            pub open: bool,
        } -> u64;
        /// Sort the members of each archive and folder: the row that `row` has then.
        SortMembers {
            /// The order.
            pub order: MemberOrder,
            /// A row.
            pub row: u64,
        } -> u64;
        /// Next visible row of the tree of members, after `from` and around the end, whose name begins so (case ignored).
        FindMember {
            /// Row to start after.
            pub from: u64,
            /// Typed characters.
            pub prefix: String,
        } -> Option<u64>;
        /// Arrange the rows of a grid of a card, as far as it has come: each question goes over some more of them.
        Arrange(card::ArrangeAsk) -> card::Arranged;
        /// Begin to save a value of the document on show, or everything: its first piece.
        Export(ExportAsk) -> Exported;
        /// The audit of every pickle in what was opened.
        Report[] -> FileReport;
        /// What readers of pickles make of the document on show, where they differ.
        Readers[] -> ReadersFacts;
        /// The sizes of the document on show as a whole.
        Sizes[] -> SizeSummary;
        /// What a value of the document on show holds, largest first.
        SizeRows {
            /// The value; nothing for what only the file holds.
            pub of: Option<u32>,
            /// At most so many.
            pub count: u32,
        } -> SizeOutline;
        /// The largest values below one as tiles in tiles.
        SizeMap {
            /// The value; nothing for everything.
            pub of: Option<u32>,
            /// At most so many.
            pub count: u32,
        } -> Vec<SizeTile>;
        /// Sizes of groups of values.
        SizeGroups {
            /// How they are grouped.
            pub by: SizesBy,
            /// At most so many.
            pub count: u32,
        } -> Vec<SizeGroup>;
        /// What the members known so far take, packed and unpacked, and whether there are more.
        SizeEntries {
            /// At most so many.
            pub count: u32,
        } -> (Vec<SizeEntry>, bool);
        /// What could be smaller in the document on show.
        CouldBeSmaller[] -> Savings;
        /// The layers of bytes around the document on show, the file first; the last is its own.
        Layers[] -> Vec<ByteLayer>;
        /// Bytes of a layer, with what they are for.
        Bytes {
            /// Its number; the document's own without one.
            pub layer: Option<u32>,
            /// First offset.
            pub start: u64,
            /// At most so many.
            pub count: u32,
        } -> ByteWindow;
        /// Everything about one byte of a layer.
        ByteAt {
            /// The number of the layer; the document's own without one.
            pub layer: Option<u32>,
            /// The byte.
            pub offset: u64,
        } -> BytesAt;
        /// Bytes of a layer as text to copy.
        BytesText {
            /// The number of the layer; the document's own without one.
            pub layer: Option<u32>,
            /// The first byte.
            pub start: u64,
            /// The one behind the last.
            pub end: u64,
            /// How they are written.
            pub format: ByteFormat,
        } -> String;
        /// Bytes of a layer to be saved, from the `from`-th on: one piece. The next is asked for from where it ends.
        SaveBytes {
            /// The number of the layer; the document's own without one.
            pub layer: Option<u32>,
            /// The first byte of all.
            pub start: u64,
            /// The one behind the last.
            pub end: u64,
            /// The first byte of the piece.
            pub from: u64,
        } -> Exported;
        /// The file that was opened, packed for the fragment of an address.
        PackedForLink[] -> String;
        /// Begin to search; what was searched for before is forgotten.
        Find(FindAsk) -> FoundProgress;
        /// Go on with the search for some tens of milliseconds.
        FindMore[] -> FoundProgress;
        /// Lines of the list of what was found.
        Found {
            /// First line.
            pub first: u64,
            /// At most so many.
            pub count: u32,
        } -> Window<FoundItem>;
        /// Those of some places in the document on show at which something was found.
        FoundAmong(Among) -> Vec<u64>;
        /// Shows a hit at another of the places at which its value stands, and opens the rows of the tree that lead there.
        FoundPlace {
            /// Line of the list.
            pub line: u64,
            /// Which place, from 0; around the end, and the last one for `u64::MAX`.
            pub place: u64,
        } -> PlaceShown;
        /// Forget the search.
        FindEnd[] -> ();
    }
    Opened {
        /// What an error message means, and whether the document on show, if there is one, shows its cause.
        Explain {
            /// A traceback, or a part of one.
            pub text: String,
        } -> Explained;
        /// Whether a pasted text is a pickle itself.
        IsPickle {
            /// The text.
            pub text: String,
        } -> bool;
    }
}
