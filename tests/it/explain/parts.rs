//! Every part that a message names is held against the file: where one is changed, the file does not fit, or it is said that this part
//! was not looked at.

use super::files::open;
use super::messages::raised;
use picklescope::explain::{Answer, Cause, Evidence, explain};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Entries whose messages name what is installed here, what the program did or what is missing, beside what is in the file.
const OF_SURROUNDINGS: [&str; 33] = [
    "code-object",
    "inconsistent-version",
    "joblib-lz4",
    "joblib-python2",
    "lightgbm-model-file",
    "missing-attribute-after-load",
    "module-pathlib-local",
    "npy-header",
    "npy-not-a-pickle",
    "npy-not-npy",
    "npy-python2",
    "npy-version",
    "pandas-module",
    "pandas-not-safe",
    "pandas-placement",
    "pandas-timestamp",
    "plain-value",
    "python2-numbers",
    "safetensors",
    "sklearn-module",
    "torch-cuda",
    "torch-dtensor",
    "torch-mmap",
    "torch-protocol",
    "torch-restricted-call",
    "torch-source-changed",
    "torch-torchscript",
    "torch-unsupported-global",
    "torch-weights-only",
    "torch-weights-only-format",
    "xgboost-model-file",
    "constructor-arguments",
    "function-arguments",
];

fn first(text: &str, bundle: &picklescope::bundle::Bundle) -> Option<Cause> {
    explain(text, Some(bundle.document())).causes.into_iter().next()
}

fn shows(evidence: &[Evidence]) -> bool {
    evidence.iter().any(|one| one.answer == Answer::Shows)
}

fn is_said(evidence: &[Evidence]) -> bool {
    evidence
        .iter()
        .any(|one| one.text.starts_with("Not held against the file") || one.text.contains("was not looked at"))
}

/// The message with one part changed after the other: a word in quotation marks, a dotted name, a number.
fn changed(message: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let bytes = message.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length =
            bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
        let word = message[at..at + length].trim_end_matches('.');
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        // A part of a path.
        let is_path = message[..at].ends_with(['/', '-']) || message[at + length..].starts_with(['/', '-']);
        let is_quoted = at > 0 && bytes[at - 1] == b'\'' && bytes.get(at + word.len()) == Some(&b'\'');
        let new = match () {
            () if is_number => Some(format!("{}7", word)),
            () if is_quoted && word.len() > 1 => Some("Wholly_other".to_owned()),
            () if word.contains('.') && word.len() > 3 => Some("wholly.Other".to_owned()),
            () => None,
        };
        if let Some(new) = new.filter(|_| !is_path) {
            found.push((word.to_owned(), format!("{}{new}{}", &message[..at], &message[at + word.len()..])));
        }
        at += length.max(1);
    }
    found
}

#[test]
fn a_message_with_one_part_changed_is_about_another_file() {
    let mut silent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut other, mut said, mut unknown, mut surroundings, mut messages) = (0, 0, 0, 0, 0);
    for raised in raised() {
        let Some(path) = &raised.file else { continue };
        let bundle = open(fs::read(path).unwrap());
        let Some(cause) = first(&raised.text, &bundle).filter(|cause| shows(&cause.evidence)) else { continue };
        let Some(again) = first(&cause.quote, &bundle).filter(|again| again.entry == cause.entry) else { continue };
        if !shows(&again.evidence) {
            continue;
        }
        messages += 1;
        for (word, text) in changed(&cause.quote) {
            match first(&text, &bundle) {
                None => unknown += 1,
                Some(now) if now.evidence.is_empty() => unknown += 1,
                Some(now) if is_said(&now.evidence) => said += 1,
                Some(now) if !shows(&now.evidence) => other += 1,
                Some(now) if OF_SURROUNDINGS.contains(&now.entry.as_str()) => surroundings += 1,
                Some(now) => {
                    silent.entry(format!("{} ({word})", now.entry)).or_default().insert(text);
                }
            }
        }
    }
    let count = silent.values().map(BTreeSet::len).sum::<usize>();
    println!(
        "{messages} messages; changed parts: {other} another file, {said} said not to be looked at, {unknown} not known or not about a \
         file, {surroundings} of surroundings, {count} not noticed"
    );
    let listed: Vec<String> = silent.iter().map(|(what, texts)| format!("{what}: {:?}", texts.iter().next())).collect();
    assert!(messages > 900 && other > 500, "{messages}, {other}");
    assert!(count * 100 <= other, "{count} of {other}:\n{}", listed.join("\n"));
}

