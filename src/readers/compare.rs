//! Goes over the pickles of a reading and puts what the readers do side by side.

use super::comparison::{Comparison, Difference, Does, End, PickleComparison, Reader, SharedStop};
use super::listing::{Listed, list};
use super::table::{Place, Row};
use crate::bytes::Span;
use crate::graph::Node;
use crate::lens::Lens;
use crate::machine::{Layout, Problem, RawKind, Reading, Stream};
use crate::opcode::Opcode;
use crate::safety::{self, Stop};

/// Differences kept of a pickle, and pickles with differences that are kept.
const ROWS: usize = 20;
const PICKLES: usize = 20;

/// Instructions that are listed of a file.
const FOLLOWED: u64 = 50_000_000;

/// Compares what readers make of a reading; `lens` reads the same graph. `has_torch`: whether `torch.load` would read it.
#[must_use]
pub fn compare(reading: &Reading, lens: &Lens<'_>, has_torch: bool) -> Comparison {
    let readers = Reader::ALL.into_iter().filter(|reader| has_torch || *reader != Reader::Torch).collect();
    let until = first_opaque(reading);
    let refusals = if has_torch { safety::forecast(reading, lens).stops } else { Vec::new() };
    let mut out = Comparison {
        readers,
        total: reading.streams.len(),
        pickles: Vec::new(),
        more: 0,
        until,
        stop: None,
        has_extensions: lens.graph.reaching_out().any(|id| matches!(lens.graph.node(id), Node::Extension(_))),
        is_partial: reading.problems.total > reading.problems.list.len() as u64,
    };
    let mut problems: Vec<&Problem> = reading.problems.list.iter().collect();
    problems.sort_by_key(|problem| (problem.offset, problem.fatal));
    let odd = odd_offsets(reading, lens);
    let mut every = Everything { reading, lens, until, refusals: &refusals, problems, odd, budget: FOLLOWED };
    let compared = reading.streams.iter().take_while(|stream| until.is_none_or(|until| stream.span.start < until));
    for number in 0..compared.count() {
        match every.pickle(number, &out.readers) {
            Some(found) if found.differences.is_empty() => out.stop = out.stop.take().or_else(|| shared_stop(&found)),
            Some(found) if out.pickles.len() < PICKLES => out.pickles.push(found),
            Some(_) => out.more += 1,
            None => {}
        }
    }
    out
}

/// Where the first bytes are that are an array for joblib's loader and opcodes for others.
fn first_opaque(reading: &Reading) -> Option<u64> {
    let raw = reading.raw.iter().find(|part| part.kind != RawKind::Header).map(|part| part.span.start);
    let nested = reading.nested.first().map(|nested| nested.span.start);
    raw.into_iter().chain(nested).min()
}

/// Where all stop alike.
fn shared_stop(found: &PickleComparison) -> Option<SharedStop> {
    let Some(End::Refuses { offset, .. }) = found.ends.first() else { return None };
    let message = |end: &End| match end {
        End::Refuses { message, .. } => message.clone(),
        _ => String::new(),
    };
    Some(SharedStop { stream: found.stream, offset: *offset, messages: found.ends.iter().map(message).collect() })
}

/// Sorted offsets of what loads but `pickletools` may refuse: names and ids with bytes that it decodes in its own way,
/// ints that are too long to print.
fn odd_offsets(reading: &Reading, lens: &Lens<'_>) -> Vec<u64> {
    /// Bytes of an int with so many digits that `repr` refuses it.
    const LONG: u64 = 1786;
    let graph = &reading.graph;
    let is_odd = |text: &[u8]| !text.is_ascii() || text.contains(&b'\\');
    let mut offsets = Vec::new();
    for symbol in graph.symbols.iter() {
        let spelled = symbol.spelled().unwrap_or((symbol.module.as_bytes(), symbol.name.as_bytes()));
        if is_odd(spelled.0) || is_odd(spelled.1) {
            offsets.push(symbol.offset);
        }
    }
    for id in graph.reaching_out() {
        if let Node::PersistentId(edge) = graph.node(id)
            && let Node::Text { .. } = graph.node(edge.node())
            && lens.string(edge).is_none_or(|text| is_odd(text.as_bytes()))
        {
            offsets.push(graph.offset(id));
        }
    }
    let long = graph.payloads(LONG).filter(|(id, _)| matches!(graph.node(*id), Node::LongBinary(_)));
    offsets.extend(long.map(|(id, _)| graph.offset(id)));
    offsets.sort_unstable();
    offsets
}

