//! Instants and searches: however one comes to an instant, it is the same.

use crate::support;
use picklescope::bytes::{Limits, MemorySource};
use picklescope::document::Document;
use picklescope::graph::{Node, NodeId};
use picklescope::machine::{self, Reading};
use picklescope::opcode::Opcode;
use picklescope::trace::{Action, Direction, Found, Goal, History, Instant, Moment, Search, Slot, Trace, Unreached};
use picklescope::view::{MachineAt, MachineGoal, MachineReply, MachineRun, MachineWindow};

fn read(bytes: Vec<u8>) -> (Reading, MemorySource) {
    let source = MemorySource::new(bytes);
    let reading = machine::read(&source, &Limits::default(), &mut |_, _| {});
    (reading, source)
}

/// What can be seen of an instant.
type Seen = (Instant, Vec<Slot>, Vec<(u64, NodeId)>);

fn seen(moment: &Moment<'_, '_>) -> Seen {
    (moment.instant(), moment.stack(0, 50), moment.memo_from(0, 50))
}

/// A long stream that pushes deep, opens and closes MARKs, stores in and out of order and over what is there; several times,
/// the last time cut.
fn long() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut random = 11_u64;
    let mut next = |most: u64| {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (random >> 33) % most
    };
    for pickle in 0..3 {
        bytes.extend(b"\x80\x04");
        let (mut depth, mut marks, mut stored) = (1_u64, Vec::new(), false);
        bytes.extend(b"]");
        for _ in 0..14_000 {
            let above = depth - marks.last().copied().unwrap_or(0);
            match next(12) {
                0..=3 => {
                    bytes.extend([b'K', next(256) as u8]);
                    depth += 1;
                }
                4 => {
                    marks.push(depth);
                    bytes.push(b'(');
                }
                5 if above > 1 => {
                    bytes.push(b'0');
                    depth -= 1;
                }
                6 if !marks.is_empty() && next(8) == 0 => {
                    depth = marks.pop().unwrap() + 1;
                    bytes.push(b't');
                }
                7 if above > 2 => {
                    bytes.push(0x86);
                    depth -= 1;
                }
                8 if above > 0 => bytes.push(0x94),
                9 if above > 0 => {
                    stored = true;
                    bytes.extend([b'q', next(200) as u8, b'q', 3]);
                }
                10 if stored => {
                    bytes.extend(b"h\x03");
                    depth += 1;
                }
                11 if above > 0 && next(4) == 0 => {
                    bytes.extend([b'r', 0, next(256) as u8, 1, 0]);
                }
                _ => {
                    bytes.push(b'N');
                    depth += 1;
                }
            }
        }
        if pickle < 2 {
            bytes.extend(b"N.");
        }
    }
    bytes
}

#[test]
fn an_instant_is_the_same_however_one_comes_to_it() {
    let (reading, source) = read(long());
    assert_eq!(reading.streams.len(), 3);
    assert!(reading.opcodes > 40_000 && reading.problems.fatal().is_some());
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let (mut history, mut pieces) = (History::default(), History::default());
    assert!(trace.prepare(&mut history, u64::MAX));
    while !trace.prepare(&mut pieces, 1237) {}
    let mut moment = trace.before(&history, 0).unwrap();
    let mut all = Vec::new();
    loop {
        moment.begin();
        all.push(seen(&moment));
        if moment.run().is_none() {
            break;
        }
    }
    assert_eq!(all.len() as u64, reading.opcodes + 1);
    let deepest = all.iter().map(|(instant, ..)| (instant.depth, instant.marks)).max().unwrap();
    assert!(deepest.0 > 500 && deepest.1 > 20, "{deepest:?}");
    for number in (0..=reading.opcodes).rev().step_by(97).chain([4095, 4096, 4097, reading.opcodes]) {
        let found = seen(&trace.before(&history, number).unwrap());
        assert_eq!(found, all[number as usize], "before #{number}");
        assert_eq!(seen(&trace.before(&pieces, number).unwrap()), found, "prepared in pieces, before #{number}");
    }
    let (instant, stack, _) = all.last().unwrap();
    assert_eq!(instant.offset, reading.streams[2].span.end);
    let left: Vec<NodeId> = reading.streams[2].leftover.iter().rev().map(|edge| edge.node()).collect();
    let values: Vec<NodeId> =
        stack.iter().filter_map(|slot| if let Slot::Value(node) = slot { Some(*node) } else { None }).collect();
    assert!(left.starts_with(&values) && values.len() > 20, "what the reading says is on the stack where it stopped");
    assert_eq!(trace.before(&history, reading.opcodes + 1).err(), Some(Unreached::Beyond));
}

