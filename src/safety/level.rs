//! How bad, from nothing to worst.

use serde::{Deserialize, Serialize};

/// Levels of what was found, in rising order. None of them says that a file is harmless.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Only plain values: no opcode that imports, calls or reaches outside.
    #[default]
    DataOnly,
    /// Only names that have been reviewed, in their ordinary use.
    Recognised,
    /// Names that nobody here knows.
    UnknownCode,
    /// Something honest writers do not emit.
    Suspicious,
    /// A known way to run code, touch files, or open connections.
    Dangerous,
}

impl Level {
    /// The level as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DataOnly => "Data only",
            Self::Recognised => "Recognised",
            Self::UnknownCode => "Unknown code",
            Self::Suspicious => "Suspicious",
            Self::Dangerous => "Dangerous",
        }
    }
}
