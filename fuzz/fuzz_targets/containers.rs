//! Whatever is packed or archived is listed and unpacked: no panic, nothing past the limit, in steps what one go gives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use picklescope::bytes::{Limits, MemorySource, Source, Span, read_span};
use picklescope::container::{
    Archive, Directory, Ending, Format, Opened, Packing, Unpacked, describe, npy, sevenz, sniff, tar, zip, zip_at_end,
};
use std::rc::Rc;

const LIMIT: u64 = 1 << 20;

fn content(unpacked: &Unpacked) -> Vec<u8> {
    read_span(unpacked, Span::new(0, unpacked.len())).expect("memory can be read").into_owned()
}

fn unpack(packing: Packing, source: &Rc<dyn Source>) {
    let span = Span::new(0, source.len());
    let whole = Unpacked::new(packing, Rc::clone(source), span);
    let ending = whole.advance(LIMIT, &mut |_, _| {});
    assert!(whole.len() <= LIMIT);
    let stepped = Unpacked::new(packing, Rc::clone(source), span);
    let mut limit = 0;
    while stepped.ending() == Ending::Unfinished && limit < LIMIT {
        limit = (limit * 2 + 1).min(LIMIT);
        stepped.advance(limit, &mut |_, _| {});
    }
    assert_eq!(stepped.ending(), ending);
    assert_eq!(content(&stepped), content(&whole));
}

fn open_all(directory: &Directory, source: &Rc<dyn Source>) {
    for entry in directory.entries.iter().take(100) {
        match entry.open(source) {
            Ok(Opened::Packed(unpacked)) => {
                unpacked.advance(LIMIT, &mut |_, _| {});
                assert!(unpacked.len() <= LIMIT);
            }
            Ok(Opened::Stored(slice)) => assert!(slice.len() <= source.len()),
            Err(_) => {}
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let source: Rc<dyn Source> = Rc::new(MemorySource::new(data.to_vec()));
    let limits = Limits::default();
    let _ = (describe(&source), zip_at_end(&source), npy::read(&source));
    if let Some(Format::Packed(packing)) = sniff(&source) {
        unpack(packing, &source);
    }
    // Bytes choose a packing that has no sign of its own.
    match data.first() {
        Some(0) => unpack(Packing::Deflate, &source),
        Some(1) => unpack(Packing::BareLzma, &source),
        _ => {}
    }
    open_all(&zip::read(&source, &limits), &source);
    open_all(&sevenz::read(&source, &limits), &source);
    if sniff(&source) == Some(Format::Archive(Archive::Tar)) {
        open_all(&tar::read(&source, &limits), &source);
    }
});
