//! What the page and its worker say to each other.
//!
//! The document lives in the worker; the page asks for windows of it. Every command carries the generation of the file it
//! is about, and the page drops replies of an older one. The `File` itself travels beside [`CommandBody::Open`] as a plain
//! JavaScript value: it cannot be serialised, and need not be.

use crate::bundle::{Bundle, OnProgress};
use crate::bytes::{Span, read_span};
use crate::document::Document;
pub use crate::lens::Python2Reading;
use crate::view::card::{Card, CellWindow, Cells, Format, Picture, Statistics, TreeAsk, TreeDrawing};
use crate::view::{
    ByteMark, Environment, ExportAsk, Exported, FieldOrder, FieldRow, FileReport, Inspection, MemberRow, OpcodeRow,
    Overview, SourceLine, TreeRow, ValueChunk,
};
use serde::{Deserialize, Serialize};

/// Raised when a message changes shape. A page and a worker of different versions (one of them from a stale cache) notice
/// it in the first message and say so.
pub const VERSION: u32 = 5;

/// Page to worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Number of the file, raised with each one opened.
    pub generation: u32,
    /// Number of the request, for its reply.
    pub id: u32,
    /// What to do.
    pub body: CommandBody,
}

/// What a command asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum CommandBody {
    /// Open the `File`s or `Uint8Array`s sent beside this, and show what they are about.
    Open {
        /// Their names.
        names: Vec<String>,
    },
    /// Show another part of what is open. The answer is [`Event::Opened`], as to `Open`.
    Show(Part),
    /// Answer from what is open.
    Ask(Question),
}

/// A question, by whom it is for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Question {
    /// The document on show.
    Document(Request),
    /// The tree of members.
    Members(MemberRequest),
}

impl From<Request> for Question {
    fn from(request: Request) -> Self {
        Self::Document(request)
    }
}

impl From<MemberRequest> for Question {
    fn from(request: MemberRequest) -> Self {
        Self::Members(request)
    }
}

/// Something in what is open that can be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Part {
    /// A member, by its number.
    Member(u32),
    /// What people mean inside of a member: itself, or what the archives and streams in it are about.
    Inside(u32),
    /// The pickle in a value of the document on show: in bytes, or in text that stands for bytes.
    Value {
        /// The value's node.
        node: u32,
    },
    /// More of the compressed stream that grew past its budget.
    More,
}

/// A question to the tree of members.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MemberRequest {
    /// Rows of the tree.
    Rows {
        /// First row.
        first: u64,
        /// At most so many.
        count: u32,
    },
    /// Open or close a row.
    Toggle {
        /// The row.
        row: u64,
        /// The wanted state.
        open: bool,
    },
    /// Next visible row, after `from` and around the end, whose name begins so (case ignored).
    FindName {
        /// Row to start after.
        from: u64,
        /// Typed characters.
        prefix: String,
    },
    /// The audit of every pickle in what was opened.
    Report,
}

