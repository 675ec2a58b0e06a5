//! The estimate of memory against what `tracemalloc` counted (`tests/fixtures/memory.tsv`, by `scripts/measure_memory.py`).

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::size::Memory;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

struct Row {
    name: String,
    loaded: u64,
    peak: u64,
    estimate: Memory,
}

fn rows() -> Vec<Row> {
    let table = fs::read_to_string(support::tests().join("fixtures/memory.tsv")).unwrap();
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &str| {
        let mut words = line.split('\t');
        let name = words.next().unwrap().to_owned();
        let numbers: Vec<u64> = words.map(|word| word.parse().unwrap()).collect();
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(support::fixture(&name)));
        let bundle = Bundle::open(vec![(name.clone(), source)], Limits::default(), &mut |_| {});
        // What libraries have in memory of their own counts as well.
        let (loaded, peak) = (numbers[0] + numbers[2], numbers[1] + numbers[2]);
        Row { name, loaded, peak, estimate: Memory::of(bundle.document()) }
    };
    lines.map(row).collect()
}

/// The folder below `fixtures`, which is that of one library.
fn library(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[test]
fn estimates_are_within_a_fifth_of_what_was_measured() {
    let rows = rows();
    assert!(rows.len() > 200);
    let mut libraries: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for row in &rows {
        let sums = libraries.entry(library(&row.name)).or_default();
        let found = [row.loaded, row.estimate.loaded(), row.peak, row.estimate.peak()];
        sums.iter_mut().zip(found).for_each(|(sum, one)| *sum += one);
        if std::env::var_os("SHOW").is_some() {
            let ratio = row.estimate.loaded() as f64 / row.loaded.max(1) as f64;
            println!("{ratio:.2}\t{}\t{found:?}", row.name);
        }
    }
    let mut wrong = Vec::new();
    for (library, [loaded, estimate, peak, estimated_peak]) in libraries {
        let ratio = estimate as f64 / loaded as f64;
        let peak_ratio = estimated_peak as f64 / peak as f64;
        println!("{library}: loaded {loaded}, estimate {estimate} ({ratio:.2}); peak {peak_ratio:.2}");
        // Of small files most of the peak is the reader itself.
        let is_peak_wrong = library == "memory" && !(0.8..=1.2).contains(&peak_ratio);
        if !(0.8..=1.2).contains(&ratio) || is_peak_wrong {
            wrong.push(format!("{library}: {ratio:.2}, {peak_ratio:.2}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
