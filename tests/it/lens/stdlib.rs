//! The standard library as several versions of Python write it, in the words of those versions (`truth.json` beside the files).

use crate::support;
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
