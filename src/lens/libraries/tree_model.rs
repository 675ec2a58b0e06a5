//! Decision trees of any library: how their nodes hang together, and what stands in one of them.

/// Nodes of one tree that are read at most.
pub(in crate::lens) const NODES: u64 = 1 << 21;

/// What stands in a node of a decision tree.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct NodeWords {
    /// The condition of a split, or what a leaf says.
    pub title: String,
    /// Impurity, samples, values.
    pub lines: Vec<String>,
    /// How strong the strongest class is, or where the value lies between the smallest and the greatest one: 0 to 1.
    pub tone: f64,
    /// Number of the strongest class; 0 for regression.
    pub class: u32,
}

/// A decision tree whose nodes have two or no nodes below them, the first of them where the condition holds.
pub trait DecisionTree {
    /// How the nodes hang together.
    ///
    /// # Errors
    /// When the tree cannot be read, in words.
    fn topology(&self) -> Result<Topology, String>;

    /// What stands in a node.
    fn words(&self, node: u32, is_leaf: bool) -> NodeWords;
}

/// How the nodes of a tree hang together, as far as they make a tree.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Topology {
    /// For each node those below it; of a leaf none.
    children: Vec<Option<[u32; 2]>>,
    /// Nodes in each part of the tree, the one on top included; 0 for nodes that no way from the root leads to.
    below: Vec<u32>,
    /// Levels below the root.
    pub depth: u32,
    /// What is wrong with it, in words.
    pub problem: Option<String>,
}

impl Topology {
    /// From the numbers of the nodes below each node; equal or negative numbers mark a leaf. Numbers of no node and of nodes
    /// that were met before are left out and said.
    #[must_use]
    pub fn new(pairs: &[[i64; 2]]) -> Self {
        let count = pairs.len();
        let mut topology = Self { children: vec![None; count], below: vec![0; count], ..Self::default() };
        if count == 0 {
            topology.problem = Some("the tree has no nodes".to_owned());
            return topology;
        }
        // In the order of a walk, each after the one above it.
        let mut order = vec![(0u32, u32::MAX)];
        let mut level = vec![0u32; count];
        topology.below[0] = 1;
        let mut next = 0;
        while let Some(&(node, _)) = order.get(next) {
            next += 1;
            let pair = pairs[node as usize];
            if pair[0] < 0 && pair[1] < 0 || pair[0] == pair[1] && pair[0] <= 0 {
                continue;
            }
            let found = pair.map(|child| usize::try_from(child).ok().filter(|&child| child < count));
            let ([Some(left), Some(right)], true) = (found, pair[0] != pair[1]) else {
                let words = format!("node {node} points to nodes {} and {} of {count}", pair[0], pair[1]);
                topology.problem.get_or_insert(words);
                continue;
            };
            if let Some(twice) = [left, right].into_iter().find(|&child| topology.below[child] != 0) {
                topology.problem.get_or_insert(format!("node {twice} is below node {node} and elsewhere"));
                continue;
            }
            topology.children[node as usize] = Some([left as u32, right as u32]);
            for child in [left, right] {
                topology.below[child] = 1;
                level[child] = level[node as usize] + 1;
                topology.depth = topology.depth.max(level[child]);
                order.push((child as u32, node));
            }
        }
        for &(node, parent) in order.iter().skip(1).rev() {
            topology.below[parent as usize] += topology.below[node as usize];
        }
        topology
    }

    /// Number of nodes, those included that no way leads to.
    #[must_use]
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The nodes below a node: where its condition holds, and where not.
    #[must_use]
    pub fn children(&self, node: u32) -> Option<[u32; 2]> {
        self.children.get(node as usize).copied().flatten()
    }

    /// Number of nodes below a node.
    #[must_use]
    pub fn below(&self, node: u32) -> u64 {
        self.below.get(node as usize).map_or(0, |&count| u64::from(count.saturating_sub(1)))
    }

    /// Leaves among the nodes that belong to the tree.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        let met = self.below.iter().zip(&self.children);
        met.filter(|(below, children)| **below > 0 && children.is_none()).count() as u64
    }
}

/// Decision trees that belong together.
pub trait Forest {
    /// How many.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of them, read when it is asked for.
    ///
    /// # Errors
    /// When it is no tree or cannot be read, in words.
    fn tree(&self, index: u64) -> Result<Box<dyn DecisionTree + '_>, String>;

    /// What one of them is for, beside its number: `class setosa`, `round 3`.
    fn purpose(&self, index: u64) -> Option<String> {
        let _ = index;
        None
    }
}
