//! The report as one HTML file: inert whatever the file holds, bounded, and complete enough to be read alone.
//!
//! Two reports are committed. After a change that is meant, `BLESS=1 cargo test --test it export::html` rewrites them.

use crate::support::assemble::{Value, dict, int, list, pickle, text};
use crate::support::sha256::sha256;
use crate::support::{fixture, fixtures};
use picklescope::bundle::{Bundle, ReportScope};
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::ExportAsk;
use picklescope::view::card::Format;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const ASK: ExportAsk = ExportAsk { node: None, format: Format::Html, escape_formulas: false };

fn opened(name: &str, bytes: &[u8]) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.to_vec()));
    Bundle::open(vec![(name.to_owned(), source)], Limits::default(), &mut |_| {})
}

fn report_of(bundle: &mut Bundle) -> String {
    report_of_cut(bundle, &[])
}

fn report_of_cut(bundle: &mut Bundle, cut: &[String]) -> String {
    let mut piece = bundle.export(ASK, &ReportScope { budget: u64::MAX, cut }, &mut |_| {}).unwrap();
    let mut done = 0;
    assert!(piece.name.ends_with(".html"), "{}", piece.name);
    let mut bytes = Vec::new();
    loop {
        assert!((done..=piece.progress.1).contains(&piece.progress.0), "{:?} after {done}", piece.progress);
        done = piece.progress.0;
        bytes.append(&mut piece.bytes);
        if piece.finished {
            return String::from_utf8(bytes).unwrap();
        }
        piece = bundle.document_mut().export_more().unwrap();
    }
}

fn report(name: &str, bytes: &[u8]) -> String {
    report_of(&mut opened(name, bytes))
}

/// Attributes that the report writes, with what their values may be made of.
fn is_known(attribute: &str, value: &str) -> bool {
    match attribute {
        "src" => {
            value.starts_with("data:image/png;base64,")
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b":/;,+=".contains(&b))
        }
        "href" | "style" | "id" | "srcset" | "action" => false,
        _ => [
            "class",
            "lang",
            "scope",
            "title",
            "alt",
            "aria-label",
            "aria-hidden",
            "role",
            "viewBox",
            "d",
            "fill",
            "width",
            "height",
            "x",
            "y",
            "stroke-width",
            "stroke-linecap",
            "stroke-linejoin",
            "open",
            "charset",
            "name",
            "content",
            "http-equiv",
        ]
        .contains(&attribute),
    }
}

/// Reads the file as strictly as XML: only elements and attributes that the report writes, closed in order, quoted, and no character
/// of markup anywhere else. What is strict markup every reader of HTML reads alike.
fn check(html: &str) {
    const EMPTY: [&str; 3] = ["meta", "img", "br"];
    const KNOWN: [&str; 42] = [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "section",
        "h1",
        "h2",
        "h3",
        "p",
        "div",
        "strong",
        "b",
        "bdi",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "span",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "details",
        "summary",
        "figure",
        "figcaption",
        "img",
        "br",
        "svg",
        "path",
        "rect",
    ];
    let mut rest = html.strip_prefix("<!doctype html>\n").unwrap();
    let mut open: Vec<&str> = Vec::new();
    while let Some((words, after)) = rest.split_once('<') {
        check_text(words, open.last().copied());
        let end = end_of_tag(after);
        let (tag, behind) = (&after[..end], &after[end + 1..]);
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "…{}", &after[..after.len().min(200)]);
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let name = name.trim_end_matches('/');
        assert!(KNOWN.contains(&name), "<{tag}>");
        while !attributes.trim_end_matches('/').is_empty() {
            let (attribute, more) = attributes.split_once("=\"").unwrap_or((attributes, "\""));
            let (value, more) = more.split_once('"').unwrap();
            assert!(is_known(attribute.trim(), value) && !value.contains('<'), "{attribute} in <{tag}>");
            check_text(value, None);
            attributes = more.trim_start();
        }
        if !tag.ends_with('/') && !EMPTY.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?}");
}

fn end_of_tag(after: &str) -> usize {
    let mut is_quoted = false;
    after
        .bytes()
        .position(|byte| {
            is_quoted ^= byte == b'"';
            byte == b'>' && !is_quoted
        })
        .unwrap()
}

/// No reference but the five, and nothing that would not be seen.
fn check_text(words: &str, within: Option<&str>) {
    if within == Some("style") {
        return;
    }
    assert!(!words.contains('>'), "{words}");
    for reference in words.split('&').skip(1) {
        assert!(
            ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| reference.starts_with(known)),
            "&{reference}"
        );
    }
    let hidden = words.chars().find(|&c| c != '\n' && !picklescope::opcode::is_visible(c));
    assert_eq!(hidden, None, "{words}");
}

#[test]
fn every_fixture_has_a_report_that_is_well_formed() {
    for fixture in fixtures() {
        let html = report(&fixture.name, &fixture.bytes);
        check(&html);
        assert!(html.len() < 4 << 20, "{}: {} bytes", fixture.name, html.len());
    }
}