#[test]
fn offsets_and_numbers_lead_to_each_other() {
    let (reading, source) = read(long());
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    for number in (0..reading.opcodes).step_by(311) {
        let offset = trace.before(&history, number).unwrap().instant().offset;
        assert_eq!(trace.offset_of(number), Some(offset));
        assert_eq!(trace.number_at(offset), Some(number));
    }
    assert_eq!(trace.number_at(source_len(&reading)), None);
}

fn source_len(reading: &Reading) -> u64 {
    reading.streams.last().unwrap().span.end
}

#[test]
fn the_history_has_a_budget_and_says_so() {
    let (reading, source) = read(long());
    let limits = Limits { memory: 1 << 18, ..Limits::default() };
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    assert!(!trace.prepare(&mut history, 100));
    let reached = history.reached();
    assert_eq!(trace.before(&history, reached).err(), Some(Unreached::NotYet { reached }));
    while !trace.prepare(&mut history, 1000) {}
    let reached = history.reached();
    assert!(reached >= 4096 && reached < reading.opcodes, "{reached}");
    assert!(trace.before(&history, reached - 1).unwrap().run().is_some());
    assert_eq!(trace.before(&history, reached).err(), Some(Unreached::Budget { reached }));
    let from = |from, direction| Search { goal: Goal::Call, direction, from };
    let seek = |search| trace.seek(&history, search, u64::MAX);
    assert_eq!(seek(from(reached, Direction::Forward)), Found::Unreached(Unreached::Budget { reached }));
    assert_eq!(seek(from(reached + 1, Direction::Back)), Found::Unreached(Unreached::Budget { reached }));
    assert_eq!(seek(from(5, Direction::Forward)), Found::Unfinished(from(reached, Direction::Forward)));
    assert!(history.memory() < 1 << 17, "{}", history.memory());
}

#[test]
fn a_search_is_the_same_in_any_pieces() {
    let (reading, source) = read(long());
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    // A value that is stored twice and fetched.
    let (mut stores, mut wanted) = (Vec::new(), None);
    let mut moment = trace.before(&history, 0).unwrap();
    while let Some(step) = moment.run() {
        match step.action {
            Action::Store { index: 3, .. } => stores.push(step.number),
            Action::Fetch { value, .. } => wanted = wanted.or(value.filter(|_| step.number > 12_000)),
            _ => {}
        }
    }
    let wanted = wanted.unwrap();
    let mut uses = Vec::new();
    let mut moment = trace.before(&history, 0).unwrap();
    loop {
        moment.begin();
        let Some(step) = moment.next_step() else { break };
        let is_use = match &step.action {
            Action::Store { value, .. } | Action::Fetch { value, .. } => *value == Some(wanted),
            Action::Make(taken) | Action::Drop(taken) => {
                moment.stack(0, taken.count as usize).contains(&Slot::Value(wanted))
            }
            Action::Stop(value) => *value == Some(wanted),
            _ => false,
        };
        if is_use {
            uses.push(step.number);
        }
        moment.run();
    }
    assert!(stores.len() > 100 && uses.len() > 2, "{} {}", stores.len(), uses.len());
    let (first, last) = (uses[0], uses[uses.len() - 1]);
    for (goal, all) in [(Goal::MemoWrite(3), &stores), (Goal::Use(wanted), &uses)] {
        for budget in [700, 5000, u64::MAX] {
            for from in [0, 9000, first, first + 1, last, last + 1, 30_000, reading.opcodes] {
                for direction in [Direction::Forward, Direction::Back] {
                    let mut search = Search { goal, direction, from };
                    let found = loop {
                        match trace.seek(&history, search, budget) {
                            Found::Unfinished(rest) => search = rest,
                            other => break other,
                        }
                    };
                    let expected = match direction {
                        Direction::Forward => all.iter().find(|&&number| number >= from),
                        Direction::Back => all.iter().rev().find(|&&number| number < from),
                    };
                    let expected = expected.map_or(Found::Nowhere, |&number| Found::At(number));
                    assert_eq!(found, expected, "{goal:?} {direction:?} from {from} by {budget}");
                }
            }
        }
    }
    let made = Search { goal: Goal::Made(wanted), direction: Direction::Forward, from: 0 };
    let Found::At(number) = trace.seek(&history, made, 1) else { panic!() };
    let step = trace.before(&history, number).unwrap().run().unwrap();
    assert_eq!(step.made, Some(wanted));
    let problem = Search { goal: Goal::Problem, direction: Direction::Forward, from: 5 };
    assert_eq!(trace.seek(&history, problem, 1), Found::At(reading.opcodes), "the end, where the reading stopped");
}

