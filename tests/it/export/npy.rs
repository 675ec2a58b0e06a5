//! `.npy` files: the header as nodes, the array behind it; and the five pickles with which torch's older files begin.

use crate::support;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::export::{self, DisOptions};
use picklescope::graph::{Node, NodeId};
use picklescope::machine::{self, Layout, RawKind, Reading};
use picklescope::view::OpcodeRowKind;
use support::{json_text, listing, open};

fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16 + 1).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, header.as_bytes(), b"\n", data].concat()
}

fn node_text(document: &Document, id: NodeId) -> String {
    let span = document.extent(id);
    let bytes = picklescope::bytes::read_span(document.source(), span).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Rows tile the file, and each byte is in its row.
fn check(document: &mut Document) {
    let size = document.source().len();
    let rows = listing(document);
    let mut at = 0;
    for row in &rows {
        assert_eq!(row.offset, at);
        at += row.length;
    }
    assert_eq!(at, size);
    for offset in 0..size {
        let row = document.inspect_offset(offset).unwrap().opcode.unwrap() as usize;
        assert!((rows[row].offset..rows[row].offset + rows[row].length).contains(&offset));
    }
    serde_json::from_str::<serde_json::Value>(&json_text(document)).unwrap();
    document.open_all(0, true);
    let _ = document.rows(0, 100);
}

#[test]
fn numbers_behind_a_header() {
    let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (2L, 3), }  ";
    let mut document = open(&npy(header, &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]));
    let reading = document.reading();
    assert!(reading.is_complete() && reading.trailing.is_none());
    assert_eq!((reading.layout, reading.opcodes), (Layout::Npy, 0));
    let root = reading.streams[0].root.unwrap().node();
    let Node::InlineArray { wrapper, data } = reading.graph.node(root) else { panic!() };
    assert_eq!(data.len(), 12);
    assert_eq!(node_text(&document, wrapper.node()), header.trim_end());
    let texts: Vec<String> = (0..reading.graph.len() as u32 - 1).map(|id| node_text(&document, NodeId(id))).collect();
    assert_eq!(
        texts[..9],
        ["'descr'", "'<i2'", "'fortran_order'", "True", "'shape'", "2L", "3", "(2L, 3)", header.trim_end()]
    );
    let array = document.lens().array(root).unwrap();
    assert_eq!(array.values(0, 10, 10).unwrap(), ["1", "3", "5", "2", "4", "6"]);
    let rows = listing(&document);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["header", "array data"]);
    let selected = document.inspect_offset(data.start + 3).unwrap();
    assert_eq!(selected.node, Some(root.0));
    assert_eq!(document.inspect_offset(3).unwrap().node, Some(wrapper.node().0));
    assert_eq!(document.rows(0, 1)[0].label, "array");
    check(&mut document);
}

#[test]
fn sizes_of_every_type() {
    let long = "{'descr': %, 'fortran_order': False, 'shape': (3,)}";
    for (descr, size) in [
        ("'|b1'", 1),
        ("'>f8'", 8),
        ("'<c16'", 16),
        ("'<M8[ns]'", 8),
        ("'<U3'", 12),
        ("'|S5'", 5),
        ("'|V7'", 7),
        ("'<f16'", 16),
        ("[('a', '<i4'), (('title', 'b'), '|S3')]", 7),
        ("[('a', '<f4', (2, 3)), ('', '|V4'), ('n', [('x', '<i2')])]", 30),
        ("[]", 0),
    ] {
        let mut document = open(&npy(&long.replace('%', descr), &vec![7; 3 * size + 2]));
        let reading = document.reading();
        assert!(reading.is_complete(), "{descr}: {:?}", reading.problems);
        assert_eq!(reading.trailing.map(|span| span.len()), Some(2), "{descr}");
        check(&mut document);
    }
}

#[test]
fn objects_are_a_pickle() {
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}";
    let mut document = open(&npy(header, b"\x80\x02](K\x01K\x02e.tail"));
    let reading = document.reading();
    assert!(reading.is_complete());
    assert_eq!((reading.opcodes, reading.streams.len()), (7, 1));
    assert_eq!(reading.trailing.map(|span| span.len()), Some(4));
    let root = reading.streams[0].root.unwrap().node();
    let Node::InlinePickle { wrapper, value } = reading.graph.node(root) else { panic!() };
    assert_eq!(reading.graph.node(value.node()), Node::List);
    assert_eq!(reading.graph.start(root), reading.graph.start(wrapper.node()));
    check(&mut document);
    // Where the pickle stops, the header is still there to be seen.
    let cut = open(&npy(header, b"\x80\x02](K\x01"));
    let stack = &cut.reading().streams[0].leftover;
    assert_eq!(cut.reading().graph.node(stack[0].node()), Node::Dict);
    assert_eq!(stack.len(), 3);
    // numpy reads it with the plain unpickler: no array follows a wrapper.
    let wrapper = open(&npy(header, b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}b."));
    assert!(wrapper.reading().is_complete());
}

