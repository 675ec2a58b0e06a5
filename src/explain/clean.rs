//! A pasted text without what the way to here has added: colours, quotation marks of other kinds, entities of HTML, escapes of JSON, and
//! what stands before every line of a log, a quotation or a test report.

/// Lines of which the beginnings are compared.
const LINES: usize = 2_000;
/// Longest beginning of all lines that is taken away, in bytes.
const LONGEST_PREFIX: usize = 200;
/// What stands before the lines of an error in the report of pytest.
const PYTEST: &str = "E  ";

/// The text as it was printed, quotation marks made alike.
pub(super) fn clean(text: &str) -> String {
    let text = plain(&unescaped(text));
    let lines: Vec<&str> = text.lines().take(LINES).filter(|line| !line.trim().is_empty()).collect();
    let shared = shared_beginning(&lines);
    if shared.is_empty() && !text.contains(PYTEST) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let line = line.strip_prefix(shared).unwrap_or(line);
        out.push_str(line.strip_prefix(PYTEST).map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)));
    }
    out
}

/// What every line begins with, up to a space: `web_1 | `, `> `, indentation.
fn shared_beginning<'t>(lines: &[&'t str]) -> &'t str {
    let Some((first, others)) = lines.split_first() else { return "" };
    let indentation = first.len() - first.trim_start().len();
    let mut length = match others.is_empty() {
        true => indentation,
        false => first.len().min(LONGEST_PREFIX),
    };
    for line in others {
        length = first.bytes().zip(line.bytes()).take(length).take_while(|(one, other)| one == other).count();
    }
    let is_cut = |at: &usize| first.is_char_boundary(*at) && first[..*at].ends_with([' ', '\t']);
    let length = (1..=length).rev().find(is_cut).unwrap_or(0);
    // Lines of a text that begin with the same words are no log.
    let is_mark = |text: &str| !text.ends_with(|c: char| c.is_alphanumeric());
    let prefix = &first[..length];
    if is_mark(prefix.trim_end()) { prefix } else { "" }
}

/// The text that stands in a string of JSON or Python, where its line ends are written out.
fn unescaped(text: &str) -> String {
    let has_lines = text.trim_end().contains('\n');
    let text = if has_lines || !text.contains("\\n") {
        text.to_owned()
    } else {
        text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"")
    };
    // As in a list that Python prints.
    if text.contains("\\\\") { text.replace("\\\\", "\\") } else { text }
}

/// Without control sequences of terminals, entities of HTML and differences of quotation marks.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = escape_length(rest);
        if skipped > 0 {
            rest = &rest[skipped..];
            continue;
        }
        if let Some((entity, stands_for)) = ENTITIES.iter().find(|(entity, _)| c == '&' && rest.starts_with(entity)) {
            out.push(*stands_for);
            rest = &rest[entity.len()..];
            continue;
        }
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{2039}' | '\u{203a}' | '`'
            | '\u{b4}' => out.push('\''),
            '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{300c}' | '\u{300d}' | '\u{2033}' => {
                out.push('\'')
            }
            '\u{a0}' | '\u{202f}' | '\u{3000}' => out.push(' '),
            '\u{200b}' | '\u{feff}' | '\r' => {}
            // What is no text (UTF-16, a log of a terminal) stands between words.
            '\u{fffd}' => out.push(' '),
            c if c.is_control() && c != '\n' && c != '\t' => out.push(' '),
            _ => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

const ENTITIES: [(&str, char); 7] = [
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
    ("&quot;", '\''),
    ("&#39;", '\''),
    ("&#x27;", '\''),
    ("&nbsp;", ' '),
];

/// The length of a control sequence of terminals at the beginning, also where its first character was lost on the way: `[31m`.
fn escape_length(text: &str) -> usize {
    let after = text.strip_prefix('\u{1b}').unwrap_or(text);
    let Some(body) = after.strip_prefix('[') else { return usize::from(after.len() < text.len()) };
    let digits = body.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';' || *byte == b'?').count();
    let has_escape = after.len() < text.len();
    match body.as_bytes().get(digits) {
        Some(b'm') if has_escape || digits > 0 => text.len() - body.len() + digits + 1,
        Some(b'a'..=b'z' | b'A'..=b'Z') if has_escape => text.len() - body.len() + digits + 1,
        _ => usize::from(has_escape),
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_stands_before_every_line_is_taken_away() {
        for prefix in [
            "",
            "    ",
            "> ",
            "> > ",
            "# ",
            "E   ",
            "web_1  | ",
            "[pod/web-0/app] ",
            "2026-11-30 12:00:00,123 ERROR model: ",
        ] {
            let text = format!("{prefix}Traceback (most\n{prefix}  File 'a'\n\n{prefix}EOFError\n");
            let expected = "Traceback (most\n  File 'a'\n\nEOFError\n";
            assert_eq!(clean(&text), expected, "{prefix}");
        }
        assert_eq!(clean("Error a b\nError a c\n"), "Error a b\nError a c\n");
        assert_eq!(clean("    EOFError"), "EOFError");
        assert_eq!(
            clean(r#"{"error": "Traceback\n  File \"a\"\nEOFError"}"#),
            "{'error': 'Traceback\n  File 'a'\nEOFError'}"
        );
    }
}
