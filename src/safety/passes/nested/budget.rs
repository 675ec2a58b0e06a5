//! What the pickles inside one file may cost together.

use std::cell::Cell;

/// What the pickles inside one file may cost together.
pub(in crate::safety) struct Budget {
    pub(super) bytes: Cell<u64>,
    /// What unpacking may give; a small file can give any number of bytes.
    unpacked: Cell<u64>,
    tries: Cell<u32>,
    pub(super) depth: Cell<u32>,
    /// Whether the reading that is audited was found by a search, which goes on behind it by itself.
    pub(super) searching: Cell<bool>,
    /// Whether the reading is that of a loader which does not know joblib's notes.
    pub(in crate::safety) without_joblib: Cell<bool>,
    /// Whether something was left out.
    pub(in crate::safety) short: Cell<bool>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: Cell::new(256 << 20),
            unpacked: Cell::new(64 << 20),
            tries: Cell::new(10_000),
            depth: Cell::new(0),
            searching: Cell::new(false),
            without_joblib: Cell::new(false),
            short: Cell::new(false),
        }
    }
}

impl Budget {
    /// Bytes that may still be unpacked.
    pub(in crate::safety) fn room(&self) -> u64 {
        self.unpacked.get()
    }

    /// Counts bytes that were unpacked.
    pub(in crate::safety) fn spend(&self, bytes: u64) {
        self.unpacked.set(self.unpacked.get().saturating_sub(bytes));
    }

    /// Counts bytes that are looked at once more, and one try; says no, and that something was left out, when there is
    /// nothing left.
    pub(in crate::safety) fn charge(&self, bytes: u64) -> bool {
        let (left, tries) = (self.bytes.get(), self.tries.get());
        if tries == 0 || bytes > left {
            self.short.set(true);
            return false;
        }
        self.bytes.set(left - bytes);
        self.tries.set(tries - 1);
        true
    }
}