/// Runs to calls and names, both ways.
#[test]
fn calls_and_names_are_found() {
    let (reading, source) = read(b"\x80\x04K\x01cos\nsystem\nq\x00X\x02\x00\x00\x00id\x85R0h\x00)R.".to_vec());
    assert!(reading.is_complete());
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    let seek = |goal, direction, from| trace.seek(&history, Search { goal, direction, from }, 100);
    let opcode = |found| match found {
        Found::At(number) => trace.before(&history, number).unwrap().next_step().unwrap().instruction.opcode,
        other => panic!("{other:?}"),
    };
    assert_eq!(opcode(seek(Goal::Global, Direction::Forward, 0)), Opcode::Global);
    let Found::At(first) = seek(Goal::Call, Direction::Forward, 0) else { panic!() };
    let Found::At(second) = seek(Goal::Call, Direction::Forward, first + 1) else { panic!() };
    assert_eq!(seek(Goal::Call, Direction::Forward, second + 1), Found::Nowhere);
    assert_eq!(seek(Goal::Call, Direction::Back, second), Found::At(first));
    assert_eq!(seek(Goal::Call, Direction::Back, first), Found::Nowhere);
    assert_eq!(seek(Goal::Problem, Direction::Forward, 0), Found::Nowhere);
    assert_eq!(seek(Goal::Made(NodeId(1 << 20)), Direction::Forward, 0), Found::Nowhere);
}

/// joblib's arrays: numbers behind BUILD take the wrapper's place, a pickle behind BUILD has a stack and memo of its own.
#[test]
fn arrays_between_the_opcodes_take_the_place_of_their_wrappers() {
    let (reading, source) = read(support::fixture("joblib/1.6.0/objects.joblib"));
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    let nested = &reading.nested[0];
    let mut moment = trace.before(&history, nested.first - 1).unwrap();
    let around = moment.instant();
    let build = moment.run().unwrap();
    assert_eq!((build.instruction.opcode, build.nested), (Opcode::Build, None));
    let behind = seen(&moment);
    assert_eq!(behind.0.depth, around.depth - 1);
    moment.begin();
    let inside = moment.instant();
    assert_eq!((inside.nested, inside.depth, inside.marks, inside.memo), (Some(0), 0, 0, 0));
    assert_eq!(inside.below, behind.0.depth);
    let mut last = None;
    while moment.instant().nested == Some(0) {
        last = moment.run();
    }
    let last = last.unwrap();
    assert_eq!(last.instruction.opcode, Opcode::Stop);
    assert!(matches!(reading.graph.node(last.made.unwrap()), Node::InlinePickle { .. }));
    let after = seen(&moment);
    assert_eq!((after.0.depth, after.0.marks, after.0.memo), (behind.0.depth, behind.0.marks, behind.0.memo));
    assert_eq!(after.1[0], Slot::Value(last.made.unwrap()));
    assert_eq!(after.1[1..], behind.1[1..]);
    let (reading, source) = read(support::fixture("joblib/1.6.0/matrix.joblib"));
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    let mut moment = trace.before(&history, reading.raw[0].before - 1).unwrap();
    let step = moment.run().unwrap();
    assert!(matches!(reading.graph.node(step.made.unwrap()), Node::InlineArray { .. }));
    assert_eq!(moment.stack(0, 1), [Slot::Value(step.made.unwrap())]);
    let data = reading.raw.iter().rev().find(|part| part.before == step.number + 1).unwrap();
    assert_eq!(moment.instant().offset, data.span.end, "the reader is behind the numbers");
}

