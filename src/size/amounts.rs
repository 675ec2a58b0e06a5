//! A column of sizes: four bytes each, and a map for the few that do not fit.

use std::collections::HashMap;

/// Sizes by number.
#[derive(Debug)]
pub(super) struct Amounts {
    small: Vec<u32>,
    large: HashMap<u32, u64>,
}

impl Amounts {
    /// So many zeros.
    pub(super) fn new(count: usize) -> Self {
        Self { small: vec![0; count], large: HashMap::new() }
    }

    pub(super) fn get(&self, at: u32) -> u64 {
        match self.small[at as usize] {
            u32::MAX => self.large.get(&at).copied().unwrap_or(u64::from(u32::MAX)),
            small => u64::from(small),
        }
    }

    pub(super) fn add(&mut self, at: u32, amount: u64) {
        let sum = self.get(at).saturating_add(amount);
        self.set(at, sum);
    }

    pub(super) fn push(&mut self, amount: u64) {
        self.small.push(0);
        self.set(self.small.len() as u32 - 1, amount);
    }

    fn set(&mut self, at: u32, amount: u64) {
        match u32::try_from(amount) {
            Ok(small) if small != u32::MAX => self.small[at as usize] = small,
            _ => {
                self.small[at as usize] = u32::MAX;
                self.large.insert(at, amount);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_beyond_four_gib_are_kept() {
        let mut sizes = Amounts::new(2);
        sizes.add(0, u64::from(u32::MAX) - 1);
        assert_eq!(sizes.get(0), u64::from(u32::MAX) - 1);
        sizes.add(0, 1);
        assert_eq!(sizes.get(0), u64::from(u32::MAX));
        sizes.add(0, 1 << 40);
        sizes.push(7);
        assert_eq!((sizes.get(0), sizes.get(1), sizes.get(2)), (u64::from(u32::MAX) + (1 << 40), 0, 7));
    }
}
