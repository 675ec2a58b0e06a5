//! What each byte is for: spans tile any window exactly, of every fixture and every layer of it; pickles against a slow reference,
//! containers against values written down by hand.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{ByteSpan, Limits, MemorySource, Source, Span, SpanKind};
use picklescope::opcode::{self, ArgKind};
use picklescope::view::{ByteLayer, ByteWindow};
use std::path::PathBuf;
use std::sync::Arc;
use support::{Lcg, fixture, fixtures, joblib_fixtures, open, tests};

fn bundle(name: &str, bytes: &[u8]) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes.to_vec()));
    Bundle::open(vec![(name.to_owned(), source)], Limits::default(), &mut |_| {})
}

fn window(bundle: &mut Bundle, layer: u32, span: Span) -> ByteWindow {
    bundle.byte_window(Some(layer), span, &mut |_| {}).unwrap()
}

/// All spans of a layer, by windows of 1000 bytes; a span in several of them is the same in each.
fn all_spans(bundle: &mut Bundle, layer: u32, size: u64) -> Vec<ByteSpan> {
    let mut all: Vec<ByteSpan> = Vec::new();
    for start in (0..size).step_by(1000) {
        let span = Span::new(start, size.min(start + 1000));
        let window = window(bundle, layer, span);
        assert_eq!(window.digits.len() as u64, span.len() * 2);
        let first = window.spans.first().unwrap();
        assert!(first.start <= span.start && first.end > span.start, "{first:?} does not begin {span:?}");
        for found in window.spans {
            match all.last() {
                Some(last) if last.start == found.start => assert_eq!(last, &found),
                last => {
                    assert_eq!(found.start, last.map_or(0, |last| last.end), "a gap or an overlap before {found:?}");
                    assert!(found.end > found.start, "{found:?}");
                    all.push(found);
                }
            }
        }
        assert!(all.last().unwrap().end >= span.end);
    }
    assert_eq!(all.last().map_or(0, |last| last.end), size);
    all
}

fn check_layers(name: &str, bytes: &[u8]) {
    let mut bundle = bundle(name, bytes);
    let layers = bundle.byte_layers();
    assert_eq!(layers[0].size, bytes.len() as u64, "{name}");
    let is_document: Vec<bool> = layers.iter().map(|layer| layer.is_document).collect();
    assert!(is_document.iter().rev().skip(1).all(|is| !is) && is_document.last() == Some(&true), "{name}");
    let mut random = Lcg(bytes.len() as u64);
    for (number, ByteLayer { size, .. }) in layers.iter().enumerate() {
        let all = all_spans(&mut bundle, number as u32, *size);
        for _ in 0..20 {
            let start = random.below(*size);
            let span = Span::new(start, start + 1 + random.below(300));
            let found = window(&mut bundle, number as u32, span).spans;
            let overlaps = |one: &&ByteSpan| one.start < span.end && one.end > span.start;
            let expected: Vec<ByteSpan> = all.iter().filter(overlaps).cloned().collect();
            assert_eq!(found, expected, "{name}, layer {number}, {span:?}");
        }
    }
}

/// The kind of each byte of an instruction, from the table of opcodes alone.
fn kinds_of(kind: ArgKind, bytes: &[u8]) -> Vec<SpanKind> {
    let (prefix, rest) = match kind {
        ArgKind::None => (0, SpanKind::Argument),
        ArgKind::UInt8 => (bytes.len() - 1, SpanKind::Length),
        ArgKind::UInt1 | ArgKind::UInt2 | ArgKind::Int4 | ArgKind::UInt4 | ArgKind::Float8 => (0, SpanKind::Argument),
        ArgKind::String1 | ArgKind::Bytes1 | ArgKind::Long1 | ArgKind::UnicodeString1 => (1, SpanKind::Payload),
        ArgKind::String4 | ArgKind::Long4 | ArgKind::Bytes4 | ArgKind::UnicodeString4 => (4, SpanKind::Payload),
        ArgKind::Bytes8 | ArgKind::ByteArray8 | ArgKind::UnicodeString8 => (8, SpanKind::Payload),
        _ => {
            let line = |byte: &u8| if *byte == b'\n' { SpanKind::Length } else { SpanKind::Payload };
            return std::iter::once(SpanKind::Opcode).chain(bytes[1..].iter().map(line)).collect();
        }
    };
    let mut kinds = vec![SpanKind::Opcode];
    kinds.resize(1 + prefix, SpanKind::Length);
    kinds.resize(bytes.len(), rest);
    kinds
}

