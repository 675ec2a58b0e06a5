//! Every file of `tests/fixtures/containers` against what the loader of the tool that wrote it returned: wrappings, the
//! bytes of every member, the value, and whether all of it was read.

use crate::support;
use crate::support::canonical;
use crate::support::sha256;
use canonical::Canonical;
use picklescope::bundle::{Bundle, MemberId};
use picklescope::bytes::{Limits, MemorySource, Source, Span, read_span};
use picklescope::view::MemberRow;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files whose loaded value cannot be held against a document, and why.
const NO_VALUE: [(&str, &str); 4] = [
    ("safetensors", "no pickle"),
    ("keras", "the weights are an HDF5 file"),
    ("skops", "the objects are a JSON file that skops interprets"),
    ("pt2", "2.15 writes the weights as bare numbers, described in a JSON file"),
];

const ARCHIVES: [&str; 3] = ["zip", "tar", "7z"];

/// Where the loader returned something else than the file says: the file, the path in the value, and why.
const LOADER: [(&str, &str, &str); 6] = [
    ("joblib-0.8.4/objects.pkl", "/list/4/ndarray", "`__array_prepare__` of this numpy makes an empty matrix"),
    ("joblib-0.9.4/objects.pkl", "/list/4/ndarray", "the same"),
    ("joblib-0.9.4-py2/objects.pkl", "/list/4/ndarray", "the same"),
    ("joblib-1.6.0/objects.joblib", "/list/4/ndarray/class", "numpy 2 has no `__array_prepare__`: no matrix"),
    ("joblib-1.6.0/objects.compress1", "/list/4/ndarray/class", "the same"),
    ("torch-1.0.0-py2/module.pt", "/dict/0/1/object", "`_backend` is what a function of torch returns"),
];

struct Row(Value);

impl Row {
    fn all() -> Vec<Self> {
        let rows: Vec<Self> = support::manifest("containers/truth.json").into_iter().map(Self).collect();
        assert!(rows.len() >= 550, "{} rows", rows.len());
        rows
    }

    fn file(&self) -> &str {
        self.0["file"].as_str().unwrap()
    }

