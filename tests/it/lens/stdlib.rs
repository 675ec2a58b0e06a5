//! The standard library as several versions of Python write it, in the words of those versions (`truth.json` beside the files).

use crate::support;
use crate::support::assemble;
use assemble::{call, dict, global, int, list, none, pickle, root, text, tuple};
use picklescope::document::Document;
use serde_json::Value;
use support::{fixture, open};

#[test]
fn rows_say_what_python_says() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for version in ["3.8", "3.11", "3.13"] {
        let truth: Value = serde_json::from_slice(&fixture(&format!("stdlib/{version}/truth.json"))).unwrap();
        for protocol in [0, 2, 4, 5] {
            let document = open(&fixture(&format!("stdlib/{version}/values.p{protocol}.pkl")));
            let rows = document.rows(0, 1000);
            for (key, word) in truth.as_object().unwrap() {
                let label = format!("'{key}'");
                let row = rows.iter().find(|row| row.label == label && row.level == 2).unwrap();
                let preview: String = row.preview.iter().map(|part| part.text.as_str()).collect();
                let text = format!("{} {preview}", row.type_name);
                compared += 1;
                // Two where protocols below 4 tell less.
                let word = word.get(usize::from(protocol >= 4)).unwrap_or(word).as_str().unwrap();
                if !text.contains(word) {
                    wrong.push(format!("{version} p{protocol} {key}: {text}, expected {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 350, "{compared}");
}

/// Labels of the children of a pickle's object; each is found by its path, and has that path.
fn children(document: &Document) -> Vec<String> {
    let labels: Vec<String> =
        document.rows(0, 100).into_iter().filter(|row| row.level == 2).map(|row| row.label).collect();
    for label in &labels {
        let path = format!("obj[{label}]");
        let node = document.find_path(&path).unwrap();
        assert_eq!(document.path_to(node), (path, true));
    }
    labels
}

/// What Python 2 wrote of an `OrderedDict`, and whoever else gives a mapping its items as pairs.
#[test]
fn a_mapping_made_of_a_list_of_pairs_has_keys() {
    let pair = |key: &str, value: i64| list(&[text(key), int(value)]);
    let of = |callee: [&str; 2], items| open(&pickle(call(global(callee[0], callee[1]), &[items])));
    let wanted = ["'a'", "'b'"];
    for callee in [["collections", "OrderedDict"], ["builtins", "dict"]] {
        assert_eq!(children(&of(callee, list(&[pair("a", 1000), pair("b", 2000)]))), wanted);
        let tuples = tuple(&[tuple(&[text("a"), int(1000)]), pair("b", 2000)]);
        assert_eq!(children(&of(callee, tuples)), wanted);
    }
    // Of equal keys the first key and the last value are there.
    let document = of(["collections", "OrderedDict"], list(&[pair("a", 1000), pair("b", 2000), pair("a", 3000)]));
    let rows: Vec<String> = document.rows(0, 100).into_iter().map(|row| row.label).collect();
    assert_eq!(rows[1..], ["'a'", "'b'", "replaced"]);
    // What is no pair is shown as it is.
    let document = of(["collections", "OrderedDict"], list(&[pair("a", 1000), list(&[text("b")])]));
    assert_eq!(children(&document), ["0", "1"]);
}

/// cloudpickle and dill put the class itself into the file.
#[test]
fn an_instance_of_a_class_by_value_has_its_name() {
    let class = |name: &str| {
        let own = dict(&[(text("__module__"), text("shop"))]);
        let arguments = [global("builtins", "type"), text(name), tuple(&[]), own, none(), none()];
        call(global("cloudpickle.cloudpickle", "_make_skeleton_class"), &arguments)
    };
    let members = dict(&[(text("RED"), int(1)), (text("BLUE"), int(2))]);
    let arguments = [tuple(&[]), text("Colour"), text("Colour"), members, text("shop"), none(), none()];
    let colour = call(global("cloudpickle.cloudpickle", "_make_skeleton_enum"), &arguments);
    let old = call(global("copyreg", "_reconstructor"), &[class("Cart"), global("builtins", "object"), none()]);
    let said = |value| {
        let row = open(&pickle(value)).rows(0, 1).remove(0);
        let preview: Vec<String> = row.preview.into_iter().map(|part| part.text).collect();
        format!("{} {}", row.type_name, preview.join(" "))
    };
    assert_eq!(said(call(class("Cart"), &[])).trim(), "Cart shop");
    assert_eq!(said(call(colour.clone(), &[int(2)])), "Colour BLUE");
    assert_eq!(said(call(colour, &[int(3)])), "Colour shop (3)");
    assert!(said(old).starts_with("Cart shop"));
}

#[test]
fn lists_of_numbers_are_drawn() {
    let loss = "(lp0\nF0.9\naF0.5\naF0.4\naF0.3\naI1\naF0.2\naF0.2\naF0.1\na.";
    let mut document = open(loss.as_bytes());
    let card = document.card(root(&document).0).unwrap();
    let titles: Vec<_> = card.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Line", "Statistics"]);
    let node = root(&document).0;
    let statistics = document.statistics(node, 0).unwrap();
    let mean = statistics.facts.iter().find(|fact| fact.name == "mean").unwrap();
    assert_eq!((statistics.progress, mean.value.as_str()), ((8, 8), "0.45"));
    // Fewer, and lists of something else, are told by their text.
    for other in ["(lp0\nF0.9\naF0.5\na.", "(lp0\nI1\naI1\naI1\naI1\naI1\naI1\naI1\naVtext\na."] {
        let document = open(other.as_bytes());
        assert!(document.card(root(&document).0).is_none_or(|card| card.sections.len() < 2), "{other}");
    }
}
