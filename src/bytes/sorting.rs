//! Sorting where it is not what takes the time: one sort for all types, where that of the standard library is compiled anew for
//! each, 5 KB of the page's programs at a time. Both are stable and grow alike.

use std::cmp::Ordering;

/// Sorts by a key.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts by comparing.
pub(crate) fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort(&mut order, &|one, other| compare(&items[one], &items[other]));
    // Each place has the number of the item that belongs there; a cycle of places is gone along once.
    for start in 0..order.len() {
        let mut at = start;
        while order[at] != start {
            let next = std::mem::replace(&mut order[at], at);
            items.swap(at, next);
            at = next;
        }
        order[at] = at;
    }
}

fn sort(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|&one, &other| compare(one, other));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_in_the_order_of_the_standard_sort() {
        for length in [0_u64, 1, 2, 3, 10, 100, 1000] {
            let items: Vec<(u64, u64)> = (0..length).map(|at| (at * 7919 % 37, at)).collect();
            let (mut one, mut other) = (items.clone(), items);
            by_key(&mut one, |item| std::cmp::Reverse(item.0));
            other.sort_by_key(|item| std::cmp::Reverse(item.0));
            assert_eq!(one, other);
        }
    }
}
