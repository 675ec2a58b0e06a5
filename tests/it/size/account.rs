//! Every byte of every fixture belongs to one value or to a named rest, and retained sizes are what would be gone without the
//! value.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::document::{Document, Root};
use picklescope::graph::NodeId;
use picklescope::size::{RestKind, Sizes};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Every file of every folder of fixtures, hostile ones included, opened as the page opens it.
fn all_files() -> Vec<PathBuf> {
    let mut waiting = vec![support::tests().join("fixtures"), support::tests().join("samples")];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if !path
                .extension()
                .is_some_and(|ending| matches!(ending.to_str(), Some("json" | "tsv" | "md" | "txt")))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 1000, "{}", found.len());
    found
}

fn opened(path: &PathBuf) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(fs::read(path).unwrap()));
    Bundle::open(vec![(path.display().to_string(), source)], Limits::default(), &mut |_| {})
}

fn roots(document: &Document) -> Vec<u32> {
    let reading = document.reading();
    let mut roots = Vec::new();
    for root in document.roots() {
        match *root {
            Root::Pickle { value, .. } => roots.extend(value.map(|edge| edge.node().0)),
            Root::Stack { stream } => roots.extend(reading.streams[stream].leftover.iter().map(|edge| edge.node().0)),
            Root::Discarded { stream } => roots.extend(reading.streams[stream].discarded.iter().map(|node| node.0)),
            _ => {}
        }
    }
    roots
}

/// What can be reached without `without`.
fn reach(document: &Document, sizes: &Sizes, roots: &[u32], without: Option<u32>) -> Vec<bool> {
    let graph = &document.reading().graph;
    let lens = document.lens();
    let mut met = vec![false; sizes.len() as usize];
    let mut waiting: Vec<u32> = roots.to_vec();
    while let Some(node) = waiting.pop() {
        if Some(node) == without || std::mem::replace(&mut met[node as usize], true) || node >= sizes.values() {
            continue;
        }
        waiting.extend(graph.children(NodeId(node)).map(|edge| edge.node().0));
        if let Some(blob) = lens.outside(NodeId(node)) {
            let at = sizes.outside().iter().position(|one| one.blob.place == blob.place && one.blob.span == blob.span);
            waiting.extend(at.map(|at| sizes.values() + at as u32));
        }
    }
    met
}

/// Retained sizes by their definition.
fn check_retained(name: &str, document: &Document, sizes: &Sizes) {
    let mut roots = roots(document);
    let all = reach(document, sizes, &roots, None);
    let strays = (0..sizes.len()).filter(|&node| !all[node as usize] && sizes.holder(node).is_none());
    roots.extend(strays);
    let all = reach(document, sizes, &roots, None);
    assert!(all.iter().all(|met| *met), "{name}: something is held by nothing");
    for node in 0..sizes.len() {
        let left = reach(document, sizes, &roots, Some(node));
        let gone: u64 = (0..sizes.len()).filter(|&other| !left[other as usize]).map(|other| sizes.own(other)).sum();
        assert_eq!(sizes.retained(node), gone, "{name}: node {node}");
    }
}

