//! What everything costs as files grow: every operation of the core over every kind of large thing at n and 4n. Four times
//! as much may take four times as many steps and a little more, never sixteen times.
//!
//! Steps are counted, not timed: allocations, bytes allocated, reads of the source and bytes read. They see whatever is
//! copied, collected or read again for each part; searches that touch nothing but memory show in instructions, which
//! `scripts/bench_slopes.py` counts. Everything runs on a stack of 256 KiB, where recursion over the data would end the run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod support;

use picklescope::bundle::{Bundle, BundleSearch};
use picklescope::bytes::{Limits, MemorySource, ReadError, Source};
use picklescope::document::Document;
use picklescope::document::Walk;
use picklescope::find::{Options, Query};
use picklescope::protocol::ask::Window;
use picklescope::protocol::{Answer, Target, ask};
use picklescope::view::card::{Body, CellWindow, Format};
use picklescope::view::{ExportAsk, tree_text};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, hint, thread};
use support::counter::Counter;
use support::large::{KINDS, Kind};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Pieces of a file that is being saved.
const PIECES: usize = 16;
/// Bytes that count as a step: about what one cache line costs.
const LINE: usize = 64;
const STACK: usize = 256 * 1024;

/// A file that counts what is read of it and is never handed out as a whole.
struct Counted {
    bytes: MemorySource,
    steps: Arc<Counter>,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let count = self.bytes.read_at(offset, buffer)?;
        self.steps.add(1 + (count / LINE) as u64);
        Ok(count)
    }
}

/// What is measured.
struct Operation {
    name: &'static str,
    run: fn(&mut Bundle),
}

macro_rules! operations {
    ($($name:ident),* $(,)?) => {
        const OPERATIONS: &[Operation] = &[$(Operation { name: stringify!($name), run: $name }),*];
    };
}

operations![
    open,
    report,
    overview,
    environment,
    tree,
    tree_open,
    json,
    python,
    dis,
    members,
    members_to_the_end,
    card,
    listing,
    rows,
    rows_of_root,
    select_rows,
    select_opcodes,
    select_offsets,
    select_nodes,
    labels,
    values,
    hex,
    source,
    source_of_nodes,
    python2,
    find_paths,
    find_text,
    find_number,
    find_opcode,
    save_csv,
    save_tsv,
    save_npy,
    save_npz,
    save_safetensors,
    save_json,
    save_plain_json,
    save_raw,
    save_png,
    save_tree,
    save_dis,
    save_python,
    save_html,
    save_value_json,
    save_value_plain_json,
    save_value_tree,
    save_value_raw
];

/// Opening is what comes before every other operation, and measured apart.
fn open(_: &mut Bundle) {}

fn members_ask<A: Answer<Bundle>>(bundle: &mut Bundle, question: A) {
    let _ = hint::black_box(question.answer(bundle));
}

fn ask<A: Answer<Document>>(bundle: &mut Bundle, question: A) -> Option<A::Reply> {
    hint::black_box(question.answer(bundle.document_mut())).ok()
}

fn report(bundle: &mut Bundle) {
    members_ask(bundle, ask::Report);
}

fn overview(bundle: &mut Bundle) {
    hint::black_box(serde_json::to_string(&bundle.document().overview()).unwrap());
}

fn environment(bundle: &mut Bundle) {
    ask(bundle, ask::Environment);
}

fn walk(bundle: &mut Bundle, depth: u64, most: u64) {
    let mut size = 0;
    let done = bundle.document_mut().walk(depth, most, &mut |event| {
        size += match event {
            Walk::Row(row) => tree_text::line(&row, 0).len(),
            Walk::More { level, left } => tree_text::more(level, left, 0).len(),
        };
        Ok(())
    });
    done.unwrap();
    hint::black_box(size);
}

/// Two levels of everything, and everything of the first children.
fn tree(bundle: &mut Bundle) {
    walk(bundle, 3, u64::MAX);
}

