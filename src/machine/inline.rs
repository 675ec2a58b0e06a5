//! What stands inside a pickle without being an instruction of it: the arrays that joblib writes behind the BUILD of their
//! wrappers.
//!
//! Source: `joblib/numpy_pickle.py` (`NumpyUnpickler.load_build`, `NumpyArrayWrapper.read_array`), versions 0.10 to 1.6. The
//! array takes the place of the wrapper on the stack; the memo keeps the wrapper.

use super::dtype::{Describe, Dtype};
use super::parts::{Nested, Outer, RawKind, RawPart, highest_protocol};
use super::problem::ProblemKind;
use super::run::{Flow, Halt, Machine};
use super::stack::Slot;
use crate::bytes::{Span, read_span};
use crate::format::joblib::{self, Wrapper};
use crate::graph::{Edge, Node, NodeId, Record, Symbol, Tag};

/// An array as its wrapper describes it.
struct Described {
    shape: Vec<u64>,
    dtype: Dtype,
    /// Padding is counted by this, when there is any.
    alignment: Option<u64>,
}

/// Whether a global is the class of the wrappers, wherever its path is parted into module and name.
pub(super) fn is_wrapper(module: &[u8], name: &[u8]) -> bool {
    // Nearly every name ends otherwise.
    name.ends_with(joblib::INLINE.as_bytes())
        && str::from_utf8(&[module, b".", name].concat())
            .is_ok_and(|path| Wrapper::of_path(path) == Some(Wrapper::Inline))
}

