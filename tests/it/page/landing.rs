//! What a file opens on: the names that decide its verdict, the row worth looking at first, the fields of what no lens knows.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::safety::Level;
use picklescope::view::card::{Body, CellKind, CellWindow, Format};
use picklescope::view::{FieldOrder, FieldRow, FieldSort, FileReport, Outcome, RowMark, TreeRow};
use std::sync::Arc;
use support::assemble::{
    build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, root, text, truth, tuple,
};
use support::{fixture, open};

fn sentence(bytes: &[u8]) -> String {
    open(bytes).overview().verdict.sentence.iter().map(|part| part.text.as_str()).collect()
}

#[test]
fn the_verdict_names_what_is_unknown() {
    let known = global("collections", "OrderedDict");
    let unknown = |name: &str| global("pandas.core.categorical", name);
    let one = pickle(list(&[known.clone(), unknown("Gone"), global("decimal", "Decimal")]));
    assert_eq!(
        sentence(&one),
        "1 of 3 names is unknown: pandas.core.categorical.Gone. It is not known to be dangerous."
    );
    let offset = open(&one).overview().verdict.offset.unwrap() as usize;
    assert_eq!(open(&one).audit().imports[1].offset, offset as u64);
    assert_eq!(
        sentence(&pickle(unknown("Gone"))),
        "The only name that loading imports is unknown: pandas.core.categorical.Gone. It is not known to be dangerous."
    );
    let many: Vec<_> = ["A", "B", "C", "D", "E"].map(unknown).into_iter().chain([known]).collect();
    assert!(sentence(&pickle(list(&many))).starts_with("5 of 6 names are unknown: "));
    assert!(sentence(&pickle(list(&many))).ends_with(".C and 2 more. None is known to be dangerous."));
    assert!(sentence(&pickle(list(&many[..2]))).starts_with("All 2 names are unknown: "));
}

#[test]
fn the_verdict_names_the_second_dangerous_call_and_counts_more() {
    let echo = |words: &str| call(global("os", "system"), &[text(words)]);
    let one = sentence(&pickle(list(&[echo("echo 1")])));
    assert!(one.starts_with("Loading this file would run a shell command: os.system('echo 1') at offset "), "{one}");
    assert!(one.ends_with(", in obj[0]."), "{one}");
    let evaluated = call(global("builtins", "eval"), &[text("1")]);
    let two = sentence(&pickle(list(&[echo("echo 1"), evaluated])));
    assert!(two.ends_with(", in obj[0]. It would also call builtins.eval('1')."), "{two}");
    let three = sentence(&pickle(list(&[echo("echo 1"), echo("echo 2"), echo("echo 3")])));
    assert!(three.ends_with(", in obj[0]. 2 more calls are dangerous."), "{three}");
}

#[test]
fn a_whole_file_offers_what_its_only_value_is_made_for() {
    let array = open(&fixture("containers/numpy-1.16.6-py2/float64.npy"));
    assert_eq!(array.formats_for(None)[0], Format::Npy);
    assert_eq!(array.card(root(&array).0).and_then(|card| card.save_as), Some(Format::Npy));
    let number = open(&pickle(int(1)));
    assert_eq!(number.formats_for(None)[0], Format::Json);
}

#[test]
fn a_file_of_torch_before_1_6_opens_on_its_object() {
    let mut document = open(&fixture("containers/torch-2.6.0/state-dict.legacy.pt"));
    let row = document.landing_row();
    assert_eq!(document.inspect_row(row).unwrap().title, "pickle 4, object");
    assert_eq!(open(&pickle(int(1))).landing_row(), 0);
    document.toggle(2, true);
    assert_eq!(document.inspect_row(document.landing_row()).unwrap().title, "pickle 4, object");
}

fn report(bytes: Vec<u8>) -> FileReport {
    let source = Arc::new(MemorySource::new(bytes));
    let mut bundle = Bundle::open(vec![("file.pkl".to_owned(), source as _)], Limits::default(), &mut |_| {});
    bundle.report("file.pkl", 1 << 20, &mut |_| {})
}

