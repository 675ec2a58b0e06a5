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
        let Self::Kept(kept) = self else { return };
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
fn quantile(values: &mut [f64], part: f64) -> f64 {
    let place = (values.len() - 1) as f64 * part;
    let (below, rest) = (place.floor() as usize, place.fract());
    let (_, &mut low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    if rest == 0.0 || low == high { low } else { low + (high - low) * rest }
}
