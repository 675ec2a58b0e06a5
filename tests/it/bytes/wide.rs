//! Files of more than 4 GiB. A source makes the bytes up, and counts what is read of them: payloads are skipped, and
//! offsets, spans, listing and tree are right beyond 32 bits.

use crate::support;
use crate::support::counter::Counter;
use picklescope::bytes::{Limits, ReadError, Source};
use picklescope::document::Document;
use picklescope::graph::{Node, NodeId};
use picklescope::machine::{self, Reading};
use picklescope::protocol::{Answer, Target, ask};
use std::sync::Arc;
use support::listing;

const GIB: u64 = 1 << 30;

/// Pieces at their offsets, with zeros between.
struct Sparse {
    pieces: Vec<(u64, Vec<u8>)>,
    length: u64,
    read: Arc<Counter>,
}

impl Source for Sparse {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let count = (self.length - offset.min(self.length)).min(buffer.len() as u64) as usize;
        let buffer = &mut buffer[..count];
        buffer.fill(0);
        self.read.add(count as u64);
        for (start, bytes) in &self.pieces {
            let (from, to) = ((*start).max(offset), (start + bytes.len() as u64).min(offset + count as u64));
            if from < to {
                let target = (from - offset) as usize..(to - offset) as usize;
                buffer[target].copy_from_slice(&bytes[(from - start) as usize..(to - start) as usize]);
            }
        }
        Ok(count)
    }
}

/// Builds a file from bytes and holes.
#[derive(Default)]
struct Builder {
    pieces: Vec<(u64, Vec<u8>)>,
    length: u64,
}

impl Builder {
    fn put(mut self, bytes: &[u8]) -> Self {
        self.pieces.push((self.length, bytes.to_vec()));
        self.length += bytes.len() as u64;
        self
    }

    fn hole(mut self, length: u64) -> Self {
        self.length += length;
        self
    }

    /// BINBYTES8 of zeros.
    fn bytes(self, length: u64) -> Self {
        self.put(b"\x8e").put(&length.to_le_bytes()).hole(length)
    }

    fn open(self) -> (Document, Arc<Counter>) {
        let read = Arc::new(Counter::new(0));
        let source = Sparse { pieces: self.pieces, length: self.length, read: Arc::clone(&read) };
        let document = Document::open("wide.pkl".to_owned(), Box::new(source), Limits::default(), &mut |_, _| {});
        assert!(document.reading().is_complete(), "{:?}", document.reading().problems);
        (document, read)
    }
}

/// What every file shows: rows in order without gaps, each byte in its row, each value in the tree.
fn check(document: &mut Document, read: &Counter) {
    let size = document.source().len();
    let rows = listing(document);
    let mut at = 0;
    for row in &rows {
        assert_eq!(row.offset, at, "{row:?}");
        at += row.length;
    }
    assert_eq!(at, size);
    for row in &rows {
        for offset in [row.offset, row.offset + row.length - 1] {
            assert_eq!(document.inspect_offset(offset).unwrap().opcode, Some(row.index), "byte {offset}");
        }
    }
    let starts: Vec<u64> = rows.iter().map(|row| row.offset).collect();
    for node in (0..document.reading().graph.len() as u32).map(NodeId) {
        let graph = &document.reading().graph;
        let (start, offset) = (graph.start(node), graph.offset(node));
        assert!(starts.contains(&start) && starts.contains(&offset) && start <= offset, "{node:?} {start}..{offset}");
        assert!(document.extent(node).contains(offset));
        if let Ok(ask::Selected { inspection, .. }) = ask::Select(Target::Offset(offset)).answer(document) {
            assert!(inspection.span.0 <= inspection.span.1 && inspection.span.1 <= size);
        }
    }
    document.open_all(0, true);
    assert!(!document.rows(0, 100).is_empty());
    assert!(read.get() < 64 << 20, "{} bytes were read", read.get());
}

fn nodes(reading: &Reading, wanted: impl Fn(&Node) -> bool) -> Vec<NodeId> {
    let ids = (0..reading.graph.len() as u32).map(NodeId);
    ids.filter(|&id| wanted(&reading.graph.node(id))).collect()
}

#[test]
fn values_around_a_payload_of_five_gib() {
    let file = Builder::default()
        .put(b"\x80\x04cm\nC\n\x94((K\x01h\x00")
        .bytes(5 * GIB)
        .put(b"\x85R\x8c\x01b\x86")
        .put(b"K\x05l]K\x07at.");
    let (mut document, read) = file.open();
    let after = document.source().len() - 14 - 10;
    let reading = document.reading();
    let graph = &reading.graph;
    let start_of =
        |wanted: fn(&Node) -> bool| nodes(reading, wanted).into_iter().map(|id| graph.start(id)).collect::<Vec<_>>();
    // `h\x00 payload TUPLE1 REDUCE`: the class was fetched before the payload, and so the call begins there.
    assert_eq!(start_of(|node| matches!(node, Node::Call { .. })), [12]);
    // The pair of the call and a text, the tuple of arguments, the tuple at the end.
    let tuples = start_of(|node| *node == Node::Tuple);
    assert_eq!(tuples, [14, 12, 8]);
    let lists = start_of(|node| *node == Node::List);
    assert_eq!(lists[0], 9);
    assert!(lists[1] > after);
    let sevens = nodes(reading, |node| *node == Node::Int(7));
    assert!(graph.offset(sevens[0]) > 5 * GIB);
    assert_eq!(graph.made_at(graph.offset(sevens[0])), Some(sevens[0]));
    check(&mut document, &read);
}

