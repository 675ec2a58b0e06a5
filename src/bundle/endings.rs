//! What names of files say by their endings. They only help: bytes decide what is read, and how.

use crate::container::Packing;

/// What a file of an ending may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A pickle, or what holds one that loaders find by themselves.
    Pickle,
    /// An array.
    Array,
    /// A compressed file.
    Packed,
    /// A compressed tar archive.
    PackedTar,
    /// Compressed, surely enough that loaders that go by names take it for that.
    Sure,
    /// An archive, or what is often one.
    Archive,
}

use Use::{Archive, Array, Packed, PackedTar, Pickle, Sure};

/// All endings that mean something here, in lower case.
const ENDINGS: [(&str, &[Use]); 33] = [
    ("pkl", &[Pickle]),
    ("pickle", &[Pickle]),
    ("pck", &[Pickle]),
    ("p", &[Pickle]),
    ("dill", &[Pickle]),
    ("joblib", &[Pickle, Archive]),
    ("pt", &[Pickle, Archive]),
    // Python's lists of paths in site-packages have it, too.
    ("pth", &[Pickle, Archive]),
    ("npy", &[Array]),
    ("npz", &[Archive]),
    ("zip", &[Archive]),
    ("tar", &[Archive]),
    ("7z", &[Archive]),
    ("ckpt", &[Archive]),
    ("skops", &[Archive]),
    ("keras", &[Archive]),
    ("gz", &[Packed, Sure]),
    ("gzip", &[Packed, Sure]),
    ("bz2", &[Packed, Sure]),
    ("xz", &[Packed, Sure]),
    ("lzma", &[Packed, Sure]),
    ("zst", &[Packed, Sure]),
    ("zstd", &[Packed, Sure]),
    ("lz4", &[Packed, Sure]),
    ("z", &[Packed]),
    ("zz", &[Packed]),
    ("zlib", &[Packed]),
    ("z4", &[Packed]),
    ("tgz", &[PackedTar, Sure]),
    ("tbz", &[PackedTar]),
    ("tbz2", &[PackedTar]),
    ("txz", &[PackedTar]),
    ("tzst", &[PackedTar]),
];

/// The name without its ending, and what the ending says.
fn parted(name: &str) -> Option<(&str, &'static [Use])> {
    let (stem, ending) = name.rsplit_once('.')?;
    ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)).map(|(_, uses)| (stem, *uses))
}

fn is(name: &str, uses: &[Use]) -> bool {
    parted(name).is_some_and(|(_, found)| found.iter().any(|one| uses.contains(one)))
}

/// Whether a name has an ending of pickles; the one of arrays is no such.
pub(super) fn has_pickle_name(name: &str) -> bool {
    is(name, &[Pickle])
}

/// Whether a name is that of a pickle or an array, which decides what is shown first.
pub(super) fn is_pickle_or_array(name: &str) -> bool {
    is(name, &[Pickle, Array])
}

/// Whether a name is that of a compressed file: loaders that go by names take it for one.
pub(super) fn is_packed_name(name: &str) -> bool {
    is(name, &[Sure])
}

/// Whether a name is that of something with members of its own. It only decides whether a row can be opened before
/// anybody looked at the bytes.
pub(super) fn has_wrapping_name(name: &str) -> bool {
    is(name, &[Packed, PackedTar, Archive])
}

/// Whether a name is one that Python's lists of paths have: plain text, of which `site` adds each line to `sys.path`.
pub(super) fn may_be_path_file(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("pth"))
}

/// What is in a compressed file: `model.pkl` for `model.pkl.gz`.
pub(super) fn name_of_content(name: &str, packing: Packing) -> String {
    match parted(name) {
        Some((stem, uses)) if uses.contains(&Packed) => stem.to_owned(),
        Some((stem, uses)) if uses.contains(&PackedTar) => format!("{stem}.tar"),
        _ => format!("what {} holds", packing.name()),
    }
}
