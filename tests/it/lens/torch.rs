//! Tensors by name, modules and optimisers against what torch says of the same values (`fixtures/torch/truth.json`, written
//! by `scripts/fixtures/gen_torch_nets.py`), and hostile relatives of them.

use crate::support;
use crate::support::assemble;
use assemble::{blob, build, call, dict, global, int, ints, list, none, persistent, pickle, root, text, truth, tuple};
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::Document;
use picklescope::graph::NodeId;
use picklescope::lens::{Attached, Layer, Lens, NamedTensors, TensorKind, TensorRole};
use picklescope::view::card::{Body, Card, CellWindow};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use support::{fixture, manifest, open};

/// A file of torch, opened with its storages.
fn opened(name: &str) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(fixture(name)));
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
    let mut failed = Vec::new();
    for row in &rows {
        let name = row["file"].as_str().unwrap();
        let bundle = opened(&format!("torch/{name}"));
        let document = bundle.document();
        let one = AssertUnwindSafe(|| check(name, &document.lens(), object(document), row));
        if catch_unwind(one).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{} of {} files: {failed:?}", failed.len(), rows.len());
}

fn named(lens: &Lens<'_>, node: u32) -> NamedTensors {
    lens.named_tensors(NodeId(node)).unwrap_or_default()
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

#[test]
fn modules_have_the_settings_that_torch_shows() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let Some(modules) = row["modules"].as_array() else { return };
        let tree = lens.module_tree(NodeId(node)).unwrap_or_else(|| panic!("{file}: no module"));
        assert_eq!(tree.modules.len(), modules.len(), "{file}");
        let mut path: Vec<&str> = Vec::new();
        for (module, row) in tree.modules.iter().zip(modules) {
            path.truncate((module.level as usize).saturating_sub(1));
            if module.level > 0 {
                path.push(&module.name);
            }
            let place = format!("{file}: {}", path.join("."));
            assert_eq!(path.join("."), row["name"].as_str().unwrap(), "{file}");
            assert_eq!(module.class, row["class"].as_str().unwrap(), "{place}");
            assert_eq!(Some(module.parameters.elements), row["parameters"].as_u64(), "{place}: parameters");
            let is_torch = module.class.starts_with("torch.") && !module.class.contains("ParameterList");
            if is_torch {
                assert_eq!(module.settings, row["settings"].as_str().unwrap(), "{place}: settings");
                checked += 1;
            }
        }
    });
    assert!(checked > 80, "only {checked} modules");
}

#[test]
fn optimisers_are_told_by_their_settings() {
    let mut checked = 0;
    each(|file, lens, node, row| {
        let Some(name) = row["optimizer"].as_str() else { return };
        assert_eq!(lens.tensor_kind(NodeId(node)), Some(TensorKind::OptimizerState), "{file}");
        let found = lens.optimizer(NodeId(node)).unwrap();
        let (guess, _) = found.guess.unwrap();
        assert!(guess.split(" or ").any(|one| one == name), "{file}: {guess}");
        assert_eq!(found.groups.iter().map(|group| group.parameters).collect::<Vec<_>>(), [2, 1], "{file}");
        let lr = found.groups[1].settings.iter().find(|(name, _)| name == "lr").unwrap().1;
        assert_eq!(lens.plain_value(lr).as_deref(), Some("0.5"), "{file}");
        if name != "SGD" {
            assert_eq!(found.step.as_deref(), Some("2"), "{file}");
        }
        assert_eq!(found.states, 3, "{file}");
        checked += 1;
    });
    assert!(checked >= 8, "only {checked} optimisers");
}

/// Numbers as the truth has them: `repr` of the float64 that a float32 is.
fn close(found: f64, expected: &Value) -> bool {
    let expected: f64 = expected.as_str().unwrap().parse().unwrap();
    (found - expected).abs() <= expected.abs() * 1e-6
}

