//! The tables: what is dangerous, what was reviewed, the classes of well-known packages.

mod functions;
mod libraries;
mod numbers;
mod packages;
mod sinks;
mod sinks_frameworks;
mod sinks_libraries;
mod stdlib;

use super::Capability;
use super::known::{Check, Role};

/// A module and names of it with blanks between them; `*` stands for any beginning or end of a name.
pub(super) type Names = (&'static str, &'static str);

/// Reviewed names: how files may use them, what their arguments must be, why they are harmless in that role.
pub(super) type Row = (Role, Check, &'static str, &'static [Names]);

/// Dangerous names. A module that ends with `*` stands for everything in it and below it; the name `*` for all names.
pub(super) type Sink = (Capability, &'static [Names]);

pub(super) use sinks_frameworks::{KNOWN_PACKAGES, REVIEWED_PACKAGES};

/// All reviewed rows.
pub(super) fn reviewed() -> impl Iterator<Item = &'static Row> {
    stdlib::ROWS.iter().chain(numbers::ROWS).chain(functions::ROWS).chain(libraries::ROWS).chain(packages::ROWS)
}

/// All dangerous rows.
pub(super) fn sinks() -> impl Iterator<Item = &'static Sink> {
    sinks::ROWS.iter().chain(sinks_libraries::ROWS).chain(sinks_frameworks::ROWS)
}

/// Classes of well-known packages, a module a line; `scripts/generate_known_classes.py` wrote it.
pub(super) const CLASSES: &str = include_str!("classes.txt");

/// The standard library's top-level modules, one a line.
pub(super) const STDLIB: &str = include_str!("stdlib.txt");

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    #[test]
    fn no_name_is_reviewed_twice_with_different_outcomes() {
        let (mut seen, mut twice) = (HashMap::new(), Vec::new());
        for (role, check, _, names) in super::reviewed() {
            for (module, names) in *names {
                for name in names.split_ascii_whitespace() {
                    let before = seen.insert((module, name), (role, check));
                    if before.is_some_and(|before| before != (role, check)) {
                        twice.push(format!("{module}.{name}"));
                    }
                }
            }
        }
        assert!(twice.is_empty(), "the first row wins: {twice:?}");
    }

    #[test]
    fn only_modules_of_plain_functions_are_reviewed_as_a_whole() {
        let whole = super::reviewed()
            .flat_map(|row| row.3)
            .filter(|(_, names)| names.split_ascii_whitespace().any(|name| name == "*"));
        let modules: Vec<&str> = whole.map(|(module, _)| *module).collect();
        assert_eq!(modules, ["collections.abc", "numbers", "math", "cmath"], "a module holds what it imported, too");
    }
}
