//! The worker's answers.

use super::ask::{
    self, Among, Answer, Changed, Explained, Failure, HexWindow, Opened, PlaceShown, Selected, Target, Window,
};
use super::message::Part;
use crate::bundle::{Bundle, OnProgress, ReportScope};
use crate::bytes::{Span, read_span};
use crate::document::{Document, paste};
use crate::explain::explain;
use crate::size::Sizes;
use crate::view::card::{self, Format, TreeDrawing};
use crate::view::plot::Plot;
use crate::view::{
    ByteLayer, ByteWindow, BytesAt, Environment, Exported, FieldRow, FileReport, FoundItem, FoundProgress,
    MachineReply, MachineRun, MachineWindow, MemberRow, OpcodeRow, ReadersFacts, Savings, SizeEntry, SizeGroup,
    SizeOutline, SizeSummary, SizeTile, SizesBy, SourceLine, TreeRow, Unfolded, ValueChunk, shown,
};

/// Rows and bytes that one answer carries at most, whatever is asked.
const WINDOW: u32 = 2000;
const HEX: u32 = 1 << 20;
/// Offsets that one question is about: two of each row that a list keeps.
const OFFSETS: usize = 1 << 14;
/// Bytes of other members that are read for a report while someone waits.
const REPORT: ReportScope<'static> = ReportScope { budget: 256 << 20, cut: &[] };
/// Bytes that are read to find equal payloads while someone waits.
const COMPARED: u64 = 256 << 20;

/// Bytes that are copied as text at most, and bytes in a piece of a range that is saved.
const COPIED: u64 = 1 << 20;
const SAVED: u64 = 4 << 20;

type Answered<T> = Result<T, Failure>;

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

/// Rows of one answer.
fn rows(count: u32) -> usize {
    count.min(WINDOW) as usize
}

impl Answer<Document> for ask::Rows {
    fn answer(self, document: &mut Document) -> Answered<Window<TreeRow>> {
        Ok(Window { total: document.row_count(), rows: document.rows(self.first, rows(self.count)) })
    }
}

impl Answer<Document> for ask::Toggle {
    fn answer(self, document: &mut Document) -> Answered<Changed> {
        document.toggle(self.row, self.open);
        Ok(Changed { total: document.row_count(), row: self.row })
    }
}

impl Answer<Document> for ask::OpenAll {
    fn answer(self, document: &mut Document) -> Answered<Changed> {
        let row = document.open_all(self.row, self.deep);
        Ok(Changed { total: document.row_count(), row })
    }
}

impl Answer<Document> for ask::Unfold {
    fn answer(self, document: &mut Document) -> Answered<(Changed, Unfolded)> {
        let (unfolded, row) = document.unfold(self.row);
        Ok((Changed { total: document.row_count(), row }, unfolded))
    }
}

impl Answer<Document> for ask::Fold {
    fn answer(self, document: &mut Document) -> Answered<Changed> {
        let row = document.fold(self.row);
        Ok(Changed { total: document.row_count(), row })
    }
}

impl Answer<Document> for ask::FindLabel {
    fn answer(self, document: &mut Document) -> Answered<Option<u64>> {
        Ok(document.find_label(self.from, &self.prefix))
    }
}

impl Answer<Document> for ask::Select {
    fn answer(self, document: &mut Document) -> Answered<Selected> {
        let inspection = match self.0 {
            Target::Row(row) => document.inspect_row(row),
            Target::Opcode(number) => document.inspect_opcode(number),
            Target::Offset(offset) => document.inspect_offset(offset),
            Target::Node(node) => document.inspect_node(node),
            Target::Column { node, column } => document.inspect_column(node, column),
        };
        let inspection = inspection.ok_or(Failure::Nothing)?;
        Ok(Selected { total: document.row_count(), inspection })
    }
}

impl Answer<Document> for ask::Value {
    fn answer(self, document: &mut Document) -> Answered<ValueChunk> {
        document.value(self.node, self.from).ok_or(Failure::NoObject(self.node))
    }
}

impl Answer<Document> for ask::Opcodes {
    fn answer(self, document: &mut Document) -> Answered<Window<OpcodeRow>> {
        Ok(Window { total: document.listing_count(), rows: document.listing(self.first, rows(self.count)) })
    }
}

