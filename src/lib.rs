//! Picklescope reads Python pickles and shows everything in them. Nothing is ever executed, imported or resolved.
//!
//! [`open`] reads a file and gives an [`Opened`], which answers: facts, object tree, values, opcode listing, exports. [`scan`]
//! reports what loading a file would do. Both take [`Options`] and have variants for bytes and for any [`Source`]. Reading
//! never fails, it stops: a damaged file is opened, too, and [`Overview::reading`] says how far the reading went.
//!
//! ```
//! use picklescope::{Options, open_bytes};
//!
//! let mut opened = open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
//! assert_eq!(opened.overview().verdict.word, "Data only");
//! assert_eq!(opened.tree(2, 10), "pickle: list 2 items [1, 2]\n  0: 1\n  1: 2\n");
//! assert_eq!(opened.value("obj[1]")?.text, "2");
//! # Ok::<(), picklescope::Error>(())
//! ```
//!
//! What is listed here is the library's face. The modules behind it are layers, in the order in which data flows, and not part of
//! it: the page and the command line of the same version use them, and they change without notice.

// The layers. Each may use only those above it (ARCHITECTURE.md).
#[doc(hidden)]
pub mod bytes;
#[doc(hidden)]
pub mod format;
#[doc(hidden)]
pub mod container;
#[doc(hidden)]
pub mod opcode;
#[doc(hidden)]
pub mod graph;
#[doc(hidden)]
pub mod machine;
#[doc(hidden)]
pub mod trace;
#[doc(hidden)]
pub mod lens;
#[doc(hidden)]
pub mod safety;
#[doc(hidden)]
pub mod export;
#[doc(hidden)]
pub mod readers;
#[doc(hidden)]
pub mod view;
#[doc(hidden)]
pub mod document;
#[doc(hidden)]
pub mod size;
#[doc(hidden)]
pub mod find;
#[doc(hidden)]
pub mod bundle;
#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod api;
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod web;

#[doc(inline)]
pub use api::{
    ArrayLayout, ColumnKind, ColumnValues, Error, Found, Frame, FrameColumn, Opened, Options, Value, open_bytes,
    open_source, scan_bytes, scan_source,
};
#[cfg(not(target_arch = "wasm32"))]
#[doc(inline)]
pub use api::{open, open_together, scan};
#[doc(inline)]
pub use bundle::Progress;
#[doc(inline)]
pub use bytes::{MemorySource, ReadError, Source, Span};
#[doc(inline)]
pub use document::Walk;
#[doc(inline)]
pub use explain::stubs::AllowList;
#[doc(inline)]
pub use safety::Level;
#[doc(inline)]
pub use view::card::Format;
#[doc(inline)]
pub use view::{
    Break, CallFacts, Compression, Crumb, Duplicate, Environment, FileReport, FindingFacts, FindingGroup, Floats,
    ForecastFacts, ImportFacts, LabelKind, LoaderStop, MemberRow, MemorySize, NoteFacts, Outcome, Overview, Package,
    Pending, ProblemFacts, ReadingStatus, ReportImport, RowMark, Savings, SizeLine, SizeReport, SizeRest, SizeRow,
    SizeSummary, SmallView, StopFacts, StreamFacts, TextKind, TextPart, TreeRow, VerdictFacts,
};
