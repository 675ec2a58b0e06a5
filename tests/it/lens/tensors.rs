//! torch's storages and tensors, in pickles put together by hand: views of storages that stand outside the pickle.

use crate::support;
use crate::support::assemble;
use assemble::{Value, tuple};
use assemble::{
    blob, bytes, call, dict, global, int, ints, list, none, persistent, pickle, python2, root, text, truth,
};
use picklescope::document::Document;
use picklescope::lens::{Attached, ShapeKind};
use picklescope::view::card::Format;
use picklescope::view::{ExportAsk, value};
use support::open;

fn storage(class: &str, key: &str, count: i64) -> Value {
    let (module, name) = class.rsplit_once('.').unwrap();
    persistent(tuple(&[text("storage"), global(module, name), text(key), text("cpu"), int(count)]))
}

fn hooks() -> Value {
    call(global("collections", "OrderedDict"), &[])
}

fn tensor(storage: Value, offset: i64, size: &[i64], stride: &[i64]) -> Value {
    let arguments = [storage, int(offset), ints(size), ints(stride), truth(false), hooks()];
    call(global("torch._utils", "_rebuild_tensor_v2"), &arguments)
}

/// The pickle with one storage `0` beside it.
fn document(value: Value, numbers: &[u8]) -> Document {
    let mut document = open(&pickle(value));
    let mut attached = Attached { has_storages: true, ..Attached::default() };
    attached.storages.insert("0".to_owned(), blob(numbers.to_vec(), "archive/data/0"));
    document.attach(attached);
    document
}

fn floats(numbers: impl IntoIterator<Item = f32>) -> Vec<u8> {
    numbers.into_iter().flat_map(f32::to_le_bytes).collect()
}

fn six() -> Vec<u8> {
    floats((0..6u8).map(f32::from))
}

fn pane(document: &Document) -> String {
    value::chunk(&document.lens(), root(document), 0).text
}

/// Type and text of a value.
fn shown(document: &Document) -> (String, String) {
    let shape = document.lens().shape(root(document));
    (shape.full_name, shape.text.unwrap_or_default())
}

fn pair(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[test]
fn a_storage_says_what_it_is_and_where() {
    let here = document(storage("torch.FloatStorage", "0", 6), &six());
    assert_eq!(shown(&here), pair("torch.FloatStorage", "'0', 6 float32 on cpu, archive/data/0"));
    assert_eq!(here.lens().shape(root(&here)).kind, ShapeKind::External);
    let untyped = document(storage("torch.storage.UntypedStorage", "0", 24), &six());
    assert_eq!(shown(&untyped).1, "'0', 24 bytes on cpu, archive/data/0");
    let short = document(storage("torch.DoubleStorage", "0", 9408), &six());
    assert_eq!(shown(&short).1, "'0', 9,408 float64 on cpu, archive/data/0, which has only 24 bytes");
    let missing = document(storage("torch.FloatStorage", "17", 6), &six());
    assert_eq!(shown(&missing).1, "'17', 6 float32 on cpu, missing: not in this file");
    let bare = open(&pickle(storage("torch.FloatStorage", "0", 6)));
    assert_eq!(shown(&bare).1, "'0', 6 float32 on cpu, not in this file");
    // Files of Python 2 have its strings, and the location may be bytes.
    let id = [python2(b"storage"), global("torch", "HalfStorage"), python2(b"0"), bytes(b"cuda:0"), int(12), none()];
    let old = document(persistent(tuple(&id)), &six());
    assert_eq!(shown(&old), pair("torch.HalfStorage", "'0', 12 float16 on cuda:0, archive/data/0"));
    let id = [text("module"), global("models.net", "Net"), text("net.py"), text("class Net: pass")];
    let module = document(persistent(tuple(&id)), &six());
    assert_eq!(shown(&module), pair("module source", "models.net.Net, source from 'net.py'"));
    for odd in [
        tuple(&[]),
        text("storage"),
        tuple(&[text("storage")]),
        tuple(&[text("storage"), none(), none(), none(), none()]),
    ] {
        assert_eq!(shown(&document(persistent(odd), &six())).0, "persistent id");
    }
}

#[test]
fn a_tensor_is_a_view_of_its_storage() {
    let of = |offset, size: &[i64], stride: &[i64]| {
        document(tensor(storage("torch.FloatStorage", "0", 6), offset, size, stride), &six())
    };
    let rows = of(0, &[2, 3], &[3, 1]);
    assert_eq!(shown(&rows), pair("torch.Tensor", "float32 (2, 3)"));
    assert_eq!(pane(&rows), "[[0.0, 1.0, 2.0],\n [3.0, 4.0, 5.0]]");
    assert_eq!(pane(&of(0, &[3, 2], &[1, 3])), "[[0.0, 3.0],\n [1.0, 4.0],\n [2.0, 5.0]]");
    assert_eq!(pane(&of(1, &[3], &[2])), "[1.0, 3.0, 5.0]");
    assert_eq!(pane(&of(5, &[], &[])), "5.0");
    assert_eq!(pane(&of(2, &[2, 2], &[0, 1])), "[[2.0, 3.0],\n [2.0, 3.0]]");
    assert_eq!(pane(&of(6, &[0], &[1])), "[]");
    let facts = rows.inspect_row(0).unwrap().facts;
    let fact = |name: &str| facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.clone());
    assert_eq!(fact("numbers").as_deref(), Some("archive/data/0, bytes 0-24"));
    assert_eq!(fact("order").as_deref(), Some("strides (3, 1) from element 0"));
    assert_eq!(fact("dtype").as_deref(), Some("float32"));
    let row = rows.rows(0, 1).remove(0);
    let preview: Vec<String> = row.preview.into_iter().map(|part| part.text).collect();
    assert_eq!(preview, ["float32 (2, 3)", "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]"]);
}

