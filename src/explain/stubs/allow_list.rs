//! The names that a loader for a file may look up, and an `Unpickler` that refuses all others.

use super::expected::{Expected, expected};
use super::source::{comment, literal};
use crate::document::Document;
use crate::graph::Node;
use crate::safety::Level;
use std::collections::HashMap;
use std::fmt::Write;

/// The names that pickles need, as a loader's `find_class` is asked for them: those that may be looked up, and those that the audit
/// calls suspicious or dangerous, which are left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AllowList {
    /// In the order of the file.
    names: Vec<Listed>,
    is_joblib: bool,
    has_persistent_ids: bool,
    is_cut: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Listed {
    spelled: (String, String),
    note: String,
    /// Why it is left out.
    refused: Option<String>,
}

impl Listed {
    fn of(one: Expected) -> Self {
        let note = match one.level {
            Level::UnknownCode => format!("{}; nobody here has reviewed it", one.usage.words()),
            _ if one.has_capability => {
                format!("{}; its arguments in this file were looked at: {}", one.usage.words(), one.reason)
            }
            _ => one.usage.words(),
        };
        let refused = one.is_refused().then(|| format!("{}: {}", one.level.word(), one.reason));
        Self { spelled: one.spelled, note, refused }
    }
}

impl AllowList {
    /// The names of one document.
    #[must_use]
    pub(crate) fn of(document: &Document) -> Self {
        let (names, is_cut) = expected(document);
        let graph = &document.reading().graph;
        // What fix_imports takes for two names may be spelled alike, and then a loader is asked for one.
        Self::together([Self {
            names: names.into_iter().map(Listed::of).collect(),
            is_joblib: document.overview().chain.iter().any(|crumb| crumb.word.contains("joblib")),
            has_persistent_ids: graph.reaching_out().any(|id| matches!(graph.node(id), Node::PersistentId(_))),
            is_cut,
        }])
    }

    /// The names of several pickles. What one of them makes suspicious is left out.
    #[must_use]
    pub fn together(lists: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        for list in lists {
            for one in list.names {
                match known.get(&one.spelled) {
                    Some(&index) => {
                        let first = &mut all.names[index];
                        first.refused = first.refused.take().or(one.refused);
                    }
                    None => {
                        known.insert(one.spelled.clone(), all.names.len());
                        all.names.push(one);
                    }
                }
            }
            all.is_joblib |= list.is_joblib;
            all.has_persistent_ids |= list.has_persistent_ids;
            all.is_cut |= list.is_cut;
        }
        all
    }

    /// Module and name of what may be looked up.
    pub fn allowed(&self) -> impl Iterator<Item = (&str, &str)> {
        let allowed = self.names.iter().filter(|one| one.refused.is_none());
        allowed.map(|one| (one.spelled.0.as_str(), one.spelled.1.as_str()))
    }

    /// Modules and names that are left out, each with the reason.
    pub fn refused(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.names
            .iter()
            .filter_map(|one| Some((one.spelled.0.as_str(), one.spelled.1.as_str(), one.refused.as_deref()?)))
    }

    /// Whether there are more names than were looked at.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Python source of a class `Loader` that looks up what is allowed, to be read and copied: an `Unpickler`, of joblib's own kind
    /// for its files. Names of the file are literals and comments in it.
    #[must_use]
    pub fn source(&self) -> String {
        let mut out = "import pickle\n".to_owned();
        if self.is_joblib {
            out.push_str("\nimport joblib.numpy_pickle\n");
        }
        self.write(&mut out);
        out
    }

    /// Whether a class of joblib reads the file.
    pub(super) fn is_joblib(&self) -> bool {
        self.is_joblib
    }

    /// Writes both tables and the class.
    pub(super) fn write(&self, out: &mut String) {
        self.tables(out);
        self.class(out);
    }

    fn tables(&self, out: &mut String) {
        out.push_str("\n# Modules and names as the file spells them.\nALLOWED = {\n");
        for one in self.names.iter().filter(|one| one.refused.is_none()) {
            let (module, name) = &one.spelled;
            let _ = writeln!(out, "    ({}, {}),  # {}", literal(module), literal(name), comment(&one.note));
        }
        out.push_str("}\n\n# Named in the file, and left out.\nREFUSED = {\n");
        for (module, name, why) in self.refused() {
            let _ = writeln!(out, "    ({}, {}): {},", literal(module), literal(name), literal(&comment(why)));
        }
        out.push_str("}\n");
    }

    fn class(&self, out: &mut String) {
        let name = if self.is_joblib { "Plain" } else { "Loader" };
        let _ = write!(
            out,
            "\n\nclass {name}(pickle.Unpickler):\n    \"\"\"Looks up what is allowed, and nothing else.\"\"\"\n{FIND_CLASS}"
        );
        if self.has_persistent_ids {
            out.push_str(
                "\n    def persistent_load(self, pid):\n        # Only the program that wrote the file knows what these stand for.\n        \
                 raise pickle.UnpicklingError(\"persistent id %r\" % (pid,))\n",
            );
        }
        if self.is_joblib {
            out.push_str(JOBLIB);
        }
    }
}

const FIND_CLASS: &str = r#"
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            why = REFUSED.get((module, name), "the file that this loader was written for does not name it")
            raise pickle.UnpicklingError("%s.%s is refused: %s" % (module, name, why))
        return super().find_class(module, name)
"#;

const JOBLIB: &str = r#"

class Arrays(joblib.numpy_pickle.NumpyArrayWrapper):
    """joblib reads arrays of objects with an unpickler of its own, which would take any name."""

    def read_array(self, unpickler, *args, **kwargs):
        if self.dtype.hasobject:
            return Plain(unpickler.file_handle).load()
        return super().read_array(unpickler, *args, **kwargs)


class Loader(joblib.numpy_pickle.NumpyUnpickler):
    """Looks up what is allowed, and nothing else."""

    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            why = REFUSED.get((module, name), "the file that this loader was written for does not name it")
            raise pickle.UnpicklingError("%s.%s is refused: %s" % (module, name, why))
        found = super().find_class(module, name)
        return Arrays if found is joblib.numpy_pickle.NumpyArrayWrapper else found
"#;
