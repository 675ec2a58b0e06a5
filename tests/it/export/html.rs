//! The report as one HTML file: inert whatever the file holds, bounded, and complete enough to be read alone.

use crate::support::assemble::{Value, dict, int, list, pickle, text};
use crate::support::{fixture, fixtures, open};
use picklescope::document::Document;
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;

fn report(document: &mut Document) -> String {
    let exported = document.export(ExportAsk { node: None, format: Format::Html, escape_formulas: false }).unwrap();
    assert!(exported.finished && exported.name.ends_with(".html"), "{}", exported.name);
    String::from_utf8(exported.bytes).unwrap()
}

/// Elements that the report itself writes; of each kind of tag as many are closed as opened.
fn check(html: &str) {
    const KNOWN: &str = " html head meta title style body main h1 h2 p div strong table tr th td code span ul li ";
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).map(|rest| rest.split_once('>').expect("every tag ends").0) {
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        if name == "!doctype" || name == "meta" {
            continue;
        }
        assert!(KNOWN.contains(&format!(" {name} ")), "<{tag}>");
        let attributes = tag.strip_prefix(name).unwrap_or_default().trim();
        assert!(
            ["", "lang=\"en\"", "colspan=\"2\""].contains(&attributes) || attributes.starts_with("class=\""),
            "<{tag}>"
        );
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(!html.contains("javascript:") || html.contains("&"), "no addresses");
}

#[test]
fn every_fixture_has_a_report_that_is_well_formed() {
    for fixture in fixtures() {
        let mut document = open(&fixture.bytes);
        let html = report(&mut document);
        check(&html);
        assert!(html.len() < 3 << 20, "{}: {} bytes", fixture.name, html.len());
    }
}

#[test]
fn it_tells_the_verdict_the_call_and_the_tree() {
    let html = report(&mut open(&fixture("../samples/hostile-demo.pkl")));
    for words in ["default-src &#39;none&#39;", "<script"] {
        assert!(!html.contains(words), "{words}");
    }
    for words in [
        "content=\"default-src 'none'; style-src 'sha256-",
        "Dangerous",
        "posix",
        "system",
        "Findings",
        "What is in it",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let html = report(&mut open(&fixture("../samples/sklearn-bundle.pkl")));
    for words in ["scikit-learn", "What wrote it", "Pipeline"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn hostile_texts_stay_text_and_the_screen_stays_as_it_is() {
    let hostile = "</ul><script>alert(1)</script><img src=x onerror='y'>\" \u{202e}&lt;";
    let mut document = open(&pickle(dict(&[(text(hostile), list(&[text(hostile), int(1)]))])));
    let before = document.rows(0, 1000);
    let html = report(&mut document);
    assert_eq!(document.rows(0, 1000), before);
    check(&html);
    assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(!html.contains('\u{202e}'));
}

#[test]
fn large_files_have_bounded_reports() {
    let long = "a<".repeat(50_000);
    let wide = |depth: u32| -> Value {
        (0..depth).fold(text(&long), |below, _| list(&(0..120).map(int).chain([below]).collect::<Vec<Value>>()))
    };
    let html = report(&mut open(&pickle(list(&(0..100).map(|_| wide(4)).collect::<Vec<Value>>()))));
    check(&html);
    assert!(html.len() < 2 << 20, "{} bytes", html.len());
    assert!(html.contains("21 more"), "rows that are left out are counted");
}
