//! Texts that stand for the bytes of a pickle, in the codings that the standard library undoes.
//!
//! Each is looked for by what PROTO and the protocol, the first two bytes of a pickle, come to in it. Codings of bytes may also begin
//! as a compressed stream does, and base64 as a pickle of the old protocols that names something first, or anywhere in its digits with
//! a pickle: behind a digest, or where one text directly follows another.

mod decoders;

use super::skim::skim_up_to;
use crate::bytes::{Limits, MemorySource, Source, Span, read_span};
use crate::container::{Packing, Unpacked, holds_known};
use crate::format::pickle::is_announced;
use decoders::{
    BASE85, base32, base64, base64_from, base85, escaped_pairs, escapes, is_base64, is_quote, json, numbers, once_less,
    pairs, uuencode,
};
use std::sync::Arc;

/// Bytes of the shortest pickle that can name and call something.
const FEWEST: usize = 12;
/// Bytes of a text that say whether the rest is decoded.
const HEAD: usize = 128;
/// Instructions of it that say whether digits in the middle of others are meant as a pickle.
const TRIED: u64 = 5;
/// Longest text that is decoded, and the bytes that a compressed one may unpack to.
pub(super) const LONGEST: u64 = 4 << 20;

/// A way to write bytes as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coding {
    Base64,
    /// Digits of base64 behind others, of whose first this many bits belong to the byte before.
    Base64Within(u8),
    /// Pairs of hexadecimal digits, with or without signs between them.
    Hexadecimal,
    Base32,
    /// `base64.b85encode`.
    Base85,
    /// `base64.a85encode`.
    Ascii85,
    Uuencode,
    QuotedPrintable,
    Percent,
    /// The escapes of Python's literals.
    Escapes,
    /// The same in a text that was quoted once more.
    QuotedEscapes,
    /// Characters up to U+00FF in JSON.
    Json,
    /// Decimal numbers.
    Numbers,
}

use Coding::{
    Ascii85, Base32, Base64, Base64Within, Base85, Escapes, Hexadecimal, Json, Numbers, Percent, QuotedEscapes,
    QuotedPrintable, Uuencode,
};

/// What a pickle begins with in a coding.
const SIGNS: [(&[u8], Coding); 52] = [
    (b"gA", Base64),
    // zlib, by its levels, and gzip.
    (b"eA", Base64),
    (b"eF", Base64),
    (b"eJ", Base64),
    (b"eN", Base64),
    (b"H4sI", Base64),
    // GLOBAL and the first letter of a module, without and with a MARK in front.
    (b"Y2", Base64),
    (b"Y3", Base64),
    (b"KGM", Base64),
    (b"800", Hexadecimal),
    (b"80 0", Hexadecimal),
    (b"80:0", Hexadecimal),
    (b"80-0", Hexadecimal),
    (b"80, 0x0", Hexadecimal),
    (b"80,0x0", Hexadecimal),
    (b"QAB", Base32),
    (b"QAC", Base32),
    (b"fC", Base85),
    (b"J-", Ascii85),
    (b"@ ", Uuencode),
    (b"=80=0", QuotedPrintable),
    (b"%80%0", Percent),
    (b"\\x80\\x0", Escapes),
    (b"\\\\x80\\\\x0", QuotedEscapes),
    (b"\\u0080\\u000", Json),
    (b"128", Numbers),
    // zlib, by its levels, and gzip.
    (b"7801", Hexadecimal),
    (b"785e", Hexadecimal),
    (b"785E", Hexadecimal),
    (b"789c", Hexadecimal),
    (b"789C", Hexadecimal),
    (b"78da", Hexadecimal),
    (b"78DA", Hexadecimal),
    (b"1f8b08", Hexadecimal),
    (b"1F8B08", Hexadecimal),
    (b"PAA", Base32),
    (b"PBP", Base32),
    (b"PCO", Base32),
    (b"PDN", Base32),
    (b"D6F", Base32),
    (b"cm", Base85),
    (b"cw", Base85),
    (b"c$", Base85),
    (b"c%", Base85),
    (b"c-", Base85),
    (b"ABz", Base85),
    (b"GQ", Ascii85),
    (b"G[", Ascii85),
    (b"Ga", Ascii85),
    (b"Gb", Ascii85),
    (b"Gh", Ascii85),
    (b"+,^", Ascii85),
];

