//! Values in other formats: what comes out of `Document::export`, honest and hostile. What real libraries make of it is held by
//! `scripts/check_exports.py`.

use crate::support;
use crate::support::assemble;
use assemble::{Value, tuple};
use assemble::{array, bytes, call, dict, dtype, global, int, ints, list, none, pickle, python2, root, text, truth};
use picklescope::document::Document;
use picklescope::export;
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;
use serde_json::json;
use std::process::Command;
use support::{fixture, open};

/// Everything that an export gives: the bytes, the name, the remarks.
struct Saved {
    bytes: Vec<u8>,
    name: String,
    remarks: String,
    pieces: usize,
}

fn save_of(document: &mut Document, node: Option<u32>, format: Format) -> Result<Saved, String> {
    let mut saved = Saved { bytes: Vec::new(), name: String::new(), remarks: String::new(), pieces: 0 };
    let mut piece = document.export(ExportAsk { node, format, escape_formulas: false })?;
    loop {
        saved.pieces += 1;
        assert!(piece.progress.0 <= piece.progress.1, "{format:?}: {:?}", piece.progress);
        assert!(piece.bytes.len() < 32 << 20, "{format:?}: a piece of {} bytes", piece.bytes.len());
        assert!(saved.pieces < 100_000, "{format:?} does not end");
        saved.bytes.append(&mut piece.bytes);
        if piece.finished {
            break;
        }
        piece = document.export_more()?;
    }
    assert!(document.export_more().is_err(), "nothing follows the last piece");
    (saved.name, saved.remarks) = (piece.name, piece.remarks.join("\n"));
    Ok(saved)
}

fn save(value: Value, format: Format) -> Result<Saved, String> {
    let mut document = open(&pickle(value));
    let node = root(&document).0;
    save_of(&mut document, Some(node), format)
}

fn written(value: Value, format: Format) -> String {
    String::from_utf8(save(value, format).unwrap().bytes).unwrap()
}

