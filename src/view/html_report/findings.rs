//! What would run: findings with their evidence, calls in order, imports.

use super::lists::{lines, list, more};
use super::text::{level, text};
use crate::safety::{Level, rules};
use crate::view::preview::grouped;
use crate::view::{FileReport, FindingFacts, FindingGroup, level_class, place_words};

/// Places of one group.
const PLACES: usize = 20;

pub(super) fn findings(report: &FileReport, html: &mut String) {
    let groups = report.grouped_findings();
    html.push_str(&format!("<section>\n<h2>Findings ({})</h2>\n", grouped(report.finding_count)));
    if groups.is_empty() {
        html.push_str("<p>None: no rule matched.</p>\n</section>\n");
        return;
    }
    html.push_str("<ul class=\"findings\">\n");
    let left = lines(html, groups.iter().map(|group| finding(report, group)), groups.len() as u64);
    html.push_str("</ul>\n");
    let kept: usize =
        groups.iter().take(groups.len().saturating_sub(left as usize)).map(|group| group.places.len()).sum();
    more(html, report.finding_count.saturating_sub(kept as u64), "more finding", "more findings");
    html.push_str("</section>\n");
}

/// What findings of one group share, and their places.
fn finding(report: &FileReport, group: &FindingGroup) -> String {
    let (findings, is_same_call) = report.in_group(group);
    let Some(&first) = findings.first() else { return String::new() };
    let count = match group.places.len() {
        1 => String::new(),
        count => format!(" <span class=\"t-dim\">{} places</span>", grouped(count as u64)),
    };
    let mut html = format!(
        "<li class=\"{}\">\n<h3>{} {}{count}</h3>\n<p>{}</p>\n",
        level_class(group.level),
        level(group.level),
        text(&first.title),
        text(&first.explanation)
    );
    if is_same_call && !first.call.is_empty() {
        html.push_str(&format!("<p><code class=\"call\">{}</code></p>\n", text(&first.call)));
    }
    html.push_str("<ul class=\"places\">\n");
    let places = findings.iter().take(PLACES).map(|finding| place(finding, !is_same_call));
    list(&mut html, places, group.places.len() as u64);
    html.push_str("</ul>\n");
    if let Some(rule) = rules::ALL.iter().find(|rule| rule.id == first.rule) {
        let [what, why] = [rule.what, rule.why].map(text);
        html.push_str(&format!(
            "<details><summary>About the rule {}</summary><p>{what}</p><p>{why}</p></details>\n",
            text(rule.id)
        ));
    }
    html.push_str(&format!("<p class=\"advice\">{}</p>\n</li>\n", text(&first.advice)));
    html
}

fn place(finding: &FindingFacts, with_call: bool) -> String {
    let mut html = format!("<li>{}", text(&place_words(&finding.container, finding.offset, &finding.opcode)));
    if !finding.how_named.is_empty() {
        html.push_str(&format!(" · named by {}", text(&finding.how_named)));
    }
    if with_call && !finding.call.is_empty() {
        html.push_str(&format!(" <code class=\"call\">{}</code>", text(&finding.call)));
    }
    html.push_str("</li>\n");
    html
}

pub(super) fn calls(report: &FileReport, html: &mut String) {
    if report.call_count == 0 {
        return;
    }
    html.push_str(&format!("<section>\n<h2>What loading calls, in order ({})</h2>\n", grouped(report.call_count)));
    // Only ordinary ones are folded: in a table there are many of them.
    let is_all = report.calls.len() as u64 == report.call_count;
    let is_folded = is_all && report.calls.iter().all(|call| call.level < Level::UnknownCode);
    html.push_str(if is_folded { "<details><summary>All are known and ordinary.</summary>\n" } else { "" });
    html.push_str("<ol class=\"calls\">\n");
    let rows = report.calls.iter().map(|call| {
        let mark = if call.level >= Level::UnknownCode { level(call.level) + " " } else { String::new() };
        let thrown_away = if call.discarded { "; its result is thrown away" } else { "" };
        let place = text(&place_words(&call.container, call.offset, &call.opcode));
        format!("<li>{mark}<code>{}</code> <span class=\"t-dim\">{place}{thrown_away}</span></li>\n", text(&call.call))
    });
    list(html, rows, report.call_count);
    html.push_str("</ol>\n");
    html.push_str(if is_folded { "</details>\n" } else { "" });
    html.push_str("</section>\n");
}

pub(super) fn imports(report: &FileReport, html: &mut String) {
    if report.imports.is_empty() {
        return;
    }
    let all = report.imports.len() as u64;
    html.push_str(&format!(
        "<section>\n<h2>Imports ({})</h2>\n<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Level</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n",
        grouped(all)
    ));
    let mut worst: Vec<_> = report.imports.iter().collect();
    worst.sort_by_key(|import| std::cmp::Reverse(import.level));
    let rows = worst.into_iter().map(|import| {
        let name = text(&format!("{}.{}", import.module, import.name));
        let place = text(&place_words(&import.container, import.offset, ""));
        let why = text(&import.reason);
        format!(
            "<tr><td><code>{name}</code></td><td>{}</td><td>{why} <span class=\"t-dim\">{place}</span></td></tr>\n",
            level(import.level)
        )
    });
    let left = lines(html, rows, all);
    html.push_str("</tbody>\n</table>\n");
    more(html, left, "more name", "more names");
    html.push_str("</section>\n");
}
