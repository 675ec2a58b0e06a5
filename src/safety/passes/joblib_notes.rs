//! The notes that joblib leaves in place of arrays. Its loader reads an array where a note is filled by BUILD, so what a
//! note says decides what is read, and from where.
//!
//! Source: `joblib/numpy_pickle.py` (`NumpyUnpickler.load_build`), `joblib/numpy_pickle_compat.py`.

use super::call_rules::{DANGEROUS_CALL, UNUSUAL_ARGUMENTS, UNUSUAL_USE};
use crate::graph::{Edge, Node, NodeId, RunKind, SymbolId};
use crate::safety::facts::Facts;
use crate::safety::finding::Draft;
use crate::safety::level::Level;
use crate::safety::names::{Capability, Traits};
use crate::safety::values::GlobalRef;
use crate::safety::verdict::Findings;
use std::collections::{HashMap, HashSet};

/// Which note a class is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    /// The array follows in the stream.
    Inline,
    /// The array is in a file of its own.
    SideFile,
}

/// The entries of a state: keys, as far as they are texts, and values.
type State = Vec<(Option<String>, Edge)>;

/// What there is of notes in a file.
#[derive(Default)]
struct Notes {
    /// Their classes.
    classes: HashMap<SymbolId, Note>,
    /// Notes of arrays that follow.
    inline: HashSet<NodeId>,
    /// The arguments of the calls that make them.
    args: HashSet<NodeId>,
}

/// What joblib writes in the state of a note of an array that follows.
const INLINE: &[&str] = &["subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"];
/// What it writes in the state of a note of a file.
const SIDE_FILE: &[&str] = &["filename", "subclass", "allow_mmap", "state", "init_args"];

fn note(named: &GlobalRef) -> Option<Note> {
    match () {
        () if named.has(Traits::NOTE_OF_INLINE_ARRAY) => Some(Note::Inline),
        () if named.has(Traits::NOTE_OF_ARRAY_FILE) => Some(Note::SideFile),
        () => None,
    }
}

/// Judges what the notes say, and what else is done with their classes: a note that is made out of sight makes joblib
/// read on where this reading does not.
pub(in crate::safety) fn pass(facts: &Facts<'_>, found: &mut Findings) {
    let numbered = facts.names.iter().enumerate();
    let classes = numbered.filter_map(|(symbol, named)| Some((SymbolId(symbol as u32), note(named)?))).collect();
    let mut notes = Notes { classes, ..Notes::default() };
    if notes.classes.is_empty() {
        return;
    }
    let graph = facts.graph;
    for id in graph.reaching_out() {
        let Some(class) = class_of(facts, id, &notes) else { continue };
        let (kind, named) = (notes.classes[&class], facts.named(class));
        if let Node::Call { args, .. } = graph.node(id) {
            notes.args.insert(args.node());
        }
        match kind {
            Note::Inline => {
                notes.inline.insert(id);
                inline_state(facts, id, &named, found);
            }
            Note::SideFile => side_file(facts, id, &named, found),
        }
    }
    let mut all = (0..graph.len() as u32).map(NodeId);
    if let Some((id, what)) = all.find_map(|id| Some((id, misused(facts, id, &notes)?))) {
        let mut draft = Draft::at(id);
        draft.explanation = format!(
            "{what} is handed on as joblib never does: its loader would read arrays where they are not seen here."
        );
        found.find(facts, &UNUSUAL_USE, Level::Dangerous, draft);
    }
}

fn symbol_of(facts: &Facts<'_>, edge: Edge) -> Option<SymbolId> {
    match facts.graph.node(edge.node()) {
        Node::Global(symbol) => Some(symbol),
        _ => None,
    }
}

/// The class of which a call makes a note: by NEWOBJ, or `copyreg._reconstructor(class, object, None)`.
fn class_of(facts: &Facts<'_>, id: NodeId, notes: &Notes) -> Option<SymbolId> {
    let Node::Call { callee, args, .. } = facts.graph.node(id) else { return None };
    let callee = symbol_of(facts, callee)?;
    let makes = facts.graph.symbols.get(callee).is("copyreg", "_reconstructor");
    let first = || facts.graph.items(args.node()).next().and_then(|class| symbol_of(facts, class));
    let class = if makes { first() } else { Some(callee) };
    class.filter(|class| notes.classes.contains_key(class))
}