/// A place where a text begins that may stand for a pickle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) coding: Coding,
}

/// All such places, in order.
pub(super) fn places(bytes: &[u8]) -> Vec<Place> {
    let of_sign = |&(sign, coding): &(&'static [u8], Coding)| {
        let places = memchr::memmem::find_iter(bytes, sign).filter_map(move |at| {
            // The length of a line stands before its digits.
            let at = if coding == Uuencode { at.checked_sub(1)? } else { at };
            coding.begins_at(bytes, at).then_some(Place { at, coding })
        });
        places.collect::<Vec<_>>()
    };
    let mut places: Vec<Place> = SIGNS.iter().flat_map(of_sign).chain(within_base64(bytes)).collect();
    places.sort_unstable_by_key(|place| place.at);
    places
}

/// Places in the middle of base64 where digits stand for PROTO with one of the protocols that write it. Its second digit is an `A`
/// wherever among three bytes the pickle begins.
fn within_base64(bytes: &[u8]) -> impl Iterator<Item = Place> {
    memchr::memchr_iter(b'A', bytes).filter_map(|second| {
        let at = second.checked_sub(1)?;
        let coding = match (bytes[at], bytes.get(second + 1)?) {
            (b'g', b'I'..=b'X') if at.checked_sub(1).is_some_and(|before| is_base64(bytes[before])) => Base64Within(0),
            (b'I' | b'Y' | b'o' | b'4', b'C'..=b'F') => Base64Within(2),
            (first, b'A' | b'B') if decoders::sextet(first).is_some_and(|value| value & 3 == 2) => Base64Within(4),
            _ => return None,
        };
        coding.begins_at(bytes, at).then_some(Place { at, coding })
    })
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Base64 | Base64Within(_) => "base64",
            Hexadecimal => "hexadecimal",
            Base32 => "base32",
            Base85 => "base85",
            Ascii85 => "ascii85",
            Uuencode => "uuencode",
            QuotedPrintable => "quoted-printable",
            Percent => "percent-encoding",
            Escapes | QuotedEscapes => "escapes",
            Json => "JSON escapes",
            Numbers => "decimal numbers",
        }
    }

    /// The name of the coding when it holds a compressed stream.
    fn name_of_packed(self) -> &'static str {
        match self {
            Hexadecimal => "compressed hexadecimal",
            Base32 => "compressed base32",
            Base85 => "compressed base85",
            Ascii85 => "compressed ascii85",
            _ => "compressed base64",
        }
    }

    /// Whether it writes bytes as they are, so that what it holds may be compressed.
    fn may_be_packed(self) -> bool {
        matches!(self, Base64 | Hexadecimal | Base32 | Base85 | Ascii85)
    }

    /// Whether a text begins here, and not in the middle of another, whose first bytes may be those of a pickle.
    fn begins_at(self, bytes: &[u8], at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let is_begin = before.is_none_or(|before| match self {
            Base64 => !is_base64(before),
            Hexadecimal => !before.is_ascii_hexdigit(),
            Base32 | Numbers => !before.is_ascii_alphanumeric() && before != b'.',
            Base85 | Ascii85 => before.is_ascii_whitespace() || b"\"',:=~([{>;".contains(&before),
            Uuencode => before == b'\n',
            Base64Within(_) | QuotedPrintable | Percent | Escapes | QuotedEscapes | Json => true,
        }) && (!matches!(self, Escapes | QuotedEscapes) || is_field(bytes, at));
        let head = &bytes[at..bytes.len().min(at + HEAD)];
        is_begin && self.decode(head, quote(bytes, at)).is_some_and(|bytes| self.may_be_pickle(&bytes))
    }

    /// Whether bytes may be those of a pickle, or of a compressed one.
    fn may_be_pickle(self, bytes: &[u8]) -> bool {
        let is_possible = || match self {
            // Digits that begin so are no wonder among many.
            Base64Within(_) => {
                let head = MemorySource::new(bytes.to_vec());
                is_announced(bytes) && skim_up_to(&head, 0, &Limits::default(), TRIED).is_convincing()
            }
            _ => {
                is_announced(bytes)
                    || self == Base64 && names_first(bytes)
                    || self.may_be_packed() && packing(bytes).is_some()
            }
        };
        bytes.len() >= FEWEST && is_possible()
    }

    /// The bytes that a text stands for, from its beginning to what is of no such text.
    fn decode(self, text: &[u8], quote: Option<u8>) -> Option<Vec<u8>> {
        match self {
            Base64 => base64(text),
            Base64Within(bits) => base64_from(text, bits),
            Hexadecimal => Some(pairs(text)),
            Base32 => Some(base32(text)),
            Base85 => Some(base85(text, |byte| BASE85.iter().position(|digit| *digit == byte), false)),
            Ascii85 => Some(base85(text, |byte| (b'!'..=b'u').contains(&byte).then(|| usize::from(byte - b'!')), true)),
            Uuencode => Some(uuencode(text)),
            QuotedPrintable => {
                Some(escaped_pairs(text, b'=', |byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e)))
            }
            Percent => Some(escaped_pairs(text, b'%', |byte| byte.is_ascii_graphic() && !b"&\"'<>".contains(&byte))),
            Escapes => escapes(text, quote),
            QuotedEscapes => escapes(&once_less(text), quote),
            Json => Some(json(text)),
            Numbers => Some(numbers(text)),
        }
    }
}

