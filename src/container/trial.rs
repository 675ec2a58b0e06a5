//! Codecs whose headers say little: bytes are taken for them when a first piece of them unpacks.
//!
//! Loaders do no more: joblib and `lzma.open` try. An `.lzma` file may begin with any of 225 bytes and any size of a
//! dictionary, so its header alone would fit one in ten thousand files, arrays of small numbers above all.

use super::format::Packing;
use super::signs::{archive, strong_packing};
use super::unpack::{Ending, Unpacked};
use crate::bytes::{MemorySource, Source, Span, read_span};
use crate::format::pickle::is_announced;
use std::sync::Arc;

/// Packed bytes that are tried.
const TRIED: u64 = 64 * 1024;
/// Unpacked bytes that convince: `lzma.open` unpacks 8 KiB before it gives the first byte.
const CONVINCING: u64 = 8 * 1024;
/// Bytes of an `.lzma` header: properties, dictionary size, unpacked size.
const LZMA_HEADER: usize = 13;

/// What a first piece came to.
struct Trial {
    /// What came out.
    bytes: Vec<u8>,
    /// Whether it went wrong before the piece was over.
    failed: bool,
    /// Whether the stream ended, and how many bytes are behind it.
    behind: Option<u64>,
    /// Whether its checksums hold.
    sound: bool,
}

fn trial(packing: Packing, source: &dyn Source, from: u64) -> Option<Trial> {
    let span = Span::new(from, source.len().min(from.saturating_add(TRIED)));
    let packed = read_span(source, span).ok()?.into_owned();
    let is_whole = span.end == source.len();
    let packed: Arc<dyn Source> = Arc::new(MemorySource::new(packed));
    let unpacked = Unpacked::tried(packing, Arc::clone(&packed));
    let ending = unpacked.advance(CONVINCING, &mut |_, _| {});
    let bytes = read_span(&unpacked, Span::new(0, unpacked.len())).ok()?.into_owned();
    let left = packed.len() - unpacked.behind().map_or(packed.len(), |behind| behind.start);
    let behind = (ending == Ending::Complete).then(|| left + (source.len() - span.end));
    let failed = match ending {
        Ending::Damaged { packed_offset, .. } => is_whole || packed_offset < packed.len(),
        _ => false,
    };
    let sound = unpacked.notes().iter().all(|note| behind.is_some_and(|left| left > 0) && note.offset.is_some());
    Some(Trial { bytes, failed, behind, sound })
}

/// Whether bytes are an `.lzma` file, whatever its properties and its dictionary. Of bytes with the sign of another format
/// only what comes out can tell.
pub(super) fn is_lzma(head: &[u8], source: &dyn Source, has_other_sign: bool) -> bool {
    let Some(&[properties, _, _, _, _, ref size @ .., first]) = head.first_chunk::<{ LZMA_HEADER + 1 }>() else {
        return false;
    };
    // Every range code begins with a zero byte.
    if properties > 224 || first != 0 || is_announced(head) {
        return false;
    }
    let Some(trial) = trial(Packing::Lzma, source, 0) else { return false };
    let ends_by_marker = *size == [0xff; 8];
    if has_other_sign {
        return is_known(&trial.bytes) || names_global(&trial.bytes);
    }
    match trial.behind {
        Some(0) => !trial.bytes.is_empty(),
        Some(_) if is_known(&trial.bytes) || trial.bytes.ends_with(b".") || names_global(&trial.bytes) => true,
        Some(_) => trial.bytes.len() > 1 && ends_by_marker,
        None if trial.failed => is_known(&trial.bytes),
        None => is_known(&trial.bytes) || is_dense(source),
    }
}

/// Whether bytes with a zlib header that pickles begin with, too, are zlib: all that was tried unpacks.
pub(super) fn is_zlib(source: &dyn Source) -> bool {
    trial(Packing::Zlib, source, 0).is_some_and(|trial| match trial.behind {
        Some(_) => trial.sound && !trial.bytes.is_empty(),
        None => !trial.failed,
    })
}

/// Whether what follows the name of a preset dictionary is deflated.
pub(super) fn is_deflated(source: &dyn Source, from: u64) -> bool {
    const SOME: usize = 32;
    trial(Packing::Deflate, source, from).is_some_and(|trial| trial.behind == Some(4) || trial.bytes.len() >= SOME)
}

/// Whether a first piece of a stream unpacks, so that bytes with the sign of one are one.
#[must_use]
pub fn unpacks(packing: Packing, source: &dyn Source) -> bool {
    const SOME: usize = 64;
    trial(packing, source, 0).is_some_and(|trial| match (packing, trial.behind) {
        (Packing::Zlib, Some(_)) => trial.sound && !trial.bytes.is_empty(),
        (Packing::Zlib, None) => !trial.failed,
        _ => !trial.failed || trial.bytes.len() >= SOME || is_known(&trial.bytes),
    })
}

/// Whether what a stream unpacks to begins as a pickle or a known format.
#[must_use]
pub fn holds_known(packing: Packing, source: &dyn Source) -> bool {
    trial(packing, source, 0).is_some_and(|trial| is_known(&trial.bytes) || names_global(&trial.bytes))
}

/// Whether unpacked bytes begin as something that people pack: a pickle of protocol 2 or later, a known format.
fn is_known(bytes: &[u8]) -> bool {
    is_announced(bytes) || bytes.starts_with(b"\x93NUMPY") || strong_packing(bytes) || archive(bytes).is_some()
}

/// Whether bytes name something as a pickle does: a module and a name on lines of their own, or texts and STACK_GLOBAL.
fn names_global(bytes: &[u8]) -> bool {
    const STACK_GLOBAL: u8 = 0x93;
    const MEMOIZE: u8 = 0x94;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
    let by_lines = std::iter::from_fn(|| Some((lines.next()?, *lines.peek()?))).any(|(line, next)| {
        let module = line.rsplit(|byte| !is_part(byte)).next().unwrap_or_default();
        let names =
            module.split_last().is_some_and(|(_, before)| before.iter().any(|byte| matches!(byte, b'c' | b'i')));
        names && !next.is_empty() && next.iter().all(is_part)
    });
    let by_stack = |at: usize| {
        let before = bytes[..at].strip_suffix(&[MEMOIZE]).unwrap_or(&bytes[..at]);
        before.len() > 2 && before[before.len() - 2..].iter().all(is_part)
    };
    by_lines || memchr::memchr_iter(STACK_GLOBAL, bytes).any(by_stack)
}

/// Whether packed bytes are spread like those of a packed stream. Numbers that unpack by accident are mostly zeros.
fn is_dense(source: &dyn Source) -> bool {
    const SEEN: usize = 4096;
    let mut bytes = [0; SEEN];
    let Ok(count) = source.read_at(LZMA_HEADER as u64, &mut bytes) else { return false };
    let mut counts = [0_usize; 256];
    for byte in &bytes[..count] {
        counts[usize::from(*byte)] += 1;
    }
    counts.iter().all(|number| *number <= count / 16 + 2)
}
