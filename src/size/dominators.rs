//! Which object holds which: the dominators of a directed graph, by Lengauer and Tarjan.
//!
//! A node is *held* by the closest node through which every way from a root leads: without the holder, nothing would keep it.
//! Source: T. Lengauer and R. E. Tarjan, "A fast algorithm for finding dominators in a flowgraph", TOPLAS 1 (1979), the
//! version with path compression: O(m log n) whatever the graph is. Stacks are explicit, columns are `u32`.

/// In place of a node: nothing, or the top that holds every root.
pub const NONE: u32 = u32::MAX;

/// Arrows between nodes that are numbered from 0.
pub trait Network {
    /// Number of nodes; below 2^32 - 1.
    fn len(&self) -> u32;

    /// Whether there is no node.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the nodes that `node` points to, in order. The same node may come several times.
    fn successors(&self, node: u32, out: &mut Vec<u32>);
}

/// The closest holder of every node.
#[derive(Debug)]
pub struct Dominators {
    holder: Vec<u32>,
    order: Vec<u32>,
    strays: Vec<u32>,
}

impl Dominators {
    /// Works them out from `roots`. Nodes that no root leads to hang on roots of their own: on those of them that nothing points
    /// to, then on the first of each cycle that is left.
    #[must_use]
    pub fn of(network: &dyn Network, roots: impl Iterator<Item = u32>) -> Self {
        let mut walk = Walk::new(network);
        for root in roots {
            walk.from(root);
        }
        let strays = walk.strays();
        walk.holders(strays)
    }

    /// The node that holds `node`; [`NONE`] for what only the top does.
    #[must_use]
    pub fn holder(&self, node: u32) -> u32 {
        self.holder[node as usize]
    }

    /// All nodes, each behind its holder.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The nodes that became roots because none led to them.
    #[must_use]
    pub fn strays(&self) -> &[u32] {
        &self.strays
    }

    /// Sums what every node has over everything that it holds, itself included.
    #[must_use]
    pub fn sums(&self, own: impl Fn(u32) -> u64) -> Vec<u64> {
        let mut sums: Vec<u64> = (0..self.holder.len() as u32).map(own).collect();
        for &node in self.order.iter().rev() {
            let holder = self.holder[node as usize];
            if holder != NONE {
                sums[holder as usize] = sums[holder as usize].saturating_add(sums[node as usize]);
            }
        }
        sums
    }
}

/// What each node holds directly.
#[derive(Debug)]
pub struct Held {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Held {
    /// Turns the holders around.
    #[must_use]
    pub fn of(dominators: &Dominators) -> Self {
        let nodes = dominators.holder.len();
        let place = |holder: u32| if holder == NONE { nodes } else { holder as usize };
        let mut first = vec![0_u32; nodes + 2];
        for &holder in &dominators.holder {
            first[place(holder) + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut list = vec![0; nodes];
        let mut next = first.clone();
        for (node, &holder) in dominators.holder.iter().enumerate() {
            let at = &mut next[place(holder)];
            list[*at as usize] = node as u32;
            *at += 1;
        }
        Self { first, list }
    }

    /// What `holder` holds directly, in the order of the numbers; [`NONE`] is the top.
    #[must_use]
    pub fn by(&self, holder: u32) -> &[u32] {
        let at = if holder == NONE { self.list.len() } else { holder as usize };
        &self.list[self.first[at] as usize..self.first[at + 1] as usize]
    }
}

/// A walk depth first, and what it leaves: nodes numbered from 1 in the order in which they were met. 0 is the top.
struct Walk<'n> {
    network: &'n dyn Network,
    /// By node: its number, 0 while it was not met.
    number: Vec<u32>,
    /// By number.
    node: Vec<u32>,
    /// By number: the number from which it was met.
    parent: Vec<u32>,
    /// Numbers of the ends of every other arrow: where it leads, and from where.
    others: Vec<(u32, u32)>,
    stack: Vec<(u32, u32)>,
    buffer: Vec<u32>,
}

impl<'n> Walk<'n> {
    fn new(network: &'n dyn Network) -> Self {
        let nodes = network.len() as usize;
        let mut node = Vec::with_capacity(nodes + 1);
        let mut parent = Vec::with_capacity(nodes + 1);
        node.push(NONE);
        parent.push(0);
        let number = vec![0; nodes];
        Self { network, number, node, parent, others: Vec::new(), stack: Vec::new(), buffer: Vec::new() }
    }