impl Machine<'_> {
    /// What joblib's loader does after the BUILD at `at` gave `state` to `target`.
    #[cold]
    pub(super) fn after_build(&mut self, target: Slot, state: u32, at: u64) -> Flow<u64> {
        if self.plain || self.outer.is_some() || !self.makes_wrapper(NodeId(target.edge & !Edge::FETCHED)) {
            return Ok(at + 1);
        }
        // Frames end before the bytes.
        if self.frame_end != u64::MAX {
            self.leave_frame(at + 1, at);
            self.set_horizon();
        }
        let after = |kind| match self.damage(at, kind) {
            Halt::Damage(problem) => Halt::DamageAfter(problem),
            halt => halt,
        };
        let described = self.described(state).map_err(|reason| after(ProblemKind::ArrayUnknown(reason)))?;
        if described.dtype.has_objects {
            self.enter(at + 1);
            return Ok(at + 1);
        }
        let padding = match described.alignment {
            Some(alignment) => {
                self.padding(at + 1, alignment).map_err(|found| after(ProblemKind::ArrayPadding(found)))?
            }
            None => 0,
        };
        let start = at + 1 + padding;
        let length = self.fitting(&described, start).map_err(after)?;
        if padding == 1 {
            // joblib never writes that, and takes it for no padding.
            self.note(at, ProblemKind::ArrayPadding("a length of 0".to_owned()));
        }
        let node = NodeId(self.graph.records.len() as u32);
        let record = Record::inline_array(target.edge, (start - at) as u32, length, at);
        self.graph.records.push(record);
        self.stack.replace_top(node.0);
        let next = start + length;
        for (span, kind) in [(Span::new(at + 1, start), RawKind::Padding), (Span::new(start, next), RawKind::Array)] {
            if !span.is_empty() {
                self.raw.push(RawPart { span, before: self.count + 1, kind, node });
            }
        }
        Ok(next)
    }

    fn describe(&self) -> Describe<'_> {
        Describe { graph: &self.graph, source: self.source, limits: self.limits }
    }

    /// Whether a node is an instance of the class of the wrappers: of NEWOBJ, of `copyreg._reconstructor(class, …)`, or of
    /// anything else that is given the class first, as `copyreg.__newobj__` and `object.__new__` are.
    fn makes_wrapper(&self, node: NodeId) -> bool {
        let Node::Call { callee, args, .. } = self.graph.node(node) else { return false };
        let describe = self.describe();
        let is = |symbol: &Symbol| is_wrapper(symbol.module.as_bytes(), symbol.name.as_bytes());
        let first = || self.graph.items(args.node()).next().and_then(|class| describe.symbol(class));
        describe.symbol(callee).is_some_and(is) || first().is_some_and(is)
    }

    /// What the state of a wrapper says.
    fn described(&self, state: u32) -> Result<Described, String> {
        let describe = self.describe();
        let state = NodeId(state & !Edge::FETCHED);
        let attribute =
            |name| describe.dict(state, name).ok_or_else(|| format!("the state of its wrapper has no {name}"));
        let shape = describe.shape(attribute("shape")?)?;
        let dtype = describe.dtype(attribute("dtype")?)?;
        let alignment = match describe.dict(state, "numpy_array_alignment_bytes").map(|node| self.graph.node(node)) {
            None | Some(Node::None) => None,
            Some(Node::Int(alignment @ 1..=255)) => Some(alignment as u64),
            Some(_) => return Err("its alignment is no number from 1 to 255".to_owned()),
        };
        Ok(Described { shape, dtype, alignment })
    }

    /// The length of the padding at `start`, its length byte included; what was found instead when there is none.
    fn padding(&self, start: u64, alignment: u64) -> Result<u64, String> {
        let bytes = read_span(self.source, Span::new(start, self.total).prefix(alignment + 1))
            .map_err(|error| error.to_string())?;
        let Some((&length, rest)) = bytes.split_first() else { return Err("the end of the input".to_owned()) };
        if !(0..=alignment).contains(&u64::from(length)) {
            return Err(format!("a length of {length} where the alignment is {alignment}"));
        }
        match rest.get(..usize::from(length)) {
            Some(padding) if padding.iter().all(|&byte| byte == 0xff) => Ok(1 + u64::from(length)),
            Some(_) => Err("other bytes than 0xff".to_owned()),
            None => Err(format!("{} of its {length} bytes", rest.len())),
        }
    }

    /// The bytes of an array, when the input has as many from `start` on.
    fn fitting(&self, array: &Described, start: u64) -> Result<u64, ProblemKind> {
        let remaining = self.total - start;
        let needed = byte_count(&array.shape, array.dtype.itemsize);
        match needed.and_then(|needed| u64::try_from(needed).ok()) {
            Some(needed) if needed <= remaining => Ok(needed),
            _ => {
                let what = format!("a joblib array of shape {} and dtype {}", spell(&array.shape), array.dtype.code);
                Err(ProblemKind::ArrayBeyondInput { what, needed, remaining })
            }
        }
    }

    /// Begins a pickle inside the pickle, at `start`; BUILD, which asked for it, is still running.
    fn enter(&mut self, start: u64) {
        self.outer = Some(Box::new(Outer {
            stack: std::mem::take(&mut self.stack),
            memo: std::mem::take(&mut self.memo),
            protocol: std::mem::take(&mut self.protocol),
            declared: self.declared.take(),
            frames: std::mem::take(&mut self.frames),
            buffers: std::mem::take(&mut self.buffers),
            seen: std::mem::replace(&mut self.seen, [false; 256]),
            begin: (start, self.count + 1),
        }));
    }

    /// The STOP before `position` was that of the pickle inside: its result is the array.
    pub(super) fn leave(&mut self) {
        let at = self.position - 1;
        let mut left = self.back_to_outer(true);
        let value = left.pop();
        left.into_iter().for_each(|edge| self.discard(edge));
        let (Some(value), Some(wrapper)) = (value, self.stack.pop()) else { return };
        let reach = self.reach(wrapper.start, at);
        self.push_compound(Record::compound(Tag::InlinePickle, wrapper.edge, value.0, reach, at), wrapper.start);
    }

    /// Gives the machine back to the pickle around, if there is one, and what the one inside left on its stack.
    pub(super) fn back_to_outer(&mut self, complete: bool) -> Vec<Edge> {
        let Some(outer) = self.outer.take() else { return Vec::new() };
        let seen = self.take_seen();
        self.seen = outer.seen;
        let left = self.stack.take();
        self.stack = outer.stack;
        let mut memo = std::mem::replace(&mut self.memo, outer.memo);
        memo.shrink();
        self.kept += memo.memory() as u64;
        self.keep(&left);
        let (start, first) = outer.begin;
        self.nested.push(Nested {
            span: Span::new(start, self.position),
            first,
            opcodes: self.count - first,
            declared_protocol: std::mem::replace(&mut self.declared, outer.declared),
            opcode_protocol: highest_protocol(&seen),
            complete,
            memo,
            frames: std::mem::replace(&mut self.frames, outer.frames),
            outer_depth: self.stack.depth() as u32,
            outer_memo: self.memo.len(),
        });
        self.protocol = outer.protocol;
        self.buffers = outer.buffers;
        self.frame_end = u64::MAX;
        self.set_horizon();
        left
    }
}

/// Bytes of an array; `None` beyond 128 bits, which no file has either.
pub(super) fn byte_count(shape: &[u64], itemsize: u64) -> Option<u128> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(u128::from(itemsize), |product, &size| product.checked_mul(u128::from(size)))
}

/// A shape as Python spells the tuple.
pub(super) fn spell(shape: &[u64]) -> String {
    let sizes: Vec<String> = shape.iter().map(u64::to_string).collect();
    match &sizes[..] {
        [one] => format!("({one},)"),
        more => format!("({})", more.join(", ")),
    }
}