    fn wrappings(&self) -> Vec<&str> {
        self.0["wrappings"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
    }

    fn is(&self, wrapping: &str) -> bool {
        self.wrappings().contains(&wrapping)
    }

    /// Not read by anyone here: a method of 7z, an encrypted archive.
    fn is_closed(&self) -> bool {
        self.file().ends_with("ppmd.7z") || self.file().ends_with("encrypted.7z")
    }

    /// Whether there is a pickle or an array in it.
    fn is_loaded(&self) -> bool {
        !self.0["loader"].is_null() && !self.is_closed()
    }

    fn open(&self) -> Bundle {
        let sides = self.0["sides"].as_array().into_iter().flatten();
        let file = |name: &Value| {
            let name = name.as_str().unwrap();
            let bytes = support::fixture(&format!("containers/{name}"));
            (name.to_owned(), Arc::new(MemorySource::new(bytes)) as Arc<dyn Source>)
        };
        // Values are compared as a whole.
        let limits = Limits { preview: 1 << 16, ..Limits::default() };
        Bundle::open(std::iter::once(&self.0["file"]).chain(sides).map(file).collect(), limits, &mut |_| {})
    }
}

/// What each row says is wrong, all of it at once.
fn hold(mut check: impl FnMut(&Row) -> Vec<String>) {
    let mut wrong = Vec::new();
    for row in Row::all() {
        wrong.extend(check(&row).into_iter().map(|what| format!("{}: {what}", row.file())));
    }
    let count = wrong.len();
    wrong.truncate(60);
    assert!(count == 0, "{count} differences:\n{}", wrong.join("\n"));
}

/// The words of the chain for the words of the truth.
fn expected_chain(row: &Row) -> Vec<&str> {
    let has_several = matches!(row.file().rsplit('/').next(), Some("many.zip" | "solid.7z" | "same-name.zip"));
    let is_zf = row.is("joblib-zf");
    row.wrappings()
        .into_iter()
        .flat_map(|word| match word {
            "pickle" if row.is_closed() => vec!["not readable"],
            "7z" if row.file().ends_with("encrypted.7z") => vec!["7z", "not readable"],
            "pickle" if has_several => vec![],
            "bzip2" | "gzip" | "xz" | "zlib" | "zstd" | "lz4" | "zip" | "tar" | "7z" | "pickle" | "skops" | "keras" => {
                vec![word]
            }
            "lzma-alone" => vec!["lzma"],
            "joblib-zf" => vec!["joblib ZF"],
            // Without arrays in it, nothing in the pickle is of joblib.
            "joblib" if is_zf => vec!["pickle"],
            "joblib" => vec!["joblib", "pickle"],
            "npy" if row.is("zip") => vec!["npz"],
            "npy" => vec!["npy"],
            "torch" => vec!["torch", "pickle"],
            "torch-legacy" => vec!["torch", "pickle"],
            "torch-tar" => vec!["torch 0.1", "pickle"],
            "torchscript" => vec!["TorchScript", "pickle"],
            "pt2" => vec!["torch export"],
            "safetensors" => vec!["a safetensors file"],
            "gguf" => vec!["a GGUF model"],
            "onnx" => vec!["an ONNX model"],
            "hdf5" => vec!["an HDF5 file"],
            "parquet" => vec!["a Parquet file"],
            "feather" => vec!["an Arrow (Feather) file"],
            "mat" => vec!["a MATLAB file"],
            "html" => vec!["an HTML page"],
            "xml" => vec!["an XML document"],
            "json" => vec!["a JSON file"],
            "pdf" => vec!["a PDF document"],
            "png" => vec!["a PNG picture"],
            "git-lfs" => vec!["a Git LFS pointer"],
            "empty" => vec!["an empty file"],
            "unknown" => vec!["a file of zeros"],
            "text" if row.file().ends_with(".csv") => vec!["a table as text (CSV)"],
            "text" => vec!["a text file"],
            other => panic!("{other} has no word"),
        })
        .collect()
}

#[test]
fn the_chain_names_every_wrapping() {
    hold(|row| {
        let overview = row.open().document().overview();
        let mut chain: Vec<&str> = overview.chain.iter().map(|crumb| crumb.word.as_str()).collect();
        for word in &mut chain {
            if let Some(protocol) = word.strip_prefix("pickle ") {
                assert!(protocol.parse::<u8>().unwrap() <= 5);
                *word = "pickle";
            }
        }
        if row.is("joblib-zf") {
            chain.retain(|word| *word != "joblib");
        }
        // Objects of an array are a pickle, weights of an exported program a file of torch.
        let inside: &[&str] = match chain[..] {
            [.., "npy", "pickle"] => &["pickle"],
            [.., "torch export", "zip", "torch", "pickle"] => &["zip", "torch", "pickle"],
            ["zip", "skops", "npy"] => &["npy"],
            _ => &[],
        };
        let outer =
            if row.wrappings().last() == Some(&"pickle") { &chain[..] } else { &chain[..chain.len() - inside.len()] };
        let expected = expected_chain(row);
        if outer == expected || chain == expected { vec![] } else { vec![format!("{chain:?}, expected {expected:?}")] }
    });
}

#[test]
fn what_is_no_pickle_is_named_with_advice() {
    hold(|row| {
        let overview = row.open().document().overview();
        if row.is_loaded() && !row.is("safetensors") {
            let whole = overview.complete && row.open().document().is_complete();
            return if whole { vec![] } else { vec![format!("not complete: {}", overview.reading)] };
        }
        if row.wrappings() == ["zip"] {
            return vec![];
        }
        let mut wrong = Vec::new();
        if overview.complete {
            wrong.push("complete".to_owned());
        }
        if overview.reading.contains("This is not a pickle")
            || overview.reading.split(". ").count() < 2 && !row.is("empty")
        {
            wrong.push(format!("no advice: {}", overview.reading));
        }
        wrong
    });
}

/// Every file in every archive, by its path as the truth spells it: `outer!/inner`; a stream adds nothing to a path.
fn members(bundle: &mut Bundle) -> Vec<(String, MemberId)> {
    let mut all: Vec<MemberRow> = Vec::new();
    let mut at = 0;
    while at < bundle.row_count() {
        bundle.toggle(at, true, &mut |_| {});
        all.extend(bundle.rows(at, 1, &mut |_| {}));
        at += 1;
    }
    let mut found = Vec::new();
    // Per level: where members below begin, and whether what is above is an archive.
    let mut above: Vec<(String, bool)> = Vec::new();
    for row in &all {
        above.truncate(row.level as usize - 1);
        let (prefix, in_archive) = above.last().cloned().unwrap_or_default();
        let is_archive = ARCHIVES.contains(&row.word.rsplit(' ').next().unwrap());
        let path = if in_archive { prefix + &row.name } else { prefix };
        if row.word == "folder" {
            above.push((format!("{path}/"), true));
            continue;
        }
        if in_archive {
            found.push((path.clone(), bundle.member(row.member).unwrap()));
        }
        above.push(match is_archive {
            true if path.is_empty() => (path, true),
            true => (format!("{path}!/"), true),
            false => (path, false),
        });
    }
    // Without an archive, what the outermost file holds is the last row below it.
    let own = all.iter().skip(1).take_while(|row| row.level > 1).count();
    if found.is_empty() && own > 0 {
        let last = &all[own];
        found.push((String::new(), bundle.member(last.member).unwrap()));
    }
    found
}

#[test]
fn every_member_has_the_bytes_that_the_tool_put_in() {
    hold(|row| {
        let mut bundle = row.open();
        let levels = row.wrappings().iter().filter(|word| ARCHIVES.contains(word)).count();
        let found = members(&mut bundle);
        let mut expected: BTreeMap<&str, Vec<(u64, &str)>> = BTreeMap::new();
        for member in row.0["members"].as_array().unwrap() {
            let facts = (member["size"].as_u64().unwrap(), member["sha256"].as_str().unwrap());
            expected.entry(member["path"].as_str().unwrap()).or_default().push(facts);
        }
        let mut wrong = Vec::new();
        for (path, id) in &found {
            let Some(facts) = expected.get_mut(path.as_str()).filter(|facts| !facts.is_empty()) else {
                // The truth goes as deep as its wrappings say, and has nothing of encrypted archives.
                let is_deeper = path.matches("!/").count() >= levels;
                if !is_deeper && !row.is_closed() && row.0["sides"].is_null() {
                    wrong.push(format!("{path} is not in the truth"));
                }
                continue;
            };
            let (size, sum) = facts.remove(0);
            match bundle.bytes(*id, &mut |_| {}) {
                Ok(source) => {
                    let bytes = read_span(&*source, Span::new(0, source.len())).unwrap();
                    if source.len() != size || sha256::sha256(&bytes) != sum {
                        wrong.push(format!("{path}: {} bytes, expected {size} with sum {sum}", source.len()));
                    }
                }
                Err(_) if row.is_closed() => {}
                Err(why) => wrong.push(format!("{path}: {why}")),
            }
        }
        let missed =
            expected.iter().filter(|(_, facts)| !facts.is_empty()).map(|(path, _)| format!("{path:?} is not listed"));
        wrong.extend(missed);
        wrong
    });
}

/// The canonical value of the document on show.
fn value(bundle: &Bundle) -> Value {
    let document = bundle.document();
    let roots: Vec<_> = document.reading().streams.iter().filter_map(|stream| stream.root).collect();
    let mut canonical = Canonical::new(document.lens());
    match roots[..] {
        [one] => canonical.of(one),
        [_, _, _, object, _] if document.legacy_storages().is_some() => canonical.of(object),
        _ => json!({"list": roots.into_iter().map(|root| canonical.of(root)).collect::<Vec<_>>()}),
    }
}

/// The tensors that a TorchScript module has under the names of the truth, in its form.
fn state_dict(truth: &Value, module: &Value) -> Value {
    let attribute = |object: &Value, name: &str| {
        let pairs = object["object"]["state"]["dict"].as_array().unwrap();
        pairs.iter().find(|pair| pair[0]["str"] == name).unwrap_or_else(|| panic!("no {name}"))[1].clone()
    };
    let mut value = truth.clone();
    for item in value["object"]["items"].as_array_mut().unwrap() {
        let path = item[0]["str"].as_str().unwrap();
        let mut tensor = path.split('.').fold(module.clone(), |object, name| attribute(&object, name));
        // `state_dict` gives the numbers alone.
        let form = tensor["tensor"].as_object_mut().unwrap();
        form.remove("requires_grad");
        item[1] = tensor;
    }
    value
}

/// The values of the members that the truth names: those of an `.npz` file by their names in it.
fn values(row: &Row, bundle: &mut Bundle) -> Value {
    if row.is("torchscript") {
        return state_dict(&row.0["value"], &value(bundle));
    }
    let name = row.file().rsplit('/').next().unwrap();
    if !row.is("npy") && !matches!(name, "many.zip" | "solid.7z" | "same-name.zip") || !row.is("zip") && !row.is("7z") {
        return value(bundle);
    }
    let mut pairs = Vec::new();
    for (path, id) in members(bundle) {
        // An empty file among them is none.
        if path.ends_with(".txt") || bundle.bytes(id, &mut |_| {}).unwrap().is_empty() {
            continue;
        }
        bundle.show(id, &mut |_| {});
        assert!(bundle.document().is_complete(), "{path}");
        pairs.push(json!([{"str": path.trim_end_matches(".npy")}, value(bundle)]));
    }
    // Of two members with one name `zipfile` reads the second.
    if name == "same-name.zip" { pairs[1][1].clone() } else { json!({"dict": pairs}) }
}

/// Two canonical values, ours first.
struct Compare<'a> {
    row: &'a Row,
    /// Members that hold what the document only refers to, with what they should hold.
    beside: Vec<(String, Value)>,
    found: Vec<String>,
}

