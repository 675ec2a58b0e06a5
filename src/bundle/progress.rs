//! How far opening has come.

/// How far something has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// A compressed stream is being unpacked.
    Unpacking {
        /// Bytes of the stream read.
        read: u64,
        /// Bytes of the stream.
        total: u64,
        /// Bytes that came out.
        unpacked: u64,
    },
    /// Opcodes are being read.
    Decoding {
        /// Offset reached.
        read: u64,
        /// Bytes in all.
        total: u64,
    },
}

/// Told of progress from time to time.
pub type OnProgress<'p> = &'p mut dyn FnMut(Progress);
