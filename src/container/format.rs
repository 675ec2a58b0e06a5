//! The formats, and what people call them.

/// A format that is recognised by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// With its article: `an HDF5 file`.
    pub name: &'static str,
    /// What a person can do.
    pub advice: &'static str,
}

/// What an input is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A compressed stream: [`Unpacked`](super::Unpacked) reads it.
    Packed(Packing),
    /// An archive of entries.
    Archive(Archive),
    /// numpy's `.npy`: [`npy::read`](super::npy::read) reads its header.
    Npy,
    /// Something known that holds no pickle, or none that is read here.
    Other(Kind),
}

/// How a stream is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Packing {
    /// RFC 1952, one member or several.
    Gzip,
    /// RFC 1950.
    Zlib,
    /// One stream or several.
    Bzip2,
    /// One stream or several.
    Xz,
    /// The `.lzma` format before xz, called LZMA alone.
    Lzma,
    /// RFC 8878, one frame or several.
    Zstd,
    /// LZ4 frames, those of the legacy format included.
    Lz4,
    /// The zlib files of joblib before 0.10: `ZF` and the length in front.
    JoblibZf,
    /// RFC 1951 without anything around it, as in zip entries. Not recognised by content.
    Deflate,
    /// LZMA without the header of a file, as in zip (APPNOTE 5.8.8) and 7z. Not recognised by content.
    BareLzma,
}

impl Packing {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzma | Self::BareLzma => "lzma",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::JoblibZf => "joblib ZF",
            Self::Deflate => "deflate",
        }
    }
}

/// A format with entries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Archive {
    /// PKWARE's, with zip64.
    Zip,
    /// ustar, pax, GNU or v7.
    Tar,
    /// 7-Zip's.
    SevenZip,
}

impl Archive {
    /// The name people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::SevenZip => "7z",
        }
    }
}

impl Format {
    /// The format's name with its article, and what to do where it is not opened.
    #[must_use]
    pub fn kind(self) -> Kind {
        let unpack = "Open the file itself: what is inside is then listed.";
        let name = match self {
            Self::Packed(Packing::Gzip) => "a gzip file",
            Self::Packed(Packing::Zlib) => "zlib data",
            Self::Packed(Packing::Bzip2) => "a bzip2 file",
            Self::Packed(Packing::Xz) => "an xz file",
            Self::Packed(Packing::Lzma | Packing::BareLzma) => "an lzma file",
            Self::Packed(Packing::Zstd) => "a zstd file",
            Self::Packed(Packing::Lz4) => "an lz4 file",
            Self::Packed(Packing::JoblibZf) => "a compressed file of joblib before 0.10",
            Self::Packed(Packing::Deflate) => "deflated data",
            Self::Archive(Archive::Zip) => "a zip archive (torch, numpy .npz, keras and skops files are such)",
            Self::Archive(Archive::Tar) => "a tar archive",
            Self::Archive(Archive::SevenZip) => "a 7z archive",
            Self::Npy => "a numpy .npy array",
            Self::Other(kind) => return kind,
        };
        Kind { name, advice: unpack }
    }
}