#[test]
fn a_view_that_leaves_its_storage_is_said() {
    let of = |offset, size: &[i64], stride: &[i64]| {
        pane(&document(tensor(storage("torch.FloatStorage", "0", 6), offset, size, stride), &six()))
    };
    let words = "the shape needs 28 bytes, there are 24: shown as they are stored\n";
    assert_eq!(of(1, &[2, 3], &[3, 1]), format!("{words}[1.0, 2.0, 3.0, 4.0, 5.0]"));
    let far = of(i64::MAX, &[2], &[i64::MAX]);
    assert_eq!(far, "the shape needs more than 2^64 bytes, there are 24: shown as they are stored\n[]");
    assert!(of(0, &[1 << 40, 1 << 40], &[0, 0]).starts_with("the shape needs more than 2^64 bytes"));
    // An expanded tensor may have more elements than bytes.
    let expanded = document(tensor(storage("torch.FloatStorage", "0", 6), 3, &[1 << 60], &[0]), &six());
    let chunk = value::chunk(&expanded.lens(), root(&expanded), 0);
    assert!(chunk.text.starts_with("[3.0, 3.0, ") && chunk.next.is_some() && chunk.total <= 1 << 53);
    for (size, stride) in [(&[2i64, 3][..], &[1i64][..]), (&[-1], &[1]), (&[2], &[-1])] {
        let odd = document(tensor(storage("torch.FloatStorage", "0", 6), 0, size, stride), &six());
        assert!(odd.lens().array(root(&odd)).is_none());
        assert_eq!(shown(&odd).1, "torch._utils._rebuild_tensor_v2");
    }
    let missing = document(tensor(storage("torch.FloatStorage", "17", 6), 0, &[6], &[1]), &six());
    assert_eq!(shown(&missing).1, "float32 (6,)");
    assert_eq!(pane(&missing), "the storage '17' is not in this file");
}