impl Answer<Document> for ask::Machine {
    fn answer(self, document: &mut Document) -> Answered<MachineReply> {
        let MachineWindow { places, entries, .. } = self.window;
        let window = MachineWindow { places: places.min(WINDOW), entries: entries.min(WINDOW), ..self.window };
        Ok(document.machine(self.at, window))
    }
}

impl Answer<Document> for ask::PrepareMachine {
    fn answer(self, document: &mut Document) -> Answered<bool> {
        Ok(document.prepare_machine())
    }
}

impl Answer<Document> for ask::RunMachine {
    fn answer(self, document: &mut Document) -> Answered<MachineRun> {
        Ok(document.run_machine(self.goal, self.is_forward, self.from))
    }
}

impl Answer<Document> for ask::Hex {
    fn answer(self, document: &mut Document) -> Answered<HexWindow> {
        let span = Span::new(self.start, self.start.saturating_add(u64::from(self.count.min(HEX))));
        let digits = data_encoding::HEXLOWER.encode(&read_span(document.source(), span)?);
        Ok(HexWindow { start: self.start, digits, marks: document.byte_marks(span) })
    }
}

impl Answer<Bundle> for ask::Layers {
    fn answer(self, bundle: &mut Bundle) -> Answered<Vec<ByteLayer>> {
        Ok(bundle.byte_layers())
    }
}

impl Answer<Bundle> for ask::Bytes {
    fn answer(self, bundle: &mut Bundle) -> Answered<ByteWindow> {
        let span = Span::new(self.start, self.start.saturating_add(u64::from(self.count.min(HEX))));
        bundle.byte_window(self.layer, span, &mut |_| {}).map_err(Failure::NoBytes)
    }
}

impl Answer<Bundle> for ask::ByteAt {
    fn answer(self, bundle: &mut Bundle) -> Answered<BytesAt> {
        bundle.bytes_at(self.layer, self.offset, &mut |_| {}).map_err(Failure::NoBytes)
    }
}

impl Answer<Bundle> for ask::BytesText {
    fn answer(self, bundle: &mut Bundle) -> Answered<String> {
        if self.end.saturating_sub(self.start) > COPIED {
            return Err(Failure::TooManyBytes(COPIED));
        }
        let span = Span::new(self.start, self.end.max(self.start));
        let bytes = bundle.layer_bytes(self.layer, span, &mut |_| {}).map_err(Failure::NoBytes)?;
        Ok(self.format.text(&bytes))
    }
}

impl Answer<Bundle> for ask::PackedForLink {
    fn answer(self, bundle: &mut Bundle) -> Answered<String> {
        bundle.packed_for_link().map_err(Failure::NotSaved)
    }
}

impl Answer<Bundle> for ask::SaveBytes {
    fn answer(self, bundle: &mut Bundle) -> Answered<Exported> {
        let (from, end) = (self.from.max(self.start), self.end.min(self.from.saturating_add(SAVED)));
        let span = Span::new(from, end.max(from));
        let bytes = bundle.layer_bytes(self.layer, span, &mut |_| {}).map_err(Failure::NoBytes)?;
        let reached = from + bytes.len() as u64;
        let name = bundle.name_of_range(self.layer, self.start, self.end);
        let progress = (reached - self.start, self.end.saturating_sub(self.start));
        let finished = bytes.is_empty() || reached >= self.end;
        Ok(shown(Exported { name, bytes, progress, finished, remarks: Vec::new() }))
    }
}

impl Answer<Document> for ask::ReadPython2As {
    fn answer(self, document: &mut Document) -> Answered<Changed> {
        document.read_python2_as(self.0);
        Ok(Changed { total: document.row_count(), row: 0 })
    }
}

impl Answer<Document> for ask::Card {
    fn answer(self, document: &mut Document) -> Answered<Option<card::Card>> {
        Ok(match self.column {
            Some(column) => document.column_card(self.node, column),
            None => document.card(self.node),
        })
    }
}