#[test]
fn quantised_and_sparse_tensors_have_their_real_values() {
    let (mut quantised, mut sparse) = (0, 0);
    each(|file, lens, node, row| {
        for (named, row) in named(lens, node).tensors.iter().zip(row["tensors"].as_array().unwrap()) {
            let place = format!("{file}: {}", named.name);
            let Some(values) = row["values"].as_array() else { continue };
            if let Some(stored) = row["stored"].as_array() {
                let found = lens.quantized(named.value).unwrap_or_else(|| panic!("{place}"));
                let integers: Vec<Value> =
                    found.stored.values(0, 100, 40).unwrap().into_iter().map(Value::from).collect();
                assert_eq!(&integers, stored, "{place}");
                let real = found.values(0, 100).unwrap();
                assert_eq!(real.len(), values.len(), "{place}");
                assert!(real.iter().zip(values).all(|(a, b)| close(f64::from(*a), b)), "{place}: {real:?} {values:?}");
                quantised += 1;
            } else if row["layout"].as_str().unwrap().starts_with("sparse") {
                let dense = lens.sparse_tensor(named.value).unwrap().dense().unwrap();
                assert_eq!(dense.len(), values.len(), "{place}");
                assert!(dense.iter().zip(values).all(|(a, b)| close(*a, b)), "{place}: {dense:?} {values:?}");
                sparse += 1;
            }
        }
    });
    assert!(quantised >= 10 && sparse >= 12, "{quantised} and {sparse}");
}

fn card(document: &Document) -> Card {
    document.card(object(document)).unwrap()
}

fn fact(card: &Card, name: &str) -> String {
    let found = card.facts.iter().find(|fact| fact.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {:?}", card.facts)).value.clone()
}

#[test]
fn cards_say_what_there_is() {
    let bundle = opened("torch/torch-2.6/language.state.pt");
    let state = card(bundle.document());
    assert_eq!(state.kind, "state dict");
    assert_eq!(fact(&state, "shared storages"), "1");
    let Body::Outline(outline) = &state.sections[0].body else { panic!("no outline") };
    let row = |name: &str| outline.rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(row("lstm").cells[4], "perhaps LSTM 6 -> 6, 2 layers");
    assert_eq!(row("gru").cells[4], "perhaps GRU 6 -> 3, bidirectional");
    assert_eq!(row("embedding").cells[4], "perhaps Embedding 11 x 6");
    assert_eq!(row("decoder").cells[4], "perhaps Linear 6 -> 11");
    let shared = outline.rows.iter().filter(|row| row.cells[4].starts_with("shares storage with")).count();
    assert_eq!(shared, 2);
    let bundle = opened("torch/torch-2.6/checkpoint.pt");
    let checkpoint = card(bundle.document());
    assert_eq!(checkpoint.kind, "checkpoint");
    // What the optimizer keeps of each parameter is not counted among them.
    let number = |name: &str| fact(&checkpoint, name).replace(',', "").parse::<u64>().unwrap();
    assert!(number("parameters") < number("elements"), "{:?}", checkpoint.facts);
    let others = checkpoint.sections.iter().find(|section| section.title == "Other entries").unwrap();
    let Body::Entries(entries) = &others.body else { panic!("no entries") };
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["epoch", "arch", "scheduler", "best", "args", "history"]);
    let scheduler: String = entries[2].value.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(scheduler, "StepLR state last epoch 0");
    let bundle = opened("torch/torch-2.6/resnet.pt");
    let module = card(bundle.document());
    assert_eq!((module.kind.as_str(), fact(&module, "class").as_str()), ("module", "torch_nets.ResNet"));
}

fn storage(count: i64) -> assemble::Value {
    persistent(tuple(&[text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), int(count)]))
}

