//! The table of messages, held against what libraries really raised (`scripts/fixtures/gen_errors.py`).

use picklescope::explain::{Action, entries, explain, is_error_message};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Entries whose message no fixture raises, and why.
const NOT_RAISED: &[(&str, &str)] = &[
    ("torch-zip-before-1.6", "torch before 1.6, which no fixture is made with; the words are those of its source"),
    ("function-arguments", "two versions of a library whose functions differ; the words are those of Python"),
    ("torch-damaged", "torch after 2.15; the words are those of its source"),
    ("file-permission", "root, as which fixtures are made, may read every file"),
];

/// Texts without any message of an error that has to do with pickles.
const ORDINARY: [&str; 23] = [
    "",
    "\n\n  \n",
    "Epoch 3/10: loss: 0.231, val_loss: 0.284",
    "INFO:root: loading model.pkl",
    "The file was written with pandas and loads well.",
    "What is a pickle? A pickle is a stream of opcodes.",
    "model = pickle.load(file)",
    "ValueError: the price must be positive",
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
    "KeyError: 'price'x",
    "ZeroDivisionError: division by zero",
    "IndexError: string index out of range",
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='example.org', port=443): Max retries exceeded",
    "NameError: name 'df' is not defined",
    "SyntaxError: invalid syntax",
    "AssertionError: 2 != 3",
    "There was an error: the module could not be found in the list",
    "it is not a valid reason to attribute this to the object",
    "Traceback (most recent call last):",
    "OSError: [Errno 28] No space left on device",
    "UnicodeDecodeErrors are rare: 'utf-8' is the usual codec",
    "RuntimeError: dictionary changed size during iteration",
    "File not found: the page you asked for",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One message that was raised.
pub(super) struct Raised {
    pub(super) name: String,
    pub(super) entry: String,
    pub(super) text: String,
    pub(super) file: Option<PathBuf>,
}

pub(super) fn raised() -> Vec<Raised> {
    let folder = root().join("tests/fixtures/errors");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let rows: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for row in rows.as_array().unwrap() {
            let text = match &row["text"] {
                Value::String(text) => text.clone(),
                lines => {
                    lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
                }
            };
            found.push(Raised {
                name: format!("{}: {}", path.file_stem().unwrap().to_str().unwrap(), row["name"].as_str().unwrap()),
                entry: row["entry"].as_str().unwrap().to_owned(),
                text,
                file: row["file"].as_str().map(|file| root().join("tests/fixtures").join(file)),
            });
        }
    }
    found
}

/// The entries that a text is explained with.
fn explained(text: &str) -> Vec<String> {
    explain(text, None).causes.into_iter().map(|cause| cause.entry).collect()
}

/// The last message of a traceback, when it is a single line.
pub(super) fn last_line(text: &str) -> Option<&str> {
    let last = text.trim_end().lines().last()?;
    let is_message = !last.starts_with([' ', '\t', '-'])
        && last.split(':').next()?.chars().all(|c| c.is_alphanumeric() || "._".contains(c));
    is_message.then_some(last)
}

