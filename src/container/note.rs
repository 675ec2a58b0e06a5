//! What is odd about bytes.

/// An anomaly, in plain words. It never keeps anything from being shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Where in the archive or the packed file, when it is somewhere.
    pub offset: Option<u64>,
    /// What is odd.
    pub text: String,
    /// Whether readers may see something else because of it: not a slip of a tool, but a way to hide.
    pub disguise: bool,
}

impl Note {
    pub(super) fn at(offset: u64, text: impl Into<String>) -> Self {
        Self { offset: Some(offset), text: text.into(), disguise: false }
    }

    /// A note on something that makes readers see different things.
    pub(super) fn disguise(offset: u64, text: impl Into<String>) -> Self {
        Self { disguise: true, ..Self::at(offset, text) }
    }
}