fn tensor(count: i64, offset: i64, size: &[i64], stride: &[i64]) -> assemble::Value {
    let hooks = call(global("collections", "OrderedDict"), &[]);
    let arguments = [storage(count), int(offset), ints(size), ints(stride), truth(false), hooks];
    call(global("torch._utils", "_rebuild_tensor_v2"), &arguments)
}

fn document(value: assemble::Value) -> Document {
    let mut document = open(&pickle(value));
    let mut attached = Attached { has_storages: true, ..Attached::default() };
    attached.storages.insert("0".to_owned(), blob(vec![0; 24], "archive/data/0"));
    document.attach(attached);
    document
}

#[test]
fn tensors_beyond_their_storage_are_said() {
    let far = dict(&[
        (text("a.weight"), tensor(6, i64::MAX, &[i64::MAX, 2], &[i64::MAX, 1])),
        (text("b.weight"), tensor(6, 3, &[6], &[1])),
        (text("c.weight"), tensor(i64::MAX, 0, &[1 << 40, 1 << 40], &[0, 0])),
    ]);
    let document = document(far);
    let card = card(&document);
    assert_eq!(card.kind, "state dict");
    assert_eq!(card.remarks, ["3 tensors reach beyond the storage, the first of them a.weight"]);
    assert!(fact(&card, "storages").starts_with("1, "));
}

#[test]
fn names_that_are_odd() {
    let entry = || tensor(6, 0, &[6], &[1]);
    let pairs = [
        (text(""), entry()),
        (text("a..b"), entry()),
        (text("."), entry()),
        (int(3), entry()),
        (tuple(&[int(1), text("x")]), entry()),
        (text("a"), entry()),
        (text("a.b"), entry()),
        (text("a"), entry()),
    ];
    let document = document(dict(&pairs));
    let found = document.lens().named_tensors(root(&document)).unwrap();
    let layers = found.layers();
    assert_eq!(layers.iter().filter(|layer| layer.tensor.is_some()).count(), found.tensors.len());
    assert_eq!(found.measure(&found.all()).bytes, 24);
    assert!(document.card(root(&document).0).is_some());
}

/// A module with these submodules.
fn module(children: &[(assemble::Value, assemble::Value)], parameters: assemble::Value) -> assemble::Value {
    let state =
        dict(&[(text("_parameters"), parameters), (text("_buffers"), dict(&[])), (text("_modules"), dict(children))]);
    build(call(global("torch.nn.modules.module", "Module"), &[]), state)
}

#[test]
fn modules_of_wrong_types() {
    let weight = || dict(&[(text("weight"), tensor(6, 0, &[2, 3], &[3, 1]))]);
    for odd in [none(), int(3), text("x"), list(&[int(1)]), tuple(&[])] {
        let whole = module(&[(text("odd"), odd.clone()), (int(7), module(&[], odd.clone()))], weight());
        let document = document(whole);
        let card = card(&document);
        assert_eq!((card.kind.as_str(), fact(&card, "elements of buffers").as_str()), ("module", "0"));
        let state =
            dict(&[(text("_parameters"), odd.clone()), (text("_buffers"), odd.clone()), (text("_modules"), odd)]);
        let object = build(call(global("torch.nn.modules.module", "Module"), &[]), state);
        let document = self::document(object);
        let _ = (document.card(root(&document).0), document.rows(0, 5));
    }
}

#[test]
fn a_module_that_holds_itself() {
    let head = [b"\x80\x02".to_vec(), global("torch.nn.modules.module", "Module"), b")\x81q\x00}(".to_vec()].concat();
    let parts =
        [text("_parameters"), b"}".to_vec(), text("_modules"), b"}(".to_vec(), text("me"), b"h\x00uub.".to_vec()]
            .concat();
    let document = open(&[head, parts].concat());
    assert!(document.is_complete());
    let tree = document.lens().module_tree(root(&document)).unwrap();
    assert!(tree.is_cut && tree.modules.len() == 1);
    assert!(document.card(root(&document).0).is_some());
    // A dict of state that holds itself.
    let head =
        [b"\x80\x02}q\x00(".to_vec(), text("w"), tensor(6, 0, &[6], &[1]), text("me"), b"h\x00u.".to_vec()].concat();
    let document = open(&head);
    let found = document.lens().named_tensors(root(&document)).unwrap();
    assert_eq!((found.tensors.len(), found.other_count), (1, 1));
}

