//! Texts and bytes that calls put together from constants.

use super::value::AbstractValue;
use crate::opcode::PyText;

/// Longest result that is worked out.
const LONGEST: usize = 1 << 16;

/// What a call of the function or method `name` (with its class, if any) gives for constants; `None` when it is not known
/// here.
pub(in crate::safety) fn fold(
    name: &str,
    args: &[AbstractValue],
    items: &dyn Fn(usize) -> Option<Vec<AbstractValue>>,
) -> Option<AbstractValue> {
    let result = match (name, args) {
        ("str.join" | "bytes.join", [separator, _]) => join(separator, &items(1)?)?,
        ("str" | "str.lower" | "str.casefold", [AbstractValue::Text(text)]) if name == "str" => {
            AbstractValue::Text(text.clone())
        }
        ("str.lower" | "str.casefold", [AbstractValue::Text(text)]) => text_of(text.to_lowercase()),
        ("str.upper", [AbstractValue::Text(text)]) => text_of(text.to_uppercase()),
        ("str.swapcase", [AbstractValue::Text(text)]) => text_of(swap_case(text)),
        ("str.strip" | "str.rstrip" | "str.lstrip", [AbstractValue::Text(text)]) => text_of(text.trim().to_owned()),
        ("str.strip" | "str.rstrip" | "str.lstrip", [AbstractValue::Text(text), AbstractValue::Text(chars)]) => {
            text_of(text.trim_matches(|c| chars.contains(c)).to_owned())
        }
        ("str.replace", [AbstractValue::Text(text), AbstractValue::Text(old), AbstractValue::Text(new)]) => {
            if new.len().saturating_mul(text.len()) > LONGEST {
                return None;
            }
            text_of(text.replace(&**old, new))
        }
        ("str.format" | "str.__mod__" | "mod", [AbstractValue::Text(form), ..]) => format_text(form, &args[1..])?,
        ("add" | "concat" | "iadd" | "iconcat" | "str.__add__" | "bytes.__add__", [left, right]) => {
            join(&empty_like(left)?, &[left.clone(), right.clone()])?
        }
        ("str" | "bytes.decode" | "bytearray.decode" | "decode", [AbstractValue::Bytes(bytes), rest @ ..]) => {
            decode(bytes, rest)?
        }
        ("encode" | "str.encode" | "bytes", [AbstractValue::Text(text), rest @ ..]) => encode(text, rest)?,
        ("decode", [AbstractValue::Text(text), rest @ ..]) => encode(text, rest)?,
        ("bytes" | "bytearray", [AbstractValue::Bytes(bytes)]) => AbstractValue::Bytes(bytes.clone()),
        ("bytes.fromhex" | "unhexlify" | "a2b_hex", [value]) => {
            from_base(&data_encoding::HEXLOWER_PERMISSIVE, &without_blanks(&bytes_of(value)?))?
        }
        ("b64decode" | "standard_b64decode" | "a2b_base64" | "decodebytes" | "urlsafe_b64decode", [value, ..]) => {
            from_base(&data_encoding::BASE64, &bytes_of(value)?)?
        }
        ("b32decode", [value, ..]) => from_base(&data_encoding::BASE32, &bytes_of(value)?)?,
        _ => return None,
    };
    match &result {
        AbstractValue::Text(text) if text.len() > LONGEST => None,
        AbstractValue::Bytes(bytes) if bytes.len() > LONGEST => None,
        _ => Some(result),
    }
}

/// Whether calls of a function of that name are worked out at all.
pub(in crate::safety) fn is_worked_out(function: &str) -> bool {
    matches!(function, "bytes" | "bytearray")
}

fn text_of(text: String) -> AbstractValue {
    AbstractValue::Text(text.into())
}

fn empty_like(value: &AbstractValue) -> Option<AbstractValue> {
    match value {
        AbstractValue::Text(_) => Some(text_of(String::new())),
        AbstractValue::Bytes(_) => Some(AbstractValue::Bytes([].into())),
        _ => None,
    }
}

