//! A loader for one file: it looks up the names of this file and refuses all others.

use super::expected::{Expected, expected};
use super::source::{comment, literal};
use crate::document::Document;
use crate::graph::Node;
use crate::safety::Level;
use std::fmt::Write;

/// How the bytes that hold the pickle are opened.
struct Opened {
    imports: &'static str,
    with: String,
}

/// Python source of a script that loads a file like this one.
#[must_use]
pub fn loader(document: &Document) -> String {
    let overview = document.overview();
    let file = comment(&overview.name);
    let (names, is_cut) = expected(document);
    let words: Vec<&str> = overview.chain.iter().map(|crumb| crumb.word.as_str()).collect();
    let mut out =
        format!("# Loads {file} with the names that it holds and no others. Written by picklescope stubs.\n#\n");
    out.push_str("# An allow-list says what may be looked up; what that does when it is called is up to the code that is installed.\n");
    if document.audit().worst().is_some_and(|worst| worst.level >= Level::Suspicious) {
        let word = overview.verdict.word;
        let _ = writeln!(
            out,
            "# The verdict on this file is: {word}. Do not load it before you know why: picklescope scan FILE."
        );
    }
    if is_cut {
        out.push_str("# The file names more than was looked at: the names that are missing here are refused.\n");
    }
    if words.iter().any(|word| word.starts_with("torch")) {
        out.push_str("#\n# torch wrote this file, and has such a loader: see picklescope stubs --torch.\n\n");
        out.push_str(&super::torch::torch(document));
        return out;
    }
    let is_joblib = words.iter().any(|word| word.contains("joblib"));
    let Some(opened) = opened(&words, is_joblib) else {
        let _ = writeln!(
            out,
            "#\n# The pickle is inside of {}: take it out first (picklescope contents FILE).",
            comment(&words.join(" > "))
        );
        return out;
    };
    let pickles = document.reading().streams.iter().filter(|stream| stream.opcodes > 0).count().max(1);
    let _ = write!(out, "\n{}import pickle\nimport sys\n", opened.imports);
    if is_joblib {
        out.push_str("\nimport joblib.numpy_pickle\n");
    }
    tables(&names, &mut out);
    class(document, is_joblib, &mut out);
    function(document, &opened, is_joblib, pickles, &mut out);
    out
}

fn opened(words: &[&str], is_joblib: bool) -> Option<Opened> {
    let with = |imports, with: &str| Some(Opened { imports, with: with.to_owned() });
    let outer = words.split_last().map_or(&[][..], |(_, outer)| outer);
    let outer: Vec<&str> = outer.iter().copied().filter(|word| *word != "joblib").collect();
    match outer[..] {
        [] => with("", "open(path, \"rb\")"),
        ["gzip"] => with("import gzip\n", "gzip.open(path, \"rb\")"),
        ["bzip2"] => with("import bz2\n", "bz2.open(path, \"rb\")"),
        ["xz" | "lzma"] => with("import lzma\n", "lzma.open(path, \"rb\")"),
        ["zlib"] if !is_joblib => {
            with("import io\nimport zlib\n", "io.BytesIO(zlib.decompress(open(path, \"rb\").read()))")
        }
        ["zlib"] => with("import io\nimport zlib\n", "io.BytesIO(zlib.decompress(open(path, \"rb\").read()))"),
        _ => None,
    }
}

/// What is allowed and what is left out.
fn tables(names: &[Expected], out: &mut String) {
    out.push_str("\n# Modules and names as the file spells them.\nALLOWED = {\n");
    for one in names.iter().filter(|one| !one.is_refused()) {
        let note = match one.level {
            Level::UnknownCode => format!("{}; nobody here has reviewed it", one.usage.words()),
            _ if one.has_capability => {
                format!("{}; its arguments in this file were looked at: {}", one.usage.words(), one.reason)
            }
            _ => one.usage.words(),
        };
        let (module, name) = &one.spelled;
        let _ = writeln!(out, "    ({}, {}),  # {}", literal(module), literal(name), comment(&note));
    }
    out.push_str("}\n\n# Named in the file, and left out.\nREFUSED = {\n");
    for one in names.iter().filter(|one| one.is_refused()) {
        let (module, name) = &one.spelled;
        let why = format!("{}: {}", one.level.word(), one.reason);
        let _ = writeln!(out, "    ({}, {}): {},", literal(module), literal(name), literal(&comment(&why)));
    }
    out.push_str("}\n");
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

fn class(document: &Document, is_joblib: bool, out: &mut String) {
    let graph = &document.reading().graph;
    let name = if is_joblib { "Plain" } else { "Loader" };
    let _ = write!(
        out,
        "\n\nclass {name}(pickle.Unpickler):\n    \"\"\"Looks up what is allowed, and nothing else.\"\"\"\n{FIND_CLASS}"
    );
    if graph.reaching_out().any(|id| matches!(graph.node(id), Node::PersistentId(_))) {
        out.push_str(
            "\n    def persistent_load(self, pid):\n        # Only the program that wrote the file knows what these stand for.\n        \
             raise pickle.UnpicklingError(\"persistent id %r\" % (pid,))\n",
        );
    }
    if is_joblib {
        out.push_str(JOBLIB);
    }
}

fn function(document: &Document, opened: &Opened, is_joblib: bool, pickles: usize, out: &mut String) {
    let graph = &document.reading().graph;
    let has_buffers = graph.has_buffers();
    let parameters = if has_buffers { "path, buffers" } else { "path" };
    let mut options = String::new();
    if graph.has_python2_text() {
        options.push_str(", encoding=\"latin1\"");
    }
    if has_buffers {
        options.push_str(", buffers=buffers");
    }
    let _ = write!(out, "\n\ndef load({parameters}):\n    with {} as file:\n", opened.with);
    if is_joblib {
        out.push_str(
            "        try:\n            unpickler = Loader(path, file, ensure_native_byte_order=True)  # joblib 1.5 and later\n        \
             except TypeError:\n            unpickler = Loader(path, file)\n        return unpickler.load()\n",
        );
    } else if pickles > 1 {
        let _ = writeln!(out, "        return [Loader(file{options}).load() for _ in range({pickles})]");
    } else {
        let _ = writeln!(out, "        return Loader(file{options}).load()");
    }
    if !has_buffers {
        out.push_str("\n\nif __name__ == \"__main__\":\n    print(type(load(sys.argv[1])))\n");
    }
}
