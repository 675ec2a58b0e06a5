//! A part of a decision tree, laid out.

use super::super::card::{TreeAsk, TreeDrawing, TreeNode};
use super::super::preview::{grouped, plural};
use crate::lens::{DecisionTree, Forest, Topology};

/// Nodes of one drawing.
const NODES: usize = 1 << 10;

/// The part of a tree of a forest that is asked for.
pub(super) fn drawing<F: Forest + ?Sized>(forest: &F, ask: TreeAsk) -> TreeDrawing {
    let number = if forest.len() > 1 {
        format!("tree {} of {}", grouped(ask.tree.saturating_add(1)), grouped(forest.len()))
    } else {
        "tree".to_owned()
    };
    let title = forest.purpose(ask.tree).map_or(number.clone(), |purpose| format!("{number}, {purpose}"));
    let read = forest.tree(ask.tree).and_then(|tree| {
        let topology = tree.topology()?;
        Ok((tree, topology))
    });
    let (tree, topology) = match read {
        Ok(read) => read,
        Err(problem) => return TreeDrawing { title, problem: Some(problem), ..TreeDrawing::default() },
    };
    let size = plural(topology.len() as u64, "node", "nodes");
    let title = format!("{title}, depth {}, {size}", topology.depth);
    let mut drawing = TreeDrawing { title, problem: topology.problem.clone(), ..TreeDrawing::default() };
    match u32::try_from(ask.root).ok().filter(|&root| (root as usize) < topology.len()) {
        Some(root) => {
            lay_out(&*tree, &topology, root, ask.depth, &mut drawing);
            drawing.legend = say_once(&mut drawing.nodes);
        }
        None if topology.is_empty() => {}
        None => drawing.problem = Some(format!("there is no node {} among {}", ask.root, topology.len())),
    }
    drawing
}

/// Every node in the middle of those below it; those with none below them side by side.
fn lay_out(tree: &dyn DecisionTree, topology: &Topology, root: u32, depth: u32, drawing: &mut TreeDrawing) {
    let mut waiting = vec![(root, None, false, 0)];
    while let Some((id, parent, when, level)) = waiting.pop() {
        let children = topology.children(id);
        let words = tree.words(id, children.is_none());
        let position = drawing.nodes.len() as u32;
        let below = children.filter(|_| level < depth && drawing.nodes.len() + waiting.len() + 2 < NODES);
        drawing.nodes.push(TreeNode {
            id: u64::from(id),
            parent,
            when,
            level,
            x: 0.0,
            title: words.title,
            lines: words.lines,
            is_leaf: children.is_none(),
            hidden: if below.is_some() { 0 } else { topology.below(id) },
            tone: words.tone,
            class: words.class,
        });
        if let Some([holds, else_]) = below {
            waiting.push((else_, Some(position), false, level + 1));
            waiting.push((holds, Some(position), true, level + 1));
        }
    }
    // Nodes come in the order of a walk, so the last ones of it are the rightmost.
    let bottoms = is_bottom(&drawing.nodes);
    drawing.width = bottoms.iter().filter(|bottom| **bottom).count() as f64;
    let mut next = 0.5;
    for (node, bottom) in drawing.nodes.iter_mut().zip(&bottoms) {
        if *bottom {
            node.x = next;
            next += 1.0;
        }
    }
    for position in (1..drawing.nodes.len()).rev() {
        // Both nodes below are placed before the one above them.
        if let Some(parent) = drawing.nodes[position].parent {
            let x = drawing.nodes[position].x / 2.0;
            drawing.nodes[parent as usize].x += x;
        }
    }
}

/// Takes what most splits say of missing values away from them, to be said once. Where a split says nothing of them, or there is one
/// alone, all stays as it is.
fn say_once(nodes: &mut [TreeNode]) -> String {
    let said = |node: &TreeNode| node.lines.iter().position(|line| line.contains("missing values go"));
    let splits: Vec<Option<usize>> = nodes.iter().filter(|node| !node.is_leaf).map(said).collect();
    if splits.len() < 2 || splits.contains(&None) {
        return String::new();
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for line in nodes.iter().filter_map(|node| node.lines.get(said(node)?)) {
        // There are four different ones at most.
        match counts.iter_mut().find(|(known, _)| known == line) {
            Some((_, count)) => *count += 1,
            None => counts.push((line.clone(), 1)),
        }
    }
    let Some((usual, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return String::new() };
    for node in nodes.iter_mut() {
        node.lines.retain(|line| *line != usual);
    }
    let but = if count < splits.len() { " unless a split says otherwise" } else { "" };
    format!("{}{but}.", crate::lens::capitalised(&usual))
}

/// For each node whether none of this drawing is below it.
fn is_bottom(nodes: &[TreeNode]) -> Vec<bool> {
    let mut bottoms = vec![true; nodes.len()];
    for parent in nodes.iter().filter_map(|node| node.parent) {
        bottoms[parent as usize] = false;
    }
    bottoms
}
