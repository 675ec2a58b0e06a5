//! A pickle that is read with the memo of the one before it, and stops: nothing of it may be left.

use super::Memo;
use super::read::{Beginning, read};
use super::run::Machine;
use super::window::Window;
use crate::bytes::{Limits, MemorySource};
use crate::graph::{Edge, Graph};

/// Everything of a graph that anybody can see, in an order that does not depend on hashing.
fn state(graph: &Graph) -> String {
    let odd: Vec<_> = graph.oddly_changed();
    let ids = (0..graph.len() as u32).map(crate::graph::NodeId);
    let runs: Vec<_> = ids
        .map(|id| {
            let runs: Vec<_> = graph.runs(id).map(|run| (*run, graph.run_edges(run).collect::<Vec<Edge>>())).collect();
            (runs, graph.run_offsets(id), graph.last_offset(id))
        })
        .collect();
    let symbols: Vec<_> = graph.symbols.iter().collect();
    let flags = (graph.reaches_out, graph.has_buffers, graph.has_python2_text);
    format!("{:?} {:?} {odd:?} {runs:?} {symbols:?} {flags:?} {}", graph.records, graph.edges, graph.epoch())
}

/// A first pickle that keeps an object of every kind in the memo.
fn objects() -> Vec<u8> {
    let mut bytes = b"\x80\x04".to_vec();
    let made: [&[u8]; 18] = [
        b"]\x94",
        b"]\x94Na",
        b"]\x94(NNe",
        b"]\x94N\x94ah\x02N\x860",
        b"}\x94",
        b"}\x94NNs",
        b"\x8f\x94",
        b"\x8f\x94(K\x01\x90",
        b")\x94",
        b"(N\x91\x94",
        b"K\x01\x94",
        b"X\x01\x00\x00\x00a\x94",
        b"\x96\x01\x00\x00\x00\x00\x00\x00\x00a\x94",
        b"cm\nx\n\x94",
        b"cm\nx\n)R\x94",
        b"cm\nx\n)R\x94Nb",
        b"cm\nx\n\x94Nb",
        b"N\x94Na",
    ];
    bytes.extend_from_slice(b"(");
    made.iter().for_each(|object| bytes.extend_from_slice(object));
    bytes.extend_from_slice(b"t.");
    bytes
}

/// What a pickle may do to an object that it fetches.
const CHANGES: [&[u8]; 16] = [
    b"Na",
    b"(NNe",
    b"(e",
    b"NNs",
    b"(NNNNu",
    b"(N\x90",
    b"Nb",
    b"]b",
    b"K\x00K\x07s",
    b"NaK\x00K\x07sK\x01K\x08sNa",
    b"NaNaNb",
    b"Na(NNeNNs",
    b"cother\nname\na",
    b"cother\nname\n)Rb",
    b"\x97U\x01xs",
    b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81a",
];

fn with_memo<'a>(machine: &mut Machine<'a>, window: &mut Window<'a>) -> (Beginning, String) {
    machine.memo = Memo::shared();
    let begin = Beginning::of(machine);
    assert!(machine.read_stream(window).is_none());
    begin.stream(machine, true);
    (Beginning::of(machine), state(&machine.graph))
}

#[test]
fn what_stops_with_the_memo_of_another_leaves_no_trace() {
    let first = objects();
    let limits = Limits::default();
    for index in 0..24_u8 {
        for change in CHANGES.iter().chain([&[CHANGES.concat(), b"0".to_vec()].concat()[..]].iter()) {
            for end in [&b"h\xff."[..], b"\x80\x09", b"", b"\xfe", b"N"] {
                let mut bytes = first.clone();
                bytes.extend([b'h', index]);
                bytes.extend_from_slice(change);
                bytes.extend_from_slice(end);
                let source = MemorySource::new(bytes);
                let mut progress = |_, _| {};
                let mut machine = Machine::new(&source, &limits, &mut progress);
                let mut window = Window::new(&source);
                let (begin, before) = with_memo(&mut machine, &mut window);
                let problems = machine.problems.list.len();
                machine.graph.guard();
                assert!(machine.read_stream(&mut window).is_some(), "it stops");
                begin.restore(&mut machine);
                assert_eq!(state(&machine.graph), before, "index {index}, {change:?}, {end:?}");
                assert!(!machine.wrappers && machine.memo.is_empty());
                assert_eq!(machine.problems.list.len(), problems);
            }
        }
    }
}

/// The three inputs with which this was found: whatever is read of them can be walked.
#[test]
fn what_is_read_of_such_files_is_whole() {
    let files: [&[u8]; 3] = [b"]\x94Na.h\0Na", b"}\x94NNs.h\0NNs", b"]\x94Na]\x94Na0.h\0Na"];
    for file in files {
        let reading = read(&MemorySource::new(file.to_vec()), &Limits::default(), &mut |_, _| {});
        let _ = state(&reading.graph);
        assert_eq!(reading.streams.len(), 1, "{:?}", reading.problems);
    }
}
