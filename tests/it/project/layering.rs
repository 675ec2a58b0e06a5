//! The folders of `src` are layers in one direction: a layer may use only those before it. This reads the paths in the
//! sources and names file and line of every edge that runs against the order, and every circle of files.

use crate::support::file_graph::FileGraph;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// From the bytes to the page. A layer stands behind its floors, which are in one direction as well; a file belongs to the
/// longest entry that its path begins with.
const ORDER: &[&str] = &[
    "bytes",
    "format",
    "container",
    "opcode",
    "graph",
    "machine",
    "trace",
    "lens/text",
    "lens/clues",
    "lens/graph_view",
    "lens/numbers",
    "lens/recogniser",
    "lens/libraries/time_zones",
    "lens/libraries/tree_model",
    "lens/libraries",
    "lens/recognise",
    "lens/found",
    "lens/environment",
    "lens",
    "safety/level",
    "safety/names",
    "safety/values",
    "safety/facts",
    "safety/finding",
    "safety/verdict",
    "safety/passes",
    "safety/rules",
    "safety",
    "export",
    "readers",
    "view",
    "document",
    "size",
    "find",
    "bundle",
    "explain",
    "api",
    "protocol",
    "web",
];

/// Libraries that may be used by others: what several of them are made of.
const SHARED: [&str; 2] = ["time_zones", "tree_model"];

/// A library that uses another one all the same: a booster of xgboost and lightgbm is an estimator, too.
const OVER: [(&str, &str); 1] = [("sklearn", "boosting")];

/// The edges of one source file that run against the order. `path` is relative to `src`.
fn violations(path: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let (layer, nested) = (parts[0], &parts[1..]);
    let mut found = Vec::new();
    let Some(rank) = ORDER.iter().position(|name| *name == layer) else {
        if layer != "lib" && layer != "bin" {
            found.push(format!("src/{path}:1: {layer} is no layer; give it a place in the order"));
        }
        return found;
    };
    // A module `a/b.rs` is one level below its layer, `a/mod.rs` is the layer itself.
    let depth = nested.iter().filter(|part| **part != "mod").count();
    // Modules written in the file itself (tests) are one level deeper.
    let text = without_comments(source);
    for (name, offset) in crate_paths(&text) {
        let edge = ORDER.iter().position(|known| *known == name);
        if edge.is_none_or(|edge| edge > rank) {
            let line = line_of(&text, offset);
            found.push(format!("src/{path}:{line}: {layer} uses {name}"));
        }
    }
    for (count, next, offset) in super_paths(&text) {
        let inline = usize::from(is_in_inline_module(&text, offset));
        let line = line_of(&text, offset);
        if count > depth + inline {
            found.push(format!("src/{path}:{line}: {count} times super leaves {layer} for {next}; write crate::"));
        }
    }
    found
}

/// The source with comments, strings and characters of strings blanked, lines kept.
fn without_comments(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            rest = &rest[end..];
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            out.extend(rest[..end].chars().filter(|c| *c == '\n'));
            rest = &rest[end..];
        } else if first == '"' {
            let bytes = rest.as_bytes();
            let mut end = 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = (end + 1).min(bytes.len());
            out.extend(rest[..end].chars().filter(|c| *c == '\n'));
            rest = &rest[end..];
        } else if rest.starts_with("'\"'") || rest.starts_with("b'\"'") {
            rest = &rest[rest.find("\"'").unwrap() + 2..];
        } else if rest.starts_with("'\\\"'") {
            rest = &rest[4..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The first component after each `crate::`, groups opened.
fn crate_paths(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (offset, _) in text.match_indices("crate::") {
        if text[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = text[offset + "crate::".len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push((first_name(&std::mem::take(&mut item)), offset)),
                        _ if depth == 0 => item.push(c),
                        _ => {}
                    }
                }
                if !item.trim().is_empty() {
                    found.push((first_name(&item), offset));
                }
            }
            None => found.push((first_name(rest), offset)),
        }
    }
    found.retain(|(name, _)| !name.is_empty());
    found
}

fn first_name(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Chains of `super::`: how many, what follows, where.
fn super_paths(text: &str) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("super::") {
        let offset = from + at;
        let mut rest = &text[offset..];
        let mut count = 0;
        while let Some(next) = rest.strip_prefix("super::") {
            count += 1;
            rest = next;
        }
        found.push((count, first_name(rest), offset));
        from = offset + count * "super::".len();
    }
    // `pub(in super::super)` and the like end without `::`.
    for (offset, _) in text.match_indices("super::super)") {
        found.push((2, "a visibility".to_owned(), offset));
    }
    found
}

