//! Words that a message names. A text that somebody pasted may end in the middle of one.

use std::fmt;

/// Stands behind a word that was cut, and for one that is not there.
pub(super) const CUT: char = '\u{2026}';

/// A word of a message, or its beginning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word {
    text: String,
    is_cut: bool,
}

impl Word {
    /// A word as it stands in a hole: the beginning of one where `…` is behind it.
    pub(super) fn new(text: &str) -> Self {
        match text.strip_suffix(CUT) {
            Some(beginning) => Self { text: beginning.to_owned(), is_cut: true },
            None => Self { text: text.to_owned(), is_cut: false },
        }
    }

    /// The beginning of a word.
    pub(super) fn beginning(text: &str) -> Self {
        Self { text: text.to_owned(), is_cut: true }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether this may be the word.
    pub(super) fn fits(&self, word: &str) -> bool {
        if self.is_cut { word.starts_with(&self.text) } else { word == self.text }
    }

    /// Whether a module is this one or inside of it.
    pub(super) fn fits_module(&self, module: &str) -> bool {
        self.fits(module) || module.strip_prefix(self.text.as_str()).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Whether the last part of a dotted name is the last part of this one.
    pub(super) fn fits_last(&self, name: &str) -> bool {
        self.last().fits(name.rsplit('.').next().unwrap_or(name))
    }

    /// The last part of a dotted name.
    pub(super) fn last(&self) -> Self {
        let last = self.text.rsplit('.').next().unwrap_or_default();
        Self { text: last.to_owned(), is_cut: self.is_cut }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.is_cut { write!(f, "{CUT}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn the_beginning_of_a_word_fits_all_that_begin_so() {
        let (whole, cut) = (Word::new("pandas.core"), Word::new("pandas.co\u{2026}"));
        assert!(whole.fits("pandas.core") && !whole.fits("pandas.core.frame") && cut.fits("pandas.core.frame"));
        assert!(whole.fits_module("pandas.core.frame") && !whole.fits_module("pandas.core_frame"));
        assert!(Word::new("a.B").fits_last("x.B") && Word::new("a.B\u{2026}").fits_last("x.Box"));
        assert!(!Word::new("a.B").fits_last("x.Box"));
        assert_eq!([whole.to_string(), cut.to_string()], ["pandas.core", "pandas.co\u{2026}"]);
    }
}
