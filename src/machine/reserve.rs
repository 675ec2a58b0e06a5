//! How columns grow: at checkpoints, to what the rest of the file may need, within a budget.

/// Instructions between two checkpoints.
pub(super) const CHECKPOINT: u64 = 4096;

/// Entries that a column must have room for after a checkpoint: no instruction adds more than two.
pub(super) const ROOM: usize = 2 * CHECKPOINT as usize;
/// Entries below which a column may grow by itself.
const SMALL: usize = 16 * CHECKPOINT as usize;

/// Parts of the budget that each of these may take at most. Values and MARKs cost a byte of a file each, and more when what is
/// left of them is shown.
pub(super) const STACK: u64 = 2;
pub(super) const MARKS: u64 = 4;

/// How far a reading has come, from which follows what the rest of the file may need.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub(super) at: u64,
    pub(super) total: u64,
}

/// Grows a column to what the rest of the file needs if it goes on like this, so that it is moved a few times only and
/// little is left over; never beyond `left` bytes, of which it gives what then remains.
pub(super) fn reserve<T>(column: &mut Vec<T>, read: Read, left: u64) -> Option<u64> {
    let length = column.len();
    if length + ROOM <= column.capacity() {
        return Some(left);
    }
    let spare = column.capacity() - length;
    let most = usize::try_from(left / size_of::<T>() as u64).unwrap_or(usize::MAX).saturating_add(spare);
    if most < ROOM {
        return None;
    }
    let expected = (length as f64 * (read.total as f64 / read.at.max(1) as f64) * 1.02) as usize;
    let target = expected.clamp(length + length / 4, length * 2) + 2 * ROOM;
    let before = column.capacity();
    column.reserve_exact((target - length).min(most));
    Some(left.saturating_sub(((column.capacity() - before) * size_of::<T>()) as u64))
}

/// The same for a column with a limit of its own, in bytes.
pub(super) fn reserve_within<T>(column: &mut Vec<T>, read: Read, left: u64, share: u64) -> Option<u64> {
    let room = left.min(share.saturating_sub((column.capacity() * size_of::<T>()) as u64));
    let rest = reserve_large(column, read, room)?;
    Some(left - (room - rest))
}

/// The same for a column that most files hardly need: it grows by itself as long as it is small.
pub(super) fn reserve_large<T>(column: &mut Vec<T>, read: Read, left: u64) -> Option<u64> {
    if column.len() < SMALL { Some(left) } else { reserve(column, read, left) }
}