fn tree_open(bundle: &mut Bundle) {
    walk(bundle, 40, 100);
}

fn json(bundle: &mut Bundle) {
    let document = bundle.document();
    let mut out = Vec::new();
    picklescope::export::json(document.reading(), &document.lens(), &mut out).unwrap();
}

fn python(bundle: &mut Bundle) {
    let document = bundle.document();
    let (mut out, budget) = (Vec::new(), picklescope::export::python::Budget::default());
    picklescope::export::python::write(document.reading(), &document.lens(), &budget, &mut out).unwrap();
}

fn dis(bundle: &mut Bundle) {
    let options = picklescope::export::DisOptions::default();
    picklescope::export::dis(bundle.document().source(), &options, &mut std::io::sink()).unwrap();
}

fn members(bundle: &mut Bundle) {
    let total = bundle.row_count();
    for first in [0, total / 2, total.saturating_sub(50)] {
        members_ask(bundle, ask::Members { first, count: 50 });
    }
    members_ask(bundle, ask::FindMember { from: 0, prefix: "none of them".to_owned() });
}

fn members_to_the_end(bundle: &mut Bundle) {
    let mut first = 0;
    while first < bundle.row_count() {
        members_ask(bundle, ask::Members { first, count: 500 });
        first += 500;
    }
}

