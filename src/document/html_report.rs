//! A report on a document as one HTML file: no scripts, no other file, nothing to connect to. It is read where the program is not.

use crate::lens::grouped;
use crate::opcode::visible;
use crate::safety::{Finding, Level};
use crate::view::{Break, Environment, Overview, RowMark, TextPart, TreeRow};

const STYLE: &str = include_str!("html_report.css");
/// What the file's own policy allows: this style and nothing else.
const STYLE_DIGEST: &str = "sha256-EH9i2qzE6LlQCtA40+2MsoWp5FBEaRaaGJGWZxXrw+M=";

/// Characters of one text, bytes of the tree, and lines of each list at most.
const TEXT: usize = 2000;
const TREE: usize = 1 << 20;
const LINES: usize = 500;

/// What the report tells.
pub(super) struct HtmlReport<'a> {
    /// Of the document.
    pub(super) overview: &'a Overview,
    /// What was found in it.
    pub(super) findings: &'a [Finding],
    /// All of it, what was not kept included.
    pub(super) finding_count: u64,
    /// What wrote it.
    pub(super) environment: &'a Environment,
    /// The tree, down to some level.
    pub(super) tree: HtmlTree,
}

impl HtmlReport<'_> {
    /// The file.
    pub(super) fn file(self) -> String {
        let name = text(&self.overview.name);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src '{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{name}: report of Picklescope</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n"
        );
        self.verdict(&mut page);
        self.found(&mut page);
        self.facts(&mut page);
        self.imports(&mut page);
        self.versions(&mut page);
        page.push_str("<h2>What is in it</h2>\n");
        page.push_str(&self.tree.finish());
        page.push_str(&format!(
            "\n<p class=\"soft\">Made by Picklescope {} from the bytes alone: nothing in the file was run. No finding does not mean \
             that a file is safe to load.</p>\n</main>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION")
        ));
        page
    }

    fn verdict(&self, page: &mut String) {
        let Overview { verdict, reading, chain, size, .. } = self.overview;
        let chain: Vec<&str> = chain.iter().map(|crumb| crumb.word.as_str()).collect();
        page.push_str(&format!(
            "<p class=\"soft\">{} · {} bytes</p>\n<div class=\"verdict {}\"><strong>{}</strong><p>{}</p><p>{}</p></div>\n",
            text(&chain.join(" › ")),
            grouped(*size),
            class(verdict.level),
            text(&verdict.word),
            text(&parts(&verdict.sentence)),
            text(reading),
        ));
    }

    fn found(&self, page: &mut String) {
        let shown = self.findings.len().min(LINES);
        if shown == 0 {
            return;
        }
        page.push_str("<h2>Findings</h2>\n<table>\n<tr><th>How bad</th><th>What</th><th>Where</th></tr>\n");
        let mut worst: Vec<&Finding> = self.findings.iter().collect();
        worst.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        for finding in &worst[..shown] {
            page.push_str(&format!(
                "<tr><td class=\"{}\">{}</td><td><p>{}</p><p><code>{}</code></p><p class=\"soft\">{}</p></td><td>{} at byte {}</td></tr>\n",
                class(finding.level),
                text(finding.level.word()),
                text(&finding.explanation),
                text(&finding.call),
                text(finding.rule.advice),
                text(finding.opcode),
                finding.offset,
            ));
        }
        page.push_str("</table>\n");
        more(page, self.finding_count.saturating_sub(shown as u64));
    }

    fn facts(&self, page: &mut String) {
        let of = self.overview;
        let protocol = of.protocol.map_or_else(|| "none".to_owned(), |protocol| protocol.to_string());
        let numbers = [
            ("Pickles", grouped(of.pickles)),
            ("Protocol", protocol),
            ("Opcodes", grouped(of.opcodes)),
            ("Objects", grouped(of.objects)),
            ("Bytes of the file", grouped(of.file_size)),
        ];
        page.push_str("<h2>Facts</h2>\n<table>\n");
        for (name, value) in numbers {
            page.push_str(&format!("<tr><th>{name}</th><td>{}</td></tr>\n", text(&value)));
        }
        let problems = of.problems.iter().take(LINES);
        for problem in problems {
            let row = format!("{} (byte {})", problem.message, problem.offset);
            page.push_str(&format!("<tr><th>Problem</th><td>{}</td></tr>\n", text(&row)));
        }
        if let Some(stop) = &of.stops_at {
            let row = format!("{} (byte {})", stop.message, stop.offset);
            page.push_str(&format!("<tr><th>Python's loader stops</th><td>{}</td></tr>\n", text(&row)));
        }
        page.push_str("</table>\n");
        more(page, of.problem_count.saturating_sub(of.problems.len().min(LINES) as u64));
    }

    fn imports(&self, page: &mut String) {
        let list = &self.overview.import_list;
        if list.is_empty() {
            return;
        }
        page.push_str("<h2>Imports</h2>\n<table>\n");
        for import in list.iter().take(LINES) {
            page.push_str(&format!(
                "<tr><td class=\"{}\">{}</td><td><code>{}.{}</code></td><td>{}</td></tr>\n",
                class(import.level),
                text(import.level.word()),
                text(&import.module),
                text(&import.name),
                text(&import.reason),
            ));
        }
        page.push_str("</table>\n");
        more(page, self.overview.imports.saturating_sub(list.len().min(LINES) as u64));
    }

    fn versions(&self, page: &mut String) {
        if self.environment.packages.is_empty() {
            return;
        }
        page.push_str("<h2>What wrote it</h2>\n<table>\n");
        for package in self.environment.packages.iter().take(LINES) {
            let evidence = package.evidence.iter().take(5).cloned().collect::<Vec<_>>().join(" ");
            page.push_str(&format!(
                "<tr><th>{}</th><td>{}</td><td class=\"soft\">{}</td></tr>\n",
                text(&package.name),
                text(&package.version),
                text(&evidence),
            ));
        }
        for Break { with, what, .. } in self.environment.breaks.iter().take(LINES) {
            page.push_str(&format!("<tr><th>{}</th><td colspan=\"2\">{}</td></tr>\n", text(with), text(what)));
        }
        page.push_str("</table>\n");
    }
}