fn assert_none(wrong: &[String], of: usize) {
    assert!(wrong.is_empty(), "{} of {of} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_message_that_was_raised_is_explained_by_its_entry() {
    let all = raised();
    assert!(all.len() > 400, "only {} messages", all.len());
    let wrong: Vec<String> = all
        .iter()
        .filter_map(|raised| {
            let found = explained(&raised.text);
            (found.first() != Some(&raised.entry)).then(|| {
                format!(
                    "{}: expected {}, found {found:?}\n    {:?}",
                    raised.name,
                    raised.entry,
                    last_line(&raised.text)
                )
            })
        })
        .collect();
    assert_none(&wrong, all.len());
}

#[test]
fn one_line_of_it_is_enough() {
    let all = raised();
    let mut wrong = Vec::new();
    for raised in &all {
        let Some(line) = last_line(&raised.text) else { continue };
        let found = explained(line);
        if found.first() != Some(&raised.entry) {
            wrong.push(format!("{}: expected {}, found {found:?}\n    {line}", raised.name, raised.entry));
        }
    }
    assert_none(&wrong, all.len());
}

#[test]
fn colours_wrapped_lines_and_other_quotation_marks_make_no_difference() {
    let all = raised();
    let mut wrong = Vec::new();
    for raised in &all {
        let Some(line) = last_line(&raised.text) else { continue };
        let coloured = match line.split_once(": ") {
            Some((kind, message)) => format!("\u{1b}[0;31m{kind}\u{1b}[0m: \u{1b}[1m{message}\u{1b}[0m\n"),
            None => format!("\u{1b}[0;31m{line}\u{1b}[0m\n"),
        };
        let chars: Vec<char> = line.chars().collect();
        let wrapped = chars.chunks(50).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join("\n");
        let curly = line.replace('\'', "\u{2019}").replace('"', "\u{201d}");
        let entities = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;");
        let logged = format!("2026-11-30 12:00:00 ERROR: {line}");
        for (how, text) in
            [("coloured", coloured), ("wrapped", wrapped), ("curly", curly), ("entities", entities), ("logged", logged)]
        {
            // The end of a line is part of some short messages.
            if how == "wrapped" && line.len() < 55 {
                continue;
            }
            let found = explained(&text);
            if found.first() != Some(&raised.entry) {
                wrong.push(format!("{} {how}: expected {}, found {found:?}\n    {text}", raised.name, raised.entry));
            }
        }
    }
    assert_none(&wrong, all.len());
}

#[test]
fn ordinary_texts_are_not_explained() {
    let mut wrong = Vec::new();
    for text in ORDINARY {
        wrong.extend(explained(text).into_iter().map(|entry| format!("{text:?}: {entry}")));
    }
    for file in ["ARCHITECTURE.md", "CONTRIBUTING.md", "src/explain/said.rs", "scripts/fixtures/errors_plain.py"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for line in text.lines() {
            wrong.extend(explained(line).into_iter().map(|entry| format!("{file}: {line:?}: {entry}")));
        }
    }
    assert_none(&wrong, ORDINARY.len());
}

#[test]
fn messages_of_many_kinds_were_raised() {
    let seen: BTreeSet<String> = raised().into_iter().map(|raised| raised.entry).collect();
    assert!(seen.len() >= 100, "only {} kinds", seen.len());
    let known: BTreeSet<&str> = entries().iter().map(|entry| entry.name).collect();
    assert!(seen.iter().all(|entry| known.contains(entry.as_str())));
    let listed: BTreeMap<&str, &str> = NOT_RAISED.iter().copied().collect();
    let missing: Vec<&&str> =
        known.iter().filter(|name| !seen.contains(**name) && !listed.contains_key(**name)).collect();
    assert!(missing.is_empty(), "neither raised by a fixture nor in NOT_RAISED: {missing:?}");
    let stale: Vec<&&str> = listed.keys().filter(|name| seen.contains(**name) || !known.contains(**name)).collect();
    assert!(stale.is_empty(), "in NOT_RAISED, but raised or gone: {stale:?}");
}

#[test]
fn a_step_names_a_command_or_a_place_of_the_page() {
    let steps: Vec<_> = entries().iter().flat_map(|entry| &entry.steps).collect();
    assert!(steps.iter().any(|step| step.action == Some(Action::Scan)));
    for step in steps {
        assert!(!step.with(Action::on_page).contains("picklescope "), "{step:?}");
        assert_eq!(step.action.is_some(), step.with(Action::command).contains("picklescope "), "{step:?}");
    }
}

#[test]
fn of_chained_exceptions_the_last_comes_first() {
    let text = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\nKeyError: 118\n\n\
                During handling of the above exception, another exception occurred:\n\n\
                Traceback (most recent call last):\n  File \"a.py\", line 2, in g\n    y\nEOFError: Ran out of input\n";
    assert_eq!(explained(text), ["ran-out-of-input", "load-key-lfs"]);
    let found = explain(text, None);
    assert_eq!((found.exception.as_deref(), found.message.as_str()), (Some("EOFError"), "Ran out of input"));
}

#[test]
fn notebooks_are_read() {
    let text = "---------------------------------------------------------------------------\n\
                ModuleNotFoundError                       Traceback (most recent call last)\n\
                Cell In[3], line 2\n      1 with open('a.pkl', 'rb') as f:\n----> 2     model = pickle.load(f)\n\n\
                ModuleNotFoundError: No module named 'sklearn.ensemble.forest'\n";
    assert_eq!(explained(text), ["sklearn-moved-module"]);
    // Source text of the frames is no message.
    let source = "Traceback (most recent call last):\n  File \"pickle.py\", line 12, in load\n    raise EOFError(\"Ran out of input\")\n\
                  ValueError: unsupported pickle protocol: 5\n";
    assert_eq!(explained(source), ["unsupported-protocol"]);
}

#[test]
fn names_in_a_message_are_filled_in() {
    let found = explain("AttributeError: Can't get attribute 'Tokenizer' on <module '__main__' from 'serve.py'>", None);
    let cause = &found.causes[0];
    assert!(cause.title.contains("'Tokenizer'"), "{}", cause.title);
    assert!(cause.steps.iter().any(|step| step.text.contains("import Tokenizer")), "{:?}", cause.steps);
    let found = explain("ModuleNotFoundError: No module named 'sklearn.linear_model.logistic'", None);
    assert!(found.causes[0].known.iter().any(|known| known.contains("before 0.24")), "{:?}", found.causes[0].known);
    let found = explain("No module named 'cv2'", None);
    assert!(found.causes[0].known.iter().any(|known| known.contains("opencv-python")), "{:?}", found.causes[0].known);
}

#[test]
fn a_long_text_is_read_from_its_end() {
    let text = format!("{}\nEOFError: Ran out of input", "KeyError: 'a\n".repeat(200_000));
    let found = explain(&text, None);
    assert!(found.is_cut);
    assert_eq!(found.exception.as_deref(), Some("EOFError"));
    // One line without an end, and characters of several bytes at the cut.
    for hostile in [
        "': ".repeat(500_000),
        "\u{20ac}".repeat(400_000),
        "'".repeat(1 << 20),
        "[".repeat(1 << 20),
        "a.".repeat(1 << 19),
    ] {
        let _ = explain(&hostile, None);
    }
}

/// The page about messages, written from the table: `BLESS=1 cargo test --test it explain::messages`.
#[test]
fn the_page_is_that_of_the_table() {
    let path = root().join("docs/explain.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, _) = text.split_once("\n## The messages\n").unwrap();
    let mut page = format!("{head}\n## The messages\n");
    for entry in entries() {
        let _ = write!(page, "\n### {}\n\n", entry.name);
        for says in &entry.says {
            let _ = writeln!(page, "    {says}");
        }
        let _ = write!(page, "\n**{}.** {}\n", escaped(&entry.title), escaped(&entry.cause));
        if !entry.versions.is_empty() {
            let _ = write!(page, "\nVersions: {}\n", escaped(&entry.versions));
        }
        if !entry.steps.is_empty() {
            page.push('\n');
        }
        for step in &entry.steps {
            let _ = writeln!(page, "- {}", escaped(&step.with(Action::command)));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), page, "BLESS=1 writes it");
}

/// Markdown of plain text.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if matches!(c, '*' | '_' | '<' | '`' | '[' | '\\') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[test]
fn error_messages_are_told_from_other_texts() {
    for text in [
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>",
        "  in load\n_pickle.UnpicklingError: invalid load key, '<'.",
        "E   ModuleNotFoundError: No module named 'sklearn'",
    ] {
        assert!(is_error_message(text), "{text}");
    }
    for text in
        ["", "gASVCwAAAAAAAAB9lIwBYZRLAXMu", "80 04 4b 01 2e", "b'\\x80\\x04N.'", "Errors are rare", "ValueError"]
    {
        assert!(!is_error_message(text), "{text}");
    }
}

#[test]
fn of_many_lines_the_last_one_that_is_known_is_answered() {
    let warning = "/venv/xgboost/core.py:158: UserWarning: [10:00:00] WARNING: /workspace/src/c_api/c_api.cc:1240: If you are loading \
                   a serialized model (like pickle in Python, RDS in R) or\nconfiguration generated by an older version of XGBoost, \
                   please export the model by calling\n`Booster.save_model` from that version first, then load it back in current \
                   version. See:\n\n    https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html\n";
    assert_eq!(explained(warning), ["xgboost-serialisation"]);
    let text = format!(
        "{warning}Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\nKeyError: 'price per unit'\n"
    );
    let found = explain(&text, None);
    assert_eq!(found.causes.last().unwrap().entry, "xgboost-serialisation");
    let log = "ModuleNotFoundError: No module named 'sklearn.ensemble.forest'\nEOFError: Ran out of input\n\
               ModuleNotFoundError: No module named 'numpy._core'\nValueError: the price must be positive\n";
    assert_eq!(explained(log), ["numpy-core", "ran-out-of-input", "sklearn-moved-module"]);
    let found = explain(log, None);
    assert_eq!(found.unknown().as_deref(), Some("ValueError: the price must be positive"));
    assert_eq!(explain("EOFError: Ran out of input", None).unknown(), None);
}

#[test]
fn names_without_quotation_marks_are_read() {
    for (text, entry) in [
        ("ImportError: No module named copy_reg", "module-missing-python2"),
        ("ImportError: No module named cPickle", "module-missing-python2"),
        ("ImportError: No module named sklearn.ensemble.forest", "sklearn-moved-module"),
        ("ImportError: No module named pandas.indexes.base", "pandas-module-old"),
        ("ImportError: No module named models", "module-own-project"),
        ("ImportError: cannot import name joblib", "cannot-import-name"),
    ] {
        assert_eq!(explained(text).first().map(String::as_str), Some(entry), "{text}");
    }
}

#[test]
fn small_letters_and_capitals_are_different_bytes() {
    assert_eq!(explained("invalid load key, 'H'.").first().unwrap(), "load-key-hdf5");
    assert_eq!(explained("invalid load key, 'h'.").first().unwrap(), "load-key");
    assert_eq!(explained("invalid load key, 'X'.").first().unwrap(), "load-key");
}

#[test]
fn a_version_that_is_cut_is_in_no_command() {
    let text = "InconsistentVersionWarning: Trying to unpickle estimator SVC from version 1.2";
    for cause in explain(text, None).causes {
        for step in &cause.steps {
            assert!(!step.text.contains("=="), "{step:?}");
        }
    }
}
