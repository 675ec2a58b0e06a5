//! The spread of an array's numbers in its row: a handful of bars, a byte each.

use crate::lens::Values;

/// Elements of an array that may have bars: more of them are for its card, which goes over them in steps.
pub const ELEMENTS: u64 = 4096;
/// Height of the highest bar. A bar of a range with any number in it is at least 1 high.
pub const HEIGHT: u8 = 12;
/// Bars at least, and at most.
const FEWEST: usize = 5;
const MOST: usize = 16;
/// Fewer numbers say more by themselves.
const NUMBERS: usize = 5;

/// The heights of the bars, from the smallest number to the largest; nothing of text, of a few numbers and of equal ones.
#[must_use]
pub fn bars(values: &Values) -> Vec<u8> {
    let numbers: Vec<f64> = match values {
        Values::Floats(values) => values.iter().copied().filter(|value| value.is_finite()).collect(),
        Values::Integers(values) => values.iter().flatten().map(|&value| value as f64).collect(),
        Values::Texts(_) | Values::Missing(_) => return Vec::new(),
    };
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Halves, because the range of floats may be no float.
    let range = high / 2.0 - low / 2.0;
    if numbers.len() < NUMBERS || range <= 0.0 {
        return Vec::new();
    }
    let mut count = ((numbers.len() as f64).sqrt().ceil() as usize).clamp(FEWEST, MOST);
    if matches!(values, Values::Integers(_)) && range < MOST as f64 / 2.0 {
        // A bar for each integer.
        count = (2.0 * range) as usize + 1;
    }
    let mut counts = vec![0u32; count.min(MOST)];
    let last = counts.len() - 1;
    for number in numbers {
        let share = (number / 2.0 - low / 2.0) / range;
        counts[((share * (last + 1) as f64) as usize).min(last)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    counts.into_iter().map(|count| (count * u32::from(HEIGHT)).div_ceil(most) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_ranges_are_full() {
        let floats = |values: &[f64]| bars(&Values::Floats(values.to_vec()));
        assert_eq!(floats(&[0.0, 0.1, 0.2, 0.3, 10.0]), [12, 0, 0, 0, 3]);
        assert_eq!(floats(&[0.0, f64::NAN, 1.0, f64::INFINITY, 2.0, 3.0, 4.0]), [12; 5]);
        let many: Vec<f64> = (0..4096).map(f64::from).collect();
        assert_eq!(floats(&many), [12; 16]);
    }

    #[test]
    fn a_few_integers_have_a_bar_each() {
        let integers = |values: &[i128]| bars(&Values::Integers(values.iter().copied().map(Some).collect()));
        assert_eq!(integers(&[0, 1, 1, 0, 1, 1]), [6, 12]);
        assert_eq!(integers(&[3, 4, 5, 5, 5, 3]), [8, 4, 12]);
        assert_eq!(integers(&[i128::MIN, 0, 0, 0, i128::MAX]), [4, 0, 12, 0, 4]);
    }

    #[test]
    fn what_spreads_over_nothing_has_none() {
        for values in [
            Values::Floats(vec![1.0; 100]),
            Values::Floats(vec![1.0, 2.0]),
            Values::Floats(vec![f64::NAN; 10]),
            Values::Texts(vec![Some("a".to_owned()); 10]),
            Values::Missing(10),
        ] {
            assert_eq!(bars(&values), [0; 0], "{values:?}");
        }
        assert_eq!(bars(&Values::Floats(vec![f64::MAX, f64::MIN, 0.0, 0.0, 0.0])), [4, 0, 12, 0, 4]);
    }
}
