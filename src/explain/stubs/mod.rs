//! Code to copy, so that a file loads: stand-ins for classes that are not here, a loader that looks up the names of one file and
//! refuses all others, lines for torch's restricted loader, a requirements file.
//!
//! The code is made of names and numbers of the file, as literals and comments; nothing of what it holds is executed to make it.

mod allow_list;
mod classes;
mod expected;
mod loader;
mod requirements;
mod source;
mod torch;

pub use allow_list::AllowList;
pub use classes::classes;
pub use expected::{Expected, Origin, Use, expected};
pub use loader::loader;
pub use requirements::requirements;
pub use torch::torch;

use crate::document::Document;
use crate::safety::Level;
use serde::{Deserialize, Serialize};
use source::comment;
use std::fmt::Write;

/// What can be written for a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// The names that it expects, as a list for people.
    Names,
    /// Stand-ins for classes that are not installed.
    Classes,
    /// A script that loads it and refuses names that it does not have.
    Loader,
    /// Lines for torch's restricted loader.
    Torch,
    /// A requirements file.
    Requirements,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Names, Self::Classes, Self::Loader, Self::Torch, Self::Requirements];

    /// Writes it.
    #[must_use]
    pub fn write(self, document: &Document) -> String {
        match self {
            Self::Names => list(document),
            Self::Classes => classes(document),
            Self::Loader => loader(document),
            Self::Torch => torch(document),
            Self::Requirements => requirements(document),
        }
    }

    /// What it is saved as.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Names => "names.txt",
            Self::Classes => "stand_ins.py",
            Self::Loader => "load.py",
            Self::Torch => "load_torch.py",
            Self::Requirements => "requirements.txt",
        }
    }
}

/// The names that a file expects, as a list for people.
#[must_use]
pub fn list(document: &Document) -> String {
    let (names, is_cut) = expected(document);
    let mut out = String::new();
    type IsIn<'a> = &'a dyn Fn(&Expected) -> bool;
    let groups: [(&str, IsIn<'_>); 4] = [
        ("Names that the loading script has to have", &|one| one.origin == Origin::Main),
        ("Names of modules that are on no list here: the project's own code, or packages", &|one| {
            one.origin == Origin::Own
        }),
        ("Names of packages", &|one| matches!(one.origin, Origin::Package(_))),
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
