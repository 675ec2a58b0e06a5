//! The numbers of arrays against what numpy finds in the same files (`fixtures/arrays.json`, written by
//! `scripts/fixtures/gen_array_truth.py`).

use crate::support;
use crate::support::assemble;
use crate::support::counter::Counter;
use crate::support::hollow;
use crate::support::truth as truth_rows;
use assemble::{array, build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, python2, root};
use assemble::{text, truth, tuple};
use hollow::Hollow;
use picklescope::bytes::{ReadError, Source, Span};
use picklescope::document::Document;
use picklescope::graph::{Edge, NodeId};
use picklescope::lens::{Array, Data, Dtype};
use picklescope::view::value;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use support::{Lcg, fixture, manifest, open};
use truth_rows::{buffers, step};

fn differences(array: &Array<'_>, row: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, is: String, should: String| {
        if is != should {
            found.push(format!("{what} is {is}, should be {should}"));
        }
    };
    if let Some(code) = row["dtype"].as_str() {
        let is = array.dtype.code();
        // Loading below protocol 5 turns the bytes of a big-endian array round; here it stays what the file has.
        compare("dtype", if is.starts_with('>') { code.replace('<', ">") } else { code.to_owned() }, is.clone());
    }
    compare("shape", serde_json::to_string(&array.shape).unwrap(), row["shape"].to_string());
    compare("size", array.len().to_string(), row["size"].to_string());
    compare("problem", format!("{:?}", array.problem), "None".to_owned());
    let values = row["values"].as_array().unwrap();
    match array.values(0, values.len(), 1000) {
        Ok(shown) => {
            compare("number of values", shown.len().to_string(), values.len().to_string());
            for (index, (is, should)) in shown.iter().zip(values).enumerate() {
                // What is no plain value has no text to compare.
                if let Some(should) = should.as_str() {
                    compare(&format!("[{index}]"), is.clone(), should.to_owned());
                    compare("value", array.value(index as u64, 1000).unwrap(), should.to_owned());
                }
            }
        }
        Err(reason) => compare("values", reason, "readable".to_owned()),
    }
    found
}

#[test]
fn numbers_are_those_that_numpy_finds() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("arrays.json")).unwrap();
    let rows: HashMap<String, Value> =
        manifest("real/MANIFEST.json").into_iter().map(|row| (row["file"].as_str().unwrap().to_owned(), row)).collect();
    assert!(truth.len() > 700);
    let mut found = Vec::new();
    for lines in truth.chunk_by(|a, b| a["file"] == b["file"]) {
        let file = lines[0]["file"].as_str().unwrap();
        let mut document = open(&fixture(&format!("real/{file}")));
        document.attach(buffers(&rows[file]));
        let lens = document.lens();
        for line in lines {
            let path = line["path"].as_array().unwrap();
            let node = path.iter().fold(root(&document), |node, by| step(&lens, node, by));
            let here = format!("{file} {}", line["path"]);
            match lens.array(node) {
                Some(array) => {
                    found.extend(differences(&array, line).into_iter().map(|words| format!("{here}: {words}")))
                }
                None => found.push(format!("{here}: no array")),
            }
        }
    }
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(60)].join("\n"));
}

/// All values of the array that a pickle is.
fn values(document: &Document) -> Vec<String> {
    document.lens().array(root(document)).unwrap().values(0, 1000, 1000).unwrap()
}

fn pane(document: &Document) -> String {
    value::chunk(&document.lens(), root(document), 0).text
}

fn int32(numbers: std::ops::Range<i32>) -> Vec<u8> {
    numbers.flat_map(i32::to_le_bytes).collect()
}

#[test]
fn rows_stand_in_brackets() {
    let plain = |shape: &[i64], fortran| {
        let count = shape.iter().product::<i64>() as i32;
        pane(&open(&pickle(array(ints(shape), dtype("i4", "<"), truth(fortran), bytes(&int32(0..count))))))
    };
    assert_eq!(plain(&[3], false), "[0, 1, 2]");
    assert_eq!(plain(&[2, 2], false), "[[0, 1],\n [2, 3]]");
    assert_eq!(plain(&[2, 2], true), "[[0, 2],\n [1, 3]]");
    assert_eq!(plain(&[2, 2, 1], false), "[[[0],\n  [1]],\n\n [[2],\n  [3]]]");
    assert_eq!(plain(&[], false), "0");
    assert_eq!(plain(&[0, 3], false), "[]");
}

