//! Tables against what pandas finds in the same files (`fixtures/tables/truth.json`, written by
//! `scripts/fixtures/gen_tables.py`).

use crate::support;
use crate::support::assemble;
use crate::support::truth::step;
use assemble::{
    array, build, bytes, call, dict, dtype, global, int, ints, list, none, pickle, root, text, truth, tuple,
};
use picklescope::document::Document;
use picklescope::graph::NodeId;
use picklescope::lens::{Index, Series, Table, TableKind, TableValue, ValueKind, Values, Vector};
use picklescope::view::card::{Body, Card, CellWindow};
use picklescope::view::cards;
use serde_json::Value;
use support::{Lcg, fixture, open};

/// The opcodes of a value.
type Put = assemble::Value;

/// Characters of a value, more than any in the fixtures.
const WHOLE: usize = 10_000;

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn texts(values: Vec<TableValue>) -> Vec<String> {
    values.into_iter().map(|value| value.text).collect()
}

/// Collects what differs.
#[derive(Default)]
struct Differences {
    here: String,
    found: Vec<String>,
}

impl Differences {
    fn compare(&mut self, what: &str, is: &impl std::fmt::Debug, should: &impl std::fmt::Debug) {
        let (is, should) = (format!("{is:?}"), format!("{should:?}"));
        if is != should {
            self.found.push(format!("{}: {what} is {is}, should be {should}", self.here));
        }
    }

    fn index(&mut self, what: &str, index: Option<&Index<'_>>, truth: &Value) {
        let Some(index) = index else { return self.compare(what, &"nothing", &"an index") };
        self.compare(&format!("{what} class"), &index.class, &truth["class"].as_str().unwrap());
        let names: Vec<&String> = index.levels.iter().map(|(name, _)| name).collect();
        self.compare(&format!("{what} names"), &names, &strings(&truth["names"]));
        let dtypes: Vec<&String> = index.levels.iter().map(|(_, level)| &level.dtype).collect();
        self.compare(&format!("{what} dtypes"), &dtypes, &strings(&truth["dtypes"]));
        let should: Vec<Vec<String>> = truth["labels"].as_array().unwrap().iter().map(strings).collect();
        let labels = index.labels(0, should.len(), WHOLE).map(|rows| rows.into_iter().map(texts).collect::<Vec<_>>());
        self.compare(&format!("{what} labels"), &labels, &Ok::<_, String>(should));
        for (name, level) in &index.levels {
            self.numbers(&format!("{what} {name}"), level);
        }
    }

    /// Integers and what is counted in integers are such, whether they stand in the file one by one or as codes of labels.
    fn numbers(&mut self, what: &str, level: &Vector<'_>) {
        let all = usize::try_from(level.len()).unwrap();
        let is_counted =
            ["int", "uint", "datetime64[", "timedelta64["].iter().any(|dtype| level.dtype.starts_with(dtype))
                && !level.dtype.starts_with("interval");
        let (true, Ok(cells)) = (is_counted && all > 0, level.cells(0, all, WHOLE)) else { return };
        let Ok(Values::Integers(values)) = level.values(0, all) else {
            return self.compare(what, &level.dtype, &"integers");
        };
        let text = |(value, cell): (Option<i128>, TableValue)| match value {
            Some(value) => (level.spell_integer(value), cell.text),
            None => (format!("{:?}", ValueKind::Missing), format!("{:?}", cell.kind)),
        };
        for (is, should) in values.into_iter().zip(cells).map(text) {
            self.compare(what, &is, &should);
        }
    }