/// A question to the open document.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Rows of the tree.
    Rows {
        /// First row.
        first: u64,
        /// At most so many.
        count: u32,
    },
    /// Open or close a row.
    Toggle {
        /// The row.
        row: u64,
        /// The wanted state.
        open: bool,
    },
    /// Open the row and its siblings (`*` of the tree pattern), or with `deep` everything below it within a budget.
    OpenAll {
        /// The row.
        row: u64,
        /// Below it instead of beside it.
        deep: bool,
    },
    /// Next visible row, after `from` and around the end, whose label begins so (case ignored).
    FindLabel {
        /// Row to start after.
        from: u64,
        /// Typed characters.
        prefix: String,
    },
    /// Select something; the answer places it in every view.
    Select(Target),
    /// More of a value's text.
    Value {
        /// The node.
        node: u32,
        /// Where to go on, from [`ValueChunk::next`].
        from: u64,
    },
    /// Rows of the disassembly.
    Opcodes {
        /// First row.
        first: u64,
        /// At most so many.
        count: u32,
    },
    /// Bytes of the file.
    Hex {
        /// First offset.
        start: u64,
        /// At most so many.
        count: u32,
    },
    /// How to read the `str` of Python 2.
    ReadPython2As(Python2Reading),
    /// What a lens understands of a value.
    Card {
        /// The node.
        node: u32,
    },
    /// Fields of a value that no lens knows.
    Fields {
        /// The node.
        node: u32,
        /// First row.
        first: u64,
        /// At most so many.
        count: u32,
        /// In which order.
        order: FieldOrder,
    },
    /// Cells of a grid of a card.
    Cells(CellWindow),
    /// Statistics of a part of a card, as far as they have come: each question goes over some more of the values.
    Statistics {
        /// Node of the card.
        node: u32,
        /// The part.
        part: u32,
    },
    /// A picture of a card.
    Picture {
        /// Node of the card.
        node: u32,
        /// Number of the picture.
        part: u32,
        /// One index for each dimension before the last two.
        slice: Vec<u64>,
        /// Pixels across at most.
        width: u32,
    },
    /// A decision tree of a card.
    Drawing(TreeAsk),
    /// Lines of the document as Python source.
    Source {
        /// First line.
        first: u64,
        /// At most so many.
        count: u32,
    },
    /// The line of Python source that makes a value.
    SourceLineOf {
        /// The node.
        node: u32,
    },
    /// The libraries behind the document.
    Environment,
    /// In which formats something can be saved.
    Formats {
        /// The value; nothing for the whole document.
        node: Option<u32>,
    },
    /// Begin to save a value.
    Export(ExportAsk),
    /// The next piece of what is being saved.
    ExportMore,
}

/// What a selection starts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// A row of the tree.
    Row(u64),
    /// A row of the listing.
    Opcode(u64),
    /// A byte of the file.
    Offset(u64),
    /// A value, by its node.
    Node(u32),
}

/// The answer to a [`Request`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Response {
    /// To `Rows`.
    Rows {
        /// All visible rows of the tree.
        total: u64,
        /// The window.
        rows: Vec<TreeRow>,
    },
    /// To [`MemberRequest::Rows`].
    Members {
        /// All visible rows.
        total: u64,
        /// The window.
        rows: Vec<MemberRow>,
    },
    /// To [`MemberRequest::Report`].
    Report(Box<FileReport>),
    /// To [`MemberRequest::Toggle`].
    MemberTree {
        /// All visible rows now.
        total: u64,
    },
    /// To `Toggle`, `OpenAll` and `ReadPython2As`: the tree changed.
    Tree {
        /// All visible rows now.
        total: u64,
        /// The row to focus.
        row: u64,
    },
    /// To `FindLabel`, `SourceLineOf` and [`MemberRequest::FindName`].
    Found {
        /// The row.
        row: Option<u64>,
    },
    /// To `Select`. Selecting an opcode or a byte may open rows of the tree to reveal the value.
    Selected {
        /// All visible rows now.
        total: u64,
        /// What was selected.
        inspection: Box<Inspection>,
    },
    /// To `Value`.
    Value(ValueChunk),
    /// To `Opcodes`.
    Opcodes {
        /// All rows of the listing.
        total: u64,
        /// The window.
        rows: Vec<OpcodeRow>,
    },
    /// To `Hex`.
    Hex {
        /// First offset.
        start: u64,
        /// Two lower-case hex digits a byte.
        digits: String,
        /// Instructions in the window that something was found at.
        marks: Vec<ByteMark>,
    },
    /// To `Card`; nothing for a value that no lens knows.
    Card(Option<Box<Card>>),
    /// To `Fields`.
    Fields(Vec<FieldRow>),
    /// To `Cells`.
    Cells(Box<Cells>),
    /// To `Statistics`.
    Statistics(Box<Statistics>),
    /// To `Picture`.
    Picture(Box<Picture>),
    /// To `Drawing`.
    Drawing(Box<TreeDrawing>),
    /// To `Source`.
    Source {
        /// All lines.
        total: u64,
        /// The window.
        rows: Vec<SourceLine>,
    },
    /// To `Environment`.
    Environment(Box<Environment>),
    /// To `Formats`, the most special ones first.
    Formats(Vec<Format>),
    /// To `Export` and `ExportMore`.
    Exported(Box<Exported>),
    /// The request could not be answered (the file can no longer be read, a row that is gone).
    Failed {
        /// Why.
        message: String,
    },
}

