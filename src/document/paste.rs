//! Text that stands for bytes, pasted or in a file: base64, hexadecimal, a Python bytes literal, a row of redis-cli.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

/// Quotes in quotes that are taken off: a row of redis-cli that holds base64.
const QUOTES: usize = 2;

/// The bytes that a pasted text stands for.
///
/// # Errors
/// When it is none of the spellings: what was expected, for people.
pub fn parse(text: &str) -> Result<Vec<u8>, String> {
    spelled(text).map(|(_, bytes)| bytes)
}

/// The bytes that a text stands for, and how it spells them: as base64, in hexadecimal digits, with escapes as Python, C and
/// redis-cli write them.
///
/// # Errors
/// As [`parse`].
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
    if hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let read = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
        return read.map(|bytes| ("hexadecimal", bytes)).map_err(|error| error.to_string());
    }
    // `data:...;base64,` is how pages embed files.
    let base64 = compact.rsplit_once("base64,").map_or(compact.as_str(), |(_, data)| data).as_bytes();
    let spellings = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    let bytes = spellings.iter().find_map(|encoding| encoding.decode(base64).ok());
    bytes.map(|bytes| ("base64", bytes)).ok_or_else(|| {
        "expected base64, hexadecimal digits, or a Python bytes literal such as b'\\x80\\x04N.'".to_owned()
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
        assert_eq!(parse("\"gAROLg==\""), bytes);
        assert_eq!(parse("'80044e2e'"), bytes);
        assert_eq!(parse(r#"12) "\x80\x04N.""#), bytes);
        assert_eq!(parse(r"\x80\x04\x4e."), bytes);
        assert_eq!(parse("data:application/octet-stream;base64,gAROLg=="), bytes);
    }

    #[test]
    fn other_text_is_refused_in_words() {
        assert!(parse("").is_err());
        assert!(parse("hello, world!").is_err_and(|message| message.contains("base64")));
    }
}
