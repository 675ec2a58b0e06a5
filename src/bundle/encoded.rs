//! Pickles that text holds as base64 or hexadecimal digits: settings in JSON, cells of tables and notebooks, columns of databases.
//! What announces itself with PROTO is looked for; it has to begin where the digits do.

use super::digits::{is_base64, places_of_digits};
use super::parts::{Decoded, Found, PLACE, Search, TRY, WINDOW};
use super::report::runs_code;
use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::document::Document;
use crate::format::pickle::is_announced;
use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use std::sync::Arc;

/// Shortest run of digits that can name and call something.
const SHORTEST: usize = 24;
/// Longest text that is decoded, and bytes of all that is kept of one member.
pub(super) const LONGEST: u64 = 4 << 20;
pub(super) const KEPT: usize = 16 << 20;
/// Pickles of one member.
pub(super) const MOST: usize = 64;

/// The digits from the beginning of a text, without the ends of lines between them, also as JSON spells these.
fn digits(text: &[u8], is_digit: fn(u8) -> bool) -> Vec<u8> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = match rest {
            [byte, rest @ ..] if is_digit(*byte) => {
                found.push(match byte {
                    b'-' => b'+',
                    b'_' => b'/',
                    byte => *byte,
                });
                rest
            }
            [b'\n' | b'\r', rest @ ..] | [b'\\', b'n' | b'r', rest @ ..] => rest,
            _ => return found,
        };
    }
}

/// What the digits at the beginning of a text stand for.
pub(super) fn decode(text: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    if text.starts_with(b"gA") {
        let mut digits = digits(text, is_base64);
        // One digit alone is no byte; the last bits of the last one may be anything.
        digits.truncate(digits.len() - usize::from(digits.len() % 4 == 1));
        let whole = digits.len() / 4 * 4;
        let bytes = BASE64_NOPAD.decode(&digits).or_else(|_| BASE64_NOPAD.decode(&digits[..whole]));
        return bytes.ok().filter(|_| digits.len() >= SHORTEST).map(|bytes| ("base64", bytes));
    }
    let digits = digits(text, |byte| byte.is_ascii_hexdigit());
    let whole = digits.len() / 2 * 2;
    let bytes = HEXLOWER_PERMISSIVE.decode(&digits[..whole]).ok();
    bytes.filter(|_| digits.len() >= SHORTEST).map(|bytes| ("hexadecimal", bytes))
}

impl Search<'_> {
    /// Those that begin in a window of bytes, which is at `at`. Where they are too many to try, that is said.
    pub(super) fn encoded_in_window(&mut self, bytes: &[u8], at: u64, end: u64, found: &mut Found) {
        for place in places_of_digits(bytes).filter(|place| (*place as u64) < WINDOW) {
            let place = at + place as u64;
            let kept: usize = found.decoded.iter().map(|one| one.bytes.len()).sum();
            if found.decoded.len() >= MOST || kept >= KEPT || !self.spend(PLACE) {
                found.unread = Some(format!(
                    "too much in it looks like pickles in base64 or hexadecimal digits to try all of it; tried up to byte {place}"
                ));
                return;
            }
            let decoded = self.decoded_at(place, end);
            found.decoded.extend(decoded);
        }
    }

    /// The pickle that the digits at a place stand for, if it runs something.
    fn decoded_at(&mut self, place: u64, end: u64) -> Option<Decoded> {
        let text = read_span(&**self.source, Span::new(place, end.min(place + LONGEST))).ok()?;
        let (coding, bytes) = decode(&text)?;
        self.spend(bytes.len() as u64 / 16);
        if !is_announced(&bytes) {
            return None;
        }
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.clone()));
        let document = Document::read(String::new(), source, self.limits.clone(), &mut |_, _| {});
        self.spend(document.reading().opcodes * TRY / 1024);
        runs_code(document.audit()).then_some(Decoded { at: place, coding, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_found_where_they_begin() {
        let places = |text: &str| places_of_digits(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(places("{\"a\": \"gASVgASV\", \"b\": \"80049580\"}"), [7, 24]);
        assert_eq!(places("xgASV, f8004, gAYV, 8006, gA"), [] as [usize; 0]);
    }

    #[test]
    fn digits_may_stand_in_lines() {
        let pickle = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.";
        let base64 = data_encoding::BASE64.encode(pickle);
        let lines = format!("{}\r\n{}\\n{}\", ", &base64[..10], &base64[10..20], &base64[20..]);
        for text in [&base64, &lines, &base64.replace('/', "_").replace('+', "-")] {
            assert_eq!(decode(text.as_bytes()), Some(("base64", pickle.to_vec())), "{text}");
        }
        let hex = data_encoding::HEXUPPER.encode(pickle);
        assert_eq!(decode(hex.as_bytes()), Some(("hexadecimal", pickle.to_vec())));
        assert_eq!(decode(b"gASV"), None);
    }
}
