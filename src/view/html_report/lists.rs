//! Lists with an end: of lines and of bytes.

use crate::view::preview::{grouped, plural};

/// Lines of a list, and bytes.
const LINES: usize = 200;
const BYTES: usize = 200_000;

/// Writes lines up to the limits, and at least one; how many of `all` are left out.
pub(super) fn lines(html: &mut String, lines: impl Iterator<Item = String>, all: u64) -> u64 {
    let begin = html.len();
    let mut written = 0;
    for line in lines.take(LINES) {
        if written > 0 && html.len() + line.len() > begin + BYTES {
            break;
        }
        html.push_str(&line);
        written += 1;
    }
    all.saturating_sub(written)
}

/// The same for items of a list, with a last one that counts those that are left out.
pub(super) fn list(html: &mut String, items: impl Iterator<Item = String>, all: u64) {
    let left = lines(html, items, all);
    if left > 0 {
        html.push_str(&format!("<li class=\"more\">… and {} more, not in this report</li>\n", grouped(left)));
    }
}

/// A line for what is left out.
pub(super) fn more(html: &mut String, left: u64, one: &str, many: &str) {
    if left > 0 {
        html.push_str(&format!("<p class=\"more\">… {}.</p>\n", plural(left, one, many)));
    }
}
