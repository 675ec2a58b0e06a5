//! The lines of the outline of sizes: what is open, in which order, what a key does.

use crate::view::{SizeOutline, SizeRow};
use std::collections::HashMap;
use std::rc::Rc;

/// By which column lines are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SizeOrder {
    /// What a value holds together with itself, largest first.
    #[default]
    Retained,
    /// The value alone, largest first.
    Own,
    /// Paths, in their order.
    Path,
}

/// One line.
#[derive(Clone, PartialEq, Debug)]
pub struct SizeLine {
    /// Its level, from 1.
    pub level: u32,
    /// Place among its siblings, from 1, and their number.
    pub position: (u64, u64),
    /// What it shows.
    pub shows: SizeShown,
}

/// What a line shows.
#[derive(Clone, PartialEq, Debug)]
pub enum SizeShown {
    /// A value, and whether what it holds is shown.
    Value(Rc<SizeRow>, bool),
    /// What has no line of its own in a value.
    Rest {
        /// The value; nothing for the top.
        of: Option<u32>,
        /// How many values; those can be asked for.
        more: u64,
        /// Their bytes, and those of what belongs to the value itself.
        bytes: u64,
    },
}

/// What was loaded of one value.
#[derive(Clone, PartialEq, Debug)]
struct Below {
    rows: Vec<Rc<SizeRow>>,
    more: u64,
    rest: u64,
}

/// Everything that was loaded.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SizeLines {
    below: HashMap<Option<u32>, Below>,
    open: HashMap<u32, bool>,
}

impl SizeLines {
    /// Keeps what a value holds, and opens it.
    pub fn load(&mut self, of: Option<u32>, outline: SizeOutline) {
        let rows = outline.rows.into_iter().map(Rc::new).collect();
        self.below.insert(of, Below { rows, more: outline.more, rest: outline.rest });
        if let Some(node) = of {
            self.open.insert(node, true);
        }
    }

    /// Opens or closes a value; whether what it holds must be asked for first.
    pub fn toggle(&mut self, node: u32) -> bool {
        if !self.below.contains_key(&Some(node)) {
            return true;
        }
        let open = self.open.entry(node).or_insert(false);
        *open = !*open;
        false
    }

    /// Rows that were loaded of a value.
    #[must_use]
    pub fn loaded(&self, of: Option<u32>) -> usize {
        self.below.get(&of).map_or(0, |below| below.rows.len())
    }

    /// The lines from top to bottom.
    #[must_use]
    pub fn lines(&self, order: SizeOrder) -> Vec<SizeLine> {
        let mut lines = Vec::new();
        let mut waiting = Vec::new();
        self.enter(None, 1, order, &mut waiting);
        while let Some(line) = waiting.pop() {
            if let SizeLine { level, shows: SizeShown::Value(row, true), .. } = &line {
                self.enter(Some(row.node), level + 1, order, &mut waiting);
            }
            lines.push(line);
        }
        lines
    }

    fn enter(&self, of: Option<u32>, level: u32, order: SizeOrder, waiting: &mut Vec<SizeLine>) {
        let Some(below) = self.below.get(&of) else { return };
        let mut rows = below.rows.clone();
        match order {
            SizeOrder::Retained => {}
            SizeOrder::Own => rows.sort_by_key(|row| std::cmp::Reverse(row.own)),
            SizeOrder::Path => rows.sort_by(|a, b| a.path.cmp(&b.path)),
        }
        let siblings = rows.len() as u64 + u64::from(below.rest > 0);
        if below.rest > 0 {
            let shows = SizeShown::Rest { of, more: below.more, bytes: below.rest };
            waiting.push(SizeLine { level, position: (siblings, siblings), shows });
        }
        for (at, row) in rows.into_iter().enumerate().rev() {
            let is_open = row.holds && self.open.get(&row.node).copied().unwrap_or(false);
            let shows = SizeShown::Value(row, is_open);
            waiting.push(SizeLine { level, position: (at as u64 + 1, siblings), shows });
        }
    }
}

/// The last step of a path below another one: `['frames']` of `obj['cache']['frames']`.
#[must_use]
pub fn last_step<'p>(path: &'p str, above: Option<&str>) -> &'p str {
    match above.and_then(|above| path.strip_prefix(above)).map(|step| step.trim_start_matches(" › ")) {
        Some(step) if !step.is_empty() => step,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(node: u32, path: &str, retained: u64, own: u64) -> SizeRow {
        SizeRow { node, is_value: true, path: path.into(), what: "list".into(), retained, own, holds: true }
    }

    fn paths(lines: &[SizeLine]) -> Vec<String> {
        let text = |line: &SizeLine| match &line.shows {
            SizeShown::Value(row, open) => format!("{} {}{}", line.level, row.path, if *open { " open" } else { "" }),
            SizeShown::Rest { more, bytes, .. } => format!("{} {more} more {bytes}", line.level),
        };
        lines.iter().map(text).collect()
    }

    #[test]
    fn lines_open_close_and_sort() {
        let mut lines = SizeLines::default();
        lines.load(None, SizeOutline { rows: vec![row(0, "obj", 100, 2)], more: 0, rest: 0 });
        assert!(lines.toggle(0));
        let below = vec![row(1, "obj[1]", 60, 1), row(2, "obj[0]", 30, 9)];
        lines.load(Some(0), SizeOutline { rows: below, more: 3, rest: 8 });
        let shown = lines.lines(SizeOrder::Retained);
        assert_eq!(paths(&shown), ["1 obj open", "2 obj[1]", "2 obj[0]", "2 3 more 8"]);
        assert_eq!(shown[2].position, (2, 3));
        assert_eq!(paths(&lines.lines(SizeOrder::Own))[1..3], ["2 obj[0]", "2 obj[1]"]);
        assert_eq!(paths(&lines.lines(SizeOrder::Path))[1..3], ["2 obj[0]", "2 obj[1]"]);
        assert!(!lines.toggle(0));
        assert_eq!(paths(&lines.lines(SizeOrder::Retained)), ["1 obj"]);
        assert_eq!(lines.loaded(Some(0)), 2);
    }

    #[test]
    fn steps_are_what_a_path_adds() {
        assert_eq!(last_step("obj['a'][0]", Some("obj['a']")), "[0]");
        assert_eq!(last_step("obj › arg 0", Some("obj")), "arg 0");
        assert_eq!(last_step("archive/data/0", Some("obj")), "archive/data/0");
        assert_eq!(last_step("obj", None), "obj");
    }
}
