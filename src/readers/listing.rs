//! How far `pickletools.dis` lists a pickle: its own stack, which counts MARKs as items and knows kinds of values alone, its memo,
//! and how it reads arguments (`Lib/pickletools.py` of CPython 3.11). Nothing is written.

use super::comparison::Does;
use super::numbers;
use crate::bytes::{Limits, Source, Span, read_span};
use crate::export::{MarkNote, Memo, Stack};
use crate::machine::{MOST_DIGITS, Raised};
use crate::opcode::{
    Arg, ArgKind, DecodeError, DecodeErrorKind, Instruction, Opcode, PyText, StackItem, decode, long_bytes,
    printable_bytes, raw_unicode_escape, repr_bytes, unescape,
};

/// Bytes of one text that are looked at to see whether it decodes; the machine has looked at longer ones.
const TEXT: u64 = 1 << 20;

/// How the listing of a pickle ends.
#[derive(Debug)]
pub(super) enum Listed {
    /// At STOP.
    ToStop,
    /// It raises at an instruction.
    Stops { offset: u64, opcode: Option<Opcode>, message: String },
    /// It was not followed further.
    Unfollowed(u64),
}

/// Lists the pickle that these bytes begin with. `budget` is how many instructions may be gone over.
pub(super) fn list(source: &dyn Source, bytes: Span, limits: &Limits, budget: &mut u64) -> Listed {
    let mut listing = Listing { source, stack: Stack::default(), memo: Memo::default() };
    let mut at = bytes.start;
    while *budget > 0 && (at < bytes.end || bytes.end == source.len()) {
        *budget -= 1;
        let instruction = match decode(source, at, limits) {
            Ok(instruction) => instruction,
            Err(DecodeError { kind: DecodeErrorKind::Read(_) | DecodeErrorKind::LineTooLong, .. }) => {
                return Listed::Unfollowed(at);
            }
            Err(error) => {
                let message = first_line_of_pair(source, &error);
                let message = message.unwrap_or_else(|| undecoded(&error, source.len()));
                return Listed::Stops { offset: at, opcode: error.opcode, message };
            }
        };
        if let Err(message) = listing.instruction(&instruction) {
            return Listed::Stops { offset: at, opcode: Some(instruction.opcode), message };
        }
        if instruction.opcode == Opcode::Stop {
            return Listed::ToStop;
        }
        at = instruction.end;
    }
    Listed::Unfollowed(at)
}

struct Listing<'a> {
    source: &'a dyn Source,
    stack: Stack,
    memo: Memo,
}

type Listable<T = ()> = Result<T, String>;

