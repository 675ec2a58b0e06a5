//! Stand-ins for classes and functions.

use super::expected::{Expected, Use, expected};
use super::source::{Names, comment, is_path, literal};
use crate::document::Document;
use crate::view::preview;
use std::fmt::Write;

const HEAD: &str = r#"# They hold what the file gives them and do nothing. Run or import this before loading; what is there already stays as it is.

import sys
import types


def _place(module, name, value):
    """Puts a stand-in where a loader looks for it, unless something is there."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        path = ".".join(parts[:depth])
        if path not in sys.modules:
            made = sys.modules[path] = types.ModuleType(path)
            made.__path__ = []
            if depth > 1:
                setattr(sys.modules[".".join(parts[: depth - 1])], parts[depth - 1], made)
    owner = sys.modules[module]
    *outer, last = name.split(".")
    for part in outer:
        if not hasattr(owner, part):
            setattr(owner, part, type(part, (), {}))
        owner = getattr(owner, part)
    if not hasattr(owner, last):
        # It goes by the name that it stands in for, also when it is pickled again.
        value.__module__, value.__qualname__ = module, name
        setattr(owner, last, value)
    # Before protocol 4 a dotted name is one attribute.
    if outer and not hasattr(sys.modules[module], name):
        setattr(sys.modules[module], name, value)

"#;

/// Python source of stand-ins for the names that the loading script, and modules that are on no list, have to have.
#[must_use]
pub fn classes(document: &Document) -> String {
    let (all, is_cut) = expected(document);
    let needed: Vec<&Expected> = all.iter().filter(|one| one.needs_stand_in()).collect();
    let file = comment(&document.overview().name);
    if needed.is_empty() {
        return format!(
            "# {file} needs no stand-ins: it names nothing of __main__, and nothing of modules that are on no list here.\n"
        );
    }
    let count = preview::plural(needed.len() as u64, "name", "names");
    let mut out = format!("# Stand-ins for {count} that {file} expects, written by picklescope stubs.\n{HEAD}");
    if is_cut {
        out.push_str("# The file names more than was looked at.\n");
    }
    let mut names = Names::new(&["sys", "types", "object", "dict", "list", "set", "_place"]);
    let mut places = String::new();
    for one in needed {
        let short = one.name.rsplit('.').next().unwrap_or_default();
        let name = names.take(short);
        let _ = write!(out, "\n{}", stand_in(one, &name));
        let _ = writeln!(places, "_place({}, {}, {name})", literal(&one.module), literal(&one.name));
    }
    let _ = write!(out, "\n\n{places}");
    out
}

fn stand_in(one: &Expected, name: &str) -> String {
    let usage = &one.usage;
    let what = format!("{}: {}, first at offset {}.", comment(&one.full()), usage.words(), one.offset);
    let is_function = usage.made == 0
        && usage.called == 0
        && one.name.starts_with(|first: char| first.is_ascii_lowercase())
        && is_path(&one.name);
    if is_function {
        let full = literal(&format!("{} is a stand-in", comment(&one.full())));
        return format!(
            "\ndef {name}(*args, **kwargs):\n    \"\"\"{what}\"\"\"\n    raise NotImplementedError({full})\n"
        );
    }
    let base = base(usage);
    let mut out = format!("\nclass {name}({base}):\n    \"\"\"{what}\"\"\"\n\n");
    // `copyreg._reconstructor` asks the base for the instance.
    let new = if matches!(usage.base, Some("tuple" | "str" | "int" | "float" | "complex" | "bytes" | "frozenset")) {
        "        self = super().__new__(cls, *args)\n"
    } else {
        "        self = super().__new__(cls)\n"
    };
    let _ = write!(out, "    def __new__(cls, *args, **kwargs):\n{new}");
    out.push_str("        if args or kwargs:\n            self.given = (args, kwargs)\n        return self\n\n");
    if usage.base.is_none() {
        out.push_str("    def __init__(self, *args, **kwargs):\n        pass\n\n");
    }
    out.push_str("    __hash__ = object.__hash__\n");
    if usage.has_other_state {
        out.push_str("\n    def __setstate__(self, state):\n        if isinstance(state, dict):\n            self.__dict__.update(state)\n        else:\n            self.state = state\n");
    }
    if base != "list" && usage.has_items {
        out.push_str(
            "\n    def append(self, item):\n        self.__dict__.setdefault(\"appended\", []).append(item)\n\n    \
             def extend(self, items):\n        self.__dict__.setdefault(\"appended\", []).extend(items)\n",
        );
    }
    if base != "dict" && usage.has_pairs {
        out.push_str(
            "\n    def __setitem__(self, key, value):\n        self.__dict__.setdefault(\"pairs\", []).append((key, value))\n",
        );
    }
    if base != "set" && usage.has_members {
        out.push_str("\n    def add(self, item):\n        self.__dict__.setdefault(\"added\", []).append(item)\n");
    }
    out
}

/// What the stand-in is derived from.
fn base(usage: &Use) -> &'static str {
    match usage {
        Use { base: Some(base), .. } => base,
        Use { has_pairs: true, .. } => "dict",
        Use { has_items: true, .. } => "list",
        Use { has_members: true, .. } => "set",
        _ => "object",
    }
}
