//! A loader for one file: it looks up the names of this file and refuses all others.

use super::allow_list::AllowList;
use super::source::comment;
use crate::document::Document;
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
    let names = AllowList::of(document);
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
    if names.is_cut() {
        out.push_str("# The file names more than was looked at: the names that are missing here are refused.\n");
    }
    if words.iter().any(|word| word.starts_with("torch")) {
        out.push_str("#\n# torch wrote this file, and has such a loader: see picklescope stubs --torch.\n\n");
        out.push_str(&super::torch::torch(document));
        return out;
    }
    let is_joblib = names.is_joblib();
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
    names.write(&mut out);
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
