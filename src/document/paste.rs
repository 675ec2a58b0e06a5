//! Pasted text that stands for bytes: base64, hexadecimal digits and dumps, literals of Python, a pickle of protocol 0 itself.

use crate::bytes::{Limits, MemorySource};
use crate::machine;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

/// The bytes that a pasted text stands for, in whichever spelling people copy them.
///
/// # Errors
/// When it is none of them: what was expected, for people.
pub fn parse(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing was pasted".to_owned());
    }
    if let Some(bytes) = hex_dump(text) {
        return bytes;
    }
    if let Some(bytes) = byte_list(text) {
        return Ok(bytes);
    }
    let inner = unwrapped(text);
    // `\x80\x04`: a literal without its quotes, or as redis-cli and C have it.
    if literal_body(inner).is_none() && inner.contains("\\x") {
        return literal(inner);
    }
    match decode(inner) {
        Err(_) if is_pickle(text) => Ok(text.as_bytes().to_vec()),
        decoded => decoded,
    }
}

/// The bytes that a text stands for by itself: base64, hexadecimal digits, a bytes literal.
///
/// # Errors
/// When it is none of these.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    if let Some(body) = literal_body(text) {
        return literal(body);
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let hex = compact.strip_prefix("0x").unwrap_or(&compact);
    if !hex.is_empty() && hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|error| error.to_string());
    }
    // `data:...;base64,` is how pages embed files.
    let base64 = compact.rsplit_once("base64,").map_or(compact.as_str(), |(_, data)| data).as_bytes();
    let spellings = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    spellings.iter().find_map(|encoding| encoding.decode(base64).ok()).ok_or_else(|| {
        "expected base64, hexadecimal digits or a dump of them, a Python bytes literal such as b'\\x80\\x04N.', or a pickle of \
         protocol 0"
            .to_owned()
    })
}

fn literal(body: &str) -> Result<Vec<u8>, String> {
    crate::opcode::unescape(body.as_bytes()).map_err(|error| format!("the bytes literal does not read: {error}"))
}

/// Without what programs print around it: `1) "…"`, `bytearray(b'…')`, quotes, a comma behind.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim_end_matches([',', ';']);
    if let Some((number, rest)) = text.split_once(") ")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        text = rest.trim();
    }
    for call in ["bytearray(", "bytes(", "memoryview("] {
        if let Some(inner) = text.strip_prefix(call).and_then(|rest| rest.strip_suffix(')')) {
            text = inner.trim();
        }
    }
    for quote in ['\'', '"', '`'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
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
fn is_pickle(text: &str) -> bool {
    let reading = machine::read(&MemorySource::new(text.as_bytes().to_vec()), &Limits::default(), &mut |_, _| {});
    reading.is_complete() && reading.problems.total == 0 && reading.opcodes > 1
}

/// What stands between the quotes of `b'…'`, `b"…"`, `b'''…'''`.
fn literal_body(text: &str) -> Option<&str> {
    let quoted = text.strip_prefix(['b', 'B'])?;
    for quote in ["'''", "\"\"\"", "'", "\""] {
        if let Some(body) = quoted.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(body);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parse;

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
        let text = "(lp0\nI1\naI2\na.";
        assert_eq!(parse(text), Ok(text.as_bytes().to_vec()));
        assert_eq!(parse("I1\n."), Ok(b"I1\n.".to_vec()));
    }

    #[test]
    fn other_text_is_refused_in_words() {
        assert!(parse("a, b and c.").is_err());
        assert!(parse("").is_err());
        assert!(parse("hello, world!").is_err_and(|message| message.contains("base64")));
    }
}
