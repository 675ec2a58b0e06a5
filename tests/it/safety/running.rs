//! Code of the file that loading runs: what it names, what it is bound to and what its containers hold.

use crate::support;
use picklescope::safety::Level;
use support::assemble::{Value, bytes, call, dict, global, int, list, none, pickle, text, tuple};
use support::open;

/// A function by cloudpickle whose code has these names.
fn function(names: &[&str], globals: &[(Value, Value)], defaults: Value) -> Value {
    let texts = |names: &[&str]| tuple(&names.iter().map(|name| text(name)).collect::<Vec<_>>());
    let maker = call(global("cloudpickle.cloudpickle", "_builtin_type"), &[text("CodeType")]);
    let numbers = [int(0), int(0), int(0), int(0), int(2), int(67)];
    let code = [bytes(b"d\0S\0"), tuple(&[none()]), texts(names), tuple(&[]), text("x.py"), text("f"), text("f")];
    let rest = [int(1), bytes(b""), bytes(b""), tuple(&[]), tuple(&[])];
    let code = call(maker, &[&numbers[..], &code[..], &rest[..]].concat());
    call(global("cloudpickle.cloudpickle", "_make_function"), &[code, dict(globals), text("f"), defaults, none()])
}

/// An instance whose hash is asked by a dict.
fn holder(hash: Value) -> Value {
    let maker = global("cloudpickle.cloudpickle", "_make_skeleton_class");
    let bases = tuple(&[global("builtins", "object")]);
    let members = dict(&[(text("__hash__"), hash)]);
    let class = call(maker, &[global("builtins", "type"), text("X"), bases, members, none(), none()]);
    let key = [class, tuple(&[]), b"\x81".to_vec()].concat();
    dict(&[(key, int(1))])
}

fn asked(hash: Value) -> Level {
    open(&pickle(holder(hash))).audit().level
}

fn names(names: &[&str]) -> Level {
    asked(function(names, &[], none()))
}

fn subimport(module: &str) -> Value {
    call(global("cloudpickle.cloudpickle", "subimport"), &[text(module)])
}

#[test]
fn the_names_of_code_that_runs_are_judged_as_names_of_pickles_are() {
    for acting in [
        &["logging", "FileHandler"][..],
        &["logging.handlers", "SysLogHandler"],
        &["urllib", "request", "urlopen"],
        &["urllib.request", "Request"],
        &["requests", "get"],
        &["subprocess", "list2cmdline"],
        &["smtplib", "SMTP"],
        &["os", "getcwd", "unlink"],
        &["io", "FileIO"],
    ] {
        assert_eq!(names(acting), Level::Dangerous, "{acting:?}");
    }
    for plain in [
        &["logging", "getLogger", "info"][..],
        &["os", "path", "join", "getcwd", "environ"],
        &["io", "BytesIO"],
        &["json", "dumps", "hash"],
        &["shop.models", "run"],
        &["builtins", "hash"],
        &["FileHandler"],
    ] {
        assert_eq!(names(plain), Level::UnknownCode, "{plain:?}");
    }
}

#[test]
fn no_number_of_other_names_hides_what_acts() {
    let many: Vec<String> = (0..2000).map(|number| format!("a{number:04}")).collect();
    let padded: Vec<&str> = many.iter().map(String::as_str).chain(["logging", "FileHandler"]).collect();
    assert_eq!(names(&padded), Level::Dangerous);
    // Names of modules cost a look at each name; what is not looked at is told, and code of so many names is no compiler's.
    let modules: Vec<&str> = ["json", "logging", "numpy", "pandas", "re", "scipy"].to_vec();
    let many: Vec<String> = (0..12_000).map(|number| format!("a{number:06}")).collect();
    let padded: Vec<&str> = modules.into_iter().chain(many.iter().map(String::as_str)).collect();
    let holders: Vec<Value> = (0..40).map(|_| holder(function(&padded, &[], none()))).collect();
    let document = open(&pickle(list(&holders)));
    assert_eq!(document.audit().level, Level::UnknownCode);
    assert!(!document.audit().partial.is_empty());
    assert_eq!(names(&[&padded[..], &padded[..]].concat()), Level::Dangerous);
}

#[test]
fn what_code_that_runs_is_bound_to_is_what_it_may_use() {
    let opener = || global("builtins", "open");
    let bound = |value: Value| asked(function(&["hash"], &[], tuple(&[value])));
    assert_eq!(bound(opener()), Level::Dangerous);
    assert_eq!(bound(list(&[tuple(&[int(1), opener()])])), Level::Dangerous);
    assert_eq!(bound(dict(&[(text("how"), opener())])), Level::Dangerous);
    assert_eq!(bound(global("builtins", "len")), Level::UnknownCode);
    // A module is what its code takes of it.
    let takes = |name: &str| asked(function(&[name], &[], tuple(&[subimport("os")])));
    assert_eq!(takes("unlink"), Level::Dangerous);
    assert_eq!(takes("getcwd"), Level::UnknownCode);
    // Globals are used by those that name them.
    let tools = || dict(&[(text("how"), opener())]);
    assert_eq!(asked(function(&["TOOLS"], &[(text("TOOLS"), tools())], none())), Level::Dangerous);
    assert_eq!(asked(function(&["OTHER"], &[(text("TOOLS"), tools())], none())), Level::UnknownCode);
    assert_eq!(asked(function(&["globals"], &[(text("TOOLS"), tools())], none())), Level::Dangerous);
}