impl Listing<'_> {
    fn instruction(&mut self, instruction: &Instruction) -> Listable {
        let opcode = instruction.opcode;
        let info = opcode.info();
        self.argument(instruction, info.arg)?;
        let open = self.stack.depth();
        let (mark, count) = self.stack.take_mark(opcode, info);
        if mark == MarkNote::Missing && open > 0 {
            // It knows of a MARK that another opcode has taken for a value.
            return Err("IndexError: list index out of range".to_owned());
        }
        let mut complaint = (mark == MarkNote::Missing).then(|| "no MARK exists on stack".to_owned());
        let fetched;
        let mut after = info.after;
        match opcode {
            Opcode::Memoize => complaint = self.store(self.memo.len() as i128, "None".to_owned()).or(complaint),
            Opcode::Put | Opcode::BinPut | Opcode::LongBinPut => {
                if let Some((key, spelled)) = self.memo_key(instruction) {
                    complaint = self.store(key, spelled).or(complaint);
                }
            }
            Opcode::Get | Opcode::BinGet | Opcode::LongBinGet => {
                if let Some((key, spelled)) = self.memo_key(instruction) {
                    match self.memo.get(key) {
                        Some(item) => {
                            fetched = [item];
                            after = &fetched;
                        }
                        None => complaint = Some(format!("memo key {spelled} has never been stored into")),
                    }
                }
            }
            _ => {}
        }
        self.printed(instruction)?;
        if let Some(complaint) = complaint {
            return Err(format!("ValueError: {complaint}"));
        }
        if let Err(had) = self.stack.apply(count, after, instruction.offset) {
            return Err(format!("ValueError: tries to pop {count} items from stack with only {had} items"));
        }
        if opcode == Opcode::Stop && !self.stack.items().is_empty() {
            return Err(format!("ValueError: stack not empty after STOP: {}", self.left_over()));
        }
        Ok(())
    }

    /// What is left on the stack, as its message has it.
    fn left_over(&self) -> String {
        const SHOWN: usize = 20;
        let left = self.stack.items();
        let mut names: Vec<_> = left.iter().take(SHOWN).map(|item| item.name()).collect();
        if left.len() > SHOWN {
            names.push("…");
        }
        format!("[{}]", names.join(", "))
    }

    /// Stores the top of the stack; what is wrong with that. `spelled` is the argument.
    fn store(&mut self, key: i128, spelled: String) -> Option<String> {
        if self.memo.get(key).is_some() {
            return Some(format!("memo key {spelled} already defined"));
        }
        match self.stack.top() {
            None => Some("stack is empty -- can't store into memo".to_owned()),
            Some(StackItem::Mark) => Some("can't store markobject in the memo".to_owned()),
            Some(top) => {
                self.memo.insert(key, top);
                None
            }
        }
    }

    /// The index of a GET or PUT, and how it is spelled. An index beyond 127 bits is not followed.
    fn memo_key(&self, instruction: &Instruction) -> Option<(i128, String)> {
        match instruction.arg {
            Arg::Int(index) => Some((i128::from(index), index.to_string())),
            Arg::Payload(span) => match numbers::pickletools(instruction.opcode, &self.line(span)?) {
                Does::Sees(spelled) => {
                    let key = match spelled.as_str() {
                        "False" => 0,
                        "True" => 1,
                        digits => digits.parse().ok()?,
                    };
                    Some((key, spelled))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn line(&self, span: Span) -> Option<Vec<u8>> {
        read_span(self.source, span).ok().map(|bytes| bytes.into_owned())
    }

    /// Reads an argument as `pickletools` does.
    fn argument(&self, instruction: &Instruction, kind: ArgKind) -> Listable {
        match (kind, instruction.arg) {
            (ArgKind::DecimalNlShort | ArgKind::DecimalNlLong | ArgKind::FloatNl, Arg::Payload(span)) => {
                let Some(line) = self.line(span) else { return Ok(()) };
                match numbers::pickletools(instruction.opcode, &line) {
                    Does::Stops(message) => Err(message),
                    _ => Ok(()),
                }
            }
            (ArgKind::StringNl, Arg::Payload(span)) => {
                let Some(line) = self.line(span) else { return Ok(()) };
                let body = match line.first() {
                    Some(quote @ (b'"' | b'\'')) if line.last() == Some(quote) => {
                        line.get(1..line.len().max(2) - 1).unwrap_or_default()
                    }
                    Some(quote @ (b'"' | b'\'')) => {
                        let quote = repr_bytes(&[*quote]);
                        return Err(format!(
                            "ValueError: strinq quote {quote} not found at both ends of {}",
                            repr_bytes(&line)
                        ));
                    }
                    _ => return Err(format!("ValueError: no string quotes around {}", repr_bytes(&line))),
                };
                ascii(body)
            }
            (ArgKind::StringNlNoEscape, Arg::Payload(span)) => self.line(span).map_or(Ok(()), |line| ascii(&line)),
            (ArgKind::StringNlNoEscapePair, Arg::Pair(module, name)) => {
                [module, name].into_iter().try_for_each(|span| self.line(span).map_or(Ok(()), |line| ascii(&line)))
            }
            (ArgKind::UnicodeStringNl, Arg::Payload(span)) => {
                let Some(line) = self.line(span) else { return Ok(()) };
                raw_unicode_escape(&line).map(drop).map_err(|error| Raised::escape(&line, error).to_string())
            }
            (ArgKind::UnicodeString1 | ArgKind::UnicodeString4 | ArgKind::UnicodeString8, Arg::Payload(span))
                if span.len() <= TEXT =>
            {
                let Some(bytes) = self.line(span) else { return Ok(()) };
                PyText::from_utf8_surrogatepass(&bytes)
                    .map(drop)
                    .map_err(|error| Raised::utf8(&bytes[error.position..], error.position as u64).to_string())
            }
            _ => Ok(()),
        }
    }

    /// Prints an argument: an int of more digits than `repr` writes.
    fn printed(&self, instruction: &Instruction) -> Listable {
        /// Bytes whose number has no more digits, and those whose number surely has.
        const FEW: u64 = 1785;
        const MANY: u64 = 1787;
        let (ArgKind::Long1 | ArgKind::Long4, Arg::Payload(span)) = (instruction.opcode.info().arg, instruction.arg)
        else {
            return Ok(());
        };
        let refused = "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to \
             increase the limit";
        if span.len() <= FEW {
            return Ok(());
        }
        // What only repeats the sign adds no digits.
        let Some(tail) = self.line(Span::new(span.start + FEW - 1, span.end).prefix(TEXT)) else { return Ok(()) };
        let sign = if tail.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
        let significant = FEW - 1 + tail.iter().rposition(|byte| *byte != sign).map_or(0, |at| at as u64 + 1);
        let digits = || {
            let bytes = self.line(span.prefix(significant + 1))?;
            Some(long_bytes(&bytes).to_string().trim_start_matches('-').len())
        };
        match significant {
            ..FEW => Ok(()),
            MANY.. => Err(refused.to_owned()),
            _ if digits().is_some_and(|digits| digits > MOST_DIGITS) => Err(refused.to_owned()),
            _ => Ok(()),
        }
    }
}

/// What `codecs.escape_decode` and then `decode("ascii")` say of a line.
fn ascii(line: &[u8]) -> Listable {
    let plain = unescape(line).map_err(|error| Raised::escape(line, error).to_string())?;
    if plain.is_ascii() { Ok(()) } else { Err(Raised::ascii(&plain).to_string()) }
}

/// What it says of the first line of two, which it decodes before it misses the end of the second.
fn first_line_of_pair(source: &dyn Source, error: &DecodeError) -> Option<String> {
    let is_pair = error.opcode.is_some_and(|opcode| opcode.info().arg == ArgKind::StringNlNoEscapePair);
    if !is_pair || error.kind != DecodeErrorKind::MissingNewline {
        return None;
    }
    let bytes = read_span(source, Span::new(error.offset + 1, source.len()).prefix(TEXT)).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    ascii(&bytes[..end]).err()
}

/// What it says of an instruction that cannot be read.
fn undecoded(error: &DecodeError, total: u64) -> String {
    let kind = error.opcode.map_or(ArgKind::None, |opcode| opcode.info().arg);
    let name = kind.name().unwrap_or_default();
    let is_long = matches!(kind, ArgKind::Long1 | ArgKind::Long4);
    let length = match kind {
        ArgKind::String1 | ArgKind::Bytes1 | ArgKind::UnicodeString1 | ArgKind::Long1 => "uint1",
        ArgKind::String4 | ArgKind::Long4 => "int4",
        ArgKind::Bytes4 | ArgKind::UnicodeString4 => "uint4",
        ArgKind::Bytes8 | ArgKind::ByteArray8 | ArgKind::UnicodeString8 => "uint8",
        _ => name,
    };
    let message = match &error.kind {
        DecodeErrorKind::UnknownOpcode(byte) => {
            format!("at position {}, opcode {} unknown", error.offset, repr_bytes(&[*byte]))
        }
        DecodeErrorKind::EndOfInput => "pickle exhausted before seeing STOP".to_owned(),
        DecodeErrorKind::Truncated { .. } => format!("not enough data in stream to read {length}"),
        DecodeErrorKind::MissingNewline => {
            let name = if kind == ArgKind::UnicodeStringNl { name } else { "stringnl" };
            format!("no newline found when trying to read {name}")
        }
        DecodeErrorKind::NegativeLength(length) => format!("{name} byte count < 0: {length}"),
        DecodeErrorKind::LengthBeyondInput { .. } if is_long => format!("not enough data in stream to read {name}"),
        DecodeErrorKind::LengthBeyondInput { length, .. } if i64::try_from(*length).is_err() => {
            format!("{name} byte count > sys.maxsize: {length}")
        }
        DecodeErrorKind::LengthBeyondInput { length, remaining } => {
            format!("expected {length} bytes in a {name}, but only {} remain", (*remaining).min(total))
        }
        DecodeErrorKind::LineTooLong | DecodeErrorKind::Read(_) => printable_bytes(name.as_bytes()).into_owned(),
    };
    format!("ValueError: {message}")
}