fn float64(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn int32(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn plain(shape: &[i64], code: &str, data: &[u8]) -> Value {
    array(ints(shape), dtype(code, "<"), truth(false), bytes(data))
}

/// Header and elements of a `.npy` file.
fn npy(file: &[u8]) -> (String, &[u8]) {
    assert_eq!(&file[..8], b"\x93NUMPY\x01\0");
    let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
    assert_eq!((10 + length) % 64, 0);
    let header = std::str::from_utf8(&file[10..10 + length]).unwrap();
    assert!(header.ends_with('\n'));
    (header.trim_end().to_owned(), &file[10 + length..])
}

#[test]
fn npy_is_what_numpy_writes() {
    let data = int32(&[1, 2, 3, 4, 5, 6]);
    let saved = save(plain(&[2, 3], "i4", &data), Format::Npy).unwrap();
    let (header, elements) = npy(&saved.bytes);
    assert_eq!(header, "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }");
    assert_eq!(elements, data);
    let saved = save(array(ints(&[2, 3]), dtype("f8", ">"), truth(true), bytes(&[7; 48])), Format::Npy).unwrap();
    assert_eq!(npy(&saved.bytes).0, "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }");
    let saved = save(plain(&[], "i4", &data[..4]), Format::Npy).unwrap();
    assert_eq!(npy(&saved.bytes), ("{'descr': '<i4', 'fortran_order': False, 'shape': (), }".to_owned(), &data[..4]));
    let saved = save(plain(&[0, 3], "i4", &[]), Format::Npy).unwrap();
    assert_eq!(npy(&saved.bytes), ("{'descr': '<i4', 'fortran_order': False, 'shape': (0, 3), }".to_owned(), &[][..]));
    // One dimension is in both orders; numpy then says C.
    let saved = save(array(ints(&[3]), dtype("U1", "<"), truth(true), bytes(&[0; 12])), Format::Npy).unwrap();
    assert_eq!(npy(&saved.bytes).0, "{'descr': '<U1', 'fortran_order': False, 'shape': (3,), }");
}

#[test]
fn npy_refuses_objects_and_cuts_what_is_not_there() {
    let objects = array(ints(&[2]), dtype("O", "|"), truth(false), list(&[int(1), none()]));
    assert!(save(objects, Format::Npy).err().unwrap().contains("Python objects"));
    // The shape says more than there is: what there is, in one row, and said.
    let saved = save(plain(&[1_000_000, 1_000_000], "f8", &float64(&[1.0, 2.0])), Format::Npy).unwrap();
    let (header, elements) = npy(&saved.bytes);
    assert!(header.contains("'shape': (2,)"), "{header}");
    assert_eq!(elements, float64(&[1.0, 2.0]));
    assert!(saved.remarks.contains("the shape needs"), "{}", saved.remarks);
    let saved = save(plain(&[i64::MAX, i64::MAX], "f8", &float64(&[1.0])), Format::Npy).unwrap();
    assert_eq!(npy(&saved.bytes).1, float64(&[1.0]));
    // So many elements of no bytes are nothing to write.
    let saved = save(plain(&[1 << 60], "V0", &[]), Format::Npy);
    assert!(saved.is_ok_and(|saved| npy(&saved.bytes).1.is_empty()));
    for format in [Format::Csv, Format::Raw] {
        assert!(save(plain(&[1 << 60], "V0", &[]), format).err().unwrap().contains("repeat"));
    }
    assert_eq!(written(plain(&[1 << 60], "V0", &[]), Format::PlainJson), "null\n");
    assert!(save(int(1), Format::Npy).err().unwrap().contains("no array"));
}

#[test]
fn large_arrays_come_in_pieces() {
    let data: Vec<u8> = (0..5_000_000u32).map(|number| number as u8).collect();
    let saved = save(plain(&[5_000_000], "u1", &data), Format::Npy).unwrap();
    assert!(saved.pieces >= 4, "{} pieces", saved.pieces);
    assert!(npy(&saved.bytes).1 == data);
    let whole = save(bytes(&data), Format::Raw).unwrap();
    assert!(whole.bytes == data && whole.pieces >= 4);
    let fortran = array(ints(&[1000, 5000]), dtype("u1", "|"), truth(true), bytes(&data));
    let csv = save(fortran, Format::Csv).unwrap();
    let first: Vec<String> = (0..3).map(|column| data[column * 1000].to_string()).collect();
    assert!(csv.bytes.starts_with(format!("{},", first.join(",")).as_bytes()));
    assert_eq!(csv.bytes.iter().filter(|byte| **byte == b'\n').count(), 1000);
}

fn plain_json(value: Value) -> (serde_json::Value, String) {
    let saved = save(value, Format::PlainJson).unwrap();
    (serde_json::from_slice(&saved.bytes).unwrap(), saved.remarks)
}

#[test]
fn plain_json_is_what_other_programs_expect() {
    let mixed = dict(&[
        (text("none"), none()),
        (text("list"), list(&[int(1), truth(true), text("é\"\n")])),
        (text("tuple"), tuple(&[int(1), int(2)])),
        (int(3), bytes(b"\0\xff")),
        (tuple(&[int(1), text("a")]), text("")),
    ]);
    let (found, remarks) = plain_json(mixed);
    assert_eq!(found, json!({"none": null, "list": [1, true, "é\"\n"], "tuple": [1, 2], "3": "AP8=", "(1, 'a')": ""}));
    assert!(remarks.contains("base64") && remarks.contains("keys that are no text"), "{remarks}");
    let (found, remarks) =
        plain_json(list(&[b"G\x7f\xf0\0\0\0\0\0\0".to_vec(), b"G?\xb9\x99\x99\x99\x99\x99\x9a".to_vec()]));
    assert_eq!(found, json!([null, 0.1]));
    assert!(remarks.contains("NaN and infinities"), "{remarks}");
    let (found, _) = plain_json(plain(&[2, 2], "f8", &float64(&[1.5, f64::NAN, -0.0, 1e300])));
    assert_eq!(found, json!([[1.5, null], [-0.0, 1e300]]));
    assert_eq!(plain_json(plain(&[2, 0], "f8", &[])).0, json!([[], []]));
    assert_eq!(plain_json(plain(&[], "f8", &float64(&[2.5]))).0, json!(2.5));
    let big = [vec![0x8a, 9], vec![0, 0, 0, 0, 0, 0, 0, 0, 1]].concat();
    assert_eq!(written(big, Format::PlainJson), "18446744073709551616\n");
}

#[test]
fn plain_json_of_a_pickle_that_is_cut_is_what_was_read_of_it() {
    let whole_file = |bytes: &[u8]| {
        let saved = save_of(&mut open(bytes), None, Format::PlainJson).unwrap();
        (serde_json::from_slice::<serde_json::Value>(&saved.bytes).unwrap(), saved.remarks)
    };
    // In the middle of a dict: what stands on the stack, the outermost first, keys and values that no SETITEMS took in.
    let (found, remarks) = whole_file(b"\x80\x02}(U\x01aK\x01U\x01b](K\x02e");
    assert_eq!(found, json!([{}, "a", 1, "b", [2]]));
    assert!(remarks.contains("too early"), "{remarks}");
    // Only STOP is missing.
    let (found, remarks) = whole_file(b"\x80\x02](K\x01K\x02e");
    assert_eq!(found, json!([1, 2]));
    assert!(remarks.contains("what was read of its value"), "{remarks}");
    // Behind one that is whole.
    let (found, remarks) = whole_file(b"\x80\x02K\x01.\x80\x02](K\x02e");
    assert_eq!(found, json!([1, [2]]));
    assert!(remarks.contains("too early"), "{remarks}");
    // What is left below a value that is whole is none of it.
    assert_eq!(whole_file(b"\x80\x02NK\x01."), (json!(1), String::new()));
    // Nothing is there.
    let (found, remarks) = whole_file(b"\x80\x02}");
    assert_eq!((found, remarks.contains("too early")), (json!({}), true), "{remarks}");
    let (found, remarks) = whole_file(b"\x80\x02");
    assert_eq!((found, remarks.contains("no value")), (json!([]), true), "{remarks}");
}

#[test]
fn instances_are_their_attributes() {
    let made = [global("m", "A"), tuple(&[]), vec![0x81]].concat();
    let filled = assemble::build(made.clone(), dict(&[(text("x"), int(1))]));
    assert_eq!(plain_json(filled).0, json!({"x": 1}));
    // A list of its own kind: attributes and items.
    let items = [assemble::build(made, dict(&[(text("x"), int(1))])), b"(K\x02K\x03e".to_vec()].concat();
    assert_eq!(plain_json(items).0, json!({"x": 1, "items": [2, 3]}));
}

#[test]
fn cycles_end_and_sharing_has_a_budget() {
    // A list that holds itself.
    let (found, remarks) = plain_json(b"]\x94h\x00a".to_vec());
    assert_eq!(found, json!([null]));
    assert!(remarks.contains("cycle"), "{remarks}");
    // Thirty lists, each with the one before it ten times: 10^30 values, if one believed it.
    let mut bomb = b"](K\x01K\x01e\x94".to_vec();
    for level in 0..30u8 {
        bomb.extend(b"](");
        for _ in 0..10 {
            bomb.extend([b'h', level]);
        }
        bomb.extend(b"e\x94");
    }
    let saved = save(bomb.clone(), Format::PlainJson).unwrap();
    assert!(saved.remarks.contains("budget"), "{}", saved.remarks);
    assert!(saved.bytes.len() < 64 << 20, "{}", saved.bytes.len());
    // What refers to shared objects by number has each of them once.
    assert!(save(bomb.clone(), Format::Json).unwrap().bytes.len() < 20_000);
    assert!(save(bomb, Format::Npz).is_err());
    // 200,000 lists in each other.
    let deep = [vec![b']'; 200_000], vec![b'a'; 199_999]].concat();
    let saved = save(deep, Format::PlainJson).unwrap();
    assert!(saved.remarks.contains("nested deeper"), "{}", saved.remarks);
}

#[test]
fn tables_are_quoted_as_readers_want_it() {
    let rows = list(&[
        tuple(&[int(1), text("a,b"), none()]),
        tuple(&[int(2), text("say \"x\""), text("")]),
        tuple(&[int(3), text("two\nlines"), b"G?\xb9\x99\x99\x99\x99\x99\x9a".to_vec()]),
    ]);
    assert_eq!(written(rows.clone(), Format::Csv), "1,\"a,b\",\n2,\"say \"\"x\"\"\",\"\"\n3,\"two\nlines\",0.1\n");
    assert_eq!(written(rows, Format::Tsv), "1\ta,b\t\n2\t\"say \"\"x\"\"\"\t\"\"\n3\t\"two\nlines\"\t0.1\n");
    let dicts = list(&[dict(&[(text("a"), int(1))]), dict(&[(text("b"), int(2)), (text("a"), none())])]);
    assert_eq!(written(dicts, Format::Csv), "a,b\n1,\n,2\n");
    let columns = dict(&[(text("x"), list(&[int(1), int(2)])), (text("y"), plain(&[2], "i4", &int32(&[3, 4])))]);
    assert_eq!(written(columns, Format::Csv), "x,y\n1,3\n2,4\n");
    assert_eq!(written(list(&[none(), text("a")]), Format::Csv), "\"\"\na\n");
    assert_eq!(
        written(plain(&[2, 2], "f8", &float64(&[1.0, 0.1, f64::NAN, 1e22])), Format::Csv),
        "1.0,0.1\nnan,1e+22\n"
    );
    // A list in a cell is written whole.
    let listed = |items: &[Value]| dict(&[(text("a"), list(items)), (text("b"), tuple(&[int(1)]))]);
    let listed = list(&[listed(&[text("x"), int(2), none()]), listed(&[])]);
    assert_eq!(written(listed, Format::Csv), "a,b\n\"['x', 2, None]\",\"(1,)\"\n[],\"(1,)\"\n");
    let saved = save(list(&[text("=1+1")]), Format::Csv).unwrap();
    assert_eq!((saved.bytes, saved.remarks.contains("spreadsheet")), (b"=1+1\n".to_vec(), true));
    let uneven = list(&[list(&[int(1)]), dict(&[(text("a"), int(1))])]);
    assert!(save(uneven, Format::Csv).err().unwrap().contains("not alike"));
    assert!(save(dict(&[(text("a"), list(&[int(1)])), (text("b"), list(&[]))]), Format::Csv).is_err());
}

/// Two thousand rows that are one row of two hundred long texts, and columns that are one column: a few kilobytes from which
/// gigabytes would be written.
#[test]
fn rows_that_are_one_row_end_at_a_budget() {
    let cell = [b"X".to_vec(), 4000u32.to_le_bytes().to_vec(), vec![b'x'; 4000], b"q\0".to_vec()].concat();
    let row = [b"](".to_vec(), cell.clone(), b"h\0".repeat(199), b"eq\x01".to_vec()].concat();
    let rows = [b"](".to_vec(), row, b"h\x01".repeat(1999), b"e".to_vec()].concat();
    let column = [b"](".to_vec(), cell, b"h\0".repeat(1999), b"eq\x01".to_vec()].concat();
    let keys: Vec<u8> = (1..200u8).flat_map(|key| [b'K', key, b'h', 1]).collect();
    let columns = [b"}(K\0".to_vec(), column, keys, b"u".to_vec()].concat();
    for value in [rows, columns] {
        let saved = save(value, Format::Csv).unwrap();
        assert!((64 << 20..80 << 20).contains(&saved.bytes.len()), "{} bytes", saved.bytes.len());
        assert!(
            saved.remarks.contains("rows are in the file: they repeat what the pickle holds once"),
            "{}",
            saved.remarks
        );
    }
}

/// Names and bytes of a zip archive whose entries are stored, by its directory.
fn unzip(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| usize::from(u16::from_le_bytes(file[at..at + 2].try_into().unwrap()));
    let end = file.len() - 22;
    assert_eq!(&file[end..end + 4], b"PK\x05\x06");
    let (count, mut at) = (half(end + 10), word(end + 16));
    let mut entries = Vec::new();
    for _ in 0..count {
        assert_eq!(&file[at..at + 4], b"PK\x01\x02");
        let (size, name, extra, offset) = (word(at + 24), half(at + 28), half(at + 30), word(at + 42));
        let text = std::str::from_utf8(&file[at + 46..at + 46 + name]).unwrap();
        let start = offset + 30 + half(offset + 26) + half(offset + 28);
        let mut sum = flate2::Crc::new();
        sum.update(&file[start..start + size]);
        assert_eq!(sum.sum() as usize, word(at + 16), "checksum of {text}");
        entries.push((text.to_owned(), file[start..start + size].to_vec()));
        at += 46 + name + extra;
    }
    entries
}

#[test]
fn several_arrays_have_names_that_stay_inside() {
    let one = || plain(&[1], "i4", &int32(&[1]));
    let value = dict(&[
        (text("a"), one()),
        (text("../../etc/x"), one()),
        (text("n"), dict(&[(text("b"), one()), (int(0), one())])),
        (text("a"), one()), // the same key again: Python has it once
        (text("n.b"), one()),
        (text("text"), text("no array")),
        (text("o"), array(ints(&[1]), dtype("O", "|"), truth(false), list(&[none()]))),
    ]);
    let saved = save(value, Format::Npz).unwrap();
    let names: Vec<String> = unzip(&saved.bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a.npy", "__/__/etc/x.npy", "n.b.npy", "n.0.npy", "n.b_2.npy"]);
    for said in ["o was left out", "same name", "type str"] {
        assert!(saved.remarks.contains(said), "{}", saved.remarks);
    }
    let listed = save(list(&[one(), one()]), Format::Npz).unwrap();
    let entries = unzip(&listed.bytes);
    assert_eq!(entries.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["arr_0.npy", "arr_1.npy"]);
    assert_eq!(npy(&entries[1].1).1, int32(&[1]));
    assert!(save(dict(&[(text("a"), int(1))]), Format::Npz).is_err());
}

/// The header of a `.safetensors` file and the bytes behind it.
fn tensors(file: &[u8]) -> (serde_json::Value, &[u8]) {
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    assert_eq!(length % 8, 0);
    (serde_json::from_slice(&file[8..8 + length]).unwrap(), &file[8 + length..])
}

#[test]
fn tensors_stand_one_after_the_other() {
    let value = dict(&[
        (text("b"), plain(&[3], "u1", &[1, 2, 3])),
        (
            text("layer"),
            dict(&[(
                text("weight"),
                array(ints(&[2]), dtype("f4", ">"), truth(false), bytes(&[1, 2, 3, 4, 5, 6, 7, 8])),
            )]),
        ),
        (text("__metadata__"), plain(&[1], "i8", &[9, 0, 0, 0, 0, 0, 0, 0])),
        (text("note"), text("hello")),
        (text("step"), int(5)),
        (text("wide"), plain(&[1], "c16", &[0; 16])),
        (text("empty"), plain(&[0, 4], "f4", &[])),
    ]);
    let saved = save(value, Format::Safetensors).unwrap();
    let (header, data) = tensors(&saved.bytes);
    assert_eq!(
        header,
        json!({
            "__metadata__": {"note": "hello"},
            "__metadata___2": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
            "empty": {"dtype": "F32", "shape": [0, 4], "data_offsets": [8, 8]},
            "layer.weight": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]},
            "b": {"dtype": "U8", "shape": [3], "data_offsets": [16, 19]},
        })
    );
    // The lowest byte first, whatever the file had.
    assert_eq!(data, [9, 0, 0, 0, 0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5, 1, 2, 3]);
    for said in ["wide was left out", "type int"] {
        assert!(saved.remarks.contains(said), "{}", saved.remarks);
    }
}

#[test]
fn storages_that_are_shared_are_written_for_each() {
    let shared = [plain(&[2], "i4", &int32(&[1, 2])), vec![0x94]].concat();
    let value = [b"}(".to_vec(), text("a"), shared, text("b"), b"h\x00u".to_vec()].concat();
    let saved = save(value, Format::Safetensors).unwrap();
    assert_eq!(tensors(&saved.bytes).1.len(), 16);
    assert!(saved.remarks.contains("shares its storage"), "{}", saved.remarks);
}

#[test]
fn typed_json_of_one_value_is_that_of_the_whole() {
    let bytes = fixture("../samples/checkpoint-like.pkl");
    let mut document = open(&bytes);
    let whole = save_of(&mut document, None, Format::Json).unwrap();
    let mut at_once = Vec::new();
    export::json(document.reading(), &document.lens(), &mut at_once).unwrap();
    assert!(whole.bytes == at_once);
    let node = root(&document).0;
    let value: serde_json::Value =
        serde_json::from_slice(&save_of(&mut document, Some(node), Format::Json).unwrap().bytes).unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&whole.bytes).unwrap();
    assert_eq!(value["value"], whole["streams"][0]["root"]);
    assert_eq!(value["objects"], whole["streams"][0]["objects"]);
}

