//! Texts, numbers and reprs against CPython 3.11 (scripts/generate_text_cases.py).
#![allow(clippy::indexing_slicing)]

use data_encoding::HEXLOWER;
use picklescope::opcode::{
    Dialect, Int, IntLine, NumberError, PyText, float_line, index_line, int_line, long_line, raw_unicode_escape,
    repr_bytearray, repr_bytes, repr_float, repr_str, unescape,
};
use serde_json::{Value, json};

fn cases(name: &str) -> Vec<Vec<Value>> {
    let all: Value = serde_json::from_str(include_str!("../../golden/text_cases.json")).unwrap();
    let rows = all[name].as_array().unwrap().iter().map(|row| row.as_array().unwrap().clone()).collect::<Vec<_>>();
    assert!(rows.len() > 100);
    rows
}

fn bytes(row: &[Value]) -> Vec<u8> {
    HEXLOWER.decode(row[0].as_str().unwrap().as_bytes()).unwrap()
}

fn points(text: &PyText<'_>) -> Value {
    let points: Vec<u32> = text.code_points().collect();
    assert_eq!(points.len(), text.len());
    json!({ "points": points, "repr": repr_str(text) })
}

#[test]
fn utf8_with_surrogates() {
    for row in cases("utf8") {
        let input = bytes(&row);
        let ours = match PyText::from_utf8_surrogatepass(&input) {
            Ok(text) => points(&text),
            Err(error) => json!({ "position": error.position }),
        };
        assert_eq!(row[1], ours, "{}", row[0]);
    }
}

#[test]
fn raw_unicode_escapes() {
    for row in cases("raw_unicode_escape") {
        let input = bytes(&row);
        let ours = match raw_unicode_escape(&input) {
            Ok(text) => points(&text),
            Err(error) => json!({ "position": error.position }),
        };
        assert_eq!(row[1], ours, "{}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn string_escapes() {
    for row in cases("unescape") {
        let input = bytes(&row);
        let ours = unescape(&input).ok().map(|out| HEXLOWER.encode(&out));
        assert_eq!(row[1], json!(ours), "{}", String::from_utf8_lossy(&input));
    }
}

/// `pickletools` prints `decimal`; a loader that accepts the line gives the value.
fn check_integers(name: &str, read: fn(&[u8]) -> Result<IntLine, NumberError>) {
    for row in cases(name) {
        let input = bytes(&row);
        let what = format!("{name} {:?}", String::from_utf8_lossy(&input));
        let (tools, c, python) = (row[1].as_str(), row[2].as_str(), row[3].as_str());
        let Ok(ours) = read(&input) else {
            assert_eq!((tools, c, python), (None, None, None), "{what}");
            continue;
        };
        assert_eq!(ours.decimal.as_ref().map(Int::to_string).as_deref(), tools, "{what}");
        let value = ours.value.to_string();
        match (c, ours.dialect) {
            (Some(c), _) => assert_eq!(value, c, "{what}"),
            (None, _) => assert!(python == Some(&value) || tools == Some(&value), "{what}"),
        }
        let agree = tools.is_some() && tools == c && c == python;
        assert_eq!(ours.dialect == Dialect::Common, agree, "{what} {ours:?}");
    }
}

#[test]
fn int_lines() {
    check_integers("int", int_line);
}

#[test]
fn long_lines() {
    check_integers("long", long_line);
}

#[test]
fn float_lines() {
    for row in cases("float") {
        let input = bytes(&row);
        let what = format!("{:?}", String::from_utf8_lossy(&input));
        let ours = float_line(&input).ok();
        let text = ours.map(|read| repr_float(read.value));
        let (tools, c) = (row[1].as_str(), row[2].as_str());
        assert_eq!(text.as_deref(), tools.or(c), "{what}");
        if let Some(read) = ours {
            assert_eq!(read.dialect == Dialect::Common, tools.is_some() && tools == c, "{what} {read:?}");
            assert_eq!(read.dialect == Dialect::CutAtNul, tools.is_none(), "{what} {read:?}");
        }
    }
}

#[test]
fn index_lines() {
    for row in cases("index") {
        let input = bytes(&row);
        let what = format!("{:?}", String::from_utf8_lossy(&input));
        let ours = index_line(&input);
        // The stream is NONE PUT POP GET: it loads, as None, if the index is one.
        assert_eq!(ours.is_ok(), row[2].as_str().is_some(), "{what} {ours:?}");
        if let (Ok(ours), Some(decimal)) = (ours, row[1].as_str()) {
            assert_eq!(ours.index.to_string(), decimal, "{what}");
        }
    }
}

#[test]
fn reprs() {
    for row in cases("repr_str") {
        let input = bytes(&row);
        let text = PyText::from_utf8_surrogatepass(&input).unwrap();
        assert_eq!(row[1].as_str().unwrap(), repr_str(&text));
    }
    for row in cases("repr_bytes") {
        assert_eq!(row[1].as_str().unwrap(), repr_bytes(&bytes(&row)));
        assert_eq!(row[2].as_str().unwrap(), repr_bytearray(&bytes(&row)));
    }
    for row in cases("repr_float") {
        let value = f64::from_be_bytes(bytes(&row).try_into().unwrap());
        assert_eq!(row[1].as_str().unwrap(), repr_float(value));
    }
}
