//! What the fuzzers check, of inputs that once failed and of the seeds they begin with. An input that fails is made smaller
//! (`-minimize_crash=1`) and put here in hexadecimal, before its cause is mended.

#[path = "../../../fuzz/properties/mod.rs"]
#[allow(missing_docs, unreachable_pub, clippy::expect_used, reason = "they belong to the fuzzers")]
mod properties;

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, Span, read_span};
use picklescope::safety::Level;
use std::panic;

/// Target, what it was, input.
const FOUND: [(&str, &str, &str); 0] = [];

fn property(name: &str) -> properties::Property {
    properties::ALL.iter().find(|(target, _)| *target == name).unwrap().1
}

#[test]
fn what_failed_once_holds() {
    for (target, what, hex) in FOUND {
        let input = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).unwrap();
        let held = panic::catch_unwind(|| property(target)(&input));
        assert!(held.is_ok(), "{target}: {what}");
    }
}

/// Bytes after the end that begin like pickles: a search that started again behind each of them would make 64 to the fourth
/// tries. Here each is tried once, so the budget lasts, and what comes behind them is found.
#[test]
fn decoys_after_the_end_do_not_multiply() {
    let mut file = b"N.\0".to_vec();
    for _ in 0..5 {
        file.extend(b"\x80\x04}.".repeat(200));
        file.push(0);
    }
    file.extend(b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.");
    let document = properties::open(&file);
    let audit = document.audit();
    assert!(audit.partial.is_empty(), "{:?}", audit.partial);
    assert_eq!(audit.level, Level::Dangerous);
}

/// The seeds that the fuzzers begin with.
#[test]
fn the_seeds_hold() {
    let packed = include_bytes!("../../../fuzz/seeds.tar.xz");
    let files = vec![("seeds.tar.xz".to_owned(), properties::source(packed))];
    let mut bundle = Bundle::open(files, Limits::default(), &mut |_| {});
    let total = bundle.row_count();
    let rows: Vec<_> = bundle.rows(0, total as usize, &mut |_| {}).into_iter().map(|row| row.row).collect();
    for row in rows.into_iter().rev() {
        bundle.toggle(row, true, &mut |_| {});
    }
    let mut tried = 0;
    for number in 0..bundle.len() as u32 {
        let member = bundle.member(number).unwrap();
        let path = bundle.path(member);
        let parts: Vec<&str> = path.split('/').collect();
        let [.., target, _] = parts[..] else { continue };
        let Some((_, holds)) = properties::ALL.iter().find(|(name, _)| *name == target) else { continue };
        let Ok(source) = bundle.bytes(member, &mut |_| {}) else { continue };
        let input = read_span(&*source, Span::new(0, source.len())).unwrap().into_owned();
        let held = panic::catch_unwind(|| holds(&input));
        assert!(held.is_ok(), "{path}");
        tried += 1;
    }
    assert!(tried > 1000, "{tried} seeds");
}