    fn column(&mut self, name: &str, values: &Vector<'_>, truth: &Value) {
        self.compare(&format!("dtype of {name}"), &values.dtype, &truth["dtype"].as_str().unwrap());
        let should = strings(&truth["cells"]);
        if ["list", "decimal"].iter().any(|kind| values.dtype.starts_with(kind)) {
            assert!(values.cells(0, 1, WHOLE).unwrap_err().starts_with("values of Arrow's type"));
            return;
        }
        match values.cells(0, should.len(), WHOLE) {
            Ok(cells) => {
                for (row, (cell, should)) in cells.iter().zip(&should).enumerate() {
                    self.compare(&format!("[{row}] of {name}"), &cell.text, should);
                    let alone = values.cells(row as u64, 1, WHOLE).unwrap();
                    self.compare("the value read alone", &alone[0], cell);
                    self.compare(
                        "the text of the series",
                        &values.text(row as u64).len().min(1000),
                        &cell.text.len().min(1000),
                    );
                }
                self.compare(&format!("cells of {name}"), &cells.len(), &should.len());
            }
            Err(reason) => self.compare(&format!("cells of {name}"), &reason, &"readable"),
        }
        let all = usize::try_from(values.len()).unwrap();
        let nulls = truth["nulls"].as_u64().unwrap() as usize;
        if let Ok(cells) = values.cells(0, all, WHOLE) {
            let missing = cells.iter().filter(|cell| cell.kind == ValueKind::Missing).count();
            self.compare(&format!("missing cells of {name}"), &missing, &nulls);
            let missing = match values.values(0, all).unwrap() {
                Values::Floats(values) => values.iter().filter(|value| value.is_nan()).count(),
                Values::Integers(values) => values.iter().filter(|value| value.is_none()).count(),
                Values::Texts(values) => values.iter().filter(|value| value.is_none()).count(),
                Values::Missing(count) => count,
            };
            self.compare(&format!("missing values of {name}"), &missing, &nulls);
        }
    }

    fn table(&mut self, table: &Table<'_>, truth: &Value) {
        let kind = match table.kind {
            TableKind::Frame => "Frame",
            TableKind::Series => "Series",
            TableKind::Index => "Index",
            TableKind::Array => "Array",
        };
        self.compare("kind", &kind, &truth["kind"].as_str().unwrap());
        let class = truth["class"].as_str().unwrap();
        self.compare("class", &table.class_name(), &class.rsplit('.').next().unwrap());
        self.compare("rows", &table.rows, &truth["rows"].as_u64().unwrap());
        self.compare("columns", &table.columns, &truth["columns"].as_u64().unwrap());
        self.compare("remarks", &table.remarks, &Vec::<String>::new());
        if !truth["index"].is_null() {
            self.index("index", table.index.as_ref(), &truth["index"]);
        }
        if !truth["heads"].is_null() {
            self.index("columns", table.column_index.as_ref(), &truth["heads"]);
        }
        let parts = truth["parts"].as_array().unwrap();
        let columns = table.columns_from(0, parts.len());
        self.compare("columns read", &columns.len(), &parts.len());
        for (number, (column, truth)) in columns.iter().zip(parts).enumerate() {
            let name = truth["name"].as_str().unwrap();
            // The labels of numpy's own types are not what they are in the file.
            if table.column_index.as_ref().is_none_or(|names| names.levels.len() == 1) {
                self.compare("name", &column.name, &name);
            }
            self.column(name, &column.values, truth);
            let alone = table.column(number as u64).unwrap();
            self.compare(
                "the column read alone",
                &(alone.name, alone.values.dtype),
                &(&column.name, &column.values.dtype),
            );
        }
    }
}

fn is_read(document: &Document) {
    assert!(document.reading().streams[0].root.is_some());
}

#[test]
fn tables_are_those_that_pandas_finds() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("tables/truth.json")).unwrap();
    assert!(truth.len() > 1000);
    let mut differences = Differences::default();
    for lines in truth.chunk_by(|a, b| a["file"] == b["file"]) {
        let document = open(&fixture(lines[0]["file"].as_str().unwrap()));
        is_read(&document);
        let lens = document.lens();
        for line in lines {
            let node = line["path"].as_array().unwrap().iter().fold(root(&document), |node, by| step(&lens, node, by));
            differences.here = format!("{} {}", line["file"].as_str().unwrap(), line["path"]);
            if line["kind"] == "scalar" {
                let shape = lens.shape(node);
                differences.compare("text", &shape.text, &Some(line["text"].as_str().unwrap()));
                continue;
            }
            match lens.table(node) {
                Some(table) => differences.table(&table, line),
                None => differences.compare("this", &"no table", &line["kind"]),
            }
        }
    }
    let found = differences.found;
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found[..found.len().min(150)].join("\n"));
}

#[test]
fn every_node_of_every_table_has_an_answer_or_none() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("tables/truth.json")).unwrap();
    let mut cards = 0;
    for lines in truth.chunk_by(|a, b| a["file"] == b["file"]) {
        cards += ask_everything(&open(&fixture(lines[0]["file"].as_str().unwrap())));
    }
    assert!(cards > truth.len(), "{cards}");
}

