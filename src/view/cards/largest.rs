//! The largest and the first of many.

use crate::bytes::sorting;
use crate::view::card::{Bar, Bars};

/// Bars at most.
pub(super) const BARS: usize = 30;

/// Bars of the numbers that lie furthest from 0, the largest first.
pub(super) fn largest(values: &[f64], names: &[String], text: impl Fn(usize) -> String) -> Bars {
    largest_to_scale(values, names, furthest(values), text)
}

/// How far the numbers lie from 0 at most.
pub(super) fn furthest(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).fold(0.0, f64::max)
}

/// The same, where a number so far from 0 has a bar of full length.
pub(super) fn largest_to_scale(values: &[f64], names: &[String], full: f64, text: impl Fn(usize) -> String) -> Bars {
    let size = |index: usize| {
        let value = values[index].abs();
        if value.is_nan() { -1.0 } else { value }
    };
    let mut order: Vec<usize> = (0..values.len()).collect();
    sorting::by(&mut order, |&a, &b| size(b).total_cmp(&size(a)));
    let bar = |&index: &usize| {
        let share = values[index] / full;
        Bar {
            name: names.get(index).cloned().unwrap_or_else(|| format!("feature {index}")),
            share: if share.is_finite() { share.clamp(-1.0, 1.0) } else { 0.0 },
            value: text(index),
        }
    };
    Bars { bars: order.iter().take(BARS).map(bar).collect(), total: values.len() as u64 }
}

/// The first of many names.
pub(super) fn some(names: &[String]) -> String {
    const MOST: usize = 8;
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}
