//! gensim: what a model keeps in files beside its pickle. Its objects are shown as they are.
//!
//! Source: `gensim/utils.py` (`SaveLoad._smart_save`: large arrays go to `NAME.ATTRIBUTE.npy`, and the pickle lists the attributes).

use crate::graph::NodeId;
use crate::lens::graph_view::SideFile;
use crate::lens::recogniser::{Lens, Library};

/// What stands beside a model.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["gensim"], text: Some(text), ..Library::NOTHING };

/// Attributes that are named in one line.
const NAMED: usize = 16;

/// `vectors in w2v.kv.vectors.npy: float32 (4, 4)`
fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let object = lens.object(node)?;
    let names = |list: &str| object.attribute(list).and_then(|list| lens.sequence(list)).unwrap_or_default();
    let beside = ["__numpys", "__scipys"].into_iter().flat_map(names).filter_map(|name| lens.string(name));
    let mut words: Vec<String> = beside.take(NAMED).map(|name| one(lens, &name)).collect();
    let count = object.attribute("index_to_key").and_then(|keys| lens.sequence(keys)).map(|keys| keys.len());
    if let (Some(count), Some(size)) = (count, object.attribute("vector_size").and_then(|size| lens.int(size))) {
        words.insert(0, format!("{count} vectors of {size} numbers"));
    }
    (!words.is_empty()).then(|| words.join("; "))
}

/// What is known of the file of one attribute.
fn one(lens: &Lens<'_>, name: &str) -> String {
    let ending = format!(".{name}.npy");
    let files = &lens.attached.side_files;
    let found = files.iter().filter(|(file, _)| file.ends_with(&ending)).min_by_key(|(file, _)| file.len());
    let shown = crate::opcode::printable(name);
    match found {
        Some((file, beside)) => {
            let what = array_text(lens, beside).unwrap_or_else(|| "no .npy array".to_owned());
            format!("{shown} in {}: {what}", crate::opcode::printable(file))
        }
        None => format!(
            "{shown} in a file beside it (NAME{}) that was not opened with it",
            crate::opcode::printable(&ending)
        ),
    }
}

fn array_text(lens: &Lens<'_>, file: &SideFile) -> Option<String> {
    let reading = file.npy.as_deref()?;
    let root = reading.streams.first()?.root?;
    Some(lens.over(&reading.graph, &*file.blob.source).array(root.node())?.text())
}
