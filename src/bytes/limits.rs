//! Every budget in one place.

/// What a document may cost. Nothing is cut silently: whoever reaches a limit says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Nodes in one document. Their ids keep one bit free, so 2^31 is the ceiling.
    pub nodes: u32,
    /// Problems kept with their text; the rest are counted.
    pub problems: usize,
    /// Bytes of one line argument (protocol 0) before it is treated as damage.
    pub line: usize,
    /// Pickles read from one file.
    pub streams: usize,
    /// Characters of a one-line preview.
    pub preview: usize,
    /// Bytes of a value that one answer carries; longer ones are read by windows.
    pub value: u64,
    /// Bytes that one packed stream may expand to before someone has to agree to go on.
    pub unpacked: u64,
    /// Entries listed of one archive.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes: 1 << 31,
            problems: 1000,
            line: 256 << 20,
            streams: 1_000_000,
            preview: 120,
            value: 64 * 1024,
            unpacked: 1 << 30,
            entries: 1_000_000,
        }
    }
}
