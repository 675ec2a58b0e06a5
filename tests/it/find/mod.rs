//! Finding things: what a search finds against what going over everything slowly finds.

mod dates;
mod numbers;
mod lines;
mod people;
mod places;
mod shown;
mod texts;

use picklescope::document::Document;
use picklescope::find::{Hit, Kinds, Options, Query, Search};
use picklescope::graph::{Node, NodeId};
use picklescope::view::FoundKind;

/// Everything that a query finds, in steps of this budget.
pub(crate) fn find_in_steps(document: &Document, query: &str, options: &Options, budget: u64) -> Vec<Hit> {
    let query = Query::parse(query, options).unwrap_or_else(|error| panic!("{query}: {error}"));
    run(document, Search::new(query, None), budget)
}

pub(crate) fn find(document: &Document, query: &str, options: &Options) -> Vec<Hit> {
    find_in_steps(document, query, options, u64::MAX)
}

pub(crate) fn below(document: &Document, query: &str, node: NodeId) -> Vec<Hit> {
    let query = Query::parse(query, &Options::default()).unwrap();
    run(document, Search::new(query, Some(node)), u64::MAX)
}

fn run(document: &Document, search: Search, budget: u64) -> Vec<Hit> {
    let mut search = search.keeping(u64::MAX);
    let mut hits = Vec::new();
    loop {
        let step = search.step(document, budget);
        hits.extend(step.hits);
        let (done, total) = step.progress;
        assert!(done <= total, "{done} of {total}");
        if step.finished {
            assert_eq!(done, total);
            let counted: u64 = search.counts().iter().map(|count| count.count).sum();
            assert_eq!(counted, hits.len() as u64);
            return hits;
        }
    }
}

pub(crate) fn only(kinds: &[FoundKind]) -> Option<Kinds> {
    Some(kinds.iter().fold(Kinds::NONE, |all, &kind| all.with(kind)))
}

pub(crate) const TEXTS: [FoundKind; 3] = [FoundKind::Key, FoundKind::Attribute, FoundKind::Text];

/// The arguments that an object is made of.
pub(crate) fn arguments(document: &Document, node: NodeId) -> Vec<u32> {
    let graph = &document.reading().graph;
    match graph.node(node) {
        Node::Call { args, .. } => graph.items(args.node()).map(|edge| edge.node().0).collect(),
        _ => Vec::new(),
    }
}
