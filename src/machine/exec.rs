//! The opcodes that are rare, or that need more than the bytes in front of them.

use super::fix_imports;
use super::inline::is_wrapper;
use super::parts::{Checkpoint, Frame};
use super::problem::{Problem, ProblemKind};
use super::raised::{MOST_DIGITS, Raised};
use super::reserve::CHECKPOINT;
use super::run::{Flow, Halt, Machine, eight, int4, problem_at};
use super::types::{Builtin, Type};
use crate::bytes::{Span, read_span};
use crate::graph::{CallKind, Edge, FAR, Node, NodeId, Record, Symbol, SymbolId, Tag};
use crate::opcode::{self, DecodeErrorKind, Dialect, EscapeError, Int, IntLine, NumberError, Opcode};

impl Machine<'_> {
    /// Runs an opcode that the hot loop does not.
    #[inline(never)]
    pub(super) fn rare(&mut self, rest: &[u8], head: &[u8; 9], at: u64) -> Flow<u64> {
        match head[0] {
            0x80 => self.protocol(head[1], at),
            0x95 => Ok(self.frame(u64::from_le_bytes(eight(head)), at)),
            b'0' => self.pop(at),
            b'1' => self.pop_mark(at),
            b'2' => self.duplicate(at),
            b'l' => self.take_mark(Tag::List, at),
            b'd' => self.take_mark(Tag::Dict, at),
            0x91 => self.take_mark(Tag::FrozenSet, at),
            0x8f => self.leaf(Record::compound(Tag::Set, 0, u32::MAX, 0, at), at, 1),
            0x8d => self.utf8(rest, at, 9, u64::from_le_bytes(eight(head))),
            b'B' => self.payload(Tag::Bytes, at, 5, u64::from(int4(head) as u32)),
            0x8e => self.payload(Tag::Bytes, at, 9, u64::from_le_bytes(eight(head))),
            0x96 => self.payload(Tag::ByteArray, at, 9, u64::from_le_bytes(eight(head))),
            b'U' => self.python2(rest, at, 2, u64::from(head[1])),
            b'T' => match u64::try_from(int4(head)) {
                Ok(length) => self.python2(rest, at, 5, length),
                Err(_) => Err(self.negative_length(int4(head), at)),
            },
            0x8a => self.long(rest, 2, u64::from(head[1]), at),
            0x8b => match u64::try_from(int4(head)) {
                Ok(length) => self.long(rest, 5, length, at),
                Err(_) => Err(self.negative_length(int4(head), at)),
            },
            // Loaders look for the MARK before they read the class.
            b'i' if self.stack.depth() == 0 => Err(self.no_mark(at)),
            b'I' | b'L' | b'F' | b'S' | b'V' | b'p' | b'g' | b'P' | b'c' | b'i' => self.line_opcode(rest, head[0], at),
            0x93 => self.stack_global(at),
            b'o' => self.obj(at),
            0x92 => self.new_obj_ex(at),
            b'Q' => self.persistent_id(at),
            0x82 => self.extension(i32::from(head[1]), 2, at),
            0x83 => self.extension(i32::from(u16::from_le_bytes([head[1], head[2]])), 3, at),
            0x84 => self.extension(int4(head), 5, at),
            0x97 => {
                self.buffers += 1;
                self.leaf(Record::compound(Tag::Buffer, self.buffers - 1, 0, 0, at), at, 1)
            }
            0x98 => self.readonly_buffer(at),
            byte => Err(self.damage(at, ProblemKind::Decode(DecodeErrorKind::UnknownOpcode(byte)))),
        }
    }

    /// The opcodes whose arguments are lines of text: protocol 0.
    fn line_opcode(&mut self, rest: &[u8], opcode: u8, at: u64) -> Flow<u64> {
        let line = self.line(rest, 1, at)?;
        let next = at + 2 + line.len() as u64;
        match opcode {
            b'I' if opcode::is_big_decimal(line) => self.big_decimal(line, at)?,
            b'L' if opcode::is_big_decimal(line.strip_suffix(b"L").unwrap_or(line)) => self.big_decimal(line, at)?,
            b'I' => self.int_line(opcode::int_line(line), line, at)?,
            b'L' => self.int_line(opcode::long_line(line), line, at)?,
            b'F' => self.float_line(line, at)?,
            b'S' => self.quoted_line(line, at)?,
            b'V' => {
                self.leaf(Record::payload(Tag::RawUnicodeEscape, at + 1, line.len() as u64, at), at, 0)?;
                if line.contains(&b'\\')
                    && let Err(error) = opcode::raw_unicode_escape(line)
                {
                    self.note_escape(line, error, at);
                }
            }
            // Loaders look for the value before they look at the index.
            b'p' if self.stack.top().is_none() && !line.is_empty() => return Err(self.underflow(at)),
            b'p' => self.memo_index(line, at).and_then(|index| self.put(index, at))?,
            b'g' => {
                let index = self.memo_index(line, at)?;
                let Some(edge) = self.memo.get(index) else {
                    return Err(self.damage(at, ProblemKind::MemoMissing(index)));
                };
                self.stack.push(edge.0, at);
            }
            b'P' => {
                if !line.is_ascii() {
                    let raised = Raised::unpickling("persistent IDs in protocol 0 must be ASCII strings");
                    self.refuse(at, raised);
                }
                self.leaf(Record::payload(Tag::Line, at + 1, line.len() as u64, at), at, 0)?;
                self.persistent_id(at)?;
            }
            _ => {
                let name = self.line(rest, 2 + line.len(), at);
                if let Err(Halt::Damage(_)) = name {
                    self.check_first_line(rest, at);
                }
                let name = name?;
                self.name_global(line, name, at);
                if opcode == b'i' {
                    self.inst(at)?;
                }
                return Ok(next + name.len() as u64 + 1);
            }
        }
        Ok(next)
    }

    /// The line that begins `skip` bytes after the opcode, without its newline.
    fn line<'r>(&mut self, rest: &'r [u8], skip: usize, at: u64) -> Flow<&'r [u8]> {
        let text = rest.get(skip..).unwrap_or_default();
        if let Some(length) = memchr::memchr(b'\n', text) {
            if length > self.limits.line {
                return Err(self.damage(at, ProblemKind::Decode(DecodeErrorKind::LineTooLong)));
            }
            return Ok(&text[..length]);
        }
        if at + (rest.len() as u64) < self.total {
            if rest.len() > self.limits.line {
                return Err(self.damage(at, ProblemKind::Decode(DecodeErrorKind::LineTooLong)));
            }
            return Err(Halt::Refill);
        }
        Err(self.damage(at, ProblemKind::Decode(DecodeErrorKind::MissingNewline)))
    }

    fn int_line(&mut self, read: Result<IntLine, NumberError>, line: &[u8], at: u64) -> Flow {
        // What stands behind a NUL is not part of the number.
        let number = &line[..memchr::memchr(0, line).unwrap_or(line.len())];
        let read = match read {
            // Old loaders take the time it needs, and what follows would run.
            Err(error @ NumberError::TooManyDigits(_)) => {
                let problem = self.no_number(error, line, at);
                self.note(at, problem);
                let record = Record::payload(Tag::LongText, at + 1, number.len() as u64, at);
                return self.leaf(record, at, 0).map(drop);
            }
            other => other.map_err(|error| self.bad_number(error, line, at))?,
        };
        let is_long = number.len() > MOST_DIGITS && !has_prefix(number);
        // So many zeros are a zero for the C loader's INT, and too many digits for others.
        let is_zero = is_long && read.value == Int::Small(0) && self.opcode_at(at) == Some(Opcode::Int);
        let dialect = match read.dialect {
            Dialect::Common if is_zero => Dialect::LeadingZeros,
            dialect => dialect,
        };
        self.note_dialect(dialect, line, at);
        if is_long {
            self.check_digits(number, at);
        }
        let record = match read.value {
            Int::Bool(true) => Record::plain(Tag::True, at),
            Int::Bool(false) => Record::plain(Tag::False, at),
            Int::Small(value) => Record::number(Tag::Int, value as u64, at),
            Int::Big(_) => Record::payload(Tag::LongText, at + 1, number.len() as u64, at),
        };
        self.leaf(record, at, 0).map(drop)
    }

    /// An integer beyond 64 bits about which nobody disagrees, of which no number is made: that takes longer than to read it.
    fn big_decimal(&mut self, line: &[u8], at: u64) -> Flow {
        if line.len() > MOST_DIGITS {
            self.check_digits(line, at);
        }
        self.leaf(Record::payload(Tag::LongText, at + 1, line.len() as u64, at), at, 0).map(drop)
    }

    fn float_line(&mut self, line: &[u8], at: u64) -> Flow {
        let read = opcode::float_line(line).map_err(|error| self.bad_number(error, line, at))?;
        self.note_dialect(read.dialect, line, at);
        self.leaf(Record::number(Tag::Float, read.value.to_bits(), at), at, 0).map(drop)
    }

    fn note_dialect(&mut self, dialect: Dialect, line: &[u8], at: u64) {
        if dialect == Dialect::Common {
            return;
        }
        let is_refused = matches!(dialect, Dialect::Loose | Dialect::DecimalOnly | Dialect::Overflow);
        let raised = is_refused.then(|| Raised::number(NumberError::NotAnInteger, line, self.opcode_at(at)));
        self.note(at, ProblemKind::ReadersDiffer { dialect, raised });
    }

    #[cold]
    fn bad_number(&self, error: NumberError, line: &[u8], at: u64) -> Halt {
        self.damage(at, self.no_number(error, line, at))
    }

    fn no_number(&self, error: NumberError, line: &[u8], at: u64) -> ProblemKind {
        let found = opcode::repr_bytes_prefix(line, 40).0;
        let is_loaded = matches!(error, NumberError::TooManyDigits(_)) && has_prefix(line);
        let raised = (!is_loaded).then(|| Raised::number(error, line, self.opcode_at(at)));
        ProblemKind::BadNumber { error, found, raised }
    }

    /// More digits than `int` takes, which is a setting of CPython since 3.11 and refused where nobody changed it.
    #[cold]
    fn check_digits(&mut self, line: &[u8], at: u64) {
        let count = line.iter().filter(|byte| byte.is_ascii_digit()).count();
        // INT is read by strtol first, for which so many zeros are one.
        let is_zero = line[0] == b'0';
        let opcode = self.opcode_at(at);
        if count > MOST_DIGITS && !(is_zero && opcode == Some(Opcode::Int)) {
            self.refuse(at, Raised::digits(count, opcode));
        }
    }

    #[cold]
    fn note_escape(&mut self, line: &[u8], error: EscapeError, at: u64) {
        let (reason, raised) = (error.to_string(), Raised::escape(line, error));
        self.note(at, ProblemKind::BadText { reason, raised });
    }

    fn quoted_line(&mut self, line: &[u8], at: u64) -> Flow {
        match opcode::strip_quotes(line) {
            Ok(body) => {
                if body.contains(&b'\\')
                    && let Err(error) = opcode::unescape(body)
                {
                    self.note_escape(body, error, at);
                }
                if !self.has_odd_python2
                    && let Ok(text) = opcode::unescape(body)
                    && !text.is_ascii()
                {
                    self.note_not_ascii(&text, 0, at);
                }
                // The quotes are one byte on each side of the body; spaces around them are not kept.
                let skip = body.as_ptr() as usize - line.as_ptr() as usize;
                let start = at + 1 + skip as u64;
                self.leaf(Record::payload(Tag::Python2Quoted, start, body.len() as u64, at), at, 0).map(drop)
            }
            Err(error) => {
                let (reason, raised) = (error.to_string(), Raised::escape(line, error));
                Err(self.damage(at, ProblemKind::BadText { reason, raised }))
            }
        }
    }

    fn memo_index(&mut self, line: &[u8], at: u64) -> Flow<u64> {
        let read = opcode::index_line(line).map_err(|error| self.bad_number(error, line, at))?;
        self.note_dialect(read.dialect, line, at);
        Ok(read.index)
    }

    /// A `str` of Python 2. Loaders take it for ASCII where they are told nothing else, and stop at the first that is not:
    /// after one of them no more are looked at.
    fn python2(&mut self, rest: &[u8], at: u64, header: u64, length: u64) -> Flow<u64> {
        let next = self.payload(Tag::Python2, at, header, length)?;
        if !self.has_odd_python2 {
            match rest.get(header as usize..(next - at) as usize) {
                Some(text) if text.is_ascii() => {}
                Some(text) => self.note_not_ascii(text, 0, at),
                None => self.check_long_ascii(Span::new(at + header, next), at),
            }
        }
        Ok(next)
    }

    /// LONG1 and LONG4: numbers of up to 64 bits are kept as numbers, longer ones by their place.
    fn long(&mut self, rest: &[u8], header: u64, length: u64, at: u64) -> Flow<u64> {
        /// As long as LONG1 may be: longer ones are not looked at.
        const LONGEST: u64 = 255;
        if length > LONGEST {
            return self.payload(Tag::LongBinary, at, header, length);
        }
        let remaining = self.total - at - header;
        if length > remaining {
            return Err(self.beyond(at, length, remaining));
        }
        let Some(bytes) = rest.get(header as usize..(header + length) as usize) else { return Err(Halt::Refill) };
        let Some(number) = small_long(bytes) else { return self.payload(Tag::LongBinary, at, header, length) };
        self.leaf(Record::number(Tag::Int, u64::from_le_bytes(number), at), at, header + length)
    }

    fn protocol(&mut self, number: u8, at: u64) -> Flow<u64> {
        if number > 5 {
            return Err(self.damage(at, ProblemKind::UnknownProtocol(number)));
        }
        if let Some(first) = self.declared {
            self.note(at, ProblemKind::SecondProtocol(first));
        }
        self.declared.get_or_insert(number);
        self.protocol = number;
        Ok(at + 2)
    }

    fn frame(&mut self, length: u64, at: u64) -> u64 {
        let remaining = self.total - at - 9;
        let end = (at + 9).saturating_add(length);
        // `leave_frame` has closed a frame that ends here; one that is still open encloses this opcode.
        let around = self.frame_end;
        if around != u64::MAX {
            self.note(at, ProblemKind::NestedFrame);
            // Loaders read a whole frame with its opcode: one that is longer than the frame around it ends that.
            if end > around {
                self.note(at, ProblemKind::StraddlesFrame { end: around });
            }
        }
        if length > remaining {
            self.note(at, ProblemKind::FrameBeyondInput { length, remaining });
        }
        self.frames.push(Frame { offset: at, length });
        self.frame_end = if around == u64::MAX { end } else { end.max(around) };
        self.set_horizon();
        at + 9
    }

    /// The reading has come to or past the end of a frame, or of 4 GiB.
    #[cold]
    pub(super) fn pass_horizon(&mut self, at: u64) {
        if at >= self.frame_end {
            self.leave_frame(at, self.previous);
        }
        let (before, epoch) = (self.graph.epoch(), at >> 32);
        if before < epoch {
            self.stack.leave_epoch(before);
            if let Some(outer) = &mut self.outer {
                outer.stack.leave_epoch(before);
            }
            self.graph.enter_epoch(epoch);
        }
        self.set_horizon();
    }

    /// Ends the frame at `at`; `last` is the instruction that ends there, or beyond.
    pub(super) fn leave_frame(&mut self, at: u64, last: u64) {
        if at != self.frame_end {
            let end = self.frame_end;
            self.note(last, ProblemKind::StraddlesFrame { end });
        }
        self.frame_end = u64::MAX;
    }

    /// The reading stops at the instruction at `at`. When that crosses the end of its frame, a loader that treats frames
    /// differently reads another one there.
    #[cold]
    pub(super) fn note_crossing(&mut self, at: u64) {
        if self.frame_end > self.total {
            return;
        }
        // The instruction before has crossed it already.
        if at >= self.frame_end {
            return self.leave_frame(at, self.previous);
        }
        let end = match opcode::decode(self.source, at, self.limits) {
            Ok(instruction) => instruction.end,
            Err(error) if matches!(error.kind, DecodeErrorKind::UnknownOpcode(_)) => return,
            Err(_) => self.total,
        };
        if end > self.frame_end {
            self.leave_frame(end, at);
        }
    }

    /// A frame that STOP, which ends at `end`, does not end.
    pub(super) fn note_rest_of_frame(&mut self, end: u64) {
        if end < self.frame_end && self.frame_end <= self.total {
            self.note(end - 1, ProblemKind::FrameBeyondStop(self.frame_end - end));
        }
    }

    pub(super) fn set_horizon(&mut self) {
        self.horizon = self.frame_end.min((self.graph.epoch() + 1) << 32);
    }

    /// The distance from `at` back to where the next value begins, in a file whose offsets take more than 32 bits.
    #[cold]
    pub(super) fn far_reach(&mut self, start: u32, at: u64) -> u32 {
        let start = self.stack.start(self.stack.len(), start, at);
        match u32::try_from(at.saturating_sub(start)) {
            Ok(reach) if reach != FAR => reach,
            _ => {
                self.graph.begins_far(start);
                FAR
            }
        }
    }

    fn pop(&mut self, at: u64) -> Flow<u64> {
        match self.stack.pop() {
            Some(slot) => self.discard(Edge(slot.edge)),
            // With nothing above the last MARK, POP takes the MARK itself.
            None if self.stack.pop_mark().is_some() => {}
            None => return Err(self.underflow(at)),
        }
        Ok(at + 1)
    }

    fn pop_mark(&mut self, at: u64) -> Flow<u64> {
        let Some(mark) = self.stack.pop_mark() else { return Err(self.no_mark(at)) };
        let dropped: Vec<Edge> = self.stack.above(mark).iter().map(|slot| Edge(slot.edge)).collect();
        self.stack.cut_to(mark);
        dropped.into_iter().for_each(|edge| self.discard(edge));
        Ok(at + 1)
    }

    /// A value that the file throws away still belongs to what it does: it is shown.
    pub(super) fn discard(&mut self, edge: Edge) {
        if !edge.is_fetched() || self.is_changed_text(edge) {
            self.discarded.push(edge.node());
        }
    }

    /// Whether something was done to a text. It may have named a global and be nowhere else.
    fn is_changed_text(&self, edge: Edge) -> bool {
        matches!(self.graph.node(edge.node()), Node::Text { .. }) && self.graph.runs(edge.node()).next().is_some()
    }

    fn duplicate(&mut self, at: u64) -> Flow<u64> {
        let Some(top) = self.stack.top() else { return Err(self.underflow(at)) };
        self.stack.push(top.edge | Edge::FETCHED, at);
        Ok(at + 1)
    }

    /// GLOBAL, and the class of INST.
    fn name_global(&mut self, module: &[u8], name: &[u8], at: u64) {
        if module.is_empty() || name.is_empty() || !module.is_ascii() || !name.is_ascii() {
            self.check_names(module, name, at);
        }
        let symbol = self.symbol(module, name, at);
        let id = self.graph.records.len() as u32;
        self.graph.records.push(self.global(symbol, 0, at));
        self.stack.push(id, at);
    }

    fn symbol(&mut self, module: &[u8], name: &[u8], at: u64) -> SymbolId {
        let mapped = self.protocol < 3;
        // The length of the module tells `a`, `b.c` from `a.b`, `c`, whatever characters the names have.
        let mut key = Vec::with_capacity(module.len() + name.len() + 9);
        key.extend_from_slice(module);
        key.extend_from_slice(name);
        key.extend_from_slice(&(module.len() as u64).to_le_bytes());
        key.push(u8::from(mapped));
        self.graph.symbols.intern(&key, || {
            self.wrappers |= is_wrapper(module, name);
            let is_utf8 = std::str::from_utf8(module).is_ok() && std::str::from_utf8(name).is_ok();
            let bytes = (!is_utf8).then(|| Box::new((module.to_vec(), name.to_vec())));
            let spelled = (opcode::printable_bytes(module), opcode::printable_bytes(name));
            let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
            let (new_module, new_name) = if mapped { fix_imports::map(&module, &name) } else { (&*module, &*name) };
            let same = new_module == module && new_name == name;
            let (new_module, new_name) = match same {
                true => spelled,
                false => (opcode::printable(new_module), opcode::printable(new_name)),
            };
            let builtin = Builtin::named(&new_module, &new_name).code();
            let changed = new_module != module || new_name != name;
            Symbol {
                module: new_module.into_owned(),
                name: new_name.into_owned(),
                raw: changed.then(|| (module.to_string(), name.to_string())),
                bytes,
                offset: at,
                builtin,
            }
        })
    }

    /// A name as a node; what `builtins` has under it stands by.
    fn global(&self, symbol: SymbolId, reach: u32, at: u64) -> Record {
        let extra = self.graph.symbols.get(symbol).builtin;
        Record { extra, ..Record::compound(Tag::Global, symbol.0, 0, reach, at) }
    }

    fn stack_global(&mut self, at: u64) -> Flow<u64> {
        let Some(&[module, name]) = self.stack.topmost(2) else { return Err(self.underflow(at)) };
        self.stack.drop_top(2);
        let operands = (module.edge & !Edge::FETCHED, name.edge & !Edge::FETCHED);
        let reach = self.reach(module.start, at);
        let changed = [module.edge, name.edge].map(Edge).into_iter().filter(|&edge| self.is_changed_text(edge));
        let changed: Vec<NodeId> = changed.map(Edge::node).collect();
        self.discarded.extend(changed);
        let record = match self.symbol_of_operands(operands, at)? {
            Some(symbol) => self.global(symbol, reach, at),
            None => {
                self.check_global_operands([module.edge, name.edge], at);
                Record::compound(Tag::ComputedGlobal, module.edge, name.edge, reach, at)
            }
        };
        self.push_compound(record, module.start);
        Ok(at + 1)
    }

    /// The symbol that two nodes name, when both are texts. The answer is kept: a name is read once, not at every use.
    fn symbol_of_operands(&mut self, operands: (u32, u32), at: u64) -> Flow<Option<SymbolId>> {
        // The protocol decides how names are mapped, and may change on the way; both are part of the key.
        if self.protocol >= 3
            && let Some(&symbol) = self.by_operands.get(&operands)
        {
            return Ok(Some(symbol));
        }
        let (Some(module), Some(name)) = (self.text(operands.0)?, self.text(operands.1)?) else { return Ok(None) };
        if module.is_empty() || name.is_empty() {
            self.check_names(&module, &name, at);
        }
        let symbol = self.symbol(&module, &name, at);
        if self.protocol >= 3 {
            self.by_operands.insert(operands, symbol);
        }
        Ok(Some(symbol))
    }

    /// The characters of a text node as UTF-8 (lone surrogates encoded like any other); `None` for other nodes.
    fn text(&mut self, node: u32) -> Flow<Option<Vec<u8>>> {
        let Node::Text { span, encoding } = self.graph.node(NodeId(node)) else { return Ok(None) };
        let bytes = match read_span(self.source, span.prefix(self.limits.value)) {
            Ok(bytes) => bytes,
            Err(error) => return Err(Halt::Damage(Box::new(error.into()))),
        };
        Ok(encoding.decode(&bytes).ok().map(|text| text.as_bytes().to_vec()))
    }

    /// INST: the class was just pushed; everything above the MARK but it are the arguments.
    fn inst(&mut self, at: u64) -> Flow {
        let Some(class) = self.stack.pop() else { return Err(self.underflow(at)) };
        let Some(mark) = self.stack.pop_mark() else { return Err(self.no_mark(at)) };
        let args: Vec<u32> = self.stack.above(mark).iter().map(|slot| slot.edge).collect();
        self.stack.cut_to(mark);
        self.call_with(CallKind::Inst, class.edge, &args, mark.at, at);
        Ok(())
    }

    /// OBJ: the class is the first item above the MARK.
    fn obj(&mut self, at: u64) -> Flow<u64> {
        let Some(mark) = self.stack.pop_mark() else { return Err(self.no_mark(at)) };
        let items: Vec<u32> = self.stack.above(mark).iter().map(|slot| slot.edge).collect();
        self.stack.cut_to(mark);
        let Some((&class, args)) = items.split_first() else { return Err(self.underflow(at)) };
        self.call_with(CallKind::Obj, class, args, mark.at, at);
        Ok(at + 1)
    }

    fn call_with(&mut self, kind: CallKind, callee: u32, args: &[u32], start: u64, at: u64) {
        let first = self.graph.edges.len() as u32;
        self.graph.edges.extend_from_slice(args);
        let start = self.start_at(start, at);
        let reach = self.reach(start, at);
        let tuple = self.graph.records.len() as u32;
        self.graph.records.push(Record::compound(Tag::Tuple, first, args.len() as u32, reach, at));
        self.push_call(kind, &[callee, tuple], start, at);
    }

    fn new_obj_ex(&mut self, at: u64) -> Flow<u64> {
        let Some(&[class, args, kwargs]) = self.stack.topmost(3) else { return Err(self.underflow(at)) };
        self.stack.drop_top(3);
        self.push_call(CallKind::NewObjEx, &[class.edge, args.edge, kwargs.edge], class.start, at);
        Ok(at + 1)
    }

    fn persistent_id(&mut self, at: u64) -> Flow<u64> {
        let Some(id) = self.stack.pop() else { return Err(self.underflow(at)) };
        let reach = self.reach(id.start, at);
        self.push_compound(Record::compound(Tag::PersistentId, id.edge, 0, reach, at), id.start);
        Ok(at + 1)
    }

    fn extension(&mut self, code: i32, size: u64, at: u64) -> Flow<u64> {
        let kind = if code <= 0 { ProblemKind::ExtensionCode(code) } else { ProblemKind::ExtensionUnresolved(code) };
        self.note(at, kind);
        self.leaf(Record::compound(Tag::Extension, code as u32, 0, 0, at), at, size)
    }

    fn readonly_buffer(&mut self, at: u64) -> Flow<u64> {
        let Some(buffer) = self.stack.top() else { return Err(self.underflow(at)) };
        let made = self.check_buffer(buffer.edge, at);
        // What is read-only already stays as it is.
        let is_view = self.graph.records[(buffer.edge & !Edge::FETCHED) as usize].tag == Tag::ReadonlyBuffer;
        if made == Type::Bytes || made == Type::MemoryView && is_view {
            return Ok(at + 1);
        }
        self.stack.drop_top(1);
        let (reach, extra) = (self.reach(buffer.start, at), made as u16);
        let record = Record { extra, ..Record::compound(Tag::ReadonlyBuffer, buffer.edge, 0, reach, at) };
        self.push_compound(record, buffer.start);
        Ok(at + 1)
    }

    /// Every few thousand instructions: a place to resume the listing, room for what comes, a word to whoever waits.
    #[cold]
    pub(super) fn checkpoint(&mut self, at: u64) -> Result<(), Box<Problem>> {
        // A refill comes by here twice.
        if self.checkpoints.last().is_none_or(|last| last.number < self.count) {
            let (depth, memo) = (self.stack.depth() as u32, self.memo.len());
            self.checkpoints.push(Checkpoint { offset: at, number: self.count, depth, memo });
        }
        let graph = &self.graph;
        if graph.records.len() as u64 + 2 * CHECKPOINT > u64::from(self.limits.nodes) {
            return Err(Box::new(problem_at(at, None, ProblemKind::Limit("nodes"))));
        }
        if graph.edges.len() > i32::MAX as usize {
            return Err(Box::new(problem_at(at, None, ProblemKind::Limit("edges"))));
        }
        self.make_room(at)?;
        (self.progress)(at, self.total);
        Ok(())
    }
}

/// The number of LONG1 and LONG4 when 64 bits hold it: whatever is behind the eighth byte only repeats its sign.
fn small_long(bytes: &[u8]) -> Option<[u8; 8]> {
    let (low, high) = bytes.split_at(bytes.len().min(8));
    let sign = if low.last().is_some_and(|&byte| byte & 0x80 != 0) { 0xff } else { 0 };
    let mut number = [sign; 8];
    number[..low.len()].copy_from_slice(low);
    high.iter().all(|&byte| byte == sign).then_some(number)
}

/// Whether a number is of a base that is a power of two, of which any number of digits is read.
fn has_prefix(line: &[u8]) -> bool {
    let digits = line.strip_prefix(b"-").or(line.strip_prefix(b"+")).unwrap_or(line);
    matches!(digits, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..])
}
