//! Functions, classes and code objects by value against what each CPython says of them (`fixtures/code/truth.json`, written by
//! `scripts/fixtures/gen_stored_code.py`), and hostile relatives of them.

use crate::support;
use crate::support::assemble;
use assemble::{Value as Made, build, bytes, call, dict, global, int, none, pickle, root, text, tuple};
use picklescope::document::Document;
use picklescope::graph::{Edge, Node, NodeId};
use picklescope::lens::{CodeObject, Function, Lens};
use picklescope::view::card::{Body, Card};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use support::{fixture, manifest, open};

/// Every file with its line of truth.
fn each(mut check: impl FnMut(&str, &Lens<'_>, NodeId, &Value)) {
    let mut failed = Vec::new();
    let rows = manifest("code/truth.json");
    assert!(rows.len() >= 300, "only {} files", rows.len());
    for row in &rows {
        let name = row["file"].as_str().unwrap();
        let document = open(&fixture(&format!("code/{name}")));
        assert!(document.is_complete(), "{name}");
        let one = AssertUnwindSafe(|| check(name, &document.lens(), root(&document), row));
        if catch_unwind(one).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{} of {} files: {failed:?}", failed.len(), rows.len());
}

/// The code object and those among its constants, in order.
fn codes(lens: &Lens<'_>, code: CodeObject) -> Vec<CodeObject> {
    let mut found = vec![code.clone()];
    for constant in code.constants {
        found.extend(lens.code(constant.node()).into_iter().flat_map(|inner| codes(lens, inner)));
    }
    found
}

fn text_of(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap().to_owned()
}

fn check_codes(place: &str, python: &str, found: &[CodeObject], rows: &Value) {
    let rows = rows.as_array().unwrap();
    assert_eq!(found.len(), rows.len(), "{place}: code objects");
    for (code, row) in found.iter().zip(rows) {
        let place = format!("{place}: {}", code.name);
        assert_eq!(code.problem, None, "{place}");
        assert_eq!(code.name, text_of(row, "name"), "{place}");
        assert_eq!(code.file, text_of(row, "file"), "{place}");
        if let Some(qualified) = row["qualname"].as_str() {
            assert_eq!(code.qualified.as_deref(), Some(qualified), "{place}");
        }
        for (key, value) in [("args", code.args), ("posonly", code.posonly), ("kwonly", code.kwonly)] {
            assert_eq!(Some(value), row[key].as_u64(), "{place}: {key}");
        }
        let numbers =
            [("first_line", code.first_line), ("locals", code.locals), ("stack", code.stack), ("flags", code.flags)];
        for (key, value) in numbers {
            assert_eq!(Some(value), row[key].as_i64(), "{place}: {key}");
        }
        let lists =
            [("names", &code.names), ("variables", &code.variables), ("free", &code.free), ("cells", &code.cells)];
        for (key, list) in lists {
            assert_eq!(serde_json::json!(list), row[key], "{place}: {key}");
        }
        assert_eq!(Some(code.constants.len() as u64), row["constants"].as_u64(), "{place}: constants");
        let bytes = code.bytecode.as_ref().unwrap();
        assert_eq!(data_encoding::HEXLOWER.encode(bytes), text_of(row, "code"), "{place}: bytecode");
        let (first, last) = code.lines.unwrap();
        assert_eq!(serde_json::json!([first, last]), row["lines"], "{place}: lines");
        let (versions, _) = code.versions.as_ref().unwrap();
        assert!(is_in(python, versions), "{place}: Python {python} is not in {versions}");
    }
}

/// Whether a version is in a text like `3.11 to 3.12`.
fn is_in(python: &str, versions: &str) -> bool {
    let number =
        |text: &str| text.split_once('.').map(|(a, b)| a.parse::<u32>().unwrap() * 100 + b.parse::<u32>().unwrap());
    let wanted = number(python);
    match versions.split_once(" to ") {
        Some((first, last)) => number(first) <= wanted && wanted <= number(last),
        None => versions == python || versions == "2.6 or 2.7" && python == "2.7",
    }
}

#[test]
fn code_objects_are_what_python_says() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let python = row["python"].as_str().unwrap();
        if !row["codes"].is_null() {
            check_codes(file, python, &codes(lens, lens.code(node).unwrap()), &row["codes"]);
            checked += 1;
        }
        if let Some(function) = row["function"].as_object() {
            let found = lens.function(node).unwrap_or_else(|| panic!("{file}: no function"));
            check_codes(file, python, &codes(lens, found.code.unwrap()), &function["codes"]);
            checked += 1;
        }
    });
    assert!(checked > 250, "only {checked} code objects");
}

