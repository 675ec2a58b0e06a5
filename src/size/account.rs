//! Whose bytes are which: every byte of a document belongs to one value, or to a named rest.

use super::amounts::Amounts;
use crate::bytes::{Span, sorting};
use crate::document::Document;
use crate::graph::{Graph, NodeId};
use crate::lens::Blob;
use crate::machine::RawKind;
use crate::opcode::{self, Effect, Instruction, Opcode, StackItem};
use std::collections::HashMap;

/// Bytes that belong to no value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RestKind {
    /// PROTO, FRAME and STOP.
    Framing,
    /// PUT and MEMOIZE: storing in the memo.
    Memo,
    /// GET: fetching from the memo.
    References,
    /// POP, DUP, marks that nothing takes, and opcodes that add nothing.
    Stack,
    /// The header of a `.npy` file.
    Header,
    /// What moves an array to a multiple of its alignment.
    Padding,
    /// The counts before the storages of torch before 1.6, and storages that nothing refers to.
    Storages,
    /// What follows the last pickle, or was not read.
    Trailing,
}

impl RestKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Framing,
        Self::Memo,
        Self::References,
        Self::Stack,
        Self::Header,
        Self::Padding,
        Self::Storages,
        Self::Trailing,
    ];

    /// What they are, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Framing => "protocol, frames and STOP",
            Self::Memo => "storing in the memo",
            Self::References => "references to the memo",
            Self::Stack => "other opcodes",
            Self::Header => "header",
            Self::Padding => "padding",
            Self::Storages => "counts before storages",
            Self::Trailing => "outside the pickles",
        }
    }
}

/// Bytes outside the pickles that values refer to: a storage, a buffer, a file beside.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The bytes.
    pub blob: Blob,
    /// Whether they are in the same file, behind the pickles.
    pub is_in_file: bool,
}

/// The bytes of a document, each counted once.
#[derive(Debug)]
pub struct Account {
    /// Own bytes of each node, then of each of `outside`.
    pub(super) own: Amounts,
    /// Bytes of the file that belong to no value, by [`RestKind`].
    rests: [u64; RestKind::ALL.len()],
    /// What values refer to that is no instruction.
    pub(super) outside: Vec<Outside>,
    /// By node, the position in `outside` that it refers to; in order.
    pub(super) referring: Vec<(u32, u32)>,
    /// Size of the document's own bytes.
    pub(super) file: u64,
    /// Bytes beside it.
    pub(super) beside: u64,
}

