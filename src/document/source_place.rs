//! From a value to its line of Python source.

use super::Document;

/// Lines that are looked through while someone waits.
const LOOKED_AT: u64 = 200_000;
/// Lines of one step.
const STEP: u64 = 1000;

impl Document {
    /// The first line that makes or changes a value; `None` when there is none among the first 200,000.
    #[must_use]
    pub fn source_line_of(&self, node: u32) -> Option<u64> {
        let total = self.source_line_count().min(LOOKED_AT);
        (0..total).step_by(STEP as usize).find_map(|first| {
            let lines = self.source_lines(first, STEP as usize);
            lines.iter().find(|line| line.node == Some(node)).map(|line| line.index)
        })
    }
}
