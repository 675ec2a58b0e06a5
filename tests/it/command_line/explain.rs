//! `picklescope explain` and `picklescope stubs`: exit codes, where the message comes from, forms of output; and files that a
//! transfer has changed.

use super::commands::{on, path, piped, run};
use serde_json::Value;

#[test]
fn a_message_is_explained_with_and_without_a_file() {
    let (code, out, error) = run(&["explain", "ModuleNotFoundError: No module named 'numpy._core'"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.contains("numpy 2") && out.contains("What to do:"), "{out}");
    let (code, out, _) = on(&["explain", "No module named 'numpy._core'"], "real/numpy-2.4/arrays.p2.pkl");
    assert_eq!(code, 0);
    assert!(out.contains("This file fits the message at offset"), "{out}");
    let (code, out, _) = on(&["explain", "No module named 'numpy._core'"], "packed/small.pkl");
    assert_eq!(code, 0);
    assert!(out.contains("This file does not fit the message"), "{out}");
    let (code, out, _) = run(&["explain", "an ordinary sentence"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("This message is not known"), "{out}");
    assert_eq!(run(&["explain"]).0, 1);
    assert_eq!(run(&["explain", "EOFError", "no/such/file.pkl"]).0, 1);
    assert_eq!(on(&["explain", "EOFError"], "edge/cut-in-list.pkl").0, 2);
}

#[test]
fn a_traceback_comes_from_standard_input() {
    let text = b"Traceback (most recent call last):\n  File \"/x/lib/python3.7/site-packages/joblib/numpy_pickle.py\", line 1, in load\n\
                 ValueError: unsupported pickle protocol: 5\n";
    let (code, out, _) = piped(&["explain", "-"], text);
    assert_eq!(code, 0);
    assert!(out.contains("Python 3.7, joblib.load"), "{out}");
    let (code, _, error) = piped(&["explain", "-", "-"], text);
    assert_eq!(code, 1);
    assert!(error.contains("cannot be both"), "{error}");
    // Bytes that are no text.
    assert_eq!(piped(&["explain", "-"], b"\xff\xfe\0KeyError: 118").0, 0);
}

#[test]
fn it_is_json_on_demand() {
    let file = path("edge/cut-in-frame.pkl");
    let (_, out, _) = run(&["explain", "--json", "pickle data was truncated", file.to_str().unwrap()]);
    let found: Value = serde_json::from_str(&out).unwrap();
    let cause = &found["causes"][0];
    assert_eq!(cause["entry"], "truncated");
    assert_eq!(cause["evidence"][0]["answer"], "Shows");
    assert_eq!(found["message"], "pickle data was truncated");
}

#[test]
fn code_to_copy_is_printed() {
    let name = "code/3.11-dill-0.4/child.pkl";
    let (code, out, _) = on(&["stubs"], name);
    assert_eq!(code, 0);
    assert!(out.contains("dill._dill._create_type"), "{out}");
    assert!(on(&["stubs", "--classes"], name).1.starts_with("# "));
    assert!(on(&["stubs", "--loader"], name).1.contains("class Loader(pickle.Unpickler)"));
    assert!(
        on(&["stubs", "--torch"], "forecast/unknown-called.pkl")
            .1
            .contains("(argparse.Namespace, \"argparse.Namespace\"),")
    );
    assert!(on(&["stubs", "--requirements"], "real/sklearn-1.4/pipeline.p4.pkl").1.contains("\nscikit-learn==1.4.2\n"));
    assert_eq!(on(&["stubs", "--classes", "--loader"], name).0, 1);
}

/// `{'a': [1, 300]}` in protocol 4, changed as transfers change it.
const PICKLE: &[u8] = b"\x80\x04\x95\x11\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94]\x94(K\x01M,\x01es.";

#[test]
fn what_a_transfer_did_is_named_and_undone() {
    let latin: String = PICKLE.iter().map(|byte| char::from(*byte)).collect();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(latin.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let hex: String = PICKLE.iter().map(|byte| format!("{byte:02x}")).collect();
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("UTF-8", latin.clone().into_bytes(), "Latin-1 as UTF-8"),
        (
            "Windows",
            latin
                .replace('\u{80}', "\u{20ac}")
                .replace('\u{94}', "\u{201d}")
                .replace('\u{95}', "\u{2022}")
                .replace('\u{8c}', "\u{152}")
                .into_bytes(),
            "Windows-1252 as UTF-8",
        ),
        ("UTF-16", wide, "UTF-16"),
        ("a byte order mark", [b"\xef\xbb\xbf", PICKLE].concat(), "byte order mark"),
        ("digits", hex.into_bytes(), "hexadecimal"),
    ];
    for (what, bytes, word) in cases {
        let (code, out, error) = piped(&["info", "-"], &bytes);
        assert_eq!(code, 0, "{what}: {out}{error}");
        assert!(out.contains(word), "{what}: {out}");
        let (_, out, _) = piped(&["tree", "-"], &bytes);
        assert!(out.contains("300"), "{what}: {out}");
        let (code, out, _) = piped(&["scan", "-"], &bytes);
        assert!(code < 64, "{what}: {out}");
    }
    let lost = String::from_utf8_lossy(PICKLE).into_owned();
    let (code, out, _) = piped(&["info", "-"], lost.as_bytes());
    assert_eq!(code, 2);
    assert!(out.contains("replaced by U+FFFD") && out.contains("6 times"), "{out}");
}

#[test]
fn a_cut_file_says_how_many_bytes_are_missing() {
    for (kept, missing) in [(15, 13), (26, 2)] {
        let (code, out, _) = piped(&["info", "-"], &PICKLE[..kept]);
        assert_eq!(code, 2);
        assert!(out.contains(&format!("at least {missing} bytes are missing")), "{kept}: {out}");
    }
}
