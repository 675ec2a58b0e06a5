//! What a library of Python has to say of a value, and how it is asked: the floor on which every library stands.
//!
//! A library never calls another one: what a value inside its own value is, it asks [`Lens::shape`] and [`Lens::array`], which go
//! through the table that the lens was given.

use crate::bytes::{Source, Span};
use crate::graph::{Edge, Graph, Node, NodeId, RunKind, Symbol};
use crate::lens::clues::Clues;
use crate::lens::graph_view::{Blob, Call, Components, GraphView, Object, Part, Shape, ShapeKind};
use crate::lens::numbers::Array;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;

/// The shape of a call.
type ShapeOf = fn(&Lens<'_>, &Call<'_>) -> Option<Shape>;

/// One line about an instance.
type TextOf = fn(&Lens<'_>, NodeId) -> Option<String>;

/// The array that a call makes.
type ArrayOf = for<'a> fn(&Lens<'a>, &Call<'a>, &Symbol) -> Option<Found<'a>>;

/// The shape of what follows the value that describes it; the value that it was made as, when it is a pickle of its own.
type FollowingOf = fn(&Lens<'_>, Edge, Option<Edge>) -> Shape;

/// The array of numbers that follow the value that describes them.
type FollowingArrayOf = for<'a> fn(&Lens<'a>, Edge, Span) -> Option<Array<'a>>;

/// What a value consists of for its users.
type ComponentsOf = fn(&Lens<'_>, NodeId) -> Option<Components>;

/// What an object tells of versions; whether it was looked into.
type VersionsOf = fn(&Lens<'_>, &Object<'_>, &mut Clues) -> bool;

/// What one library recognises.
#[derive(Clone, Copy)]
pub(in crate::lens) struct Library {
    /// The packages whose calls it reads, and no other library does: `numpy`.
    pub(in crate::lens) packages: &'static [&'static str],
    /// The shape of a call of its packages.
    pub(in crate::lens) shape: Option<ShapeOf>,
    /// The shape of a call of any package that no library has for itself.
    pub(in crate::lens) shape_elsewhere: Option<ShapeOf>,
    /// One line about an instance of its packages whose shape has none.
    pub(in crate::lens) text: Option<TextOf>,
    /// What a value of any package consists of for its users, where it is pickled otherwise.
    pub(in crate::lens) components: Option<ComponentsOf>,
    /// The array that a call of its packages makes.
    pub(in crate::lens) array: Option<ArrayOf>,
    /// The array that a call of any package makes that no library has for itself.
    pub(in crate::lens) array_elsewhere: Option<ArrayOf>,
    /// What a persistent id stands for.
    pub(in crate::lens) persistent: Option<fn(&Lens<'_>, Edge) -> Option<Shape>>,
    /// The array that a persistent id stands for.
    pub(in crate::lens) persistent_array: Option<for<'a> fn(&Lens<'a>, Edge) -> Option<Array<'a>>>,
    /// The shape of what follows its description in the stream: numbers, or the pickle of this value.
    pub(in crate::lens) following: Option<FollowingOf>,
    /// The array of the numbers that follow their description in the stream.
    pub(in crate::lens) following_array: Option<FollowingArrayOf>,
    /// The bytes outside the pickle that a persistent id or a call stands for.
    pub(in crate::lens) outside: Option<OutsideOf>,
    /// What the objects of a package tell of the versions that wrote them.
    pub(in crate::lens) versions: &'static [(&'static str, VersionsOf)],
    /// What stands beside the pickle and tells of versions.
    pub(in crate::lens) surroundings: Option<fn(&Lens<'_>, &mut Clues)>,
}

impl Library {
    /// Recognises nothing.
    pub(in crate::lens) const NOTHING: Self = Self {
        packages: &[],
        shape: None,
        shape_elsewhere: None,
        text: None,
        components: None,
        array: None,
        array_elsewhere: None,
        persistent: None,
        persistent_array: None,
        following: None,
        following_array: None,
        outside: None,
        versions: &[],
        surroundings: None,
    };

