//! A report on everything that was opened as one HTML file: no scripts, no other file, nothing to connect to. It is read where
//! the program is not, so it says what the page says, in the same words.
//!
//! Every text of a file goes through `text`, and every list has a limit, of lines and of bytes.

mod figures;
mod findings;
mod lists;
mod rows;
mod text;

pub use figures::{Drawing, HtmlFigure};
pub use rows::HtmlRows;

use super::preview::{grouped, plural};
use super::{Environment, FileReport, MemberRow, Overview, Package, ReadingStatus, level_class};
use data_encoding::BASE64;
use lists::{lines, list, more};
use sha2::{Digest, Sha256};
use text::{icon, level, parts, text};

/// Signs before the name of a member that is deep in others.
const DEEPEST: usize = 8;
const STYLE: &str = include_str!("style.css");

/// What the report tells besides the tree and the pictures.
pub struct HtmlReport<'a> {
    /// Of the document on show.
    pub overview: &'a Overview,
    /// The audit of everything that was opened.
    pub report: &'a FileReport,
    /// What wrote the document.
    pub environment: &'a Environment,
    /// What was opened and what is in it, when that is more than the document.
    pub members: &'a [MemberRow],
    /// SHA-256 of the file, or why there is none.
    pub digest: &'a str,
}

impl HtmlReport<'_> {
    /// Everything before the pictures.
    #[must_use]
    pub fn head(&self) -> String {
        let name = text(&self.overview.name);
        let title = text::escaped(text::cut(&self.overview.name));
        let digest = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title} — report by Picklescope</title>\n<style>{STYLE}</style>\n\
             </head>\n<body>\n<header>\n<p class=\"kind\">Report by Picklescope</p>\n<h1>{name}</h1>\n"
        );
        self.file(&mut html);
        html.push_str("</header>\n<main>\n");
        self.verdict(&mut html);
        self.problems(&mut html);
        findings::findings(self.report, &mut html);
        findings::calls(self.report, &mut html);
        findings::imports(self.report, &mut html);
        self.environment(&mut html);
        self.members(&mut html);
        html
    }

    /// The heading of the tree, and the pictures before it.
    #[must_use]
    pub fn figures(figures: &[HtmlFigure], has_more: bool) -> String {
        let mut html = String::new();
        if !figures.is_empty() {
            html.push_str("<section>\n<h2>Pictures</h2>\n<div class=\"figures\">\n");
            figures.iter().for_each(|figure| html.push_str(&figure.html()));
            html.push_str("</div>\n");
            if has_more {
                html.push_str("<p class=\"more\">Other arrays have no picture here.</p>\n");
            }
            html.push_str("</section>\n");
        }
        html.push_str("<section class=\"tree\">\n<h2>What is in it</h2>\n");
        html
    }

    /// Everything behind the tree.
    #[must_use]
    pub fn foot() -> String {
        format!(
            "</section>\n</main>\n<footer>\n<p>Made by Picklescope {} from the bytes alone: nothing in the file was run. A report without findings \
             does not say that the file is safe to load.</p>\n</footer>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION")
        )
    }

    /// What the file is: format, size, digest.
    fn file(&self, html: &mut String) {
        let of = self.overview;
        let chain: Vec<String> = of.chain.iter().map(|crumb| text(&crumb.word)).collect();
        html.push_str(&format!("<dl class=\"file\">\n<div><dt>Format</dt><dd>{}</dd></div>\n", chain.join(" › ")));
        let bytes = |size| plural(size, "byte", "bytes");
        html.push_str(&format!("<div><dt>Size</dt><dd>{}</dd></div>\n", bytes(of.file_size)));
        if of.size != of.file_size {
            html.push_str(&format!("<div><dt>Size of the part below</dt><dd>{}</dd></div>\n", bytes(of.size)));
        }
        html.push_str(&format!("<div><dt>SHA-256</dt><dd><code>{}</code></dd></div>\n</dl>\n", text(self.digest)));
    }

    /// The strip under the page's header.
    fn verdict(&self, html: &mut String) {
        let of = self.overview;
        let (mut shown, mut word) = of.verdict_word(Some(self.report));
        let elsewhere = of.elsewhere(self.report);
        if elsewhere.as_ref().is_some_and(|elsewhere| elsewhere.finding.is_some()) {
            (shown, word) = (Some(self.report.level.into()), self.report.level.word().to_owned());
        }
        let class = shown.map_or("level-pending", level_class);
        let drawing = shown.map(icon).unwrap_or_default();
        html.push_str(&format!(
            "<section class=\"verdict {class}\" aria-label=\"Verdict\">\n<p class=\"word\">{drawing}{}</p>\n<p class=\"sentence\">{}</p>\n",
            text(&word),
            parts(&of.verdict.sentence, ""),
        ));
        if let Some(elsewhere) = elsewhere {
            let place = elsewhere.place();
            let finding = elsewhere
                .finding
                .map(|finding| format!("{} {}: {}", level(finding.level), text(&place), text(&finding.explanation)));
            html.push_str(&format!("<p>{}{}</p>\n", finding.unwrap_or_default(), text(&elsewhere.words)));
        }
        let how_far = of.how_far(&word).map(|words| format!("<strong>{words}</strong>")).unwrap_or_default();
        html.push_str(&format!("<p>{how_far}{}</p>\n<ul class=\"facts\">", text(&of.reading)));
        let mut facts: Vec<String> = of.fact_words().into_iter().map(|(_, words)| words).collect();
        if of.opcodes > 0 && of.imports > 0 {
            facts.push(plural(of.imports, "import", "imports"));
        }
        facts.extend(of.trailing_words());
        facts.iter().for_each(|words| html.push_str(&format!("<li>{words}</li>")));
        html.push_str("</ul>\n</section>\n");
        if self.report.reading == ReadingStatus::Partial {
            html.push_str(
                "<section>\n<h2>Not read</h2>\n<p>What was not read may do anything:</p>\n<ul class=\"plain\">\n",
            );
            let why = self.report.why.iter().map(|why| format!("<li>{}</li>\n", text(why)));
            list(html, why, self.report.why.len() as u64);
            html.push_str("</ul>\n</section>\n");
        }
    }

    fn problems(&self, html: &mut String) {
        let of = self.overview;
        let Some(headline) = of.problem_words() else { return };
        html.push_str(&format!(
            "<section>\n<h2>{headline}</h2>\n<table>\n<thead><tr><th scope=\"col\">Byte</th><th scope=\"col\">Opcode or part</th><th scope=\"col\">What</th></tr></thead>\n<tbody>\n"
        ));
        let row = |offset: Option<u64>, of: &str, what: String| {
            let offset = offset.map(|offset| offset.to_string()).unwrap_or_default();
            format!("<tr><td class=\"number\">{offset}</td><td><code>{}</code></td><td>{what}</td></tr>\n", text(of))
        };
        let problems = of.problems.iter().map(|problem| {
            let stopped = if problem.fatal { "<strong>Reading stopped here.</strong> " } else { "" };
            row(Some(problem.offset), &problem.opcode, format!("{stopped}{}", text(&problem.message)))
        });
        let notes = of.notes.iter().map(|note| row(note.offset, &note.name, text(&note.message)));
        let all = of.problem_count + of.notes.len() as u64;
        let left = lines(html, problems.chain(notes), all);
        html.push_str("</tbody>\n</table>\n");
        more(html, left, "more", "more");
        html.push_str("</section>\n");
    }

    /// What was opened, each file and entry with what is in it below.
    fn members(&self, html: &mut String) {
        if self.members.is_empty() {
            return;
        }
        html.push_str("<section>\n<h2>What was opened</h2>\n<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">What</th><th scope=\"col\">Bytes</th></tr></thead>\n<tbody>\n");
        let row = |member: &MemberRow| {
            let depth = "› ".repeat((member.level.saturating_sub(1) as usize).min(DEEPEST));
            let size = member.size.map(grouped).unwrap_or_default();
            format!(
                "<tr><th scope=\"row\"><span class=\"t-dim\">{depth}</span><code>{}</code></th><td>{}</td><td class=\"number\">{size}</td></tr>\n",
                text(&member.name),
                text(&member.word)
            )
        };
        let left = lines(html, self.members.iter().map(row), self.members.len() as u64);
        html.push_str("</tbody>\n</table>\n");
        if left > 0 {
            html.push_str("<p class=\"more\">There are more, which this report does not name.</p>\n");
        }
        html.push_str("</section>\n");
    }

    fn environment(&self, html: &mut String) {
        let Environment { packages, pins, breaks, modules } = self.environment;
        if packages.is_empty() && modules.is_empty() {
            return;
        }
        html.push_str("<section>\n<h2>What wrote it</h2>\n<table>\n<thead><tr><th scope=\"col\">Package</th><th scope=\"col\">Version</th><th scope=\"col\">How it is known</th></tr></thead>\n<tbody>\n");
        let left = lines(html, packages.iter().map(package_row), packages.len() as u64);
        html.push_str("</tbody>\n</table>\n");
        more(html, left, "more", "more");
        if !modules.is_empty() {
            html.push_str("<h3>Modules of no known package</h3>\n<ul class=\"plain\">\n");
            let rows = modules
                .iter()
                .map(|own| format!("<li><code>{}</code> {}</li>\n", text(&own.module), text(&own.names.join(", "))));
            list(html, rows, modules.len() as u64);
            html.push_str("</ul>\n");
        }
        if self.environment.has_pins() {
            html.push_str("<h3>To load it with what wrote it, pin</h3>\n<pre>");
            let left = lines(html, pins.iter().map(|pin| format!("{}\n", text(pin))), pins.len() as u64);
            html.push_str("</pre>\n");
            more(html, left, "more", "more");
        }
        if !breaks.is_empty() {
            html.push_str("<h3>What fails elsewhere</h3>\n<ul class=\"plain\">\n");
            let rows = breaks
                .iter()
                .map(|broken| format!("<li><code>{}</code> {}</li>\n", text(&broken.with), text(&broken.what)));
            list(html, rows, breaks.len() as u64);
            html.push_str("</ul>\n");
        }
        html.push_str("</section>\n");
    }
}

fn package_row(package: &Package) -> String {
    const EVIDENCE: usize = 5;
    let known = package.how_known();
    let evidence: Vec<String> = package.evidence.iter().take(EVIDENCE).map(|evidence| text(evidence)).collect();
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td><strong>{known}</strong><br>{}</td></tr>\n",
        text(&package.name),
        text(&package.version),
        evidence.join("<br>")
    )
}