/// What a node takes that joblib gives to nothing: the class but to make a note, the arguments of that, a note.
fn misused(facts: &Facts<'_>, id: NodeId, notes: &Notes) -> Option<&'static str> {
    let node = facts.graph.node(id);
    let is_array = matches!(node, Node::InlineArray { .. } | Node::InlinePickle { .. });
    let makes_note = class_of(facts, id, notes).is_some();
    facts.graph.children(id).find_map(|child| {
        let is_class = symbol_of(facts, child).is_some_and(|symbol| notes.classes.contains_key(&symbol));
        let is_callee = matches!(node, Node::Call { callee, .. } if callee == child);
        if is_class && !is_callee && !notes.args.contains(&id) {
            return Some("The class of joblib's notes of arrays");
        }
        let is_shared = notes.args.contains(&child.node()) && !makes_note && facts.graph.items(child.node()).len() > 0;
        if is_shared || notes.inline.contains(&child.node()) && !is_array {
            return Some("A note of joblib of an array");
        }
        None
    })
}

/// The entries of the only state that a note is given; nothing when it is given none, and joblib reads nothing, or when
/// what it is given is dangerous already.
fn state_of(facts: &Facts<'_>, id: NodeId, named: &GlobalRef, found: &mut Findings) -> Option<State> {
    /// Entries that a state may have; joblib writes six.
    const ENTRIES: usize = 16;
    let states: Vec<Edge> = facts.graph.run_window(id, RunKind::State, 0).take(2).collect();
    let why = match states[..] {
        [] => return None,
        [state] if facts.graph.node(state.node()) == Node::Dict => {
            let edges: Vec<Edge> =
                facts.graph.run_window(state.node(), RunKind::Pairs, 0).take(2 * ENTRIES + 1).collect();
            if edges.len() <= 2 * ENTRIES {
                return Some(edges.chunks_exact(2).map(|pair| (facts.lens.string(pair[0]), pair[1])).collect());
            }
            "has more entries than joblib writes"
        }
        [_] => "is filled with something else than a dict",
        _ => "is filled twice, and read twice",
    };
    note_is_odd(facts, id, named, Level::Dangerous, why, found);
    None
}

fn note_is_odd(facts: &Facts<'_>, id: NodeId, named: &GlobalRef, level: Level, why: &str, found: &mut Findings) {
    let mut draft = Draft::named(id, named);
    draft.explanation = format!("A note of joblib of an array {why}: joblib reads on from another place than it says.");
    found.find(facts, &UNUSUAL_ARGUMENTS, level, draft);
}

/// A note of an array that follows: what is no number of bytes makes joblib go on elsewhere, and what has `hasobject`
/// makes it load a pickle.
fn inline_state(facts: &Facts<'_>, id: NodeId, named: &GlobalRef, found: &mut Findings) {
    let Some(state) = state_of(facts, id, named, found) else { return };
    let of_numpy = |edge: Edge| match facts.graph.node(edge.node()) {
        Node::Call { callee, .. } => symbol_of(facts, callee).is_some_and(|symbol| {
            let symbol = facts.graph.symbols.get(symbol);
            symbol.is("numpy", "dtype") || symbol.name == "_convert_to_stringdtype_kwargs"
        }),
        _ => false,
    };
    let is_size = |edge: Edge| matches!(facts.graph.node(edge.node()), Node::Int(_));
    let is_shape =
        |edge: Edge| facts.graph.node(edge.node()) == Node::Tuple && facts.graph.items(edge.node()).all(is_size);
    if !last(&state, "dtype").is_some_and(of_numpy) {
        note_is_odd(facts, id, named, Level::Dangerous, "has a dtype that is not made by numpy", found);
    } else if has_others(&state, INLINE) || !last(&state, "shape").is_some_and(is_shape) {
        note_is_odd(facts, id, named, Level::Suspicious, "says something that joblib does not write", found);
    }
}

/// A note of an array in a file beside this one. joblib joins its name to the folder of this file, and numpy reads it
/// with `allow_pickle=True`.
fn side_file(facts: &Facts<'_>, id: NodeId, named: &GlobalRef, found: &mut Findings) {
    let Some(state) = state_of(facts, id, named, found) else { return };
    if has_others(&state, SIDE_FILE) {
        note_is_odd(facts, id, named, Level::Suspicious, "says something that joblib does not write", found);
    }
    let filename = last(&state, "filename").and_then(|name| facts.lens.string(name));
    if filename.as_deref().is_some_and(is_beside) {
        return;
    }
    let mut draft = Draft::named(id, named);
    draft.capability = Some(Capability::Deserialiser);
    draft.explanation = match filename {
        Some(name) => format!(
            "joblib would load {name:?}, pickles in it included; its own names are those of files beside this one."
        ),
        None => "joblib would load a file, pickles in it included, and which is not said in the usual way.".to_owned(),
    };
    found.find(facts, &DANGEROUS_CALL, Level::Dangerous, draft);
}

/// The value under a key; of a key that is repeated, the last.
fn last(state: &State, wanted: &str) -> Option<Edge> {
    state.iter().rev().find(|(key, _)| key.as_deref() == Some(wanted)).map(|(_, value)| *value)
}

/// Whether there are other keys than these.
fn has_others(state: &State, keys: &[&str]) -> bool {
    state.iter().any(|(key, _)| !key.as_deref().is_some_and(|key| keys.contains(&key)))
}

/// Whether a name is that of a file in the same folder.
fn is_beside(name: &str) -> bool {
    !name.contains(['/', '\\', ':', '\0']) && !matches!(name, "" | "." | "..")
}