/// Asks for the card, the cells and the statistics of every node; how many had a card.
fn ask_everything(document: &Document) -> usize {
    let mut cards = 0;
    for node in 0..document.reading().graph.len() as u32 {
        let Some(card) = document.card(node) else { continue };
        cards += 1;
        for section in &card.sections {
            if let Body::Grid(grid) = &section.body {
                let last = grid.rows.saturating_sub(2);
                for (row, column) in [(0, 0), (last, grid.columns.saturating_sub(2)), (u64::MAX, u64::MAX)] {
                    let window =
                        CellWindow { node, grid: grid.id, row, rows: 4, column, columns: 4, ..CellWindow::default() };
                    let cells = document.cells(&window).unwrap();
                    assert!(cells.rows.len() <= 4);
                    assert!(cells.rows.iter().all(|row| row.len() == cells.heads.len()));
                }
            }
        }
        for part in 0..3 {
            if let Some(series) = cards::series(&document.lens(), NodeId(node), part) {
                let _ = (series.values(0, 100), series.values(series.len().saturating_sub(1), 100), series.text(0));
            }
        }
    }
    cards
}

#[test]
fn damaged_tables_are_shown_as_far_as_they_go() {
    let mut random = Lcg(7);
    let names = [
        "tables/pandas-1.5/levels.p2.pkl",
        "tables/pandas-2.2/sparse.p4.pkl",
        "tables/pandas-3.1/categories.p2.pkl",
        "tables/pandas-3.1/intervals.p4.pkl",
        "tables/pandas-3.1-arrow/texts.p4.pkl",
        "tables/pandas-3.1-arrow/times.p4.pkl",
    ];
    for name in names {
        let whole = fixture(name);
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(2) {
                let at = random.below(bytes.len() as u64) as usize;
                bytes[at] = random.below(256) as u8;
            }
            if random.below(4) == 0 {
                bytes.truncate(random.below(bytes.len() as u64) as usize);
            }
            ask_everything(&open(&bytes));
        }
    }
}

fn instance(module: &str, name: &str, state: Put) -> Put {
    build([global(module, name), b")\x81".to_vec()].concat(), state)
}

fn slice(start: i64, stop: i64, step: i64) -> Put {
    call(global("builtins", "slice"), &[int(start), int(stop), int(step)])
}

fn range_index(stop: i64) -> Put {
    let parts = [(text("start"), int(0)), (text("stop"), int(stop)), (text("step"), int(1))];
    new_index("RangeIndex", &parts)
}

fn new_index(class: &str, parts: &[(Put, Put)]) -> Put {
    call(global("pandas.core.indexes.base", "_new_Index"), &[global("pandas", class), dict(parts)])
}

fn labels(names: &[&str]) -> Put {
    let items = list(&names.iter().map(|name| text(name)).collect::<Vec<_>>());
    let data = array(ints(&[names.len() as i64]), dtype("O8", "|"), truth(false), items);
    new_index("Index", &[(text("data"), data), (text("name"), none())])
}

/// A block of so many rows and columns as it claims, with numbers from 0 on.
fn block(claimed: &[i64], numbers: i64) -> Put {
    let data: Vec<u8> = (0..numbers).flat_map(i64::to_le_bytes).collect();
    array(ints(claimed), dtype("i8", "<"), truth(false), bytes(&data))
}

fn placed(values: Put, placement: Put) -> Put {
    call(global("pandas._libs.internals", "_unpickle_block"), &[values, placement, int(2)])
}

fn frame(blocks: &[Put], axes: &[Put]) -> Vec<u8> {
    let manager = global("pandas.core.internals.managers", "BlockManager");
    framed(call(manager, &[tuple(blocks), list(axes)]))
}

fn framed(manager: Put) -> Vec<u8> {
    pickle(instance("pandas.core.frame", "DataFrame", dict(&[(text("_mgr"), manager)])))
}

