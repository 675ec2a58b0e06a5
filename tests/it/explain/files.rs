//! Messages together with the file that they are about.

use super::messages::raised;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::explain::{Answer, Cause, explain};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

pub(super) fn open(bytes: Vec<u8>) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    Bundle::open(vec![("model.pkl".to_owned(), source)], Limits::default(), &mut |_| {})
}

fn fixture(name: &str) -> Bundle {
    open(fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap())
}

fn first(text: &str, bundle: &Bundle) -> Cause {
    explain(text, Some(bundle.document())).causes.into_iter().next().unwrap()
}

fn answer(text: &str, bundle: &Bundle) -> (Answer, String, Option<u64>) {
    let evidence = first(text, bundle).evidence.into_iter().next().unwrap();
    (evidence.answer, evidence.text, evidence.offset)
}

/// Of a hundred messages with a file, those whose cause the file has to show. The rest is about what is installed where the file was
/// loaded, or about a whole file that was opened in the wrong way.
const SHOWN: usize = 85;

#[test]
fn the_file_that_raised_a_message_shows_it() {
    let mut unseen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut with_file, mut shown) = (0, 0);
    for raised in raised() {
        let Some(path) = &raised.file else { continue };
        let Ok(bytes) = fs::read(path) else { panic!("{}: {} is missing", raised.name, path.display()) };
        let bundle = open(bytes);
        let cause = first(&raised.text, &bundle);
        if cause.evidence.is_empty() {
            continue;
        }
        with_file += 1;
        if cause.evidence.iter().any(|evidence| evidence.answer == Answer::Shows) {
            shown += 1;
        } else {
            let said: Vec<&str> = cause.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
            unseen.entry(raised.entry.clone()).or_default().push(format!("{}: {said:?}", raised.name));
        }
    }
    assert!(with_file > 200, "only {with_file} messages have a file");
    assert!(shown * 100 >= with_file * SHOWN, "{shown} of {with_file} are shown; not: {unseen:#?}");
}

#[test]
fn names_are_looked_for_in_the_file() {
    let bundle = open(b"\x80\x04\x8c\x08__main__\x8c\x05Model\x93)\x81.".to_vec());
    let (yes, text, offset) = answer("Can't get attribute 'Model' on <module '__main__'", &bundle);
    assert_eq!((yes, offset), (Answer::Shows, Some(19)), "{text}");
    let (no, text, _) = answer("Can't get attribute 'Other' on <module '__main__'", &bundle);
    assert_eq!(no, Answer::DoesNot, "{text}");
    let (no, text, _) = answer("No module named 'sklearn'", &bundle);
    assert_eq!(no, Answer::DoesNot, "{text}");
}

