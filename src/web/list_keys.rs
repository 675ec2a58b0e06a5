//! The keys that move through a list, the same in all of them.

/// Where a key leads from row `at` of a list whose last row is `last`, with `page` rows in sight; `None` for other keys.
#[must_use]
pub fn moved(key: &str, at: u64, last: u64, page: u64) -> Option<u64> {
    let page = page.max(1);
    let to = match key {
        "ArrowDown" => at.saturating_add(1),
        "ArrowUp" => at.saturating_sub(1),
        "PageDown" => at.saturating_add(page),
        "PageUp" => at.saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn keys_stay_in_the_list() {
        let from = |at: u64, key: &str| moved(key, at, 9, 4);
        assert_eq!([from(3, "ArrowDown"), from(9, "ArrowDown"), from(0, "ArrowUp")], [Some(4), Some(9), Some(0)]);
        assert_eq!([from(3, "PageDown"), from(8, "PageDown"), from(2, "PageUp")], [Some(7), Some(9), Some(0)]);
        assert_eq!([from(3, "Home"), from(3, "End"), from(3, "Enter")], [Some(0), Some(9), None]);
        assert_eq!(moved("PageDown", u64::MAX - 1, u64::MAX, 0), Some(u64::MAX), "no row is in sight yet");
    }
}
