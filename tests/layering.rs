//! The folders of `src` are layers in one direction: a layer may use only those before it. This reads the paths in the
//! sources and names file and line of every edge that runs against the order.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// From the bytes to the page.
const ORDER: [&str; 13] = [
    "bytes",
    "container",
    "opcode",
    "graph",
    "machine",
    "lens",
    "safety",
    "export",
    "view",
    "document",
    "bundle",
    "protocol",
    "web",
];

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

#[test]
fn no_layer_uses_one_after_it() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![base.clone()];
    let (mut files, mut found) = (0, Vec::new());
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                found.extend(violations(&name, &fs::read_to_string(&path).unwrap()));
                files += 1;
            }
        }
    }
    assert!(files > 40, "only {files} files were read");
    found.sort();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
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

/// The rooms of the audit, and what each may use: those before it.
const SAFETY: [&str; 8] = ["level", "names", "values", "facts", "finding", "verdict", "passes", "rules"];

#[test]
fn no_room_of_the_audit_uses_one_after_it() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/safety");
    let mut waiting = vec![base.clone()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
                found.extend(rooms_after(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let planted =
        "use crate::safety::passes::calls;\nuse super::super::verdict::Audit;\nuse super::value::GlobalRef;\n";
    assert_eq!(rooms_after("values/fold.rs", planted), ["values/fold.rs uses passes", "values/fold.rs uses verdict"]);
}

/// The rooms that a file of the audit uses and that come after its own.
fn rooms_after(path: &str, source: &str) -> Vec<String> {
    let room = path.trim_end_matches(".rs").split('/').next().unwrap();
    let Some(rank) = SAFETY.iter().position(|name| *name == room) else { return Vec::new() };
    let text = without_comments(source);
    let depth = path.matches('/').count() - usize::from(path.ends_with("/mod.rs"));
    let by_crate = text.match_indices("crate::safety::").map(|(at, start)| first_name(&text[at + start.len()..]));
    let by_super = super_paths(&text).into_iter().filter(|(count, ..)| *count > depth).map(|(_, name, _)| name);
    let after = by_crate.chain(by_super).filter(|name| SAFETY[rank + 1..].contains(&name.as_str()));
    after.map(|name| format!("{path} uses {name}")).collect()
}
