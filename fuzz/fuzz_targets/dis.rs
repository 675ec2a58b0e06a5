//! The listing never panics, and lists as many instructions as it says, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use picklescope::bytes::MemorySource;
use picklescope::export::{DisOptions, dis};

fuzz_target!(|data: &[u8]| {
    let source = MemorySource::new(data.to_vec());
    for annotate in [0, 30] {
        let mut out = Vec::new();
        let options = DisOptions { annotate, ..DisOptions::default() };
        let report = dis(&source, &options, &mut out).expect("a Vec takes everything");
        let text = String::from_utf8(out).expect("the listing is UTF-8");
        assert!(report.end <= data.len() as u64);
        assert!(report.problems.iter().all(|problem| problem.offset <= data.len() as u64));
        if annotate == 0 {
            let lines = text.lines().filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit())).count();
            assert_eq!(lines as u64, report.instructions);
        }
    }
});
