//! Bytes that choose.

/// Reads choices from the front of an input. When it is used up, every choice is the first one.
pub struct Choices<'a>(pub &'a [u8]);

/// Numbers that no honest page would ask for, and those next to where something ends.
const WILD: [u64; 12] = [
    u64::MAX,
    u64::MAX - 1,
    i64::MAX as u64,
    1 << 63,
    1 << 32,
    (1 << 32) - 1,
    (1 << 31) - 1,
    1 << 31,
    1 << 24,
    1 << 20,
    4096,
    1000,
];

impl<'a> Choices<'a> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    /// One of `count` things.
    pub fn of(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count.max(1)
    }

    /// Yes or no.
    pub fn yes(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number: small, of two bytes, or wild.
    pub fn number(&mut self) -> u64 {
        match self.byte() {
            small @ 0..=199 => u64::from(small),
            200..=229 => u64::from(self.byte()) << 8 | u64::from(self.byte()),
            wild => {
                WILD[usize::from(wild - 230) % WILD.len()].wrapping_sub(u64::from(wild >> 7 & u8::from(wild > 242)))
            }
        }
    }

    /// The same of 32 bits.
    pub fn small(&mut self) -> u32 {
        u32::try_from(self.number()).unwrap_or(u32::MAX)
    }

    /// The next bytes, at most `count`.
    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A short text.
    pub fn text(&mut self) -> String {
        let count = self.of(24);
        String::from_utf8_lossy(self.bytes(count)).into_owned()
    }
}
