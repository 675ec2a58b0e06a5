//! A small file inside an address: deflated, in base64 of the kind that addresses may hold.

use crate::bytes::{Source, Span, read_span};
use data_encoding::BASE64URL_NOPAD;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::fmt::Write;

/// Characters of a packed file at most: browsers and chats cut longer addresses.
pub const LONGEST: usize = 64 << 10;
/// Bytes of a file at most, packed and unpacked again: what a link comes to is bounded before it is unpacked.
pub const LARGEST: u64 = 4 << 20;
/// Characters of a name that a link keeps.
const NAME: usize = 200;

/// `name=…&file=…` for the fragment of an address.
///
/// # Errors
/// Why there is no such link, for people.
pub fn pack(name: &str, source: &dyn Source) -> Result<String, String> {
    let too_large = |what: String| format!("{what}: too large for a link. Send the file instead.");
    if source.len() > LARGEST {
        return Err(too_large(format!("The file has {} bytes", source.len())));
    }
    let bytes = read_span(source, Span::new(0, source.len())).map_err(|error| error.to_string())?;
    let mut packed = Vec::with_capacity(LONGEST);
    let mut compress = Compress::new(Compression::best(), false);
    let status = compress.compress_vec(&bytes, &mut packed, FlushCompress::Finish);
    let text = BASE64URL_NOPAD.encode(&packed);
    if !matches!(status, Ok(Status::StreamEnd)) || text.len() > LONGEST {
        return Err(too_large(format!("Packed, the file has more than {LONGEST} characters")));
    }
    let mut fragment = String::from("name=");
    for byte in name.chars().take(NAME).collect::<String>().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => fragment.push(char::from(byte)),
            _ => write!(fragment, "%{byte:02X}").map_err(|error| error.to_string())?,
        }
    }
    fragment.push_str("&file=");
    fragment.push_str(&text);
    Ok(fragment)
}

/// The bytes behind `file=`.
///
/// # Errors
/// Why they cannot be had, for people.
pub fn unpack(text: &str) -> Result<Vec<u8>, String> {
    if text.len() > LONGEST {
        return Err(format!("the link holds more than {LONGEST} characters"));
    }
    let packed = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| "the link was cut or changed".to_owned())?;
    let mut bytes = Vec::new();
    let mut decompress = Decompress::new(false);
    loop {
        let (read, written) = (decompress.total_in(), decompress.total_out());
        bytes.reserve(64 << 10);
        let rest = packed.get(usize::try_from(read).unwrap_or(usize::MAX)..).unwrap_or_default();
        match decompress.decompress_vec(rest, &mut bytes, FlushDecompress::Finish) {
            Ok(Status::StreamEnd) => return Ok(bytes),
            _ if bytes.len() as u64 > LARGEST => return Err(format!("the link unpacks to more than {LARGEST} bytes")),
            Ok(_) if (read, written) != (decompress.total_in(), decompress.total_out()) => {}
            _ => return Err("the link was cut or changed".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;

    fn parts(fragment: &str) -> (&str, &str) {
        fragment.strip_prefix("name=").unwrap().split_once("&file=").unwrap()
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        for bytes in [
            Vec::new(),
            b"N.".to_vec(),
            vec![7; LARGEST as usize],
            (0..40_000_u32).map(|n| ((n * n) >> 7) as u8).collect(),
        ] {
            let fragment = pack("a b&#ü.pkl", &MemorySource::new(bytes.clone())).unwrap();
            let (name, text) = parts(&fragment);
            assert_eq!(name, "a%20b%26%23%C3%BC.pkl");
            assert!(unpack(text).unwrap() == bytes);
        }
    }

    #[test]
    fn what_is_too_large_is_refused_both_ways() {
        assert!(pack("a", &MemorySource::new(vec![0; LARGEST as usize + 1])).unwrap_err().contains("too large"));
        let mut state = 1_u64;
        let noise = (0..60_000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        });
        assert!(pack("a", &MemorySource::new(noise.collect())).unwrap_err().contains("too large"));
        let mut packed = Vec::with_capacity(LONGEST);
        let zeros = vec![0; 3 * LARGEST as usize];
        Compress::new(Compression::best(), false).compress_vec(&zeros, &mut packed, FlushCompress::Finish).unwrap();
        assert!(unpack(&BASE64URL_NOPAD.encode(&packed)).unwrap_err().contains("more than"));
        assert!(unpack(&"A".repeat(LONGEST + 1)).unwrap_err().contains("more than"));
    }

    #[test]
    fn a_damaged_link_is_said_to_be_damaged() {
        let fragment = pack("a", &MemorySource::new(b"(lp0\nI1\na.".repeat(50))).unwrap();
        let text = parts(&fragment).1;
        for cut in 0..text.len() {
            assert!(unpack(&text[..cut]).is_err(), "{cut}");
        }
        for wrong in ["", "*", "A", "AAAA", "____", "\u{fc}"] {
            assert!(unpack(wrong).is_err(), "{wrong}");
        }
    }
}