#[test]
fn a_cut_file_says_how_much_is_missing() {
    // A text of 10 bytes of which 3 are there: 7 and STOP.
    let (yes, text, offset) = answer("pickle data was truncated", &open(b"\x80\x04\x8c\x0aabc".to_vec()));
    assert_eq!((yes, offset), (Answer::Shows, Some(2)));
    assert!(text.contains("at least 8 bytes are missing"), "{text}");
    // A frame of 16 bytes of which 5 are there.
    let (yes, text, _) =
        answer("pickle data was truncated", &open(b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x0aabc".to_vec()));
    assert_eq!(yes, Answer::Shows);
    assert!(text.contains("at least 11 bytes are missing"), "{text}");
    let (no, text, _) = answer("pickle data was truncated", &open(b"\x80\x04N.".to_vec()));
    assert_eq!(no, Answer::DoesNot, "{text}");
}

/// A list of numbers of two bytes, cut in the middle of one and between two.
#[test]
fn a_cut_file_fits_the_message_of_the_place_where_it_is_cut() {
    let whole = [&b"\x80\x02](M\x01\x02"[..], &b"M\x03\x04".repeat(9)].concat();
    for (length, fits, other) in [
        (whole.len() - 1, "UnpicklingError: pickle data was truncated", "EOFError: Ran out of input"),
        (whole.len(), "EOFError: Ran out of input", "UnpicklingError: pickle data was truncated"),
    ] {
        let bundle = open(whole[..length].to_vec());
        assert_eq!(answer(fits, &bundle).0, Answer::Shows, "{fits}");
        let (found, text, _) = answer(other, &bundle);
        assert_eq!(found, Answer::DoesNot, "{other}: {text}");
        assert!(text.contains("stops") && text.contains(fits.split(": ").nth(1).unwrap()), "{text}");
    }
}

#[test]
fn what_the_bytes_are_is_said() {
    let (yes, text, _) = answer("invalid load key, '\\x1f'.", &fixture("packed/small.gz"));
    assert_eq!(yes, Answer::Shows);
    assert!(text.contains("gzip"), "{text}");
    let (no, text, _) = answer("invalid load key, '\\x1f'.", &fixture("packed/small.pkl"));
    assert_eq!(no, Answer::DoesNot, "{text}");
    let (yes, text, _) = answer(
        "invalid load key, 'v'.",
        &open(b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n".to_vec()),
    );
    assert_eq!(yes, Answer::Shows);
    assert!(text.contains("LFS"), "{text}");
}

#[test]
fn the_place_where_the_loader_stops_is_said() {
    let (yes, text, offset) = answer("could not find MARK", &open(b"\x80\x02]K\x01e.".to_vec()));
    assert_eq!((yes, offset), (Answer::Shows, Some(5)), "{text}");
    let (no, text, _) = answer("could not find MARK", &open(b"\x80\x02N.".to_vec()));
    assert_eq!(no, Answer::DoesNot, "{text}");
}

#[test]
fn the_protocol_is_compared() {
    let (yes, ..) = answer("unsupported pickle protocol: 5", &open(b"\x80\x05N.".to_vec()));
    assert_eq!(yes, Answer::Shows);
    let (no, text, _) = answer("unsupported pickle protocol: 5", &open(b"\x80\x04N.".to_vec()));
    assert_eq!(no, Answer::DoesNot, "{text}");
}

#[test]
fn any_bytes_are_asked_without_a_panic() {
    let all = raised();
    for bytes in [&b""[..], b".", b"\x80", b"PK\x03\x04", b"\x93NUMPY", b"\x80\x02}q\x00(U\x01a", &[0xff; 300]] {
        let bundle = open(bytes.to_vec());
        for raised in all.iter().step_by(5) {
            let _ = explain(&raised.text, Some(bundle.document()));
        }
    }
}

#[test]
fn what_the_file_holds_is_said_where_a_model_was_expected() {
    let text = "AttributeError: 'list' object has no attribute 'predict'";
    let (yes, said, offset) = answer(text, &open(b"\x80\x02](K\x01K\x02e.".to_vec()));
    assert_eq!((yes, offset), (Answer::Shows, Some(2)));
    assert!(said.contains("of the type list") && said.contains("2 items"), "{said}");
    // The file is not the one of the message, or the model is an item of what it holds.
    let (no, said, _) = answer(text, &fixture("real/sklearn-1.4/logistic-regression.p4.pkl"));
    assert!(no == Answer::DoesNot && said.contains("LogisticRegression"), "{said}");
    let (related, said, _) =
        answer("'str' object has no attribute 'predict'", &open(b"\x80\x02(K\x01K\x02t.".to_vec()));
    assert!(related == Answer::Unknown && said.contains("tuple"), "{said}");
    let (no, _, _) = answer(text, &open(b"\x80\x02".to_vec()));
    assert_eq!(no, Answer::DoesNot);
}

#[test]
fn a_message_that_names_something_else_than_the_file_holds_does_not_fit() {
    let forest = fixture("real/sklearn-1.2/random-forest.p5.pkl");
    let warning = |class: &str, wrote: &str| {
        format!(
            "Trying to unpickle estimator {class} from version {wrote} when using version 1.3.0. This might lead to breaking code"
        )
    };
    let (no, text, _) = answer(&warning("RandomForestClassifier", "1.0.2"), &forest);
    assert!(no == Answer::DoesNot && text.contains("1.2.2, not 1.0.2") && text.contains("another file"), "{text}");
    let (no, text, _) = answer(&warning("LogisticRegression", "1.2.2"), &forest);
    assert!(no == Answer::DoesNot && text.contains("names no LogisticRegression"), "{text}");
    let (yes, text, _) = answer(&warning("RandomForestClassifier", "1.2.2"), &forest);
    assert_eq!(yes, Answer::Shows, "{text}");

    for (file, message) in [
        ("errors/files/csv.pkl", "_pickle.UnpicklingError: invalid load key, '<'."),
        ("packed/small.gz", "invalid load key, 'v'."),
        (
            "containers/torch-2.2.2/module.pt",
            "Unsupported global: GLOBAL models.yolo.Model was not an allowed global by default",
        ),
        (
            "real/sklearn-1.2/random-forest.p5.pkl",
            "Can't get attribute 'new_block' on <module 'pandas.core.internals.blocks'",
        ),
        ("errors/files/csv.pkl", "RuntimeError: a.pt is a zip archive (did you mean to use torch.jit.load()?)"),
    ] {
        let evidence = first(message, &fixture(file)).evidence;
        assert!(evidence[0].answer == Answer::DoesNot, "{file}: {evidence:?}");
        assert!(evidence.iter().all(|one| one.answer != Answer::Shows), "{file}: {evidence:?}");
        assert!(evidence[0].text.contains("about another file"), "{file}: {evidence:?}");
    }
    let (yes, text, _) = answer(
        "RuntimeError: a.pt is a zip archive (did you mean to use torch.jit.load()?)",
        &fixture("containers/torch-2.2.2/module.pt"),
    );
    assert_eq!(yes, Answer::Shows, "{text}");
}

#[test]
fn the_very_message_that_a_file_raises_elsewhere_comes_first() {
    let bundle = fixture("real/sklearn-1.2/decision-tree.p4.pkl");
    let evidence = first("ValueError: node array from the pickle has an incompatible dtype:", &bundle).evidence;
    assert!(evidence[0].answer == Answer::Shows && evidence[0].text.contains("node array"), "{evidence:?}");
    let others = evidence.iter().filter(|one| one.text.contains("Does not load with"));
    assert!(others.clone().all(|one| one.text.contains("node array")), "{evidence:?}");
}

#[test]
fn a_function_is_no_constructor() {
    let entry = |text: &str| explain(text, None).causes.first().map(|cause| cause.entry.clone());
    let of = |function: &str| entry(&format!("TypeError: {function}() takes 3 positional arguments but 4 were given"));
    assert_eq!(of("_unpickle_block").as_deref(), Some("function-arguments"));
    assert_eq!(of("Refused.__init__").as_deref(), Some("constructor-arguments"));
    assert_eq!(of("__init__").as_deref(), Some("constructor-arguments"));
}

#[test]
fn one_message_in_the_words_of_torch_is_answered_once() {
    let text = "_pickle.UnpicklingError: Weights only load failed. This file can still be loaded.\n\
        \tWeightsUnpickler error: Unsupported global: GLOBAL models.yolo.Model was not an allowed global by default.";
    let causes = explain(text, None).causes;
    let entries: Vec<&str> = causes.iter().map(|cause| cause.entry.as_str()).collect();
    assert_eq!(entries, ["torch-unsupported-global"]);
}

#[test]
fn a_cut_file_says_how_much_of_which_bytes() {
    let reading = |file: &str| fixture(&format!("errors/files/{file}")).document().overview().reading;
    let npy = reading("cut-values.npy");
    assert!(npy.contains(" 720 bytes are missing") && !npy.contains("at least"), "{npy}");
    let gzip = reading("cut.pkl.gz");
    assert!(gzip.contains("of the unpacked content"), "{gzip}");
    let safetensors = reading("cut.safetensors");
    assert!(safetensors.contains("It is cut: by its header, "), "{safetensors}");
    let legacy = reading("cut-legacy.pt");
    assert!(legacy.contains("by the sizes of all storages, "), "{legacy}");
    let npz = fixture("errors/files/cut.npz");
    let overview = npz.document().overview();
    assert!(!overview.reading.contains("Read to the last byte."), "{}", overview.reading);
    let notes: Vec<&str> = overview.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("at least 40 bytes are missing")), "{notes:?}");
    let plain = open(b"\x80\x02K".to_vec()).document().overview().reading;
    assert!(plain.contains("expected 1 byte of argument"), "{plain}");
}

/// What has nothing to do with most messages: each is what the file is, and the entries of which it is not what they read.
const UNRELATED: [(&str, &[u8], &[&str]); 5] = [
    ("text", b"hello world, this is text\n", &[]),
    ("empty", b"", &["ran-out-of-input", "truncated", "npy-empty"]),
    (
        "list",
        b"\x80\x04](K\x01K\x02e.",
        &["torch-magic", "plain-value", "torch-checkpoint-key", "unsupported-protocol", "torch-protocol"],
    ),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["load-key", "persistent-id"]),
    ("zeros behind", b"\x80\x04K\x01.\0\0\0\0", ZEROS),
];
const ZEROS: &[&str] =
    &["torch-magic", "load-key-zero", "load-key", "plain-value", "unsupported-protocol", "torch-protocol"];
