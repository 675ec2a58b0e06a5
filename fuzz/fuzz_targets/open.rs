//! Nothing that is asked of a document panics, and every byte is accounted for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::export;
use picklescope::protocol::{Request, Target, answer};
use std::io;

fuzz_target!(|data: &[u8]| {
    let source = Box::new(MemorySource::new(data.to_vec()));
    let mut document = Document::open("fuzz".to_owned(), source, Limits::default(), &mut |_, _| {});
    let overview = document.overview();
    assert!(overview.problems.iter().all(|problem| problem.offset <= data.len() as u64));
    let covered: u64 = document.listing(0, usize::MAX).iter().map(|row| row.length).sum();
    assert_eq!(covered, data.len() as u64);
    export::json(document.reading(), &document.lens(), &mut io::sink()).expect("a sink takes everything");
    let mut rows = 0;
    let _ = document.walk(20, 50, &mut |_| {
        rows += 1;
        if rows > 2000 { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
    });
    for number in 0..16 {
        answer(&mut document, Request::Select(Target::Row(number)));
        answer(&mut document, Request::Select(Target::Opcode(number)));
        answer(&mut document, Request::Select(Target::Offset(number * 3)));
    }
});
