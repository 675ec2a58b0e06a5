//! One open file: its bytes, what was read, and what is open on the screen. It answers one question at a time.

mod arranged;
mod being_saved;
mod byte_spans;
mod cards;
mod children;
mod column_names;
mod column_rows;
mod columns;
mod content;
mod digest;
mod embedded;
mod environment;
mod fields;
mod first_children;
mod in_order;
mod inspect;
mod listing;
mod locate;
mod machine;
mod overview;
pub mod paste;
mod paths;
mod places;
mod readers;
mod records;
mod referrers;
mod row_orders;
mod rows;
mod saving;
mod saving_report;
mod saving_tree;
mod shown;
mod source_lines;
mod source_place;
mod tallies;
mod tree;
mod unfold;
mod visits;
mod walk;

use crate::bytes::{Limits, Source, Span};
use crate::container::{self, Format};
use crate::export::python::Source as PythonSource;
use crate::format::joblib::Wrapper;
use crate::graph::{Edge, NodeId, Parents, SymbolId};
use crate::lens::{self, Attached, Components, GraphView, LegacyStorages, Lens, Lines, Python2Reading};
use crate::machine::{Layout, Reading};
use crate::safety::{self, Audit, Known};
use crate::trace::History;
use crate::view::{NoteFacts, Wrapping};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use being_saved::Saving;
use column_rows::ColumnRows;
use first_children::FirstChildren;
use in_order::FieldsInOrder;
use referrers::Referrers;
use row_orders::{Precisions, RowOrders};
use tallies::Tallies;
use tree::Spot;

pub use content::{Child, Content, Place, Root, Target};
pub use paths::ValuePlace;
pub(crate) use saving_report::ReportAsk;
pub use tree::Tree;
pub use visits::Walk;

/// An open file.
pub struct Document {
    name: String,
    source: Arc<dyn Source>,
    limits: Limits,
    reading: Reading,
    wrapping: Wrapping,
    python2: Python2Reading,
    attached: Attached,
    lines: Lines,
    audit: Audit,
    legacy: Option<LegacyStorages>,
    roots: Vec<Root>,
    tree: Tree,
    parents: OnceCell<Parents>,
    first_paths: RefCell<HashMap<NodeId, Option<String>>>,
    referrers: Referrers,
    tallies: Tallies,
    row_orders: RowOrders,
    precisions: RefCell<Precisions>,
    in_order: FieldsInOrder,
    as_python: OnceCell<PythonSource>,
    memo_at_stop: OnceCell<Vec<(u64, NodeId)>>,
    column_rows: RefCell<ColumnRows>,
    components: RefCell<HashMap<NodeId, Option<Arc<Components>>>>,
    shown: RefCell<HashMap<NodeId, FirstChildren>>,
    judged: RefCell<HashMap<SymbolId, Known>>,
    root_ends: OnceCell<Vec<u32>>,
    saving: Option<Saving>,
    history: RefCell<History>,
}

impl Document {
    /// Reads everything in `source`; never fails, at worst there is little to show. `progress` is told the offset reached
    /// and the size of the source from time to time.
    pub fn open(name: String, source: Box<dyn Source>, limits: Limits, progress: &mut dyn FnMut(u64, u64)) -> Self {
        Self::read(name, Arc::from(source), limits, progress)
    }

    /// The same of a source that others read, too.
    pub fn read(name: String, source: Arc<dyn Source>, limits: Limits, progress: &mut dyn FnMut(u64, u64)) -> Self {
        let read = match container::sniff(&*source) {
            Some(Format::Npy) => crate::machine::read_npy,
            _ => crate::machine::read,
        };
        let reading = read(&*source, &limits, progress);
        Self::new(name, source, reading, limits)
    }

    /// The same without what was read, when the bytes are in another format and do nothing when loaded: to be shown as what
    /// they are, not as a broken pickle.
    #[must_use]
    pub fn or_other_format(self) -> Self {
        if self.source.is_empty() || !self.is_inert() || self.other_kind().is_none() {
            return self;
        }
        let unread = Reading::unread(self.source.len());
        Self::new(self.name, self.source, unread, self.limits)
    }

