//! Stack, memo and position at every opcode of every fixture, against CPython's `pickle._Unpickler`
//! (`scripts/generate_trace_states.py`).

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::graph::{Graph, Node, NodeId};
use picklescope::machine::{self, Reading};
use picklescope::opcode::Opcode;
use picklescope::trace::{Action, History, Moment, Slot, Trace};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use support::{fixture, tests};

/// Where readers differ (docs/readers.md): pickle.py takes `I1` for a number and stores under any index.
const KNOWN: [&str; 2] = ["edge/int-bools.pkl", "edge/put-text-huge.pkl"];

/// The word that the script has for a value.
fn word(graph: &Graph, node: NodeId) -> &'static str {
    match graph.node(node) {
        Node::None => "NoneType",
        Node::Bool(_) => "bool",
        Node::Int(_) | Node::LongBinary(_) | Node::LongText(_) => "int",
        Node::Float(_) => "float",
        Node::Text { .. } => "str",
        Node::Bytes(_) => "bytes",
        Node::ByteArray(_) => "bytearray",
        Node::Global(_) | Node::ComputedGlobal { .. } => "global",
        Node::Tuple => "tuple",
        Node::List => "list",
        Node::Dict => "dict",
        Node::Set => "set",
        Node::FrozenSet => "frozenset",
        Node::Call { .. } => "call",
        Node::PersistentId(_) => "persistent",
        Node::Extension(_) => "extension",
        Node::Buffer(_) => "buffer",
        Node::ReadonlyBuffer(_) => "readonly",
        Node::InlineArray { .. } | Node::InlinePickle { .. } => "array",
    }
}

fn mix(state: u64, word: u64) -> u64 {
    let state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state ^ state >> 29
}

fn hash_of(word: &str) -> u64 {
    word.bytes().fold(5, |state, byte| mix(state, u64::from(byte)))
}

/// The hash of a whole state. What does not change from one state to the next is not looked at again.
#[derive(Default)]
struct Hashes {
    words: HashMap<&'static str, u64>,
    /// The stacks of the pickle and of the one inside it: hashes of what is below each place.
    stacks: [Vec<(Slot, u64)>; 2],
    memos: [(HashMap<u64, NodeId>, u64); 2],
}

impl Hashes {
    fn word(&mut self, word: &'static str) -> u64 {
        *self.words.entry(word).or_insert_with(|| hash_of(word))
    }

    /// The hashes of the stack and of the memo.
    fn state(&mut self, graph: &Graph, moment: &Moment<'_, '_>) -> (u64, u64) {
        let instant = moment.instant();
        let level = usize::from(instant.nested.is_some());
        let bottom = self.word("bottom");
        let length = instant.depth as usize;
        let mut held = std::mem::take(&mut self.stacks[level]);
        held.truncate(length);
        let mut new = Vec::new();
        // From the top downwards until it is as it was: an opcode pushes one place and changes few.
        for skip in 0..length {
            let place = length - 1 - skip;
            let slot = moment.stack(skip as u64, 1)[0];
            if skip > 2 && held.get(place).is_some_and(|(before, _)| *before == slot) {
                break;
            }
            held.truncate(place);
            new.push(slot);
        }
        for slot in new.into_iter().rev() {
            let below = held.last().map_or(bottom, |(_, hash)| *hash);
            let word = match slot {
                Slot::Mark(_) => self.word("mark"),
                Slot::Value(node) => self.word(word(graph, node)),
            };
            held.push((slot, mix(below, word)));
        }
        let stack = held.last().map_or(bottom, |(_, hash)| *hash);
        self.stacks[level] = held;
        (stack, self.memos[level].1)
    }

    /// Takes note of a store.
    fn store(&mut self, graph: &Graph, level: usize, index: u64, node: NodeId) {
        let new = mix(mix(7, index), self.word(word(graph, node)));
        let old = self.memos[level].0.insert(index, node).map(|old| mix(mix(7, index), self.word(word(graph, old))));
        let sum = &mut self.memos[level].1;
        *sum = sum.wrapping_sub(old.unwrap_or(0)).wrapping_add(new);
    }
}