    /// Who knows what the objects of a module tell of versions.
    pub(in crate::lens) fn versions_of(&self, module: &str) -> Option<VersionsOf> {
        let package = module.split('.').next().unwrap_or_default();
        self.versions.iter().find(|(known, _)| *known == package).map(|&(_, look)| look)
    }
}

/// The bytes outside the pickle that a value stands for.
type OutsideOf = for<'a> fn(&Lens<'a>, NodeId) -> Option<&'a Blob>;

/// What a recogniser of arrays found.
pub(in crate::lens) enum Found<'a> {
    /// The array.
    Array(Box<Array<'a>>),
    /// Another value, which is the same array.
    In(Edge),
}

impl<'a> From<Array<'a>> for Found<'a> {
    fn from(array: Array<'a>) -> Self {
        Self::Array(Box::new(array))
    }
}

/// Lines that libraries wrote about instances of one graph. A line may cost a look at everything in the instance, and the same
/// instance is asked about for each row below it.
#[derive(Debug, Default)]
pub struct Lines(RefCell<HashMap<NodeId, Option<String>>>);

/// A view of one graph with the libraries that it is read with.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    view: GraphView<'a>,
    libraries: &'static [Library],
    lines: Option<&'a Lines>,
}

impl<'a> Deref for Lens<'a> {
    type Target = GraphView<'a>;

    fn deref(&self) -> &GraphView<'a> {
        &self.view
    }
}

impl<'a> Lens<'a> {
    /// Sees a graph with these libraries, which are asked in this order.
    #[must_use]
    pub(in crate::lens) fn with(view: GraphView<'a>, libraries: &'static [Library]) -> Self {
        Self { view, libraries, lines: None }
    }

    /// The same, which keeps lines that took a longer look for the next question about the same graph.
    #[must_use]
    pub fn keeping(self, lines: &'a Lines) -> Self {
        Self { lines: Some(lines), ..self }
    }