struct Everything<'a> {
    reading: &'a Reading,
    lens: &'a Lens<'a>,
    until: Option<u64>,
    refusals: &'a [Stop],
    /// In the order of the file; what ends the reading comes last.
    problems: Vec<&'a Problem>,
    odd: Vec<u64>,
    /// Instructions that may still be listed.
    budget: u64,
}

/// An instruction at which something may differ.
struct At {
    offset: u64,
    opcode: Option<Opcode>,
    what: String,
    row: Row,
    is_last: bool,
}

impl Everything<'_> {
    /// One pickle; nothing where there is nothing that a reader could take otherwise.
    fn pickle(&mut self, number: usize, readers: &[Reader]) -> Option<PickleComparison> {
        let stream = &self.reading.streams[number];
        let refusal = within(self.refusals, stream, |stop| stop.offset).first();
        let problems = self.problems(stream);
        let may_list_otherwise = !problems.is_empty()
            || !stream.leftover.is_empty()
            || stream.open_marks > 0
            || !within(&self.reading.overwrites, stream, |offset| *offset).is_empty()
            || !within(&self.odd, stream, |offset| *offset).is_empty();
        if !may_list_otherwise && refusal.is_none() {
            return None;
        }
        let mut places = self.places(stream, problems);
        let listed = if may_list_otherwise { self.listed(stream) } else { Listed::ToStop };
        add_listing(&mut places, &listed);
        if let Some(refusal) = refusal {
            add_refusal(&mut places, refusal);
        }
        if let Some(until) = self.until {
            places.retain(|place| place.offset < until);
        }
        let cut = self.until.filter(|&until| until < stream.span.end);
        let found = Side { readers, listed: &listed, cut }.of(number, stream, places);
        let is_told = !found.differences.is_empty() || found.ends.iter().any(|end| matches!(end, End::Refuses { .. }));
        is_told.then_some(found)
    }

    /// Where the instructions of a pickle begin: behind the header of a `.npy` file.
    fn start(&self, stream: &Stream) -> u64 {
        let header = self.reading.raw.iter().find(|part| part.kind == RawKind::Header);
        match header {
            Some(header) if self.reading.layout == Layout::Npy && header.span.start == stream.span.start => {
                header.span.end
            }
            _ => stream.span.start,
        }
    }

    /// The problems of a pickle, those that end it included.
    fn problems(&self, stream: &Stream) -> &[&Problem] {
        let from = self.problems.partition_point(|problem| problem.offset < stream.span.start);
        let is_in = |problem: &&Problem| !stream.complete || problem.offset < stream.span.end;
        let count = self.problems[from..].partition_point(is_in);
        &self.problems[from..from + count]
    }

    fn listed(&mut self, stream: &Stream) -> Listed {
        let end = if stream.complete { stream.span.end } else { self.lens.source.len() };
        let bytes = Span::new(self.start(stream), end.min(self.until.unwrap_or(end)));
        list(self.lens.source, bytes, self.lens.limits, &mut self.budget)
    }

    fn places(&self, stream: &Stream, problems: &[&Problem]) -> Vec<At> {
        let place = Place { source: self.lens.source, limits: self.lens.limits, frames: &stream.frames };
        let at = |problem: &Problem| {
            let row = place.row(problem)?;
            let (offset, opcode, what) = (problem.offset, problem.opcode, problem.kind.to_string());
            Some(At { offset, opcode, what, row, is_last: problem.fatal })
        };
        problems.iter().copied().filter_map(at).collect()
    }
}