#[test]
fn windows_join_to_the_whole() {
    let whole = open(&pickle(array(ints(&[50, 100]), dtype("i4", ">"), truth(false), bytes(&int32(0..5000)))));
    let (lens, node) = (whole.lens(), root(&whole));
    let (mut text, mut from, mut pieces) = (String::new(), 0, 0);
    loop {
        let chunk = value::chunk(&lens, node, from);
        assert_eq!(chunk.total, 20_000);
        text.push_str(&chunk.text);
        pieces += 1;
        match chunk.next {
            Some(next) => from = next,
            None => break,
        }
    }
    assert!(pieces > 1);
    let read: Vec<i32> = text
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().unwrap())
        .collect();
    assert_eq!(read, (0..5000).map(|number: i32| number.swap_bytes()).collect::<Vec<_>>());
    assert_eq!(text.matches('\n').count(), 49);
}

#[test]
fn bytes_spelled_as_text_are_read_in_the_middle() {
    let numbers: Vec<u8> = (0..40_000u32).flat_map(u32::to_le_bytes).collect();
    let utf8: String = numbers.iter().map(|byte| char::from(*byte)).collect();
    let encoded = call(global("_codecs", "encode"), &[text(&utf8), text("latin1")]);
    let mut line: Vec<u8> = b"V".to_vec();
    for byte in &numbers {
        if matches!(byte, 0 | b'\n' | b'\r' | b'\\' | 0x1a) {
            line.extend(format!("\\u{byte:04x}").bytes())
        } else {
            line.push(*byte)
        }
    }
    line.push(b'\n');
    let escaped = call(global("_codecs", "encode"), &[line, text("latin1")]);
    let quoted: String = numbers.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    let quoted = format!("S'{quoted}'\n").into_bytes();
    for data in [
        bytes(&numbers),
        encoded,
        escaped,
        quoted,
        python2(&numbers),
        call(global("builtins", "bytearray"), &[bytes(&numbers)]),
    ] {
        for fortran in [false, true] {
            let document = open(&pickle(array(ints(&[200, 200]), dtype("u4", "<"), truth(fortran), data.clone())));
            let array = document.lens().array(root(&document)).unwrap();
            assert_eq!(array.problem, None);
            for index in [0u64, 1, 199, 200, 20_123, 39_998] {
                let stored = |index: u64| if fortran { index % 200 * 200 + index / 200 } else { index };
                let expected: Vec<String> = (index..index + 2).map(|index| stored(index).to_string()).collect();
                assert_eq!(array.values(index, 2, 100).unwrap(), expected);
            }
        }
    }
}

/// Bytes that are computed, and counted when they are read.
struct Sparse {
    len: u64,
    read: Counter,
}

impl Source for Sparse {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let count = (buffer.len() as u64).min(self.len.saturating_sub(offset)) as usize;
        self.read.add(count as u64);
        for (i, byte) in buffer[..count].iter_mut().enumerate() {
            let at = offset + i as u64;
            *byte = (at / 8).to_le_bytes()[(at % 8) as usize];
        }
        Ok(count)
    }
}

#[test]
fn windows_far_into_a_large_source_read_little() {
    let source = Sparse { len: 5 << 30, read: Counter::new(0) };
    let document = open(&pickle(none()));
    let shape = vec![5 << 17, 1 << 10];
    let of = |fortran| {
        Array::from_parts(
            *document.lens(),
            Dtype::from_code("<i8"),
            shape.clone(),
            fortran,
            &source,
            Span::new(0, 5 << 30),
        )
    };
    let array = of(false);
    assert_eq!(array.problem, None);
    assert_eq!(array.value(array.len() - 1, 100).unwrap(), ((5u64 << 27) - 1).to_string());
    assert_eq!(array.values(600_000_000, 3, 100).unwrap(), ["600000000", "600000001", "600000002"]);
    assert!(source.read.get() < 100, "{} bytes", source.read.get());
    source.read.set(0);
    let rows = of(true).values(1024, 1024, 100).unwrap();
    assert_eq!(rows[..3], ["1", "655361", "1310721"]);
    assert!(source.read.get() <= 8 * 1024, "{} bytes", source.read.get());
}