#[test]
fn bytes_are_those_of_the_value_in_every_spelling() {
    assert_eq!(save(bytes(b"\0\xff"), Format::Raw).unwrap().bytes, b"\0\xff");
    let spelled = call(global("_codecs", "encode"), &[text("\0ÿ"), text("latin1")]);
    assert_eq!(save(spelled, Format::Raw).unwrap().bytes, b"\0\xff");
    assert_eq!(save(python2(b"\xe9"), Format::Raw).unwrap().bytes, b"\xe9");
    assert_eq!(save(text("é"), Format::Raw).unwrap().bytes, "é".as_bytes());
    assert!(save(int(1), Format::Raw).is_err());
    let file = pickle(int(1));
    assert_eq!(save_of(&mut open(&file), None, Format::Raw).unwrap().bytes, file);
}

#[test]
fn pictures_are_png() {
    let data: Vec<u8> = (0..16 * 16 * 3).map(|number| number as u8).collect();
    let saved = save(plain(&[16, 16, 3], "u1", &data), Format::Png).unwrap();
    assert_eq!(&saved.bytes[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(saved.bytes[16..26], [0, 0, 0, 16, 0, 0, 0, 16, 8, 2]);
    assert!(saved.bytes.ends_with(b"IEND\xaeB`\x82"));
    let mut packed = Vec::new();
    let mut at = 8;
    while at < saved.bytes.len() {
        let length = u32::from_be_bytes(saved.bytes[at..at + 4].try_into().unwrap()) as usize;
        if &saved.bytes[at + 4..at + 8] == b"IDAT" {
            packed.extend(&saved.bytes[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    let mut rows = vec![0; 16 * 49 + 1];
    let mut inflate = flate2::Decompress::new(true);
    inflate.decompress(&packed, &mut rows, flate2::FlushDecompress::Finish).unwrap();
    assert_eq!(inflate.total_out(), 16 * 49);
    for (row, line) in rows[..16 * 49].chunks(49).enumerate() {
        assert_eq!(line[0], 1);
        let mut before = [0u8; 3];
        for (at, byte) in line[1..].iter().enumerate() {
            before[at % 3] = before[at % 3].wrapping_add(*byte);
            assert_eq!(before[at % 3], data[row * 48 + at]);
        }
    }
    assert!(save(text("no picture"), Format::Png).is_err());
}

#[test]
fn names_of_files_come_from_the_place() {
    let one = || plain(&[1], "i4", &int32(&[1]));
    let value = dict(&[(text("model"), dict(&[(text("coef_"), one())])), (text("../x"), one())]);
    let mut document = open(&pickle(value));
    for (path, name) in [("obj['model']['coef_']", "model.coef_.npy"), ("obj['../x']", "_x.npy")] {
        let node = document.find_path(path).unwrap();
        assert_eq!(save_of(&mut document, Some(node), Format::Npy).unwrap().name, name);
    }
    assert!(document.export(ExportAsk { node: Some(1 << 30), format: Format::Npy, escape_formulas: false }).is_err());
}

#[test]
fn paths_lead_where_the_tree_says() {
    let value = dict(&[
        (text("a"), list(&[int(1), int(2), tuple(&[int(3)])])),
        (text("a"), list(&[int(7)])),
        (int(10), int(8)),
        (int(1), int(9)),
        (text("b.c"), text("d")),
    ]);
    let document = open(&pickle(value));
    let at = |path: &str| {
        let node = picklescope::graph::NodeId(document.find_path(path)?);
        Ok::<_, String>(document.lens().scalar(node, 50).map_or_else(|| "…".to_owned(), |scalar| scalar.text))
    };
    assert_eq!(at("obj['a'][0]").unwrap(), "7", "the last one set");
    assert!(at("obj['a'][2][0]").is_err(), "the first one is gone");
    assert_eq!(at("obj[10]").unwrap(), "8");
    assert_eq!(at("obj[1]").unwrap(), "9");
    assert_eq!(at("obj['b.c']").unwrap(), "'d'");
    assert_eq!(at("obj").unwrap(), "…");
    assert_eq!(at("obj['a'][5]").unwrap_err(), "there is no [5] in obj['a']");
    assert!(at("x").is_err());
    assert!(at("obj['a'][99999999999999999999]").is_err());
}

#[test]
fn formats_that_are_offered_work() {
    for name in ["dataframe", "everyday", "sklearn-bundle", "checkpoint-like", "hostile-demo"] {
        let mut document = open(&fixture(&format!("../samples/{name}.pkl")));
        let nodes = document.reading().graph.len() as u32;
        for node in (0..nodes).step_by((nodes as usize / 200).max(1)).map(Some).chain([None]) {
            for format in document.formats_for(node) {
                // A report is one on everything that was opened: tests/it/export/html.rs.
                if !matches!(format, Format::Tree | Format::Html)
                    && let Err(why) = save_of(&mut document, node, format)
                {
                    panic!("{name} {node:?} {format:?}: {why}");
                }
            }
        }
    }
}

#[test]
fn damaged_files_are_saved_as_far_as_they_go() {
    let whole = fixture("../samples/sklearn-bundle.pkl");
    for cut in (0..whole.len()).step_by(whole.len() / 60) {
        let mut document = open(&whole[..cut]);
        let nodes = document.reading().graph.len() as u32;
        for format in Format::ALL {
            let _ = save_of(&mut document, None, format);
            let _ = save_of(&mut document, nodes.checked_sub(1), format);
        }
    }
}

#[test]
fn the_tree_on_the_screen_stays_as_it_is() {
    let mut document = open(&fixture("../samples/everyday.pkl"));
    let before = document.rows(0, 1000);
    let text = save_of(&mut document, None, Format::Tree).unwrap();
    assert!(text.bytes.starts_with(b"pickle: dict"));
    assert_eq!(document.rows(0, 1000), before);
    let node = document.find_path("obj['numbers']").unwrap();
    let below = String::from_utf8(save_of(&mut document, Some(node), Format::Tree).unwrap().bytes).unwrap();
    assert!(below.starts_with("'numbers': dict 10 items"), "{below}");
    assert_eq!(document.rows(0, 1000), before);
}

#[test]
fn the_command_line_writes_files_and_says_why_not() {
    let run = |words: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_picklescope")).arg("export").args(words).output().unwrap();
        (done.status.code().unwrap(), done.stdout, String::from_utf8(done.stderr).unwrap())
    };
    let sample = support::tests().join("samples/everyday.pkl");
    let sample = sample.to_str().unwrap();
    let out = std::env::temp_dir().join(format!("picklescope-export-{}.json", std::process::id()));
    let out_name = out.to_str().unwrap();
    let (code, printed, error) = run(&[sample, "-f", "plain-json", "--path", "obj['title']"]);
    assert_eq!(
        (code, String::from_utf8(printed.clone()).unwrap().as_str()),
        (0, "\"A pickle of many shapes 🥒\"\n"),
        "{error}"
    );
    let (code, nothing, _) = run(&[sample, "-f", "plain-json", "--path", "obj['title']", "-o", out_name]);
    assert_eq!((code, nothing.len(), std::fs::read(&out).unwrap()), (0, 0, printed));
    // What cannot be written leaves the file as it was.
    let before = std::fs::read(&out).unwrap();
    let (code, _, error) = run(&[sample, "-f", "npy", "--path", "obj['title']", "-o", out_name]);
    assert_eq!((code, std::fs::read(&out).unwrap() == before), (1, true), "{error}");
    assert!(error.contains("no array"), "{error}");
    std::fs::remove_file(&out).unwrap();
    let (code, _, error) = run(&[sample, "-f", "json", "--path", "obj['nothing']"]);
    assert_eq!((code, error.trim()), (1, "picklescope: there is no ['nothing'] in obj"));
    assert_eq!(run(&[sample, "-f", "docx"]).0, 1);
    assert_eq!(run(&[sample]).0, 1);
    let cut = support::tests().join("fixtures/edge/cut-in-list.pkl");
    assert_eq!(run(&[cut.to_str().unwrap(), "-f", "json"]).0, 2);
}

#[test]
fn times_are_written_as_python_writes_them() {
    // 2026-10-25 02:30, the second time that clocks show it.
    let moment = || bytes(b"\x07\xea\x8a\x19\x02\x1e\0\0\0\0");
    let datetime = |zone: Option<Value>| {
        call(global("datetime", "datetime"), &[vec![moment()], zone.into_iter().collect()].concat())
    };
    let delta = |days: i64, seconds: i64, micros: i64| {
        call(global("datetime", "timedelta"), &[int(days), int(seconds), int(micros)])
    };
    let fixed = |delta: Value| call(global("datetime", "timezone"), &[delta]);
    let ist = call(global("datetime", "timezone"), &[delta(0, 19_800, 0), text("IST")]);
    let named = |key: &str| call(global("zoneinfo", "ZoneInfo._unpickle"), &[text(key), truth(true)]);
    let first =
        call(global("datetime", "datetime"), &[bytes(b"\x07\xea\x0a\x19\x02\x1e\0\0\0\0"), named("Europe/Berlin")]);
    // Clocks were put forward: 02:30 was on none of them.
    let gap =
        call(global("datetime", "datetime"), &[bytes(b"\x07\xea\x03\x1d\x02\x1e\0\0\0\0"), named("Europe/Berlin")]);
    let values = list(&[
        datetime(None),
        datetime(Some(ist)),
        datetime(Some(fixed(delta(0, 0, 0)))),
        datetime(Some(fixed(delta(-1, 82_815, 0)))),
        datetime(Some(fixed(delta(0, 1, 1)))),
        datetime(Some(named("Europe/Berlin"))),
        first,
        gap,
        call(global("datetime", "time"), &[bytes(b"\x81\0\0\0\0\0")]),
        call(global("datetime", "time"), &[bytes(b"\x01\0\0\0\0\x01"), fixed(delta(0, 3600, 0))]),
        call(global("datetime", "date"), &[bytes(b"\x07\xea\x03\x02")]),
    ]);
    let expected = json!([
        "2026-10-25T02:30:00",
        "2026-10-25T02:30:00+05:30",
        "2026-10-25T02:30:00+00:00",
        "2026-10-25T02:30:00-00:59:45",
        "2026-10-25T02:30:00+00:00:01.000001",
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T02:30:00+02:00",
        "2026-03-29T02:30:00+01:00",
        "01:00:00",
        "01:00:00.000001+01:00",
        "2026-03-02",
    ]);
    let (found, remarks) = plain_json(values.clone());
    assert_eq!(found, expected);
    assert!(!remarks.contains("time zone"), "{remarks}");
    let lines: String =
        expected.as_array().unwrap().iter().map(|text| format!("{}\n", text.as_str().unwrap())).collect();
    assert_eq!(written(values, Format::Csv), lines);
    let (found, remarks) = plain_json(list(&[datetime(Some(named("Nowhere/Land")))]));
    assert_eq!(found, json!(["2026-10-25T02:30:00"]));
    assert!(remarks.contains("Nowhere/Land"), "{remarks}");
}

#[test]
fn plain_json_is_always_json() {
    // Counts of a unit that is none.
    let generic = plain(&[2], "m8", &[1, 0, 0, 0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255]);
    assert_eq!(plain_json(generic).0, json!([1, -2]));
    // What stands for a missing value is null, wherever it stands.
    let nat = call(global("pandas._libs.tslibs.nattype", "_nat_unpickle"), &[none()]);
    let missing = list(&[nat, global("pandas._libs.missing", "NA")]);
    assert_eq!(plain_json(missing.clone()).0, json!([null, null]));
    assert_eq!(written(missing, Format::Csv), "\"\"\n\"\"\n");
    // Surrogates are said, and never a pair that another reader would make one character of.
    let pair = b"X\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80".to_vec();
    for value in [pair.clone(), dict(&[(pair, none())])] {
        let (found, remarks) = plain_json(value);
        assert!(found.to_string().contains("\u{fffd}\u{fffd}"), "{found}");
        assert!(remarks.contains("U+FFFD"), "{remarks}");
    }
}

#[test]
fn formulas_are_warned_about_or_made_text() {
    let path = call(global("pathlib", "PosixPath"), &[text("=2+2")]);
    let cells = ["=1+1", "+1", "-1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\u{ff1d}1", "a;=1", "-", "1"];
    let rows = list(&cells.map(|cell| tuple(&[text(cell), path.clone()])));
    let mut document = open(&pickle(rows));
    let node = root(&document).0;
    let mut ask = |escape_formulas| {
        let piece = document.export(ExportAsk { node: Some(node), format: Format::Csv, escape_formulas }).unwrap();
        assert!(piece.finished);
        (String::from_utf8(piece.bytes).unwrap(), piece.remarks.join("\n"))
    };
    let (plain, remarks) = ask(false);
    assert!(plain.starts_with("=1+1,=2+2\n+1,=2+2\n-1,=2+2\n-1+1,"), "{plain}");
    assert!(remarks.contains("a spreadsheet may run it (18 times)"), "{remarks}");
    let (escaped, remarks) = ask(true);
    let expected = "'=1+1,'=2+2\n+1,'=2+2\n-1,'=2+2\n'-1+1,'=2+2\n'@SUM(A1),'=2+2\n\"'\tx\",'=2+2\n\"'\rx\",'=2+2\n\
                    '\u{ff1d}1,'=2+2\n\"a;=1\",'=2+2\n'-,'=2+2\n1,'=2+2\n";
    assert_eq!(escaped, expected);
    assert!(remarks.contains("apostrophe") && !remarks.contains("may run it"), "{remarks}");
}

#[test]
fn arrays_in_cells_are_their_elements() {
    let row = |number: i64, cell: Value| tuple(&[int(number), cell]);
    let ints = || plain(&[3], "i4", &int32(&[1, 2, 3]));
    let square = plain(&[2, 2], "i4", &int32(&[1, 2, 3, 4]));
    let rows = list(&[row(1, ints()), row(2, square), row(3, plain(&[0], "i4", &[]))]);
    assert_eq!(written(rows, Format::Csv), "1,[1 2 3]\n2,[[1 2] [3 4]]\n3,[]\n");
}

#[test]
fn names_of_files_keep_their_dots() {
    for (file, name) in [("model_v1.2.pkl", "model_v1.2.npy"), ("model_v1.3.pkl.gz", "model_v1.3.npy"), ("a", "a.npy")]
    {
        let bytes = pickle(plain(&[1], "i4", &int32(&[1])));
        let source = support::memory(&bytes);
        let mut document =
            Document::open(file.to_owned(), source, picklescope::bytes::Limits::default(), &mut |_, _| {});
        assert_eq!(save_of(&mut document, None, Format::Npy).unwrap().name, name);
    }
}

#[test]
fn types_are_named_as_numpy_names_them() {
    let shown = |value: Value| {
        let document = open(&pickle(value));
        let row = document.rows(0, 1).remove(0);
        let words: Vec<String> = row.preview.iter().map(|part| part.text.clone()).collect();
        format!("{} {}", row.type_name, words.join(" "))
    };
    assert!(shown(array(ints(&[1]), dtype("f8", ">"), truth(false), bytes(&[0; 8]))).contains(">f8"));
    assert!(shown(dtype("i4", ">")).contains(">i4"));
    assert!(shown(dtype("i4", "<")).contains("int32"));
    let scalar = |dtype: Value, data: &[u8]| call(global("numpy.core.multiarray", "scalar"), &[dtype, bytes(data)]);
    assert!(shown(scalar(dtype("f8", ">"), &[0; 8])).starts_with("float64"));
    let fields = [(text("a"), tuple(&[dtype("i4", "<"), int(0)]))];
    let state = tuple(&[int(3), text("|"), none(), tuple(&[text("a")]), dict(&fields), int(4), int(1), int(16)]);
    let record = call(global("numpy", "dtype"), &[global("numpy", "record"), truth(false), truth(true)]);
    assert!(shown(scalar(assemble::build(record, state), &[1, 0, 0, 0])).starts_with("record"));
    assert_eq!(shown(call(global("builtins", "range"), &[int(0), int(3), int(1)])).trim(), "range(0, 3)");
    assert_eq!(shown(call(global("builtins", "range"), &[int(0), int(3), int(2)])).trim(), "range(0, 3, 2)");
}

#[test]
fn bytes_that_are_no_text_are_not_called_text() {
    for byte in 0x80..=0xffu8 {
        let sentence = open(&[byte]).overview().reading;
        assert!(!sentence.contains("text file"), "{byte:02x}: {sentence}");
    }
}
