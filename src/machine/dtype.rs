//! As much of numpy's dtypes as it takes to know how many bytes an array has.
//!
//! Sources: `numpy/_core/src/multiarray/descriptor.c` (`arraydescr_reduce`, `arraydescr_setstate`).

use crate::bytes::{Limits, Source, read_span};
use crate::container::Literal;
use crate::format::numpy::{Code, DIMENSIONS, STRING_DTYPE};
use crate::graph::{Edge, Graph, Node, NodeId, RunKind, Symbol};

/// Texts that matter here are names and codes.
const LONGEST: u64 = 64;

/// What a dtype says about the bytes of an array.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Dtype {
    /// numpy's code with its byte order, `<f8`, for messages.
    pub(super) code: String,
    /// Bytes of one element.
    pub(super) itemsize: u64,
    /// Whether elements are or contain Python objects.
    pub(super) has_objects: bool,
}

/// Reads the few nodes that describe an array.
#[derive(Clone, Copy)]
pub(super) struct Describe<'a> {
    pub(super) graph: &'a Graph,
    pub(super) source: &'a dyn Source,
    pub(super) limits: &'a Limits,
}

impl<'a> Describe<'a> {
    /// The values under string keys of a dict; of a key that is repeated, the last.
    pub(super) fn dict(&self, dict: NodeId, wanted: &str) -> Option<NodeId> {
        const FEW: usize = 64;
        let edges: Vec<Edge> = self.graph.first_added(dict, RunKind::Pairs).take(2 * FEW).collect();
        let found = |pair: &&[Edge]| self.text(pair[0].node()).is_some_and(|key| key == wanted);
        edges.chunks_exact(2).rev().find(found).map(|pair| pair[1].node())
    }

    /// A short text, a `str` of Python 2 included.
    pub(super) fn text(&self, node: NodeId) -> Option<String> {
        let (span, encoding) = match self.graph.node(node) {
            Node::Text { span, encoding } if span.len() <= LONGEST.min(self.limits.value) => (span, encoding),
            _ => return None,
        };
        let bytes = read_span(self.source, span).ok()?;
        encoding.decode(&bytes).ok().map(|text| text.to_string_lossy().into_owned())
    }

    pub(super) fn symbol(&self, edge: Edge) -> Option<&'a Symbol> {
        match self.graph.node(edge.node()) {
            Node::Global(symbol) => Some(self.graph.symbols.get(symbol)),
            _ => None,
        }
    }

    /// The sizes of a shape.
    ///
    /// # Errors
    /// When it is none; why, in words.
    pub(super) fn shape(&self, node: NodeId) -> Result<Vec<u64>, String> {
        let edges: Vec<Edge> = match self.graph.node(node) {
            Node::Tuple => self.graph.items(node).take(DIMENSIONS + 1).collect(),
            Node::List => self.graph.first_added(node, RunKind::Items).take(DIMENSIONS + 1).collect(),
            _ => return Err("the shape is no tuple".to_owned()),
        };
        if edges.len() > DIMENSIONS {
            return Err(format!("the shape has more than {DIMENSIONS} dimensions"));
        }
        let size = |edge: Edge| match self.graph.node(edge.node()) {
            Node::Int(size) => u64::try_from(size).map_err(|_| format!("the shape has a size of {size}")),
            Node::LongBinary(_) | Node::LongText(_) => Err("the shape has a size of more than 64 bits".to_owned()),
            _ => Err("the shape has a size that is no int".to_owned()),
        };
        edges.into_iter().map(size).collect()
    }

    /// `dtype('f8', False, True)` and BUILD `(version, byte order, subarray, names, fields, itemsize, alignment, flags)`.
    /// numpy takes what it was told: the itemsize of types of any length and the flag for objects from the state.
    pub(super) fn dtype(&self, node: NodeId) -> Result<Dtype, String> {
        let unknown = || "numpy does not write such a dtype".to_owned();
        let Node::Call { callee, args, .. } = self.graph.node(node) else { return Err(unknown()) };
        let symbol = self.symbol(callee).filter(|symbol| symbol.module.starts_with("numpy")).ok_or_else(unknown)?;
        if symbol.name == STRING_DTYPE {
            return Ok(Dtype { code: "StringDType".to_owned(), itemsize: 16, has_objects: true });
        }
        let first = self.graph.items(args.node()).next().filter(|_| symbol.name == "dtype").ok_or_else(unknown)?;
        // `dtype(numpy.record)` instead of a code.
        let code = self.text(first.node()).or_else(|| self.symbol(first).map(Symbol::full_name)).ok_or_else(unknown)?;
        let state: Vec<Edge> = match self.graph.last_added(node, RunKind::State).last() {
            Some(state) => self.graph.items(state.node()).take(9).collect(),
            None => Vec::new(),
        };
        let int = |index: usize| match state.get(index).map(|edge| self.graph.node(edge.node())) {
            Some(Node::Int(value)) => Some(value),
            _ => None,
        };
        let order = state.get(1).and_then(|&order| self.text(order.node())).filter(|order| order != "|");
        let itemsize = Code::of(&code)
            .fixed_size()
            .or_else(|| int(5).and_then(|size| u64::try_from(size).ok()))
            .ok_or_else(|| format!("the itemsize of the dtype {code} is not known"))?;
        let has_objects = int(7).map_or(code.starts_with('O'), |flags| flags & 1 != 0);
        Ok(Dtype { code: order.unwrap_or_default() + &code, itemsize, has_objects })
    }
}

/// Bytes of an element by the `descr` of a `.npy` header: a code, a list of fields, or a pair of one of these and a shape.
///
/// # Errors
/// When it is not known; why, in words.
pub(super) fn descr_size(descr: &Literal) -> Result<u64, String> {
    let mut total: u64 = 0;
    let mut waiting: Vec<(&Literal, u64)> = vec![(descr, 1)];
    let many = || "the elements have more bytes than any file".to_owned();
    while let Some((next, times)) = waiting.pop() {
        match next {
            Literal::Str(_, code) => {
                let size =
                    Code::of(code).size().ok_or_else(|| format!("the itemsize of the dtype {code} is not known"))?;
                let size = size.checked_mul(times).and_then(|size| total.checked_add(size));
                total = size.filter(|&size| size < 1 << 47).ok_or_else(many)?;
            }
            Literal::List(_, fields) => {
                for field in fields {
                    match field {
                        // (name, descr) and (name, descr, shape)
                        Literal::Tuple(_, parts) if parts.len() == 2 => waiting.push((&parts[1], times)),
                        Literal::Tuple(_, parts) if parts.len() == 3 => {
                            waiting.push((&parts[1], elements(&parts[2], times).ok_or_else(many)?));
                        }
                        _ => return Err("a field of the dtype has no name and type".to_owned()),
                    }
                }
            }
            Literal::Tuple(_, parts) if parts.len() == 2 => {
                waiting.push((&parts[0], elements(&parts[1], times).ok_or_else(many)?));
            }
            _ => return Err("the dtype is neither a code nor a list of fields".to_owned()),
        }
    }
    Ok(total)
}

/// Elements of a subarray, `times` over.
fn elements(shape: &Literal, times: u64) -> Option<u64> {
    let one = std::slice::from_ref(shape);
    let sizes = if let Literal::Tuple(_, sizes) = shape { sizes } else { one };
    sizes.iter().try_fold(times, |product, size| match size {
        Literal::Int(_, size) => product.checked_mul(u64::try_from(*size).ok()?),
        _ => None,
    })
}
