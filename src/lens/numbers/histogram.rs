//! Counts of numbers in ranges of the same width, with ends that are easy to read.

use super::series::Value;

/// So many integers in a row have a bar each.
pub(in crate::lens) const FEW: i128 = 40;
/// Ranges at most.
const MOST: f64 = 40.0;
/// Ranges where no easy ends are found.
const EVEN: usize = 32;

/// Counts in ranges.
#[derive(Clone, PartialEq, Debug)]
pub struct Histogram {
    /// The ends of the ranges, one more than there are ranges. A range has its lower end and not its upper one, but for the
    /// last range, which has both.
    pub edges: Vec<Value>,
    /// Values in each.
    pub counts: Vec<u64>,
    /// Whether each range is one integer: its lower end.
    pub is_discrete: bool,
}

/// Counts of integers while there are only a few in a row. Floats without a fraction count as such.
#[derive(Clone, Debug, Default)]
pub(in crate::lens) struct Few {
    first: i128,
    counts: Vec<u64>,
}

impl Few {
    /// Makes room for everything between the ends; false when that is too much.
    fn reach(&mut self, ends: Option<(Value, Value)>) -> bool {
        let Some((low, high)) = ends else { return true };
        let (Some(low), Some(high)) = (integer(low), integer(high)) else { return false };
        let Some(last) = high.checked_sub(low).filter(|last| *last < FEW) else { return false };
        if self.counts.is_empty() {
            self.first = low;
        } else if low < self.first {
            let more = (self.first - low) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, more));
            self.first = low;
        }
        self.counts.resize(last as usize + 1, 0);
        true
    }

    /// False when these are not few.
    pub(in crate::lens) fn see_floats(&mut self, values: &[f64], ends: Option<(Value, Value)>) -> bool {
        if !self.reach(ends) {
            return false;
        }
        for &value in values.iter().filter(|value| value.is_finite()) {
            let index = (value - self.first as f64) as usize;
            if value.fract() != 0.0 || index >= self.counts.len() {
                return false;
            }
            self.counts[index] += 1;
        }
        true
    }

    /// False when these are not few.
    pub(in crate::lens) fn see_integers(&mut self, values: &[Option<i128>], ends: Option<(Value, Value)>) -> bool {
        if !self.reach(ends) {
            return false;
        }
        for value in values.iter().flatten() {
            self.counts[(value - self.first) as usize] += 1;
        }
        true
    }

    pub(in crate::lens) fn histogram(&self, are_integers: bool) -> Option<Histogram> {
        if self.counts.is_empty() {
            return None;
        }
        let edge = |at: usize| {
            let value = self.first + at as i128;
            if are_integers { Value::Integer(value) } else { Value::Float(value as f64) }
        };
        let edges = (0..=self.counts.len()).map(edge).collect();
        Some(Histogram { edges, counts: self.counts.clone(), is_discrete: true })
    }
}

/// A float as the integer that it is, as far as floats tell integers apart.
fn integer(value: Value) -> Option<i128> {
    match value {
        Value::Integer(value) => Some(value),
        Value::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i128),
        Value::Float(_) => None,
    }
}

/// Ranges that are being filled.
#[derive(Clone, Debug)]
pub(in crate::lens) enum Bins {
    Floats { edges: Vec<f64>, counts: Vec<u64> },
    Integers { low: i128, step: i128, counts: Vec<u64> },
}

impl Bins {
    /// Ranges for what lies between these, both of them finite; `easy` may know a better width for integers.
    pub(in crate::lens) fn between(low: Value, high: Value, easy: &dyn Fn(i128) -> Option<i128>) -> Self {
        if let (Value::Integer(low), Value::Integer(high)) = (low, high)
            && let Some(range) = high.checked_sub(low)
        {
            let step =
                easy(range).filter(|step| *step > 0 && range / step < FEW).unwrap_or_else(|| integer_step(range));
            let first = low.div_euclid(step).saturating_mul(step);
            let reach = high.saturating_sub(first);
            // What lies on the last end belongs to the range below it.
            let count = (reach / step + i128::from(reach % step != 0)).clamp(1, 2 * FEW);
            return Self::Integers { low: first, step, counts: vec![0; count as usize] };
        }
        let edges = float_edges(low.as_f64(), high.as_f64());
        Self::Floats { counts: vec![0; edges.len() - 1], edges }
    }

    pub(in crate::lens) fn see(&mut self, value: Value) {
        match self {
            Self::Integers { low, step, counts } => {
                let Value::Integer(value) = value else { return };
                let index = usize::try_from(value.saturating_sub(*low) / *step).unwrap_or(0).min(counts.len() - 1);
                counts[index] += 1;
            }
            Self::Floats { edges, counts } => {
                let value = value.as_f64();
                if !value.is_finite() {
                    return;
                }
                let (first, last) = (edges[0], edges[edges.len() - 1]);
                let share = (value / 2.0 - first / 2.0) / (last / 2.0 - first / 2.0);
                let mut index = ((share * counts.len() as f64) as usize).min(counts.len() - 1);
                while index > 0 && value < edges[index] {
                    index -= 1;
                }
                while index + 1 < counts.len() && value >= edges[index + 1] {
                    index += 1;
                }
                counts[index] += 1;
            }
        }
    }

