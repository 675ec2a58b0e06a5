//! What every writer of files is: something that gives a piece at a time and can be left alone between two pieces.

use crate::lens::Lens;
use crate::machine::Reading;

/// Bytes of a piece, about.
pub const PIECE: usize = 1 << 20;

/// Elements that may come of few bytes: what strides of 0 repeat.
pub(super) const REPEATED: u64 = 1 << 28;

/// What a file is written from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// What was read.
    pub reading: &'a Reading,
    /// Reads nodes of it.
    pub lens: Lens<'a>,
}

/// Writes one file. It holds nothing of what it writes from: the same [`Origin`] is given at every step.
pub trait Writer: Send {
    /// Adds a piece of about [`PIECE`] bytes, or less when a piece takes much work; whether it was the last one.
    ///
    /// # Errors
    /// Why the file cannot be written to its end, in words.
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String>;

    /// How far it is, and how far it has to go, in any unit.
    fn progress(&self) -> (u64, u64);

    /// What the format could not hold, a sentence each; complete after the last step.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a format could not hold: each kind with its number.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    list: Vec<(String, u64)>,
    more: u64,
}

impl Remarks {
    /// Kinds that are kept.
    const KINDS: usize = 40;

    /// Says something once more.
    pub fn say(&mut self, sentence: impl AsRef<str>) {
        let sentence = sentence.as_ref();
        match self.list.iter().position(|(known, _)| known == sentence) {
            Some(at) => self.list[at].1 += 1,
            None if self.list.len() < Self::KINDS => self.list.push((sentence.to_owned(), 1)),
            None => self.more += 1,
        }
    }

    /// The sentences, with how often each was said.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let times = |(sentence, count): &(String, u64)| match count {
            1 => sentence.clone(),
            count => format!("{sentence} ({} times)", crate::lens::grouped(*count)),
        };
        let mut sentences: Vec<String> = self.list.iter().map(times).collect();
        if self.more > 0 {
            sentences.push(format!("and {} more remarks", crate::lens::grouped(self.more)));
        }
        sentences
    }
}