/// Messages that any file fits which is not of the format that they ask for.
const NOT_OF_FORMAT: [&str; 15] = [
    "bad-zip",
    "catboost-model-file",
    "hdf5-not-hdf5",
    "json-of-something-else",
    "lightgbm-model-file",
    "not-bz2",
    "not-gzip",
    "not-xz",
    "npy-magic",
    "npy-not-a-pickle",
    "npy-not-npy",
    "rdkit-pickle",
    "safetensors",
    "torch-mmap",
    "xgboost-model-file",
];

/// Whether a file fits needs something that is seen in it and peculiar to the message.
#[test]
fn a_file_that_has_nothing_of_a_message_does_not_fit_it() {
    let mut wrong = BTreeMap::new();
    for (name, bytes, fits) in UNRELATED {
        let bundle = open(bytes.to_vec());
        for raised in raised() {
            let Some(cause) = explain(&raised.text, Some(bundle.document())).causes.into_iter().next() else {
                continue;
            };
            let entry = cause.entry.as_str();
            let may_fit = NOT_OF_FORMAT.contains(&entry) || entry == "zlib-header" || fits.contains(&entry);
            if !may_fit && cause.evidence.iter().any(|one| one.answer == Answer::Shows) {
                wrong.insert(format!("{name}: {entry}"), format!("{}: {:?}", cause.quote, cause.evidence));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One of three answers, and it comes first.
#[test]
fn a_file_gets_one_answer() {
    let mut files: Vec<Vec<u8>> = UNRELATED.iter().map(|(_, bytes, _)| bytes.to_vec()).collect();
    for name in ["code/2.7-dill-0.3/nothing.pkl", "real/sklearn-1.2/random-forest.p5.pkl", "errors/files/cut.npz"] {
        files.push(fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap());
    }
    let mut texts: Vec<String> = raised().into_iter().map(|raised| raised.text).collect();
    texts.push("TypeError: code() argument 13 must be str, not int".to_owned());
    for bundle in files.into_iter().map(open) {
        for cause in texts.iter().filter_map(|text| explain(text, Some(bundle.document())).causes.into_iter().next()) {
            let answers: Vec<Answer> =
                cause.evidence.iter().map(|one| one.answer).filter(|one| *one != Answer::Related).collect();
            let is_one = answers.windows(2).all(|pair| pair[0] == pair[1]);
            let is_first = cause.evidence.first().is_none_or(|one| one.answer != Answer::Related);
            assert!(is_one && is_first, "{}: {:?}", cause.quote, cause.evidence);
        }
    }
}

#[test]
fn a_class_in_the_words_of_python_is_looked_for_by_its_name() {
    let message = "ValueError: <class 'numpy.random._mt19937.MT19937'> is not a known BitGenerator module.";
    let (yes, text, _) = answer(message, &fixture("real/numpy-2.4/random-state.p5.pkl"));
    assert_eq!(yes, Answer::Shows, "{text}");
    let (no, text, _) = answer(&message.replace("MT19937'", "Other'"), &fixture("real/numpy-2.4/random-state.p5.pkl"));
    assert_eq!(no, Answer::DoesNot, "{text}");
}

#[test]
fn zeros_behind_a_pickle_are_where_a_loop_stops() {
    let (yes, text, offset) = answer("invalid load key, '\\x00'.", &open(b"\x80\x04K\x01.\0\0\0\0".to_vec()));
    assert_eq!((yes, offset), (Answer::Shows, Some(5)), "{text}");
    assert!(text.contains("A loop that loads on"), "{text}");
}

#[test]
fn an_attribute_that_instances_lack_is_shown() {
    let frame = fixture("real/pandas-1.5/frame.p4.pkl");
    let (no, text, _) = answer("AttributeError: 'DataFrame' object has no attribute '_mgr'", &frame);
    assert!(no == Answer::DoesNot && text.contains("has the attribute"), "{text}");
    let (yes, text, _) = answer("AttributeError: 'DataFrame' object has no attribute '_data'", &frame);
    assert_eq!(yes, Answer::Shows, "{text}");
    let (no, text, _) =
        answer("AttributeError: 'DataFrame' object has no attribute '_mgr'", &open(b"\x80\x02]K\x01a.".to_vec()));
    assert_eq!(no, Answer::DoesNot, "{text}");
}

/// Where the file that raised a message seems not to fit: what it says depends on a version that the file does not tell, or a base class.
const BASE_OR_VERSION: [&str; 6] = [
    "xgboost-attribute-after-load",
    "bad-newobj",
    "module-missing",
    "ran-out-of-input",
    "load-key-letter",
    "size-overflow",
];

#[test]
fn the_file_that_raised_a_message_is_not_denied() {
    let mut wrong = Vec::new();
    for raised in raised() {
        let Some(path) = raised.file.as_ref().filter(|_| !BASE_OR_VERSION.contains(&raised.entry.as_str())) else {
            continue;
        };
        let cause = first(&raised.text, &open(fs::read(path).unwrap()));
        if cause.evidence.first().is_some_and(|one| one.answer == Answer::DoesNot) {
            wrong.push(format!("{} {}: {:?}", raised.name, cause.quote, cause.evidence[0].text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