    /// The libraries that it is read with.
    pub(in crate::lens) fn libraries(&self) -> &'static [Library] {
        self.libraries
    }

    /// Sees another graph, which came out of this one.
    #[must_use]
    pub fn over(&self, graph: &'a Graph, source: &'a dyn Source) -> Self {
        Self { view: self.view.over(graph, source), lines: None, ..*self }
    }

    /// What a node is to a person.
    #[must_use]
    pub fn shape(&self, id: NodeId) -> Shape {
        let shape = match self.graph.node(id) {
            Node::PersistentId(edge) => {
                self.libraries.iter().find_map(|library| library.persistent.and_then(|read| read(self, edge)))
            }
            Node::InlineArray { wrapper, .. } => self.following(wrapper, None),
            Node::InlinePickle { wrapper, value } => self.following(wrapper, Some(value)),
            Node::Call { .. } => return self.call_shape(id),
            _ => None,
        };
        match shape {
            Some(shape) => self.with_odd_parts(shape, id),
            None => self.own_shape(id),
        }
    }

    /// The bytes outside the pickle that a node itself stands for: a storage, a buffer, a file beside.
    #[must_use]
    pub fn outside(&self, id: NodeId) -> Option<&'a Blob> {
        match self.graph.node(id) {
            Node::Buffer(index) => self.attached.buffers.get(index as usize),
            Node::PersistentId(_) | Node::Call { .. } => {
                self.libraries.iter().find_map(|library| library.outside?(self, id))
            }
            _ => None,
        }
    }

    /// What a value consists of for those who use it; `None` where that is how it is pickled.
    #[must_use]
    pub fn components(&self, id: NodeId) -> Option<Components> {
        let Node::Call { .. } = self.graph.node(id) else { return None };
        let found = self.libraries.iter().find_map(|library| library.components?(self, id))?;
        let count = |parts: &[Part]| parts.iter().map(|part| part.len(self.graph)).sum::<u64>();
        let (own, pickled) = (count(&found.parts), count(&self.shape(id).parts));
        // What is all that is pickled needs no second row for that.
        (found.columns > 0 || own > 0 && own != pickled).then_some(found)
    }

    fn following(&self, wrapper: Edge, value: Option<Edge>) -> Option<Shape> {
        self.libraries.iter().find_map(|library| library.following).map(|read| read(self, wrapper, value))
    }

    fn call_shape(&self, id: NodeId) -> Shape {
        let Some(call) = self.call(id) else { return Shape::builtin(ShapeKind::Call, "call", Vec::new()) };
        let mut shape = recognised(self, &call).unwrap_or_else(|| self.plain_call(&call));
        if shape.kind == ShapeKind::Instance && shape.text.is_none() {
            let library = self.library_of(&shape.full_name);
            shape.text = library.and_then(|library| library.text).and_then(|text| self.line(id, text));
        }
        shape
    }

    /// One line about an instance, written once where lines are kept.
    fn line(&self, id: NodeId, text: TextOf) -> Option<String> {
        let Some(Lines(kept)) = self.lines else { return text(self, id) };
        if let Some(line) = kept.borrow().get(&id) {
            return line.clone();
        }
        let line = text(self, id);
        kept.borrow_mut().insert(id, line.clone());
        line
    }

    /// The library that has the package of a dotted name for itself.
    fn library_of(&self, name: &str) -> Option<&'static Library> {
        let package = name.split('.').next().unwrap_or_default();
        self.libraries.iter().find(|library| library.packages.contains(&package))
    }

    /// The array that a value is: numpy's by every route, joblib's in side files, torch's tensors and parameters.
    #[must_use]
    pub fn array(&self, id: NodeId) -> Option<Array<'a>> {
        const WRAPPINGS: usize = 8;
        let mut id = id;
        for _ in 0..WRAPPINGS {
            match self.graph.node(id) {
                Node::InlineArray { wrapper, data } => {
                    return self.libraries.iter().find_map(|library| library.following_array?(self, wrapper, data));
                }
                Node::InlinePickle { value, .. } => id = value.node(),
                Node::PersistentId(id) => {
                    return self.libraries.iter().find_map(|library| library.persistent_array?(self, id));
                }
                _ => {}
            }
            let call = self.call(id)?;
            let symbol = call.symbol?;
            let found = match self.library_of(&symbol.module).and_then(|library| library.array) {
                Some(read) => read(self, &call, symbol)?,
                None => self.libraries.iter().find_map(|library| library.array_elsewhere?(self, &call, symbol))?,
            };
            match found {
                Found::Array(array) => return Some(*array),
                Found::In(edge) => id = edge.node(),
            }
        }
        None
    }
}

/// The shape that one of the libraries gives, by the package that the callee comes from.
fn recognised(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let mut shape = match call.symbol.and_then(|symbol| lens.library_of(&symbol.module)?.shape) {
        Some(read) => read(lens, call)?,
        None => lens.libraries.iter().find_map(|library| library.shape_elsewhere?(lens, call))?,
    };
    // One line tells it, and nothing that it was made of is hidden.
    if let ShapeKind::Scalar(_) = shape.kind {
        if is_changed_oddly(lens, call) {
            return None;
        }
        shape.parts = lens.argument_parts(call);
        shape.parts.extend(lens.added_parts(call.id));
    }
    Some(shape)
}

/// Whether something was done to a value of one line that its line does not tell: items, or a state where none is read. Of
/// what the standard library makes only a UUID has one.
fn is_changed_oddly(lens: &Lens<'_>, call: &Call<'_>) -> bool {
    // What is appended to a bytearray is in its line.
    let is_bytearray = call.symbol.is_some_and(|symbol| symbol.is("builtins", "bytearray"));
    let is_stdlib = call.symbol.is_none_or(|symbol| {
        let package = symbol.module.split('.').next().unwrap_or_default();
        let is_elsewhere = lens.libraries.iter().any(|library| library.packages.contains(&package));
        !is_elsewhere && !matches!(package, "copyreg" | "uuid")
    });
    lens.graph.runs(call.id).any(|run| match run.kind {
        RunKind::State => is_stdlib,
        _ => !is_bytearray,
    })
}
