//! The object tree as a file of text. What is open on the screen stays as it is.

use super::Document;
use super::being_saved::TreeFile;
use super::tree::{Spot, Tree};
use super::visits::{Task, Walk};
use crate::export::PIECE;
use crate::graph::NodeId;
use crate::view::tree_text;

/// Rows directly below one, ranges of a thousand among them.
const ITEMS: u64 = 1000;
/// Rows that are visited in one step.
const ROWS: usize = 2000;

impl Document {
    /// Begins with a value, or with everything.
    pub(super) fn tree_file(&mut self, node: Option<NodeId>) -> Result<TreeFile, String> {
        let roots = self.roots.len() as u64;
        let mut file = TreeFile { tree: Tree::new(roots), tasks: Vec::new(), above: 0, done: 0, left_out: 0 };
        let Some(node) = node else {
            file.tasks = (0..roots).rev().map(|index| Task::Visit(Spot { branch: 0, index })).collect();
            return Ok(file);
        };
        let no_row = || "no row of the tree shows this value".to_owned();
        let (root, steps) = self.way_to(node).ok_or_else(no_row)?;
        std::mem::swap(&mut self.tree, &mut file.tree);
        let mut spot = Spot { branch: 0, index: root as u64 };
        let mut found = Ok(());
        for ((_, index), _) in steps {
            match self.insert_spot(spot) {
                Some(branch) => spot = Spot { branch, index },
                None => {
                    found = Err(no_row());
                    break;
                }
            }
        }
        file.above = self.tree.branch(spot.branch).map_or(0, |branch| branch.depth);
        std::mem::swap(&mut self.tree, &mut file.tree);
        file.tasks.push(Task::Visit(spot));
        found.map(|()| file)
    }

    /// Adds some rows; whether they were the last ones.
    pub(super) fn tree_step(&mut self, file: &mut TreeFile, out: &mut Vec<u8>) -> bool {
        std::mem::swap(&mut self.tree, &mut file.tree);
        let above = file.above;
        let mut left_out = 0;
        for _ in 0..ROWS {
            let Some(task) = file.tasks.pop() else { break };
            // Writing to a vector cannot fail.
            let _ = self.visit(task, u64::MAX, ITEMS, &mut file.tasks, &mut |event| {
                let line = match event {
                    Walk::Row(row) => tree_text::line(&row, above),
                    Walk::More { level, left } => {
                        left_out += left;
                        tree_text::more(level, left, above)
                    }
                };
                out.extend(line.as_bytes());
                out.push(b'\n');
                Ok(())
            });
            file.done += 1;
            if out.len() >= PIECE {
                break;
            }
        }
        file.left_out += left_out;
        std::mem::swap(&mut self.tree, &mut file.tree);
        file.tasks.is_empty()
    }
}
