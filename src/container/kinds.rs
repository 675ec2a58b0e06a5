//! Formats that hold no pickle, or none that is read here: how they begin, what they are called, what to do.

use super::format::Kind;

const NO_PICKLE: &str = "It holds no pickle.";
const DOWNLOAD: &str = "A download link often gives a page instead of the file.";
const SAFETENSORS: &str = "It holds tensors and no code: open it with the safetensors package.";
const HDF5: &str = "Keras and pandas write such files: open it with h5py, or pandas.read_hdf.";
const RAR: &str = "a RAR archive";
const PACKED: &str = "Picklescope cannot read this compression: unpack it first, and open what comes out.";
const AR: &str =
    "Linkers read such libraries of compiled code; nothing in it is compressed, so it is searched as it is.";
const LFS: &str = "a Git LFS pointer";
const PROGRAM: &str = "This is a program or a library, not data. Do not run it to see what it does.";
const TABLE: &str = "Open it with pandas or pyarrow.";

/// Where the sign is, the sign, name, advice.
const SIGNS: &[(usize, &[u8], &str, &str)] = &[
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", HDF5),
    (
        0,
        b"GGUF",
        "a GGUF model",
        "It holds a language model and no pickle: open it with llama.cpp or the gguf package.",
    ),
    (0, b"lmgg", "a GGML model", "It holds a language model and no pickle; llama.cpp before 2023 wrote it."),
    (0, b"tjgg", "a GGML model", "It holds a language model and no pickle; llama.cpp before 2023 wrote it."),
    (0, b"version https://git-lfs", LFS, "The file itself was not downloaded: run git lfs pull."),
    (0, b"%PDF-", "a PDF document", NO_PICKLE),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture", NO_PICKLE),
    (0, b"\xff\xd8\xff", "a JPEG picture", NO_PICKLE),
    (0, b"GIF87a", "a GIF picture", NO_PICKLE),
    (0, b"GIF89a", "a GIF picture", NO_PICKLE),
    (0, b"PAR1", "a Parquet file", TABLE),
    (0, b"ARROW1\0\0", "an Arrow (Feather) file", TABLE),
    (0, b"FEA1", "a Feather file", TABLE),
    (0, b"SQLite format 3\0", "an SQLite database", "Open it with sqlite3."),
    (0, b"Rar!\x1a\x07", RAR, "Unpack it first: RAR archives are not opened."),
    (0, b"LZIP", "an lzip file", PACKED),
    (0, b"\x1f\x9d", "a file of Unix compress (.Z)", PACKED),
    (0, b"\x1f\xa0", "a file of Unix compress (.Z)", PACKED),
    (0, b"\x1f\x1e", "a file of Unix pack (.z)", PACKED),
    (0, b"\x89LZO\0\r\n\x1a\n", "an lzop file", PACKED),
    (0, b"\xff\x06\0\0sNaPpY", "a snappy stream", PACKED),
    (0, b"LRZI", "an lrzip file", PACKED),
    (0, b"bvx1", "an LZFSE stream", PACKED),
    (0, b"bvx2", "an LZFSE stream", PACKED),
    (0, b"bvxn", "an LZFSE stream", PACKED),
    (0, b"MSCF\0\0\0\0", "a cabinet (.cab) archive", PACKED),
    (0, b"xar!\0\x1c", "a xar archive", PACKED),
    (0, b"!<arch>\ndebian-binary", "a Debian package", PACKED),
    (0, b"!<arch>\n", "an ar archive", AR),
    (0, b"070701", "a cpio archive", PACKED),
    (0, b"070702", "a cpio archive", PACKED),
    (0, b"070707", "a cpio archive", PACKED),
    (0, b"7kSt", "a zpaq archive", PACKED),
    (
        0,
        b"\0\x05\x16\x07",
        "an AppleDouble file",
        "macOS puts it beside a file on other disks: the file itself goes by the name without ._ in front.",
    ),
    (0, b"\x7fELF", "an ELF program or library", PROGRAM),
    (0, b"\xfe\xed\xfa\xce", "a Mach-O program or library", PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", "a Mach-O program or library", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", "a Mach-O program or library", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", "a Mach-O program or library", PROGRAM),
    (4, b"TFL3", "a TensorFlow Lite model", "It holds no pickle: open it with TensorFlow Lite or Netron."),
    (0, b"RDX2\n", "an R data file", "Open it with R, or the pyreadr package."),
    (0, b"RDX3\n", "an R data file", "Open it with R, or the pyreadr package."),
    (0, b"MATLAB 5.0 MAT-file", "a MATLAB file", "Open it with scipy.io.loadmat."),
    (0, b"<!DOCTYPE", "an HTML page", DOWNLOAD),
    (0, b"<!doctype", "an HTML page", DOWNLOAD),
    (0, b"<html", "an HTML page", DOWNLOAD),
    (0, b"<HTML", "an HTML page", DOWNLOAD),
    (0, b"<?xml", "an XML document", NO_PICKLE),
];

impl Kind {
    /// Whether what it holds may be a pickle all the same: it is packed in a way that is not read here, or lies elsewhere.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        matches!(self.name, RAR | LFS) || self.advice == PACKED
    }

    /// Whether it is compiled code.
    #[must_use]
    pub fn is_program(&self) -> bool {
        self.advice == PROGRAM
    }
}

/// A format that a strong sign gives away. `length` is that of the whole input.
pub(super) fn strong(head: &[u8], length: u64) -> Option<Kind> {
    let by_sign = SIGNS.iter().find(|(at, sign, ..)| head.get(*at..).is_some_and(|rest| rest.starts_with(sign)));
    if let Some(&(_, _, name, advice)) = by_sign {
        return Some(Kind { name, advice });
    }
    if is_safetensors(head, length) {
        return Some(Kind { name: "a safetensors file", advice: SAFETENSORS });
    }
    is_pe(head).then_some(Kind { name: "a Windows program or library", advice: PROGRAM })
}

/// The length of a JSON header, and its brace. Source: the safetensors README, "Format".
pub(super) fn is_safetensors(head: &[u8], length: u64) -> bool {
    let Some((size, rest)) = head.split_first_chunk::<8>() else { return false };
    let size = u64::from_le_bytes(*size);
    rest.starts_with(b"{\"") && (2..=100_000_000).contains(&size) && size <= length
}

/// `MZ`, and `PE` where the header says; the second is missing where it lies far off.
fn is_pe(head: &[u8]) -> bool {
    let Some(at) = head.get(60..64).filter(|_| head.starts_with(b"MZ")) else { return false };
    let at = u32::from_le_bytes([at[0], at[1], at[2], at[3]]) as usize;
    head.get(at..).is_some_and(|rest| rest.starts_with(b"PE\0\0"))
}
