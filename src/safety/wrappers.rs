//! The notes that joblib leaves in place of arrays. Its loader reads an array where a note is filled by BUILD, so what a
//! note says decides what is read, and from where.
//!
//! Source: `joblib/numpy_pickle.py` (`NumpyUnpickler.load_build`), `joblib/numpy_pickle_compat.py`.

use super::audit::Auditor;
use super::evidence::Draft;
use super::meaning::Named;
use super::names::Traits;
use super::{Capability, Level, rules};
use crate::graph::{Edge, Node, NodeId, RunKind, SymbolId};
use std::collections::{HashMap, HashSet};

/// Which note a class is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapper {
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
    classes: HashMap<SymbolId, Wrapper>,
    /// Notes of arrays that follow.
    inline: HashSet<NodeId>,
    /// The arguments of the calls that make them.
    args: HashSet<NodeId>,
}

/// What joblib writes in the state of a note of an array that follows.
const INLINE: &[&str] = &["subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"];
/// What it writes in the state of a note of a file.
const SIDE_FILE: &[&str] = &["filename", "subclass", "allow_mmap", "state", "init_args"];

fn wrapper(named: &Named) -> Option<Wrapper> {
    match () {
        () if named.has(Traits::NOTE_OF_INLINE_ARRAY) => Some(Wrapper::Inline),
        () if named.has(Traits::NOTE_OF_ARRAY_FILE) => Some(Wrapper::SideFile),
        () => None,
    }
}

