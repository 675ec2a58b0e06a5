//! The ten questions of docs/questions.md, each answered by one command.

use super::commands::{path, run};

/// What a command says of a file: `FILE` stands for it.
fn answer(arguments: &[&str], file: &str) -> String {
    let path = path(file);
    let arguments: Vec<&str> =
        arguments.iter().map(|&argument| if argument == "FILE" { path.to_str().unwrap() } else { argument }).collect();
    run(&arguments).1
}

fn says(arguments: &[&str], file: &str, words: &[&str]) {
    let said = answer(arguments, file);
    for word in words {
        assert!(said.contains(word), "{arguments:?} of {file}: {word} is missing in\n{said}");
    }
}

#[test]
fn which_scikit_learn_wrote_this() {
    says(&["info", "FILE"], "real/sklearn-1.9/pipeline.p5.pkl", &["scikit-learn   1.9.1"]);
}

#[test]
fn what_runs_if_i_load_it() {
    let words = ["Dangerous", "would run a shell command", "posix.system('echo this would have run')"];
    says(&["scan", "FILE"], "samples/hostile-demo.pkl", &words);
}

#[test]
fn where_is_the_number() {
    says(&["find", "FILE", "0.3482"], "memory/records.pkl", &["obj[0]['score']  @74", "0.3481692251619595"]);
}

#[test]
fn what_makes_it_so_large() {
    says(&["size", "FILE"], "memory/slice.pt", &["obj['slice']", "uses 40 B of a storage of 40.0 KB"]);
}

#[test]
fn how_do_i_save_this_array() {
    let path = path("memory/slice.pt");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_picklescope"))
        .args(["export", "--format", "npy", "--path", "obj['slice']", "-o", "-"])
        .arg(path)
        .output()
        .unwrap();
    assert!(output.stdout.starts_with(b"\x93NUMPY") && output.status.success());
}

#[test]
fn what_does_this_byte_mean() {
    let words = ["argument of FRAME at 0x2: length 20568"];
    says(&["bytes", "FILE", "--at", "0x3", "--count", "8"], "memory/records.pkl", &words);
}

#[test]
fn what_was_on_the_stack_here() {
    let words = ["Pushes a new, empty dict.", "1  MARK (#4)", "0  list (empty)"];
    says(&["trace", "FILE", "--at", "14"], "memory/records.pkl", &words);
}

#[test]
fn which_classes_must_i_define() {
    says(&["stubs", "FILE"], "benign/own-class.pkl", &["mylib.Model"]);
    says(&["stubs", "--classes", "FILE"], "benign/own-class.pkl", &["class Model(object)"]);
}

#[test]
fn is_it_cut_and_by_how_much() {
    says(&["info", "FILE"], "edge/cut-in-argument.pkl", &["only 3 remain", "at least 6 bytes are missing"]);
}

#[test]
fn why_does_read_pickle_fail() {
    let error = "ModuleNotFoundError: No module named 'pandas.core.indexes.numeric'";
    let words = ["written with pandas 1", "pd.read_pickle", "This file fits the message"];
    says(&["explain", error, "FILE"], "tables/pandas-1.5/indexes.p3.pkl", &words);
}