#[test]
fn findings_about_one_name_are_one_group() {
    let system = |word: &str| call(global("posix", "system"), &[text(word)]);
    let report = report(pickle(list(&[
        system("a"),
        system("b"),
        call(global("builtins", "eval"), &[text("1")]),
        system("c"),
        global("nobody.knows", "this"),
    ])));
    assert_eq!(report.level, Outcome::Dangerous);
    let groups = report.grouped_findings();
    let calls: Vec<(&str, usize)> = groups
        .iter()
        .map(|group| (&report.findings[group.places[0]], group.places.len()))
        .filter(|(finding, _)| finding.rule == "dangerous-call")
        .map(|(finding, places)| (finding.name.as_str(), places))
        .collect();
    assert_eq!(calls, [("system", 3), ("eval", 1)]);
    assert!(groups.is_sorted_by_key(|group| std::cmp::Reverse(group.level)));
    let mut all: Vec<usize> = groups.iter().flat_map(|group| group.places.clone()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..report.findings.len()).collect::<Vec<_>>(), "none is lost");
}

fn rows(document: &Document, order: FieldOrder) -> Vec<FieldRow> {
    document.fields(root(document).0, 0, 100, order).unwrap()
}

fn names(rows: &[FieldRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

#[test]
fn a_dict_is_a_row_for_each_key() {
    let value = dict(&[
        (text("weights"), ints(&[1000, 2000, 3000])),
        (text("config"), dict(&[(text("a"), none())])),
        (text("run"), call(global("posix", "system"), &[text("x")])),
        (int(7), truth(true)),
        (tuple(&[int(1), int(2)]), int(3)),
    ]);
    let document = open(&pickle(value));
    let card = document.card(root(&document).0).unwrap();
    assert!(card.is_summary);
    assert!(matches!(card.sections[0].body, Body::Fields(fields) if fields.total == 5 && fields.sortable));
    let in_place = rows(&document, FieldOrder::default());
    assert_eq!(names(&in_place), ["'weights'", "'config'", "'run'", "7", "tuple"]);
    assert_eq!(in_place[0].type_name, "tuple");
    assert_eq!(in_place[3].type_name, "bool");
    assert!(in_place.iter().all(|row| row.node.is_some()));
    let share: f64 = in_place.iter().map(|row| row.share).sum();
    assert!(share > 0.3 && share <= 1.0, "{share}");
    assert_eq!(in_place[2].danger.as_ref().map(|(level, _)| *level), Some(Level::Dangerous));
    let by = |by, descending| rows(&document, FieldOrder { by, descending });
    assert_eq!(names(&by(FieldSort::Name, false)), ["'config'", "'run'", "'weights'", "7", "tuple"]);
    assert_eq!(names(&by(FieldSort::Position, true)), ["tuple", "7", "'run'", "'config'", "'weights'"]);
    let sizes: Vec<u64> = by(FieldSort::Size, true).iter().map(|row| row.size.unwrap_or(0)).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    let window = document.fields(root(&document).0, 1, 2, FieldOrder { by: FieldSort::Name, descending: false });
    assert_eq!(names(&window.unwrap()), ["'run'", "'weights'"]);
    assert!(document.fields(u32::MAX, 0, 9, FieldOrder::default()).is_none());
}

#[test]
fn closed_rows_say_what_is_dangerous_in_them() {
    let system = || call(global("posix", "system"), &[text("x")]);
    let mut items: Vec<_> = (0..2500).map(int).collect();
    items[1200] = system();
    let marked = |document: &mut Document| {
        if document.rows(0, 1)[0].expanded == Some(false) {
            document.toggle(0, true);
        }
        let is_marked = |row: &TreeRow| row.marks.iter().any(|mark| matches!(mark, RowMark::Danger { .. }));
        document.rows(1, 9).iter().filter(|row| is_marked(row)).map(|row| row.label.clone()).collect::<Vec<_>>()
    };
    assert_eq!(marked(&mut open(&pickle(list(&items)))), ["1000 … 1999"]);
    let key = tuple(&[int(1), int(2)]);
    assert_eq!(marked(&mut open(&pickle(dict(&[(key, system()), (int(1), none())])))), ["tuple"]);
}

#[test]
fn values_that_one_line_tells_have_no_fields() {
    for value in [int(1), text("x"), none(), list(&[]), dict(&[]), tuple(&[]), ints(&[1, 2, 3]), list(&[text("a")])] {
        let document = open(&pickle(value));
        assert!(document.card(root(&document).0).is_none());
    }
}

fn cells(document: &Document, row: u64) -> Vec<Vec<String>> {
    let window = CellWindow { node: root(document).0, row, rows: 3, columns: 9, ..CellWindow::default() };
    let cells = document.cells(&window).unwrap();
    cells.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.full_text().to_owned()).collect()).collect()
}