/// What a frame is seen to be: rows, columns, remarks, and the texts of its first cells.
fn seen(file: &[u8]) -> (u64, u64, String, Vec<Vec<String>>) {
    let document = open(file);
    ask_everything(&document);
    let node = root(&document);
    let table = document.lens().table(node).unwrap();
    let window = CellWindow { node: node.0, rows: 5, columns: 5, ..CellWindow::default() };
    let cells = document.cells(&window).unwrap();
    let rows =
        cells.rows.into_iter().map(|row| row.into_iter().map(|cell| cell.full_text().to_owned()).collect()).collect();
    (table.rows, table.columns, table.remarks.join(" ") + &cells.problem.unwrap_or_default(), rows)
}

#[test]
fn states_of_another_type_are_no_tables() {
    for state in [none(), int(5), text("state"), list(&[]), tuple(&[]), tuple(&[int(1)]), dict(&[])] {
        let manager = instance("pandas.core.internals.managers", "BlockManager", state.clone());
        let (rows, columns, remarks, _) = seen(&framed(manager));
        assert_eq!((rows, columns), (0, 0));
        assert!(remarks.contains("The state of the manager is not understood."), "{remarks}");
        let document = open(&pickle(instance("pandas.core.frame", "DataFrame", state)));
        assert!(document.card(root(&document).0).is_none_or(|card| card.is_summary), "no table");
    }
}

#[test]
fn a_state_of_the_future_shows_its_axes() {
    let blocks = dict(&[(text("blocks"), list(&[int(1)]))]);
    let state =
        tuple(&[list(&[labels(&["a", "b"]), range_index(3)]), int(1), int(2), dict(&[(text("9.0"), blocks)]), int(7)]);
    let (rows, columns, remarks, cells) =
        seen(&framed(instance("pandas.core.internals.managers", "BlockManager", state)));
    assert_eq!((rows, columns), (3, 2));
    assert!(remarks.contains("not understood"), "{remarks}");
    assert_eq!(cells, vec![vec![""; 2]; 3]);
}

#[test]
fn blocks_out_of_place_leave_their_columns_empty() {
    let names = || [labels(&["a", "b", "c"]), range_index(2)];
    let (_, columns, remarks, cells) = seen(&frame(&[placed(block(&[1, 2], 2), slice(2, 3, 1))], &names()));
    assert_eq!((columns, &cells[1]), (3, &vec![String::new(), String::new(), "1".to_owned()]));
    assert!(remarks.contains("no block holds column 0"), "{remarks}");
    // More columns than the block has rows, and than anything can have.
    let (_, columns, remarks, cells) = seen(&frame(&[placed(block(&[1, 2], 2), slice(0, i64::MAX, 1))], &names()));
    assert_eq!((columns, &cells[0]), (3, &vec!["0".to_owned(), String::new(), String::new()]));
    assert!(remarks.contains("the block has no row 1"), "{remarks}");
    let wide = [range_index(i64::MAX), range_index(2)];
    assert_eq!(seen(&frame(&[placed(block(&[1, 2], 2), slice(0, i64::MAX, 1))], &wide)).1, i64::MAX as u64);
    // Places one by one: negative, far away, twice.
    let places: Vec<u8> = [-1, i64::MAX, 1, 1].into_iter().flat_map(i64::to_le_bytes).collect();
    let places = array(ints(&[4]), dtype("i8", "<"), truth(false), bytes(&places));
    let (_, _, remarks, cells) = seen(&frame(&[placed(block(&[4, 2], 8), places)], &names()));
    assert_eq!(cells[0], ["", "6", ""]);
    assert!(remarks.contains("A block is placed at column -1."), "{remarks}");
    // Every second column, and backwards.
    let blocks = [placed(block(&[2, 2], 4), slice(2, -1, -2))];
    assert_eq!(seen(&frame(&blocks, &names())).3[0], ["2", "", "0"]);
}

#[test]
fn claims_of_rows_are_no_rows() {
    let names = || labels(&["a"]);
    // The index is longer than the block.
    let (rows, _, remarks, _) =
        seen(&frame(&[placed(block(&[1, 3], 3), slice(0, 1, 1))], &[names(), range_index(i64::MAX)]));
    assert_eq!(rows, 3);
    assert!(remarks.contains("some columns have fewer values"), "{remarks}");
    // The block claims more than it has.
    let (rows, _, remarks, cells) =
        seen(&frame(&[placed(block(&[1, 5], 3), slice(0, 1, 1))], &[names(), labels(&["p", "q", "r", "s", "t"])]));
    assert_eq!((rows, cells.concat()), (5, ["0", "1", "2", "", ""].map(String::from).to_vec()));
    assert!(remarks.contains("fewer values"), "{remarks}");
    let claimed = [i64::MAX, i64::MAX];
    assert_eq!(seen(&frame(&[placed(block(&claimed, 3), slice(0, 1, 1))], &[names(), range_index(2)])).0, 2);
}