/// A message that is about another module, class, version, byte, number, key than the file holds.
#[test]
fn what_differs_in_one_part_does_not_fit() {
    let global = b"\x80\x04\x8c\x08__main__\x8c\x05Model\x93)\x81.".to_vec();
    let frame = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/dataframe.pkl")).unwrap();
    for (text, file) in [
        ("Can't get attribute 'DataFrame' on <module 'wholly.other'>", &frame),
        ("Can't get attribute 'Model' on <module 'model'", &global),
        ("No module named '__main__.other'", &global),
        ("Memo value not found at index 8", &b"\x80\x04h\x07.".to_vec()),
        ("unhashable type: 'dict'", &b"\x80\x04}]Ns.".to_vec()),
        ("unregistered extension code 241", &b"\x80\x02\x82\xf0.".to_vec()),
        ("ValueError: 5 is not a valid Model", &global),
        (
            "Detected pickle protocol 3 in the checkpoint, which was not the default pickle protocol 2",
            &b"\x80\x02N.".to_vec(),
        ),
        (
            "UnicodeDecodeError: 'ascii' codec can't decode byte 0xe9 in position 3: ordinal not in range(128)",
            &b"\x80\x02U\x05caf\xe8s.".to_vec(),
        ),
        ("unknown encoding: wholly-other", &b"\x80\x02c_codecs\nencode\nX\x01\0\0\0aX\x06\0\0\0latin1\x86R.".to_vec()),
        ("OSError: Not a gzipped file (b'PK')", &b"\x80\x02N.".to_vec()),
        ("KeyError: 'model'", &b"\x80\x02}X\x05\0\0\0modelNs.".to_vec()),
        ("Missing key(s) in state_dict: \"fc.weight\".", &b"\x80\x02}X\x09\0\0\0fc.weightNs.".to_vec()),
        ("Unexpected key(s) in state_dict: \"fc.bias\".", &b"\x80\x02}X\x09\0\0\0fc.weightNs.".to_vec()),
    ] {
        let bundle = open(file.clone());
        let cause = first(text, &bundle).unwrap_or_else(|| panic!("{text} is not known"));
        assert_eq!(cause.evidence[0].answer, Answer::DoesNot, "{text}: {:?}", cause.evidence);
        assert!(!shows(&cause.evidence), "{text}: {:?}", cause.evidence);
    }
}

#[test]
fn what_agrees_in_every_part_fits() {
    for (text, file) in [
        (
            "Can't get attribute 'Model' on <module '__mp_main__' from 'a.py'>",
            &b"\x80\x04\x8c\x08__main__\x8c\x05Model\x93)\x81."[..],
        ),
        ("Can't get attribute 'Mod", b"\x80\x04\x8c\x08__main__\x8c\x05Model\x93)\x81."),
        ("Memo value not found at index 7", b"\x80\x04h\x07."),
        ("unhashable type: 'list'", b"\x80\x04}]Ns."),
        ("KeyError: 'model'", b"\x80\x02}X\x05\0\0\0otherNs."),
        ("Missing key(s) in state_dict: \"fc.bias\".", b"\x80\x02}X\x09\0\0\0fc.weightNs."),
        ("Unexpected key(s) in state_dict: \"fc.weight\".", b"\x80\x02}X\x09\0\0\0fc.weightNs."),
        ("'ascii' codec can't decode byte 0xe9 in position 3: ordinal not in range(128)", b"\x80\x02U\x05caf\xe9s."),
    ] {
        let bundle = open(file.to_vec());
        let Some(cause) = first(text, &bundle) else { continue };
        assert!(cause.evidence[0].answer == Answer::Shows, "{text}: {:?}", cause.evidence);
    }
}
