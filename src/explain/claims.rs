//! What a message itself names: a byte, an attribute, a version. A file that holds something else is another file.

/// The byte in `invalid load key, '<'`, `KeyError: 60`, `KeyError: '\x1f'` or `Unsupported operand 60`.
pub(super) fn load_key(quote: &str) -> Option<u8> {
    let lower = quote.to_ascii_lowercase();
    let after = |words: &str| lower.find(words).map(|at| quote[at + words.len()..].trim());
    let (key, is_number) = match after("invalid load key,") {
        Some(key) => (key, false),
        None => (after("keyerror:").or_else(|| after("unsupported operand"))?, true),
    };
    let digits = key.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    if is_number && !digits.is_empty() {
        return digits.parse().ok();
    }
    let inner = key.strip_prefix('\'')?;
    let escaped = inner.strip_prefix('\\');
    match escaped {
        Some(rest) if rest.starts_with('x') => u8::from_str_radix(rest.get(1..3)?, 16).ok(),
        Some(rest) => match rest.bytes().next()? {
            b'r' => Some(b'\r'),
            b'n' => Some(b'\n'),
            b't' => Some(b'\t'),
            other => Some(other),
        },
        None => u8::try_from(u32::from(inner.chars().next()?)).ok(),
    }
}

/// The name in `Can't get attribute 'X' on <module 'M'` or `module 'M' has no attribute 'X'`.
pub(super) fn attribute(quote: &str) -> Option<&str> {
    let lower = quote.to_ascii_lowercase();
    let at = ["can't get attribute '", "has no attribute '"]
        .iter()
        .find_map(|words| Some(lower.find(words)? + words.len()))?;
    let is_of_module = lower.contains("<module '") || lower.starts_with("module '");
    let name = quote.get(at..)?.split('\'').next()?;
    (is_of_module && !name.is_empty()).then_some(name)
}

/// Whether a version is the one that a file states: `1.2` and `1.2.0` are one.
pub(super) fn is_same_version(one: &str, other: &str) -> bool {
    let plain = |version: &str| -> String {
        let mut version = version.trim();
        while let Some(shorter) = version.strip_suffix(".0") {
            version = shorter;
        }
        version.to_owned()
    };
    plain(one) == plain(other)
}

/// The exception that a line begins with: the last part of `sklearn.exceptions.NotFittedError`.
pub(super) fn exception_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("E ").trim();
    let word = line.split([':', ' ', '\n']).next().unwrap_or_default();
    let is_path = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let rest = &line[word.len()..];
    let name = word.rsplit('.').next().unwrap_or_default();
    let ends = [
        "Error",
        "Exception",
        "Warning",
        "Exit",
        "Interrupt",
        "BadZipFile",
        "BadZipfile",
        "BadGzipFile",
        "UnsupportedOperation",
    ];
    let is_name = ends.iter().any(|end| name.ends_with(end)) || name == "error" && word.contains('.');
    (is_path && is_name && (rest.is_empty() || rest.starts_with(':'))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_of_a_message_is_read() {
        let keys = ["invalid load key, '<'.", r"invalid load key, '\x1f'", "KeyError: 60", r"KeyError: '\x1f'"];
        assert_eq!(keys.map(load_key), [Some(60), Some(31), Some(60), Some(31)]);
        assert_eq!(load_key("UnpicklingError: Unsupported operand 149"), Some(149));
        assert_eq!(load_key("pickle data was truncated"), None);
        assert_eq!(load_key("invalid load key, 'é"), Some(0xe9));
    }

    #[test]
    fn the_attribute_of_a_module_is_read() {
        assert_eq!(attribute("Can't get attribute 'new_block' on <module 'pandas"), Some("new_block"));
        assert_eq!(attribute("module 'a.b' has no attribute 'c'"), Some("c"));
        assert_eq!(attribute("'list' object has no attribute 'predict'"), None);
    }

    #[test]
    fn zeros_at_the_end_of_a_version_make_no_difference() {
        assert!(is_same_version("1.2", "1.2.0") && !is_same_version("1.2.2", "1.0.2"));
    }
}