fn is_in_inline_module(text: &str, offset: usize) -> bool {
    text[..offset].contains("mod tests {")
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Paths below `src` and texts of all files.
fn sources() -> Vec<(String, String)> {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![base.clone()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 40, "only {} files were read", found.len());
    found
}

fn file_graph() -> FileGraph {
    let texts: Vec<(String, String)> =
        sources().into_iter().map(|(path, text)| (path, without_comments(&text))).collect();
    FileGraph::new(&texts)
}

/// The place in the order of a file.
fn rank(path: &str) -> Option<usize> {
    let path = path.trim_end_matches(".rs");
    let holds = |entry: &str| path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let entry = ORDER.iter().filter(|entry| holds(entry)).max_by_key(|entry| entry.len())?;
    ORDER.iter().position(|other| other == entry)
}

/// The edges between files that run against the order of layers and their floors.
fn against_the_order(graph: &FileGraph) -> Vec<String> {
    let mut found = Vec::new();
    for (from, (paths, calls)) in graph.edges.iter().zip(&graph.calls).enumerate() {
        for (&to, name) in paths.iter().chain(calls) {
            if rank(&graph.files[to]) > rank(&graph.files[from]) {
                found.push(format!("src/{} uses src/{}: {name}", graph.files[from], graph.files[to]));
            }
        }
    }
    found
}

/// The library that a file is of.
fn library(path: &str) -> Option<&str> {
    path.strip_prefix("lens/libraries/")?.trim_end_matches(".rs").split('/').next().filter(|name| *name != "mod")
}

/// Edges from a library to another one that it may not use.
fn between_libraries(graph: &FileGraph) -> Vec<String> {
    let mut found = Vec::new();
    for (from, (paths, calls)) in graph.edges.iter().zip(&graph.calls).enumerate() {
        for (&to, name) in paths.iter().chain(calls) {
            let (Some(own), Some(other)) = (library(&graph.files[from]), library(&graph.files[to])) else { continue };
            if own != other && !SHARED.contains(&other) && !OVER.contains(&(own, other)) {
                found.push(format!("src/{} uses src/{}: {name}", graph.files[from], graph.files[to]));
            }
        }
    }
    found
}

#[test]
fn no_layer_uses_one_after_it() {
    let mut found: Vec<String> = sources().iter().flat_map(|(path, text)| violations(path, text)).collect();
    found.sort();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_file_uses_one_of_a_floor_after_it() {
    let graph = file_graph();
    assert!(graph.files.iter().all(|path| rank(path).is_some() || path == "lib.rs"));
    let found = against_the_order(&graph);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_library_uses_another_one() {
    let found = between_libraries(&file_graph());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_files_are_in_a_circle() {
    let graph = file_graph();
    let mut words = String::new();
    for circle in graph.circles() {
        words.push_str(&format!("a circle of {} files:\n", circle.len()));
        for &file in &circle {
            let next = |other| graph.edges[file].get(other).or_else(|| graph.calls[file].get(other));
            let next: Vec<&String> = circle.iter().filter_map(next).collect();
            words.push_str(&format!("    src/{} uses {next:?}\n", graph.files[file]));
        }
    }
    assert!(words.is_empty(), "put what both need into a file above them\n{words}");
}

/// The graph of these files; folders without a file of their own get an empty one.
fn planted(files: &[(&str, &str)]) -> FileGraph {
    let mut all = BTreeMap::from([("lib.rs".to_owned(), String::new())]);
    for (path, text) in files {
        for (end, _) in path.match_indices('/') {
            all.entry(format!("{}/mod.rs", &path[..end])).or_default();
        }
        all.insert((*path).to_owned(), without_comments(text));
    }
    FileGraph::new(&all.into_iter().collect::<Vec<_>>())
}

#[test]
fn a_circle_is_found_through_what_a_folder_passes_on() {
    let graph = planted(&[
        ("lens/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, C};\n"),
        ("lens/a.rs", "use super::C;\npub struct A;\n"),
        ("lens/b.rs", "//! use super::Nothing;\npub struct B;\npub struct C;\n"),
        ("view/mod.rs", "use crate::lens::{A, B};\n"),
    ]);
    assert!(graph.circles().is_empty(), "{:?}", graph.circles());
    let graph = planted(&[
        ("lens/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, C};\n"),
        ("lens/a.rs", "use super::C;\npub struct A;\n"),
        ("lens/b.rs", "use super::a;\npub struct B;\npub struct C(a::A);\n"),
    ]);
    assert_eq!(graph.circles(), [[0, 1]]);
    let graph = planted(&[
        ("lens/mod.rs", "mod a;\npub use a::A;\npub fn own() -> A { a::made() }\n"),
        ("lens/a.rs", "pub struct A;\npub fn made() -> A { super::own() }\n"),
    ]);
    assert_eq!(graph.circles(), [[0, 1]]);
    // Tests at the end of a file may use anything.
    let graph = planted(&[
        ("lens/a.rs", "pub struct A;\n#[cfg(test)]\nmod tests {\n    use super::super::b::B;\n}\n"),
        ("lens/b.rs", "use super::a::A;\npub struct B(A);\n"),
    ]);
    assert!(graph.circles().is_empty());
}

#[test]
fn a_floor_that_uses_a_later_one_is_found() {
    let libraries =
        ("lens/libraries/numpy/mod.rs", "pub fn array() {}\nimpl Lens<'_> {\n    pub fn only_here(&self) {}\n}\n");
    let found = |text| against_the_order(&planted(&[libraries, ("lens/numbers/array.rs", text)]));
    assert_eq!(found("use crate::lens::libraries::numpy::array;\n").len(), 1);
    assert_eq!(found("fn f(lens: &Lens<'_>) {\n    lens.only_here();\n}\n").len(), 1);
    assert!(found("fn f(lens: &Lens<'_>) {\n    lens.elsewhere();\n}\n").is_empty());
    let upwards = planted(&[libraries, ("lens/recognise.rs", "use super::libraries::numpy::array;\n")]);
    assert!(against_the_order(&upwards).is_empty());
}

#[test]
fn a_library_that_uses_another_one_is_found() {
    let found = |path, text| {
        let others =
            [("lens/libraries/numpy/mod.rs", "pub fn f() {}\n"), ("lens/libraries/tree_model.rs", "pub fn f() {}\n")];
        between_libraries(&planted(&[others[0], others[1], (path, text)]))
    };
    assert_eq!(found("lens/libraries/pandas/read.rs", "use crate::lens::libraries::numpy::f;\n").len(), 1);
    assert!(found("lens/libraries/numpy/more.rs", "use super::f;\n").is_empty());
    assert!(found("lens/libraries/sklearn/mod.rs", "use crate::lens::libraries::tree_model::f;\n").is_empty());
}

#[test]
fn a_back_edge_is_found_and_named() {
    let planted = "//! use crate::web::Nothing;\n\nuse crate::bytes::Span;\nuse crate::document::Document;\n";
    assert_eq!(violations("graph/node.rs", planted), ["src/graph/node.rs:4: graph uses document"]);
    let grouped = "use crate::{bytes::{Span, Source}, view::{TreeRow, Overview},\n lens};\n";
    let expected = ["src/machine/run.rs:1: machine uses view", "src/machine/run.rs:1: machine uses lens"];
    assert_eq!(violations("machine/run.rs", grouped), expected);
    let inline = "fn f() {\n    let lens: crate::lens::Lens = todo();\n    \"crate::web::x\";\n}\n";
    assert_eq!(violations("opcode/arg.rs", inline), ["src/opcode/arg.rs:2: opcode uses lens"]);
}

#[test]
fn a_detour_by_super_is_found() {
    let found = violations("graph/node.rs", "use super::super::document::Document;\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(violations("graph/node.rs", "use super::Graph;\n").is_empty());
    assert_eq!(violations("graph/mod.rs", "use super::document::Document;\n").len(), 1);
    let test = "mod tests {\n    use super::*;\n    use super::super::Graph;\n}\n";
    assert!(violations("graph/node.rs", test).is_empty());
    assert_eq!(violations("graph/node.rs", "mod tests {\n    use super::super::super::web::App;\n}\n").len(), 1);
}

#[test]
fn a_new_folder_needs_a_place() {
    assert_eq!(violations("misc/mod.rs", "").len(), 1);
    assert!(violations("lib.rs", "pub mod misc;").is_empty());
    assert!(violations("bin/picklescope/main.rs", "use crate::anything;").is_empty());
    assert_eq!(violations("lens/mod.rs", "use crate::misc::Thing;"), ["src/lens/mod.rs:1: lens uses misc"]);
}
