//! The bytes from an offset on, read in every way that bytes are numbers, texts, times or an instruction.

use crate::bytes::{Limits, MemorySource, Source};
use crate::format::dos;
use crate::lens::{Dtype, unix_moment};
use crate::opcode::{self, DecodeErrorKind};
use serde::{Deserialize, Serialize};

/// Bytes that the readings look at, at most.
pub const READ_AHEAD: usize = 320;

/// Characters of a text.
const TEXT: usize = 32;

/// One way to read bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ByteReading {
    /// The way: `int16`, `UTF-8`.
    pub name: String,
    /// The value; of a number with several bytes, the lowest first. Empty when there are too few bytes, or they have no such value.
    pub little: String,
    /// The same with the highest byte first, for ways to read in which that differs.
    pub big: Option<String>,
}

/// Reads the first of `bytes` in every way. More than [`READ_AHEAD`] are never looked at; `is_end` says that nothing follows these.
#[must_use]
pub fn byte_readings(bytes: &[u8], is_end: bool) -> Vec<ByteReading> {
    let is_end = is_end && bytes.len() <= READ_AHEAD;
    let bytes = &bytes[..bytes.len().min(READ_AHEAD)];
    let one = |name: &str, value: String| ByteReading { name: name.to_owned(), little: value, big: None };
    let two = |name: &str, little: String, big: String| ByteReading { name: name.to_owned(), little, big: Some(big) };
    let number = |code: &str| element(bytes, code);
    let mut readings = vec![
        one("uint8", number("|u1")),
        one("int8", number("|i1")),
        one("bits", bytes.first().map_or_else(String::new, |byte| format!("{byte:08b}"))),
    ];
    for (name, code) in [
        ("uint16", "u2"),
        ("int16", "i2"),
        ("uint32", "u4"),
        ("int32", "i4"),
        ("uint64", "u8"),
        ("int64", "i8"),
        ("float16", "f2"),
        ("float32", "f4"),
        ("float64", "f8"),
    ] {
        readings.push(two(name, number(&format!("<{code}")), number(&format!(">{code}"))));
    }
    readings.extend([
        one("LEB128 unsigned", leb128(bytes, false)),
        one("LEB128 signed", leb128(bytes, true)),
        one("int with its length (LONG1)", counted_int(bytes)),
        one("UTF-8", utf8(bytes)),
        two("UTF-16", utf16(bytes, u16::from_le_bytes), utf16(bytes, u16::from_be_bytes)),
        time("Unix time, 32 bits, s", bytes, |bytes: [u8; 4]| i64::from(i32::from_le_bytes(bytes)), false),
        time("Unix time, 64 bits, s", bytes, i64::from_le_bytes, false),
        time("Unix time, 64 bits, ms", bytes, i64::from_le_bytes, true),
        one("DOS time and date", dos_moment(bytes)),
        one("as opcode", as_opcode(bytes, is_end)),
    ]);
    readings
}

/// A number of numpy's.
fn element(bytes: &[u8], code: &str) -> String {
    let dtype = Dtype::from_code(code);
    match bytes.get(..dtype.itemsize as usize) {
        Some(bytes) => dtype.element_text(bytes, TEXT),
        None => String::new(),
    }
}

/// Groups of seven bits, the lowest first, each byte but the last with its top bit set; up to 64 bits.
fn leb128(bytes: &[u8], is_signed: bool) -> String {
    let mut value = 0_i128;
    for (number, byte) in bytes.iter().take(10).enumerate() {
        let shift = 7 * number;
        value |= i128::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            if is_signed && byte & 0x40 != 0 {
                value -= 1 << (shift + 7);
            }
            let length = number + 1;
            let fits = if is_signed { i64::try_from(value).is_ok() } else { u64::try_from(value).is_ok() };
            let bytes = if length == 1 { "byte" } else { "bytes" };
            return if fits { format!("{value} ({length} {bytes})") } else { String::new() };
        }
    }
    String::new()
}

