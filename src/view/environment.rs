//! What wrote the file, and what can load it.

use serde::{Deserialize, Serialize};

/// The libraries behind a file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Environment {
    /// One row for each package, Python first.
    pub packages: Vec<Package>,
    /// Lines for a requirements file.
    pub pins: Vec<String>,
    /// What fails to load elsewhere.
    pub breaks: Vec<Break>,
    /// Modules that are needed, too, and are of no known package: somebody's own code.
    pub modules: Vec<OwnModule>,
}

impl Environment {
    /// Whether a line for a requirements file pins anything: the one on Python is a comment.
    #[must_use]
    pub fn has_pins(&self) -> bool {
        self.pins.iter().any(|pin| !pin.starts_with('#'))
    }
}

/// A module of no known package.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnModule {
    /// Its name; `__main__` is the script that saved the file.
    pub module: String,
    /// What the file needs of it, the first few names.
    pub names: Vec<String>,
    /// How many names that are.
    pub count: u64,
    /// Offset of the opcode that names it first.
    pub offset: u64,
}

/// What is known of the version of one package.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Package {
    /// Its name on the index: `scikit-learn`.
    pub name: String,
    /// `1.7.2`, `>= 2.0`, `>= 1.0, < 1.6`; empty when nothing says.
    pub version: String,
    /// Whether the file says so itself; otherwise it is a conclusion.
    pub is_stated: bool,
    /// What it rests on, a sentence each.
    pub evidence: Vec<String>,
    /// Offset of the opcode that the first piece of evidence is at.
    pub offset: Option<u64>,
}

impl Package {
    /// How its version is known, in words.
    #[must_use]
    pub fn how_known(&self) -> &'static str {
        match (self.is_stated, self.version.is_empty()) {
            (true, _) => "the file says so",
            (false, true) => "version not known",
            (false, false) => "guess",
        }
    }
}

/// Something that does not load in another version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Break {
    /// Where it fails: `numpy < 2.0`.
    pub with: String,
    /// What fails, and with which message.
    pub what: String,
    /// Offset of the opcode it is about.
    pub offset: Option<u64>,
}
