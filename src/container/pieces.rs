//! The pieces of a compressed stream, as its decoder met them.

use crate::bytes::{Source, Span, SpanKind, Tiles};

/// Pieces of one stream that are told apart. What follows is one more, whatever it is.
const MOST: usize = 1 << 16;

/// Where a piece begins. It ends where the next one does so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) at: u64,
    pub(super) kind: SpanKind,
    pub(super) words: &'static str,
}

/// The pieces of a stream, in order.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    list: Vec<Piece>,
    /// Where the decoder stands, when it has not come to the end.
    reached: Option<u64>,
}

impl Pieces {
    pub(super) fn push(&mut self, piece: Piece) {
        // Padding is stepped over by windows.
        let goes_on = |last: &Piece| last.kind == SpanKind::Padding && last.words == piece.words;
        if self.list.last().is_some_and(goes_on) {
            return;
        }
        // One that turned out to be empty gives way to what is there instead.
        while self.list.pop_if(|last| last.at >= piece.at).is_some() {}
        if self.list.len() < MOST {
            self.list.push(piece);
        } else if let Some(last) = self.list.last_mut() {
            (last.kind, last.words) = (SpanKind::Data, "more of the stream, whose pieces are not told apart");
        }
    }

    /// The same for a stream of which only so much was decoded.
    pub(super) fn up_to(mut self, reached: u64) -> Self {
        self.reached = Some(reached);
        self
    }

    /// Adds what they are to the tiles of a window.
    pub(super) fn describe(&self, source: &dyn Source, tiles: &mut Tiles) {
        let end = self.reached.unwrap_or(source.len()).min(source.len());
        let first = self.list.partition_point(|piece| piece.at <= tiles.position()).saturating_sub(1);
        for (number, piece) in self.list.iter().enumerate().skip(first) {
            if tiles.is_done() {
                return;
            }
            let next = self.list.get(number + 1).map_or(end, |next| next.at);
            tiles.add(Span::new(piece.at, next.max(piece.at)), piece.kind, || piece.words.to_owned());
        }
        tiles.add(Span::new(end, source.len()), SpanKind::Rest, || "not decompressed so far".to_owned());
    }
}
