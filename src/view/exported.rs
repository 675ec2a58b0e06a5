//! Pieces of a file that is being saved.

use super::card::Format;
use serde::{Deserialize, Serialize};

/// What is to be saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExportAsk {
    /// The value; nothing for the whole document.
    pub node: Option<u32>,
    /// In which format.
    pub format: Format,
    /// In tables as text: whether a cell that a spreadsheet would run as a formula gets an apostrophe before it.
    #[serde(default)]
    pub escape_formulas: bool,
}

/// One piece of a file that is being saved. Ask for more until `finished`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Exported {
    /// A name for the file, from the value's place and the format.
    pub name: String,
    /// The bytes.
    #[serde(with = "bytes")]
    pub bytes: Vec<u8>,
    /// How far it is, and how far it has to go, in any unit.
    pub progress: (u64, u64),
    /// Whether this was the last piece.
    pub finished: bool,
    /// What the format could not hold, a sentence each; complete with the last piece.
    pub remarks: Vec<String>,
}

/// Bytes as bytes, which are one `Uint8Array` on their way between worker and page, not an array of numbers.
mod bytes {
    use serde::de::{Deserializer, Error, SeqAccess, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_byte_buf(Bytes)
    }

    struct Bytes;

    impl<'de> Visitor<'de> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<u8>, A::Error> {
            let mut bytes = Vec::new();
            while let Some(byte) = items.next_element()? {
                bytes.push(byte);
            }
            Ok(bytes)
        }
    }
}