/// Worker to page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Event {
    /// First message of a worker.
    Ready {
        /// [`VERSION`] of the worker.
        version: u32,
    },
    /// Unpacking or decoding goes on.
    Progress {
        /// Of which file.
        generation: u32,
        /// Bytes read.
        read: u64,
        /// Bytes in all.
        total: u64,
        /// While unpacking: bytes that came out.
        unpacked: Option<u64>,
    },
    /// The document is there; its first rows come along.
    Opened {
        /// Of which file.
        generation: u32,
        /// Its facts.
        overview: Box<Overview>,
        /// Visible rows of the tree of members, and the one on show.
        members: (u64, Option<u64>),
        /// All visible rows of the tree.
        total: u64,
        /// The first rows.
        rows: Vec<TreeRow>,
        /// The row of the tree to select first.
        landing: u64,
        /// When reading and decoding began and ended.
        timings: Timings,
    },
    /// Something could not be shown; what was on show still is.
    Refused {
        /// Of which file.
        generation: u32,
        /// Why, for people.
        message: String,
    },
    /// The answer to a request.
    Reply {
        /// Of which file.
        generation: u32,
        /// Of which request.
        id: u32,
        /// The answer.
        response: Response,
    },
    /// The file could not be opened at all, or the worker is about to end.
    Failed {
        /// Of which file.
        generation: u32,
        /// What kind of failure.
        cause: FailureCause,
        /// Why, for people.
        message: String,
    },
}

/// What kind of failure ended the reading of a file: what helps depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FailureCause {
    /// The browser cannot read the file: it was changed, moved or deleted, or is no file.
    Unreadable,
    /// The decoder stopped: a defect, or a budget that a browser sets.
    Decoder,
}

/// Milliseconds since the Unix epoch, with fractions: the only clock that the page and its worker share.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Timings {
    /// The worker got the file.
    pub start: f64,
    /// Milliseconds spent waiting for bytes of the files.
    pub read: f64,
    /// Bytes of the files read since they were opened.
    pub bytes: u64,
    /// Decoding began.
    pub decode_start: f64,
    /// The document was complete.
    pub decode_end: f64,
}

/// Rows and bytes that one answer carries at most, whatever is asked.
const WINDOW: u32 = 2000;
const HEX: u32 = 1 << 20;
/// Bytes of other members that are read for a report while someone waits.
const REPORT: u64 = 256 << 20;

/// Shows another part of what is open.
///
/// # Errors
/// Why there is no such part, for people; what was on show stays.
pub fn show(bundle: &mut Bundle, part: Part, progress: OnProgress<'_>) -> Result<(), String> {
    match part {
        Part::Member(number) => {
            let member = bundle.member(number).ok_or_else(|| format!("there is no member {number}"))?;
            bundle.show(member, progress);
        }
        Part::Inside(number) => {
            let member = bundle.member(number).ok_or_else(|| format!("there is no member {number}"))?;
            bundle.show_inside(member, progress);
        }
        Part::Value { node } => bundle.show_value(node, progress)?,
        Part::More => bundle.go_on(progress),
    }
    Ok(())
}

/// Answers a question to the tree of members.
pub fn answer_members(bundle: &mut Bundle, request: MemberRequest, progress: OnProgress<'_>) -> Response {
    match request {
        MemberRequest::Rows { first, count } => {
            let rows = bundle.rows(first, count.min(WINDOW) as usize, progress);
            Response::Members { total: bundle.row_count(), rows }
        }
        MemberRequest::Report => {
            let name = bundle.document().overview().name;
            Response::Report(Box::new(bundle.report(&name, REPORT, progress)))
        }
        MemberRequest::FindName { from, prefix } => Response::Found { row: bundle.find_name(from, &prefix) },
        MemberRequest::Toggle { row, open } => {
            bundle.toggle(row, open, progress);
            Response::MemberTree { total: bundle.row_count() }
        }
    }
}