/// The nodes that questions are asked of: the value of the first, the middle and the last pickle, and nodes between.
fn nodes(bundle: &Bundle) -> Vec<u32> {
    let reading = bundle.document().reading();
    let streams = &reading.streams;
    let picked = [0, streams.len() / 2, streams.len().saturating_sub(1)];
    let roots = picked.iter().filter_map(|at| Some(streams.get(*at)?.root?.node().0));
    let count = reading.graph.len() as u32;
    let between = [0, 1, count / 2, count.saturating_sub(2), count.saturating_sub(1)];
    let mut nodes: Vec<u32> = roots.chain(between.into_iter().filter(|node| *node < count)).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

fn card(bundle: &mut Bundle) {
    for node in nodes(bundle) {
        let card = ask(bundle, ask::Card { node, column: None }).flatten();
        ask(bundle, ask::Formats { node: Some(node) });
        let Some(card) = card else { continue };
        for part in 0..3 {
            ask(bundle, ask::Statistics { node, part });
            ask(bundle, ask::Picture { node, part, slice: Vec::new(), width: 256 });
        }
        for section in &card.sections {
            if let Body::Grid(grid) = &section.body {
                let slice = vec![0; grid.slices.len()];
                let window = |row, column| CellWindow {
                    node,
                    grid: grid.id,
                    slice: slice.clone(),
                    row,
                    rows: 20,
                    column,
                    columns: 20,
                    ..CellWindow::default()
                };
                ask(bundle, ask::Cells(window(0, 0)));
                ask(bundle, ask::Cells(window(grid.rows.saturating_sub(20), grid.columns.saturating_sub(20))));
            }
        }
    }
}

fn listing(bundle: &mut Bundle) {
    let total = bundle.document().listing_count();
    for first in [0, total / 2, total.saturating_sub(50)] {
        ask(bundle, ask::Opcodes { first, count: 50 });
    }
}

fn rows(bundle: &mut Bundle) {
    ask(bundle, ask::Unfold { row: 0 });
    ask(bundle, ask::Fold { row: 0 });
    ask(bundle, ask::OpenAll { row: 0, deep: true });
    let total = bundle.document().row_count();
    for first in [0, total / 2, total.saturating_sub(50)] {
        ask(bundle, ask::Rows { first, count: 50 });
    }
}

/// The last children of the first row, as someone sees them who goes to the end.
fn rows_of_root(bundle: &mut Bundle) {
    ask(bundle, ask::Toggle { row: 0, open: true });
    ask(bundle, ask::Toggle { row: 1, open: true });
    let total = bundle.document().row_count();
    for first in [0, total / 2, total.saturating_sub(50)] {
        ask(bundle, ask::Rows { first, count: 50 });
    }
    ask(bundle, ask::Toggle { row: 0, open: false });
}

fn select(bundle: &mut Bundle, total: u64, target: fn(u64) -> Target) {
    for at in [0, 1, total / 2, total.saturating_sub(1)] {
        ask(bundle, ask::Select(target(at)));
    }
}

fn select_rows(bundle: &mut Bundle) {
    ask(bundle, ask::OpenAll { row: 0, deep: true });
    let total = bundle.document().row_count();
    select(bundle, total, Target::Row);
}

fn select_opcodes(bundle: &mut Bundle) {
    let total = bundle.document().listing_count();
    select(bundle, total, Target::Opcode);
}

fn select_offsets(bundle: &mut Bundle) {
    let total = bundle.document().source().len();
    select(bundle, total, Target::Offset);
}

fn select_nodes(bundle: &mut Bundle) {
    for node in nodes(bundle) {
        ask(bundle, ask::Select(Target::Node(node)));
    }
}

fn labels(bundle: &mut Bundle) {
    ask(bundle, ask::OpenAll { row: 0, deep: true });
    ask(bundle, ask::FindLabel { from: 0, prefix: "none of them".to_owned() });
}

fn values(bundle: &mut Bundle) {
    for node in nodes(bundle) {
        ask(bundle, ask::Value { node, from: 0 });
    }
}

fn hex(bundle: &mut Bundle) {
    ask(bundle, ask::Hex { start: 0, count: 1 << 20 });
}

fn source(bundle: &mut Bundle) {
    let Some(Window { total, .. }) = ask(bundle, ask::Source { first: 0, count: 50 }) else { return };
    for first in [total / 2, total.saturating_sub(50)] {
        ask(bundle, ask::Source { first, count: 50 });
    }
}

fn source_of_nodes(bundle: &mut Bundle) {
    for node in nodes(bundle) {
        ask(bundle, ask::SourceLineOf { node });
    }
}

fn python2(bundle: &mut Bundle) {
    ask(bundle, ask::ReadPython2As(picklescope::protocol::Python2Reading::Bytes));
}

fn find_paths(bundle: &mut Bundle) {
    for path in ["obj", "obj[0]", "obj[7]['a'].b", "objs[3]", "obj['key7']", "obj.nothing"] {
        let _ = hint::black_box(bundle.document().find_path(path));
    }
}

/// Few hits get a row: each costs the way to its value, which grows with the file, and the number of rows that are shown does not.
fn search(bundle: &mut Bundle, text: &str) {
    const ROWS: u64 = 4;
    let query = Query::parse(text, &Options::default()).unwrap();
    let mut search = BundleSearch::new(bundle, query, None, None, ROWS);
    while !search.step(bundle, 1 << 20, &mut |_| {}).finished {}
    hint::black_box(search.counts());
}

fn find_text(bundle: &mut Bundle) {
    search(bundle, "e");
}

fn find_number(bundle: &mut Bundle) {
    search(bundle, "> 0");
}

fn find_opcode(bundle: &mut Bundle) {
    search(bundle, "MEMOIZE");
}

fn save(bundle: &mut Bundle, format: Format, whole: bool) {
    let streams = &bundle.document().reading().streams;
    let root = streams.iter().rev().find_map(|stream| stream.root).map(|root| root.node().0);
    let node = if whole { None } else { root };
    let mut piece = ask::Export(ExportAsk { node, format, escape_formulas: false }).answer(bundle).ok();
    // What is shared grows when it is written out, up to a budget: so much of it is enough to see that it grows.
    for _ in 0..PIECES {
        if piece.is_none_or(|piece| piece.finished) {
            break;
        }
        piece = ask(bundle, ask::ExportMore);
    }
}

macro_rules! saves {
    ($($name:ident $format:ident $whole:literal),* $(,)?) => {
        $(fn $name(bundle: &mut Bundle) { save(bundle, Format::$format, $whole); })*
    };
}

saves![
    save_csv Csv false, save_tsv Tsv true, save_npy Npy false, save_npz Npz false, save_safetensors Safetensors false,
    save_json Json true, save_plain_json PlainJson true, save_raw Raw true, save_png Png false, save_tree Tree true,
    save_dis Dis true, save_python Python true, save_html Html true, save_value_json Json false, save_value_plain_json PlainJson false,
    save_value_tree Tree false, save_value_raw Raw false,
];

thread_local! {
    /// Nanoseconds on a processor that the last operation took, where the system says.
    static CPU: Cell<u64> = const { Cell::new(0) };
}

/// Under callgrind, instructions are counted inside this function alone.
#[inline(never)]
fn measured(work: impl FnOnce()) {
    let begun = cpu();
    work();
    CPU.set(cpu() - begun);
}

fn cpu() -> u64 {
    let facts = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    facts.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0)
}

