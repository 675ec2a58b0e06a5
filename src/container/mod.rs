//! What an input is when it is no bare pickle. Known formats are named by their first bytes; opening them comes with the
//! containers, in this layer.

use crate::bytes::Source;

/// A format that is recognised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// With its article: `a zip archive`.
    pub name: &'static str,
    /// What a person can do.
    pub advice: &'static str,
}

const UNPACK: &str = "Unpack it first; this version reads bare pickles only.";
const NO_PICKLE: &str = "It holds no pickle stream of its own.";

/// First bytes, name, advice.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "a zip archive (torch, numpy .npz, keras and skops files are such)", UNPACK),
    (b"PK\x05\x06", "an empty zip archive", UNPACK),
    (b"\x1f\x8b", "a gzip file", UNPACK),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"\xfd7zXZ\x00", "an xz file", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd file", UNPACK),
    (b"\x04\x22\x4d\x18", "an lz4 file", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"x\x9c", "zlib data", UNPACK),
    (b"x\xda", "zlib data", UNPACK),
    (b"x\x01", "zlib data", UNPACK),
    (b"x\x5e", "zlib data", UNPACK),
    (b"\x93NUMPY", "a numpy .npy array", UNPACK),
    (b"\x89HDF\r\n", "an HDF5 file", NO_PICKLE),
    (b"GGUF", "a GGUF model", NO_PICKLE),
    (b"version https://git-lfs", "a Git LFS pointer", "The file itself was not downloaded: run git lfs pull."),
    (b"<!DOCTYPE", "an HTML page", "A download link often gives a page instead of the file."),
    (b"<!doctype", "an HTML page", "A download link often gives a page instead of the file."),
    (b"<html", "an HTML page", "A download link often gives a page instead of the file."),
    (b"%PDF", "a PDF document", NO_PICKLE),
    (b"\x89PNG", "a PNG picture", NO_PICKLE),
];

/// Names the format of an input by its first bytes; `None` for pickles and for everything unknown.
#[must_use]
pub fn sniff(source: &dyn Source) -> Option<Kind> {
    let mut head = [0; 32];
    let count = source.read_at(0, &mut head).ok()?;
    let head = &head[..count];
    MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)).map(|&(_, name, advice)| Kind { name, advice })
}