/// A byte that says how many follow, and those as an int in two's complement, the lowest byte first.
fn counted_int(bytes: &[u8]) -> String {
    let Some((&length, rest)) = bytes.split_first() else { return String::new() };
    rest.get(..usize::from(length)).map_or_else(String::new, |bytes| opcode::long_bytes(bytes).to_string())
}

/// The text up to the first byte that is no UTF-8, or zero.
fn utf8(bytes: &[u8]) -> String {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    quoted(valid.chars())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    quoted(char::decode_utf16(units).map_while(Result::ok))
}

fn quoted(text: impl Iterator<Item = char>) -> String {
    let text: String = text.take_while(|character| *character != '\0').take(TEXT).collect();
    if text.is_empty() { text } else { opcode::repr_str(&opcode::PyText::from(text.as_str())) }
}

/// A time that is counted from 1970 on; `read` takes the lowest byte first.
fn time<const N: usize>(name: &str, bytes: &[u8], read: fn([u8; N]) -> i64, is_milli: bool) -> ByteReading {
    let moment = |bytes| unix_moment(read(bytes), is_milli).unwrap_or_default();
    let little = bytes.first_chunk::<N>().copied();
    let big = little.map(|mut bytes| {
        bytes.reverse();
        bytes
    });
    let text = |bytes: Option<[u8; N]>| bytes.map_or_else(String::new, moment);
    ByteReading { name: name.to_owned(), little: text(little), big: Some(text(big)) }
}

/// As zip archives have it: time, then date.
fn dos_moment(bytes: &[u8]) -> String {
    let Some(&[a, b, c, d]) = bytes.first_chunk::<4>() else { return String::new() };
    dos::moment(u16::from_le_bytes([c, d]), u16::from_le_bytes([a, b])).unwrap_or_default()
}

