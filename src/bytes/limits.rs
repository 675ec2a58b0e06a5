//! Every budget in one place.

/// What a document may cost. Nothing is cut silently: whoever reaches a limit says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Nodes in one document. Their ids keep one bit free, so 2^31 is the ceiling.
    pub nodes: u32,
    /// Bytes that reading one document may hold: nodes, edges and runs, the stack and its MARKs, the memo, names.
    pub memory: u64,
    /// Problems kept with their text; the rest are counted.
    pub problems: usize,
    /// Bytes of one line argument (protocol 0) before it is treated as damage.
    pub line: usize,
    /// Bytes of long texts that are read to see whether they decode.
    pub texts: u64,
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
    /// Bytes of one archive that are searched for headers of entries that no directory lists.
    pub searched: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes: 1 << 31,
            memory: 3 << 30,
            problems: 1000,
            line: 256 << 20,
            texts: 256 << 20,
            streams: 1_000_000,
            preview: 120,
            value: 64 * 1024,
            unpacked: 1 << 30,
            entries: 1_000_000,
            searched: 4 << 30,
        }
    }
}

impl Limits {
    /// Limits for a process that may hold `total` bytes: half of them for the graph and what the machine needs to build it, a
    /// quarter for unpacked bytes, and the rest for what is made of both (indexes, the audit, the text that is written).
    #[must_use]
    pub fn within(total: u64) -> Self {
        let standard = Self::default();
        Self { memory: total / 2, unpacked: standard.unpacked.min(total / 4), ..standard }
    }
}
