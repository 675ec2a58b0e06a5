//! Whether bytes are a pickle, and whether that is more than an accident.

use crate::bytes::{Limits, MemorySource, Source};
use crate::container::Format;
use crate::document::Document;
use crate::format::pickle::ANNOUNCED;
use crate::machine::Reading;
use crate::opcode::{self, DecodeErrorKind, Effect, Opcode};
use crate::safety::rules::{COMPUTED_CALL, EXTENSION_CODE, MODIFIES_IMPORT, Rule};
use crate::safety::{Audit, Level};

/// Instructions in a row that are hardly an accident, in bytes that nothing else speaks for.
const CONVINCING: u64 = 32;
/// The same after a PROTO.
const CONVINCING_AFTER_PROTO: u64 = 4;

/// What is known of a member before it is read.
#[derive(Clone, Copy)]
pub(in crate::bundle) struct Known {
    /// What its bytes are beside a pickle.
    pub(in crate::bundle) format: Option<Format>,
    /// Whether it was given as a file of its own.
    pub(in crate::bundle) is_root: bool,
    /// Whether it goes by a pickle's name, and nothing says that it is something else.
    pub(in crate::bundle) is_named: bool,
    /// Whether what it is about begins behind its first bytes.
    pub(in crate::bundle) starts_behind: bool,
}

impl Known {
    /// Whether it is wrapped, or of a format that is no pickle.
    pub(super) fn is_other(self) -> bool {
        matches!(self.format, Some(Format::Packed(_) | Format::Archive(_) | Format::Other(_)))
    }

    pub(super) fn is_npy(self) -> bool {
        matches!(self.format, Some(Format::Npy))
    }

    /// Whether what was read of it is a pickle.
    pub(in crate::bundle) fn is_pickle(self, document: &Document) -> bool {
        let (reading, audit) = (document.reading(), document.audit());
        match self.format {
            Some(Format::Npy) => reading.opcodes > 0 || !reading.is_complete() || audit.level > Level::Recognised,
            _ if self.is_other() => is_pickle_too(document),
            _ if self.starts_behind => runs_code(audit),
            _ => self.is_convincing(reading, audit),
        }
    }

    /// Whether what was read is a pickle, and no accident: numbers and text often begin like one.
    fn is_convincing(self, reading: &Reading, audit: &Audit) -> bool {
        let Some(first) = reading.streams.first().filter(|_| reading.opcodes > 0) else { return false };
        let announced = first.declared_protocol.is_some_and(|protocol| ANNOUNCED.contains(&protocol));
        let convincing = match (announced, self.is_root) {
            (true, true) => true,
            (true, false) => first.complete || reading.opcodes >= CONVINCING_AFTER_PROTO,
            (false, true) => reading.opcodes >= CONVINCING,
            (false, false) => false,
        };
        // Old protocols begin in any way, but their pickles end with STOP at the end of the file.
        let whole = first.complete && reading.trailing.is_none();
        // A loader that comes to a STOP reads no further.
        let whole = whole || first.complete && self.is_root && audit.level >= Level::Suspicious;
        let runs = if announced || self.is_root { runs_code(audit) } else { calls_code(audit) };
        self.is_named || convincing || whole || runs
    }
}

/// What the first bytes of a member say of it.
pub(super) struct Glance {
    /// Bytes that reading it may take: it ends at the first that is no opcode.
    pub(super) cost: u64,
    /// Whether it ends so soon that nothing is imported.
    pub(super) is_hopeless: bool,
}

/// Looks at the first bytes: most of what is in archives is no pickle, and large.
pub(super) fn glance(source: &dyn Source, limits: &Limits) -> Glance {
    const FIRST: usize = 1024;
    const SOON: usize = 3;
    let mut head = vec![0; FIRST];
    let count = source.peek(0, &mut head).unwrap_or_default();
    head.truncate(count);
    let head = MemorySource::new(head);
    let (mut offset, mut read, mut imports) = (0, 0, false);
    loop {
        match opcode::decode(&head, offset, limits) {
            Ok(instruction) => {
                imports |= instruction.opcode.info().effects.contains(&Effect::Import);
                offset = instruction.end;
                read += 1;
            }
            Err(error) if matches!(error.kind, DecodeErrorKind::UnknownOpcode(_)) => {
                return Glance { cost: offset, is_hopeless: read < SOON && !imports };
            }
            // What goes on behind the first bytes.
            Err(_) => return Glance { cost: source.len(), is_hopeless: false },
        }
    }
}

/// Whether what is of a known format is a pickle, too.
pub(in crate::bundle) fn is_pickle_too(document: &Document) -> bool {
    let audit = document.audit();
    // Only what goes on behind a persistent id reads more than that, and what it calls by such ids is a loader's own.
    let acts =
        || audit.findings.iter().any(|finding| finding.level == Level::Dangerous && !finding.is_of(&COMPUTED_CALL));
    runs_code(audit) && (!begins_with_id(document.source()) || audit.level == Level::Dangerous && acts())
}

/// Whether the first opcode is PERSID: loaders without persistent ids stop there, and every zip begins with its letter.
fn begins_with_id(source: &dyn Source) -> bool {
    let mut first = [0; 1];
    source.peek(0, &mut first) == Ok(1) && first[0] == Opcode::PersId as u8
}

/// Whether names that Python could import are called or changed, or are dangerous already, or what the registry of extensions
/// names is called: no accident makes such bytes.
pub(in crate::bundle) fn runs_code(audit: &Audit) -> bool {
    let could_be = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>'))
    };
    let named = audit.imports.iter().any(|import| could_be(&import.module) && could_be(&import.name));
    let acts = audit.call_count > 0 || audit.level == Level::Dangerous || is_of(audit, &MODIFIES_IMPORT);
    acts && (named || is_of(audit, &EXTENSION_CODE))
}

/// The same for bytes without PROTO: the words of a list can read as names by accident, but they call nothing.
pub(in crate::bundle) fn calls_code(audit: &Audit) -> bool {
    runs_code(audit) && (audit.call_count > 0 || is_of(audit, &MODIFIES_IMPORT))
}

fn is_of(audit: &Audit, rule: &Rule) -> bool {
    audit.findings.iter().any(|finding| finding.is_of(rule))
}
