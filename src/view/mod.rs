//! Plain data for people: what a page, a command line or a test shows. Public fields, no HTML, no Yew.
//!
//! Numbers that can pass 2^53 (Python ints, floats) are text here; offsets and counts are `u64` and stay below 2^53 for
//! every file a browser can open.

mod array_value;
pub mod card;
pub mod cards;
mod cell_text;
pub mod compact;
mod environment;
mod exported;
pub mod formats;
mod found;
pub mod html_report;
mod byte_mark;
mod byte_readings;
mod byte_text;
mod byte_window;
mod fields;
mod inspection;
mod listing;
mod looks;
mod machine;
mod member;
pub mod outline;
mod overview;
pub mod paths;
pub mod plot;
pub mod preview;
mod raster;
mod readers;
mod report;
mod shown;
mod sizes;
mod source;
pub mod sparkline;
mod step_words;
pub mod statistics;
mod text;
pub mod ticks;
mod tree;
pub mod treemap;
pub mod tree_text;
pub mod value;
mod verdict;

pub use byte_mark::ByteMark;
pub use byte_readings::{ByteReading, READ_AHEAD, byte_readings};
pub use byte_text::ByteFormat;
pub use byte_window::{ByteLayer, ByteWindow, BytesAt};
pub use cell_text::CellFormat;
pub use environment::{Break, Environment, OwnModule, Package};
pub use exported::{ExportAsk, Exported};
pub use fields::{FieldOrder, FieldRow, FieldSort, Fields};
pub use found::{FindAsk, FindScope, FoundCount, FoundItem, FoundKind, FoundProblem, FoundProgress, FoundRow};
pub use inspection::{Fact, Inspection, ValueChunk, WayRow};
pub use listing::{OpcodeRow, OpcodeRowKind};
pub use looks::{level_class, level_shape, text_class};
pub use machine::{
    MachineAt, MachineGoal, MachineReply, MachineRun, MachineState, MachineStep, MachineValue, MachineWindow, MemoSlot,
    Phrase, StackSlot,
};
pub use member::{MemberOrder, MemberRow, MemberSort};
pub use overview::{
    Crumb, ImportFacts, LoaderStop, NoteFacts, OtherReading, Overview, Pending, ProblemFacts, StreamFacts,
    VerdictFacts, Wrapping,
};
pub use readers::{ReaderDifference, ReaderEnd, ReadersFacts, ReadersOfPickle, readers_facts};
pub use report::{
    CallFacts, FileReport, FindingFacts, FindingGroup, ForecastFacts, Outcome, ReadingStatus, ReportImport, StopFacts,
    place_words,
};
pub use shown::{Shown, shown};
pub use sizes::{
    Compression, Duplicate, Floats, MemorySize, Savings, SizeEntry, SizeGroup, SizeLine, SizeOutline, SizeReport,
    SizeRest, SizeRow, SizeSummary, SizeTile, SizesBy, SmallView,
};
pub use source::SourceLine;
pub use step_words::{machine_value, sentence};
pub use text::{TextKind, TextPart};
pub use tree::{LabelKind, RowMark, TreeRow, Unfolded};
pub use verdict::Elsewhere;