    /// Bytes that were shown as another format, read as a pickle all the same: whoever asks for the graph wants to know where
    /// and why a loader stops. Nothing for what was read as one.
    #[must_use]
    pub fn as_pickle(&self) -> Option<Self> {
        let is_unread = self.reading.streams.is_empty() && self.wrapping.itself.is_none();
        is_unread.then(|| Self::read(String::new(), self.shared_source(), self.limits.clone(), &mut |_, _| {}))
    }

    /// Whether a loader stops in the first pickle before it imports or calls anything.
    fn is_inert(&self) -> bool {
        let reading = &self.reading;
        let ends = reading.streams.iter().any(|stream| stream.complete);
        reading.layout == Layout::Plain && !ends && self.audit.imports.is_empty() && self.audit.call_count == 0
    }

    /// Whether nothing of the bytes was read, because they are in another format or a wrapping.
    fn is_unread(&self) -> bool {
        self.reading.streams.is_empty() && !self.source.is_empty()
    }

    /// The document of what was read from `source`.
    #[must_use]
    pub fn new(name: String, source: Arc<dyn Source>, mut reading: Reading, limits: Limits) -> Self {
        let python2 = Python2Reading::default();
        let attached = Attached::default();
        let lens = Lens::new(GraphView {
            graph: &reading.graph,
            source: &*source,
            limits: &limits,
            python2,
            attached: &attached,
        });
        let found = lens::found_in_values(&lens);
        reading.problems.insert(found, &reading.graph, limits.problems);
        let audit = safety::audit(&reading, &lens);
        let mut document = Self {
            name,
            source,
            limits,
            reading,
            wrapping: Wrapping::default(),
            python2,
            attached,
            lines: Lines::default(),
            audit,
            legacy: None,
            roots: Vec::new(),
            tree: Tree::default(),
            parents: OnceCell::new(),
            first_paths: RefCell::default(),
            column_rows: RefCell::default(),
            components: RefCell::default(),
            referrers: Referrers::default(),
            tallies: Tallies::default(),
            row_orders: RowOrders::default(),
            precisions: RefCell::default(),
            in_order: FieldsInOrder::default(),
            as_python: OnceCell::new(),
            memo_at_stop: OnceCell::new(),
            shown: RefCell::default(),
            judged: RefCell::default(),
            root_ends: OnceCell::new(),
            saving: None,
            history: RefCell::default(),
        };
        document.legacy = lens::legacy_storages(&document.lens(), &document.reading);
        document.roots = document.find_roots();
        document.tree = Tree::new(document.roots.len() as u64);
        document.open_first_rows();
        document
    }

    /// The bytes, to be kept by whoever refers to them.
    #[must_use]
    pub fn shared_source(&self) -> Arc<dyn Source> {
        Arc::clone(&self.source)
    }

    /// The storages behind the pickles, when the file is one of torch before 1.6.
    #[must_use]
    pub fn legacy_storages(&self) -> Option<&LegacyStorages> {
        self.legacy.as_ref()
    }

    /// Bytes after the last pickle and its storages, or after the place where the reading stopped.
    #[must_use]
    pub fn trailing(&self) -> Option<Span> {
        let trailing = self.reading.trailing?;
        let behind = self.legacy.as_ref().and_then(|legacy| legacy.storages.last());
        let rest = Span::new(behind.map_or(trailing.start, |(_, span)| span.end), trailing.end);
        (!rest.is_empty()).then_some(rest)
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

    /// Tells where the document stands in what was opened.
    pub fn set_wrapping(&mut self, wrapping: Wrapping) {
        self.wrapping = wrapping;
    }

    /// What is odd about everything that what is shown is made of.
    #[must_use]
    pub fn notes(&self) -> &[NoteFacts] {
        &self.wrapping.notes
    }

    /// Whether every byte was unpacked, and every pickle read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_other = self.is_unread() && self.wrapping.itself.is_none();
        self.wrapping.partial.is_empty() && self.reading.is_complete() && !self.storages_are_cut() && !is_other
    }

