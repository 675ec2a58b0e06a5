//! What a row tells in a line is found by typing it as it is shown.

use super::{arguments, find};
use crate::support::{fixtures, open};
use picklescope::document::ValuePlace;
use picklescope::find::{Options, Query, Search};
use picklescope::graph::NodeId;
use picklescope::lens::ShapeKind;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_value_is_found_as_its_row_shows_it() {
    let mut missed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for fixture in fixtures().iter().filter(|fixture| fixture.bytes.len() < 20_000) {
        let document = open(&fixture.bytes);
        let lens = document.lens();
        let mut asked: BTreeMap<String, (BTreeSet<u32>, String)> = BTreeMap::new();
        for id in (0..document.reading().graph.len() as u32).map(NodeId) {
            let shape = lens.shape(id);
            let ShapeKind::Scalar(_) = shape.kind else { continue };
            let Some(text) = shape.text.filter(|text| !text.is_empty() && !text.contains('\u{2026}')) else { continue };
            let has_row = matches!(document.value_place(id), ValuePlace::At(_));
            // Half of a pair of surrogates cannot be typed.
            let is_empty = matches!(text.as_str(), "''" | "b''" | "bytearray(b'')");
            if has_row && !text.contains("\\ud") && !is_empty {
                asked.entry(text).or_insert_with(|| (BTreeSet::new(), shape.type_name)).0.insert(id.0);
            }
        }
        // Of many values of a kind the first ones.
        let mut of_type: BTreeMap<String, u32> = BTreeMap::new();
        for (text, (nodes, type_name)) in asked {
            let count = of_type.entry(type_name.clone()).or_default();
            *count += 1;
            if *count > 3 {
                continue;
            }
            let hits = match Query::parse(&text, &Options::default()) {
                Ok(_) => find(&document, &text, &Options::default()),
                Err(_) => Vec::new(),
            };
            // Bytes of the file lead to the value that they are of.
            let mut hit: BTreeSet<u32> = hits.iter().filter_map(|hit| Search::row(&document, hit).node).collect();
            // What an object is made of is found as the object.
            let made_of: Vec<u32> = hit.iter().flat_map(|node| arguments(&document, NodeId(*node))).collect();
            hit.extend(made_of);
            if nodes.is_disjoint(&hit) {
                missed.entry(type_name).or_default().insert(format!("{}: {text}", fixture.name));
            } else {
                *found.entry(type_name).or_default() += 1;
            }
        }
    }
    assert!(found.len() > 20, "{found:?}");
    let listed: Vec<String> =
        missed.iter().map(|(name, texts)| format!("{name}: {} {:?}", texts.len(), texts.iter().next())).collect();
    let all = found.values().sum::<u32>();
    println!("{all} found; missed:\n{}", listed.join("\n"));
    for (name, texts) in &missed {
        println!("{name}: {:?}", texts.iter().take(40).collect::<Vec<_>>());
    }
    // Texts that a file escapes in its own way are found as it spells them.
    let is_text = |name: &str| matches!(name, "str" | "bytes" | "bytearray");
    assert!(missed.keys().all(|name| is_text(name)), "{all} found; missed:\n{}", listed.join("\n"));
    let texts = missed.values().map(|texts| texts.len() as u32).sum::<u32>();
    assert!(texts * 10 <= all, "{texts} of {all} missed:\n{}", listed.join("\n"));
}
