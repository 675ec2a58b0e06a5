//! Dates and durations in arrays and columns: found as they are shown, by what they begin with, and by an order.

use super::{find, only};
use crate::support::{fixtures, open};
use picklescope::document::Document;
use picklescope::find::{Options, Search};
use picklescope::graph::{Node, NodeId};
use picklescope::lens::{Kind, Series, TableKind};
use picklescope::view::FoundKind;
use std::collections::BTreeSet;

/// Values that are gone over slowly.
const MOST: u64 = 2_000;

fn options() -> Options {
    Options { kinds: only(&[FoundKind::Element]), ..Options::default() }
}

/// A column or array of dates or durations: its node, how paths to its elements begin and end, its texts.
struct Times {
    node: NodeId,
    column: String,
    texts: Vec<String>,
    is_masked: bool,
}

fn texts(series: &dyn Series) -> Vec<String> {
    (0..series.len()).map(|index| series.text(index)).collect()
}

fn times(document: &Document) -> Vec<Times> {
    let lens = document.lens();
    let graph = &document.reading().graph;
    let mut found = Vec::new();
    for node in (0..graph.len() as u32).map(NodeId).filter(|id| matches!(graph.node(*id), Node::Call { .. })) {
        if let Some(table) = lens.table(node) {
            for (at, column) in table.columns_from(0, 64).into_iter().enumerate() {
                let column_path = if table.kind == TableKind::Frame { format!(", {at}]") } else { "]".to_owned() };
                let values = column.values;
                if values.spells_means_as_integers() && values.len() <= MOST {
                    found.push(Times { node, column: column_path, texts: texts(&values), is_masked: false });
                }
            }
        } else if let Some(array) = lens.array(node)
            && matches!(array.dtype.kind, Kind::Datetime | Kind::Timedelta)
            && array.len() <= MOST
            && let Some(series) = array.series(0)
        {
            let is_masked = array.mask.is_some();
            found.push(Times { node, column: "]".to_owned(), texts: texts(&series), is_masked });
        }
    }
    found
}

/// The number of elements that a query finds in some times; 0 where it does not find them.
fn count(document: &Document, query: &str, times: &Times) -> u64 {
    let hits = find(document, query, &options());
    let of_node = hits.iter().filter(|hit| hit.node == Some(times.node));
    of_node.filter(|hit| Search::row(document, hit).path.ends_with(&times.column)).map(|hit| hit.count).sum()
}

fn is_missing(text: &str) -> bool {
    matches!(text, "NaT" | "nan" | "--" | "masked")
}

#[test]
fn dates_are_found_as_they_are_shown() {
    let (mut checked, mut prefixes, mut orders, mut missing) = (0, 0, 0, 0);
    let mut wrong = BTreeSet::new();
    for fixture in fixtures().iter().filter(|fixture| fixture.bytes.len() < 200_000) {
        let document = open(&fixture.bytes);
        let all = times(&document);
        // Arrays that are parts of tables, or the same as others, are found there.
        let is_found = |one: &Times| one.texts.iter().any(|text| !is_missing(text) && count(&document, text, one) > 0);
        for one in all.iter().filter(|one| is_found(one)) {
            let of = |holds: &dyn Fn(&str) -> bool| one.texts.iter().filter(|text| holds(text)).count() as u64;
            let mut check = |query: &str, expected: u64| {
                let found = count(&document, query, one);
                if found != expected {
                    wrong.insert(format!(
                        "{}: {query}: {found}, not {expected}, of {:?}",
                        fixture.name,
                        one.texts.first()
                    ));
                }
            };
            let Some(text) = one.texts.iter().rev().find(|text| !is_missing(text)) else { continue };
            // An expression that is a number or a range is no text.
            if text.parse::<f64>().is_ok() {
                continue;
            }
            let lower = text.to_lowercase();
            check(text, of(&|other| other.to_lowercase().contains(&lower)));
            checked += 1;
            if !one.is_masked {
                missing += of(&is_missing);
                check("isnan", of(&is_missing));
                check("NaT", of(&is_missing));
            }
            let is_date = text.as_bytes().get(4) == Some(&b'-') && text.len() >= 10 && !text.starts_with('-');
            if !is_date {
                continue;
            }
            prefixes += 1;
            check(&text[..7], of(&|other| other.contains(&text[..7])));
            let is_common = one.texts.iter().all(|text| is_missing(text) || text.as_bytes().get(4) == Some(&b'-'));
            if is_common {
                orders += 1;
                let day = &text[..10];
                let begins = |other: &str| other.get(..10).filter(|_| !is_missing(other)).map(str::to_owned);
                check(&format!(">= {day}"), of(&|other| begins(other).is_some_and(|other| other.as_str() >= day)));
                check(&format!("< {day}"), of(&|other| begins(other).is_some_and(|other| other.as_str() < day)));
                check(&format!("== {day}"), of(&|other| begins(other).is_some_and(|other| other == day)));
                check(&format!("{day}..{day}"), of(&|other| begins(other).is_some_and(|other| other == day)));
            }
        }
    }
    println!("{checked} arrays and columns, {prefixes} by a month, {orders} in order, {missing} missing");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.into_iter().take(30).collect::<Vec<_>>().join("\n"));
    assert!(checked > 50 && prefixes > 20 && orders > 20 && missing > 5, "{checked}, {prefixes}, {orders}, {missing}");
}

#[test]
fn dates_of_the_graph_are_compared() {
    // datetime.date(2024, 3, 5)
    let document = open(b"\x80\x04cdatetime\ndate\nC\x04\x07\xe8\x03\x05\x85R.");
    for (query, hits) in [
        ("2024-03", 1),
        ("== 2024-03", 1),
        (">= 2024-03-05", 1),
        ("> 2024-03-05", 0),
        ("<= 2024-03-05", 1),
        ("< 2024-03-05", 0),
        ("2024-01..2024-02", 0),
        ("2024-03..2024-04", 1),
        ("> 5", 0),
    ] {
        let found = find(&document, query, &Options { kinds: only(&[FoundKind::Number]), ..Options::default() });
        assert_eq!(found.len(), hits, "{query}");
    }
}
