//! Median and quartiles, of as many numbers as can be kept to be ordered.

/// Numbers that are kept.
const KEPT: usize = 1 << 20;
/// Integers above it are not all floats.
const EXACT: i128 = 1 << 53;

/// The numbers, until they are asked for their quartiles.
#[derive(Clone, Debug)]
pub(super) enum Quartiles {
    Kept(Vec<f64>),
    /// There are too many, or some are no floats.
    Unknown,
    Found([f64; 3]),
}

impl Default for Quartiles {
    fn default() -> Self {
        Self::Kept(Vec::new())
    }
}

impl Quartiles {
    pub(super) fn see_floats(&mut self, values: &[f64]) {
        self.see(values.iter().copied().filter(|value| !value.is_nan()));
    }

    pub(super) fn see_integers(&mut self, values: &[Option<i128>]) {
        if values.iter().flatten().any(|value| !(-EXACT..=EXACT).contains(value)) {
            *self = Self::Unknown;
        }
        self.see(values.iter().flatten().map(|&value| value as f64));
    }

    fn see(&mut self, values: impl Iterator<Item = f64>) {
        let Self::Kept(kept) = self else { return };
        kept.extend(values.take(KEPT + 1 - kept.len()));
        if kept.len() > KEPT {
            *self = Self::Unknown;
        }
    }

    /// Orders what is kept, and lets it go.
    pub(super) fn finish(&mut self) {
        let Self::Kept(kept) = &*self else { return };
        *self = match kept.is_empty() {
            true => Self::Unknown,
            false => Self::Found([0.25, 0.5, 0.75].map(|part| quantile(kept, part))),
        };
    }

    pub(super) fn found(&self) -> Option<[f64; 3]> {
        match self {
            &Self::Found(found) => Some(found),
            _ => None,
        }
    }
}

/// The number below which this part of them lies; between two of them in proportion, as `numpy.percentile` and `describe` of
/// pandas have it.
fn quantile(values: &[f64], part: f64) -> f64 {
    let place = (values.len() - 1) as f64 * part;
    let (below, rest) = (place.floor() as usize, place.fract());
    let low = ranked(values, below);
    if rest == 0.0 {
        return low;
    }
    let high = ranked(values, below + 1);
    if low == high { low } else { low + (high - low) * rest }
}

/// The number that so many stand before when they are ordered, found digit by digit: eight times over the numbers whatever they
/// are, and 3 KB of the page's programs less than the standard library's selection.
fn ranked(values: &[f64], mut rank: usize) -> f64 {
    let (mut prefix, mut known) = (0_u64, 0_u64);
    for shift in (0..64).step_by(8).rev() {
        let mut counts = [0_usize; 256];
        for key in values.iter().map(|value| ordered(value.to_bits())).filter(|key| key & known == prefix) {
            counts[usize::from((key >> shift) as u8)] += 1;
        }
        let mut digit = 0;
        while digit < 255 && rank >= counts[digit] {
            rank -= counts[digit];
            digit += 1;
        }
        prefix |= (digit as u64) << shift;
        known |= 0xff << shift;
    }
    f64::from_bits(if prefix >> 63 == 1 { prefix ^ (1 << 63) } else { !prefix })
}

/// The bits of a float as an integer of the same order.
fn ordered(bits: u64) -> u64 {
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}
