//! Numbers at an axis that are easy to read, and where they stand.

use crate::opcode;

/// How an axis runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scale {
    /// Equal distances are equal differences.
    #[default]
    Linear,
    /// Equal distances are equal factors; only numbers above 0 have a place.
    Logarithmic,
}

/// An axis from one number to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    scale: Scale,
}

impl Axis {
    /// An axis that has room for these numbers. Equal ones get some on both sides.
    #[must_use]
    pub fn new(low: f64, high: f64, scale: Scale) -> Self {
        let room = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
        let (low, high) = match scale {
            Scale::Linear if low == high => ((low - room).max(f64::MIN), (high + room).min(f64::MAX)),
            Scale::Logarithmic if low == high => (low / 2.0, (high * 2.0).min(f64::MAX)),
            _ => (low, high),
        };
        Self { low, high, scale }
    }

    /// The place of a number, from 0 at the lower end to 1; nothing for what has none.
    #[must_use]
    pub fn place(self, value: f64) -> Option<f64> {
        let share = match self.scale {
            // Halves, because the range of floats may be no float.
            Scale::Linear => (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0),
            Scale::Logarithmic => (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln()),
        };
        share.is_finite().then_some(share)
    }

    /// Numbers to stand at the axis with their texts, from the lowest on: about as many as asked for, at multiples of 1, 2 or 5
    /// times a power of ten, or at powers of ten.
    #[must_use]
    pub fn ticks(self, about: usize) -> Vec<(f64, String)> {
        let ticks = match self.scale {
            Scale::Linear => self.linear(about),
            Scale::Logarithmic => self.powers(about).or_else(|| self.linear(about)),
        };
        ticks.unwrap_or_else(|| [self.low, self.high].map(|end| (end, short(end))).to_vec())
    }

    fn linear(self, about: usize) -> Option<Vec<(f64, String)>> {
        let range = self.high - self.low;
        let rough = range / about.max(1) as f64;
        let power = rough.log10().floor();
        if !rough.is_finite() || !(-290.0..=290.0).contains(&power) {
            return None;
        }
        let power = power as i32;
        let at = |number: f64, factor: f64| match power {
            0.. => number * factor * 10f64.powi(power),
            _ => number * factor / 10f64.powi(-power),
        };
        let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| at(1.0, *factor) >= rough).unwrap_or(10.0);
        let step = at(1.0, factor);
        let (first, last) = ((self.low / step).ceil(), (self.high / step).floor());
        // Where floats do not tell the steps apart.
        if first.abs() > 1e14 || last.abs() > 1e14 || last < first {
            return None;
        }
        let numbers = (0..=(last - first) as usize).map(|number| at(first + number as f64, factor) + 0.0);
        Some(numbers.map(|number| (number, short(number))).collect())
    }

    /// Powers of ten, so many apart that they are few; nothing where there is at most one.
    fn powers(self, about: usize) -> Option<Vec<(f64, String)>> {
        let (first, last) = (self.low.log10().ceil() as i32, self.high.log10().floor() as i32);
        if last <= first {
            return None;
        }
        let step = (last - first).div_euclid(about.max(1) as i32) + 1;
        let powers = (first..=last).filter(|power| power.rem_euclid(step) == 0);
        // By its digits: computed, a power of ten is not always the nearest float.
        let number = |power: i32| format!("1e{power}").parse().unwrap_or(f64::NAN);
        Some(powers.map(|power| (number(power), short(number(power)))).collect())
    }
}

/// A number to seven digits, without a fraction that says nothing: `0.25`, `1200`, `3e-09`.
#[must_use]
pub fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.6e}").parse().unwrap_or(value);
    let text = opcode::repr_float(rounded);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64, scale: Scale) -> Vec<String> {
        Axis::new(low, high, scale).ticks(5).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn numbers_are_easy_to_read() {
        assert_eq!(texts(0.0, 1.0, Scale::Linear), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(texts(-3.7, 12.2, Scale::Linear), ["0", "5", "10"]);
        assert_eq!(texts(0.013, 0.031, Scale::Linear), ["0.015", "0.02", "0.025", "0.03"]);
        assert_eq!(texts(0.0, 999_999.0, Scale::Linear), ["0", "200000", "400000", "600000", "800000"]);
        assert_eq!(texts(7.0, 7.0, Scale::Linear), ["4", "6", "8", "10"]);
        assert_eq!(texts(1.0, 100_000.0, Scale::Logarithmic), ["1", "100", "10000"]);
        assert_eq!(texts(0.002, 30.0, Scale::Logarithmic), ["0.01", "0.1", "1", "10"]);
        assert_eq!(texts(2.0, 8.0, Scale::Logarithmic), ["2", "4", "6", "8"]);
    }

    #[test]
    fn there_are_a_few_whatever_the_ends() {
        let ends = [0.0, 5e-324, 1e-300, 1e-9, 0.1, 1.0, 3.0, 1e16, 1e16 + 8.0, 1e300, f64::MAX];
        let all: Vec<f64> = ends.iter().map(|end| -end).rev().chain(ends).collect();
        for &low in &all {
            for &high in all.iter().filter(|high| **high >= low) {
                for scale in [Scale::Linear, Scale::Logarithmic] {
                    if scale == Scale::Logarithmic && low <= 0.0 {
                        continue;
                    }
                    let axis = Axis::new(low, high, scale);
                    let ticks = axis.ticks(5);
                    assert!((1..=12).contains(&ticks.len()), "{low} {high} {ticks:?}");
                    assert!(ticks.is_sorted_by(|one, next| one.0 <= next.0), "{ticks:?}");
                    for place in ticks.iter().filter_map(|tick| axis.place(tick.0)) {
                        assert!((-1e-6..=1.000_001).contains(&place), "{low} {high} {ticks:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_has_no_place_has_none() {
        let axis = Axis::new(1.0, 100.0, Scale::Logarithmic);
        assert_eq!(axis.place(10.0), Some(0.5));
        assert_eq!((axis.place(0.0), axis.place(-1.0), axis.place(f64::NAN)), (None, None, None));
        assert_eq!(Axis::new(f64::MIN, f64::MAX, Scale::Linear).place(0.0), Some(0.5));
    }
}