    /// Whether the storages behind the pickles of an old file of torch are not all there.
    #[must_use]
    pub fn storages_are_cut(&self) -> bool {
        self.legacy.as_ref().is_some_and(|legacy| legacy.problem.is_some())
    }

    /// Whether the pickle refers to files beside it: out-of-band buffers, the arrays of joblib before 0.10, those of gensim.
    #[must_use]
    pub fn uses_files(&self) -> bool {
        let graph = &self.reading.graph;
        let is_beside = |wrapper| matches!(wrapper, Wrapper::SideFile | Wrapper::BareSideFile);
        let mut wrappers = graph.symbols.iter().filter_map(|symbol| Wrapper::of(&symbol.module, &symbol.name));
        let is_gensim = |module: &str| module.split('.').next() == Some("gensim");
        wrappers.any(is_beside) || graph.has_buffers() || graph.symbols.iter().any(|symbol| is_gensim(&symbol.module))
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
        Lens::new(GraphView {
            graph: &self.reading.graph,
            source: &*self.source,
            limits: &self.limits,
            python2: self.python2,
            attached: &self.attached,
        })
        .keeping(&self.lines)
    }

    /// Says what was found of what the pickle refers to outside itself.
    pub fn attach(&mut self, attached: Attached) {
        self.attached = attached;
        self.lines = Lines::default();
        self.components.take();
        self.column_rows.take();
        self.shown.take();
        self.tallies = Tallies::default();
        self.row_orders = RowOrders::default();
        self.precisions.take();
        self.in_order = FieldsInOrder::default();
        self.as_python.take();
    }

    /// Chooses how `str` of Python 2 is shown.
    pub fn read_python2_as(&mut self, reading: Python2Reading) {
        self.python2 = reading;
        self.lines = Lines::default();
        self.first_paths.borrow_mut().clear();
        self.components.take();
        self.column_rows.take();
        self.shown.take();
        self.tallies = Tallies::default();
        self.row_orders = RowOrders::default();
        self.precisions.take();
        self.in_order = FieldsInOrder::default();
        self.as_python.take();
    }

    /// Where a walk from the roots meets each node first.
    fn parents(&self) -> &Parents {
        self.parents.get_or_init(|| {
            let roots = self.roots.iter().flat_map(|root| self.root_nodes(root)).map(Edge::node);
            Parents::new(&self.reading.graph, roots)
        })
    }

    /// The pickle that the file is about: files of torch before 1.6 have three before it, which say how to read it.
    fn main_stream(&self) -> usize {
        if self.legacy.is_some() { 3 } else { 0 }
    }

    /// The row of the tree that is worth looking at first.
    #[must_use]
    pub fn landing_row(&self) -> u64 {
        let main = self.main_stream();
        let is_main = |root: &Root| matches!(root, Root::Pickle { stream, .. } if *stream == main);
        let index = self.roots.iter().position(is_main).unwrap_or_default();
        self.tree.position(Spot { branch: 0, index: index as u64 })
    }

    /// The first value is open from the start when it is a small one, and so is what stood on the stack where the reading
    /// stopped: the little that a damaged file has to show.
    fn open_first_rows(&mut self) {
        const FEW: u64 = 200;
        let first = self.main_stream();
        for index in 0..self.roots.len().min(first + 3) {
            let opens = match self.roots[index] {
                Root::Pickle { stream, .. } => stream == first,
                Root::Stack { stream } => !self.reading.streams[stream].complete,
                _ => false,
            };
            if opens && self.children_of(self.content_of_root(index)) <= FEW {
                self.open_spot(Spot { branch: 0, index: index as u64 });
            }
        }
    }
}