impl Place {
    /// The pickle that the text stands for, of which `before` are the bytes before the place, if any.
    pub(super) fn decode(self, text: &[u8], before: Option<u8>) -> Option<(&'static str, Vec<u8>)> {
        let bytes = self.coding.decode(text, before.filter(|before| is_quote(*before)))?;
        match packing(&bytes).filter(|_| self.coding.may_be_packed()) {
            Some(packing) => Some((self.coding.name_of_packed(), unpacked(packing, bytes)?)),
            None => Some((self.coding.name(), bytes)),
        }
    }

    /// Whether what it stands for is compressed, as far as its first bytes tell.
    pub(super) fn is_packed(self, text: &[u8]) -> bool {
        let head = &text[..text.len().min(HEAD)];
        self.coding.may_be_packed() && self.coding.decode(head, None).is_some_and(|bytes| packing(&bytes).is_some())
    }
}

/// Whether decoded bytes are a pickle that says so, or one of the old protocols that names something first.
pub(super) fn is_pickle(bytes: &[u8]) -> bool {
    is_announced(bytes) || names_first(bytes)
}

/// Whether bytes begin with GLOBAL and two names, as pickles of the old protocols do that call something.
fn names_first(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"(").unwrap_or(bytes).strip_prefix(b"c") else { return false };
    let is_name = |line: &[u8]| {
        line.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
            && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
    };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let (module, name, behind) = (lines.next(), lines.next(), lines.next());
    module.is_some_and(is_name) && name.is_some_and(is_name) && behind.is_some()
}

fn packing(bytes: &[u8]) -> Option<Packing> {
    match bytes {
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some(Packing::Zlib),
        [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
        _ => None,
    }
}

fn unpacked(packing: Packing, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let packed: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
    if !holds_known(packing, &*packed) {
        return None;
    }
    let span = Span::new(0, packed.len());
    let unpacked = Unpacked::new(packing, packed, span);
    unpacked.advance(LONGEST, &mut |_, _| {});
    let bytes = read_span(&unpacked, Span::new(0, unpacked.len())).ok()?;
    Some(bytes.into_owned())
}

/// The quote before a place.
fn quote(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).map(|before| bytes[before]).filter(|before| is_quote(*before))
}

