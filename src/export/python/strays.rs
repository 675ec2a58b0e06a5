//! Values that no result leads to: thrown away, or left on the stack.

use crate::graph::{Edge, NodeId};
use crate::machine::Reading;

/// As many of them as there may be lines. A file of a few bytes leaves millions of values on its stack.
pub(super) struct Strays {
    /// For each pickle, how many of those thrown away and of those left over are written.
    counts: Vec<(usize, usize)>,
    /// How many are not.
    pub(super) left_out: u64,
}

impl Strays {
    pub(super) fn of(reading: &Reading, lines: usize) -> Self {
        let (mut room, mut left_out) = (lines, 0);
        let mut counts = Vec::with_capacity(reading.streams.len());
        let mut take = |there: usize| {
            let taken = there.min(room);
            room -= taken;
            left_out += (there - taken) as u64;
            taken
        };
        for stream in &reading.streams {
            counts.push((take(stream.discarded.len()), take(stream.leftover.len())));
        }
        Self { counts, left_out }
    }

    /// Those of a pickle that are written: thrown away, and left over.
    pub(super) fn in_stream<'a>(&self, reading: &'a Reading, index: usize) -> (&'a [NodeId], &'a [Edge]) {
        let (discarded, leftover) = self.counts[index];
        let stream = &reading.streams[index];
        (&stream.discarded[..discarded], &stream.leftover[..leftover])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Limits, MemorySource};
    use crate::machine::read;

    #[test]
    fn no_more_than_there_may_be_lines() {
        let bytes = [&b"NN."[..], b"NN0", &b"2".repeat(1000), b"."].concat();
        let reading = read(&MemorySource::new(bytes), &Limits::default(), &mut |_, _| {});
        let strays = Strays::of(&reading, 10);
        let taken: Vec<usize> =
            (0..2).map(|index| strays.in_stream(&reading, index)).map(|(a, b)| a.len() + b.len()).collect();
        assert_eq!((taken, strays.left_out), (vec![1, 9], 1001 + 1 - 10));
        let (discarded, _) = strays.in_stream(&reading, 1);
        assert_eq!(discarded.len(), 1);
    }
}