#[test]
fn what_is_missing_is_said() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000)}";
    let mut document = open(&npy(header, &[0; 120]));
    let problem = document.reading().problems.fatal().unwrap().kind.to_string();
    assert_eq!(problem, "an array of shape (1000000, 1000000) needs 8000000000000 bytes, 120 follow");
    let root = document.reading().streams[0].root.unwrap().node();
    assert!(matches!(document.reading().graph.node(root), Node::InlineArray { data, .. } if data.len() == 120));
    assert!(document.overview().reading.starts_with("The reading stopped early."));
    check(&mut document);
    for (header, expected) in [
        ("{'descr': '<f8'}", "fortran_order"),
        ("{'descr': 7, 'fortran_order': False, 'shape': (1,)}", "neither a code nor a list"),
        ("{'descr': '<q9', 'fortran_order': False, 'shape': (1,)}", "the itemsize of the dtype"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", "an axis is no length"),
        ("{'descr': '|V99999999999999999', 'fortran_order': False, 'shape': (1,)}", "more bytes than any file"),
        ("", "literal"),
    ] {
        let document = open(&npy(header, b"12345678"));
        let problem = document.reading().problems.fatal().unwrap_or_else(|| panic!("{header}")).kind.to_string();
        assert!(problem.contains(expected), "{header}: {problem}");
    }
}

#[test]
fn damage_anywhere() {
    let numbers = npy("{'descr': [('a', '<i4'), ('b', '|S3')], 'fortran_order': False, 'shape': (2,)}", &[7; 14]);
    let objects = npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", b"\x80\x02](K\x01K\x02e.");
    for whole in [numbers, objects] {
        for at in 0..whole.len() {
            let cut = open(&whole[..at]);
            assert!(!cut.reading().is_complete(), "cut at {at}");
            listing(&cut);
            for change in [1, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let mut document = open(&bytes);
                listing(&document);
                json_text(&document);
                document.open_all(0, true);
                document.inspect_offset(at as u64);
            }
        }
    }
}

fn read(bytes: &[u8]) -> Reading {
    machine::read(&MemorySource::new(bytes.to_vec()), &Limits::default(), &mut |_, _| {})
}

#[test]
fn legacy_torch_ends_at_its_fifth_pickle() {
    let magic = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
    let head = [&magic[..], b"\x80\x02M\xe9\x03.", b"\x80\x02}."].concat();
    let object = b"\x80\x02cm\nC\n.";
    let keys = b"\x80\x02]X\x01\0\0\x000a.";
    // The number of elements, and numbers that would read as one more pickle.
    let storage = b"\x80\x02K\x01.\x80\x02K\x01.";
    let whole = read(&[&head[..], object, keys, storage].concat());
    assert_eq!((whole.layout, whole.streams.len()), (Layout::LegacyTorch, 5));
    assert!(whole.is_complete());
    assert_eq!(whole.trailing.map(|span| span.len()), Some(storage.len() as u64));
    // Protocol 0 spells the number in decimal.
    let text = [&b"L119547037146038801333356L\n.I1001\n.(d."[..], object, keys, storage].concat();
    assert_eq!(read(&text).layout, Layout::LegacyTorch);
    // Anything else is pickles one after the other.
    let mut other = [&head[..], object, keys, storage].concat();
    other[5] ^= 1;
    for (bytes, streams) in [
        (other, 7),
        ([&head[..], object].concat(), 4),
        ([&head[..], object, object, storage].concat(), 7),
        ([&magic[..], b"\x80\x02M\xea\x03.", b"\x80\x02}.", object, keys, storage].concat(), 7),
    ] {
        let reading = read(&bytes);
        assert_eq!((reading.layout, reading.streams.len()), (Layout::Plain, streams));
    }
}

#[test]
fn headers_are_raw_parts() {
    let document = open(&npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", &[0; 8]));
    let kinds: Vec<RawKind> = document.reading().raw.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [RawKind::Header, RawKind::Array]);
    assert!(listing(&document).iter().all(|row| row.kind == OpcodeRowKind::Raw));
}

#[test]
fn the_disassembly_names_the_parts() {
    let listed = |bytes: &[u8]| {
        let mut out = Vec::new();
        let report = export::dis(&MemorySource::new(bytes.to_vec()), &DisOptions::default(), &mut out).unwrap();
        (String::from_utf8(out).unwrap(), report)
    };
    let (text, report) = listed(&npy("{'descr': '<i2', 'fortran_order': False, 'shape': (1,)}", b"12tail"));
    assert_eq!(text, "    0:      (header, 66 bytes)\n   66:      (array data, 2 bytes)\n");
    assert_eq!(report.problems[0].message, "4 trailing bytes after the array");
    let (text, report) = listed(&npy("{'descr': '|O', 'fortran_order': False, 'shape': ()}", b"\x80\x02]."));
    assert!(text.starts_with("    0:      (header, 63 bytes)\n   63: \\x80 PROTO"), "{text}");
    assert!(report.problems.is_empty());
    let (_, report) = listed(&npy("{'descr': '<i2', 'fortran_order': False, 'shape': (9,)}", b"12"));
    assert_eq!(report.problems.len(), 1);
}
