//! Every byte of every fixture belongs to exactly one instruction or named part, and every value knows its instruction.

use crate::support;
use picklescope::bytes::{Limits, MemorySource, Span};
use picklescope::document::Document;
use picklescope::graph::NodeId;
use picklescope::opcode;
use picklescope::view::{OpcodeRow, OpcodeRowKind};
use support::{Fixture, fixtures, joblib_fixtures, listing, open};

/// The streams and what is left of the file, one after the other.
fn parts(document: &Document) -> Vec<Span> {
    let reading = document.reading();
    let mut parts: Vec<Span> = reading.streams.iter().map(|stream| stream.span).collect();
    parts.extend(reading.trailing);
    parts
}

fn check_tiles(what: &str, tiles: impl Iterator<Item = Span>, whole: Span) {
    let mut at = whole.start;
    for tile in tiles {
        assert_eq!(tile.start, at, "{what}: a gap or an overlap");
        at = tile.end;
    }
    assert_eq!(at, whole.end, "{what}: the end is missing");
}

fn check_decoded(fixture: &Fixture, document: &Document) {
    let source = MemorySource::new(fixture.bytes.clone());
    let limits = Limits::default();
    let mut number = 0;
    for stream in &document.reading().streams {
        assert_eq!(stream.first, number, "{}", fixture.name);
        let mut at = stream.span.start;
        let tiles = std::iter::from_fn(|| {
            if let Some(part) = document.reading().raw.iter().find(|part| part.span.start == at) {
                at = part.span.end;
                return Some((part.span, 0));
            }
            let instruction = (at < stream.span.end).then(|| opcode::decode(&source, at, &limits).unwrap())?;
            at = instruction.end;
            Some((instruction.span(), 1))
        });
        let tiles: Vec<(Span, u64)> = tiles.collect();
        assert_eq!(tiles.iter().map(|(_, opcodes)| opcodes).sum::<u64>(), stream.opcodes, "{}", fixture.name);
        number += stream.opcodes;
        check_tiles(&fixture.name, tiles.into_iter().map(|(span, _)| span), stream.span);
    }
    assert_eq!(number, document.reading().opcodes, "{}", fixture.name);
}

fn check_listing(fixture: &Fixture, document: &Document) -> Vec<OpcodeRow> {
    let rows = listing(document);
    assert_eq!(rows.len() as u64, document.listing_count());
    assert_eq!(rows.len() as u64, document.overview().listing_rows);
    assert!(rows.iter().zip(0..).all(|(row, index)| row.index == index), "{}", fixture.name);
    check_tiles(
        &fixture.name,
        rows.iter().map(|row| Span::new(row.offset, row.offset + row.length)),
        Span::new(0, fixture.bytes.len() as u64),
    );
    let instructions = rows.iter().filter(|row| row.kind == OpcodeRowKind::Instruction).count();
    assert_eq!(instructions as u64, document.reading().opcodes, "{}", fixture.name);
    for row in &rows {
        let stream = &document.reading().streams[row.stream as usize];
        if row.kind == OpcodeRowKind::Instruction {
            assert!(stream.span.contains(row.offset), "{}: row {} is in another pickle", fixture.name, row.index);
            assert_eq!(fixture.bytes[row.offset as usize], row.byte);
        }
    }
    rows
}

#[test]
fn instructions_and_parts_tile_every_file() {
    for fixture in fixtures().into_iter().chain(joblib_fixtures()) {
        let document = open(&fixture.bytes);
        check_tiles(&fixture.name, parts(&document).into_iter(), Span::new(0, fixture.bytes.len() as u64));
        check_decoded(&fixture, &document);
        check_listing(&fixture, &document);
    }
}

#[test]
fn every_node_finds_its_opcode_and_back() {
    for fixture in fixtures().into_iter().chain(joblib_fixtures()) {
        let document = open(&fixture.bytes);
        let graph = &document.reading().graph;
        let starts: std::collections::BTreeSet<u64> = listing(&document).iter().map(|row| row.offset).collect();
        let mut before = 0;
        for id in (0..graph.len() as u32).map(NodeId) {
            let offset = graph.offset(id);
            assert!(starts.contains(&offset), "{}: node {id:?} at {offset}, where no opcode is", fixture.name);
            assert!(offset >= before, "{}: nodes are in the order of their opcodes", fixture.name);
            before = offset;
            let made = graph.made_at(offset).unwrap();
            assert_eq!(graph.offset(made), offset, "{}", fixture.name);
            let extent = document.extent(id);
            assert!(extent.end <= fixture.bytes.len() as u64 && !extent.is_empty(), "{}: {extent:?}", fixture.name);
            assert!(extent.contains(offset), "{}: {extent:?} without {offset}", fixture.name);
            assert!(starts.contains(&extent.start), "{}: {extent:?} begins inside an instruction", fixture.name);
            assert!(
                starts.contains(&extent.end) || extent.end == fixture.bytes.len() as u64,
                "{}: {extent:?} ends inside an instruction",
                fixture.name
            );
            let changed = graph.run_offsets(id);
            for (first, last) in changed {
                assert!(starts.contains(&first) && starts.contains(&last) && first <= last, "{}", fixture.name);
                assert_eq!(graph.changed_at(first), Some(id), "{}", fixture.name);
                assert_eq!(graph.changed_at(last), Some(id), "{}", fixture.name);
            }
        }
    }
}

#[test]
fn every_byte_finds_its_instruction() {
    for fixture in fixtures().iter().chain(&joblib_fixtures()).filter(|fixture| fixture.bytes.len() <= 600) {
        let mut document = open(&fixture.bytes);
        let rows = listing(&document);
        for offset in 0..fixture.bytes.len() as u64 {
            let expected =
                rows.iter().find(|row| (row.offset..row.offset + row.length).contains(&offset)).unwrap().index;
            let found = document.inspect_offset(offset).unwrap_or_else(|| panic!("{} at {offset}", fixture.name));
            assert_eq!(found.opcode, Some(expected), "{} at {offset}", fixture.name);
        }
        assert_eq!(document.inspect_offset(fixture.bytes.len() as u64 + 1), None, "{}", fixture.name);
    }
}