/// Steps of an operation over a file.
fn steps(kind: &Kind, operation: &Operation, n: usize) -> usize {
    let steps = Arc::new(Counter::new(0));
    let source = Counted { bytes: MemorySource::new((kind.bytes)(n)), steps: Arc::clone(&steps) };
    let files: Vec<(String, Arc<dyn Source>)> = vec![(format!("large.{}", kind.ending), Arc::new(source))];
    let opened = || Bundle::open(files, Limits::default(), &mut |_| {});
    let mut region = Region::new(ALLOCATOR);
    let run = || {
        if operation.name == "open" {
            measured(|| drop(hint::black_box(opened())));
            return;
        }
        let mut bundle = opened();
        region.reset();
        steps.set(0);
        measured(|| (operation.run)(&mut bundle));
        // To be freed behind what is counted.
        std::mem::forget(bundle);
    };
    run();
    let change = region.change();
    let allocated = change.allocations + change.reallocations + change.bytes_allocated / LINE;
    allocated + steps.get() as usize
}

/// What is counted is counted for the whole process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs on a small stack.
fn small<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap()
}

/// What may come on top of four times as much: a doubled buffer that just grew, a table that just got wider.
const SLOPE: f64 = 5.0;
/// So few steps are what everything costs.
const FLOOR: usize = 4000;
/// Parts of the smaller file, unless [`SIZES`] says otherwise.
const PARTS: usize = 100;

fn slope(less: usize, more: usize) -> f64 {
    more as f64 / less.max(FLOOR) as f64
}

/// Whether so few steps would be steep only if they grew faster than the cube of the file.
fn is_nothing(steps: usize) -> bool {
    64 * steps < 5 * FLOOR
}

/// Kinds that are measured at another size, and why.
const SIZES: &[(&str, usize, &str)] = &[
    ("numbers_of_many_bytes", 256, "it has n / 64 numbers, of which 100 parts make one"),
    ("numbers_of_many_digits", 400, "one number of a hundred is mostly what everything costs"),
    (
        "puts_by_line",
        1600,
        "opening, reports and searches cost a fixed part up to some hundred lines, and grow with the file beyond",
    ),
];

const SQUARE_TO_BUDGET: &str = "n rows of n cells: ended by the budget for what is repeated";
const PREVIEWS: &str = "what a row or card shows of its value grows to a limit, which some hundred parts reach";
const INDENTED: &str = "opcodes are indented by their MARKs, up to a width and a sum of blanks";
const WRITTEN_OUT: &str =
    "texts and names are written out where they are used, up to a length that is shared instead or cut";
const ENTRIES: &str =
    "each entry is looked at through a piece of the file, which is all of a small one: some hundred entries";
const MODULES: &str = "a module shows what is in it, up to a number of modules";