    pub(in crate::lens) fn histogram(&self) -> Histogram {
        match self {
            Self::Floats { edges, counts } => Histogram {
                edges: edges.iter().map(|&edge| Value::Float(edge)).collect(),
                counts: counts.clone(),
                is_discrete: false,
            },
            Self::Integers { low, step, counts } => Histogram {
                edges: (0..=counts.len() as i128).map(|at| Value::Integer(low.saturating_add(step * at))).collect(),
                counts: counts.clone(),
                is_discrete: false,
            },
        }
    }
}

/// 1, 2 or 5 times a power of ten, so that there are few ranges.
fn integer_step(range: i128) -> i128 {
    let mut power: i128 = 1;
    loop {
        for step in [1, 2, 5] {
            let step = power.saturating_mul(step);
            if range / step < FEW {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Ends at multiples of 1, 2 or 5 times a power of ten where floats tell those apart, otherwise at even distances.
fn float_edges(low: f64, high: f64) -> Vec<f64> {
    if low == high {
        return vec![low, high];
    }
    let easy = easy_edges(low, high).filter(|edges| edges.is_sorted_by(|one, next| one < next));
    easy.unwrap_or_else(|| {
        let share = |at: usize| at as f64 / EVEN as f64;
        let mut edges: Vec<f64> = (0..=EVEN).map(|at| low * (1.0 - share(at)) + high * share(at)).collect();
        edges[0] = low;
        edges[EVEN] = high;
        edges.dedup();
        edges.retain(|edge| *edge >= low && *edge <= high);
        edges
    })
}

fn easy_edges(low: f64, high: f64) -> Option<Vec<f64>> {
    let range = high - low;
    let mut power = (range / MOST).log10().floor() as i32;
    if !range.is_finite() || !(-290..=290).contains(&power) {
        return None;
    }
    let mut factor = 1.0;
    let at = |number: f64, factor: f64, power: i32| {
        if power >= 0 { number * factor * 10f64.powi(power) } else { number * factor / 10f64.powi(-power) }
    };
    while range / at(1.0, factor, power) > MOST {
        (factor, power) = match factor {
            1.0 => (2.0, power),
            2.0 => (5.0, power),
            _ => (1.0, power + 1),
        };
    }
    let step = at(1.0, factor, power);
    let (mut first, mut last) = ((low / step).floor(), (high / step).ceil());
    if first.abs() > 9e15 || last.abs() > 9e15 {
        return None;
    }
    while at(first, factor, power) > low {
        first -= 1.0;
    }
    while at(last, factor, power) < high {
        last += 1.0;
    }
    Some((0..=(last - first) as usize).map(|number| at(first + number as f64, factor, power)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_easy_to_read() {
        assert_eq!(float_edges(0.013, 0.31)[..3], [0.01, 0.02, 0.03]);
        assert_eq!(float_edges(-1.0, 1.0).len(), 41);
        assert_eq!(float_edges(-1.0, 1.0)[1], -0.95);
        let edges = float_edges(1e16, 1e16 + 8.0);
        assert!(edges.len() > 2 && edges.is_sorted_by(|one, next| one < next), "{edges:?}");
        let edges = float_edges(-f64::MAX, f64::MAX);
        assert!(edges.len() == 33 && edges.is_sorted_by(|one, next| one < next), "{edges:?}");
        let edges = float_edges(0.0, 5e-324);
        assert_eq!(edges, [0.0, 5e-324]);
    }

    #[test]
    fn every_number_between_the_ends_has_a_range() {
        for (low, high) in [(0.0, 1.0), (-3.7, 1e9), (1e-300, 2e-300), (-f64::MAX, f64::MAX), (0.1, 0.1)] {
            let mut bins = Bins::between(Value::Float(low), Value::Float(high), &|_| None);
            for at in 0..=100 {
                let share = f64::from(at) / 100.0;
                bins.see(Value::Float((low * (1.0 - share) + high * share).clamp(low, high)));
            }
            let histogram = bins.histogram();
            assert_eq!(histogram.counts.iter().sum::<u64>(), 101);
            assert_eq!(histogram.edges.len(), histogram.counts.len() + 1);
        }
        let (low, high) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let mut bins = Bins::between(Value::Integer(low), Value::Integer(high), &|_| None);
        [low, -1, 0, high].into_iter().for_each(|value| bins.see(Value::Integer(value)));
        let counts = bins.histogram().counts;
        assert_eq!((counts.iter().sum::<u64>(), counts[0], counts[counts.len() - 1]), (4, 1, 1));
    }
}