#[test]
fn functions_have_the_signatures_that_inspect_gives() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let Some(function) = row["function"].as_object() else { return };
        let found: Function = lens.function(node).unwrap();
        assert_eq!(found.name, function["name"].as_str().unwrap(), "{file}");
        assert_eq!(Some(found.defaults.len() as u64), function["defaults"].as_u64(), "{file}: defaults");
        if let Some(signature) = function.get("signature") {
            // Python 3.6 leaves out the spaces around annotations.
            if row["python"] != "3.6" {
                assert_eq!(found.signature(lens), signature.as_str().unwrap(), "{file}");
            }
            // A function of Python 3.6 to 3.10 has a qualified name only where the library stores it.
            if let Some(qualified) = found.qualified {
                assert_eq!(qualified, function["qualname"].as_str().unwrap(), "{file}");
            }
            checked += 1;
        }
        if let Some(closure) = function.get("closure").and_then(Value::as_array) {
            let values: Vec<Value> = found.closure.iter().map(|(_, value)| plain_int(lens, *value)).collect();
            assert_eq!(&values, closure, "{file}: closure");
            let names: Vec<&String> = found.closure.iter().map(|(name, _)| name).collect();
            assert_eq!(serde_json::json!(names), function["codes"][0]["free"], "{file}: closure");
        }
        if file.ends_with("uses_globals.pkl") {
            let mut names: Vec<&str> = found.globals.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(names, ["FACTOR", "math"], "{file}: globals");
        }
    });
    assert!(checked > 200, "only {checked} functions");
}

/// An int as JSON; nothing for other values.
fn plain_int(lens: &Lens<'_>, edge: Option<Edge>) -> Value {
    let text = edge.and_then(|edge| lens.plain_value(edge));
    text.and_then(|text| text.parse::<i64>().ok()).map_or(Value::Null, Value::from)
}

#[test]
fn classes_have_their_bases_and_members() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let Some(name) = row["class_name"].as_str() else { return };
        // dill 0.3.4 makes a class and then names it in `__main__`.
        if matches!(lens.graph.node(node), Node::Global(_)) {
            return;
        }
        let class = lens.class(node).unwrap_or_else(|| panic!("{file}: no class"));
        assert_eq!(class.name, name, "{file}");
        // What a class of Python 2 inherits is not stored with it.
        assert_eq!(class.module.as_deref().unwrap_or("__main__"), "__main__", "{file}");
        let mut bases: Vec<String> = class.bases.iter().map(|&base| lens.class_text(base)).collect();
        bases.retain(|base| base != "object");
        assert_eq!(serde_json::json!(bases), row["bases"], "{file}");
        if let Some(members) = row["members"].as_array() {
            for member in members {
                let is_there = class.members.iter().any(|(name, _)| name == member.as_str().unwrap());
                assert!(is_there, "{file}: no {member} in {:?}", class.members);
            }
        }
        checked += 1;
    });
    assert!(checked >= 34, "only {checked} classes");
}

fn shown(document: &Document) -> (Option<Card>, String) {
    let row = document.rows(0, 1).remove(0);
    let preview: Vec<String> = row.preview.into_iter().map(|part| part.text).collect();
    (document.card(root(document).0), format!("{}: {}", row.type_name, preview.join(" ")))
}

fn names(list: &[&str]) -> Made {
    tuple(&list.iter().map(|name| text(name)).collect::<Vec<_>>())
}

/// The arguments of a code object of Python 3.11 for `def f(a, b): …`.
fn code_arguments() -> Vec<Made> {
    let counts = [2, 0, 0, 2, 3, 3].map(int);
    let rest = [
        bytes(b"\x97\x00d\x00S\x00"),
        tuple(&[none()]),
        tuple(&[]),
        names(&["a", "b"]),
        text("f.py"),
        text("f"),
        text("f"),
        int(7),
        bytes(b"\x80\x00\xd8\x00\x01"),
        bytes(b""),
        tuple(&[]),
        tuple(&[]),
    ];
    counts.into_iter().chain(rest).collect()
}

fn function(arguments: &[Made]) -> Document {
    let code = call(global("types", "CodeType"), arguments);
    let arguments = [code, dict(&[]), text("f"), none(), none()];
    open(&pickle(call(global("types", "FunctionType"), &arguments)))
}

