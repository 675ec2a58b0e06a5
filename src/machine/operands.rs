//! What CPython's C loader demands of the operands of each opcode, for operands whose type is known. The hot loop sends here
//! what is not plainly in order; what comes out is a problem with the loader's own words, and the reading goes on.
//!
//! Source: `Modules/_pickle.c` of CPython 3.11; `tests/it/machine/refusals.rs` holds every rule to what the loaders say.

use super::parts::Idle;
use super::problem::ProblemKind;
use super::raised::Raised;
use super::run::Machine;
use super::types::{Builtin, KEYWORDS, Type, is_keywords, type_of};
use crate::bytes::read_span;
use crate::graph::{CallKind, Edge, Graph, Node, NodeId, RunKind, Tag};
use crate::opcode::{self, Opcode, PyText};

/// What a rule says: nothing, or what the loader raises.
type Rule = Result<(), Raised>;

/// Longest name that a message spells out.
const NAME: u64 = 200;

impl Machine<'_> {
    /// Notes that the loader stops at `at`.
    #[cold]
    pub(super) fn refuse(&mut self, at: u64, raised: Raised) {
        self.note(at, ProblemKind::Refused(raised));
    }

    #[cold]
    fn rule(&mut self, at: u64, rule: Rule) {
        if let Err(raised) = rule {
            self.refuse(at, raised);
        }
    }

    pub(super) fn type_of(&self, edge: u32) -> Type {
        type_of(&self.graph, edge)
    }

    /// REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST: `operands` are callee, arguments and perhaps keywords. Gives the type of the
    /// result.
    #[inline(never)]
    pub(super) fn check_call(&mut self, kind: CallKind, operands: &[u32], at: u64) -> Type {
        let rule = self.call_rule(kind, operands);
        let is_unpacked = rule.is_err() && self.is_unpacked(operands);
        if rule.is_ok()
            && let &[callee, _, kwargs] = operands
            && let Some(found) = self.odd_keyword(callee, kwargs)
        {
            self.note(at, ProblemKind::OddKeyword(found.name()));
        }
        if let &[_, _, kwargs] = operands {
            let keywords = &mut self.graph.records[(kwargs & !Edge::FETCHED) as usize];
            if keywords.tag == Tag::Dict {
                keywords.extra = KEYWORDS;
            }
        }
        match rule {
            Err(raised) if is_unpacked => self.note(at, ProblemKind::RefusedInC(raised)),
            rule => self.rule(at, rule),
        }
        let callee = self.graph.records[(operands[0] & !Edge::FETCHED) as usize];
        if callee.tag == Tag::Global { Builtin::of_code(callee.extra).instances } else { Type::Unknown }
    }

    fn call_rule(&mut self, kind: CallKind, operands: &[u32]) -> Rule {
        let (callee, args) = (operands[0], operands[1]);
        let (made, given) = (self.type_of(callee), self.type_of(args));
        if matches!(kind, CallKind::NewObj | CallKind::NewObjEx) {
            let name = kind.opcode_name();
            let demand = |what: &str, wanted: &str, found: Type| {
                Err(Raised::unpickling(format!("{name} {what} argument must be a {wanted}, not {}", found.name())))
            };
            match (made, given, operands.get(2).map_or(Type::Dict, |&kwargs| self.type_of(kwargs))) {
                (Type::Unknown | Type::Class, Type::Unknown | Type::Tuple, Type::Unknown | Type::Dict) => {}
                (Type::Unknown | Type::Class, Type::Unknown | Type::Tuple, kwargs) => {
                    return demand("kwargs", "dict", kwargs);
                }
                (Type::Unknown | Type::Class, args, _) => return demand("args", "tuple", args),
                (class, ..) => return demand("class", "type", class),
            }
        } else if !matches!(given, Type::Unknown | Type::Tuple) {
            return Err(Raised::type_error("argument list must be a tuple"));
        } else if !matches!(made, Type::Unknown | Type::Class | Type::Function) {
            return Err(Raised::type_error(format!("'{}' object is not callable", made.name())));
        }
        if made == Type::Class && given == Type::Tuple { self.construct_rule(kind, callee, args) } else { Ok(()) }
    }

    /// The type of the first keyword that is no string, given to a class of which nothing is known.
    fn odd_keyword(&self, class: u32, kwargs: u32) -> Option<Type> {
        /// Of a dict that is fetched, which may be handed to a million classes.
        const MOST: usize = 64;
        let most = if kwargs & Edge::FETCHED == 0 { usize::MAX } else { MOST };
        let dict = NodeId(kwargs & !Edge::FETCHED);
        let class = self.graph.records[(class & !Edge::FETCHED) as usize];
        let is_builtin = class.tag == Tag::Global && class.extra != 0;
        if is_builtin || self.graph.node(dict) != Node::Dict {
            return None;
        }
        let runs = self.graph.runs(dict).take(most).filter(|run| run.kind == RunKind::Pairs);
        let keys = runs.flat_map(|run| self.graph.run_edges(run).step_by(2)).take(most);
        keys.map(|key| self.type_of(key.0)).find(|found| !matches!(found, Type::Unknown | Type::Str))
    }

    /// A builtin class and its arguments.
    fn construct_rule(&mut self, kind: CallKind, class: u32, args: u32) -> Rule {
        let class = self.graph.records[(class & !Edge::FETCHED) as usize];
        let class = Builtin::of_code(class.extra).instances;
        let items = || self.graph.items(NodeId(args & !Edge::FETCHED));
        let (count, first) = (items().len(), items().next().map(|edge| edge.0));
        let is_new = matches!(kind, CallKind::NewObj | CallKind::NewObjEx)
            || matches!(kind, CallKind::Obj | CallKind::Inst) && count == 0;
        match class {
            Type::Object if count > 0 => return Err(Raised::type_error("object() takes no arguments")),
            // `__new__` of these does not look at its arguments.
            Type::List | Type::Dict | Type::Set if is_new => return Ok(()),
            Type::List | Type::Tuple | Type::Set | Type::FrozenSet | Type::Dict => {}
            _ => return Ok(()),
        }
        let Some(first) = first else { return Ok(()) };
        if count > 1 {
            let name = class.name();
            return Err(Raised::type_error(format!("{name} expected at most 1 argument, got {count}")));
        }
        let given = self.type_of(first);
        if !given.is_iterable() {
            return Err(Raised::type_error(format!("'{}' object is not iterable", given.name())));
        }
        // A list that is fetched may be handed to a million sets.
        if !matches!(class, Type::Set | Type::FrozenSet) || (first | args) & Edge::FETCHED != 0 {
            return Ok(());
        }
        let node = NodeId(first & !Edge::FETCHED);
        let members: Vec<u32> = match self.graph.node(node) {
            Node::Tuple => self.graph.items(node).map(|edge| edge.0).collect(),
            Node::List => self.graph.first_added(node, RunKind::Items).map(|edge| edge.0).collect(),
            _ => return Ok(()),
        };
        for member in members {
            self.hash_rule(member)?;
        }
        Ok(())
    }

    /// BUILD on something that may have no `__setstate__` and no `__dict__` (`load_build`). Gives whether it does nothing: a
    /// state of None given to a plain value.
    #[inline(never)]
    pub(super) fn check_build(&mut self, target: u32, state: u32, at: u64) -> bool {
        let owner = target;
        let target = self.type_of(target);
        if matches!(target, Type::Unknown | Type::Class) {
            return false;
        }
        let rule = self.build_rule(target, state);
        let does_nothing = rule.is_ok() && self.type_of(state) == Type::None;
        match rule {
            Err(raised) if self.is_empty_state(state) => self.note(at, ProblemKind::RefusedInC(raised)),
            rule => self.rule(at, rule),
        }
        if does_nothing {
            self.note_idle(owner, RunKind::State, at);
        }
        does_nothing
    }

    fn build_rule(&mut self, target: Type, state: u32) -> Rule {
        let (mut state, mut slots) = (state, None);
        if self.type_of(state) == Type::Tuple {
            let items: Vec<Edge> = self.graph.items(NodeId(state & !Edge::FETCHED)).take(3).collect();
            if let [first, second] = items[..] {
                (state, slots) = (first.0, Some(second.0));
            }
        }
        match self.type_of(state) {
            Type::None => {}
            Type::Dict => return Err(no_attribute(target, "__dict__")),
            // A call may give None.
            Type::Unknown => return Ok(()),
            _ => return Err(Raised::unpickling("state is not a dictionary")),
        }
        let Some(slots) = slots else { return Ok(()) };
        match self.type_of(slots) {
            Type::Unknown => return Ok(()),
            Type::Dict => {}
            _ => return Err(Raised::unpickling("slot state is not a dictionary")),
        }
        let first = self.graph.first_added(NodeId(slots & !Edge::FETCHED), RunKind::Pairs).next();
        let Some(first) = first.map(|edge| edge.0) else { return Ok(()) };
        match self.type_of(first) {
            Type::Str => Err(no_attribute(target, &self.short_text(first))),
            Type::Unknown => Ok(()),
            other => Err(Raised::type_error(format!("attribute name must be string, not '{}'", other.name()))),
        }
    }

    fn short_text(&self, edge: u32) -> String {
        let Node::Text { span, encoding } = self.graph.node(NodeId(edge & !Edge::FETCHED)) else {
            return String::new();
        };
        let bytes = read_span(self.source, span.prefix(NAME)).unwrap_or_default();
        encoding.decode(&bytes).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// APPEND, SETITEM, ADDITEMS and their kin, `count` edges from `start` on, to an object that is not the list, dict or set
    /// that they are meant for.
    #[inline(never)]
    pub(super) fn check_target(&mut self, owner: u32, kind: RunKind, start: u32, count: u32, at: u64) -> bool {
        let target = self.type_of(owner);
        let edges = || start as usize..(start + count) as usize;
        let rule = match (kind, target) {
            (_, Type::Unknown) | (RunKind::Items, Type::List) | (RunKind::State, _) => Ok(()),
            (RunKind::Items, Type::ByteArray) => edges().try_for_each(|index| self.byte_rule(self.graph.edges[index])),
            (RunKind::Items, _) => Err(no_attribute(target, "append")),
            (RunKind::Members, Type::Set) => edges().try_for_each(|index| self.hash_rule(self.graph.edges[index])),
            (RunKind::Members, _) => Err(no_attribute(target, "add")),
            (RunKind::Pairs, Type::Dict) => {
                edges().step_by(2).try_for_each(|index| self.hash_rule(self.graph.edges[index]))
            }
            (RunKind::Pairs, Type::List | Type::ByteArray) => {
                edges().step_by(2).try_for_each(|index| self.index_rule(owner, target, index))
            }
            // Of a sequence, the index is looked at before it is asked whether it can be set.
            (RunKind::Pairs, Type::Str | Type::Bytes | Type::Tuple | Type::Set | Type::FrozenSet | Type::Range)
                if self.is_long(self.graph.edges[start as usize]) =>
            {
                Err(no_index())
            }
            (RunKind::Pairs, Type::MemoryView) => Err(Raised::type_error("cannot modify read-only memory")),
            (RunKind::Pairs, _) => {
                Err(Raised::type_error(format!("'{}' object does not support item assignment", target.name())))
            }
        };
        if kind == RunKind::Pairs && is_keywords(&self.graph.records[owner as usize]) {
            self.note(at, ProblemKind::KeywordsChanged);
        }
        let is_replaced = rule.is_ok() && kind == RunKind::Pairs && self.replace_items(owner, start, count);
        if is_replaced {
            self.list_items_set.push(at);
        }
        self.rule(at, rule);
        !is_replaced
    }

    /// `list[index] = value` for each of the pairs, all of which are in order: the list is then what a loader has. Gives whether
    /// that was done; what only loading gives as an index is added as it stands.
    fn replace_items(&mut self, owner: u32, start: u32, count: u32) -> bool {
        let node = NodeId(owner);
        if self.graph.node(node) != Node::List {
            return false;
        }
        let pairs = || (start as usize..(start + count) as usize).step_by(2);
        let Some(length) = self.length_of(owner) else { return false };
        let position = |graph: &Graph, index: usize| {
            let position = match graph.node(NodeId(graph.edges[index] & !Edge::FETCHED)) {
                Node::Int(position) => position,
                Node::Bool(position) => i64::from(position),
                _ => return None,
            };
            u64::try_from(if position < 0 { position + length } else { position }).ok()
        };
        if pairs().any(|index| position(&self.graph, index).is_none()) {
            return false;
        }
        for index in pairs() {
            let Some(item) = position(&self.graph, index) else { return false };
            let value = self.graph.edges[index + 1];
            let places = self.item_places.entry(owner).or_default();
            let Some(old) = self.graph.replace_added(node, RunKind::Items, item, value, places) else { return false };
            if old & Edge::FETCHED == 0 {
                self.discarded.push(NodeId(old));
            }
        }
        true
    }

    /// APPENDS and ADDITEMS with nothing above the MARK: the C loader does not look at the target, `pickle.py` does.
    #[cold]
    pub(super) fn check_untouched(&mut self, target: u32, kind: RunKind, at: u64) {
        if kind == RunKind::Pairs {
            self.note_idle(target, kind, at);
        }
        let target = self.type_of(target);
        let name = match (kind, target) {
            (_, Type::Unknown)
            | (RunKind::Items, Type::List | Type::ByteArray)
            | (RunKind::Members, Type::Set)
            | (RunKind::Pairs | RunKind::State, _) => return,
            (RunKind::Items, _) => "append",
            (RunKind::Members, _) => "add",
        };
        self.note(at, ProblemKind::OnlyInPython(no_attribute(target, name)));
    }

    fn note_idle(&mut self, target: u32, kind: RunKind, offset: u64) {
        /// Instructions that are kept: one that is refused is enough.
        const MOST: usize = 1000;
        if self.idle.len() < MOST {
            self.idle.push(Idle { offset, target: NodeId(target & !Edge::FETCHED), kind });
        }
    }

    /// What a bytearray takes as a byte.
    fn byte_rule(&self, edge: u32) -> Rule {
        let record = &self.graph.records[(edge & !Edge::FETCHED) as usize];
        let fits = match (record.tag, self.graph.node(NodeId(edge & !Edge::FETCHED))) {
            (_, Node::Int(value)) => (0..=255).contains(&value),
            (Tag::LongBinary | Tag::LongText, _) => false,
            _ => match self.type_of(edge) {
                Type::Unknown | Type::Bool => true,
                other => {
                    let name = other.name();
                    return Err(Raised::type_error(format!("'{name}' object cannot be interpreted as an integer")));
                }
            },
        };
        if fits { Ok(()) } else { Err(Raised::new("ValueError", "byte must be in range(0, 256)")) }
    }

    /// `target[key] = value` for a list or bytearray; the key is the edge at `index`, the value the next.
    fn index_rule(&mut self, owner: u32, target: Type, index: usize) -> Rule {
        let (key, value) = (self.graph.edges[index], self.graph.edges[index + 1]);
        let position = match self.graph.node(NodeId(key & !Edge::FETCHED)) {
            Node::Int(position) => position,
            Node::Bool(position) => i64::from(position),
            Node::LongBinary(_) | Node::LongText(_) => return Err(no_index()),
            _ => {
                return match self.type_of(key) {
                    Type::Unknown | Type::Slice => Ok(()),
                    other => {
                        let (target, other) = (target.name(), other.name());
                        let text = format!("{target} indices must be integers or slices, not {other}");
                        Err(Raised::type_error(text))
                    }
                };
            }
        };
        // A bytearray looks at the value before it looks at its length.
        if target == Type::ByteArray {
            self.byte_rule(value)?;
        }
        if let Some(length) = self.length_of(owner)
            && !(-length..length).contains(&position)
        {
            let what = if target == Type::List { "list assignment" } else { "bytearray" };
            return Err(Raised::new("IndexError", format!("{what} index out of range")));
        }
        Ok(())
    }

    /// Items of a list or bytearray so far. A file may ask for each of a million runs: what was counted is not counted again.
    fn length_of(&mut self, owner: u32) -> Option<i64> {
        let node = NodeId(owner);
        let own = match self.graph.node(node) {
            Node::List => 0,
            Node::ByteArray(span) => span.len(),
            _ => return None,
        };
        let (place, added) = self.graph.count_added(node, RunKind::Items, self.counted.get(&owner).copied());
        self.counted.insert(owner, place);
        i64::try_from(own + added).ok()
    }

    /// Keys and members must be hashable.
    #[inline(never)]
    pub(super) fn check_hashable(&mut self, edge: u32, at: u64) {
        let rule = self.hash_rule(edge);
        self.rule(at, rule);
    }

    fn hash_rule(&mut self, edge: u32) -> Rule {
        let found = match unhashable(self.type_of(edge)) {
            None if self.type_of(edge) == Type::Tuple => self.unhashable_in(edge & !Edge::FETCHED),
            found => found,
        };
        match found {
            Some(found) => Err(Raised::type_error(format!("unhashable type: '{}'", found.name()))),
            None => Ok(()),
        }
    }

    /// The first in a tuple that cannot be hashed, however deep. The answer is kept in the tuple's record, so that each is
    /// looked through once.
    fn unhashable_in(&mut self, tuple: u32) -> Option<Type> {
        const HASHABLE: u16 = 1;
        const UNHASHABLE: u16 = 2;
        let mut open: Vec<(u32, u32)> = vec![(tuple, 0)];
        while let Some((node, next)) = open.last_mut() {
            let record = self.graph.records[*node as usize];
            // A call that makes a tuple is of that type, too, and has no items here.
            if record.tag != Tag::Tuple || record.extra == HASHABLE || *next == record.b {
                if record.tag == Tag::Tuple {
                    self.graph.records[*node as usize].extra = HASHABLE;
                }
                open.pop();
                continue;
            }
            let found = if record.extra >= UNHASHABLE {
                Some(Type::of_code((record.extra - UNHASHABLE) as u8))
            } else {
                let item = self.graph.edges[(record.a + *next) as usize];
                *next += 1;
                let found = unhashable(type_of(&self.graph, item));
                let item = item & !Edge::FETCHED;
                if found.is_none() && self.graph.records[item as usize].tag == Tag::Tuple {
                    open.push((item, 0));
                }
                found
            };
            if let Some(found) = found {
                for (node, _) in open {
                    self.graph.records[node as usize].extra = UNHASHABLE + found as u16;
                }
                return Some(found);
            }
        }
        None
    }

    /// READONLY_BUFFER on what shows no bytes. Gives the type of the result.
    pub(super) fn check_buffer(&mut self, buffer: u32, at: u64) -> Type {
        match self.type_of(buffer) {
            Type::Bytes => Type::Bytes,
            Type::ByteArray | Type::MemoryView => Type::MemoryView,
            Type::Unknown => Type::Unknown,
            other => {
                let text = format!("memoryview: a bytes-like object is required, not '{}'", other.name());
                let raised = Raised::type_error(text);
                if self.is_python2_text(buffer) {
                    self.note(at, ProblemKind::RefusedAsText(raised));
                    return Type::Bytes;
                }
                self.refuse(at, raised);
                Type::Unknown
            }
        }
    }

    /// Whether it is an int that 64 bits do not hold.
    fn is_long(&self, edge: u32) -> bool {
        matches!(self.graph.records[(edge & !Edge::FETCHED) as usize].tag, Tag::LongBinary | Tag::LongText)
    }

    /// Whether it is bytes to a loader that is told encoding='bytes'.
    fn is_python2_text(&self, edge: u32) -> bool {
        matches!(self.graph.records[(edge & !Edge::FETCHED) as usize].tag, Tag::Python2 | Tag::Python2Quoted)
    }

    /// STACK_GLOBAL with an operand that is no text in the file.
    pub(super) fn check_global_operands(&mut self, operands: [u32; 2], at: u64) {
        let wrong = |edge| !matches!(type_of(&self.graph, edge), Type::Unknown | Type::Str);
        if operands.into_iter().any(wrong) {
            self.refuse(at, Raised::unpickling("STACK_GLOBAL requires str"));
        } else {
            self.note(at, ProblemKind::GlobalOperand);
        }
    }

    /// The first line of GLOBAL and INST where the second is missing: a loader decodes it before it reads on.
    #[cold]
    pub(super) fn check_first_line(&mut self, rest: &[u8], at: u64) {
        let is_ascii = match rest.first() {
            Some(b'c') => false,
            Some(b'i') => true,
            _ => return,
        };
        if let Some(length) = memchr::memchr(b'\n', &rest[1..]) {
            let rule = line_rule(&rest[1..=length], is_ascii);
            self.rule(at, rule);
        }
    }

    /// The names of GLOBAL, INST and STACK_GLOBAL, as bytes.
    pub(super) fn check_names(&mut self, module: &[u8], name: &[u8], at: u64) {
        let rule = match self.opcode_at(at) {
            Some(Opcode::StackGlobal) => stack_names_rule(module, name),
            opcode => [module, name].into_iter().try_for_each(|line| line_rule(line, opcode == Some(Opcode::Inst))),
        };
        self.rule(at, rule);
    }
}