/// Whether a literal is the whole of a field, as in CSV and JSON. In programs literals stand in expressions, and tests of pickles are
/// full of them.
fn is_field(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    let without_quote = before.strip_suffix(b"'").or(before.strip_suffix(b"\"")).unwrap_or(before);
    let without_sign = without_quote.strip_suffix(b"b").filter(|_| without_quote.len() < before.len());
    let before = without_sign.unwrap_or(without_quote);
    before.last().is_none_or(|byte| b"\",;\t\n".contains(byte)) || before.trim_ascii_end().ends_with(b"\":")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICKLE: &[u8] = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.";
    /// `zlib.compress(PICKLE, 9)`.
    const ZLIB: &[u8] =
        b"x\xdak`\xe9a\xca/\xeea+\xae,.I\xcd\x9d\xdc\xc3\x92\x9a\x9c\x91\xdf\x1a\xa4\x07\x00m\xfd\x08\xf3";

    /// What stands at the first place of a text.
    fn first(text: &[u8]) -> Option<(usize, &'static str, Vec<u8>)> {
        let place = *places(text).first()?;
        let before = place.at.checked_sub(1).map(|before| text[before]);
        let (coding, bytes) = place.decode(&text[place.at..], before)?;
        Some((place.at, coding, bytes))
    }

    /// Every byte after what comes before it, as `each` writes it.
    fn spelled(between: &str, each: impl Fn(u8) -> String) -> String {
        PICKLE.iter().map(|byte| each(*byte)).collect::<Vec<_>>().join(between)
    }

    #[test]
    fn each_coding_is_found_where_it_begins() {
        // What base64, binascii, quopri, urllib and json of Python make of it; in pieces, so that this file spells nothing.
        let either = |byte: u8, escape: &dyn Fn(u8) -> String| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => escape(byte),
        };
        let texts = [
            (data_encoding::BASE64.encode(PICKLE), "base64"),
            (spelled("", |byte| format!("{byte:02x}")), "hexadecimal"),
            (spelled(" ", |byte| format!("{byte:02X}")), "hexadecimal"),
            (spelled(":", |byte| format!("{byte:02x}")), "hexadecimal"),
            (spelled(", ", |byte| format!("0x{byte:02x}"))[2..].to_owned(), "hexadecimal"),
            (data_encoding::BASE32.encode(PICKLE), "base32"),
            (["fCP*JZ*z", "<Wb9r-gWo", "?s;1Z87rZ-r7W"].concat(), "base85"),
            (["J-:f4Df^", "jAF*VhKAS", "mWi\"D)(VDhV(A"].concat(), "ascii85"),
            (spelled("", |byte| either(byte, &|byte| format!("={byte:02X}"))) + "=\n", "quoted-printable"),
            (spelled("", |byte| either(byte, &|byte| format!("%{byte:02X}"))), "percent-encoding"),
            (spelled("", |byte| either(byte, &|byte| format!("\\x{byte:02x}"))), "escapes"),
            (spelled("", |byte| either(byte, &|byte| format!("\\\\x{byte:02x}"))), "escapes"),
            (spelled("", |byte| either(byte, &|byte| format!("\\u00{byte:02x}"))), "JSON escapes"),
            (spelled(", ", |byte| byte.to_string()), "decimal numbers"),
            (spelled(",", |byte| byte.to_string()), "decimal numbers"),
        ];
        for (text, coding) in texts {
            for (at, text) in [(0, text.clone()), (6, format!("{{\"a\":\"{text}\", \"b\": 1}}"))] {
                let (place, found, bytes) = first(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
                assert_eq!((place, found), (at, coding), "{text}");
                assert!(bytes.starts_with(PICKLE), "{text}: {}", bytes.escape_ascii());
            }
        }
        let lines = ["begin 666 <data>\n8@ 2, ", "F]SC 9S>7-T9", "6V3C 1E8VAOA5(N\n \nend\n"].concat();
        assert_eq!(first(lines.as_bytes()), Some((17, "uuencode", PICKLE.to_vec())));
    }

    #[test]
    fn literals_count_as_fields_alone() {
        let literal = format!("b'{}'", spelled("", |byte| format!("\\x{byte:02x}")));
        assert_eq!(first(format!("id,p\n1,\"{literal}\"\n").as_bytes()).map(|(at, ..)| at), Some(10));
        assert_eq!(first(format!("    let pickle = read({literal});\n").as_bytes()), None);
        assert_eq!(first(format!("PICKLE = {literal}\n").as_bytes()), None);
    }

    #[test]
    fn base64_may_be_compressed_or_of_an_old_protocol() {
        let signed = [".eJxrYOlhyi_u", "YSuuLC5JzZ3cw5", "KanJHfGqQHAG39CPM=:1abcde:signature"].concat();
        assert_eq!(first(signed.as_bytes()).map(|(at, coding, _)| (at, coding)), Some((1, "compressed base64")));
        let old = ["\"Y29zCnN5c3Rl", "bQooUydlY2hvJwp0Ui4=\""].concat();
        assert_eq!(first(old.as_bytes()), Some((1, "base64", b"cos\nsystem\n(S'echo'\ntR.".to_vec())));
        assert_eq!(first(b"eJwVzLEKAyEQBNB+v2IqTVKEkC5FPiP1sh7snSvqCf59vGZghn"), None);
        assert!(names_first(b"(cos\nsystem\n") && !names_first(b"cos system\n\n") && !names_first(b"c\nname\nrest"));
    }

    #[test]
    fn base64_may_hold_a_pickle_behind_something_else() {
        for before in 1..=8 {
            let text = data_encoding::BASE64.encode(&[&b"digest: "[..before], PICKLE].concat());
            let (place, coding, bytes) = first(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((place, coding), (before * 4 / 3, "base64"), "{text}");
            assert!(bytes.starts_with(PICKLE), "{text}");
            // A column whose digits follow those of another.
            let text = format!("{}{}", &"keys_"[..before % 5], data_encoding::BASE64.encode(PICKLE));
            assert_eq!(first(text.as_bytes()).map(|(at, _, bytes)| (at, bytes)), Some((before % 5, PICKLE.to_vec())));
        }
    }

    #[test]
    fn compressed_pickles_are_found_in_each_coding_of_bytes() {
        for (text, coding) in [
            (data_encoding::HEXLOWER.encode(ZLIB), "compressed hexadecimal"),
            (data_encoding::HEXLOWER.encode(ZLIB).to_uppercase(), "compressed hexadecimal"),
            (data_encoding::BASE32.encode(ZLIB), "compressed base32"),
            (data_encoding::BASE64.encode(ZLIB), "compressed base64"),
            (["c-m`V>0!z*?qMsgEG|jS", "o!rBcnw*i}8l(pRZT$%I"].concat(), "compressed base85"),
            (["GhQq@l!_^fmU7WK/1sN=", "S_V,GR[fMt)PdT<D>ab3"].concat(), "compressed ascii85"),
        ] {
            let quoted = format!("{{\"a\": \"{text}\"}}");
            assert_eq!(first(quoted.as_bytes()).map(|(at, coding, _)| (at, coding)), Some((7, coding)), "{text}");
        }
    }

    #[test]
    fn other_texts_begin_no_pickle() {
        for text in [
            "xgASVzzzzzzzzzzzzzzzzzzzzzzzz, f8004, gAYV, 8006, gA",
            "Y29udGVudCBvZiBhIGZpbGUgdGhhdCBpcyBubyBwaWNrbGU=",
            "128, 4 and 128.4, 80:01, 80-02, fC, QAB, =80=0, %80%0",
            "1128, 4, 140, 2, 111, 115, 140, 6, 115, 121, 115, 116",
        ] {
            assert_eq!(places(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn digits_may_stand_in_lines() {
        let base64 = data_encoding::BASE64.encode(PICKLE);
        let lines = format!("{}\r\n{}\\n{}\", ", &base64[..10], &base64[10..20], &base64[20..]);
        for text in [&base64, &lines, &base64.replace('/', "_").replace('+', "-")] {
            assert_eq!(first(text.as_bytes()), Some((0, "base64", PICKLE.to_vec())), "{text}");
        }
    }

    #[test]
    fn digits_that_end_early_are_decoded_as_far_as_they_go() {
        assert_eq!(base85(b"fCP*J~~~~~", |byte| BASE85.iter().position(|digit| *digit == byte), false).len(), 4);
        assert_eq!(escapes(br"\x80\x04\x", None), Some(b"\x80\x04".to_vec()));
        assert_eq!(escaped_pairs(b"%80%0", b'%', |byte| byte.is_ascii_graphic()), b"\x80");
        assert_eq!(numbers(b"128, 4, 999, 1"), b"\x80\x04");
        assert_eq!(json(br"\u0080\u0104"), b"\x80");
        assert_eq!(uuencode(b"#@"), b"\x80\0\0");
    }
}