/// A pickle that was written with the memo of the one before it is read with it.
#[test]
fn a_memo_goes_on_where_pickles_share_it() {
    let (reading, source) = read(b"\x80\x04\x8c\x01a\x94.\x80\x04h\x00\x8c\x01b\x94\x86.".to_vec());
    assert!(reading.is_complete() && reading.streams.len() == 2);
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    trace.prepare(&mut history, u64::MAX);
    let moment = trace.before(&history, reading.streams[1].first).unwrap();
    assert_eq!((moment.instant().depth, moment.instant().memo), (0, 1));
    assert!(moment.memo(0).is_some());
    let end = trace.before(&history, reading.opcodes - 1).unwrap();
    assert_eq!(end.memo_from(0, 9).len(), 2);
}

/// The sentences that the steps of a stream are told in.
fn sentences(bytes: &[u8]) -> Vec<String> {
    let document =
        Document::open("x".into(), Box::new(MemorySource::new(bytes.to_vec())), Limits::default(), &mut |_, _| {});
    if document.instruction_count() == 0 {
        return Vec::new();
    }
    while !document.prepare_trace(10_000).1 {}
    let window = MachineWindow { skip: 0, places: 5, memo_from: None, entries: 5 };
    let mut found = Vec::new();
    let each = &mut |step: picklescope::view::MachineStep| {
        found.push(step.sentence_text());
        Ok::<(), ()>(())
    };
    document.machine_steps(0, u64::MAX, window, each).unwrap();
    found.push(document.machine_step(document.instruction_count(), window).unwrap().sentence_text());
    found
}

#[test]
fn steps_are_told_in_sentences() {
    let bytes = b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01\x8c\x01a\x94K\x02\x86h\x01e}K\x05Nsb.";
    assert_eq!(
        sentences(bytes),
        [
            "Names 4 as the protocol of this pickle.",
            "Begins a frame of 26 bytes, up to offset 37.",
            "Pushes a new, empty list.",
            "Stores the list in the memo under 0; it stays on the stack.",
            "Puts a mark on the stack: a later opcode takes everything above it at once.",
            "Pushes 1.",
            "Pushes 'a'.",
            "Stores 'a' in the memo under 1; it stays on the stack.",
            "Pushes 2.",
            "Takes 'a' and 2 and makes a tuple of them.",
            "Fetches 'a' from memo 1 and pushes it.",
            "Takes the 3 values above the mark, 1, ('a', 2) and 'a', and appends them to the list.",
            "Pushes a new, empty dict.",
            "Pushes 5.",
            "Pushes None.",
            "Takes the key 5 and its value None and sets them in the dict.",
            "Takes the state {5: None} and gives it to the list: to its __setstate__ method if its class has one, else into its \
             attributes.",
            "Ends the pickle. Its result is the list.",
            "The last pickle has ended.",
        ]
    );
    let bytes = b"cos\nsystem\n(K\x01K\x02K\x03K\x04K\x05lp0\n(t0R(01(K\x011K\x072Pid\n\x82\x07\x97\x98(iA\nB\nh\x07.";
    let found = sentences(bytes);
    assert!(
        found[7].starts_with("Takes the 5 values above the mark, 1, 2, 3 and 2 more, and makes a list of them."),
        "{found:#?}"
    );
    assert!(found.last().unwrap().starts_with("The reading stopped here: "), "{found:#?}");
}

