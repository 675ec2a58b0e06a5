//! The listing that is written: a line for each instruction, in order, and the same again with remarks beside it.

use super::{limits, source};
use picklescope::export::{DisOptions, dis};

pub fn holds(data: &[u8]) {
    let source = source(data);
    let mut counted = None;
    for annotate in [0, 30] {
        let mut out = Vec::new();
        let options = DisOptions { annotate, limits: limits(), ..DisOptions::default() };
        let report = dis(&source, &options, &mut out).expect("a Vec takes everything");
        let text = String::from_utf8(out).expect("the listing is UTF-8");
        assert!(report.end <= data.len() as u64);
        assert!(report.problems.iter().all(|problem| problem.offset <= data.len() as u64));
        let offsets: Vec<u64> = text.lines().filter_map(instruction).collect();
        assert_eq!(offsets.len() as u64, report.instructions, "a line for each instruction");
        assert!(offsets.is_sorted_by(|a, b| a < b), "in the order of the bytes");
        assert_eq!(*counted.get_or_insert(report.instructions), report.instructions, "remarks change nothing");
    }
}

/// The offset of the instruction that a line is about. Stretches of raw bytes (a header of numpy, the array of joblib) have
/// lines of their own, with blanks where the opcode would be.
fn instruction(line: &str) -> Option<u64> {
    let (offset, rest) = line.trim_start().split_once(": ")?;
    if rest.starts_with(' ') { None } else { offset.parse().ok() }
}
