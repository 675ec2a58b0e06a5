//! Whatever is packed or archived is listed and unpacked, as what it looks like and as what it is forced to be: nothing past
//! the limit, and in steps what one go gives.

use super::{UNPACKED, limits, source};
use picklescope::bytes::{Source, Span, read_span};
use picklescope::container::{
    self, Archive, Directory, Ending, Format, Opened, Packing, Unpacked, describe, npy, sniff, zip_at_end,
};
use std::sync::Arc;

const ENTRIES: usize = 100;

/// Any of them may be forced, whatever the bytes look like; two have no sign of their own.
const PACKINGS: [Packing; 10] = [
    Packing::Deflate,
    Packing::BareLzma,
    Packing::Zlib,
    Packing::Gzip,
    Packing::Bzip2,
    Packing::Xz,
    Packing::Lzma,
    Packing::Zstd,
    Packing::Lz4,
    Packing::JoblibZf,
];

pub fn holds(data: &[u8]) {
    let source = source(data);
    let _ = (describe(&source), zip_at_end(&source), npy::read(&source));
    let sniffed = sniff(&source);
    if let Some(Format::Packed(packing)) = sniffed {
        unpack(packing, &source);
    }
    if let Some(&packing) = data.first().and_then(|&first| PACKINGS.get(usize::from(first))) {
        unpack(packing, &source);
        // And without the byte that chose it.
        unpack(packing, &super::source(&data[1..]));
    }
    for archive in [Archive::Zip, Archive::SevenZip, Archive::Tar] {
        let directory = container::list(archive, &source, &limits());
        assert!(directory.entries.len() <= limits().entries);
        open_all(&directory, &source);
    }
}

fn content(unpacked: &Unpacked) -> Vec<u8> {
    read_span(unpacked, Span::new(0, unpacked.len())).expect("memory can be read").into_owned()
}

fn unpack(packing: Packing, source: &Arc<dyn Source>) {
    let span = Span::new(0, source.len());
    let whole = Unpacked::new(packing, Arc::clone(source), span);
    let ending = whole.advance(UNPACKED, &mut |_, _| {});
    assert!(whole.len() <= UNPACKED);
    let stepped = Unpacked::new(packing, Arc::clone(source), span);
    let mut limit = 0;
    while stepped.ending() == Ending::Unfinished && limit < UNPACKED {
        limit = (limit * 2 + 1).min(UNPACKED);
        stepped.advance(limit, &mut |_, _| {});
    }
    assert_eq!(stepped.ending(), ending, "{packing:?} in steps");
    let (stepped, whole) = (content(&stepped), content(&whole));
    let same = stepped.iter().zip(&whole).take_while(|(a, b)| a == b).count();
    assert!(
        stepped == whole,
        "{packing:?} in steps gives {} bytes, at once {}: {same} are equal",
        stepped.len(),
        whole.len()
    );
}

fn open_all(directory: &Directory, source: &Arc<dyn Source>) {
    for entry in directory.entries.iter().take(ENTRIES) {
        match entry.open(source) {
            Ok(Opened::Packed(unpacked)) => {
                unpacked.advance(UNPACKED, &mut |_, _| {});
                assert!(unpacked.len() <= UNPACKED);
            }
            Ok(Opened::Stored(slice)) => assert!(slice.len() <= source.len()),
            Err(why) => assert!(!why.is_empty()),
        }
    }
}
