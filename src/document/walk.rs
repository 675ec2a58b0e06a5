//! The tree from top to bottom, for a terminal: every row once, objects that were shown before not again.

use super::Document;
use super::content::Target;
use super::tree::Spot;
use super::visits::{Task, Walk};
use crate::graph::{Node, NodeId};
use crate::lens::ShapeKind;
use crate::view::RowMark;
use std::io;

impl Document {
    /// Visits rows down to `depth` levels, at most `max_items` below each. What is open on the screen is closed first.
    ///
    /// # Errors
    /// Those of `visit`.
    pub fn walk(
        &mut self,
        depth: u64,
        max_items: u64,
        visit: &mut dyn FnMut(Walk) -> io::Result<()>,
    ) -> io::Result<()> {
        let roots = self.roots.len() as u64;
        for index in 0..roots {
            self.tree.close(Spot { branch: 0, index });
        }
        let mut tasks: Vec<Task> = (0..roots).rev().map(|index| Task::Visit(Spot { branch: 0, index })).collect();
        while let Some(task) = tasks.pop() {
            self.visit(task, depth, max_items, &mut tasks, visit)?;
        }
        Ok(())
    }

    /// Visits one row and puts those below it in line.
    pub(super) fn visit(
        &mut self,
        task: Task,
        depth: u64,
        max_items: u64,
        tasks: &mut Vec<Task>,
        visit: &mut dyn FnMut(Walk) -> io::Result<()>,
    ) -> io::Result<()> {
        match task {
            Task::More(level, left) => visit(Walk::More { level, left })?,
            Task::Close(spot) => self.tree.remove(spot),
            Task::Visit(spot) => {
                let Some(row) = self.row_at(spot) else { return Ok(()) };
                let known = |mark: &RowMark| matches!(mark, RowMark::Shared { .. } | RowMark::Cycle { .. });
                let descend = u64::from(row.level) < depth && !row.marks.iter().any(known) && !self.is_scalar(spot);
                let level = row.level;
                visit(Walk::Row(Box::new(row)))?;
                if descend {
                    self.visit_below(spot, level, max_items, tasks);
                }
            }
        }
        Ok(())
    }

    /// Whether the row tells all of its value: the bytes that a date was made of would only drown it. It does not tell what
    /// was done to a value that takes nothing, such as a state given to `None`, nor what runs before there is a value.
    fn is_scalar(&self, spot: Spot) -> bool {
        self.child_at(spot).is_some_and(|child| match child.target {
            Target::Value(edge) => {
                let (lens, node) = (self.lens(), edge.node());
                let is_call = matches!(lens.graph.node(node), Node::Call { .. });
                let is_changed = !is_call && lens.graph.runs(node).next().is_some();
                !is_changed && matches!(lens.shape(node).kind, ShapeKind::Scalar(_)) && !self.hides_danger(node)
            }
            _ => false,
        })
    }

    /// Whether something below a value is worth a look. What is too much to be gone over may be.
    fn hides_danger(&self, node: NodeId) -> bool {
        const NODES: usize = 256;
        let mut met = vec![node];
        let mut at = 0;
        while let Some(&next) = met.get(at) {
            at += 1;
            for edge in self.reading.graph.children(next) {
                if !met.contains(&edge.node()) {
                    met.push(edge.node());
                }
                if met.len() > NODES {
                    return true;
                }
            }
        }
        met[1..].iter().any(|&node| self.danger(node).is_some())
    }

    fn visit_below(&mut self, spot: Spot, level: u32, max_items: u64, tasks: &mut Vec<Task>) {
        let Some(branch) = self.insert_spot(spot) else { return };
        tasks.push(Task::Close(spot));
        let children = self.tree.children(branch);
        if children > max_items {
            tasks.push(Task::More(level + 1, children - max_items));
        }
        let shown = children.min(max_items);
        tasks.extend((0..shown).rev().map(|index| Task::Visit(Spot { branch, index })));
    }
}