/// Rows of the tree as nested lists.
#[derive(Default)]
pub(super) struct HtmlTree {
    list: String,
    level: u32,
    is_full: bool,
}

impl HtmlTree {
    /// Adds a row; whether there is room for more.
    pub(super) fn row(&mut self, row: &TreeRow) -> bool {
        let preview = parts(&row.preview);
        let mut line =
            format!("<span class=\"key\">{}</span> {} {}", text(&row.label), text(&row.type_name), text(&preview),);
        for mark in &row.marks {
            let (of, words) = match mark {
                RowMark::Shared { first } => ("soft", format!("same object as {first}")),
                RowMark::Cycle { ancestor } => ("soft", format!("cycle: this is {ancestor}")),
                RowMark::Danger { level, text } => (class(*level), format!("{}: {text}", level.word())),
                RowMark::Problem { text } => ("suspicious", format!("problem: {text}")),
            };
            line.push_str(&format!(" <span class=\"{of}\">[{}]</span>", text(&words)));
        }
        self.line(row.level, &line)
    }

    /// Adds a line for rows that are left out.
    pub(super) fn more(&mut self, level: u32, left: u64) -> bool {
        self.line(level, &format!("<span class=\"soft\">… {} more</span>", grouped(left)))
    }

    fn line(&mut self, level: u32, line: &str) -> bool {
        if self.list.len() + line.len() > TREE {
            self.is_full = true;
            return false;
        }
        if level > self.level {
            for _ in self.level + 1..level {
                self.list.push_str("<ul><li>");
            }
            self.list.push_str("<ul>");
        } else {
            for _ in level..self.level {
                self.list.push_str("</li></ul>");
            }
            self.list.push_str("</li>");
        }
        self.level = level;
        self.list.push_str("\n<li>");
        self.list.push_str(line);
        true
    }

    fn finish(mut self) -> String {
        for _ in 0..self.level {
            self.list.push_str("</li></ul>");
        }
        if self.is_full {
            self.list.push_str("\n<p class=\"soft\">There is more than this report holds.</p>");
        }
        self.list
    }
}

fn more(page: &mut String, left: u64) {
    if left > 0 {
        page.push_str(&format!("<p class=\"soft\">… and {} more.</p>\n", grouped(left)));
    }
}

fn class(level: Level) -> &'static str {
    match level {
        Level::DataOnly => "data-only",
        Level::Recognised => "recognised",
        Level::UnknownCode => "unknown-code",
        Level::Suspicious => "suspicious",
        Level::Dangerous => "dangerous",
    }
}

fn parts(parts: &[TextPart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// Text that stays text: no markup, no character that is not seen or moves others, and not longer than a report has room for.
fn text(text: &str) -> String {
    let mut escaped = String::new();
    for (count, c) in visible(text).chars().enumerate() {
        if count == TEXT {
            escaped.push('…');
            break;
        }
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_style() {
        use sha2::{Digest, Sha256};
        let digest = data_encoding::BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
        assert_eq!(STYLE_DIGEST, format!("sha256-{digest}"));
        assert!(!STYLE.contains('<'));
    }

    #[test]
    fn text_stays_text_and_short() {
        assert_eq!(text("<script>'\"&\u{202e}\0"), "&lt;script&gt;&#39;&quot;&amp;\\u202e\\x00");
        assert_eq!(text(&"a".repeat(TEXT + 1)).chars().count(), TEXT + 1);
    }
}
