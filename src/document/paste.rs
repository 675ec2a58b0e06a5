//! Text that stands for bytes, pasted or in a file: base64, hexadecimal digits and dumps, literals of Python, a row of redis-cli, a
//! pickle of protocol 0 itself.

use crate::bytes::{Limits, MemorySource};
use crate::machine;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

/// Quotes in quotes that are taken off: a row of redis-cli that holds base64.
const QUOTES: usize = 2;

/// The bytes that a pasted text stands for, in whichever spelling people copy them. A text may also be a pickle itself
/// ([`is_pickle`]): that takes a decoder to say, which the page does not have.
///
/// # Errors
/// When it is none of them: what was expected, for people.
pub fn parse(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    if let Some(bytes) = hex_dump(text) {
        return bytes;
    }
    if let Some(bytes) = byte_list(text) {
        return Ok(bytes);
    }
    spelled(unwrapped(text)).map(|(_, bytes)| bytes)
}

/// The bytes that a text stands for, and how it spells them: as base64, in hexadecimal digits, with escapes as Python, C and
/// redis-cli write them.
///
/// # Errors
/// When it is none of these, as [`parse`].
pub fn spelled(text: &str) -> Result<(&'static str, Vec<u8>), String> {
    let mut text = without_number(text.trim());
    if text.is_empty() {
        return Err("nothing was pasted".to_owned());
    }
    for _ in 0..QUOTES {
        let Some((is_literal, body)) = literal_body(text) else { break };
        if is_literal || body.contains('\\') {
            let read = crate::opcode::unescape(body.as_bytes());
            return read
                .map(|bytes| ("escapes", bytes))
                .map_err(|error| format!("the bytes literal does not read: {error}"));
        }
        text = body.trim();
    }
    if text.starts_with("\\x") {
        let read = crate::opcode::unescape(text.as_bytes());
        return read.map(|bytes| ("escapes", bytes)).map_err(|error| format!("the escapes do not read: {error}"));
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let hex = compact.strip_prefix("0x").unwrap_or(&compact);
    if !hex.is_empty() && hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let read = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
        return read.map(|bytes| ("hexadecimal", bytes)).map_err(|error| error.to_string());
    }
    // `data:...;base64,` is how pages embed files.
    let base64 = compact.rsplit_once("base64,").map_or(compact.as_str(), |(_, data)| data).as_bytes();
    let spellings = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    let bytes = spellings.iter().find_map(|encoding| encoding.decode(base64).ok());
    bytes.map(|bytes| ("base64", bytes)).ok_or_else(|| {
        "expected base64, hexadecimal digits or a dump of them, a Python bytes literal such as b'\\x80\\x04N.', or a pickle of \
         protocol 0"
            .to_owned()
    })
}

/// Without the number that redis-cli puts before a row: `1) "…"`.
fn without_number(text: &str) -> &str {
    match text.split_once(") ") {
        Some((number, rest)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            rest.trim_start()
        }
        _ => text,
    }
}

/// What stands between the quotes of `b'…'`, `"…"` and so on, and whether a letter says that it is a literal of bytes.
fn literal_body(text: &str) -> Option<(bool, &str)> {
    let quoted = text.strip_prefix(['b', 'B']);
    let (is_literal, quoted) = (quoted.is_some(), quoted.unwrap_or(text));
    for quote in ["'''", "\"\"\"", "'", "\""] {
        let body = quoted.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(body) = body {
            return Some((is_literal, body));
        }
    }
    None
}

/// Without what programs print around it: `bytearray(b'…')`, a comma behind.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim_end_matches([',', ';']).trim_matches('`');
    for call in ["bytearray(", "bytes(", "memoryview("] {
        if let Some(inner) = text.strip_prefix(call).and_then(|rest| rest.strip_suffix(')')) {
            text = inner.trim();
        }
    }
    text
}

/// Numbers of bytes, as `list(data)` and arrays of C have them: `[128, 4, 78, 46]`, `{0x80, 0x04}`, `80:04:4e:2e`.
fn byte_list(text: &str) -> Option<Vec<u8>> {
    let inner = text.trim_start_matches(['[', '(', '{']).trim_end_matches([']', ')', '}', ';']);
    if inner.contains(',') {
        let numbers = inner.split(',').map(str::trim).filter(|number| !number.is_empty());
        let number = |number: &str| match number.strip_prefix("0x") {
            Some(digits) => u8::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        };
        return numbers.map(number).collect();
    }
    let pairs = inner.contains(':').then(|| inner.split(':'))?;
    pairs.map(|pair| if pair.len() == 2 { u8::from_str_radix(pair, 16).ok() } else { None }).collect()
}