/// What is not held: a kind, its operations (none named: all), and why. What is bounded by a budget grows like a square until
/// it reaches it.
const NOT_HELD: &[(&str, &str, &str)] = &[
    ("deep_lists", "card", PREVIEWS),
    ("deep_tuples", "card", PREVIEWS),
    ("deep_dicts", "card", PREVIEWS),
    ("deep_fetched", "card", PREVIEWS),
    ("deep_with_cycles", "card", PREVIEWS),
    ("deep_with_root", "card", PREVIEWS),
    ("deep_modules", "tree,rows,select_rows,labels,save_tree,save_value_tree", MODULES),
    ("deep_modules", "dis,save_dis", INDENTED),
    ("partials_by_state", "dis,save_dis", INDENTED),
    ("folded_joins", "dis,save_dis", INDENTED),
    ("dtype_nested", "dis,save_dis", INDENTED),
    ("code_nested", "dis,save_dis", INDENTED),
    ("marks", "dis,save_dis", INDENTED),
    ("records_of_own_keys", "save_csv,save_tsv", SQUARE_TO_BUDGET),
    ("list_that_holds_itself", "save_csv,save_tsv", SQUARE_TO_BUDGET),
    ("shared_list", "", SQUARE_TO_BUDGET),
    ("shared_twice", "", "doubles at each level: ended by the budget for what is repeated"),
    ("wide_arguments", "tree,rows,select_rows,labels,save_tree,save_value_tree", PREVIEWS),
    ("wide_keywords", "tree,rows,select_rows,labels,save_tree,save_value_tree", PREVIEWS),
    ("getter_names", "tree,rows,select_rows,labels,save_tree,save_value_tree", PREVIEWS),
    (
        "streams_that_pop_the_last",
        "",
        "each looks through the values of those before for what it threw away, up to a budget of nodes",
    ),
    ("shared_name", "", WRITTEN_OUT),
    ("shared_key", "", WRITTEN_OUT),
    ("shared_number", "", WRITTEN_OUT),
    ("shared_text_arguments", "", WRITTEN_OUT),
    ("shared_arguments", "", PREVIEWS),
    ("zip_entries", "report", ENTRIES),
    ("npz_entries", "report", ENTRIES),
    ("torch_storages", "report", ENTRIES),
];

fn is_in(words: &str, name: &str) -> bool {
    words.is_empty() || words.split(',').any(|word| word == name)
}

/// All kinds and operations, or those that the words name.
fn chosen(kinds: &str, operations: &str) -> Vec<(&'static Kind, &'static Operation)> {
    let kinds = KINDS.iter().filter(|kind| is_in(kinds, kind.name));
    kinds
        .flat_map(|kind| {
            OPERATIONS.iter().filter(|operation| is_in(operations, operation.name)).map(move |o| (kind, o))
        })
        .collect()
}

fn is_held(kind: &Kind, operation: &Operation) -> bool {
    !NOT_HELD.iter().any(|(name, operations, _)| *name == kind.name && is_in(operations, operation.name))
}

#[test]
fn nothing_grows_faster_than_what_it_is_about() {
    let word = |name| env::var(name).unwrap_or_default();
    let asked: Option<usize> = word("SLOPES_N").parse().ok();
    let _alone = alone();
    let mut steep = Vec::new();
    let is_asked = !word("SLOPES_KINDS").is_empty();
    for (kind, operation) in chosen(&word("SLOPES_KINDS"), &word("SLOPES_OPERATIONS")) {
        if !is_asked && !is_held(kind, operation) {
            continue;
        }
        let own = SIZES.iter().find(|(name, ..)| *name == kind.name).map(|(_, parts, _)| *parts);
        let n = asked.or(own).unwrap_or(PARTS);
        let less = small(move || steps(kind, operation, n));
        if is_nothing(less) {
            continue;
        }
        let more = small(move || steps(kind, operation, 4 * n));
        if slope(less, more) > SLOPE {
            let line = format!("{} {}: {less}, {more}", kind.name, operation.name);
            println!("{line}");
            steep.push(line);
        }
    }
    assert!(steep.is_empty(), "{} grow faster than their files:\n{}", steep.len(), steep.join("\n"));
}

