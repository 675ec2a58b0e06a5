//! The code that is written to copy. `scripts/check_stubs.py` runs it over the fixtures; here a Python, if there is one, runs a few.

use crate::support::{fixture, sha256::sha256, tests};
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::explain::stubs::{self, Kind};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

fn open(bytes: &[u8]) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.to_vec()));
    Bundle::open(vec![("model.pkl".to_owned(), source)], Limits::default(), &mut |_| {})
}

/// Instances of four classes of `__main__`: with attributes, with another state, filled like a dict, an `int` of protocol 2.
const CLASSES: &[u8] =
    b"\x80\x04](\x8c\x08__main__\x94\x8c\x05Model\x93)\x81}\x8c\x01aK\x01sbh\x00\x8c\x05Other\x93)\x81K\x05b\
    h\x00\x8c\x04Many\x93)\x81\x8c\x01kK\x01sh\x00\x8c\x06Number\x93K\x07\x85\x81h\x00\x8c\x08tokenize\x93e.";

/// `os.system('echo')`, which is never loaded here, beside an ordered dict.
const DANGEROUS: &[u8] = b"\x80\x02](ccollections\nOrderedDict\n)Rcposix\nsystem\nX\x04\x00\x00\x00echo\x85Re.";

fn python() -> Option<PathBuf> {
    let found = Command::new("python3").args(["-c", "import sys; print(sys.version_info >= (3, 8))"]).output().ok()?;
    found.stdout.starts_with(b"True").then(|| PathBuf::from("python3"))
}

/// Runs Python source; what it prints.
fn run(source: &str) -> Option<String> {
    let done = Command::new(python()?).args(["-I", "-c", source]).output().unwrap();
    assert!(done.status.success(), "{}\n{source}", String::from_utf8_lossy(&done.stderr));
    Some(String::from_utf8(done.stdout).unwrap())
}

/// A Python literal of bytes.
fn literal(bytes: &[u8]) -> String {
    format!("bytes({bytes:?})")
}

/// What decides how code runs, as scripts/check_stubs.py takes it.
fn without_comments(code: &str) -> String {
    let lines = code.split('\n').filter(|line| !line.starts_with('#'));
    let lines = lines.map(|line| line.split("  # ").next().unwrap_or_default());
    lines.filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
}

/// The code that is written now is the code that ran in real Python over the fixtures (`scripts/check_stubs.py --write`).
#[test]
fn the_code_of_every_fixture_ran_in_python() {
    let table = String::from_utf8(fixture("stubs.tsv")).unwrap();
    let (mut checked, mut wrong, mut failed) = (0, Vec::new(), Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, sum, outcome] = fields[..] else { panic!("{line}") };
        let path = tests().join("fixtures").join(name);
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(fs::read(&path).unwrap()));
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let bundle = Bundle::open(vec![(file, source)], Limits::default(), &mut |_| {});
        let kinds = [Kind::Classes, Kind::Loader, Kind::Requirements];
        let code: String = kinds.into_iter().map(|kind| without_comments(&kind.write(bundle.document()))).collect();
        if sha256(code.as_bytes())[..16] != *sum {
            wrong.push(name);
        }
        if outcome == "failed" {
            failed.push(name);
        }
        checked += 1;
    }
    assert!(checked > 1500, "{checked}");
    assert!(failed.is_empty(), "failed in Python: {failed:?}");
    assert!(
        wrong.is_empty(),
        "{} of {checked} have other code now; run scripts/check_stubs.py --write: {:?}",
        wrong.len(),
        &wrong[..wrong.len().min(20)]
    );
}

#[test]
fn stand_ins_let_it_load() {
    let code = stubs::classes(open(CLASSES).document());
    for class in
        ["class Model(object)", "class Other(object)", "class Many(dict)", "class Number(object)", "def tokenize("]
    {
        assert!(code.contains(class), "{class}\n{code}");
    }
    assert_eq!(code.matches("def __setstate__").count(), 1, "{code}");
    let script = format!(
        "{code}\nimport pickle\nvalue = pickle.loads({})\nprint([type(one).__name__ for one in value], value[0].a, value[1].state, dict(value[2]), value[3].given)",
        literal(CLASSES)
    );
    if let Some(said) = run(&script) {
        assert_eq!(said, "['Model', 'Other', 'Many', 'Number', 'function'] 1 5 {'k': 1} ((7,), {})\n");
    }
}

#[test]
fn stand_ins_make_the_modules_that_are_missing() {
    let file = b"\x80\x04\x8c\x11shop.models.price\x8c\x0bOuter.Inner\x93)\x81}\x8c\x01aK\x01sb.";
    let code = stubs::classes(open(file).document());
    let script = format!(
        "{code}\nimport pickle\nvalue = pickle.loads({})\nprint(type(value).__name__, value.a)\n\
        print(type(pickle.loads(pickle.dumps(value, 4))).__module__)",
        literal(file)
    );
    if let Some(said) = run(&script) {
        assert_eq!(said, "Inner 1\nshop.models.price\n", "it is pickled again under the name it stands in for");
    }
}

#[test]
fn a_file_that_needs_nothing_says_so() {
    let code = stubs::classes(open(b"\x80\x04N.").document());
    assert!(code.starts_with("# model.pkl needs no stand-ins"), "{code}");
    assert!(stubs::list(open(b"\x80\x04N.").document()).contains("names nothing"));
    assert!(stubs::loader(open(b"\x80\x04N.").document()).contains("ALLOWED = {\n}"));
}