fn no_index() -> Raised {
    Raised::new("IndexError", "cannot fit 'int' into an index-sized integer")
}

fn no_attribute(target: Type, name: &str) -> Raised {
    Raised::new("AttributeError", format!("'{}' object has no attribute '{name}'", target.name()))
}

/// The type that a message blames, for types that cannot be hashed themselves.
fn unhashable(found: Type) -> Option<Type> {
    match found {
        Type::List | Type::Dict | Type::Set | Type::ByteArray => Some(found),
        // It is asked for the hash of what it shows.
        Type::MemoryView => Some(Type::ByteArray),
        _ => None,
    }
}

fn line_rule(line: &[u8], is_ascii: bool) -> Rule {
    if line.is_empty() {
        return Err(Raised::unpickling("pickle data was truncated"));
    }
    if is_ascii {
        return if line.is_ascii() { Ok(()) } else { Err(Raised::ascii(line)) };
    }
    std::str::from_utf8(line).map(drop).map_err(|error| {
        let position = error.valid_up_to();
        Raised::utf8(&line[position..], position as u64)
    })
}

fn stack_names_rule(module: &[u8], name: &[u8]) -> Rule {
    if module.is_empty() {
        return Err(Raised::new("ValueError", "Empty module name"));
    }
    if name.is_empty() {
        let module = PyText::from_utf8_surrogatepass(module).unwrap_or_default();
        let text = format!("Can't get attribute '' on <module {}>", opcode::repr_str(&module));
        return Err(Raised::new("AttributeError", text));
    }
    Ok(())
}
