//! `picklescope find`: lines, JSON, exit codes, entries of archives.

use crate::support::{fixture, tests};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

fn path(name: &str) -> PathBuf {
    if name.starts_with("samples/") { tests().join(name) } else { tests().join("fixtures").join(name) }
}

fn find(name: &str, words: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    let output = command.arg("find").arg(path(name)).args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const MODEL: &str = "real/sklearn-1.4/logistic-regression.p4.pkl";

#[test]
fn exit_codes_are_those_of_grep() {
    assert_eq!(find(MODEL, &["coef_"]).0, 0);
    let (code, out, error) = find(MODEL, &["no such thing"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains("nothing found in 1 pickle or array with ") && error.contains(" values ("), "{error}");
    // Programs have the summary.
    assert_eq!(find(MODEL, &["no such thing", "--json"]).2, "");
    let (code, _, error) = find("edge/cut-in-list.pkl", &["no such thing"]);
    assert!(code == 2 && error.contains("offset"), "{code} {error}");
    assert_eq!(find("no/such/file.pkl", &["x"]).0, 2);
    for words in [&["== abc"][..], &["--regex", "a("], &[""], &["x", "--in", "nonsense"], &[], &["x", "--limit", "0"]] {
        let (code, out, error) = find(MODEL, words);
        assert!(code == 64 && out.is_empty() && !error.is_empty(), "{words:?}: {code} {error}");
    }
    assert!(find(MODEL, &["--regex", "ab("]).2.contains("(at character 3)"), "{}", find(MODEL, &["--regex", "ab("]).2);
}

#[test]
fn a_line_has_path_offset_kind_and_value() {
    let (_, out, _) = find(MODEL, &["coef_", "--word", "--in", "attributes"]);
    let line = out.lines().next().unwrap();
    let words: Vec<&str> = line.split("  ").collect();
    assert!(words[0].ends_with(".coef_") && words[1].starts_with('@'), "{line}");
    assert_eq!(words[2..], ["attribute", "coef_"], "{line}");
    // The offset is that of the text.
    let at: usize = words[1][1..].parse().unwrap();
    assert_eq!(&fixture(MODEL)[at + 2..at + 7], b"coef_");
}

#[test]
fn json_has_the_same_hits_and_their_number() {
    let (code, out, _) = find(MODEL, &["e", "--json"]);
    assert_eq!(code, 0);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (summary, hits) = lines.split_last().unwrap();
    assert!(hits.iter().all(|hit| hit["type"] == "hit"));
    let counted: u64 = summary["counts"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(counted, hits.len() as u64);
    assert_eq!(find(MODEL, &["e"]).1.lines().count(), hits.len());
    let (_, out, error) = find(MODEL, &["e", "--limit", "2"]);
    assert!(out.lines().count() < hits.len() && error.contains("first 2"), "{error}");
}

#[test]
fn kinds_and_places_narrow_it() {
    let all = find(MODEL, &["e"]).1.lines().count();
    let keys = find(MODEL, &["e", "--in", "attributes,keys"]).1;
    assert!(
        keys.lines().count() < all
            && keys.lines().all(|line| line.contains("  attribute  ") || line.contains("  key  "))
    );
    let (code, _, error) = find(MODEL, &["e", "--below", "obj.nothing"]);
    assert!(code == 1 && error.contains("nothing"), "{code} {error}");
    let below = find(MODEL, &["e", "--below", "obj.coef_"]).1.lines().count();
    assert!(below < all);
}

#[test]
fn every_entry_of_an_archive_is_searched() {
    let archive = "torch/torch-2.6";
    let file = std::fs::read_dir(path(archive)).unwrap().map(|entry| entry.unwrap().path());
    let file = file.filter(|path| path.extension().is_some_and(|ending| ending == "pt")).min().unwrap();
    let name = file.strip_prefix(tests().join("fixtures")).unwrap().to_str().unwrap().to_owned();
    let (code, out, _) = find(&name, &["version", "--in", "entries"]);
    assert!(code == 0 && out.lines().all(|line| line.contains("  entry  ")), "{out}");
    let (_, out, _) = find(&name, &["_rebuild_tensor_v2", "--in", "imports"]);
    assert!(out.lines().all(|line| line.contains("data.pkl: ")), "{out}");
    // One member alone.
    let (code, out, _) = find(&name, &["version", "--member", "data.pkl"]);
    assert!(out.lines().all(|line| !line.contains("  entry  ")), "{code} {out}");
}

#[test]
fn nothing_that_is_printed_acts() {
    let (_, out, error) = find("samples/hostile-demo.pkl", &["--regex", "."]);
    assert!(out.chars().chain(error.chars()).all(|c| !c.is_control() || c == '\n'));
}

#[test]
fn bytes_of_the_file_and_a_hint_about_the_syntax() {
    let bytes = std::fs::read(path(MODEL)).unwrap();
    let query = format!("b'\\x{:02x}\\x{:02x}'", bytes[0], bytes[1]);
    let (code, out, _) = find(MODEL, &[&query, "--in", "file-bytes"]);
    assert_eq!(code, 0);
    assert!(out.lines().next().is_some_and(|line| line.contains("@0  file-bytes  ")), "{out}");
    let (code, _, error) = find(MODEL, &["~0.98331"]);
    assert_eq!(code, 1);
    assert!(error.contains("~0.98331 was taken as text") && error.contains("0.5..0.6"), "{error}");
}

#[test]
fn what_begins_with_a_hyphen_is_a_number_or_refused() {
    for words in
        [&["-0.3"][..], &["-2..0"], &["-inf"], &["-1e300", "--json"], &["--case", "-7"], &["--", "--cse"], &["'--cse'"]]
    {
        let (code, _, error) = find(MODEL, words);
        assert!(code == 0 || code == 1, "{words:?}: {code} {error}");
    }
    let (code, out, _) = find(MODEL, &["-2..0", "--in", "numbers"]);
    assert!(code == 0 && out.contains("  number  0"), "{out}");
    for words in [&["--cse"][..], &["-x"], &["--jsn", "coef_"], &["coef_", "--jsn"]] {
        let (code, out, error) = find(MODEL, words);
        assert!(code == 64 && out.is_empty(), "{words:?}: {code} {out} {error}");
    }
    assert!(find(MODEL, &["--cse"]).2.contains("no such option"), "{}", find(MODEL, &["--cse"]).2);
}

#[test]
fn paths_take_quotation_marks_of_both_kinds() {
    for path in ["obj['demo']", "obj[\"demo\"]", "obj[\"\\x64emo\"]"] {
        let (code, out, error) = find("samples/everyday.pkl", &[path]);
        let expected = find("samples/everyday.pkl", &["obj['demo']"]);
        assert_eq!((code, out), (expected.0, expected.1), "{path}: {error}");
    }
}