#[test]
fn modules_10_000_deep() {
    let class = global("torch.nn.modules.module", "Module");
    let mut bytes = b"\x80\x02".to_vec();
    for _ in 0..10_000 {
        bytes.extend([class.clone(), b")\x81}(".to_vec(), text("_parameters"), b"}(".to_vec()].concat());
        bytes.extend(
            [text("w"), tensor(6, 0, &[6], &[1]), b"u".to_vec(), text("_modules"), b"}(".to_vec(), text("m")].concat(),
        );
    }
    bytes.extend(b"N");
    for _ in 0..10_000 {
        bytes.extend(b"uub");
    }
    bytes.extend(b".");
    let document = open(&bytes);
    assert!(document.is_complete());
    let tree = document.lens().module_tree(root(&document)).unwrap();
    assert!(tree.is_cut && tree.modules.len() > 50);
    assert!(document.card(root(&document).0).is_some());
    assert!(!document.rows(0, 3).is_empty());
}

#[test]
fn a_dict_of_many_tensors_is_gone_through_in_time() {
    let mut bytes = b"\x80\x02}(".to_vec();
    for layer in 0..70_000 {
        bytes.extend([text(&format!("layers.{layer}.weight")), tensor(6, 0, &[2, 3], &[3, 1])].concat());
    }
    bytes.extend(b"u.");
    let document = open(&bytes);
    let found = document.lens().named_tensors(root(&document)).unwrap();
    assert!(found.is_cut && found.tensors.len() == 1 << 16);
    let card = document.card(root(&document).0).unwrap();
    assert_eq!(fact(&card, "tensors"), "65,536");
    let Body::Outline(outline) = &card.sections[0].body else { panic!("no outline") };
    assert!(outline.rows.len() <= 5000 && outline.more > 100_000);
}

#[test]
fn sparse_tensors_with_places_beyond_their_shape() {
    let layout = call(global("torch.serialization", "_get_layout"), &[text("torch.sparse_csr")]);
    let data = tuple(&[tensor(6, 0, &[3], &[1]), tensor(6, 0, &[3], &[1]), tensor(6, 0, &[3], &[1]), ints(&[2, 2])]);
    let document = document(call(global("torch._utils", "_rebuild_sparse_csr_tensor"), &[layout, data]));
    let sparse = document.lens().sparse_tensor(root(&document)).unwrap();
    // Floats are no indices.
    assert!(sparse.dense().is_err());
    let card = card(&document);
    assert_eq!(card.kind, "sparse tensor");
    for grid in 0..3 {
        let window = CellWindow { node: root(&document).0, grid, rows: 10, columns: 10, ..CellWindow::default() };
        let cells = document.cells(&window);
        assert!(grid == 2 || cells.is_some_and(|cells| cells.problem.is_some()));
    }
}

#[test]
fn an_ordered_dict_of_python_2_is_a_state_dict() {
    for (name, tensors) in [("state-dict.pt", 7), ("checkpoint.ckpt", 7)] {
        let bundle = opened(&format!("containers/torch-1.0.0-py2/{name}"));
        let document = bundle.document();
        let found = document.lens().named_tensors(NodeId(object(document))).unwrap();
        let own = found.tensors.iter().filter(|named| named.role != TensorRole::OptimizerState);
        let names: Vec<&str> = own.map(|named| named.name.as_str()).collect();
        assert_eq!(names.len(), tensors, "{name}: {names:?}");
        assert!(names[0].ends_with("linear.weight"), "{name}: {names:?}");
    }
}