impl Auditor<'_> {
    /// Judges what the notes say, and what else is done with their classes: a note that is made out of sight makes joblib
    /// read on where this reading does not.
    pub(super) fn joblib_wrappers(&mut self) {
        let numbered = self.names.iter().enumerate();
        let classes = numbered.filter_map(|(symbol, named)| Some((SymbolId(symbol as u32), wrapper(named)?))).collect();
        let mut notes = Notes { classes, ..Notes::default() };
        if notes.classes.is_empty() {
            return;
        }
        let graph = self.graph;
        for id in graph.reaching_out() {
            let Some(class) = self.class_of(id, &notes) else { continue };
            let (kind, named) = (notes.classes[&class], self.named(class));
            if let Node::Call { args, .. } = graph.node(id) {
                notes.args.insert(args.node());
            }
            match kind {
                Wrapper::Inline => {
                    notes.inline.insert(id);
                    self.inline_state(id, &named);
                }
                Wrapper::SideFile => self.side_file(id, &named),
            }
        }
        let mut all = (0..graph.len() as u32).map(NodeId);
        if let Some((id, what)) = all.find_map(|id| Some((id, self.misused(id, &notes)?))) {
            let mut draft = Draft::at(id);
            draft.explanation = format!(
                "{what} is handed on as joblib never does: its loader would read arrays where they are not seen here."
            );
            self.find(&rules::unusual_use::RULE, Level::Dangerous, draft);
        }
    }

    fn symbol_of(&self, edge: Edge) -> Option<SymbolId> {
        match self.graph.node(edge.node()) {
            Node::Global(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// The class of which a call makes a note: by NEWOBJ, or `copyreg._reconstructor(class, object, None)`.
    fn class_of(&self, id: NodeId, notes: &Notes) -> Option<SymbolId> {
        let Node::Call { callee, args, .. } = self.graph.node(id) else { return None };
        let callee = self.symbol_of(callee)?;
        let makes = self.graph.symbols.get(callee).is("copyreg", "_reconstructor");
        let first = || self.graph.items(args.node()).next().and_then(|class| self.symbol_of(class));
        let class = if makes { first() } else { Some(callee) };
        class.filter(|class| notes.classes.contains_key(class))
    }

    /// What a node takes that joblib gives to nothing: the class but to make a note, the arguments of that, a note.
    fn misused(&self, id: NodeId, notes: &Notes) -> Option<&'static str> {
        let node = self.graph.node(id);
        let is_array = matches!(node, Node::InlineArray { .. } | Node::InlinePickle { .. });
        let makes_note = self.class_of(id, notes).is_some();
        self.graph.children(id).find_map(|child| {
            let is_class = self.symbol_of(child).is_some_and(|symbol| notes.classes.contains_key(&symbol));
            let is_callee = matches!(node, Node::Call { callee, .. } if callee == child);
            if is_class && !is_callee && !notes.args.contains(&id) {
                return Some("The class of joblib's notes of arrays");
            }
            let is_shared =
                notes.args.contains(&child.node()) && !makes_note && self.graph.items(child.node()).len() > 0;
            if is_shared || notes.inline.contains(&child.node()) && !is_array {
                return Some("A note of joblib of an array");
            }
            None
        })
    }

    /// The entries of the only state that a note is given; nothing when it is given none, and joblib reads nothing, or when
    /// what it is given is dangerous already.
    fn state_of(&mut self, id: NodeId, named: &Named) -> Option<State> {
        /// Entries that a state may have; joblib writes six.
        const ENTRIES: usize = 16;
        let states: Vec<Edge> = self.graph.run_window(id, RunKind::State, 0).take(2).collect();
        let why = match states[..] {
            [] => return None,
            [state] if self.graph.node(state.node()) == Node::Dict => {
                let edges: Vec<Edge> =
                    self.graph.run_window(state.node(), RunKind::Pairs, 0).take(2 * ENTRIES + 1).collect();
                if edges.len() <= 2 * ENTRIES {
                    return Some(edges.chunks_exact(2).map(|pair| (self.lens.string(pair[0]), pair[1])).collect());
                }
                "has more entries than joblib writes"
            }
            [_] => "is filled with something else than a dict",
            _ => "is filled twice, and read twice",
        };
        self.note_is_odd(id, named, Level::Dangerous, why);
        None
    }

    fn note_is_odd(&mut self, id: NodeId, named: &Named, level: Level, why: &str) {
        let mut draft = Draft::named(id, named);
        draft.explanation =
            format!("A note of joblib of an array {why}: joblib reads on from another place than it says.");
        self.find(&rules::unusual_arguments::RULE, level, draft);
    }

    /// A note of an array that follows: what is no number of bytes makes joblib go on elsewhere, and what has `hasobject`
    /// makes it load a pickle.
    fn inline_state(&mut self, id: NodeId, named: &Named) {
        let Some(state) = self.state_of(id, named) else { return };
        let of_numpy = |edge: Edge| match self.graph.node(edge.node()) {
            Node::Call { callee, .. } => self.symbol_of(callee).is_some_and(|symbol| {
                let symbol = self.graph.symbols.get(symbol);
                symbol.is("numpy", "dtype") || symbol.name == "_convert_to_stringdtype_kwargs"
            }),
            _ => false,
        };
        let is_size = |edge: Edge| matches!(self.graph.node(edge.node()), Node::Int(_));
        let is_shape =
            |edge: Edge| self.graph.node(edge.node()) == Node::Tuple && self.graph.items(edge.node()).all(is_size);
        if !last(&state, "dtype").is_some_and(of_numpy) {
            self.note_is_odd(id, named, Level::Dangerous, "has a dtype that is not made by numpy");
        } else if has_others(&state, INLINE) || !last(&state, "shape").is_some_and(is_shape) {
            self.note_is_odd(id, named, Level::Suspicious, "says something that joblib does not write");
        }
    }

    /// A note of an array in a file beside this one. joblib joins its name to the folder of this file, and numpy reads it
    /// with `allow_pickle=True`.
    fn side_file(&mut self, id: NodeId, named: &Named) {
        let Some(state) = self.state_of(id, named) else { return };
        if has_others(&state, SIDE_FILE) {
            self.note_is_odd(id, named, Level::Suspicious, "says something that joblib does not write");
        }
        let filename = last(&state, "filename").and_then(|name| self.lens.string(name));
        if filename.as_deref().is_some_and(is_beside) {
            return;
        }
        let mut draft = Draft::named(id, named);
        draft.capability = Some(Capability::Deserialiser);
        draft.explanation = match filename {
            Some(name) => format!(
                "joblib would load {name:?}, pickles in it included; its own names are those of files beside this one."
            ),
            None => {
                "joblib would load a file, pickles in it included, and which is not said in the usual way.".to_owned()
            }
        };
        self.find(&rules::dangerous_call::RULE, Level::Dangerous, draft);
    }
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