/// The part of a sorted list that lies in a pickle.
fn within<'l, T>(list: &'l [T], stream: &Stream, offset: impl Fn(&T) -> u64) -> &'l [T] {
    let from = list.partition_point(|item| offset(item) < stream.span.start);
    let to = list.partition_point(|item| offset(item) < stream.span.end);
    &list[from..to.max(from)]
}

fn all_read_on() -> Row {
    Row { c: Does::ReadsOn, python: Does::ReadsOn, pickletools: Does::ReadsOn, torch: Does::ReadsOn }
}

/// The place at an offset, which is added if it is missing. If an instruction has several problems, the first counts.
fn place_at(places: &mut Vec<At>, offset: u64, opcode: Option<Opcode>) -> &mut At {
    let index = places.partition_point(|place| place.offset < offset);
    if places.get(index).is_none_or(|place| place.offset != offset) {
        places.insert(index, At { offset, opcode, what: String::new(), row: all_read_on(), is_last: false });
    }
    &mut places[index]
}

fn add_listing(places: &mut Vec<At>, listed: &Listed) {
    if let Listed::Stops { offset, opcode, message } = listed {
        place_at(places, *offset, *opcode).row.pickletools = Does::Stops(message.clone());
    }
}

fn add_refusal(places: &mut Vec<At>, refusal: &Stop) {
    let opcode = Opcode::ALL.iter().copied().find(|opcode| opcode.name() == refusal.opcode);
    let place = place_at(places, refusal.offset, opcode);
    // Of damage, which the forecast names last, the place says more.
    if !place.is_last || !place.row.torch.is_end() {
        place.row.torch = Does::Stops(refusal.message());
    }
}

/// What is compared of one pickle.
struct Side<'a> {
    readers: &'a [Reader],
    listed: &'a Listed,
    /// Where the comparison ends before the pickle does.
    cut: Option<u64>,
}

impl Side<'_> {
    fn of(&self, stream: usize, read: &Stream, places: Vec<At>) -> PickleComparison {
        let mut ends: Vec<Option<End>> = vec![None; self.readers.len()];
        let (mut differences, mut more) = (Vec::new(), 0);
        let mut last = None;
        for place in places {
            let does: Vec<Does> = self
                .readers
                .iter()
                .zip(&ends)
                .map(|(reader, end)| if end.is_some() { Does::Gone } else { place.row.of(*reader) })
                .collect();
            for (end, does) in ends.iter_mut().zip(&does) {
                if let Does::Stops(message) = does {
                    *end = Some(End::Refuses { offset: place.offset, message: message.clone() });
                }
            }
            if place.is_last {
                last = Some(place.offset);
            }
            let mut reading = does.iter().filter(|does| **does != Does::Gone);
            let first = reading.next();
            let depends = does.iter().any(|does| matches!(does, Does::Depends(_)));
            if first.is_none_or(|first| reading.all(|does| does.is_like(first))) && !depends {
                continue;
            }
            if differences.len() < ROWS {
                differences.push(Difference { offset: place.offset, opcode: place.opcode, what: place.what, does });
            } else {
                more += 1;
            }
        }
        let ends = self.readers.iter().zip(ends).map(|(reader, end)| self.end(*reader, end, read, last)).collect();
        PickleComparison { stream, offset: read.span.start, ends, differences, more }
    }

    fn end(&self, reader: Reader, end: Option<End>, read: &Stream, last: Option<u64>) -> End {
        let unfollowed = |offset, why| End::Unfollowed { offset, why };
        match (end, self.cut, reader, self.listed) {
            (Some(end), ..) => end,
            (None, Some(cut), ..) => unfollowed(cut, "the bytes of an array begin there, which joblib steps over"),
            (None, None, Reader::Pickletools, Listed::ToStop) => End::Stop,
            (None, None, Reader::Pickletools, Listed::Unfollowed(at)) => unfollowed(*at, "a limit of this comparison"),
            _ if read.complete => End::Stop,
            _ => unfollowed(last.unwrap_or(read.span.end), "Picklescope reads no further"),
        }
    }
}