impl Answer<Document> for ask::Fields {
    fn answer(self, document: &mut Document) -> Answered<Vec<FieldRow>> {
        document.fields(self.node, self.first, rows(self.count), self.order).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::Cells {
    fn answer(self, document: &mut Document) -> Answered<card::Cells> {
        document.cells(&self.0).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::FindColumns {
    fn answer(self, document: &mut Document) -> Answered<card::FoundColumns> {
        document.find_columns(&self.0).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::Plot {
    fn answer(self, document: &mut Document) -> Answered<Plot> {
        document.plot(self.node, self.part).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::CopyCells {
    fn answer(self, document: &mut Document) -> Answered<String> {
        document.cells_text(&self.window, self.format, &self.row_heads).map_err(Failure::NotCopied)
    }
}

impl Answer<Bundle> for ask::Arrange {
    fn answer(self, bundle: &mut Bundle) -> Answered<card::Arranged> {
        Ok(bundle.arrange(&self.0))
    }
}

impl Answer<Document> for ask::Statistics {
    fn answer(self, document: &mut Document) -> Answered<card::Statistics> {
        document.statistics(self.node, self.part).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::Picture {
    fn answer(self, document: &mut Document) -> Answered<card::Picture> {
        document.picture(self.node, self.part, &self.slice, self.width).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::Drawing {
    fn answer(self, document: &mut Document) -> Answered<TreeDrawing> {
        document.drawing(self.0).ok_or(Failure::NoCard)
    }
}

impl Answer<Document> for ask::Source {
    fn answer(self, document: &mut Document) -> Answered<Window<SourceLine>> {
        Ok(Window { total: document.source_line_count(), rows: document.source_lines(self.first, rows(self.count)) })
    }
}

impl Answer<Document> for ask::SourceLineOf {
    fn answer(self, document: &mut Document) -> Answered<Option<u64>> {
        Ok(document.source_line_of(self.node))
    }
}

impl Answer<Document> for ask::Environment {
    fn answer(self, document: &mut Document) -> Answered<Environment> {
        Ok(document.environment())
    }
}

impl Answer<Document> for ask::Formats {
    fn answer(self, document: &mut Document) -> Answered<Vec<Format>> {
        Ok(document.formats_for(self.node))
    }
}

impl Answer<Document> for ask::ExportMore {
    fn answer(self, document: &mut Document) -> Answered<Exported> {
        document.export_more().map_err(Failure::NotSaved)
    }
}

impl Answer<Document> for ask::Stubs {
    fn answer(self, document: &mut Document) -> Answered<String> {
        Ok(self.0.write(document))
    }
}

impl Answer<Bundle> for ask::Members {
    fn answer(self, bundle: &mut Bundle) -> Answered<Window<MemberRow>> {
        let rows = bundle.rows(self.first, rows(self.count), &mut |_| {});
        Ok(Window { total: bundle.row_count(), rows })
    }
}

impl Answer<Bundle> for ask::ToggleMember {
    fn answer(self, bundle: &mut Bundle) -> Answered<u64> {
        bundle.toggle(self.row, self.open, &mut |_| {});
        Ok(bundle.row_count())
    }
}

impl Answer<Bundle> for ask::SortMembers {
    fn answer(self, bundle: &mut Bundle) -> Answered<u64> {
        Ok(bundle.sort(self.order, self.row))
    }
}

impl Answer<Bundle> for ask::FindMember {
    fn answer(self, bundle: &mut Bundle) -> Answered<Option<u64>> {
        Ok(bundle.find_name(self.from, &self.prefix))
    }
}

impl Answer<Bundle> for ask::Readers {
    fn answer(self, bundle: &mut Bundle) -> Answered<ReadersFacts> {
        Ok(bundle.readers(false))
    }
}

impl Answer<Bundle> for ask::Report {
    fn answer(self, bundle: &mut Bundle) -> Answered<FileReport> {
        Ok(bundle.report_on_show(&REPORT, &mut |_| {}))
    }
}

impl Answer<Bundle> for ask::Export {
    fn answer(self, bundle: &mut Bundle) -> Answered<Exported> {
        bundle.export(self.0, &REPORT, &mut |_| {}).map_err(Failure::NotSaved)
    }
}

impl Answer<Bundle> for ask::Sizes {
    fn answer(self, bundle: &mut Bundle) -> Answered<SizeSummary> {
        let (document, sizes) = bundle.measured().map_err(Failure::NotMeasured)?;
        Ok(sizes.summary(document))
    }
}

impl Answer<Bundle> for ask::SizeRows {
    fn answer(self, bundle: &mut Bundle) -> Answered<SizeOutline> {
        let (document, sizes) = bundle.measured().map_err(Failure::NotMeasured)?;
        check_size_node(self.of, &sizes)?;
        Ok(sizes.outline(document, self.of, rows(self.count)))
    }
}

impl Answer<Bundle> for ask::SizeMap {
    fn answer(self, bundle: &mut Bundle) -> Answered<Vec<SizeTile>> {
        let (document, sizes) = bundle.measured().map_err(Failure::NotMeasured)?;
        check_size_node(self.of, &sizes)?;
        Ok(sizes.map(document, self.of, rows(self.count)))
    }
}

fn check_size_node(node: Option<u32>, sizes: &Sizes) -> Result<(), Failure> {
    match node {
        Some(node) if node >= sizes.len() => Err(Failure::NoObject(node)),
        _ => Ok(()),
    }
}

impl Answer<Bundle> for ask::SizeGroups {
    fn answer(self, bundle: &mut Bundle) -> Answered<Vec<SizeGroup>> {
        let (document, sizes) = bundle.measured().map_err(Failure::NotMeasured)?;
        Ok(match self.by {
            SizesBy::Class => sizes.by_class(document, rows(self.count)),
            SizesBy::Module => sizes.by_module(document, rows(self.count)),
        })
    }
}

impl Answer<Bundle> for ask::SizeEntries {
    fn answer(self, bundle: &mut Bundle) -> Answered<(Vec<SizeEntry>, bool)> {
        Ok(bundle.known_entry_sizes(rows(self.count)))
    }
}

impl Answer<Bundle> for ask::CouldBeSmaller {
    fn answer(self, bundle: &mut Bundle) -> Answered<Savings> {
        let (document, sizes) = bundle.measured().map_err(Failure::NotMeasured)?;
        Ok(Savings::of(document, &sizes, COMPARED))
    }
}

impl Answer<Bundle> for ask::Find {
    fn answer(self, bundle: &mut Bundle) -> Answered<FoundProgress> {
        Ok(bundle.find_begin(&self.0))
    }
}

impl Answer<Bundle> for ask::FindMore {
    fn answer(self, bundle: &mut Bundle) -> Answered<FoundProgress> {
        bundle.find_more(&mut |_| {}).ok_or(Failure::NoSearch)
    }
}

impl Answer<Bundle> for ask::Found {
    fn answer(self, bundle: &mut Bundle) -> Answered<Window<FoundItem>> {
        let (total, rows) = bundle.found(self.first, rows(self.count));
        Ok(Window { total, rows })
    }
}

impl Answer<Bundle> for ask::FoundAmong {
    fn answer(self, bundle: &mut Bundle) -> Answered<Vec<u64>> {
        let few = |all: &[u64]| all.len().min(OFFSETS);
        Ok(match &self.0 {
            Among::Offsets(offsets) => bundle.found_among(&offsets[..few(offsets)]),
            Among::Lines(lines) => bundle.found_in_source(&lines[..few(lines)]),
            Among::Cells(window, columns) => bundle.found_in_cells(window, *columns),
        })
    }
}

impl Answer<Bundle> for ask::FoundPlace {
    fn answer(self, bundle: &mut Bundle) -> Answered<PlaceShown> {
        let (place, places, row) = bundle.found_place(self.line, self.place).ok_or(Failure::Nothing)?;
        Ok(PlaceShown { place, places, total: bundle.document().row_count(), row })
    }
}

impl Answer<Bundle> for ask::FindEnd {
    fn answer(self, bundle: &mut Bundle) -> Answered<()> {
        bundle.find_end();
        Ok(())
    }
}

impl Answer<Opened> for ask::IsPickle {
    fn answer(self, _: &mut Opened) -> Answered<bool> {
        Ok(paste::is_pickle(self.text.trim()))
    }
}

impl Answer<Opened> for ask::Explain {
    fn answer(self, opened: &mut Opened) -> Answered<Explained> {
        let document = opened.as_ref().map(Bundle::document);
        let file = document.map(|document| document.overview().name);
        Ok(Explained { explanation: explain(&self.text, document), file })
    }
}