    /// Notes the arrow to a node that was met before.
    fn again(&mut self, number: u32, from: u32) {
        // Behind its parent, one more arrow from there says nothing new.
        if self.parent[number as usize] != from && self.others.last() != Some(&(number, from)) {
            self.others.push((number, from));
        }
    }

    fn from(&mut self, root: u32) {
        self.stack.push((root, 0));
        while let Some((node, from)) = self.stack.pop() {
            let known = self.number[node as usize];
            if known != 0 {
                self.again(known, from);
                continue;
            }
            let number = self.node.len() as u32;
            self.number[node as usize] = number;
            self.node.push(node);
            self.parent.push(from);
            let mut next = std::mem::take(&mut self.buffer);
            next.clear();
            self.network.successors(node, &mut next);
            for &next in next.iter().rev() {
                match self.number[next as usize] {
                    0 => self.stack.push((next, number)),
                    known => self.again(known, number),
                }
            }
            self.buffer = next;
        }
    }

    /// Walks from what no root led to.
    fn strays(&mut self) -> Vec<u32> {
        let nodes = self.network.len();
        let mut strays = Vec::new();
        if self.node.len() as u64 == u64::from(nodes) + 1 {
            return strays;
        }
        let mut is_pointed_to = vec![false; nodes as usize];
        let mut next = Vec::new();
        for node in (0..nodes).filter(|&node| self.number[node as usize] == 0) {
            next.clear();
            self.network.successors(node, &mut next);
            next.iter().filter(|&&next| next != node).for_each(|&next| is_pointed_to[next as usize] = true);
        }
        for cycles in [false, true] {
            for node in 0..nodes {
                if self.number[node as usize] == 0 && (cycles || !is_pointed_to[node as usize]) {
                    strays.push(node);
                    self.from(node);
                }
            }
        }
        strays
    }

