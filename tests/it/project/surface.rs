//! What other programs may use is listed in `surface.txt`, so that it changes on purpose only: `BLESS=1` writes it anew.
//!
//! The list is read from the sources, as `rustfmt` leaves them: what `lib.rs` re-exports, with fields, variants, methods and
//! implementations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names that `lib.rs` re-exports, each with the layer it comes from.
fn exported(lib: &str) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for text in lib.split("\npub use ").skip(1) {
        let text = &text[..text.find(';').unwrap()];
        let layer = text.split("::").next().unwrap();
        let list = text.rsplit_once("::{").map_or_else(|| text.rsplit("::").next().unwrap(), |(_, list)| list);
        let list = list.trim_end().trim_end_matches('}');
        let list = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.extend(list.map(|name| (name.to_owned(), layer.to_owned())));
    }
    names
}

/// The texts of a layer.
fn sources(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The text from a line on up to its body or end, in one line.
fn signature(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let line = line.trim();
        text.push_str(line);
        text.push(' ');
        if line.ends_with('{') || line.ends_with(';') || line.ends_with('}') {
            break;
        }
    }
    let text = text.split(" {").next().unwrap_or_default().trim().trim_end_matches(';');
    text.replace("( ", "(").replace(", )", ")").replace(",)", ")").trim().to_owned()
}

/// Lines of a block at one level of indentation, with the attributes before each.
fn members<'a>(block: &'a [&'a str]) -> Vec<(Vec<&'a str>, usize)> {
    let mut found = Vec::new();
    let mut attributes = Vec::new();
    for (at, line) in block.iter().enumerate() {
        let Some(inner) = line.strip_prefix("    ").filter(|inner| !inner.starts_with([' ', '}', ')', ']'])) else {
            continue;
        };
        if inner.starts_with("#[") {
            attributes.push(inner);
        } else if !inner.starts_with("//") && !inner.is_empty() {
            found.push((std::mem::take(&mut attributes), at));
        }
    }
    found
}

/// Lines from `at` to the one that closes the item.
fn block<'a>(lines: &'a [&'a str], at: usize) -> &'a [&'a str] {
    if lines[at].ends_with('}') || lines[at].ends_with(';') {
        return &[];
    }
    let end = lines[at..].iter().position(|line| *line == "}").unwrap();
    &lines[at + 1..at + end]
}

/// Adds what a source says of the names.
fn collect(text: &str, found: &mut BTreeMap<String, Vec<String>>) {
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let word = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned();
        for kind in ["struct", "enum", "trait", "fn", "type"] {
            let Some(rest) = line.strip_prefix(&format!("pub {kind} ")) else { continue };
            let Some(list) = found.get_mut(&word(rest)) else { continue };
            let derived = lines[..at].iter().rev().take_while(|line| !line.is_empty() && !line.starts_with('}'));
            for line in derived.filter(|line| line.starts_with("#[derive") || line.starts_with("#[non_exhaustive")) {
                list.push(format!("  {line}"));
            }
            list.push(format!("  {}", signature(&lines[at..])));
            let body = if kind == "fn" { &[][..] } else { block(&lines, at) };
            for (_, at) in members(body) {
                let is_shown = match kind {
                    "struct" => body[at].starts_with("    pub "),
                    _ => true,
                };
                if is_shown && kind == "enum" && body[at].ends_with('{') {
                    let end = body[at..].iter().position(|line| line.starts_with("    }")).unwrap();
                    let fields = body[at..at + end].iter().skip(1).map(|line| line.trim());
                    let fields: String = fields.filter(|line| !line.starts_with('/')).collect();
                    let fields = fields.replace(',', ", ");
                    list.push(format!("    {} {} }}", body[at].trim(), fields.trim_end_matches(", ")));
                } else if is_shown {
                    let text = if kind == "trait" { signature(&body[at..]) } else { body[at].trim().to_owned() };
                    list.push(format!("    {}", text.trim_end_matches(',')));
                }
            }
        }
        if let Some((of, name)) = line.strip_prefix("impl").and_then(|line| line.split_once(" for ")) {
            if let Some(list) = found.get_mut(&word(name)) {
                list.push(format!("  impl{of}"));
            }
        } else if let Some(name) = line.strip_prefix("impl ")
            && found.contains_key(&word(name))
        {
            let body = block(&lines, at);
            for (attributes, at) in members(body) {
                let hidden = attributes.iter().any(|attribute| attribute.contains("doc(hidden)"));
                if body[at].starts_with("    pub ") && !body[at].starts_with("    pub(") && !hidden {
                    found.get_mut(&word(name)).unwrap().push(format!("    {}", signature(&body[at..])));
                }
            }
        }
    }
}

#[test]
fn the_surface_changes_on_purpose_only() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let hidden = lib.matches("#[doc(hidden)]\npub mod ").count();
    assert_eq!(lib.matches("pub mod ").count(), hidden, "every module of lib.rs is hidden");
    let mut layers: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (name, layer) in exported(&lib) {
        layers.entry(layer).or_default().insert(name, Vec::new());
    }
    let mut text = String::new();
    for (layer, mut found) in layers {
        let mut texts = Vec::new();
        sources(&root().join("src").join(&layer), &mut texts);
        texts.iter().for_each(|text| collect(text, &mut found));
        for (name, lines) in &found {
            assert!(!lines.is_empty(), "{name} is re-exported and not found");
            text.push_str(&format!("{name}\n{}\n", lines.join("\n")));
        }
    }
    let path = root().join("tests/it/project/surface.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let changed = text.lines().filter(|line| !expected.lines().any(|known| known == *line));
    let gone = expected.lines().filter(|line| !text.lines().any(|known| known == *line));
    let (changed, gone): (Vec<_>, Vec<_>) = (changed.collect(), gone.collect());
    assert!(text == expected, "the library's face changed: new {changed:#?}, gone {gone:#?}; BLESS=1 when it is meant");
}
