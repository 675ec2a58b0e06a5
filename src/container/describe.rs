//! Guesses about inputs that turned out to be no pickle.

use super::format::{Format, Kind};
use super::shelf::shelf_entries;
use super::sniff::sniff;
use crate::bytes::Source;

const HEAD: usize = 4096;

/// What text is called that is nothing else that is known.
pub const TEXT_FILE: &str = "a text file";

const NO_PICKLE: &str = "It holds no pickle.";

/// Names an input that could not be read as a pickle, by whatever sign there is. Not to be asked before: a protocol 0
/// pickle is plain text, too.
#[must_use]
pub fn describe(source: &dyn Source) -> Option<Kind> {
    if source.is_empty() {
        return Some(Kind { name: "an empty file", advice: "Nothing was written to it, or nothing was downloaded." });
    }
    if let Some(format) = sniff(source) {
        return Some(Format::kind(format));
    }
    let mut head = [0; HEAD];
    let count = source.read_at(0, &mut head).ok()?;
    let head = &head[..count];
    text(head).or_else(|| binary(head))
}

/// What the text is, when it is text.
fn text(head: &[u8]) -> Option<Kind> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(Kind { name: "a text file in UTF-16", advice: NO_PICKLE });
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The window may end within a character, behind some that are whole.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\x1b')) {
        return None;
    }
    let text = text.trim_start();
    let lower = text.get(..200).unwrap_or(text).to_ascii_lowercase();
    let (name, advice) = if lower.starts_with('<') {
        if lower.contains("<html") || lower.contains("<head") || lower.contains("<body") {
            ("an HTML page", "A download link often gives a page instead of the file.")
        } else {
            ("an XML or HTML document", NO_PICKLE)
        }
    } else if is_json(text) {
        ("a JSON file", "Open it with Python's json module.")
    } else if lower.starts_with("tree\nversion=v") {
        ("a LightGBM model as text", "Open it with lightgbm.Booster(model_file=...).")
    } else if shelf_entries(text.as_bytes()).next().is_some() {
        (
            "the directory of a shelf (dbm.dumb)",
            "The values are in the file of the same name with .dat: open both together.",
        )
    } else if is_csv(text) {
        ("a table as text (CSV)", "Open it with pandas.read_csv.")
    } else {
        (TEXT_FILE, NO_PICKLE)
    };
    Some(Kind { name, advice })
}

/// A bracket, and behind it what JSON allows there.
fn is_json(text: &str) -> bool {
    let mut rest = text.chars().filter(|c| !c.is_whitespace());
    match (rest.next(), rest.next()) {
        (Some('{'), next) => matches!(next, Some('"' | '}') | None),
        (Some('['), next) => next.is_none_or(|c| "\"[{]-tfn0123456789".contains(c)),
        _ => false,
    }
}

/// The first lines have the same number of the same separator, at least one.
fn is_csv(text: &str) -> bool {
    // The last line of the window may be cut.
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines: Vec<&str> = complete.lines().filter(|line| !line.is_empty()).take(5).collect();
    lines.len() >= 2
        && [',', ';', '\t'].iter().any(|separator| {
            let count = |line: &&str| line.matches(*separator).count();
            count(&lines[0]) > 0 && lines.iter().all(|line| count(line) == count(&lines[0]))
        })
}

/// Formats without a magic number.
fn binary(head: &[u8]) -> Option<Kind> {
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    // An ONNX ModelProto begins with field 1, the version of the format, and soon names its producer (field 2).
    if let [0x08, 1..=20, 0x12, length, rest @ ..] = head
        && rest.get(..usize::from(*length)).is_some_and(|name| name.iter().all(u8::is_ascii_graphic))
    {
        let advice = "It holds no pickle: open it with the onnx package or Netron.";
        return Some(Kind { name: "an ONNX model", advice });
    }
    if head.starts_with(b"\x08") && has(b"saved_model_schema_version") || has(b"\x0a\x05serve") {
        return Some(Kind { name: "a TensorFlow model", advice: "It holds no pickle: open it with TensorFlow." });
    }
    if head.iter().all(|byte| *byte == 0) {
        let advice = "It has nothing but zeros, at least where it begins: a download or a copy that was not finished.";
        return Some(Kind { name: "a file of zeros", advice });
    }
    None
}
