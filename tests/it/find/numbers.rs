//! Numbers, in the graph and inside arrays and tables.

use super::{find, only};
use crate::support::assemble::root;
use crate::support::truth::{buffers, step};
use crate::support::{fixture, manifest, open};
use picklescope::find::{Options, Search};
use picklescope::graph::NodeId;
use picklescope::view::{FoundKind, FoundRow};
use serde_json::Value;
use std::collections::HashMap;

fn options() -> Options {
    Options { kinds: only(&[FoundKind::Number, FoundKind::Element]), ..Options::default() }
}

/// For every array of numbers that numpy wrote: as many elements are equal to its last value as numpy's own text says, and the first of
/// them is where the index says.
#[test]
fn elements_are_counted_as_numpy_prints_them() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("arrays.json")).unwrap();
    let rows: HashMap<String, Value> =
        manifest("real/MANIFEST.json").into_iter().map(|row| (row["file"].as_str().unwrap().to_owned(), row)).collect();
    let mut checked = 0;
    for lines in truth.chunk_by(|a, b| a["file"] == b["file"]) {
        let file = lines[0]["file"].as_str().unwrap();
        let mut document = open(&fixture(&format!("real/{file}")));
        if let Some(row) = rows.get(file) {
            document.attach(buffers(row));
        }
        let root = root(&document);
        for line in lines {
            let dtype = line["dtype"].as_str().unwrap_or_default();
            let values: Vec<&str> = line["values"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let is_whole = line["size"].as_u64() == Some(values.len() as u64);
            let is_number = dtype.get(1..2).is_some_and(|kind| "iuf".contains(kind)) && dtype.len() <= 3;
            let Some(last) =
                values.last().filter(|last| is_whole && is_number && last.parse::<f64>().is_ok_and(f64::is_finite))
            else {
                continue;
            };
            let path = line["path"].as_array().unwrap();
            let node = path.iter().fold(root, |node, by| step(&document.lens(), node, by));
            let lens = document.lens();
            let Some(array) = lens.array(node).filter(|array| array.mask.is_none()) else { continue };
            let hits = find(&document, &format!("== {last}"), &options());
            let same = |hit: NodeId| {
                let other = lens.array(hit);
                other.is_some_and(|other| other.place() == array.place() && other.shape == array.shape)
            };
            let equal = |text: &&str| text.parse::<f64>() == last.parse::<f64>();
            let expected = values.iter().copied().filter(|text| equal(text)).count() as u64;
            let found = hits.iter().find(|hit| hit.node.is_some_and(|hit| hit == node || same(hit)));
            let found = found.unwrap_or_else(|| panic!("{file} {}: no {last}", line["path"]));
            assert_eq!(found.count, expected, "{file} {}: {last}", line["path"]);
            let row = Search::row(&document, found);
            let indices = row.path.rsplit_once('[').unwrap().1.trim_end_matches(']');
            let index: Vec<u64> = indices.split(", ").filter_map(|index| index.parse().ok()).collect();
            let flat = index.iter().zip(array.grid()).fold(0, |flat, (index, size)| flat * size + index);
            assert!(equal(&values[usize::try_from(flat).unwrap()]), "{file} {}: {row:?}", line["path"]);
            assert!(equal(&row.matched.as_str()), "{row:?}");
            checked += 1;
        }
    }
    assert!(checked > 200, "only {checked}");
}

fn rows(bytes: &[u8], query: &str) -> Vec<FoundRow> {
    let document = open(bytes);
    find(&document, query, &options()).iter().map(|hit| Search::row(&document, hit)).collect()
}

#[test]
fn numbers_of_their_own() {
    // [1, 300, -2, 2.5, nan, inf, 2**70, True, None]
    let mut bytes = b"\x80\x04](K\x01M\x2c\x01J\xfe\xff\xff\xff".to_vec();
    for value in [2.5f64, f64::NAN, f64::INFINITY] {
        bytes.push(b'G');
        bytes.extend(value.to_be_bytes());
    }
    bytes.extend(b"\x8a\x09\0\0\0\0\0\0\0\0\x40\x88Ne.");
    let found = |query: &str| -> Vec<String> { rows(&bytes, query).into_iter().map(|row| row.matched).collect() };
    assert_eq!(found("== 1"), ["1"]);
    assert_eq!(found("300.0"), ["300"]);
    assert_eq!(found("< 0"), ["-2"]);
    assert_eq!(found("isnan"), ["nan"]);
    assert_eq!(found("isinf"), ["inf"]);
    assert_eq!(found("> 1e6"), ["inf", "1180591620717411303424"]);
    assert_eq!(found("1180591620717411303424"), ["1180591620717411303424"]);
    assert_eq!(found(">= 2.5"), ["300", "2.5", "inf", "1180591620717411303424"]);
    assert_eq!(found("!= 1").len(), 6);
    assert_eq!(rows(&bytes, "2.5")[0].path, "obj[3]");
}

#[test]
fn columns_of_tables_have_one_hit_each() {
    for version in ["1.5", "2.2", "3.1"] {
        let bytes = fixture(&format!("real/pandas-{version}/frame.p4.pkl"));
        let document = open(&bytes);
        let lens = document.lens();
        let root = root(&document);
        let frames: Vec<NodeId> =
            (0..lens.graph.len() as u32).map(NodeId).filter(|&id| lens.table(id).is_some()).collect();
        assert!(!frames.is_empty(), "{version}: {root:?}");
        let hits = find(&document, ">= -1e300", &options());
        let elements: Vec<_> = hits.iter().filter(|hit| hit.kind == FoundKind::Element).collect();
        assert!(!elements.is_empty());
        for hit in elements {
            let row = Search::row(&document, hit);
            let table = lens.table(hit.node.unwrap()).unwrap_or_else(|| panic!("{version}: counted twice: {row:?}"));
            assert!(row.count <= table.rows, "{row:?}");
        }
    }
}
