//! Pasted text that stands for bytes: base64, hexadecimal, a Python bytes literal.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};

/// The bytes that a pasted text stands for.
///
/// # Errors
/// When it is none of the three spellings: what was expected, for people.
pub fn parse(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing was pasted".to_owned());
    }
    if let Some(body) = literal_body(text) {
        return crate::opcode::unescape(body.as_bytes())
            .map_err(|error| format!("the bytes literal does not read: {error}"));
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let hex = compact.strip_prefix("0x").unwrap_or(&compact);
    if hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|error| error.to_string());
    }
    // `data:...;base64,` is how pages embed files.
    let base64 = compact.rsplit_once("base64,").map_or(compact.as_str(), |(_, data)| data).as_bytes();
    let spellings = [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    spellings.iter().find_map(|encoding| encoding.decode(base64).ok()).ok_or_else(|| {
        "expected base64, hexadecimal digits, or a Python bytes literal such as b'\\x80\\x04N.'".to_owned()
    })
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
    fn other_text_is_refused_in_words() {
        assert!(parse("").is_err());
        assert!(parse("hello, world!").is_err_and(|message| message.contains("base64")));
    }
}
