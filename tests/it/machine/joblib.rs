//! Files that joblib wrote, with arrays inside the stream, against what joblib loads from them
//! (`scripts/fixtures/gen_joblib.py`); and what hostile wrappers do.

use crate::support;
use picklescope::bytes::{MemorySource, Span};
use picklescope::document::Document;
use picklescope::export::{self, DisOptions};
use picklescope::graph::{Edge, Node, NodeId, RunKind};
use picklescope::machine::{ProblemKind, RawKind};
use picklescope::safety::Level;
use picklescope::view::OpcodeRowKind;
use serde_json::Value;
use std::fs;
use support::{Fixture, joblib_fixtures, listing, open, open_source, tests};

fn truth(version: &str) -> Value {
    let path = tests().join("fixtures/joblib").join(version).join("truth.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The value under a key of a dict, at an index, or under the name of an attribute (`.name`).
fn step(document: &Document, from: NodeId, key: &Value) -> NodeId {
    let graph = &document.reading().graph;
    let lens = document.lens();
    if let Some(index) = key.as_u64() {
        let item = graph.items(from).chain(graph.run_window(from, RunKind::Items, 0)).nth(index as usize);
        return item.unwrap().node();
    }
    let key = key.as_str().unwrap();
    let dict = match key.strip_prefix('.') {
        Some(_) => graph.run_window(from, RunKind::State, 0).last().unwrap().node(),
        None => from,
    };
    let edges: Vec<Edge> = graph.run_window(dict, RunKind::Pairs, 0).collect();
    let name = key.strip_prefix('.').unwrap_or(key);
    edges.chunks(2).find(|pair| lens.string(pair[0]).as_deref() == Some(name)).unwrap()[1].node()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_array(what: &str, fixture: &Fixture, document: &Document, node: NodeId, truth: &Value) {
    let lens = document.lens();
    let array = lens.array(node).unwrap_or_else(|| panic!("{what}: no array"));
    assert_eq!(array.problem, None, "{what}");
    let shape: Vec<u64> = truth["shape"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).collect();
    assert_eq!(array.shape, shape, "{what}");
    let class = lens.shape(node).type_name;
    assert_eq!(class, truth["class"].as_str().unwrap(), "{what}");
    let is_fortran = array.order == picklescope::lens::Order::Fortran;
    match document.reading().graph.node(node) {
        Node::InlineArray { data, .. } => {
            assert_eq!(truth["objects"], false, "{what}");
            let bytes = &fixture.bytes[data.start as usize..data.end as usize];
            assert_eq!(hex(bytes), truth["data"].as_str().unwrap(), "{what}");
            assert_eq!(is_fortran, truth["order"] == "F", "{what}");
            check_numbers(what, &array, truth);
        }
        Node::InlinePickle { .. } => {
            assert_eq!(truth["objects"], true, "{what}");
            let items = array.items(0, 100);
            assert_eq!(items.len(), truth["values"].as_array().unwrap().len(), "{what}");
        }
        // joblib leaves other subclasses to pickle.
        Node::Call { .. } => assert_eq!(class, "recarray", "{what}"),
        other => panic!("{what}: {other:?}"),
    }
}

/// Numbers by value; the rest is held by its bytes.
fn check_numbers(what: &str, array: &picklescope::lens::Array<'_>, truth: &Value) {
    let kind = truth["dtype"].as_str().unwrap().as_bytes()[1];
    if !b"iuf".contains(&kind) {
        return;
    }
    let ours = array.values(0, 100, 100).unwrap();
    let theirs = truth["values"].as_array().unwrap();
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let theirs = theirs.as_str().unwrap();
        assert_eq!(ours.parse::<f64>().unwrap(), theirs.parse::<f64>().unwrap(), "{what}: {ours}");
    }
}

#[test]
fn every_array_is_what_joblib_loads() {
    let mut arrays = 0;
    for fixture in joblib_fixtures() {
        let [_, version, file] = fixture.name.split('/').collect::<Vec<_>>()[..] else { panic!("{}", fixture.name) };
        let truth = truth(version);
        let document = open(&fixture.bytes);
        let reading = document.reading();
        assert!(reading.is_complete() && reading.trailing.is_none(), "{}: {:?}", fixture.name, reading.problems);
        // A `str` of Python 2 that is not ASCII loads where the loading program says how.
        let mut problems = reading.problems.list.iter();
        assert!(problems.all(|problem| matches!(problem.kind, ProblemKind::NotAscii { .. })), "{}", fixture.name);
        assert_eq!(reading.streams.len(), 1, "{}", fixture.name);
        let mut expected = 0;
        for array in truth["files"][file].as_array().unwrap() {
            let what = format!("{} at {}", fixture.name, array["path"]);
            let path = array["path"].as_array().unwrap();
            let root = reading.streams[0].root.unwrap().node();
            let node = path.iter().fold(root, |node, key| step(&document, node, key));
            check_array(&what, &fixture, &document, node, array);
            expected += usize::from(array["class"] != "recarray");
        }
        let graph = &reading.graph;
        let inline = |id: &u32| matches!(graph.node(NodeId(*id)), Node::InlineArray { .. } | Node::InlinePickle { .. });
        assert_eq!((0..graph.len() as u32).filter(inline).count(), expected, "{}", fixture.name);
        arrays += expected;
    }
    assert!(arrays > 300, "{arrays}");
}

#[test]
fn padding_is_there_from_joblib_1_2_on() {
    for fixture in joblib_fixtures() {
        let padded = ["1.2.0", "1.6.0"].iter().any(|version| fixture.name.contains(version));
        let expected = padded && !fixture.name.ends_with("not-seekable.joblib");
        let document = open(&fixture.bytes);
        let raw = &document.reading().raw;
        let has_padding = raw.iter().any(|part| part.kind == RawKind::Padding);
        assert_eq!(has_padding, expected, "{}", fixture.name);
        for pair in raw.windows(2).filter(|pair| pair[0].kind == RawKind::Padding && pair[1].kind == RawKind::Array) {
            if pair[0].span.end == pair[1].span.start {
                assert_eq!(pair[1].span.start % 16, 0, "{}: the numbers are aligned", fixture.name);
            }
        }
    }
}

#[test]
fn a_byte_of_the_numbers_selects_the_array() {
    for fixture in joblib_fixtures() {
        let mut document = open(&fixture.bytes);
        let raw = document.reading().raw.clone();
        let rows = listing(&document);
        assert_eq!(rows.iter().filter(|row| row.kind == OpcodeRowKind::Raw).count(), raw.len(), "{}", fixture.name);
        for part in raw {
            let extent = document.extent(part.node);
            assert!(extent.start < part.span.start && part.span.end <= extent.end, "{}: {extent:?}", fixture.name);
            for offset in [part.span.start, part.span.end - 1] {
                let found = document.inspect_offset(offset).unwrap();
                assert_eq!(found.node, Some(part.node.0), "{} at {offset}", fixture.name);
                assert_eq!(found.own, (part.span.start, part.span.end), "{}", fixture.name);
                let row = &rows[found.opcode.unwrap() as usize];
                assert_eq!((row.offset, row.length), (part.span.start, part.span.len()), "{}", fixture.name);
            }
        }
    }
}

/// Checkpoints lie thousands of instructions apart: here, inside and behind pickles inside the pickle.
#[test]
fn the_listing_resumes_anywhere() {
    let inner = [&b"\x80\x02]("[..], &b"N0(1K\x01q\x00"[..].repeat(3000), b"e."].concat();
    let wrapper = wrapper(b"\x85", b"O8", b"|", -1, 63);
    let mut bytes = b"\x80\x02((".to_vec();
    for _ in 0..3 {
        bytes.extend([&wrapper[..], &inner[..], b"q\x05N0"].concat());
    }
    bytes.extend(b"tt.");
    let document = open(&bytes);
    assert!(document.reading().is_complete(), "{:?}", document.reading().problems);
    assert_eq!(document.reading().nested.len(), 3);
    let rows = listing(&document);
    for first in (0..rows.len()).step_by(997) {
        assert_eq!(document.listing(first as u64, 40), rows[first..(first + 40).min(rows.len())], "from {first}");
    }
    assert!(rows.iter().all(|row| row.depth <= 4));
    assert_eq!(rows.last().unwrap().depth, 0);
}

/// GLOBAL to BUILD of a wrapper whose shape is one number `K\x02` and `shape`'s opcode.
fn wrapper(shape: &[u8], code: &[u8], order: &[u8], itemsize: i8, flags: u8) -> Vec<u8> {
    described(&[b"K\x02", shape].concat(), &dtype(code, order, itemsize, flags), b"")
}

fn dtype(code: &[u8], order: &[u8], itemsize: i8, flags: u8) -> Vec<u8> {
    let text = |text: &[u8]| [&b"X"[..], &(text.len() as u32).to_le_bytes(), text].concat();
    let size = i32::from(itemsize).to_le_bytes();
    [
        &b"cnumpy\ndtype\n"[..],
        &text(code),
        b"K\x00K\x01\x87R(K\x03",
        &text(order),
        b"NNNJ",
        &size,
        b"J",
        &size,
        b"K",
        &[flags],
        b"tb",
    ]
    .concat()
}

fn described(shape: &[u8], dtype: &[u8], more: &[u8]) -> Vec<u8> {
    [
        &b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\0\0\0shape"[..],
        shape,
        b"X\x05\0\0\0dtype",
        dtype,
        more,
        b"ub",
    ]
    .concat()
}

fn fatal(bytes: &[u8]) -> String {
    let document = open(bytes);
    let problem = document.reading().problems.fatal().unwrap_or_else(|| panic!("read to the end"));
    // BUILD ran: what it gave to the wrapper is there to be seen.
    let stream = &document.reading().streams[0];
    assert_eq!(stream.span.end, problem.offset + 1);
    assert_eq!(stream.leftover.len(), 1);
    listing(&document);
    support::json(bytes);
    problem.kind.to_string()
}

#[test]
fn what_does_not_fit_is_not_stepped_over() {
    let f8 = dtype(b"f8", b"<", -1, 0);
    let file = |shape: &[u8], dtype: &[u8], more: &[u8], rest: &[u8]| {
        [&b"\x80\x02"[..], &described(shape, dtype, more), rest].concat()
    };
    let million = b"J\x40\x42\x0f\x00J\x40\x42\x0f\x00\x86";
    assert_eq!(
        fatal(&file(million, &f8, b"", &[0; 120])),
        "a joblib array of shape (1000000, 1000000) and dtype <f8 needs 8000000000000 bytes, 120 follow"
    );
    let huge = [&b"("[..], &b"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f".repeat(3), b"t"].concat();
    assert!(fatal(&file(&huge, &f8, b"", b"12")).ends_with("needs more bytes than any file has, 2 follow"));
    // Exactly enough is enough; one byte less is not.
    assert!(open(&file(b"K\x02\x85", &f8, b"", b"0123456789abcdef.")).reading().is_complete());
    assert!(fatal(&file(b"K\x02\x85", &f8, b"", b"0123456789abcde")).ends_with("needs 16 bytes, 15 follow"));
    // A size of 0 makes the others meaningless.
    let empty = [&b"K\x00"[..], &huge[1..11], b"\x86"].concat();
    assert!(open(&file(&empty, &f8, b"", b".")).reading().is_complete());
}

#[test]
fn a_wrapper_that_makes_no_sense_ends_the_reading() {
    let f8 = dtype(b"f8", b"<", -1, 0);
    let check = |shape: &[u8], dtype: &[u8], more: &[u8], expected: &str| {
        let bytes = [&b"\x80\x02"[..], &described(shape, dtype, more), b"\xff\xff\xff\xff."].concat();
        let found = fatal(&bytes);
        assert!(found.contains(expected), "{found}");
    };
    check(b"J\xff\xff\xff\xff\x85", &f8, b"", "the shape has a size of -1");
    check(b"X\x01\0\0\0a\x85", &f8, b"", "a size that is no int");
    check(b"\x8a\x09\0\0\0\0\0\0\0\0\x01\x85", &f8, b"", "more than 64 bits");
    check(b"N", &f8, b"", "the shape is no tuple");
    check(&[&b"("[..], &b"K\x01".repeat(65), b"t"].concat(), &f8, b"", "more than 64 dimensions");
    check(b")", b"N", b"", "numpy does not write such a dtype");
    check(b")", b"cnumpy\nfloat64\n", b"", "numpy does not write such a dtype");
    check(b")", &dtype(b"f99999999999999999999", b"<", -1, 0), b"", "the itemsize of the dtype");
    check(b")", &dtype(b"S5", b"|", -1, 0), b"", "the itemsize of the dtype");
    let alignment = b"X\x1b\0\0\0numpy_array_alignment_bytes";
    check(b")", &f8, &[&alignment[..], b"X\x01\0\0\0a"].concat(), "its alignment");
    check(b")", &f8, &[&alignment[..], b"K\x00"].concat(), "its alignment");
    check(
        b")",
        &f8,
        &[&alignment[..], b"K\x10"].concat(),
        "expected the padding of a joblib array, found a length of 255",
    );
    let state = b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}b.";
    assert!(fatal(state).contains("the state of its wrapper has no shape"));
}

#[test]
fn padding_is_looked_at() {
    let f1 = dtype(b"i1", b"|", -1, 0);
    let alignment = b"X\x1b\0\0\0numpy_array_alignment_bytesK\x10";
    let file = |rest: &[u8]| [&b"\x80\x02"[..], &described(b"K\x02\x85", &f1, alignment), rest].concat();
    let document = open(&file(b"\x03\xff\xff\xffab."));
    assert!(document.reading().is_complete());
    let lengths: Vec<u64> = document.reading().raw.iter().map(|part| part.span.len()).collect();
    assert_eq!(lengths, [4, 2]);
    assert!(fatal(&file(b"\x03\xff\xff\xfeab.")).contains("other bytes than 0xff"));
    // joblib takes that for no padding, though it never writes it.
    let document = open(&file(b"\x00ab."));
    assert!(document.reading().is_complete());
    assert!(document.reading().problems.list[0].to_string().contains("a length of 0"));
    assert_eq!(document.audit().level, Level::Suspicious);
    assert!(fatal(&file(b"\x05\xff\xff")).contains("2 of its 5 bytes"));
    assert!(fatal(&file(b"")).contains("the end of the input"));
}

/// joblib reads a pickle inside with the plain unpickler, so a wrapper in there is an object like any.
#[test]
fn wrappers_inside_a_pickle_inside_are_objects() {
    let inner = [&b"\x80\x02"[..], &wrapper(b"\x85", b"f8", b"<", -1, 0), b"."].concat();
    let bytes = [&b"\x80\x02"[..], &wrapper(b"\x85", b"O8", b"|", -1, 63), &inner, b"\x85."].concat();
    let document = open(&bytes);
    let reading = document.reading();
    assert!(reading.is_complete(), "{:?}", reading.problems);
    assert!(reading.raw.is_empty());
    assert_eq!(reading.nested.len(), 1);
    assert_eq!(reading.nested[0].span.len(), inner.len() as u64);
}

#[test]
fn damage_in_a_pickle_inside_keeps_both_stacks() {
    let bytes = [&b"\x80\x02K\x07"[..], &wrapper(b"\x85", b"O8", b"|", -1, 63), b"\x80\x02K\x08K\x09\xff"].concat();
    let document = open(&bytes);
    let reading = document.reading();
    assert!(!reading.is_complete() && !reading.nested[0].complete);
    let stack: Vec<Node> = reading.streams[0].leftover.iter().map(|edge| reading.graph.node(edge.node())).collect();
    assert!(matches!(stack[..], [Node::Int(7), Node::Call { .. }, Node::Int(8), Node::Int(9)]), "{stack:?}");
    listing(&document);
}

#[test]
fn the_memo_keeps_the_wrapper() {
    let wrapper = wrapper(b"\x85", b"i1", b"|", -1, 0);
    let at = wrapper.len() - b"ub".len();
    let new = wrapper.windows(2).position(|two| two == b")\x81").unwrap() + 2;
    let memoised = [&wrapper[..new], b"q\x01", &wrapper[new..at], b"ub"].concat();
    let document = open(&[&b"\x80\x02"[..], &memoised, b"abh\x01\x86."].concat());
    let graph = &document.reading().graph;
    let root = document.reading().streams[0].root.unwrap().node();
    let items: Vec<Node> = graph.items(root).map(|edge| graph.node(edge.node())).collect();
    assert!(matches!(items[..], [Node::InlineArray { .. }, Node::Call { .. }]), "{items:?}");
}

#[test]
fn names_of_scikit_learn_and_others() {
    let plain = [&b"\x80\x02"[..], &wrapper(b"\x85", b"i1", b"|", -1, 0), b"ab."].concat();
    let named = |module: &str| {
        let text = String::from_utf8_lossy(b"joblib.numpy_pickle").into_owned();
        let at = plain.windows(text.len()).position(|part| part == text.as_bytes()).unwrap();
        [&plain[..at], module.as_bytes(), &plain[at + text.len()..]].concat()
    };
    assert!(open(&named("sklearn.externals.joblib.numpy_pickle")).reading().is_complete());
    let other = open(&named("elsewhere.joblib.numpy_pickle"));
    assert!(!other.reading().is_complete(), "an ordinary object: the bytes are no instructions");
    assert!(other.reading().raw.is_empty());
}

#[test]
fn windows_and_pieces_read_alike() {
    for fixture in joblib_fixtures() {
        let (whole, pieces) = (open(&fixture.bytes), open_source(support::Pieces::boxed(&fixture.bytes)));
        assert_eq!(whole.overview(), pieces.overview(), "{}", fixture.name);
        assert_eq!(listing(&whole), listing(&pieces), "{}", fixture.name);
        assert_eq!(whole.reading().raw, pieces.reading().raw, "{}", fixture.name);
    }
}

#[test]
fn spans_tile_the_stream() {
    for fixture in joblib_fixtures() {
        let rows = listing(&open(&fixture.bytes));
        let mut at = 0;
        for row in rows {
            assert_eq!(row.offset, at, "{}", fixture.name);
            at = Span::new(row.offset, row.offset + row.length).end;
        }
        assert_eq!(at, fixture.bytes.len() as u64, "{}", fixture.name);
    }
}

fn listed(bytes: &[u8]) -> (String, export::DisReport) {
    let mut out = Vec::new();
    let report = export::dis(&MemorySource::new(bytes.to_vec()), &DisOptions::default(), &mut out).unwrap();
    (String::from_utf8(out).unwrap(), report)
}

#[test]
fn the_disassembly_goes_on_behind_the_numbers() {
    for fixture in joblib_fixtures() {
        let document = open(&fixture.bytes);
        let reading = document.reading();
        let (text, report) = listed(&fixture.bytes);
        assert_eq!(report.instructions, reading.opcodes, "{}", fixture.name);
        assert_eq!((report.pickles, report.end), (1, fixture.bytes.len() as u64), "{}", fixture.name);
        assert!(report.problems.is_empty(), "{}: {:?}", fixture.name, report.problems);
        let arrays = reading.raw.iter().filter(|part| part.kind == RawKind::Array).count();
        assert_eq!(text.matches("(array data, ").count(), arrays, "{}", fixture.name);
        assert_eq!(text.matches("pickle of an array at offset ").count(), reading.nested.len(), "{}", fixture.name);
        // Cut anywhere, it lists what is there.
        let end = fixture.bytes.len();
        for cut in (0..end).step_by(7) {
            listed(&fixture.bytes[..cut]);
        }
    }
}

#[test]
fn lines_of_raw_bytes() {
    let f1 = dtype(b"i1", b"|", -1, 0);
    let alignment = b"X\x1b\0\0\0numpy_array_alignment_bytesK\x10";
    let (text, _) = listed(&[&b"\x80\x02("[..], &described(b"K\x02\x85", &f1, alignment), b"\x01\xffabl."].concat());
    let lines: Vec<&str> = text.lines().rev().take(6).collect();
    let names: Vec<&str> = lines.iter().map(|line| line.split_once(": ").map_or(*line, |(_, rest)| rest)).collect();
    assert_eq!(
        names,
        [
            "highest protocol among opcodes = 2",
            ".    STOP",
            "l        LIST       (MARK at 2)",
            "         (array data, 2 bytes)",
            "         (padding, 2 bytes)",
            "b        BUILD",
        ]
    );
}

/// joblib before 0.10 put the arrays into files beside, and the wrapper names one.
#[test]
fn a_side_file_is_named() {
    for (file, expected) in [("small.pkl", "small.pkl_01.npy"), ("../joblib-0.9.4-py2/small.pkl", "small.pkl_01.npy")] {
        let document = open(&support::fixture(&format!("containers/joblib-0.9.4/{file}")));
        assert!(document.reading().is_complete() && document.reading().raw.is_empty());
        let root = document.reading().streams[0].root.unwrap().node();
        let shape = document.lens().shape(step(&document, root, &"weights".into()));
        assert_eq!(shape.text, Some(format!("array in the side file {expected}")));
        assert_eq!(shape.type_name, "NDArrayWrapper");
    }
}
