//! Code objects by the form of their arguments, which changed with the versions of CPython.

use super::form::{CodeForm, CodeObject};
use super::maker::Made;
use super::{lines, versions};
use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::Call;
use crate::lens::recogniser::Lens;

/// Names of one kind that are taken.
const NAMES: usize = 1 << 14;

/// `CO_*` flags that mean the same in every Python.
const FLAGS: [(i64, &str); 11] = [
    (0x1, "OPTIMIZED"),
    (0x2, "NEWLOCALS"),
    (0x4, "VARARGS"),
    (0x8, "VARKEYWORDS"),
    (0x10, "NESTED"),
    (0x20, "GENERATOR"),
    (0x40, "NOFREE"),
    (0x80, "COROUTINE"),
    (0x100, "ITERABLE_COROUTINE"),
    (0x200, "ASYNC_GENERATOR"),
    (0x1000, "GENERATOR_ALLOWED"),
];

impl CodeObject {
    /// Whether there may be more names than were taken. No compiler makes so many.
    #[must_use]
    pub fn has_more_names(&self) -> bool {
        self.names.len() >= NAMES
    }

    /// Whether a flag of `co_flags` is set.
    #[must_use]
    pub fn has_flag(&self, bit: i64) -> bool {
        self.flags & bit != 0
    }

    /// The flags as words; bits without a name in hexadecimal.
    #[must_use]
    pub fn flag_words(&self) -> Vec<String> {
        let named = flag_names(self.form);
        let mut words: Vec<String> =
            named.iter().filter(|(bit, _)| self.has_flag(*bit)).map(|(_, name)| (*name).to_owned()).collect();
        let rest = named.iter().fold(self.flags, |rest, (bit, _)| rest & !bit);
        if rest != 0 {
            words.push(format!("{rest:#x}"));
        }
        words
    }

    /// Names of the arguments in the order of `co_varnames`: positional, keyword-only, then `*args` and `**kwargs`.
    #[must_use]
    pub fn argument_names(&self) -> Arguments<'_> {
        let take = |from: u64, count: u64| {
            let from = usize::try_from(from).unwrap_or(usize::MAX).min(self.variables.len());
            let end = from.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)).min(self.variables.len());
            &self.variables[from..end]
        };
        let after = self.args.saturating_add(self.kwonly);
        let rest = u64::from(self.has_flag(0x4));
        let extra = |at: u64| take(at, 1).first().map(String::as_str);
        Arguments {
            positional: take(0, self.args),
            keyword: take(self.args, self.kwonly),
            rest: if self.has_flag(0x4) { extra(after) } else { None },
            more: if self.has_flag(0x8) { extra(after.saturating_add(rest)) } else { None },
        }
    }
}

/// Names of arguments by their kind.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'c> {
    /// Those that may be positional.
    pub positional: &'c [String],
    /// Those that may be given by keyword only.
    pub keyword: &'c [String],
    /// `*args`.
    pub rest: Option<&'c str>,
    /// `**kwargs`.
    pub more: Option<&'c str>,
}