#[test]
fn an_index_in_itself_ends() {
    // The dict is put into the memo, and the index that is made of it, which is then set in the dict.
    let class = global("pandas.core.indexes.base", "_new_Index");
    let made = [class, global("pandas", "Index"), b"}q\x01\x86Rq\x02".to_vec()].concat();
    let inside = [b"h\x01".to_vec(), text("data"), b"h\x02s0".to_vec()].concat();
    let index = [made, inside].concat();
    let document = open(&pickle(index.clone()));
    ask_everything(&document);
    let (rows, ..) = seen(&frame(&[placed(block(&[1, 2], 2), slice(0, 1, 1))], &[labels(&["a"]), index]));
    assert_eq!(rows, 0);
}

#[test]
fn categories_in_themselves_end() {
    let dtype_class = [global("pandas", "CategoricalDtype"), b")\x81q\x01".to_vec()].concat();
    let made = call(
        global("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
        &[global("pandas", "Categorical"), int(82_904_607), none()],
    );
    let codes = array(ints(&[3]), dtype("i1", "|"), truth(false), bytes(&[0, 255, 9]));
    let own = [b"h\x01".to_vec(), dict(&[(text("categories"), b"h\x02".to_vec())]), b"b0".to_vec()].concat();
    let categorical = [build([made, b"q\x02".to_vec()].concat(), tuple(&[dtype_class, codes])), own].concat();
    let document = open(&pickle(categorical));
    assert_eq!(document.card(root(&document).0).unwrap().kind, "Categorical");
    ask_everything(&document);
}

#[test]
fn codes_without_a_category_say_so() {
    let categorical = |codes: &[u8]| {
        let made = call(
            global("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
            &[global("pandas", "Categorical"), int(82_904_607), none()],
        );
        let kind = instance(
            "pandas",
            "CategoricalDtype",
            dict(&[(text("categories"), labels(&["lo", "hi"])), (text("ordered"), truth(false))]),
        );
        let codes = array(ints(&[codes.len() as i64]), dtype("i1", "|"), truth(false), bytes(codes));
        pickle(build(made, tuple(&[kind, codes])))
    };
    let (rows, _, remarks, cells) = seen(&categorical(&[1, 0, 255, 2, 127]));
    let texts = ["hi", "lo", "nan", "code 2 of 2 categories", "code 127 of 2 categories"];
    assert_eq!((rows, remarks.as_str(), cells.concat()), (5, "", texts.map(String::from).to_vec()));
}

#[test]
fn sparse_values_out_of_order_are_not_looked_for() {
    let numbers = |code: &str, values: &[i64]| {
        let data: Vec<u8> = match code {
            "i4" => values.iter().flat_map(|value| (*value as i32).to_le_bytes()).collect(),
            _ => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        };
        array(ints(&[values.len() as i64]), dtype(code, "<"), truth(false), bytes(&data))
    };
    let sparse = |length: i64, places: &[i64]| {
        let index = call(global("pandas._libs.sparse", "IntIndex"), &[int(length), numbers("i4", places)]);
        let kind = instance(
            "pandas",
            "SparseDtype",
            dict(&[(text("_dtype"), dtype("i8", "<")), (text("_fill_value"), int(0))]),
        );
        let parts = [
            (text("_sparse_index"), index),
            (text("_sparse_values"), numbers("i8", &[7, 8, 9])),
            (text("_dtype"), kind),
        ];
        pickle(instance("pandas.arrays", "SparseArray", dict(&parts)))
    };
    assert_eq!(seen(&sparse(5, &[0, 2, 4])).3.concat(), ["7", "0", "8", "0", "9"]);
    for places in [&[4, 2, 0][..], &[-1, -5, 3], &[1], &[2, 2, 2], &[900, 901, 902]] {
        let (rows, _, _, cells) = seen(&sparse(5, places));
        assert_eq!((rows, cells.len()), (5, 5));
    }
    // A length costs nothing.
    assert_eq!(seen(&sparse(i64::MAX, &[0, 2, 4])).0, i64::MAX as u64);
}

#[test]
fn a_subclass_of_a_subclass_is_a_table_by_its_name() {
    let manager = call(
        global("pandas.core.internals.managers", "BlockManager"),
        &[tuple(&[placed(block(&[1, 2], 2), slice(0, 1, 1))]), list(&[labels(&["a"]), range_index(2)])],
    );
    let document = open(&pickle(instance("geo.tools", "GeoDataFrame", dict(&[(text("_mgr"), manager)]))));
    let lens = document.lens();
    let shape = lens.shape(root(&document));
    assert_eq!((shape.type_name.as_str(), shape.text.as_deref()), ("GeoDataFrame", Some("(2, 1)")));
    assert_eq!(lens.table(root(&document)).unwrap().class, "geo.tools.GeoDataFrame");
    assert_eq!(document.card(root(&document).0).unwrap().kind, "DataFrame");
}

#[test]
fn arrays_of_other_packages_show_what_they_hold() {
    let items = list(&[bytes(b"\x01\x02"), none()]);
    let inside = array(ints(&[2]), dtype("O8", "|"), truth(false), items);
    let geometry = instance("geo.array", "GeometryArray", tuple(&[inside, text("EPSG:4326")]));
    let opaque = instance("other.array", "OtherArray", int(5));
    let index = || [labels(&["a"]), range_index(2)];
    let document = open(&frame(&[placed(geometry, slice(0, 1, 1))], &index()));
    let column = document.lens().table(root(&document)).unwrap().column(0).unwrap();
    assert_eq!((column.values.dtype.as_str(), column.values.len()), ("GeometryArray", 2));
    assert_eq!(texts(column.values.cells(0, 9, WHOLE).unwrap()), [r"b'\x01\x02'", "None"]);
    let (rows, columns, remarks, _) = seen(&frame(&[placed(opaque, slice(0, 1, 1))], &index()));
    assert_eq!((rows, columns), (2, 1));
    assert!(remarks.contains("values of OtherArray are not read"), "{remarks}");
}

#[test]
fn cards_say_what_the_table_is() {
    let card_of = |name: &str| {
        let document = open(&fixture(name));
        document.card(root(&document).0).unwrap()
    };
    let fact = |card: &Card, name: &str| {
        let found = card.facts.iter().find(|fact| fact.name == name);
        found.map(|fact| (fact.value.clone(), fact.guess.is_some()))
    };
    let card = card_of("tables/pandas-2.2/nullable.p2.pkl");
    assert_eq!(card.kind, "DataFrame");
    assert_eq!(fact(&card, "shape"), Some(("(3, 11)".to_owned(), false)));
    let Body::Columns(columns) = &card.sections[1].body else { panic!("no columns") };
    assert_eq!((columns[9].name.as_str(), columns[9].dtype.as_str(), columns[9].part), ("Float64", "Float64", 9));
    assert!(matches!(&card.sections[0].body, Body::Grid(grid) if (grid.rows, grid.columns) == (3, 11)));
    let card = card_of("tables/pandas-3.1/attributed.p4.pkl");
    let Body::Entries(entries) = &card.sections[2].body else { panic!("no attrs") };
    assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["source", "rate"]);
    let card = card_of("tables/pandas-1.5/timed-series.p3.pkl");
    assert_eq!(card.kind, "Series");
    assert_eq!(fact(&card, "name"), Some(("('level', 2)".to_owned(), false)));
    assert_eq!(
        fact(&card, "index"),
        Some(("DatetimeIndex, datetime64[ns, Europe/Berlin], frequency D".to_owned(), false))
    );
}

#[test]
fn dicts_of_columns_and_lists_of_rows_are_no_tables() {
    let column = || array(ints(&[2]), dtype("i8", "<"), truth(false), bytes(&[0; 16]));
    for value in
        [dict(&[(text("a"), column()), (text("b"), column())]), list(&[dict(&[(text("a"), int(1))])]), column()]
    {
        let document = open(&pickle(value));
        assert!(document.lens().table(root(&document)).is_none());
    }
}