#[test]
fn the_loader_takes_what_the_file_names_and_nothing_else() {
    let file = b"\x80\x02ccollections\nOrderedDict\n)R.";
    let code = stubs::loader(open(file).document());
    assert!(code.contains("(\"collections\", \"OrderedDict\"),"), "{code}");
    let folder = std::env::temp_dir().join(format!("picklescope-stubs-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("model.pkl");
    fs::write(&path, file).unwrap();
    let other = literal(b"\x80\x02ccollections\nCounter\n)R.");
    let script = format!(
        "names = {{'__name__': 'loader'}}\nexec({code:?}, names)\nprint(type(names['load']({:?})).__name__)\nimport io, pickle\n\
         try:\n    names['Loader'](io.BytesIO({other})).load()\nexcept pickle.UnpicklingError as error:\n    print(error)\n",
        path.to_str().unwrap()
    );
    let said = run(&script);
    fs::remove_dir_all(&folder).unwrap();
    if let Some(said) = said {
        let expected =
            "OrderedDict\ncollections.Counter is refused: the file that this loader was written for does not name it\n";
        assert_eq!(said, expected);
    }
}

#[test]
fn a_name_that_pickles_of_two_protocols_have_is_there_once() {
    let file = b"\x80\x02cshop\nBasket\n)R.\x80\x04\x8c\x04shop\x8c\x06Basket\x93)\x81.";
    let bundle = open(file);
    let code = stubs::loader(bundle.document());
    assert_eq!(code.matches("(\"shop\", \"Basket\")").count(), 1, "{code}");
    assert!(code.contains("# 1 instance, called once"), "{code}");
    let code = stubs::classes(bundle.document());
    assert_eq!(code.matches("class Basket").count(), 1, "{code}");
    // Protocol 2 means builtins.set by it, protocol 4 does not; a loader is asked for the same.
    let code = stubs::loader(open(b"\x80\x02c__builtin__\nset\n]\x85R.\x80\x04c__builtin__\nset\n.").document());
    assert_eq!(code.matches("(\"__builtin__\", \"set\")").count(), 1, "{code}");
}

#[test]
fn dangerous_names_are_left_out_and_named() {
    let code = stubs::loader(open(DANGEROUS).document());
    let allowed = code.split("ALLOWED = {").nth(1).unwrap().split('}').next().unwrap();
    assert!(!allowed.contains("system"), "{code}");
    assert!(code.contains("REFUSED = {\n    (\"posix\", \"system\"): \"Dangerous"), "{code}");
    assert!(code.contains("The verdict on this file is: Dangerous"), "{code}");
    let lines = stubs::torch(open(DANGEROUS).document());
    assert!(!lines.contains("import posix") && !lines.contains("(posix"), "{lines}");
}

#[test]
fn names_of_a_file_get_no_further_than_literals_and_comments() {
    // A name with a quotation mark, a line end and a call in it, as STACK_GLOBAL can have.
    let name = b"X\"\"\"\nimport os\nos.system('echo')\n\\";
    let mut file = b"\x80\x04\x8c\x08__main__\x8c".to_vec();
    file.push(name.len() as u8);
    file.extend_from_slice(name);
    file.extend_from_slice(b"\x93)\x81.");
    let bundle = open(&file);
    for code in [stubs::classes, stubs::loader, stubs::torch, stubs::requirements, stubs::list]
        .map(|write| write(bundle.document()))
    {
        for line in code.lines() {
            assert!(
                !line.trim_start().starts_with("import os") && !line.trim_start().starts_with("os.system"),
                "{code}"
            );
        }
    }
    let code = stubs::classes(bundle.document());
    let script = format!("{code}\nimport pickle\nprint(type(pickle.loads({})).__name__)", literal(&file));
    if let Some(said) = run(&script) {
        assert_eq!(said, "StandIn\n");
    }
}

#[test]
fn packages_that_the_audit_knows_are_packages_here() {
    let modules = [
        "matplotlib.figure",
        "django.db.models.base",
        "plotly.graph_objs",
        "xarray.core.dataset",
        "dask.array.core",
        "cv2",
        "bson.objectid",
    ];
    let file: Vec<u8> = modules.iter().flat_map(|module| format!("c{module}\nThing\n").into_bytes()).collect();
    let bundle = open(&[b"\x80\x02(".to_vec(), file, b"cshop.models\nPrice\nt.".to_vec()].concat());
    let lines = stubs::requirements(bundle.document());
    for package in ["matplotlib", "django", "plotly", "xarray", "dask", "opencv-python", "pymongo"] {
        assert!(lines.lines().any(|line| line == package), "{package}\n{lines}");
    }
    assert_eq!(lines.matches("on no list here").count(), 1, "{lines}");
    assert_eq!(stubs::classes(bundle.document()).matches("\nclass ").count(), 1);
}

#[test]
fn requirements_name_packages_and_what_is_none() {
    let file =
        b"\x80\x02](csklearn.ensemble._forest\nRandomForestClassifier\ncmy_code\nModel\nc__main__\nNet\nccv2\nx\ne.";
    let lines = stubs::requirements(open(file).document());
    let has = |line: &str| lines.lines().any(|found| found.starts_with(line));
    assert!(
        has("scikit-learn>=") && has("opencv-python") && has("# my_code: on no list") && has("# __main__"),
        "{lines}"
    );
    assert!(!has("my_code") && !has("cv2"), "{lines}");
}