#[test]
fn the_first_window_of_a_large_array_reads_only_itself() {
    const ZEROS: u64 = 400 << 20;
    let bytes8 = [b"\x8e".to_vec(), ZEROS.to_le_bytes().to_vec()].concat();
    let text8 = [global("_codecs", "encode"), b"(\x8d".to_vec(), ZEROS.to_le_bytes().to_vec()].concat();
    for (open_data, close_data) in [(bytes8, Vec::new()), (text8, [text("latin1"), b"tR".to_vec()].concat())] {
        let head =
            [b"\x80\x05".to_vec(), global("numpy._core.numeric", "_frombuffer"), b"(".to_vec(), open_data].concat();
        let rest = [close_data, dtype("f8", "<"), ints(&[50, 1 << 20]), text("C"), b"tR.".to_vec()];
        let read = Arc::new(Counter::new(0));
        let source = Hollow { head, zeros: ZEROS, tail: rest.concat(), read: Arc::clone(&read) };
        let document = support::open_source(Box::new(source));
        read.set(0);
        let chunk = value::chunk(&document.lens(), root(&document), 0);
        assert!(chunk.text.starts_with("[[0.0, 0.0, "), "{}", chunk.text);
        assert_eq!((chunk.next, chunk.total), (Some(16_000), ZEROS));
        assert!(read.get() < 512 * 1024, "{} bytes", read.get());
    }
}

#[test]
fn what_does_not_fit_is_said_and_shown() {
    let short = open(&pickle(array(ints(&[2, 3]), dtype("i4", "<"), truth(true), bytes(&int32(0..4)))));
    let array_of = short.lens().array(root(&short)).unwrap();
    assert_eq!(array_of.shape, [2, 3]);
    assert_eq!(array_of.grid(), [4]);
    assert_eq!(values(&short), ["0", "1", "2", "3"]);
    assert_eq!(pane(&short), "the shape needs 24 bytes, there are 16: shown as they are stored\n[0, 1, 2, 3]");
    let huge =
        open(&pickle(array(ints(&[i64::MAX, i64::MAX, 7]), dtype("i4", "<"), truth(false), bytes(&int32(0..1)))));
    assert_eq!(pane(&huge), "the shape needs more than 2^64 bytes, there are 4: shown as they are stored\n[0]");
    let made =
        call(global("numpy.core.multiarray", "_reconstruct"), &[global("units", "Quantity"), ints(&[0]), bytes(b"b")]);
    let state = tuple(&[int(1), ints(&[2]), dtype("i4", "<"), truth(false), bytes(&int32(0..2)), text("m/s")]);
    let subclass = open(&pickle(build(made, state)));
    assert_eq!(values(&subclass), ["0", "1"]);
    let shape = subclass.lens().shape(root(&subclass));
    assert_eq!((shape.full_name.as_str(), shape.parts.len()), ("units.Quantity", 5));
    let negative = open(&pickle(array(ints(&[-1]), dtype("i4", "<"), truth(false), bytes(&int32(0..1)))));
    assert!(negative.lens().array(root(&negative)).is_none());
    let deep = open(&pickle(array(ints(&[1; 65]), dtype("i4", "<"), truth(false), bytes(&int32(0..1)))));
    assert!(deep.lens().array(root(&deep)).is_none());
    let deep = open(&pickle(array(ints(&[1; 64]), dtype("i4", "<"), truth(false), bytes(&int32(7..8)))));
    assert_eq!(pane(&deep), format!("{}7{}", "[".repeat(64), "]".repeat(64)));
    let pointers = open(&pickle(array(ints(&[1]), dtype("O8", "|"), truth(false), bytes(&[0; 8]))));
    assert_eq!(pane(&pointers), "bytes are no elements of type object");
    let wide = open(&pickle(array(ints(&[1]), dtype("S4000000000", "|"), truth(false), bytes(b"abc"))));
    assert_eq!(values(&wide).len(), 0);
    let void = open(&pickle(array(ints(&[1 << 40]), dtype("V0", "|"), truth(false), bytes(b""))));
    assert_eq!(value::chunk(&void.lens(), root(&void), 1 << 39).text.len(), 2000 * 5);
    let elsewhere = open(&pickle(array(ints(&[1]), dtype("i4", "<"), truth(false), b"\x97".to_vec())));
    assert_eq!(pane(&elsewhere), "buffer #0 is not in this file");
    let euro = call(global("_codecs", "encode"), &[text("ab€d"), text("latin1")]);
    let euro = open(&pickle(array(ints(&[1]), dtype("i4", "<"), truth(false), euro)));
    assert_eq!(pane(&euro), "a character above 255 (U+20AC) is no byte");
}

/// `dtype` of fields, all at offset 0.
fn structure(fields: &[(&str, Vec<u8>)], size: i64) -> Vec<u8> {
    let names: Vec<Vec<u8>> = fields.iter().map(|(name, _)| text(name)).collect();
    let pairs: Vec<(Vec<u8>, Vec<u8>)> =
        fields.iter().map(|(name, dtype)| (text(name), tuple(&[dtype.clone(), int(0)]))).collect();
    let state = [int(3), text("|"), none(), tuple(&names), dict(&pairs), int(size), int(1), int(0)];
    build(call(global("numpy", "dtype"), &[text(&format!("V{size}")), truth(false), truth(true)]), tuple(&state))
}