/// What holds each node, found slowly: until nothing changes, the holder of a node is the nearest common one of all that refer to it
/// (Cooper, Harvey, Kennedy). Nodes are in an order in which each comes behind one that refers to it; 0 holds the roots.
fn holders(document: &Document, sizes: &Sizes) -> (Vec<u32>, Vec<usize>) {
    let graph = &document.reading().graph;
    let lens = document.lens();
    let count = sizes.len() as usize;
    let mut below: Vec<Vec<u32>> = Vec::with_capacity(count);
    for node in 0..sizes.len() {
        let mut found = Vec::new();
        if node < sizes.values() {
            found.extend(graph.children(NodeId(node)).map(|edge| edge.node().0));
            if let Some(blob) = lens.outside(NodeId(node)) {
                let is_it =
                    |one: &&picklescope::size::Outside| one.blob.place == blob.place && one.blob.span == blob.span;
                let at = sizes.outside().iter().position(|one| is_it(&one));
                found.extend(at.map(|at| sizes.values() + at as u32));
            }
        }
        below.push(found);
    }
    let mut roots = roots(document);
    let all = reach(document, sizes, &roots, None);
    roots.extend((0..sizes.len()).filter(|&node| !all[node as usize] && sizes.holder(node).is_none()));
    // Behind each other in reverse postorder.
    let mut order = Vec::with_capacity(count);
    let mut met = vec![false; count];
    for &root in roots.iter().rev() {
        let mut waiting = vec![(root, 0)];
        if std::mem::replace(&mut met[root as usize], true) {
            continue;
        }
        while let Some((node, next)) = waiting.last_mut() {
            match below[*node as usize].get(*next) {
                Some(&child) => {
                    *next += 1;
                    if !std::mem::replace(&mut met[child as usize], true) {
                        waiting.push((child, 0));
                    }
                }
                None => {
                    order.push(*node);
                    waiting.pop();
                }
            }
        }
    }
    order.reverse();
    let mut place = vec![0; count];
    order.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at + 1);
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); count + 1];
    roots.iter().for_each(|&root| above[place[root as usize]].push(0));
    for (node, children) in below.iter().enumerate() {
        children.iter().for_each(|&child| above[place[child as usize]].push(place[node]));
    }
    let mut holder = vec![usize::MAX; count + 1];
    holder[0] = 0;
    loop {
        let before = holder.clone();
        for at in 1..=order.len() {
            let known = above[at].iter().copied().filter(|&one| holder[one] != usize::MAX);
            let common = known.reduce(|mut one, mut other| {
                while one != other {
                    if one > other { one = holder[one] } else { other = holder[other] }
                }
                one
            });
            holder[at] = common.unwrap_or(usize::MAX);
        }
        if holder == before {
            return (order, holder);
        }
    }
}

/// Retained sizes by the slow holders.
fn check_retained_by_holders(name: &str, document: &Document, sizes: &Sizes) {
    let (order, holder) = holders(document, sizes);
    assert_eq!(order.len() as u64, u64::from(sizes.len()), "{name}: something is held by nothing");
    let mut retained: Vec<u64> = std::iter::once(0).chain(order.iter().map(|&node| sizes.own(node))).collect();
    for at in (1..=order.len()).rev() {
        retained[holder[at]] += retained[at];
    }
    for (at, &node) in order.iter().enumerate() {
        assert_eq!(sizes.retained(node), retained[at + 1], "{name}: node {node}");
    }
}

fn check_sums(name: &str, document: &Document, sizes: &Sizes) {
    let rests: u64 = RestKind::ALL.into_iter().map(|kind| sizes.rest(kind)).sum();
    let own: u64 = (0..sizes.len()).map(|node| sizes.own(node)).sum();
    assert_eq!(own + rests, sizes.total(), "{name}");
    let top: u64 = sizes.held_by(None).iter().map(|&node| sizes.retained(node)).sum();
    assert_eq!(top, own, "{name}");
    let trailing = document.trailing().map_or(0, |span| span.len());
    let unread = document.reading().streams.iter().filter(|stream| !stream.complete).count();
    assert!(unread > 0 || sizes.rest(RestKind::Trailing) == trailing, "{name}: {}", sizes.rest(RestKind::Trailing));
}

fn check_outlines(name: &str, document: &Document, sizes: &Sizes) {
    let rests: u64 = RestKind::ALL.into_iter().map(|kind| sizes.rest(kind)).sum();
    for most in [0, 1, 5, 1000] {
        let top = sizes.outline(document, None, most);
        let shown: u64 = top.rows.iter().map(|row| row.retained).sum();
        assert_eq!(shown + top.rest + rests, sizes.total(), "{name}");
        assert!(top.rows.len() <= most && top.rows.is_sorted_by(|a, b| a.retained >= b.retained), "{name}");
        for row in top.rows.iter().filter(|row| row.holds).take(10) {
            let below = sizes.outline(document, Some(row.node), most);
            let shown: u64 = below.rows.iter().map(|row| row.retained).sum();
            assert_eq!(shown + below.rest + row.own, row.retained, "{name}: {}", row.path);
            assert_eq!(BTreeSet::from_iter(below.rows.iter().map(|row| row.node)).len(), below.rows.len());
        }
    }
    let classes = sizes.by_class(document, usize::MAX);
    assert_eq!(classes.iter().map(|class| class.own).sum::<u64>() + rests, sizes.total(), "{name}");
    assert_eq!(classes.iter().map(|class| class.count).sum::<u64>(), u64::from(sizes.len()), "{name}");
    assert!(classes.iter().all(|class| class.own <= class.retained && class.retained <= sizes.total()), "{name}");
    let modules = sizes.by_module(document, usize::MAX);
    assert_eq!(modules.iter().map(|module| module.own).sum::<u64>() + rests, sizes.total(), "{name}");
}