/// Whatever is read has its steps: no fixture and no assembled stream makes the sentences or the windows fail.
#[test]
fn everything_that_is_read_can_be_stepped_through() {
    let mut steps = 0;
    for fixture in support::fixtures().into_iter().chain(support::joblib_fixtures()) {
        if fixture.bytes.len() < 20_000 {
            steps += sentences(&fixture.bytes).len();
        }
    }
    assert!(steps > 30_000, "{steps}");
}

/// A stack of a million values and half a million MARKs costs four bytes a place, wherever one looks.
#[test]
fn a_deep_stack_is_kept_once() {
    let bytes = [b"\x80\x04".to_vec(), b"K\x01K\x02(".repeat(500_000)].concat();
    let (reading, source) = read(bytes);
    assert_eq!(reading.opcodes, 1_500_001);
    let limits = Limits::default();
    let trace = Trace::new(&reading, &source, &limits);
    let mut history = History::default();
    assert!(trace.prepare(&mut history, u64::MAX));
    assert!(history.memory() < 13 << 20, "{}", history.memory());
    for number in [1_500_001, 1_499_000, 750_001, 4_097, 1] {
        let moment = trace.before(&history, number).unwrap();
        assert_eq!((moment.instant().depth, moment.instant().marks), (number - 1, (number - 1) / 3));
        let slots = moment.stack(0, 2);
        match (number - 1) % 3 {
            0 if number > 1 => assert_eq!(slots[0], Slot::Mark(number - 1)),
            0 => assert_eq!(slots, []),
            _ => assert!(matches!(slots[0], Slot::Value(_))),
        }
        assert_eq!(moment.stack(number - 1, 5), []);
        assert_eq!(moment.stack(number.saturating_sub(3), 5).len() as u64, (number - 1).min(2));
    }
}

/// The page asks again until a long stream was gone over; afterwards every instant is there at once.
#[test]
fn a_long_stream_is_gone_over_in_pieces() {
    let bytes = [b"\x80\x04](".to_vec(), b"K\x07".repeat(1_250_000), b"e.".to_vec()].concat();
    let document = Document::open("x".into(), Box::new(MemorySource::new(bytes)), Limits::default(), &mut |_, _| {});
    let window = MachineWindow { skip: 0, places: 2, memo_from: None, entries: 2 };
    let (mut questions, mut last) = (0, 0);
    let step = loop {
        match document.machine(MachineAt::Number(1_250_003), window) {
            MachineReply::Step(step) => break step,
            MachineReply::Preparing { reached, total } => {
                assert!(reached > last && reached < total);
                last = reached;
            }
            MachineReply::Unknown(why) => panic!("{why}"),
        }
        questions += 1;
    };
    assert_eq!((questions, step.opcode.as_str(), step.before.depth, step.after.depth), (2, "APPENDS", 1_250_002, 1));
    assert_eq!(
        step.sentence_text(),
        "Takes the 1,250,000 values above the mark, 7, 7, 7 and 1,249,997 more, and appends them to the list."
    );
    let MachineReply::Step(early) = document.machine(MachineAt::Row(7), window) else { panic!() };
    assert_eq!((early.number, early.row, early.before.depth), (7, 7, 6));
    let MachineReply::Step(end) = document.machine(MachineAt::Row(u64::MAX), window) else { panic!() };
    assert_eq!((end.number, end.opcode.as_str()), (1_250_005, ""));
    assert_eq!(document.run_machine(MachineGoal::Use(step.node.unwrap()), true, 3), MachineRun::GoOn(500_003));
    assert_eq!(document.run_machine(MachineGoal::Use(step.node.unwrap()), false, 1_250_003), MachineRun::GoOn(749_568));
    assert_eq!(document.run_machine(MachineGoal::Made(step.node.unwrap()), true, 9), MachineRun::Row(1));
    assert_eq!(document.run_machine(MachineGoal::Call, true, u64::MAX), MachineRun::Nowhere);
}
