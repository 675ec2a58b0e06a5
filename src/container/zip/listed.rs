//! What the directory of an archive says of an entry, and only its opening needs.

/// What the directory says of an entry and only its opening needs.
#[derive(Clone, Debug)]
pub(in crate::container) struct Listed {
    /// The general purpose bit flags (4.4.4).
    pub(in crate::container) flags: u16,
    /// The bytes of the name, where they are not those of the decoded name.
    pub(in crate::container) raw_name: Option<Box<[u8]>>,
    /// Offset of its record in the directory; nothing where its own header alone tells of it.
    pub(in crate::container) record: Option<u64>,
}