#[test]
fn an_instruction_over_the_border_of_four_gib() {
    for back in 0..12 {
        let header = b"\x80\x04](".len() as u64 + 9;
        let file = Builder::default()
            .put(b"\x80\x04](")
            .bytes(4 * GIB - header - back)
            .put(&b"K\x01\x85J\x01\x02\x03\x04\x86".repeat(6))
            .put(b"e.");
        let (mut document, read) = file.open();
        check(&mut document, &read);
    }
}

#[test]
fn many_payloads_and_epochs() {
    let mut file = Builder::default().put(b"\x80\x04}\x94(");
    for number in 0..10 {
        file = file.put(&[b'K', number]).put(b"(K\x01").bytes(3 * GIB / 2).put(b"t");
    }
    let (mut document, read) = file.put(b"u.").open();
    let reading = document.reading();
    for tuple in nodes(reading, |node| *node == Node::Tuple) {
        let length = reading.graph.offset(tuple) - reading.graph.start(tuple);
        assert_eq!(length, 3 + 9 + 3 * GIB / 2);
    }
    let dict = reading.streams[0].root.unwrap().node();
    assert!(document.extent(dict).end > 15 * GIB);
    check(&mut document, &read);
}

/// joblib's wrapper of an array of float64.
fn wrapper(count: u64, objects: bool) -> Vec<u8> {
    let size = [&b"\x8a\x08"[..], &count.to_le_bytes()].concat();
    let (code, flags) = if objects { (&b"O8"[..], 63) } else { (&b"f8"[..], 0) };
    [
        &b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(\x8c\x05shape"[..],
        &size,
        b"\x85\x8c\x05dtypecnumpy\ndtype\n\x8c\x02",
        code,
        b"K\x00K\x01\x87R(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK",
        &[flags],
        b"tbub",
    ]
    .concat()
}

#[test]
fn a_joblib_array_of_five_gib() {
    let count = 5 * GIB / 8;
    let file = Builder::default().put(b"\x80\x04(K\x01").put(&wrapper(count, false)).hole(5 * GIB).put(b"K\x02\x86t.");
    let (mut document, read) = file.open();
    let reading = document.reading();
    let [array] = nodes(reading, |node| matches!(node, Node::InlineArray { .. }))[..] else { panic!() };
    let Node::InlineArray { data, .. } = reading.graph.node(array) else { panic!() };
    assert_eq!(data.len(), 5 * GIB);
    assert_eq!(reading.graph.start(array), 5);
    let extent = document.extent(array);
    assert_eq!((extent.start, extent.end), (5, data.end));
    let [.., pair, all] = nodes(reading, |node| *node == Node::Tuple)[..] else { panic!() };
    assert_eq!((reading.graph.start(pair), reading.graph.start(all)), (5, 2));
    let selected = document.inspect_offset(data.start + 9 * GIB / 2).unwrap();
    assert_eq!(selected.node, Some(array.0));
    check(&mut document, &read);
}

#[test]
fn a_pickle_inside_that_takes_five_gib() {
    let file = Builder::default()
        .put(b"\x80\x04(K\x01")
        .put(&wrapper(1, true))
        .put(b"\x80\x04](")
        .bytes(5 * GIB)
        .put(b"K\x03e.")
        .put(b"K\x02\x86t.");
    let (mut document, read) = file.open();
    let reading = document.reading();
    let [array] = nodes(reading, |node| matches!(node, Node::InlinePickle { .. }))[..] else { panic!() };
    assert_eq!(reading.graph.start(array), 5);
    assert!(reading.graph.offset(array) > 5 * GIB);
    check(&mut document, &read);
}

#[test]
fn a_second_pickle_beyond_four_gib_that_is_none() {
    let file =
        Builder::default().put(b"\x80\x04").bytes(5 * GIB).put(b".").put(b"\x80\x04(K\x01l.").put(b"(K\x01(\xff");
    let read = Arc::new(Counter::new(0));
    let source = Sparse { pieces: file.pieces, length: file.length, read };
    let reading = machine::read(&source, &Limits::default(), &mut |_, _| {});
    assert_eq!(reading.streams.len(), 2);
    assert_eq!(reading.trailing.map(|span| span.len()), Some(5));
    let list = reading.streams[1].root.unwrap().node();
    assert_eq!(reading.graph.start(list), reading.streams[1].span.start + 2);
}
