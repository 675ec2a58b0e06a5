//! Everything that can be asked of one document is answered, and the answers fit each other.

use super::{open, spread};
use picklescope::document::Document;
use picklescope::find::Arranging;
use picklescope::lens::Python2Reading;
use picklescope::safety;
use picklescope::view::ExportAsk;
use picklescope::view::card::{
    ArrangeAsk, Arrangement, Body, Card, CellWindow, Format, Grid, RowFilter, RowSort, TreeAsk,
};
use std::io;

/// Values that are looked at, rows that are walked over, windows that are taken of one thing.
const NODES: u64 = 40;
const ROWS: usize = 2000;
const WINDOWS: usize = 8;
/// Bytes that are saved of one document: what is shared is written as often as it is used.
const SAVED: usize = 4 << 20;

pub fn holds(data: &[u8]) {
    let mut document = open(data);
    let mut left = SAVED;
    whole(&mut document, data, &mut left);
    let nodes = document.reading().graph.len() as u64;
    for node in spread(nodes, NODES) {
        let node = node as u32;
        value(&mut document, node, data.len() as u64);
        card(&mut document, node);
        for format in document.formats_for(Some(node)) {
            save(&mut document, Some(node), format, &mut left);
        }
    }
    for reading in [Python2Reading::Latin1, Python2Reading::Bytes] {
        document.read_python2_as(reading);
        for node in spread(nodes, 8) {
            document.inspect_node(node as u32);
            let _ = document.card(node as u32);
        }
        let _ = document.rows(0, ROWS);
    }
}

/// What is asked of the document as such.
fn whole(document: &mut Document, data: &[u8], left: &mut usize) {
    let size = data.len() as u64;
    let overview = document.overview();
    assert!(overview.problems.iter().all(|problem| problem.offset <= size), "a problem behind the end");
    let listing = document.listing(0, usize::MAX);
    assert_eq!(listing.len() as u64, document.listing_count());
    let covered: u64 = listing.iter().map(|row| row.length).sum();
    assert_eq!(covered, size, "the listing covers every byte once");
    for number in spread(listing.len() as u64, 16) {
        assert_eq!(
            document.listing(number, 1)[..],
            listing[number as usize..=number as usize],
            "a window of the listing"
        );
    }

    assert!(document.audit().findings.iter().all(|finding| finding.offset <= size), "a finding behind the end");
    let _ = safety::forecast(document.reading(), &document.lens());
    let _ = document.environment();
    let lines = document.source_line_count();
    assert_eq!(document.source_lines(0, usize::MAX).len() as u64, lines);
    for format in document.formats_for(None) {
        save(document, None, format, left);
    }
    for format in Format::ALL {
        save(document, None, format, left);
    }

    for number in spread(listing.len() as u64, 16) {
        document.inspect_opcode(number);
    }
    for offset in spread(size, 16) {
        assert!(document.inspect_offset(offset).is_some(), "byte {offset} belongs to nothing");
    }
    rows(document);
    let mut left = ROWS;
    // A walk closes what is open: it comes last.
    let _ = document.walk(20, 50, &mut |_| {
        left -= 1;
        if left == 0 { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
    });
}

/// The tree by rows: windows of it are parts of one whole, and a path leads back to its value.
fn rows(document: &mut Document) {
    document.open_all(0, true);
    let all = document.rows(0, ROWS);
    assert_eq!(all.len() as u64, document.row_count().min(ROWS as u64));
    for number in spread(all.len() as u64, 16) {
        assert_eq!(document.rows(number, 1)[..], all[number as usize..=number as usize], "a window of the rows");
        let Some(inspection) = document.inspect_row(number) else { continue };
        if !inspection.path.is_empty() {
            let _ = document.find_path(&inspection.path);
        }
        let _ = document.find_label(number, &all[number as usize].label);
    }
    for row in spread(document.row_count(), 4) {
        document.toggle(row, false);
        document.toggle(row, true);
    }
}

/// One value.
fn value(document: &mut Document, node: u32, size: u64) {
    let inspection = document.inspect_node(node).expect("the node is there");
    assert!(inspection.span.0 <= inspection.span.1 && inspection.span.1 <= size, "{:?} of {size}", inspection.span);
    assert!(inspection.own.0 <= inspection.own.1 && inspection.own.1 <= size, "{:?} of {size}", inspection.own);
    let mut from = 0;
    for _ in 0..WINDOWS {
        let chunk = document.value(node, from).expect("the node is there");
        match chunk.next {
            Some(next) => assert!(next > from, "a value that goes on where it began"),
            None => break,
        }
        from = chunk.next.unwrap_or_default();
    }
    let _ = document.source_line_of(node);
    let _ = document.embedded_source(node);
}

/// The rows of a grid that hold a 1, sorted by its last column: some of them, each once.
fn arrange(document: &Document, node: u32, grid: &Grid) {
    const STEPS: usize = 8;
    let sort = Some(RowSort { column: grid.columns.saturating_sub(1), descending: true });
    let filter = Some(RowFilter { column: None, condition: "1".to_owned() });
    let slice = vec![0; grid.slices.len()];
    let ask = ArrangeAsk { node, grid: grid.id, slice, arrangement: Arrangement { sort, filter } };
    let Ok(mut arranging) = Arranging::begin(document, ask) else { return };
    for _ in 0..STEPS {
        if arranging.advance(document).is_err() {
            return;
        }
    }
    if let Some((_, mut rows)) = arranging.finish() {
        rows.sort_unstable();
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "a row stands twice");
        assert!(rows.last().is_none_or(|&row| u64::from(row) < grid.rows), "a row is not there");
    }
}

