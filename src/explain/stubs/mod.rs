//! Code to copy, so that a file loads: stand-ins for classes that are not here, a loader that looks up the names of one file and
//! refuses all others, lines for torch's restricted loader, a requirements file.
//!
//! The code is made of names and numbers of the file, as literals and comments; nothing of what it holds is executed to make it.

mod classes;
mod expected;
mod loader;
mod requirements;
mod source;
mod torch;

pub use classes::classes;
pub use expected::{Expected, Origin, Use, expected};
pub use loader::loader;
pub use requirements::requirements;
pub use torch::torch;

use crate::document::Document;
use crate::safety::Level;
use source::comment;
use std::fmt::Write;

/// The names that a file expects, as a list for people.
#[must_use]
pub fn list(document: &Document) -> String {
    let (names, is_cut) = expected(document);
    let mut out = String::new();
    type IsIn<'a> = &'a dyn Fn(&Expected) -> bool;
    let groups: [(&str, IsIn<'_>); 4] = [
        ("Names that the loading script has to have (--classes writes stand-ins)", &|one| one.origin == Origin::Main),
        (
            "Names of modules that are on no list here: the project's own code, or packages (--classes writes stand-ins)",
            &|one| one.origin == Origin::Own,
        ),
        ("Names of packages (--requirements lists them)", &|one| matches!(one.origin, Origin::Package(_))),
        ("Names of Python's own library", &|one| one.origin == Origin::Python),
    ];
    for (title, is_in) in groups {
        let members: Vec<&Expected> = names.iter().filter(|one| is_in(one)).collect();
        if members.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}{title}:", if out.is_empty() { "" } else { "\n" });
        for one in members {
            let level = if one.level >= Level::Suspicious {
                format!("  {}: {}", one.level.word(), one.reason)
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "  {}  ({}, at offset {}){}",
                comment(&one.full()),
                one.usage.words(),
                one.offset,
                comment(&level)
            );
        }
    }
    if names.is_empty() {
        out.push_str("The file names nothing: any loader reads it, and no class has to be there.\n");
    }
    if is_cut {
        let _ = writeln!(out, "\nOnly the first {} names were looked at.", names.len());
    }
    out
}