#[test]
fn numbers_of_every_type() {
    let typed = |class: &str, numbers: &[u8], size: i64| {
        let count = numbers.len() as i64 / size;
        pane(&document(tensor(storage(&format!("torch.{class}Storage"), "0", count), 0, &[count], &[1]), numbers))
    };
    assert_eq!(typed("BFloat16", &[0xcd, 0x3d, 0x80, 0x7f], 2), "[0.1, inf]");
    assert_eq!(typed("Half", &[0x66, 0x2e], 2), "[0.1]");
    assert_eq!(typed("Double", &0.1f64.to_le_bytes(), 8), "[0.1]");
    assert_eq!(typed("Bool", &[0, 1, 2], 1), "[False, True, True]");
    assert_eq!(typed("Char", &[0xff, 1], 1), "[-1, 1]");
    assert_eq!(typed("Byte", &[0xff, 1], 1), "[255, 1]");
    assert_eq!(typed("Short", &[0xfe, 0xff], 2), "[-2]");
    assert_eq!(typed("Int", &[0xfe, 0xff, 0xff, 0xff], 4), "[-2]");
    assert_eq!(typed("Long", &i64::MIN.to_le_bytes(), 8), "[-9223372036854775808]");
    assert_eq!(typed("ComplexFloat", &floats([1.0, -2.5]), 8), "[(1-2.5j)]");
    assert_eq!(typed("QInt8", &[0xff, 2], 1), "[-1, 2]");
    let v3 = |dtype: &str, numbers: &[u8]| {
        let untyped = storage("torch.storage.UntypedStorage", "0", numbers.len() as i64);
        let count = ints(&[if dtype == "uint16" { 1 } else { 2 }]);
        let arguments = [untyped, int(0), count, ints(&[1]), truth(false), hooks(), global("torch", dtype)];
        let document = document(call(global("torch._utils", "_rebuild_tensor_v3"), &arguments), numbers);
        (shown(&document).1, pane(&document))
    };
    assert_eq!(v3("float8_e4m3fn", &[0x7e, 0x7f]), pair("float8_e4m3fn (2,)", "[448.0, nan]"));
    assert_eq!(v3("float8_e5m2", &[0x7b, 0x7c]), pair("float8_e5m2 (2,)", "[57344.0, inf]"));
    assert_eq!(v3("uint16", &[0xff, 0xff]), pair("uint16 (1,)", "[65535]"));
    assert_eq!(v3("complex32", &[0, 0x3c, 0, 0xc0, 0, 0, 0, 0]), pair("complex32 (2,)", "[(1-2j), 0j]"));
    assert_eq!(v3("float99_e1", &[0, 0]), pair("float99_e1 (2,)", "bytes are no elements of type float99_e1"));
}

/// A tensor whose storage holds other numbers than it shows: what `_rebuild_tensor_v2` gets as its metadata.
fn marked(class: &str, offset: i64, size: i64, stride: i64, marks: &[&str]) -> Value {
    let marks: Vec<(Value, Value)> = marks.iter().map(|mark| (text(mark), truth(true))).collect();
    let arguments =
        [storage(class, "0", 6), int(offset), ints(&[size]), ints(&[stride]), truth(false), hooks(), dict(&marks)];
    call(global("torch._utils", "_rebuild_tensor_v2"), &arguments)
}

#[test]
fn conjugated_and_negated_views_show_their_own_numbers() {
    let of = |value: Value, numbers: &[u8]| pane(&document(value, numbers));
    let pairs = floats([1.0, 2.0, 3.0, -4.0]);
    let complex = |marks: &[&str]| of(marked("torch.ComplexFloatStorage", 0, 2, 1, marks), &pairs);
    assert_eq!(complex(&[]), "[(1+2j), (3-4j)]");
    assert_eq!(complex(&["conj"]), "[(1-2j), (3+4j)]");
    assert_eq!(complex(&["neg"]), "[(-1-2j), (-3+4j)]");
    assert_eq!(complex(&["conj", "neg"]), "[(-1+2j), (-3-4j)]");
    // The imaginary part of a conjugated tensor.
    assert_eq!(of(marked("torch.FloatStorage", 1, 2, 2, &["neg"]), &pairs), "[-2.0, 4.0]");
    assert_eq!(of(marked("torch.LongStorage", 0, 1, 1, &["neg"]), &7i64.to_le_bytes()), "[-7]");
    assert_eq!(of(marked("torch.FloatStorage", 1, 2, 2, &["conj"]), &pairs), "[2.0, -4.0]");
    let odd = of(marked("torch.BoolStorage", 0, 1, 1, &["neg"]), &[1]);
    assert_eq!(odd, "negated elements of type bool are not read");
}