/// What `xxd` and `hexdump -C` print; nothing for any other text.
fn hex_dump(text: &str) -> Option<Result<Vec<u8>, String>> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut begin = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if line.trim() == "*" {
            begin?;
            return Some(Err("a line * stands for lines that were left out: hexdump -v prints all".to_owned()));
        }
        let (offset, rest) = line.trim().split_once([':', ' ']).unwrap_or((line.trim(), ""));
        let is_offset = (4..=16).contains(&offset.len()) && offset.bytes().all(|byte| byte.is_ascii_hexdigit());
        let offset = u64::from_str_radix(offset, 16).ok().filter(|_| is_offset)?;
        // What is printed beside the digits follows two blanks (xxd) or a bar (hexdump).
        let rest = rest.trim_start();
        let is_barred = rest.ends_with('|');
        let digits = match is_barred {
            true => rest.split('|').next().unwrap_or_default(),
            false => rest.split("  ").next().unwrap_or_default(),
        };
        let digits: String = digits.split_whitespace().collect();
        let begin = *begin.get_or_insert(offset);
        if begin + bytes.len() as u64 != offset {
            return Some(Err(format!("the line of offset {offset:#x} does not follow the one before it")));
        }
        bytes.extend(HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?);
    }
    (!bytes.is_empty()).then_some(Ok(bytes))
}

/// Whether a text is a pickle itself, which those of protocol 0 are.
#[must_use]
pub fn is_pickle(text: &str) -> bool {
    let reading = machine::read(&MemorySource::new(text.as_bytes().to_vec()), &Limits::default(), &mut |_, _| {});
    reading.is_complete() && reading.problems.total == 0 && reading.opcodes > 1
}

#[cfg(test)]
mod tests {
    use super::{is_pickle, parse};

    #[test]
    fn the_three_spellings_give_the_same_bytes() {
        let bytes = Ok(vec![0x80, 4, b'N', b'.']);
        assert_eq!(parse("gAROLg=="), bytes);
        assert_eq!(parse(" gARO\n Lg "), bytes);
        assert_eq!(parse("80044e2e"), bytes);
        assert_eq!(parse("80 04 4E 2E"), bytes);
        assert_eq!(parse(r"b'\x80\x04N.'"), bytes);
        assert_eq!(parse(r#"b"\x80\x04N.""#), bytes);
        assert_eq!(parse(r#"b'"'"#), Ok(vec![b'"']));
        assert_eq!(parse("\"gAROLg==\""), bytes);
        assert_eq!(parse("'80044e2e'"), bytes);
        assert_eq!(parse(r#"12) "\x80\x04N.""#), bytes);
        assert_eq!(parse(r"\x80\x04\x4e."), bytes);
        assert_eq!(parse("data:application/octet-stream;base64,gAROLg=="), bytes);
    }

    #[test]
    fn what_programs_print_around_bytes_is_taken_off() {
        let bytes = Ok(vec![0x80, 4, b'N', b'.']);
        for text in [
            "'gAROLg=='",
            "\"gAROLg==\",",
            r"bytearray(b'\x80\x04N.')",
            r"\x80\x04N.",
            r#"1) "\x80\x04N.""#,
            r#""\x80\x04N.""#,
            "[128, 4, 78, 46]",
            "{0x80, 0x04, 0x4e, 0x2e};",
            "80:04:4e:2e",
            "00000000: 8004 4e2e                                ..N.",
            "00000000  80 04 4e 2e                                       |..N.|\n00000004",
        ] {
            assert_eq!(parse(text), bytes, "{text}");
        }
    }

    #[test]
    fn dumps_of_several_lines_are_joined_and_gaps_refused() {
        let first = "00000010: 8004 951a 0000 0000 0000 008c 0161 944b  .............a.K\n";
        let dump = parse(&format!("{first}00000020: 0186 2e                                  ...")).unwrap();
        assert_eq!((dump.len(), dump[16..].to_vec()), (19, vec![1, 0x86, 0x2e]));
        assert!(parse(&format!("{first}00000030: 0186")).is_err_and(|message| message.contains("0x30")));
        let hexdump = "00000000  80 04 95 1a 00 00 00 00  00 00 00 8c 01 61 94 4b  |.............a.K|\n*\n00000040";
        assert!(parse(hexdump).is_err_and(|message| message.contains("hexdump -v")));
    }

    #[test]
    fn a_pickle_of_protocol_0_is_itself() {
        for text in ["(lp0\nI1\naI2\na.", "I1\n."] {
            assert!(parse(text).is_err() && is_pickle(text), "{text}");
        }
    }

    #[test]
    fn other_text_is_refused_in_words() {
        assert!(parse("a, b and c.").is_err() && !is_pickle("a, b and c."));
        assert!(parse("").is_err());
        assert!(parse("hello, world!").is_err_and(|message| message.contains("base64")));
    }
}