#[test]
fn two_reports_are_as_committed() {
    for name in ["hostile-demo.pkl", "sklearn-bundle.pkl"] {
        let html = report(name, &fixture(&format!("../samples/{name}")));
        let html = html.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        let style = html.find("<style>").unwrap()..html.find("</style>").unwrap();
        let digest = html.find("'sha256-").unwrap()..html.find("'; img-src").unwrap();
        let html = format!(
            "{}'sha256-…{}<style>…{}",
            &html[..digest.start],
            &html[digest.end..style.start],
            &html[style.end..]
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/html").join(format!("{name}.html"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, html).unwrap();
        } else {
            assert_eq!(fs::read_to_string(&path).unwrap(), html, "BLESS=1 rewrites it");
        }
    }
}

#[test]
fn it_tells_what_the_page_tells() {
    let bytes = fixture("../samples/hostile-demo.pkl");
    let mut bundle = opened("hostile-demo.pkl", &bytes);
    let overview = bundle.document().overview();
    let html = report_of(&mut bundle);
    let plain = without_tags(&html);
    let sentence: String = overview.verdict.sentence.iter().map(|part| part.text.as_str()).collect();
    for words in [
        sentence.as_str(),
        &overview.reading,
        "Dangerous",
        "Findings (",
        "What loading calls, in order",
        "What is in it",
    ] {
        assert!(plain.contains(words), "{words}\n{plain}");
    }
    assert!(plain.contains(&sha256(&bytes)), "the digest of the file");
    let html = report("sklearn-bundle.pkl", &fixture("../samples/sklearn-bundle.pkl"));
    for words in ["scikit-learn", "What wrote it", "Pipeline"] {
        assert!(html.contains(words), "{words}");
    }
    for (name, drawing) in [("image-rgb", "<img src=\"data:image/png;base64,"), ("spread", "<svg class=\"bars\"")] {
        let html = report(name, &fixture(&format!("arrays/numpy-2.4/{name}.p2.pkl")));
        assert!(html.contains("<h2>Pictures</h2>") && html.contains(drawing), "{name}");
    }
}

#[test]
fn a_file_that_is_not_here_to_its_end_is_not_called_whole() {
    let bytes = fixture("../samples/everyday.pkl");
    let cut = ["everyday.pkl: only the first bytes were read".to_owned()];
    let plain = without_tags(&report_of_cut(&mut opened("everyday.pkl", &bytes), &cut));
    assert!(plain.contains("Not read"), "{plain}");
    assert_eq!(plain.matches(&cut[0]).count(), 2, "{plain}");
    assert!(plain.contains("not worked out: not all of the file was read") && !plain.contains(&sha256(&bytes)));
}

fn without_tags(html: &str) -> String {
    let text: String = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

#[test]
fn what_was_not_read_is_said() {
    let whole = fixture("../samples/sklearn-bundle.pkl");
    let cut = report("cut.pkl", &whole[..whole.len() / 2]);
    for words in ["What was not read may do anything:", "Reading stopped here."] {
        assert!(cut.contains(words), "{words}");
    }
    let empty = report("empty.pkl", b"");
    check(&empty);
    assert!(empty.contains("The file is empty."));
}

#[test]
fn the_verdict_on_an_archive_is_that_on_what_is_in_it() {
    let html = report("many.zip", &fixture("hostile-containers/many.zip"));
    check(&html);
    assert!(html.contains("<p class=\"word\">") && html.contains("</svg>Dangerous</p>"), "{html}");
}

#[test]
fn hostile_texts_stay_text_and_the_screen_stays_as_it_is() {
    let hostile = "</ul></main><script>alert(1)</script><img src=x onerror='y'>\" \u{202e}&lt;\0";
    let mut bundle = opened(hostile, &pickle(dict(&[(text(hostile), list(&[text(hostile), int(1)]))])));
    let before = bundle.document_mut().rows(0, 1000);
    let html = report_of(&mut bundle);
    assert_eq!(bundle.document_mut().rows(0, 1000), before);
    check(&html);
    assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script") && !html.contains('\u{202e}'));
}

#[test]
fn large_files_have_bounded_reports_that_count_what_they_leave_out() {
    let long = "a<".repeat(50_000);
    let wide = |depth: u32| -> Value {
        (0..depth).fold(text(&long), |below, _| list(&(0..120).map(int).chain([below]).collect::<Vec<Value>>()))
    };
    let html = report("wide.pkl", &pickle(list(&(0..100).map(|_| wide(4)).collect::<Vec<Value>>())));
    check(&html);
    assert!(html.len() < 2 << 20, "{} bytes", html.len());
    let keys: Vec<(Value, Value)> = (0..50_000).map(|key| (int(key), int(key))).collect();
    let html = report("keys.pkl", &pickle(dict(&keys)));
    check(&html);
    assert!(
        html.contains("more rows") && html.contains("rows are left out, where the tree says so."),
        "{}",
        html.len()
    );
}