#[test]
fn conjugated_and_negated_views_are_saved_as_they_are_shown() {
    let mut document = document(marked("torch.FloatStorage", 0, 3, 2, &["neg"]), &floats([1.0, 2.0, 3.0, 4.0, 5.0]));
    for (format, ending) in [
        (Format::Npy, floats([-1.0, -3.0, -5.0])),
        (Format::Raw, floats([-1.0, -3.0, -5.0])),
        (Format::Safetensors, floats([-1.0, -3.0, -5.0])),
        (Format::PlainJson, b"[-1.0,-3.0,-5.0]\n".to_vec()),
        (Format::Csv, b"-1.0\n-3.0\n-5.0\n".to_vec()),
    ] {
        let node = Some(root(&document).0);
        let saved = document.export(ExportAsk { node, format, escape_formulas: false }).unwrap();
        let text = String::from_utf8_lossy(&saved.bytes).replace('\r', "");
        let is_text = matches!(format, Format::PlainJson | Format::Csv);
        let ends = if is_text { text.as_bytes().ends_with(&ending) } else { saved.bytes.ends_with(&ending) };
        assert!(saved.finished && ends, "{format:?}: {text:?}");
    }
}

#[test]
fn big_endian_storages_are_turned_round() {
    let mut big = open(&pickle(tensor(storage("torch.FloatStorage", "0", 1), 0, &[1], &[1])));
    let mut attached = Attached { big_endian: true, has_storages: true, ..Attached::default() };
    attached.storages.insert("0".to_owned(), blob(1.5f32.to_be_bytes().to_vec(), "archive/data/0"));
    big.attach(attached);
    assert_eq!(pane(&big), "[1.5]");
}

#[test]
fn tensors_in_wrappings() {
    let plain = || tensor(storage("torch.FloatStorage", "0", 6), 0, &[6], &[1]);
    let made = |name: &str, arguments: &[Value]| {
        let document = document(call(global("torch._utils", name), arguments), &six());
        (shown(&document), pane(&document))
    };
    let values = "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]".to_owned();
    let parameter = pair("torch.nn.parameter.Parameter", "float32 (6,)");
    assert_eq!(made("_rebuild_parameter", &[plain(), truth(true), hooks()]), (parameter.clone(), values.clone()));
    let with_state = [plain(), truth(true), hooks(), dict(&[(text("a"), int(1))])];
    assert_eq!(made("_rebuild_parameter_with_state", &with_state), (parameter, values.clone()));
    let old = [storage("torch.FloatStorage", "0", 6), int(0), ints(&[6]), ints(&[1])];
    assert_eq!(made("_rebuild_tensor", &old), (pair("torch.Tensor", "float32 (6,)"), values.clone()));
    let scheme = tuple(&[global("torch", "per_tensor_affine"), int(1), int(0)]);
    let storage_of_ints = storage("torch.QInt8Storage", "0", 24);
    let quantised = [storage_of_ints, int(4), ints(&[4]), ints(&[1]), scheme, truth(false), hooks()];
    assert_eq!(
        made("_rebuild_qtensor", &quantised),
        (pair("torch.Tensor", "qint8 (4,)"), "[0, 0, -128, 63]".to_owned())
    );
    let meta = [global("torch", "float64"), ints(&[7, 8]), ints(&[8, 1]), truth(false)];
    let no_numbers =
        (pair("torch.Tensor", "float64 (7, 8), without numbers (meta)"), "a meta tensor has no numbers".to_owned());
    assert_eq!(made("_rebuild_meta_tensor_no_storage", &meta), no_numbers);
    let layout = |name: &str| call(global("torch.serialization", "_get_layout"), &[text(name)]);
    let size = || call(global("torch", "Size"), &[ints(&[100, 9])]);
    let sparse = [layout("torch.sparse_coo"), tuple(&[plain(), plain(), size(), truth(true)])];
    assert_eq!(made("_rebuild_sparse_tensor", &sparse).0, pair("torch.Tensor", "float32 (100, 9), torch.sparse_coo"));
    let sparse = [layout("torch.sparse_csr"), tuple(&[plain(), plain(), plain(), size(), truth(true)])];
    assert_eq!(made("_rebuild_sparse_tensor", &sparse).0, pair("torch.Tensor", "float32 (100, 9), torch.sparse_csr"));
    let arguments =
        tuple(&[storage("torch.FloatStorage", "0", 6), int(0), ints(&[6]), ints(&[1]), truth(false), hooks()]);
    let from_type =
        [global("torch._utils", "_rebuild_tensor_v2"), global("my.tensors", "Tagged"), arguments, dict(&[])];
    let typed = document(call(global("torch._tensor", "_rebuild_from_type_v2"), &from_type), &six());
    assert_eq!((shown(&typed), pane(&typed)), (pair("my.tensors.Tagged", "float32 (6,)"), values));
    // A parameter of what is no tensor is a call like others.
    let of_list = [global("torch._utils", "_rebuild_parameter"), b"(".to_vec(), list(&[]), b"tR".to_vec()].concat();
    assert_eq!(shown(&document(of_list, &six())).1, "torch._utils._rebuild_parameter");
}

