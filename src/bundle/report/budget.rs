//! What reading everything in one file may cost, all members together.

use crate::bytes::Limits;

/// Members that are looked at in one file.
const MEMBERS: usize = 100_000;
/// Storages of torch that are looked through, in case one is a pickle; of the others the first bytes have to look like one.
/// Loaders take them for numbers, whatever they are.
const STORAGES: u64 = 1000;
/// Bytes that all packed streams of one file may give, in budgets of a single one: of a large file. A small one that gives
/// more than so many times its size is a bomb, and has one budget.
const UNPACKED: u64 = 4;
const RATIO: u64 = 16;
/// Bytes that may be read in budgets of a single stream: most that is packed is read once when it is unpacked.
const READ: u64 = 4;
/// Opcodes that are read of a small file; of a large one as many as a pickle of its size may have, unpacked.
const OPCODES: u64 = 1 << 27;
/// Bytes of storages that are held against their checksums.
const CHECKED: u64 = 64 << 20;

/// What reading everything in one file may still cost.
pub(super) struct Budget {
    /// Bytes that unpacking took so far, and may take.
    unpacked: u64,
    most_unpacked: u64,
    /// Bytes that may still be read.
    bytes: u64,
    /// Opcodes that were read so far, and may be.
    opcodes: u64,
    most_opcodes: u64,
    members: usize,
    storages: u64,
    /// Bytes of storages that may still be held against their checksums; those that were not, and their bytes.
    checked: u64,
    unchecked: (u64, u64),
}

impl Budget {
    /// For a file of `size` bytes, of which `bytes` may be read beside the document on show.
    pub(super) fn of_file(size: u64, bytes: u64, limits: &Limits) -> Self {
        let most = size.saturating_add(limits.unpacked).saturating_mul(READ);
        let large = limits.unpacked.saturating_mul(UNPACKED);
        let times = size.saturating_mul(RATIO);
        Self { most_unpacked: times.min(large).max(limits.unpacked), ..Self::within(bytes.min(most), times) }
    }

    /// A budget of bytes to read and of opcodes.
    pub(super) fn within(bytes: u64, opcodes: u64) -> Self {
        Self {
            unpacked: 0,
            most_unpacked: bytes,
            bytes,
            opcodes: 0,
            most_opcodes: opcodes.max(OPCODES),
            members: 0,
            storages: 0,
            checked: CHECKED,
            unchecked: (0, 0),
        }
    }

    /// Takes one more member on; what keeps it from being looked at, in words.
    pub(super) fn take_member(&mut self) -> Result<(), String> {
        self.members += 1;
        if self.members > MEMBERS {
            return Err(format!("only the first {MEMBERS} entries were looked at"));
        }
        if self.unpacked >= self.most_unpacked {
            return Err(format!("it unpacks to more than {} bytes; the rest was not looked at", self.most_unpacked));
        }
        if self.opcodes >= self.most_opcodes {
            let most = self.most_opcodes;
            return Err(format!("its pickles have more than {most} opcodes together; the rest was not looked at"));
        }
        Ok(())
    }

    /// Whether one more storage is looked at.
    pub(super) fn take_storage(&mut self) -> bool {
        self.storages += 1;
        self.storages <= STORAGES
    }

    /// Takes the bytes of a storage from what may be checked; whether there were enough.
    pub(super) fn take_checked(&mut self, bytes: u64) -> bool {
        let Some(left) = self.checked.checked_sub(bytes) else {
            self.unchecked = (self.unchecked.0 + 1, self.unchecked.1.saturating_add(bytes));
            return false;
        };
        self.checked = left;
        true
    }

    /// Storages that were not held against their checksums, and their bytes.
    pub(super) fn unchecked(&self) -> (u64, u64) {
        self.unchecked
    }

    /// Whether so many bytes may still be read, which are then taken as read.
    pub(super) fn take_bytes(&mut self, bytes: u64) -> bool {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or(self.bytes);
        left.is_some()
    }

    /// Takes up to this many bytes from the budget. Returns how many it gave.
    pub(super) fn take_up_to(&mut self, bytes: u64) -> u64 {
        let taken = bytes.min(self.bytes);
        self.bytes -= taken;
        taken
    }

    pub(super) fn spend_opcodes(&mut self, opcodes: u64) {
        self.opcodes = self.opcodes.saturating_add(opcodes);
    }

    pub(super) fn spend_unpacked(&mut self, bytes: u64) {
        self.unpacked = self.unpacked.saturating_add(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, CHECKED, OPCODES, RATIO};
    use crate::bytes::Limits;

    /// A budget holds over all members together, and says which it is.
    #[test]
    fn members_share_a_budget() {
        let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
        let mut opcodes = Budget::of_file(1000, u64::MAX, &limits);
        opcodes.spend_opcodes(OPCODES - 1);
        assert_eq!(opcodes.take_member(), Ok(()));
        opcodes.spend_opcodes(1);
        assert!(opcodes.take_member().unwrap_err().contains("opcodes"));
        let mut unpacked = Budget::of_file(1000, u64::MAX, &limits);
        unpacked.spend_unpacked(1 << 20);
        assert!(unpacked.take_member().unwrap_err().contains("unpacks to more than 1048576 bytes"));
        // A large file has as much more.
        let mut large = Budget::of_file(OPCODES, u64::MAX, &limits);
        large.spend_opcodes(OPCODES * (RATIO - 1));
        assert_eq!(large.take_member(), Ok(()));
        let mut bytes = Budget::of_file(1 << 20, u64::MAX, &limits);
        assert!(bytes.take_bytes(8 << 20) && !bytes.take_bytes(1));
    }

    #[test]
    fn storages_that_are_not_checked_are_counted() {
        let mut budget = Budget::within(0, 0);
        let most = CHECKED / 4 * 3;
        assert!(budget.take_checked(most) && !budget.take_checked(most) && budget.take_checked(1));
        assert_eq!(budget.unchecked(), (1, most));
    }
}