impl Account {
    /// Goes once over the instructions of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let graph = &document.reading().graph;
        let mut account = Self {
            own: Amounts::new(graph.len()),
            rests: [0; RestKind::ALL.len()],
            outside: Vec::new(),
            referring: Vec::new(),
            file: document.source().len(),
            beside: 0,
        };
        account.instructions(document);
        for part in &document.reading().raw {
            let length = part.span.len();
            match part.kind {
                RawKind::Array => account.own.add(part.node.0, length),
                RawKind::Padding => account.rest(RestKind::Padding, length),
                RawKind::Header => account.rest(RestKind::Header, length),
            }
        }
        account.outside(document);
        account
    }

    fn rest(&mut self, kind: RestKind, bytes: u64) {
        self.rests[kind as usize] += bytes;
    }

    /// Bytes of the file of one kind that belong to no value.
    #[must_use]
    pub fn rest_of(&self, kind: RestKind) -> u64 {
        self.rests[kind as usize]
    }

    fn instructions(&mut self, document: &Document) {
        let reading = document.reading();
        let mut raw = reading.raw.iter().peekable();
        let mut made = Made { graph: &reading.graph, next: 0 };
        let mut read = 0;
        for stream in &reading.streams {
            let mut marks = 0_u64;
            let mut at = stream.span.start;
            while at < stream.span.end {
                while raw.next_if(|part| part.span.end <= at).is_some() {}
                if let Some(part) = raw.next_if(|part| part.span.contains(at)) {
                    at = part.span.end;
                    continue;
                }
                let Ok(instruction) = opcode::decode(document.source(), at, document.limits()) else { break };
                self.instruction(&instruction, &mut made, &mut marks);
                at = instruction.end;
            }
            self.rest(RestKind::Stack, marks);
            self.rest(RestKind::Trailing, stream.span.end.saturating_sub(at));
            read = stream.span.end;
        }
        // All pickles stand one behind the other from the beginning.
        self.rest(RestKind::Trailing, self.file.saturating_sub(read));
    }

    fn instruction(&mut self, instruction: &Instruction, made: &mut Made<'_>, marks: &mut u64) {
        let mut length = instruction.end - instruction.offset;
        let info = instruction.opcode.info();
        if instruction.opcode == Opcode::Mark {
            *marks += 1;
            return;
        }
        // A mark belongs to what takes it.
        if info.before.contains(&StackItem::Mark) && *marks > 0 {
            *marks -= 1;
            length += 1;
        }
        let node = made.at(instruction.offset).or_else(|| {
            let changes = info.effects.contains(&Effect::Mutate) || instruction.opcode == Opcode::Build;
            if changes { made.graph.changed_at(instruction.offset) } else { None }
        });
        match (node, instruction.opcode) {
            (Some(node), _) => self.own.add(node.0, length),
            (None, Opcode::Proto | Opcode::Frame | Opcode::Stop) => self.rest(RestKind::Framing, length),
            (None, Opcode::Memoize | Opcode::Put | Opcode::BinPut | Opcode::LongBinPut) => {
                self.rest(RestKind::Memo, length);
            }
            (None, Opcode::Get | Opcode::BinGet | Opcode::LongBinGet) => self.rest(RestKind::References, length),
            _ => self.rest(RestKind::Stack, length),
        }
    }

    /// Finds what values refer to outside the pickles.
    fn outside(&mut self, document: &Document) {
        let lens = document.lens();
        let attached = lens.attached;
        let is_in_file = document.legacy_storages().is_some();
        let mut blobs: Vec<(&Blob, bool)> = attached.storages.values().map(|blob| (blob, is_in_file)).collect();
        blobs.extend(attached.tensors.values().map(|tensor| (tensor.blob(), false)));
        blobs.extend(
            attached
                .buffers
                .iter()
                .chain(attached.side_files.values().map(|file| &file.blob))
                .map(|blob| (blob, false)),
        );
        // The order of a map is another one every time.
        sorting::by(&mut blobs, |(a, _), (b, _)| (a.span, &a.place).cmp(&(b.span, &b.place)));
        let mut places: HashMap<(&str, Span), u32> = HashMap::new();
        for (blob, is_in_file) in blobs {
            let next = self.outside.len() as u32;
            if *places.entry((&blob.place, blob.span)).or_insert(next) == next {
                self.outside.push(Outside { blob: blob.clone(), is_in_file });
            }
        }
        for outside in &self.outside {
            let bytes = outside.blob.span.len();
            self.own.push(bytes);
            if outside.is_in_file {
                let trailing = &mut self.rests[RestKind::Trailing as usize];
                *trailing = trailing.saturating_sub(bytes);
            } else {
                self.beside += bytes;
            }
        }
        if document.legacy_storages().is_some() {
            let trailing = document.trailing().map_or(0, Span::len);
            let counts = self.rests[RestKind::Trailing as usize].saturating_sub(trailing);
            self.rests[RestKind::Trailing as usize] -= counts;
            self.rest(RestKind::Storages, counts);
        }
        if self.outside.is_empty() {
            return;
        }
        for node in lens.graph.reaching_out() {
            let found = lens.outside(node).and_then(|blob| places.get(&(blob.place.as_str(), blob.span)));
            self.referring.extend(found.map(|&position| (node.0, position)));
        }
    }
}

/// Finds the node that an instruction made, for instructions that come in order.
struct Made<'g> {
    graph: &'g Graph,
    next: u32,
}

impl Made<'_> {
    /// The last node made at `offset`.
    fn at(&mut self, offset: u64) -> Option<NodeId> {
        let mut found = None;
        while (self.next as usize) < self.graph.len() {
            let made = self.graph.offset(NodeId(self.next));
            if made > offset {
                break;
            }
            found = (made == offset).then_some(NodeId(self.next));
            self.next += 1;
        }
        found
    }
}