/// The instruction that would begin here: opcode, argument, length.
fn as_opcode(bytes: &[u8], is_end: bool) -> String {
    const ARGUMENT: usize = 60;
    let source = MemorySource::new(bytes.to_vec());
    match opcode::decode(&source, 0, &Limits::default()) {
        Ok(instruction) => {
            let argument = opcode::arg_text_prefix(&instruction, &source, ARGUMENT);
            let argument = argument.map_or_else(|_| String::new(), |argument| format!(" {}", argument.text));
            let length = instruction.span().len();
            let name = instruction.opcode.info().name;
            format!(
                "{}, {length} {}",
                format!("{name}{argument}").trim_end(),
                if length == 1 { "byte" } else { "bytes" }
            )
        }
        Err(error) => match (error.opcode, error.kind) {
            (None, _) => String::new(),
            // It goes on behind the bytes that are looked at.
            (Some(opcode), DecodeErrorKind::LengthBeyondInput { length, .. }) if !is_end => {
                format!("{} with {length} bytes", opcode.name())
            }
            (Some(opcode), DecodeErrorKind::MissingNewline) if !is_end => {
                format!("{} with a line of more than {} bytes", opcode.name(), source.len())
            }
            (Some(opcode), kind) => format!("{}: {kind}", opcode.name()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], name: &str) -> (String, Option<String>) {
        let readings = byte_readings(bytes, true);
        let found = readings.into_iter().find(|reading| reading.name == name).map(|found| (found.little, found.big));
        found.unwrap_or_default()
    }

    fn both(bytes: &[u8], name: &str) -> (String, String) {
        let (little, big) = read(bytes, name);
        (little, big.unwrap_or_default())
    }

    fn pair(little: &str, big: &str) -> (String, String) {
        (little.to_owned(), big.to_owned())
    }

    #[test]
    fn numbers_have_both_ends() {
        let bytes = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert_eq!(both(&bytes, "uint16"), pair("65534", "65279"));
        assert_eq!(both(&bytes, "int16"), pair("-2", "-257"));
        assert_eq!(both(&bytes, "uint32"), pair("4294967294", "4278190079"));
        assert_eq!(both(&bytes, "int32"), pair("-2", "-16777217"));
        assert_eq!(both(&bytes, "uint64"), pair("9223372036854775806", "18374686479671623551"));
        assert_eq!(both(&bytes, "int64"), pair("9223372036854775806", "-72057594037928065"));
        assert_eq!(
            [read(&bytes, "uint8").0, read(&bytes, "int8").0, read(&bytes, "bits").0],
            ["254", "-2", "11111110"]
        );
        assert_eq!(both(&[0, 0x3c], "float16").0, "1.0");
        assert_eq!(both(&[0x3f, 0xc0, 0, 0], "float32").1, "1.5");
        assert_eq!(both(&0.1_f64.to_le_bytes(), "float64").0, "0.1");
        assert_eq!(both(&[1, 2, 3], "uint32"), pair("", ""), "too few bytes");
        assert!(byte_readings(&[], true).iter().all(|reading| reading.little.is_empty()));
    }

    #[test]
    fn numbers_of_any_length() {
        assert_eq!(read(&[0xe5, 0x8e, 0x26], "LEB128 unsigned").0, "624485 (3 bytes)");
        assert_eq!(read(&[0xc0, 0xbb, 0x78], "LEB128 signed").0, "-123456 (3 bytes)");
        assert_eq!(read(&[0x7f], "LEB128 signed").0, "-1 (1 byte)");
        assert_eq!(read(&[0xff; 10], "LEB128 unsigned").0, "", "it does not end");
        let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read(&most, "LEB128 unsigned").0, "18446744073709551615 (10 bytes)");
        let least = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(read(&least, "LEB128 signed").0, "-9223372036854775808 (10 bytes)");
        let long = "int with its length (LONG1)";
        assert_eq!([read(&[2, 0, 0xff], long).0, read(&[0], long).0, read(&[9, 1], long).0], ["-256", "0", ""]);
    }

    #[test]
    fn texts_end_where_they_stop_making_sense() {
        assert_eq!(read(b"abc\xffdef", "UTF-8").0, "'abc'");
        assert_eq!(read("ä'\0x".as_bytes(), "UTF-8").0, "\"ä'\"");
        assert_eq!(both(b"a\0b\0\0\xd8", "UTF-16").0, "'ab'");
        assert_eq!(both(b"\0a\0b", "UTF-16").1, "'ab'");
    }

    #[test]
    fn times_have_their_units() {
        let name = "Unix time, 32 bits, s";
        assert_eq!(both(&1_700_000_000_i32.to_le_bytes(), name).0, "2023-11-14 22:13:20");
        assert_eq!(both(&1_700_000_000_i32.to_be_bytes(), name).1, "2023-11-14 22:13:20");
        let name = "Unix time, 64 bits, ms";
        assert_eq!(both(&1_700_000_000_123_i64.to_be_bytes(), name).1, "2023-11-14 22:13:20.123000");
        assert_eq!(both(&i64::MAX.to_le_bytes(), "Unix time, 64 bits, s").0, "");
        assert_eq!(read(&[0x83, 0x18, 0x22, 0x58], "DOS time and date").0, "2024-01-02 03:04:06");
    }

    #[test]
    fn an_instruction_is_named_with_its_argument() {
        let opcode = |bytes: &[u8]| read(bytes, "as opcode").0;
        assert_eq!(opcode(b"K\x05rest"), "BININT1 5, 2 bytes");
        assert_eq!(opcode(b"."), "STOP, 1 byte");
        assert_eq!(opcode(b"\x8c\x02hirest"), "SHORT_BINUNICODE 'hi', 4 bytes");
        assert_eq!(opcode(b"\xff"), "");
        assert!(opcode(b"X\xff\0\0\0x").starts_with("BINUNICODE: "), "the input ends");
        let far = byte_readings(b"X\xff\xff\0\0x", false);
        assert_eq!(far.last().unwrap().little, "BINUNICODE with 65535 bytes");
    }
}