#[test]
fn equal_records_are_a_table() {
    let record = |name: &str, age: i64| dict(&[(text("name"), text(name)), (text("age"), int(age))]);
    let mut records: Vec<_> = (0..50).map(|age| record("Ada", age)).collect();
    records.push(dict(&[(text("age"), int(9)), (text("extra"), none())]));
    records.push(none());
    let document = open(&pickle(list(&records)));
    let card = document.card(root(&document).0).unwrap();
    let Body::Grid(grid) = &card.sections[0].body else { panic!("{:?}", card.sections[0]) };
    assert_eq!((grid.rows, grid.columns), (52, 2));
    assert_eq!(cells(&document, 0), [["Ada", "0"], ["Ada", "1"], ["Ada", "2"]]);
    // What is no such record is empty where it has nothing, and stands in its own column where it has.
    assert_eq!(cells(&document, 49), [["Ada", "49"], ["", "9"], ["", ""]]);
    let window = CellWindow { node: root(&document).0, rows: 1, columns: 9, ..CellWindow::default() };
    let cells = document.cells(&window).unwrap();
    assert_eq!(cells.heads, [("name".to_owned(), String::new()), ("age".to_owned(), String::new())]);
    assert_eq!(cells.rows[0][0].kind, CellKind::Text);

    let document = open(&pickle(list(&[ints(&[1, 2]), ints(&[3, 4])])));
    assert!(matches!(document.card(root(&document).0).unwrap().sections[0].body, Body::Grid(_)));
    let document = open(&pickle(list(&[ints(&[1, 2]), ints(&[3])])));
    assert!(matches!(document.card(root(&document).0).unwrap().sections[0].body, Body::Fields(_)));
}

#[test]
fn objects_in_tables_and_arrays_are_shown_as_what_they_are() {
    let colour = || call(global("shop.models", "Colour"), &[int(1)]);
    let record = |count: i64| dict(&[(text("colour"), colour()), (text("count"), int(count))]);
    let document = open(&pickle(list(&[record(1), record(2), record(3)])));
    assert_eq!(cells(&document, 0)[0], ["Colour(1)", "1"]);

    let reconstruct = || global("numpy._core.multiarray", "_reconstruct");
    let empty = || call(reconstruct(), &[global("numpy", "ndarray"), ints(&[0]), bytes(b"b")]);
    let array = |shape: &[i64], kind, data| build(empty(), tuple(&[int(1), ints(shape), kind, truth(false), data]));
    let inner = array(&[2], dtype("u1", "|"), bytes(&[1, 2]));
    let objects = list(&[inner, text("x"), none(), colour()]);
    let document = open(&pickle(array(&[4], dtype("O8", "|"), objects)));
    let preview: String = document.rows(0, 1).remove(0).preview.into_iter().map(|part| part.text).collect();
    assert!(preview.ends_with("[ndarray(uint8 (2,)), 'x', None, Colour(1)]"), "{preview}");
}

#[test]
fn a_value_in_itself_and_one_of_many_keys_have_fields() {
    // {0: the dict itself}
    let document = open(b"\x80\x04}\x94(K\0h\0u.");
    let own = rows(&document, FieldOrder::default());
    assert_eq!(own[0].preview[0].text, "the value itself:");
    assert_eq!((own[0].size, own[0].share), (None, 0.0));
    let pairs: Vec<_> = (0..20_000).map(|key| (int(key), none())).collect();
    let document = open(&pickle(dict(&pairs)));
    let Body::Fields(fields) = document.card(root(&document).0).unwrap().sections[0].body else { panic!() };
    assert_eq!((fields.total, fields.sortable), (20_000, false));
    let last = document.fields(root(&document).0, 19_998, 9, FieldOrder { by: FieldSort::Name, descending: true });
    assert_eq!(names(&last.unwrap()), ["19998", "19999"], "too many to be sorted: in place");
}

#[test]
fn text_that_is_no_pickle_is_shown_as_text() {
    let document = open(b"name,age\nAda,36\n").or_other_format();
    let inspection = document.inspect_row(0).unwrap();
    assert_eq!(inspection.value.text, "name,age\nAda,36\n");
    let document = open(&fixture("containers/files-by-hand/picture.png")).or_other_format();
    assert_eq!(document.inspect_row(0).unwrap().value.text, "");
}
