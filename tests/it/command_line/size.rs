//! `picklescope size`.

use super::commands::{on, piped, run};
use crate::support::tests;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_largest_values_come_with_the_way_to_them() {
    let (code, out, error) = on(&["size", "--depth", "2", "--max-items", "3"], "memory/slice.pt");
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(out.contains("40.2 KB, of that 167 B in the pickle and 40.0 KB beside it"), "{out}");
    assert!(out.contains("in memory about 40.5 KB once loaded") && out.contains("estimated for CPython 3.11"), "{out}");
    let row = out.lines().find(|line| line.contains("obj['slice']  Tensor")).unwrap();
    assert!(row.trim_start().starts_with("40.1 KB  99."), "{row}");
    assert!(out.contains("obj['slice'] uses 40 B of a storage of 40.0 KB, which is kept whole"), "{out}");
    let (code, out, _) = on(&["size", "--depth", "1", "--max-items", "2"], "memory/records.pkl");
    assert_eq!(code, 0);
    assert!(!out.contains("obj[0]"), "{out}");
    let (_, out, _) = on(&["size", "--max-items", "2"], "memory/records.pkl");
    assert_eq!(out.lines().filter(|line| line.contains("obj[")).count(), 2, "{out}");
    // 398 of the 400 records, and the four keys that all of them share.
    assert!(out.contains("(402 smaller values and what belongs to the value itself)"), "{out}");
    assert!(out.contains("(storing in the memo)"), "{out}");
}

#[test]
fn groups_are_classes_modules_and_entries() {
    let (code, out, _) = on(&["size", "--by", "class"], "memory/points.pkl");
    assert_eq!(code, 0);
    assert!(out.contains("count  class, largest\n"), "{out}");
    let row = out.lines().find(|line| line.contains("sample_classes.Point")).unwrap();
    assert!(row.contains(" 700  sample_classes.Point  held by obj["), "{row}");
    let (_, out, _) = on(&["size", "--by", "import"], "memory/points.pkl");
    assert!(out.contains("count  module, largest\n"), "{out}");
    assert!(out.lines().any(|line| line.contains(" sample_classes  held by obj")), "{out}");
    let (_, out, _) = on(&["size", "--by", "entry"], "memory/slice.pt");
    assert!(out.lines().any(|line| line.contains("40.0 KB   40.0 KB") && line.ends_with("slice/data/0")), "{out}");
}

#[test]
fn json_has_its_fields() {
    let (code, out, _) = on(&["size", "--json", "--depth", "3"], "memory/slice.pt");
    assert_eq!(code, 0);
    let value = json(&out);
    assert_eq!(
        value["total"],
        value["summary"]["file"].as_u64().unwrap() + value["summary"]["beside"].as_u64().unwrap()
    );
    assert_eq!(value["values"][0]["path"], "obj");
    assert_eq!(value["values"][1]["depth"], 1);
    assert_eq!(value["savings"]["views"][0]["used"], 40);
    for by in ["class", "import"] {
        let (_, out, _) = on(&["size", "--json", "--by", by], "memory/points.pkl");
        let groups = json(&out)["groups"].as_array().unwrap().clone();
        assert!(groups.iter().all(|group| group["name"].is_string() && group["retained"].is_u64()));
    }
    let (_, out, _) = on(&["size", "--json", "--by", "entry"], "memory/slice.pt");
    assert!(json(&out)["entries"].as_array().unwrap().len() > 3);
}

#[test]
fn what_is_cut_or_no_pickle_is_measured_as_far_as_it_goes() {
    let (code, out, error) = on(&["size"], "edge/cut-in-list.pkl");
    assert_eq!(code, 2);
    assert!(out.contains("The file was not read completely: what is missing is not counted."), "{out}");
    assert!(error.contains("offset"), "{error}");
    for name in ["edge/empty.pkl", "edge/text-file.pkl"] {
        let (code, out, _) = on(&["size"], name);
        assert_eq!(code, 2, "{name}");
        assert!(out.contains("0 values"), "{name}: {out}");
    }
    let (code, out, error) = run(&["size", tests().join("no-such-file").to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (1, ""), "{error}");
}

#[test]
fn what_holds_nearly_everything_is_followed_to_what_is_large() {
    // {"cache": {"frames": [bytes, bytes, ...]}}, in lists of one.
    let mut bytes = b"\x80\x04}U\x05cache}U\x06frames](".to_vec();
    (0..20).for_each(|_| bytes.extend([&b"B\xe8\x03\0\0"[..], &[b'x'; 1000]].concat()));
    bytes.extend(b"ess.");
    let (code, out, error) = piped(&["size", "-"], &bytes);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("obj['cache']['frames'][19]"), "{out}");
    // However deep it goes, there is an end.
    let deep = [&b"]".repeat(5_000)[..], b"B\0\x10\0\0", &[b'x'; 4096], &b"a".repeat(5_000), b"."].concat();
    let (_, out, _) = piped(&["size", "-"], &deep);
    assert!(out.lines().count() < 200, "{}", out.lines().count());
}