impl Compare<'_> {
    fn values(&mut self, path: &str, ours: &Value, truth: &Value) {
        match (ours, truth) {
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                // Python 2 has no order in a dict.
                let (mut a, mut b) = (a.clone(), b.clone());
                if path.ends_with("/dict") && self.row.0["python"].as_str().unwrap().starts_with("2.")
                    || path == "/dict" && self.row.is("zip")
                {
                    a.sort_by_key(|pair| pair[0].to_string());
                    b.sort_by_key(|pair| pair[0].to_string());
                }
                for (i, (a, b)) in a.iter().zip(&b).enumerate() {
                    self.values(&format!("{path}/{i}"), a, b);
                }
            }
            (Value::Object(_), Value::Object(_)) if self.is_of_the_loader(path) => {}
            (Value::Object(a), Value::Object(b)) => match a.get("beside") {
                Some(place) => self.beside.push((place.as_str().unwrap().to_owned(), truth.clone())),
                None => self.objects(path, a, b),
            },
            _ if ours == truth || self.is_of_the_loader(path) => {}
            (Value::String(a), Value::String(b)) if self.is_spelled_otherwise(path, a, b) => {}
            _ => self.found.push(format!("{path}: {}, expected {}", cut(ours), cut(truth))),
        }
    }

    fn is_of_the_loader(&self, path: &str) -> bool {
        LOADER.iter().any(|(file, end, _)| self.row.file() == *file && path.ends_with(end))
    }

    /// What a loader changes: joblib makes the byte order that of the machine; Python 2 spells bytes and text its own way.
    fn is_spelled_otherwise(&self, path: &str, ours: &str, truth: &str) -> bool {
        let python2 = self.row.0["python"].as_str().unwrap().starts_with("2.");
        let swapped = path.ends_with("/ndarray/dtype") && self.row.0["loader"] == "joblib.load";
        swapped && ours == ">i2" && truth == "int16"
            || python2 && ours.trim_start_matches('b').trim_matches('\'') == truth
            || python2 && ours.replace(" b'", " '") == truth.replace("u'", "'")
    }

    fn objects(&mut self, path: &str, ours: &serde_json::Map<String, Value>, truth: &serde_json::Map<String, Value>) {
        let keys: BTreeSet<&String> = ours.keys().chain(truth.keys()).collect();
        for key in keys {
            let inner = format!("{path}/{key}");
            match (ours.get(key), truth.get(key)) {
                // torch.load knows the key of a storage only where it has an address.
                (Some(_), None) if key == "key" || key == "bytes" => {}
                (Some(Value::String(ours)), Some(Value::String(truth)))
                    if path.ends_with("/storage")
                        && key == "class"
                        && truth == "TypedStorage"
                        && ours.ends_with("Storage") => {}
                (Some(Value::Array(values)), Some(Value::Array(expected)))
                    if path.ends_with("/tensor") && key == "values" && values.len() == expected.len() =>
                {
                    let precision = precision(ours["dtype"].as_str().unwrap());
                    for (value, expected) in values.iter().zip(expected) {
                        if !is_close(value.as_str().unwrap(), expected.as_str().unwrap(), precision) {
                            self.found.push(format!("{inner}: {value}, expected {expected}"));
                        }
                    }
                }
                // The storages of torch 0.1 have no place in its pickle.
                (None, Some(_)) if key == "storage" && self.row.is("torch-tar") => {}
                (Some(ours), Some(truth)) => self.values(&inner, ours, truth),
                (None, Some(truth)) => self.found.push(format!("{inner}: nothing, expected {}", cut(truth))),
                (Some(ours), None) => self.found.push(format!("{inner}: {}, expected nothing", cut(ours))),
                (None, None) => {}
            }
        }
    }
}

