//! One open file: its bytes, what was read, and what is open on the screen. It answers one question at a time.

mod content;
mod inspect;
mod listing;
mod overview;
pub mod paste;
mod paths;
mod rows;
mod tree;
mod walk;

use crate::bytes::{Limits, Source};
use crate::graph::{Edge, NodeId, Parents};
use crate::lens::{Lens, Python2Reading};
use crate::machine::{self, Reading};
use crate::safety::{self, Audit};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use tree::Spot;

pub use content::{Child, Content, Place, Root, Target};
pub use tree::Tree;
pub use walk::Walk;

/// An open file.
pub struct Document {
    name: String,
    source: Box<dyn Source>,
    limits: Limits,
    reading: Reading,
    python2: Python2Reading,
    audit: Audit,
    roots: Vec<Root>,
    tree: Tree,
    parents: OnceCell<Parents>,
    first_paths: RefCell<HashMap<NodeId, Option<String>>>,
}

impl Document {
    /// Reads everything in `source`; never fails, at worst there is little to show. `progress` is told the offset reached
    /// and the size of the source from time to time.
    pub fn open(name: String, source: Box<dyn Source>, limits: Limits, progress: &mut dyn FnMut(u64, u64)) -> Self {
        let reading = machine::read(&*source, &limits, progress);
        let python2 = Python2Reading::default();
        let lens = Lens { graph: &reading.graph, source: &*source, limits: &limits, python2 };
        let audit = safety::audit(&reading, &lens);
        let mut document = Self {
            name,
            source,
            limits,
            reading,
            python2,
            audit,
            roots: Vec::new(),
            tree: Tree::default(),
            parents: OnceCell::new(),
            first_paths: RefCell::default(),
        };
        document.roots = document.find_roots();
        document.tree = Tree::new(document.roots.len() as u64);
        document.open_first_rows();
        document
    }

    /// What was read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The bytes.
    #[must_use]
    pub fn source(&self) -> &dyn Source {
        &*self.source
    }

    /// The budgets in force.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What loading the file would do.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// What the file shows at its top: its pickles, and whatever else is in it.
    #[must_use]
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// Reads nodes as the person chose.
    #[must_use]
    pub fn lens(&self) -> Lens<'_> {
        Lens { graph: &self.reading.graph, source: &*self.source, limits: &self.limits, python2: self.python2 }
    }

    /// Chooses how `str` of Python 2 is shown.
    pub fn read_python2_as(&mut self, reading: Python2Reading) {
        self.python2 = reading;
        self.first_paths.borrow_mut().clear();
    }

    /// Where a walk from the roots meets each node first.
    fn parents(&self) -> &Parents {
        self.parents.get_or_init(|| {
            let roots: Vec<NodeId> = self.roots.iter().flat_map(|root| self.root_nodes(root)).map(Edge::node).collect();
            Parents::new(&self.reading.graph, &roots)
        })
    }

    /// The first value is open from the start when it is a small one, and so is what stood on the stack where the reading
    /// stopped: the little that a damaged file has to show.
    fn open_first_rows(&mut self) {
        const FEW: u64 = 200;
        for index in 0..self.roots.len().min(3) {
            let opens = match self.roots[index] {
                Root::Pickle { stream: 0, .. } => true,
                Root::Stack { stream } => !self.reading.streams[stream].complete,
                _ => false,
            };
            if opens && self.children_of(self.content_of_root(index)) <= FEW {
                self.open_spot(Spot { branch: 0, index: index as u64 });
            }
        }
    }
}