#[test]
fn every_byte_is_counted_once() {
    for path in all_files() {
        let bundle = opened(&path);
        let document = bundle.document();
        let sizes = Sizes::of(document).unwrap();
        let name = path.display().to_string();
        check_sums(&name, document, &sizes);
        if sizes.len() <= 20_000 {
            check_outlines(&name, document, &sizes);
        }
        if sizes.len() <= 700 {
            check_retained(&name, document, &sizes);
        }
        check_retained_by_holders(&name, document, &sizes);
    }
}

fn sizes_of(bytes: &[u8]) -> (Document, Sizes) {
    let document = support::open(bytes);
    let sizes = Sizes::of(&document).unwrap();
    (document, sizes)
}

#[test]
fn what_two_hold_belongs_to_both() {
    // [['a' * 40], [that text]], {'k': 'b' * 20}
    let mut bytes = b"\x80\x04(]\x94(]\x94\x8c\x28".to_vec();
    bytes.extend([b'a'; 40]);
    bytes.extend(b"\x94a]\x94h\x02ae}\x94\x8c\x01k\x94\x8c\x14");
    bytes.extend([b'b'; 20]);
    bytes.extend(b"\x94st.");
    let (document, sizes) = sizes_of(&bytes);
    let top = sizes.outline(&document, None, 10);
    assert_eq!(top.rows.len(), 1);
    let below = sizes.outline(&document, Some(top.rows[0].node), 10);
    let rows: Vec<_> = below.rows.iter().map(|row| (row.path.as_str(), row.retained, row.own)).collect();
    // The list of lists: its opcode, MARK and APPENDS; two lists with an APPEND each; a text with its header.
    assert_eq!(rows, [("obj[0]", 3 + 2 + 2 + 42, 3), ("obj[1]", 2 + 3 + 22, 2)]);
    let below = sizes.outline(&document, Some(below.rows[0].node), 10);
    let rows: Vec<_> = below.rows.iter().map(|row| (row.path.as_str(), row.retained)).collect();
    assert_eq!(rows, [("obj[0][0][0]", 42), ("obj[0][0]", 2), ("obj[0][1]", 2)]);
    assert_eq!(sizes.rest(RestKind::Framing), 3);
    assert_eq!(sizes.rest(RestKind::References), 2);
    assert_eq!(sizes.rest(RestKind::Memo), 7);
}

#[test]
fn deep_and_long_files_are_measured() {
    let deep = std::thread::Builder::new().stack_size(256 << 10).spawn(|| {
        let mut bytes = b"\x80\x02".to_vec();
        bytes.resize(1_000_002, b']');
        bytes.resize(2_000_001, b'a');
        bytes.push(b'.');
        let (document, sizes) = sizes_of(&bytes);
        assert_eq!(sizes.retained(0), 1_999_999);
        let outline = sizes.outline(&document, Some(500_000), 10);
        assert_eq!((outline.rows.len(), outline.rows[0].retained), (1, 999_997));
        assert_eq!(sizes.by_class(&document, 10)[0].retained, 1_999_999);
    });
    deep.unwrap().join().unwrap();
    let mut bytes = b"\x80\x02](".to_vec();
    bytes.extend([b'K', 7].repeat(1_000_000));
    bytes.extend(b"e.");
    let (document, sizes) = sizes_of(&bytes);
    let outline = sizes.outline(&document, Some(0), 3);
    assert_eq!((outline.rows.len(), outline.more, outline.rest), (3, 999_997, 1_999_994));
}
