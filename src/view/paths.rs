//! Paths to values in little room.

/// Characters of the end of a path that stay in sight.
const END: usize = 14;

/// A path in two parts: what may be left out, and the end, which begins with a whole part of the path if these are short.
#[must_use]
pub fn path_end(path: &str) -> (&str, &str) {
    let count = path.chars().count();
    if count <= END {
        return ("", path);
    }
    let last = path.char_indices().nth(count - END).map_or(0, |(at, _)| at);
    // Where a part of it begins behind that: `[3]`, `.mean_`, `/weights`.
    let begins = |(_, c): &(usize, char)| matches!(c, '[' | '.' | '/' | '›');
    let start = path[last..].char_indices().find(begins).map_or(last, |(at, _)| last + at);
    // The last part alone may be longer, or short as `[3]`, which says little.
    let start = if path[start..].chars().count() < END / 3 { last } else { start };
    path.split_at(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_stays() {
        for (path, end) in [
            ("obj['short']", "obj['short']"),
            ("obj['a very long key of a very long dict']['mean'].of_", "['mean'].of_"),
            ("obj['a very long key of a very long dict'][3]", "ong dict'][3]"),
            ("obj['ééééééééééééééééééééé']", "éééééééééééé']"),
            ("", ""),
        ] {
            let (before, after) = path_end(path);
            assert_eq!(format!("{before}{after}"), path);
            assert!(after.ends_with(end) || after == end, "{after}");
            assert!(after.chars().count() <= END, "{after}");
        }
    }
}