#[test]
fn dtypes_inside_dtypes_have_an_end() {
    // Each level holds the one before ten times, by the memo.
    let mut nested = [dtype("i1", "|"), b"\x94".to_vec()].concat();
    for level in 0..12u8 {
        let names: Vec<String> = (0..10).map(|name| format!("f{name}")).collect();
        let fields: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), vec![b'h', level])).collect();
        nested = [nested, b"0".to_vec(), structure(&fields, 1), b"\x94".to_vec()].concat();
    }
    let document = open(&pickle(array(ints(&[2]), nested, truth(false), bytes(&[1, 2]))));
    let shown = values(&document);
    assert!(shown[0].starts_with("((((") && shown[0].contains('…') && shown[0].len() < 5000, "{shown:?}");
    // One level more inside each other than is read.
    let mut deep = dtype("i1", "|");
    for _ in 0..300 {
        deep = structure(&[("f", deep)], 1);
    }
    let document = open(&pickle(array(ints(&[1]), deep, truth(false), bytes(&[5]))));
    assert!(values(&document)[0].contains('…'));
}

#[test]
fn descriptions_of_npy_headers_are_dtypes() {
    let fields = list(&[
        tuple(&[text("a"), text("<i4")]),
        tuple(&[text(""), text("|V4")]),
        tuple(&[tuple(&[text("title"), text("b")]), text(">f8"), ints(&[2, 3])]),
        tuple(&[text("c"), list(&[tuple(&[text("d"), text("<M8[ns]")])])]),
    ]);
    let document = open(&pickle(fields));
    let dtype = document.lens().dtype(Edge::to(root(&document))).unwrap();
    assert_eq!((dtype.itemsize, dtype.name.as_str()), (64, "structured [a, b, c]"));
    let fields: Vec<(&str, u64, String)> =
        dtype.fields.iter().map(|field| (field.name.as_str(), field.offset, field.dtype.code())).collect();
    assert_eq!(fields, [("a", 0, "<i4".to_owned()), ("b", 8, "|V48".to_owned()), ("c", 56, "|V8".to_owned())]);
    assert_eq!(dtype.fields[1].title.as_deref(), Some("title"));
    assert_eq!(dtype.fields[2].dtype.fields[0].dtype.unit, "ns");
    for code in ["<f8", ">i2", "|b1", "|S5", "<U3", ">M8[25s]", "<m8", "|V7", "|O", "<c16", "<f16"] {
        assert_eq!(Dtype::from_code(code).code(), code);
    }
}

/// Every field of every state in turn is something else; whatever comes out, it comes out.
#[test]
fn fields_of_any_type_break_nothing() {
    let odd: Vec<Vec<u8>> = vec![
        none(),
        int(-1),
        int(i64::MAX),
        text("x"),
        text("é€"),
        bytes(b"\xff"),
        tuple(&[]),
        ints(&[1, -2]),
        list(&[]),
        list(&[none()]),
        dict(&[]),
        dict(&[(text("a"), none())]),
        global("os", "system"),
        global("numpy", "float32"),
        truth(true),
        persistent_text(),
        b"\x97".to_vec(),
        tuple(&[dtype("f8", "<"), ints(&[1 << 40, 1 << 40])]),
        call(global("numpy", "dtype"), &[]),
        dtype("V9", "|"),
        python2(b"\xff\0"),
    ];
    let good = [int(1), ints(&[2]), dtype("i4", "<"), truth(false), bytes(&int32(0..2))];
    let state = [
        int(4),
        text("<"),
        none(),
        none(),
        none(),
        int(-1),
        int(-1),
        int(0),
        tuple(&[dict(&[]), tuple(&[bytes(b"s"), int(1), int(1), int(1)])]),
    ];
    let class = || global("numpy", "ndarray");
    let mut seen = 0;
    let mut look = |value: Vec<u8>| {
        let document = open(&pickle(value));
        let (lens, node) = (document.lens(), root(&document));
        let _ = (lens.shape(node), value::chunk(&lens, node, 0), document.inspect_row(0), document.rows(0, 50));
        seen += usize::from(lens.array(node).is_some());
    };
    for other in &odd {
        for at in 0..good.len() {
            let mut state = good.clone();
            state[at] = other.clone();
            let made = call(global("numpy._core.multiarray", "_reconstruct"), &[class(), ints(&[0]), bytes(b"b")]);
            look(build(made, tuple(&state)));
        }
        for at in 0..4 {
            let mut arguments = [bytes(&int32(0..2)), dtype("i4", "<"), ints(&[2]), text("C")];
            arguments[at] = other.clone();
            look(call(global("numpy._core.numeric", "_frombuffer"), &arguments));
        }
        for code in ["i4", "M8", "V8", "S2", "U1"] {
            for at in 0..state.len() {
                let mut state = state.clone();
                state[at] = other.clone();
                let dtype =
                    build(call(global("numpy", "dtype"), &[text(code), truth(false), truth(true)]), tuple(&state));
                look(array(ints(&[2]), dtype, truth(false), bytes(&[7; 16])));
            }
        }
        look(call(global("numpy.core.multiarray", "scalar"), &[other.clone(), bytes(b"1234")]));
        look(build(
            call(global("numpy.ma.core", "_mareconstruct"), &[class(), class(), ints(&[0]), bytes(b"b")]),
            tuple(&[int(1), ints(&[2]), dtype("i4", "<"), truth(false), bytes(&int32(0..2)), other.clone(), none()]),
        ));
    }
    assert!(seen > 500, "only {seen} were still arrays");
}

