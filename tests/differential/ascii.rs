//! Text as `truth.py` writes it.

/// Escapes what is no visible character of ASCII.
pub(crate) fn ascii(text: &str) -> String {
    let escaped = |c: char| match u32::from(c) {
        0x09 | 0x0a | 0x0d => c.escape_default().to_string(),
        0x20..=0x7e => c.to_string(),
        code @ 0..=0xff => format!("\\x{code:02x}"),
        code @ 0x100..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    };
    text.chars().map(escaped).collect()
}