#[test]
fn bytes_of_pickles_are_what_a_slow_reading_says() {
    for fixture in fixtures().into_iter().chain(joblib_fixtures()) {
        let document = open(&fixture.bytes);
        let reading = document.reading();
        let mut expected = vec![None; fixture.bytes.len()];
        let source = MemorySource::new(fixture.bytes.clone());
        for part in &reading.raw {
            expected[part.span.start as usize..part.span.end as usize].fill(Some(None));
        }
        for stream in &reading.streams {
            let mut at = stream.span.start;
            while at < stream.span.end {
                if let Some(part) = reading.raw.iter().find(|part| part.span.start == at) {
                    at = part.span.end;
                    continue;
                }
                let instruction = opcode::decode(&source, at, &Limits::default()).unwrap();
                let bytes = &fixture.bytes[at as usize..instruction.end as usize];
                let kinds = kinds_of(instruction.opcode.info().arg, bytes);
                for (place, kind) in expected[at as usize..].iter_mut().zip(kinds) {
                    *place = Some(Some(kind));
                }
                at = instruction.end;
            }
        }
        let spans = document.byte_spans(Span::new(0, u64::MAX), usize::MAX);
        for span in &spans {
            for at in span.start..span.end {
                let is_raw = |kind| {
                    matches!(
                        kind,
                        SpanKind::Length | SpanKind::Padding | SpanKind::Array | SpanKind::Header | SpanKind::Name
                    )
                };
                match expected[at as usize] {
                    Some(Some(kind)) => assert_eq!(span.kind, kind, "{}: byte {at}: {span:?}", fixture.name),
                    Some(None) => assert!(is_raw(span.kind), "{}: byte {at}: {span:?}", fixture.name),
                    None => {
                        let is_rest = matches!(span.kind, SpanKind::Rest | SpanKind::Array | SpanKind::Length);
                        assert!(is_rest, "{}: byte {at}: {span:?}", fixture.name);
                    }
                }
            }
        }
        assert_eq!(spans.last().map_or(0, |last| last.end), fixture.bytes.len() as u64, "{}", fixture.name);
        let budget = document.byte_spans(Span::new(0, u64::MAX), 3);
        assert_eq!(budget, spans[..spans.len().min(3)], "{}", fixture.name);
    }
}

fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut waiting = vec![tests().join("fixtures").join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn spans_tile_every_window_of_every_layer() {
    for fixture in fixtures() {
        check_layers(&fixture.name, &fixture.bytes);
    }
    for folder in ["packed", "containers", "hostile-containers", "torch", "joblib", "left-over"] {
        for path in files_below(folder) {
            check_layers(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }
}

/// Kind, length and words of each span of a layer.
fn described(bundle: &mut Bundle, layer: u32) -> Vec<(SpanKind, u64, String)> {
    let size = bundle.byte_layers()[layer as usize].size;
    all_spans(bundle, layer, size).into_iter().map(|span| (span.kind, span.end - span.start, span.label)).collect()
}

fn spans_of(expected: &[(SpanKind, u64, &str)]) -> Vec<(SpanKind, u64, String)> {
    expected.iter().map(|(kind, length, words)| (*kind, *length, (*words).to_owned())).collect()
}

/// `None` in protocol 2.
const PICKLE: &[u8] = b"\x80\x02N.";

fn stored_zip(extra: &[u8], comment: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(PICKLE);
    let short = |value: usize| (value as u16).to_le_bytes();
    let mut common = Vec::new();
    common.extend([20, 0, 0, 0, 0, 0, 0x83, 0x18, 0x22, 0x58]);
    common.extend(sum.sum().to_le_bytes());
    common.extend([4, 0, 0, 0, 4, 0, 0, 0]);
    common.extend(short("a.pkl".len()));
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend(&common);
    zip.extend(short(extra.len()));
    zip.extend(b"a.pkl");
    zip.extend(extra);
    zip.extend(PICKLE);
    let begin = zip.len();
    zip.extend(b"PK\x01\x02\x14\x03");
    zip.extend(&common);
    zip.extend([0; 16]);
    zip.extend(b"a.pkl");
    let size = zip.len() - begin;
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend((size as u32).to_le_bytes());
    zip.extend((begin as u32).to_le_bytes());
    zip.extend(short(comment.len()));
    zip.extend(comment);
    zip
}

#[test]
fn every_field_of_a_zip_has_its_words() {
    use SpanKind::{Data, Directory, Header, Name, Padding, Trailer};
    let mut zip = bundle("a.zip", &stored_zip(b"FB\x03\0ZZZ", b"hello"));
    let sum = "0x7db5d20d";
    let expected = [
        (Header, 4, "header of a.pkl: signature"),
        (Header, 2, "header of a.pkl: version needed 20"),
        (Header, 2, "header of a.pkl: flags 0x0000"),
        (Header, 2, "header of a.pkl: method 0 (stored)"),
        (Header, 4, "header of a.pkl: time of change 2024-01-02 03:04:06"),
        (Header, 4, &format!("header of a.pkl: CRC-32 {sum}")),
        (Header, 4, "header of a.pkl: compressed size 4"),
        (Header, 4, "header of a.pkl: size 4"),
        (Header, 2, "header of a.pkl: length of the name 5"),
        (Header, 2, "header of a.pkl: length of the extra fields 7"),
        (Name, 5, "name of an entry: a.pkl"),
        (Padding, 7, "extra field 0x4246 of a.pkl: padding of torch"),
        (Data, 4, "content of a.pkl, stored"),
        (Directory, 4, "directory record of a.pkl: signature"),
        (Directory, 2, "directory record of a.pkl: version made by 0x0314"),
        (Directory, 2, "directory record of a.pkl: version needed 20"),
        (Directory, 2, "directory record of a.pkl: flags 0x0000"),
        (Directory, 2, "directory record of a.pkl: method 0 (stored)"),
        (Directory, 4, "directory record of a.pkl: time of change 2024-01-02 03:04:06"),
        (Directory, 4, &format!("directory record of a.pkl: CRC-32 {sum}")),
        (Directory, 4, "directory record of a.pkl: compressed size 4"),
        (Directory, 4, "directory record of a.pkl: size 4"),
        (Directory, 2, "directory record of a.pkl: length of the name 5"),
        (Directory, 2, "directory record of a.pkl: length of the extra fields 0"),
        (Directory, 2, "directory record of a.pkl: length of the comment 0"),
        (Directory, 2, "directory record of a.pkl: number of the part 0"),
        (Directory, 2, "directory record of a.pkl: internal attributes 0x0000"),
        (Directory, 4, "directory record of a.pkl: external attributes 0x00000000"),
        (Directory, 4, "directory record of a.pkl: offset of the entry 0"),
        (Name, 5, "name in the directory: a.pkl"),
        (Trailer, 4, "end record: signature"),
        (Trailer, 2, "end record: number of this part 0"),
        (Trailer, 2, "end record: part of the directory 0"),
        (Trailer, 2, "end record: entries in this part 1"),
        (Trailer, 2, "end record: entries 1"),
        (Trailer, 4, "end record: size of the directory 51"),
        (Trailer, 4, "end record: offset of the directory 46"),
        (Trailer, 2, "end record: length of the comment 5"),
        (Name, 5, "comment on the archive"),
    ];
    assert_eq!(described(&mut zip, 0), spans_of(&expected));
    let layers: Vec<(String, String, u64)> =
        zip.byte_layers().into_iter().map(|layer| (layer.name, layer.what, layer.size)).collect();
    assert_eq!(layers[0], ("a.zip".to_owned(), "zip".to_owned(), 124));
    assert_eq!((layers[1].0.as_str(), layers[1].2), ("a.pkl", 4));
    let inside = [
        (SpanKind::Opcode, 1, "opcode PROTO at 0x0"),
        (SpanKind::Argument, 1, "argument of PROTO at 0x0: 2"),
        (SpanKind::Opcode, 1, "opcode NONE at 0x2"),
        (SpanKind::Opcode, 1, "opcode STOP at 0x3"),
    ];
    assert_eq!(described(&mut zip, 1), spans_of(&inside));
}

#[test]
fn what_surrounds_a_zip_is_told() {
    let zip = stored_zip(b"", b"");
    let mut moved = bundle("a.zip", &[b"#!x".as_slice(), &zip].concat());
    let layers = moved.byte_layers();
    let archive = layers.iter().position(|layer| layer.what == "zip").expect("the archive is a layer");
    let spans = described(&mut moved, archive as u32);
    assert_eq!(spans[0], (SpanKind::Rest, 3, "before the archive".to_owned()));
    assert_eq!(spans[1], (SpanKind::Header, 4, "header of a.pkl: signature".to_owned()));
    let mut behind = bundle("a.zip", &[&zip, b"tail".as_slice()].concat());
    let spans = described(&mut behind, 0);
    assert_eq!(spans.last().unwrap(), &(SpanKind::Rest, 4, "behind the archive".to_owned()));
}

fn tar_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    block[136..147].copy_from_slice(b"00000000000");
    block[156] = b'0';
    block[257..263].copy_from_slice(b"ustar\0");
    block[263..265].copy_from_slice(b"00");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut tar = block.to_vec();
    tar.extend(content);
    tar.resize(512 + content.len().next_multiple_of(512), 0);
    tar.resize(tar.len() + 2048, 0);
    tar
}

#[test]
fn every_field_of_a_tar_has_its_words() {
    use SpanKind::{Data, Header, Name, Padding, Rest, Trailer};
    let mut tar = bundle("a.tar", &tar_of("a.pkl", PICKLE));
    let spans = described(&mut tar, 0);
    let shapes: Vec<(SpanKind, u64)> = spans.iter().map(|(kind, length, _)| (*kind, *length)).collect();
    let fields = [100, 8, 8, 8, 12, 12, 8, 1, 100, 6, 2, 32, 32, 8, 8, 155, 12];
    let mut expected: Vec<(SpanKind, u64)> = fields.iter().map(|length| (Header, *length)).collect();
    (expected[0].0, expected[6].0, expected[15].0, expected[16].0) = (Name, Trailer, Name, Padding);
    expected.extend([(Data, 4), (Padding, 508), (Trailer, 1024), (Rest, 1024)]);
    assert_eq!(shapes, expected);
    let words = |number: usize| spans[number].2.as_str();
    assert_eq!(
        [words(0), words(1), words(4)],
        ["header of a.pkl: name a.pkl", "header of a.pkl: mode 0000644", "header of a.pkl: size 00000000004",]
    );
    assert_eq!(
        [words(17), words(18), words(19), words(20)],
        [
            "content of a.pkl",
            "padding behind a.pkl",
            "end of the archive: blocks of zeros",
            "behind the end of the archive",
        ]
    );
}

#[test]
fn the_header_of_an_array_has_its_words() {
    use SpanKind::{Array, Header, Length, Name, Padding};
    let text = b"{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }";
    let mut npy = b"\x93NUMPY\x01\0".to_vec();
    npy.extend(118_u16.to_le_bytes());
    npy.extend(text);
    npy.resize(127, b' ');
    npy.extend(b"\n\x01\0\x02\0\x03\0");
    let mut array = bundle("a.npy", &npy);
    let length = text.len() as u64;
    let spans = described(&mut array, 0);
    let expected = [
        (Header, 6, "magic of .npy"),
        (Header, 2, "version of .npy: 1.0"),
        (Length, 2, "length of the header: 118"),
        (Name, length, "header: dtype, order and shape"),
        (Padding, 118 - length, "padding of the header"),
    ];
    assert_eq!(spans[..5], spans_of(&expected));
    assert_eq!((spans[5].0, spans[5].1, spans.len()), (Array, 6, 6));
}

#[test]
fn pieces_of_compressed_streams_are_those_that_their_decoders_met() {
    use SpanKind::{Data, Directory, Header, Padding, Rest, Trailer};
    let deflated = [&[1, 4, 0, 0xfb, 0xff][..], PICKLE].concat();
    let mut sum = flate2::Crc::new();
    sum.update(PICKLE);
    let member =
        [b"\x1f\x8b\x08\x08\0\0\0\0\0\xffa.pkl\0", deflated.as_slice(), &sum.sum().to_le_bytes(), &[4, 0, 0, 0]]
            .concat();
    let mut gzip = bundle("a.gz", &[member.as_slice(), &[0; 3], b"x"].concat());
    assert_eq!(gzip.byte_layers().len(), 2);
    let expected = [
        (Header, 16, "gzip header"),
        (Data, 9, "deflated data"),
        (Trailer, 8, "gzip trailer: CRC-32 and length of the content"),
        (Padding, 3, "zeros behind a gzip member"),
        (Rest, 1, "behind the end of the stream"),
    ];
    assert_eq!(described(&mut gzip, 0), spans_of(&expected));
    assert_eq!(described(&mut gzip, 1).len(), 4);
    let mut cut = bundle("a.gz", &member[..20]);
    let kinds: Vec<SpanKind> = described(&mut cut, 0).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [Header, Data]);
    let kinds = |name: &str| {
        let mut bundle = bundle(name, &fixture(name));
        let mut kinds: Vec<SpanKind> = described(&mut bundle, 0).into_iter().map(|(kind, ..)| kind).collect();
        kinds.retain(|kind| *kind != Padding);
        kinds
    };
    assert_eq!(kinds("hostile-containers/payload.pkl.xz"), [Header, Header, Data, Trailer, Directory, Trailer]);
    assert_eq!(kinds("hostile-containers/payload.pkl.bz2"), [Header, Data]);
    assert_eq!(kinds("hostile-containers/payload.pkl.lzma"), [Header, Data]);
    assert_eq!(kinds("hostile-containers/payload.pkl.zlib"), [Header, Data, Trailer]);
    let zstd = kinds("hostile-containers/payload.pkl.zst");
    assert_eq!(zstd[..2], [Header, Data]);
    let lz4 = kinds("hostile-containers/payload.pkl.lz4");
    assert_eq!(lz4[..3], [Header, SpanKind::Length, Data]);
}

#[test]
fn a_byte_is_told_with_everything_that_it_may_be() {
    let mut one = bundle("a.pkl", b"\x80\x04\x8c\x05hello.");
    let at = |bundle: &mut Bundle, offset| bundle.bytes_at(None, offset, &mut |_| {});
    let found = at(&mut one, 2).unwrap();
    assert_eq!(found.span.unwrap().label, "opcode SHORT_BINUNICODE at 0x2");
    assert_eq!(found.readings.last().unwrap().little, "SHORT_BINUNICODE 'hello', 7 bytes");
    assert_eq!(at(&mut one, 3).unwrap().span.unwrap().label, "argument of SHORT_BINUNICODE at 0x2: length 5");
    let payload = at(&mut one, 6).unwrap().span.unwrap();
    assert_eq!(
        (payload.start, payload.end, payload.label.as_str()),
        (4, 9, "payload of SHORT_BINUNICODE at 0x2: 5 bytes")
    );
    assert!(at(&mut one, 10).unwrap_err().contains("there are 10 bytes"));
    assert!(one.bytes_at(Some(1), 0, &mut |_| {}).unwrap_err().contains("no layer 1"));
}