fn persistent_text() -> Vec<u8> {
    assemble::persistent(text("id"))
}

/// Damaged files with arrays in them: shown in full without a panic.
#[test]
fn damaged_arrays_are_shown() {
    let mut random = Lcg(7);
    for name in [
        "real/numpy-2.4/values.p0.pkl",
        "real/numpy-1.26/values.p2.pkl",
        "real/numpy-2.4/values.p5.pkl",
        "samples/checkpoint-like.pkl",
    ] {
        let bytes = fixture(name);
        for _ in 0..60 {
            let mut broken = bytes.clone();
            for _ in 0..4 {
                let at = random.below(broken.len() as u64) as usize;
                broken[at] = random.next() as u8;
            }
            broken.truncate(broken.len() - random.below(200) as usize);
            let document = open(&broken);
            let lens = document.lens();
            for node in 0..document.reading().graph.len() as u32 {
                if let Some(array) = lens.array(NodeId(node)) {
                    let _ = (
                        array.values(0, 20, 100),
                        array.values(array.len().saturating_sub(3), 20, 100),
                        array.place(),
                        array.text(),
                    );
                    assert!(!matches!(array.data, Data::Missing(reason) if reason.is_empty()));
                }
            }
        }
    }
}

#[test]
fn axes_that_numpy_refuses_make_no_array() {
    let of = |order: &str, axes: assemble::Value| {
        let arguments = [bytes(&int32(0..6)), dtype("i4", "<"), ints(&[2, 3]), text(order), axes];
        let document = open(&pickle(call(global("numpy._core.numeric", "_frombuffer"), &arguments)));
        document
            .lens()
            .array(root(&document))
            .map(|array| (array.shape.clone(), array.values(0, 9, 9).unwrap().join(" ")))
    };
    assert_eq!(of("K", ints(&[1, 0])), Some((vec![3, 2], "0 3 1 4 2 5".to_owned())));
    assert_eq!(of("K", ints(&[-1, -2])), Some((vec![3, 2], "0 3 1 4 2 5".to_owned())));
    assert_eq!(of("C", none()), Some((vec![2, 3], "0 1 2 3 4 5".to_owned())));
    for odd in [ints(&[0]), ints(&[0, 0]), ints(&[0, 2]), ints(&[0, -3]), int(1), text("10")] {
        assert_eq!(of("K", odd), None);
    }
}

#[test]
fn a_structure_may_have_more_fields_than_most() {
    let count = 5000;
    let names: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
    let pairs: Vec<_> =
        names.iter().enumerate().map(|(at, name)| (text(name), tuple(&[dtype("u1", "|"), int(at as i64)]))).collect();
    let all: Vec<_> = names.iter().map(|name| text(name)).collect();
    let state = [int(3), text("|"), none(), tuple(&all), dict(&pairs), int(count as i64), int(1), int(0)];
    let made = call(global("numpy", "dtype"), &[text(&format!("V{count}")), truth(false), truth(true)]);
    let data: Vec<u8> = (0..count).map(|at| at as u8).collect();
    let document = open(&pickle(array(ints(&[1]), build(made, tuple(&state)), truth(false), bytes(&data))));
    let array = document.lens().array(root(&document)).unwrap();
    assert_eq!((array.dtype.fields.len(), array.dtype.more_fields), (5000, false));
    assert_eq!(array.dtype.fields[4999].offset, 4999);
}