/// Answers a question to an open document.
pub fn answer(document: &mut Document, request: Request) -> Response {
    match request {
        Request::Rows { first, count } => {
            Response::Rows { total: document.row_count(), rows: document.rows(first, count.min(WINDOW) as usize) }
        }
        Request::Toggle { row, open } => {
            document.toggle(row, open);
            Response::Tree { total: document.row_count(), row }
        }
        Request::OpenAll { row, deep } => {
            let row = document.open_all(row, deep);
            Response::Tree { total: document.row_count(), row }
        }
        Request::FindLabel { from, prefix } => Response::Found { row: document.find_label(from, &prefix) },
        Request::Select(target) => {
            let inspection = match target {
                Target::Row(row) => document.inspect_row(row),
                Target::Opcode(number) => document.inspect_opcode(number),
                Target::Offset(offset) => document.inspect_offset(offset),
                Target::Node(node) => document.inspect_node(node),
            };
            match inspection {
                Some(inspection) => {
                    Response::Selected { total: document.row_count(), inspection: Box::new(inspection) }
                }
                None => Response::Failed { message: "there is nothing at this place".to_owned() },
            }
        }
        Request::Value { node, from } => match document.value(node, from) {
            Some(chunk) => Response::Value(chunk),
            None => Response::Failed { message: format!("there is no object {node}") },
        },
        Request::Opcodes { first, count } => Response::Opcodes {
            total: document.listing_count(),
            rows: document.listing(first, count.min(WINDOW) as usize),
        },
        Request::Hex { start, count } => hex(document, start, count),
        Request::ReadPython2As(reading) => {
            document.read_python2_as(reading);
            Response::Tree { total: document.row_count(), row: 0 }
        }
        Request::Card { node } => Response::Card(document.card(node).map(Box::new)),
        Request::Fields { node, first, count, order } => {
            document.fields(node, first, count.min(WINDOW) as usize, order).map_or_else(gone, Response::Fields)
        }
        Request::Cells(window) => document.cells(&window).map_or_else(gone, |cells| Response::Cells(Box::new(cells))),
        Request::Statistics { node, part } => {
            document.statistics(node, part).map_or_else(gone, |facts| Response::Statistics(Box::new(facts)))
        }
        Request::Picture { node, part, slice, width } => document
            .picture(node, part, &slice, width)
            .map_or_else(gone, |picture| Response::Picture(Box::new(picture))),
        Request::Drawing(ask) => {
            document.drawing(ask).map_or_else(gone, |drawing| Response::Drawing(Box::new(drawing)))
        }
        Request::Source { first, count } => Response::Source {
            total: document.source_line_count(),
            rows: document.source_lines(first, count.min(WINDOW) as usize),
        },
        Request::SourceLineOf { node } => Response::Found { row: document.source_line_of(node) },
        Request::Environment => Response::Environment(Box::new(document.environment())),
        Request::Formats { node } => Response::Formats(document.formats_for(node)),
        Request::Export(ask) => exported(document.export(ask)),
        Request::ExportMore => exported(document.export_more()),
    }
}

fn exported(piece: Result<Exported, String>) -> Response {
    match piece {
        Ok(piece) => Response::Exported(Box::new(piece)),
        Err(message) => Response::Failed { message },
    }
}

/// A question about a card of a value that has none.
fn gone() -> Response {
    Response::Failed { message: "no lens knows this value".to_owned() }
}

fn hex(document: &Document, start: u64, count: u32) -> Response {
    let span = Span::new(start, start.saturating_add(u64::from(count.min(HEX))));
    match read_span(document.source(), span) {
        Ok(bytes) => {
            Response::Hex { start, digits: data_encoding::HEXLOWER.encode(&bytes), marks: document.byte_marks(span) }
        }
        Err(error) => Response::Failed { message: error.to_string() },
    }
}