impl Lens<'_> {
    /// The code object that a value is.
    #[must_use]
    pub fn code(&self, node: NodeId) -> Option<CodeObject> {
        if self.made(node)? != Made::Code {
            return None;
        }
        let Call { mut args, .. } = self.call(node)?;
        // dill puts the table of lines of older Pythons before the rest.
        let mut has_lnotab = false;
        if args.first().is_some_and(|&first| self.int(first).is_none()) {
            args.remove(0);
            has_lnotab = true;
        }
        let form = match args.len() {
            14 => CodeForm::Python2,
            15 => CodeForm::Python3,
            16 => CodeForm::Positional,
            17 => CodeForm::PyPy,
            18 => CodeForm::Qualified,
            _ => CodeForm::Unknown,
        };
        let mut code = self.fields(node, form, &args)?;
        code.versions = versions::of(&code, has_lnotab, self.line_table(form, &args).as_deref());
        code.lines = self.line_table(form, &args).and_then(|table| lines::range(&code, &table));
        Some(code)
    }

    /// Reads the fields one after the other, as the form has them.
    fn fields(&self, node: NodeId, form: CodeForm, args: &[Edge]) -> Option<CodeObject> {
        let mut problem = None;
        let ints = args.iter().take_while(|edge| self.int(**edge).is_some()).count();
        if form == CodeForm::Unknown {
            problem = Some(format!("{} arguments: no known Python makes code objects of so many", args.len()));
        }
        // Where the bytecode stands tells how many counts come before it, for forms that are not known.
        let (counts, at) = match form {
            CodeForm::Python2 => (4, 4),
            CodeForm::Python3 => (5, 5),
            CodeForm::Positional | CodeForm::Qualified | CodeForm::PyPy => (6, 6),
            CodeForm::Unknown => (ints.min(6), ints),
        };
        let int = |index: usize| args.get(index).and_then(|&edge| self.int(edge)).unwrap_or(0);
        let count = |index: usize| u64::try_from(int(index)).unwrap_or(0);
        if (0..counts).any(|index| args.get(index).is_none_or(|&edge| self.int(edge).is_none())) {
            problem.get_or_insert_with(|| "a count is no integer".to_owned());
        }
        let (posonly, kwonly) = match counts {
            ..=4 => (0, 0),
            5 => (0, count(1)),
            _ => (count(1), count(2)),
        };
        let has_qualified = matches!(form, CodeForm::Qualified | CodeForm::PyPy)
            || form == CodeForm::Unknown && args.get(at + 6).is_some_and(|&edge| self.int(edge).is_none());
        let line = at + 6 + usize::from(has_qualified);
        let &bytecode_at = args.get(at)?;
        let names = |index: usize| args.get(index).map_or_else(Vec::new, |&edge| self.names(edge));
        let text = |index: usize| args.get(index).and_then(|&edge| self.name(edge)).unwrap_or_default();
        Some(CodeObject {
            node,
            form,
            args: count(0),
            posonly,
            kwonly,
            locals: int(counts.saturating_sub(3)),
            stack: int(counts.saturating_sub(2)),
            flags: int(counts.saturating_sub(1)),
            bytecode: self.code_bytes(bytecode_at),
            bytecode_at,
            constants: args.get(at + 1).and_then(|&edge| self.sequence(edge)).unwrap_or_default(),
            names: names(at + 2),
            variables: names(at + 3),
            free: names(args.len().saturating_sub(2)),
            cells: names(args.len().saturating_sub(1)),
            file: text(at + 4),
            name: text(at + 5),
            qualified: has_qualified.then(|| text(at + 6)),
            first_line: int(line),
            lines: None,
            versions: None,
            problem,
        })
    }

    /// The table of lines: the argument behind the first line.
    fn line_table(&self, form: CodeForm, args: &[Edge]) -> Option<Vec<u8>> {
        let at = match form {
            CodeForm::Python2 => 11,
            CodeForm::Python3 => 12,
            CodeForm::Positional => 13,
            CodeForm::Qualified | CodeForm::PyPy => 14,
            CodeForm::Unknown => return None,
        };
        self.code_bytes(*args.get(at)?)
    }

    /// Bytes; dill has a spelling of its own for none at all, and old versions of it have text.
    fn code_bytes(&self, edge: Edge) -> Option<Vec<u8>> {
        if let Some(bytes) = self.bytes_of(edge) {
            return Some(bytes);
        }
        if let Some(text) = self.string(edge) {
            return Some(text.into_bytes());
        }
        let Node::Call { callee, args, .. } = self.graph.node(edge.node()) else { return None };
        let args: Vec<Edge> = self.graph.items(args.node()).take(3).collect();
        match args[..] {
            [] => (self.type_name(callee).as_deref() == Some("bytes")).then(Vec::new),
            // `_get_attr(_import_module('_codecs'), 'encode')(text, 'latin1')`, in dill before 0.3.5.
            [text, encoding] if matches!(self.string(encoding)?.as_str(), "latin1" | "latin-1") => {
                let Call { args: named, .. } = self.call(callee.node())?;
                (self.string(*named.get(1)?)? == "encode").then_some(())?;
                self.string(text)?.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
            }
            _ => None,
        }
    }

    fn name(&self, edge: Edge) -> Option<String> {
        self.string(edge).or_else(|| Some(String::from_utf8_lossy(&self.bytes_of(edge)?).into_owned()))
    }

    fn names(&self, edge: Edge) -> Vec<String> {
        let items: Vec<Edge> = match self.graph.node(edge.node()) {
            // However long it is: names that were not taken hide none of the first.
            Node::Tuple => self.graph.items(edge.node()).take(NAMES).collect(),
            _ => self.sequence(edge).unwrap_or_default().into_iter().take(NAMES).collect(),
        };
        items.into_iter().map(|item| self.name(item).unwrap_or_else(|| self.inline(item))).collect()
    }
}

/// The flags that a form can have: those of `from __future__` moved in Python 3.9.
fn flag_names(form: CodeForm) -> Vec<(i64, &'static str)> {
    let common = FLAGS.iter().copied();
    let later: &[(i64, &str)] = match form {
        CodeForm::Python2 => &[
            (0x2000, "FUTURE_DIVISION"),
            (0x4000, "FUTURE_ABSOLUTE_IMPORT"),
            (0x8000, "FUTURE_WITH_STATEMENT"),
            (0x1_0000, "FUTURE_PRINT_FUNCTION"),
            (0x2_0000, "FUTURE_UNICODE_LITERALS"),
        ],
        CodeForm::Python3 => &[
            (0x4_0000, "FUTURE_BARRY_AS_BDFL"),
            (0x8_0000, "FUTURE_GENERATOR_STOP"),
            (0x10_0000, "FUTURE_ANNOTATIONS"),
        ],
        _ => &[
            (0x40_0000, "FUTURE_BARRY_AS_BDFL"),
            (0x80_0000, "FUTURE_GENERATOR_STOP"),
            (0x100_0000, "FUTURE_ANNOTATIONS"),
            (0x200_0000, "NO_MONITORING_EVENTS"),
            (0x400_0000, "HAS_DOCSTRING"),
            (0x800_0000, "METHOD"),
        ],
    };
    common.chain(later.iter().copied()).collect()
}