fn cut(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}

/// The truth has all digits of the nearest float64; half a unit in the last place of the tensor's own type is the same number.
fn precision(dtype: &str) -> f64 {
    let bits = match dtype {
        "float32" => 24,
        "float16" => 11,
        "bfloat16" => 8,
        "float8_e4m3fn" | "float8_e4m3fnuz" => 4,
        "float8_e5m2" | "float8_e5m2fnuz" => 3,
        _ => return 0.0,
    };
    0.5f64.powi(bits)
}

fn is_close(ours: &str, truth: &str, precision: f64) -> bool {
    match (ours.parse::<f64>(), truth.parse::<f64>()) {
        (Ok(a), Ok(b)) if precision > 0.0 => (a - b).abs() <= b.abs() * precision || a.to_bits() == b.to_bits(),
        _ => ours == truth,
    }
}

#[test]
fn every_value_is_what_the_loader_returned() {
    hold(|row| {
        if !row.is_loaded() || NO_VALUE.iter().any(|(word, _)| row.is(word)) {
            return vec![];
        }
        let mut compare = Compare { row, beside: Vec::new(), found: Vec::new() };
        let mut bundle = row.open();
        compare.values("", &values(row, &mut bundle), &row.0["value"]);
        for (path, truth) in std::mem::take(&mut compare.beside) {
            let id = bundle.find(&path, &mut |_| {}).unwrap();
            bundle.show(id, &mut |_| {});
            compare.values(&path, &value(&bundle), &truth);
        }
        compare.found
    });
}