#[test]
fn a_row_and_a_card_say_what_a_function_is() {
    let document = function(&code_arguments());
    let (card, row) = shown(&document);
    assert_eq!(row, "function: f(a, b)");
    let card = card.unwrap();
    assert_eq!(card.kind, "function");
    let fact = |name: &str| card.facts.iter().find(|fact| fact.name == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(fact("file").value, "f.py");
    assert_eq!(fact("lines").value, "7 to 8");
    assert_eq!(fact("flags").value, "OPTIMIZED, NEWLOCALS");
    assert_eq!(fact("Python").value, "3.11 to 3.12");
    assert!(fact("Python").guess.is_some());
    let titles: Vec<&str> = card.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Signature", "Arguments", "Constants", "Names", "Bytecode"]);
    let Body::Lines(lines) = &card.sections[0].body else { panic!("no lines") };
    assert_eq!(lines[0].parts[0].text, "def f(a, b):");
}

#[test]
fn code_of_the_wrong_length_is_shown_as_far_as_it_goes() {
    let all = code_arguments();
    for length in 0..all.len() {
        let document = function(&all[..length]);
        let (card, row) = shown(&document);
        assert!(row.starts_with("function: f("), "{length}: {row}");
        assert_eq!(card.unwrap().kind, "function");
    }
    // A Python that does not exist yet: three more arguments, opcodes that none has.
    let mut later = all.clone();
    later.extend([int(1), bytes(b"\x01"), text("new")]);
    let document = function(&later);
    let code = document.lens().function(root(&document)).unwrap().code.unwrap();
    assert_eq!(code.problem.unwrap(), "21 arguments: no known Python makes code objects of so many");
    assert_eq!((code.name.as_str(), code.file.as_str(), code.args), ("f", "f.py", 2));
    let mut strange = all.clone();
    strange[6] = bytes(&[255; 64]);
    let document = function(&strange);
    let code = document.lens().function(root(&document)).unwrap().code.unwrap();
    assert_eq!(code.versions.unwrap().0, "3.11 or later, with opcodes that none known here has");
    let mut future = all.clone();
    future[6] = bytes(b"\x80\x00\x5e\x00\xf9\x00");
    let document = function(&future);
    let code = document.lens().function(root(&document)).unwrap().code.unwrap();
    assert_eq!(code.versions.unwrap().0, "3.14 or later");
}

#[test]
fn nonsense_in_the_place_of_parts() {
    // Counts beyond the names, names that are no text, a table of lines that ends in the middle, code that holds itself.
    let mut all = code_arguments();
    all[0] = int(i64::MAX);
    all[2] = int(-5);
    all[9] = tuple(&[int(1), none(), text("x")]);
    all[14] = bytes(b"\xf0\x7f\x7f\x7f");
    let document = function(&all);
    let (card, row) = shown(&document);
    assert_eq!(row, "function: f(1, None, x)");
    assert!(card.is_some());
    for (at, value) in [(6, none()), (7, none()), (8, int(3)), (10, none()), (13, text("x")), (16, none())] {
        let mut all = code_arguments();
        all[at] = value;
        let document = function(&all);
        assert!(shown(&document).0.is_some());
    }
    for odd in [none(), tuple(&[]), text("x"), call(global("types", "CodeType"), &[])] {
        let arguments = [odd, none(), none(), text("no tuple"), int(3)];
        let document = open(&pickle(call(global("cloudpickle.cloudpickle", "_make_function"), &arguments)));
        assert!(shown(&document).0.is_some());
        let document =
            open(&pickle(build(call(global("dill._dill", "_create_function"), &arguments), tuple(&[none(), int(1)]))));
        assert!(shown(&document).0.is_some());
    }
    for name in
        ["_make_skeleton_class", "_make_skeleton_enum", "_rehydrate_skeleton_class", "_fill_function", "_make_cell"]
    {
        for arguments in [vec![], vec![none()], vec![int(1), none()], vec![none(), text("x"), none(), int(1), none()]] {
            let document = open(&pickle(call(global("cloudpickle.cloudpickle", name), &arguments)));
            let _ = shown(&document);
        }
    }
}

#[test]
fn functions_that_hold_themselves() {
    // `f` in its own globals, closure and defaults, by the memo.
    let code = call(global("types", "CodeType"), &code_arguments());
    let maker = global("cloudpickle.cloudpickle", "_make_function");
    let head = [b"\x80\x04".to_vec(), maker, b"(".to_vec(), code, b"}NNNtRq\x00".to_vec()].concat();
    let setter = global("cloudpickle.cloudpickle", "_function_setstate");
    let mut state = b"(h\x00}}(".to_vec();
    for name in ["__globals__", "__kwdefaults__", "__annotations__"] {
        state.extend([text(name), b"}(".to_vec(), text("f"), b"h\x00u".to_vec()].concat());
    }
    for name in ["__defaults__", "__closure__"] {
        state.extend([text(name), b"h\x00\x85".to_vec()].concat());
    }
    state.extend(b"u\x86tR0.");
    let document = open(&[head, setter, state].concat());
    assert!(document.is_complete());
    let (card, row) = shown(&document);
    assert!(row.starts_with("function: f(a, b="), "{row}");
    assert_eq!(card.unwrap().kind, "function");
}
