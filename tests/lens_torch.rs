//! Tensors by name, modules and optimisers against what torch says of the same values (`fixtures/torch/truth.json`, written
//! by `scripts/fixtures/gen_torch_nets.py`), and hostile relatives of them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/assemble.rs"]
mod assemble;
mod support;

use assemble::root;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use picklescope::lens::{Layer, Lens, NamedTensors, TensorRole};
use serde_json::Value;
use std::rc::Rc;
use support::{fixture, manifest};

/// A file of torch, opened with its storages.
fn opened(name: &str) -> Bundle {
    let source: Rc<dyn Source> = Rc::new(MemorySource::new(fixture(name)));
    Bundle::open(vec![(name.to_owned(), source)], Limits::default(), &mut |_| {})
}

/// The object: the fourth pickle of a file of torch before 1.6, else the first.
fn object(document: &Document) -> u32 {
    let streams = &document.reading().streams;
    let legacy = document.legacy_storages().is_some();
    if legacy { streams[3].root.unwrap().node().0 } else { root(document).0 }
}

/// Every file with its line of truth.
fn each(mut check: impl FnMut(&str, &Lens<'_>, u32, &Value)) {
    let rows = manifest("torch/truth.json");
    assert!(rows.len() >= 45, "only {} files", rows.len());
    for row in &rows {
        let name = row["file"].as_str().unwrap();
        let bundle = opened(&format!("torch/{name}"));
        let document = bundle.document();
        check(name, &document.lens(), object(document), row);
    }
}

fn named(lens: &Lens<'_>, node: u32) -> NamedTensors {
    lens.named_tensors(picklescope::graph::NodeId(node)).unwrap_or_default()
}

fn layout_text(layout: &picklescope::lens::Layout) -> String {
    use picklescope::lens::Layout;
    match layout {
        Layout::Strided | Layout::None | Layout::Nested | Layout::Numpy => "strided".to_owned(),
        Layout::Sparse(layout) | Layout::Quantized(layout) => layout.clone(),
    }
}

#[test]
fn tensors_have_the_names_and_shapes_that_torch_has() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let found = named(lens, node);
        let names: Vec<&str> = found.tensors.iter().map(|named| named.name.as_str()).collect();
        let expected: Vec<&str> =
            row["tensors"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{file}");
        assert!(!found.is_cut);
        let mut storages: Vec<usize> = Vec::new();
        for (named, row) in found.tensors.iter().zip(row["tensors"].as_array().unwrap()) {
            let place = format!("{file}: {}", named.name);
            let tensor = &named.tensor;
            assert_eq!(tensor.dtype.name, row["dtype"].as_str().unwrap(), "{place}");
            assert_eq!(serde_json::json!(tensor.shape), row["shape"], "{place}");
            assert_eq!(layout_text(&tensor.layout), row["layout"].as_str().unwrap(), "{place}");
            if let Some(elements) = row["elements"].as_u64() {
                assert_eq!(tensor.elements(), elements, "{place}");
            }
            if let Some(role) = row["role"].as_str() {
                let expected = if role == "parameter" { TensorRole::Parameter } else { TensorRole::Buffer };
                assert_eq!(named.role, expected, "{place}");
            }
            if let Some(requires) = tensor.requires_grad {
                assert_eq!(requires, row["requires_grad"].as_bool().unwrap(), "{place}");
            }
            if let Some(class) = row["class"].as_str() {
                assert_eq!(tensor.class.as_deref(), Some(class), "{place}");
            }
            if let Some(shares) = row["shares"].as_array() {
                let numbers: Vec<usize> = named
                    .storages
                    .iter()
                    .map(|&storage| {
                        storages.iter().position(|&known| known == storage).unwrap_or_else(|| {
                            storages.push(storage);
                            storages.len() - 1
                        })
                    })
                    .collect();
                assert_eq!(serde_json::json!(numbers), Value::Array(shares.clone()), "{place}");
            }
            checked += 1;
        }
    });
    assert!(checked > 600, "only {checked} tensors");
}

/// The layers by their full names.
fn by_name(layers: &[Layer]) -> Vec<(String, &Layer)> {
    let mut path: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for layer in layers {
        path.truncate(layer.level as usize);
        path.push(&layer.name);
        found.push((path.join("."), layer));
    }
    found
}

#[test]
fn totals_count_each_place_in_memory_once() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let Some(groups) = row["groups"].as_object() else { return };
        let found = named(lens, node);
        let layers = found.layers();
        let layers = by_name(&layers);
        for (name, group) in groups {
            let measure = if name.is_empty() {
                found.measure(&found.all())
            } else {
                let of = |(other, layer): &&(String, &Layer)| other == name && layer.tensor.is_none();
                layers.iter().find(of).unwrap_or_else(|| panic!("{file}: no {name}")).1.measure
            };
            assert_eq!(measure.elements, group["elements"].as_u64().unwrap(), "{file}: elements of {name:?}");
            assert_eq!(measure.bytes, group["bytes"].as_u64().unwrap(), "{file}: bytes of {name:?}");
            checked += 1;
        }
        let leaves = layers.iter().filter(|(_, layer)| layer.tensor.is_some()).count();
        assert_eq!(leaves, found.tensors.len(), "{file}");
    });
    assert!(checked > 150, "only {checked} groups");
}
