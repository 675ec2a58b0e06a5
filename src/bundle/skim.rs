//! Whether bytes are a pickle, without reading what it holds.

use crate::bytes::{Limits, MemorySource, Source, Span, read_span};
use crate::format::pickle::announced_at;
use crate::opcode::{self, Arg, DecodeErrorKind, Effect, Instruction, Opcode};

/// Instructions that are skimmed, and bytes: a pickle that is longer is taken to reach to the end.
const INSTRUCTIONS: u64 = 1 << 20;
/// Instructions in a row that are hardly an accident.
const CONVINCING: u64 = 32;
/// The same behind a PROTO.
const CONVINCING_AFTER_PROTO: u64 = 4;

/// What skimming a pickle came to.
pub(super) struct Skimmed {
    /// Where it ends behind its STOP, or everything when that was not reached.
    pub(super) end: u64,
    /// Where its last instruction ends that was skimmed.
    pub(super) reached: u64,
    /// Whether STOP was reached.
    pub(super) stops: bool,
    /// Whether it begins with a PROTO.
    pub(super) announced: bool,
    /// Whether it names something.
    pub(super) imports: bool,
    /// Its instructions.
    pub(super) read: u64,
    /// Whether it goes on behind the last byte.
    pub(super) is_cut: bool,
}

impl Skimmed {
    /// Whether this is no accident: it announces itself and goes on, or names something and ends.
    pub(super) fn is_convincing(&self) -> bool {
        match (self.announced, self.stops) {
            (true, true) => true,
            (true, false) => self.read >= CONVINCING_AFTER_PROTO,
            (false, true) => self.imports,
            (false, false) => self.read >= CONVINCING && self.imports,
        }
    }
}

/// Reads the instructions of the pickle at `from`, up to its STOP or to what is none.
pub(super) fn skim(source: &dyn Source, from: u64, limits: &Limits) -> Skimmed {
    skim_up_to(source, from, limits, INSTRUCTIONS)
}

/// The same, up to `most` instructions.
pub(super) fn skim_up_to(source: &dyn Source, from: u64, limits: &Limits, most: u64) -> Skimmed {
    let mut skimmed = Skimmed {
        end: source.len(),
        reached: from,
        stops: false,
        announced: false,
        imports: false,
        read: 0,
        is_cut: false,
    };
    let mut offset = from;
    while skimmed.read < most {
        let instruction = match opcode::decode(source, offset, limits) {
            Ok(instruction) => instruction,
            Err(error) => {
                skimmed.is_cut = matches!(error.kind, DecodeErrorKind::EndOfInput | DecodeErrorKind::MissingNewline);
                break;
            }
        };
        let announces = instruction.opcode == Opcode::Proto;
        skimmed.announced |= announces && skimmed.read == 0 && announced_at(source, offset).is_some();
        skimmed.imports |= instruction.opcode.info().effects.contains(&Effect::Import)
            && (skimmed.announced || is_importable(source, &instruction));
        skimmed.read += 1;
        offset = instruction.end;
        skimmed.reached = offset;
        if instruction.opcode == Opcode::Stop {
            skimmed.stops = true;
            skimmed.end = offset;
            break;
        }
    }
    skimmed
}

/// Whether what an instruction names can be a module and a name in it: in a text, a `c` and two lines are no wonder.
fn is_importable(source: &dyn Source, instruction: &Instruction) -> bool {
    /// Bytes of a name that are looked at.
    const LOOKED_AT: u64 = 1024;
    // Identifiers may have letters of any script, files a hyphen, functions in functions `<locals>`.
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-<>".contains(byte) || !byte.is_ascii();
    let is_name = |span: Span| {
        read_span(source, span.prefix(LOOKED_AT)).is_ok_and(|name| !name.is_empty() && name.iter().all(is_of_name))
    };
    match instruction.arg {
        Arg::Pair(module, name) => is_name(module) && is_name(name),
        _ => true,
    }
}

/// Whether bytes are one pickle or several, to the last byte.
pub(super) fn reads_whole(bytes: &[u8], limits: &Limits) -> bool {
    let source = MemorySource::new(bytes.to_vec());
    let mut at = 0;
    while at < source.len() {
        let skimmed = skim(&source, at, limits);
        if !skimmed.stops {
            return false;
        }
        at = skimmed.end;
    }
    at > 0
}