#[test]
fn exceptions_are_of_kinds_and_operations_that_there_are() {
    for (kind, operations, _) in NOT_HELD {
        assert!(!chosen(kind, operations).is_empty(), "{kind} {operations}");
    }
    for (kind, ..) in SIZES {
        assert!(!chosen(kind, "").is_empty(), "{kind}");
    }
}

/// Things in things in things, deep enough that one call frame for each would be too much: a frame takes 48 bytes at least.
#[test]
fn nothing_calls_itself_for_each_level() {
    const LEVELS: usize = 6000;
    const ASKED: &str = "report,overview,json,python,card,listing,rows,select_nodes,values,source,find_paths,save_csv,\
                         save_npz,save_safetensors,save_plain_json,save_python,save_value_plain_json";
    let _alone = alone();
    for name in DEEP {
        let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
        small(move || {
            let source: Arc<dyn Source> = Arc::new(MemorySource::new((kind.bytes)(LEVELS)));
            let files = vec![(format!("deep.{}", kind.ending), source)];
            let mut bundle = Bundle::open(files, Limits::default(), &mut |_| {});
            let asked = OPERATIONS.iter().filter(|operation| is_in(ASKED, operation.name));
            asked.for_each(|operation| (operation.run)(&mut bundle));
        });
    }
}

/// A hundred million values may be left on a stack: whoever asks for the way to one copies none of them.
#[test]
fn values_left_on_the_stack_are_not_copied() {
    const VALUES: usize = 1_000_000;
    let _alone = alone();
    let source: Arc<dyn Source> = Arc::new(MemorySource::new([&b"\x80\x02N"[..], &b"2".repeat(VALUES)].concat()));
    let mut bundle = Bundle::open(vec![("stack.pkl".to_owned(), source)], Limits::default(), &mut |_| {});
    let region = Region::new(ALLOCATOR);
    rows_of_root(&mut bundle);
    select_nodes(&mut bundle);
    let allocated = region.change().bytes_allocated;
    assert!(allocated < VALUES, "{allocated} bytes for {VALUES} values");
}

const DEEP: [&str; 29] = [
    "deep_lists",
    "deep_tuples",
    "deep_dicts",
    "deep_keys",
    "deep_persistent_ids",
    "deep_objects",
    "deep_reductions",
    "shared_twice",
    "dotted_name_new",
    "dotted_name",
    "dotted_module",
    "dotted_inst",
    "called_results",
    "called_sink_results",
    "called_arguments",
    "partials",
    "partials_with_arguments",
    "partials_by_state",
    "partial_methods",
    "getattr_chain",
    "item_getters",
    "method_callers",
    "getter_calls",
    "folded_texts",
    "reversed_texts",
    "endless_iterators",
    "defaultdicts",
    "code_nested",
    "dtype_nested",
];

/// One of them, for `scripts/bench_slopes.py`.
#[test]
#[ignore = "for the script that counts instructions"]
fn one() {
    let word = |name| env::var(name).unwrap_or_default();
    let n: usize = word("SLOPES_N").parse().unwrap();
    for (kind, operation) in chosen(&word("SLOPES_KINDS"), &word("SLOPES_OPERATIONS")) {
        let (steps, cpu) = small(move || (steps(kind, operation, n), CPU.get()));
        println!("{} {} {n} {steps} {}", kind.name, operation.name, cpu / 1000);
    }
}

/// The names, for the script.
#[test]
#[ignore = "for the script that counts instructions"]
fn names() {
    for kind in KINDS {
        println!("kind {}", kind.name);
    }
    for operation in OPERATIONS {
        println!("operation {}", operation.name);
    }
}