/// The states in order, as far as CPython went: what it hashes, and what it writes.
fn states(reading: &Reading, source: &MemorySource, opcodes: u64, each: &mut dyn FnMut(&Moment<'_, '_>)) -> u64 {
    let limits = Limits::default();
    let trace = Trace::new(reading, source, &limits);
    let mut history = History::default();
    assert!(trace.prepare(&mut history, u64::MAX));
    assert_eq!(history.reached(), reading.opcodes);
    let mut moment = trace.before(&history, 0).unwrap();
    let (mut hashes, mut hash) = (Hashes::default(), 11);
    let graph = &reading.graph;
    let mut add = |hashes: &mut Hashes, moment: &Moment<'_, '_>| {
        let (stack, memo) = hashes.state(graph, moment);
        hash = mix(mix(mix(hash, moment.instant().offset), stack), memo);
        each(moment);
    };
    for number in 0..opcodes {
        let before = moment.instant();
        moment.begin();
        let instant = moment.instant();
        if instant.memo == 0 && (before.stream, before.nested) != (instant.stream, instant.nested) || number == 0 {
            hashes.memos[usize::from(instant.nested.is_some())] = Default::default();
        }
        add(&mut hashes, &moment);
        let step = moment.run().unwrap_or_else(|| panic!("no instruction {number}"));
        if let Action::Store { index, value, .. } = step.action {
            hashes.store(graph, usize::from(step.nested.is_some()), index, value.unwrap());
        }
        if step.instruction.opcode == Opcode::Stop && step.nested.is_none() {
            add(&mut hashes, &moment);
        }
    }
    hash
}

/// The hash of some bytes by which the script tells pickles in archives apart.
fn bytes_hash(bytes: &[u8]) -> String {
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let state = bytes.chunks(8).fold(mix(5, bytes.len() as u64), |state, chunk| mix(state, word(chunk)));
    format!("{state:016x}")
}

/// The bytes of a document that an archive or a compressed file shows, by their hash.
fn bytes_inside(archive: &str, hash: &str) -> Option<Vec<u8>> {
    let file: Arc<dyn Source> = Arc::new(MemorySource::new(fixture(archive)));
    let mut bundle = Bundle::open(vec![(archive.to_owned(), file)], Limits::default(), &mut |_| {});
    let mut number = 0;
    let mut shown = Some(bundle.shown());
    while let Some(member) = shown {
        bundle.show(member, &mut |_| {});
        let source = bundle.document().source();
        let mut bytes = vec![0; source.len() as usize];
        let count = source.read_at(0, &mut bytes).unwrap();
        if count == bytes.len() && bytes_hash(&bytes) == hash {
            return Some(bytes);
        }
        shown = bundle.member(number);
        number += 1;
    }
    None
}

/// The bytes of a file, or of a pickle in it: `module.pt!HASH`.
fn bytes_of(name: &str) -> Vec<u8> {
    match name.split_once('!') {
        Some((archive, hash)) => bytes_inside(archive, hash).unwrap_or_default(),
        None => fixture(name),
    }
}

fn read(name: &str) -> (Reading, MemorySource) {
    let source = MemorySource::new(bytes_of(name));
    let reading = machine::read(&source, &Limits::default(), &mut |_, _| {});
    (reading, source)
}

#[test]
fn every_state_of_every_fixture_is_that_of_cpython() {
    let table = String::from_utf8(fixture("trace.tsv")).unwrap();
    let (mut files, mut opcodes, mut wrong) = (0, 0, Vec::new());
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, count, part, hash] = fields[..] else { panic!("{line}") };
        let count: u64 = count.parse().unwrap();
        let (reading, source) = read(name);
        if KNOWN.contains(&name) {
            continue;
        }
        if reading.opcodes < count || part == "whole" && reading.opcodes != count {
            wrong.push(format!("{name}: {} opcodes, CPython runs {count} ({part})", reading.opcodes));
            continue;
        }
        let found = format!("{:016x}", states(&reading, &source, count, &mut |_| {}));
        if found != hash {
            wrong.push(format!("{name} ({count} opcodes, {part})"));
        }
        files += 1;
        opcodes += count;
    }
    assert!(wrong.is_empty(), "{} of {files} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(files > 4200 && opcodes > 1_300_000, "{files} files, {opcodes} opcodes");
}

#[test]
fn whole_states_are_those_of_cpython() {
    let mut files = 0;
    for entry in std::fs::read_dir(tests().join("fixtures/trace")).unwrap() {
        let path = entry.unwrap().path();
        let expected = std::fs::read_to_string(&path).unwrap();
        let (name, expected) = expected.split_once('\n').unwrap();
        let (reading, source) = read(name);
        let mut found = String::new();
        states(&reading, &source, reading.opcodes, &mut |moment| {
            let graph = &reading.graph;
            let mut slots: Vec<&str> = moment
                .stack(0, usize::MAX)
                .into_iter()
                .map(|slot| match slot {
                    Slot::Mark(_) => "mark",
                    Slot::Value(node) => word(graph, node),
                })
                .collect();
            slots.reverse();
            let memo: Vec<String> = moment
                .memo_from(0, usize::MAX)
                .into_iter()
                .map(|(index, node)| format!("{index}:{}", word(graph, node)))
                .collect();
            let _ = writeln!(found, "{}\t{}\t{}", moment.instant().offset, slots.join(" "), memo.join(" "));
        });
        assert_eq!(found, expected, "{name}");
        files += 1;
    }
    assert!(files >= 5);
}
