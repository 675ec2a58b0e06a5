//! Lines for torch's restricted loader.

use super::expected::expected;
use super::source::{comment, is_path, literal};
use crate::document::Document;
use crate::safety::{Level, forecast, judge};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Python source that makes `torch.load(weights_only=True)` take the file, as far as names do.
#[must_use]
pub fn torch(document: &Document) -> String {
    let forecast = forecast(document.reading(), &document.lens());
    let name = document.overview().name;
    let mut out = format!("# For {}, written by picklescope stubs: torch 2.6 and later.\n", comment(&name));
    let _ = writeln!(out, "# {}", comment(&forecast.sentence()));
    let (names, _) = expected(document);
    let mut modules = BTreeSet::new();
    let mut lines = String::new();
    for need in &forecast.needs {
        let known = names.iter().find(|one| one.full() == *need);
        let (module, name) = match known {
            Some(one) => (one.module.as_str(), one.name.as_str()),
            None => need.rsplit_once('.').unwrap_or(("builtins", need)),
        };
        let level = known.map_or_else(|| judge(module, name).level(), |one| one.level);
        if level >= Level::Suspicious {
            let reason = known.map_or("", |one| one.reason.as_str());
            let _ = writeln!(lines, "    # {} is left out: {} ({})", comment(need), level.word(), comment(reason));
            continue;
        }
        if !is_path(module) || !is_path(name) {
            let _ = writeln!(lines, "    # {} is left out: it cannot be written as a name", comment(need));
            continue;
        }
        modules.insert(module.to_owned());
        let note = match level {
            Level::UnknownCode if module == "__main__" => "  # define it first",
            Level::UnknownCode => "  # nobody here has reviewed it",
            _ => "",
        };
        let _ = writeln!(lines, "    ({module}.{name}, {}),{note}", literal(need));
    }
    for stop in forecast.stops.iter().filter(|stop| !forecast.needs.contains(&stop.name)).take(5) {
        let _ = writeln!(
            out,
            "# Names do not help against this, at offset {}: {}: {}",
            stop.offset,
            stop.opcode,
            comment(&stop.reason)
        );
    }
    out.push('\n');
    for module in &modules {
        let _ = writeln!(out, "import {module}");
    }
    if !modules.contains("torch") {
        out.push_str("import torch\n");
    }
    if !lines.is_empty() {
        let _ = write!(out, "\ntorch.serialization.add_safe_globals([\n{lines}])\n");
    }
    let _ = writeln!(out, "\nvalue = torch.load({}, map_location=\"cpu\", weights_only=True)", literal(&name));
    out
}