    fn holders(mut self, strays: Vec<u32>) -> Dominators {
        self.stack = Vec::new();
        self.others.sort_unstable();
        self.others.dedup();
        let count = self.node.len();
        let mut forest = Forest {
            ancestor: self.parent.clone(),
            label: (0..count as u32).collect(),
            semi: (0..count as u32).collect(),
            path: Vec::new(),
        };
        // While a number waits in a bucket, its `holder` is the next one in it.
        let mut holder = vec![NONE; count];
        let mut bucket = vec![NONE; count];
        let mut left = self.others.len();
        for number in (1..count).rev() {
            let own = number as u32;
            let parent = self.parent[number];
            let mut semi = parent;
            while left > 0 && self.others[left - 1].0 == own {
                left -= 1;
                let best = forest.best(self.others[left].1, own + 1);
                semi = semi.min(forest.semi[best as usize]);
            }
            forest.semi[number] = semi;
            if semi == parent {
                holder[number] = parent;
            } else {
                holder[number] = bucket[semi as usize];
                bucket[semi as usize] = own;
            }
            let mut waiting = std::mem::replace(&mut bucket[parent as usize], NONE);
            while waiting != NONE {
                let best = forest.best(waiting, own);
                let is_above = forest.semi[best as usize] < forest.semi[waiting as usize];
                let next = std::mem::replace(&mut holder[waiting as usize], if is_above { best } else { parent });
                waiting = next;
            }
        }
        for number in 1..count {
            if holder[number] != forest.semi[number] {
                holder[number] = holder[holder[number] as usize];
            }
        }
        let mut by_node = self.number;
        for (number, &node) in self.node.iter().enumerate().skip(1) {
            by_node[node as usize] = self.node[holder[number] as usize];
        }
        let mut order = self.node;
        order.remove(0);
        Dominators { holder: by_node, order, strays }
    }
}

/// The numbers that were looked at, linked to their parents; paths become shorter as they are used.
struct Forest {
    ancestor: Vec<u32>,
    label: Vec<u32>,
    semi: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    /// The number with the least semidominator on the way up from `number`, through what is linked: all from `linked` on.
    fn best(&mut self, number: u32, linked: u32) -> u32 {
        if number < linked {
            return number;
        }
        let mut at = number;
        while self.ancestor[at as usize] >= linked {
            self.path.push(at);
            at = self.ancestor[at as usize];
        }
        while let Some(below) = self.path.pop() {
            let above = self.ancestor[below as usize];
            let (best, own) = (self.label[above as usize], self.label[below as usize]);
            if self.semi[best as usize] < self.semi[own as usize] {
                self.label[below as usize] = best;
            }
            self.ancestor[below as usize] = self.ancestor[above as usize];
        }
        self.label[number as usize]
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Lists(Vec<Vec<u32>>);

    impl Network for Lists {
        fn len(&self) -> u32 {
            self.0.len() as u32
        }

        fn successors(&self, node: u32, out: &mut Vec<u32>) {
            out.extend(&self.0[node as usize]);
        }
    }

    /// Holders by their definition: `a` holds `b` when `b` is out of reach without `a`; the closest is the one that all others
    /// that hold `b` hold as well.
    fn slow(lists: &Lists, roots: &[u32]) -> Vec<u32> {
        let nodes = lists.0.len();
        let reach = |without: Option<u32>| {
            let mut met = vec![false; nodes];
            let mut waiting: Vec<u32> = roots.iter().copied().filter(|&root| Some(root) != without).collect();
            while let Some(node) = waiting.pop() {
                if !std::mem::replace(&mut met[node as usize], true) {
                    waiting.extend(lists.0[node as usize].iter().filter(|&&next| Some(next) != without));
                }
            }
            met
        };
        let all = reach(None);
        let lost: Vec<Vec<bool>> = (0..nodes as u32)
            .map(|node| reach(Some(node)).iter().zip(&all).map(|(met, before)| *before && !met).collect())
            .collect();
        let holds = |a: usize, b: usize| a != b && lost[a][b];
        let closest = |b: usize| {
            let above: Vec<usize> = (0..nodes).filter(|&a| all[a] && holds(a, b)).collect();
            let found = above.iter().find(|&&a| above.iter().all(|&other| other == a || holds(other, a)));
            found.map_or(NONE, |&a| a as u32)
        };
        (0..nodes).map(closest).collect()
    }

    fn check(lists: Lists, roots: &[u32]) {
        let found = Dominators::of(&lists, roots.iter().copied());
        let mut all = roots.to_vec();
        all.extend(found.strays());
        assert_eq!(found.holder, slow(&lists, &all), "{:?} from {all:?}", lists.0);
        let mut place = vec![usize::MAX; lists.0.len()];
        for (at, &node) in found.order().iter().enumerate() {
            place[node as usize] = at;
        }
        assert!(place.iter().all(|&at| at != usize::MAX));
        let comes_after = |node: usize| found.holder[node] == NONE || place[found.holder[node] as usize] < place[node];
        assert!((0..place.len()).all(comes_after));
    }

    #[test]
    fn shared_nodes_belong_to_the_closest_common_holder() {
        // 0 -> 1, 2; both -> 3 -> 4; 4 -> 0. 5 and 6 hold each other and 4.
        let lists = Lists(vec![vec![1, 2], vec![3], vec![3, 3], vec![4], vec![0], vec![6, 4], vec![5]]);
        let found = Dominators::of(&lists, [0].into_iter());
        assert_eq!(found.holder, [NONE, 0, 0, 0, NONE, NONE, 5]);
        assert_eq!(found.strays(), [5]);
        assert_eq!(found.sums(|_| 1), [4, 1, 1, 1, 1, 2, 1]);
        let held = Held::of(&found);
        assert_eq!(held.by(NONE), [0, 4, 5]);
        assert_eq!(held.by(0), [1, 2, 3]);
        assert!(held.by(6).is_empty());
    }

    proptest! {
        #[test]
        fn any_graph_agrees_with_the_definition(
            arrows in proptest::collection::vec((0_u32..14, 0_u32..14), 0..40),
            roots in proptest::collection::vec(0_u32..14, 0..3),
        ) {
            let mut lists = vec![Vec::new(); 14];
            for (from, to) in arrows {
                lists[from as usize].push(to);
            }
            check(Lists(lists), &roots);
        }
    }

    /// A chain of so many nodes, each of which the last points to as well, as does the first.
    struct Chain(u32);

    impl Network for Chain {
        fn len(&self) -> u32 {
            self.0
        }

        fn successors(&self, node: u32, out: &mut Vec<u32>) {
            match node {
                0 => out.extend((1..self.0).step_by(2)),
                _ if node + 1 == self.0 => out.extend(0..self.0),
                _ => out.push(node + 1),
            }
        }
    }

    #[test]
    fn deep_chains_with_arrows_to_every_link_take_a_moment() {
        let found = std::thread::Builder::new().stack_size(128 << 10);
        let run = found.spawn(|| Dominators::of(&Chain(1_000_000), [0].into_iter()).sums(|_| 1)[0]);
        assert_eq!(run.unwrap().join().unwrap(), 1_000_000);
    }
}