fn join(separator: &AbstractValue, items: &[AbstractValue]) -> Option<AbstractValue> {
    match separator {
        AbstractValue::Text(separator) => {
            let texts: Option<Vec<&str>> = items.iter().map(AbstractValue::text).collect();
            let texts = texts?;
            let length: usize = texts.iter().map(|text| text.len() + separator.len()).sum();
            (length <= LONGEST).then(|| text_of(texts.join(separator)))
        }
        AbstractValue::Bytes(separator) => {
            let parts: Option<Vec<&[u8]>> = items
                .iter()
                .map(|item| if let AbstractValue::Bytes(bytes) = item { Some(&**bytes) } else { None })
                .collect();
            let parts = parts?;
            let length: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
            (length <= LONGEST).then(|| AbstractValue::Bytes(parts.join(&**separator).into()))
        }
        _ => None,
    }
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}

/// `{}` and `%s`, which is all that hiding a name takes.
fn format_text(form: &str, args: &[AbstractValue]) -> Option<AbstractValue> {
    let mark = if form.contains("{}") { "{}" } else { "%s" };
    let mut out = String::new();
    let mut rest = form;
    for arg in args {
        let (before, after) = rest.split_once(mark)?;
        out.push_str(before);
        out.push_str(arg.text()?);
        rest = after;
    }
    out.push_str(rest);
    Some(text_of(out))
}

fn bytes_of(value: &AbstractValue) -> Option<Vec<u8>> {
    match value {
        AbstractValue::Text(text) => Some(text.as_bytes().to_vec()),
        AbstractValue::Bytes(bytes) => Some(bytes.to_vec()),
        _ => None,
    }
}

fn without_blanks(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

fn from_base(encoding: &data_encoding::Encoding, bytes: &[u8]) -> Option<AbstractValue> {
    if bytes.len() > LONGEST {
        return None;
    }
    encoding.decode(bytes).ok().map(|bytes| AbstractValue::Bytes(bytes.into()))
}

/// Which codec the arguments ask for; the default is UTF-8.
fn codec(rest: &[AbstractValue]) -> Option<String> {
    match rest {
        [] => Some("utf8".to_owned()),
        [name, ..] => Some(name.text()?.to_lowercase().replace(['-', '_'], "")),
    }
}

fn decode(bytes: &[u8], rest: &[AbstractValue]) -> Option<AbstractValue> {
    if bytes.len() > LONGEST {
        return None;
    }
    Some(match codec(rest)?.as_str() {
        "utf8" | "ascii" | "utf8sig" => text_of(String::from_utf8(bytes.to_vec()).ok()?),
        "latin1" | "iso88591" | "cp1252" | "charmap" => {
            text_of(PyText::from_latin1(bytes).to_string_lossy().into_owned())
        }
        "utf16le" | "utf16" | "utf16be" => {
            let big = codec(rest)? == "utf16be";
            let units = bytes.chunks_exact(2).map(|pair| {
                if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) }
            });
            text_of(
                char::decode_utf16(units)
                    .collect::<Result<String, _>>()
                    .ok()?
                    .trim_start_matches('\u{feff}')
                    .to_owned(),
            )
        }
        "hex" => from_base(&data_encoding::HEXLOWER_PERMISSIVE, bytes)?,
        "base64" => from_base(&data_encoding::BASE64, &without_blanks(bytes))?,
        _ => return None,
    })
}

fn encode(text: &str, rest: &[AbstractValue]) -> Option<AbstractValue> {
    Some(match codec(rest)?.as_str() {
        "rot13" => text_of(text.chars().map(rot13).collect()),
        "latin1" | "iso88591" => AbstractValue::Bytes(text.chars().map(|c| c as u8).collect()),
        "utf8" | "ascii" => AbstractValue::Bytes(text.as_bytes().into()),
        _ => return None,
    })
}

fn rot13(c: char) -> char {
    let turn = |base: u8| char::from((c as u8 - base + 13) % 26 + base);
    match c {
        'a'..='z' => turn(b'a'),
        'A'..='Z' => turn(b'A'),
        _ => c,
    }
}