#[test]
fn distributed_tensors_show_the_part_that_is_there() {
    let class = || global("torch.distributed.tensor", "DTensor");
    let of = |size: &[i64]| {
        let strided = call(global("torch.serialization", "_get_layout"), &[text("torch.strided")]);
        let given =
            [class(), global("torch", "float32"), ints(size), ints(&[3, 1]), int(0), strided, none(), truth(false)];
        let local = tensor(storage("torch.FloatStorage", "0", 6), 0, &[2, 3], &[3, 1]);
        let state = tuple(&[none(), dict(&[(text("_local_tensor"), local)])]);
        let function = global("torch._utils", "_rebuild_wrapper_subclass");
        let made = [function, class(), tuple(&given), state];
        document(call(global("torch._tensor", "_rebuild_from_type_v2"), &made), &six())
    };
    let whole = of(&[2, 3]);
    assert_eq!(shown(&whole), pair("torch.distributed.tensor.DTensor", "float32 (2, 3)"));
    assert_eq!(pane(&whole), "[[0.0, 1.0, 2.0],\n [3.0, 4.0, 5.0]]");
    assert_eq!(whole.lens().tensor(root(&whole)).unwrap().bytes(), 24);
    let part = of(&[4, 3]);
    assert_eq!(shown(&part).1, "float32 (4, 3)");
    assert_eq!(pane(&part), "only its part of shape (2, 3) is in this file, under _local_tensor");
}

#[test]
fn views_of_old_files_begin_in_their_root_storage() {
    let view = tuple(&[text("view"), int(2), int(3)]);
    let id = [text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), int(6), view];
    let document = document(tensor(persistent(tuple(&id)), 1, &[2], &[1]), &six());
    assert_eq!(pane(&document), "[3.0, 4.0]");
}

#[test]
fn sizes_and_devices_read_as_such() {
    let size = document(call(global("torch", "Size"), &[ints(&[2, 3])]), &six());
    assert_eq!(shown(&size).0, "torch.Size");
    assert_eq!(pane(&size), "Size(2, 3)");
    let device = document(call(global("torch", "device"), &[text("cuda"), int(0)]), &six());
    assert_eq!(shown(&device), pair("torch.device", "'cuda', 0"));
    let layout = document(call(global("torch.serialization", "_get_layout"), &[text("torch.sparse_coo")]), &six());
    assert_eq!(shown(&layout), pair("torch.layout", "torch.sparse_coo"));
}
