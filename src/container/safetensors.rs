//! How long a safetensors file should be: the length of its header, the header (JSON), then the tensors. Source: the safetensors
//! README, "Format".

use super::kinds::is_safetensors;
use crate::bytes::{Source, Span, read_span};
use memchr::memmem;

/// Bytes of a header that are read.
const HEADER: u64 = 16 << 20;

/// How many bytes are missing at the end of a safetensors file; nothing for whole ones and for other files.
#[must_use]
pub fn missing(source: &dyn Source) -> Option<u64> {
    let mut head = [0; 16];
    let count = source.peek(0, &mut head).ok()?;
    if !is_safetensors(&head[..count], source.len()) {
        return None;
    }
    let length = u64::from_le_bytes(*head.first_chunk()?);
    if length > HEADER {
        return None;
    }
    let start = 8 + length;
    let header = read_span(source, Span::new(8, start.min(source.len()))).ok()?;
    let needed = start.checked_add(last_end(&header))?;
    needed.checked_sub(source.len()).filter(|&missing| missing > 0)
}

/// The largest second number of `"data_offsets":[0,16]`.
fn last_end(header: &[u8]) -> u64 {
    const NAME: &[u8] = b"\"data_offsets\"";
    let ends = memmem::find_iter(header, NAME).filter_map(|at| {
        let rest = &header[at + NAME.len()..];
        let list = &rest[..memchr::memchr(b']', &rest[..rest.len().min(100)])?];
        let comma = memchr::memchr(b',', list)?;
        std::str::from_utf8(&list[comma + 1..]).ok()?.trim().parse::<u64>().ok()
    });
    ends.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;

    #[test]
    fn the_header_says_how_long_the_file_is() {
        let header = br#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[2],"data_offsets": [16, 18]}}"#;
        let file = |tensors: usize| {
            let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
            bytes.extend_from_slice(header);
            bytes.extend(vec![0; tensors]);
            MemorySource::new(bytes)
        };
        assert_eq!([8, 17, 18, 30].map(|tensors| missing(&file(tensors))), [Some(10), Some(1), None, None]);
        assert_eq!(missing(&MemorySource::new(b"\x80\x04N.".to_vec())), None);
    }
}