/// The card of a value with all its parts.
fn card(document: &mut Document, node: u32) {
    let Some(card) = document.card(node) else { return };
    let Card { sections, .. } = &card;
    for section in sections {
        match &section.body {
            Body::Grid(grid) => {
                for (row, column) in
                    [(0, 0), (grid.rows.saturating_sub(1), grid.columns.saturating_sub(1)), (u64::MAX, 0)]
                {
                    let slice = vec![0; grid.slices.len()];
                    let window = CellWindow {
                        node,
                        grid: grid.id,
                        slice,
                        row,
                        rows: 4,
                        column,
                        columns: 4,
                        ..CellWindow::default()
                    };
                    let _ = document.cells(&window);
                }
                arrange(document, node, grid);
            }
            Body::Statistics { part } => statistics(document, node, *part),
            Body::Columns(columns) => {
                for column in columns.iter().take(WINDOWS) {
                    statistics(document, node, column.part);
                }
            }
            Body::Picture(slot) => {
                let last: Vec<u64> = slot.slices.iter().map(|(_, size)| size.saturating_sub(1)).collect();
                for slice in [vec![0; slot.slices.len()], last] {
                    if let Some(picture) = document.picture(node, slot.part, &slice, 64) {
                        let pixels = data_encoding::BASE64.decode(picture.pixels.as_bytes()).expect("base64");
                        assert_eq!(pixels.len() as u64, u64::from(picture.width) * u64::from(picture.height) * 4);
                    }
                }
            }
            Body::Trees { count } => {
                for tree in [0, count.saturating_sub(1), *count] {
                    let _ = document.drawing(TreeAsk { node, tree, root: 0, depth: 4 });
                }
            }
            _ => {}
        }
    }
}

fn statistics(document: &mut Document, node: u32, part: u32) {
    let mut before = 0;
    for _ in 0..WINDOWS {
        let Some(facts) = document.statistics(node, part) else { return };
        let (done, total) = facts.progress;
        assert!(done <= total, "{done} of {total}");
        if done == total || facts.problem.is_some() {
            return;
        }
        assert!(done > before, "statistics that do not get on");
        before = done;
    }
}

/// Saves to the end, or as far as the budget goes.
fn save(document: &mut Document, node: Option<u32>, format: Format, left: &mut usize) {
    const PIECES: usize = 64;
    if *left == 0 {
        return;
    }
    let mut piece = match document.export(ExportAsk { node, format, escape_formulas: false }) {
        Ok(piece) => piece,
        Err(why) => return assert!(!why.is_empty()),
    };
    let mut text = Vec::new();
    for _ in 0..PIECES {
        assert!(piece.progress.0 <= piece.progress.1 || piece.progress.1 == 0, "{format:?}: {:?}", piece.progress);
        *left = left.saturating_sub(piece.bytes.len());
        text.append(&mut piece.bytes);
        if piece.finished {
            return check(format, &text);
        }
        if *left == 0 {
            return;
        }
        piece = match document.export_more() {
            Ok(piece) => piece,
            Err(why) => return assert!(!why.is_empty()),
        };
    }
}

/// What was written is what it is called.
fn check(format: Format, bytes: &[u8]) {
    match format {
        Format::Json | Format::PlainJson => match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
            Ok(_) => {}
            // Lines of JSON are one value after the other.
            Err(error) => assert!(is_excused(&error, bytes), "{format:?} is no JSON: {error}"),
        },
        Format::Csv | Format::Tsv | Format::Tree | Format::Dis | Format::Python | Format::Html => {
            assert!(std::str::from_utf8(bytes).is_ok(), "{format:?} is not UTF-8");
        }
        Format::Npy => assert!(bytes.starts_with(b"\x93NUMPY")),
        Format::Npz => assert!(bytes.starts_with(b"PK")),
        Format::Png => assert!(bytes.starts_with(b"\x89PNG")),
        Format::Safetensors => assert!(bytes.len() >= 8),
        Format::Raw => {}
    }
}

/// The reader of JSON goes 128 levels deep, and what it reads here may go deeper.
fn is_excused(error: &serde_json::Error, bytes: &[u8]) -> bool {
    error.to_string().starts_with("recursion limit exceeded") && std::str::from_utf8(bytes).is_ok()
}
