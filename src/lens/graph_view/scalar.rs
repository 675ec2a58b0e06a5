//! Values that one line tells: Python's repr, to the digit and within a budget.

use super::view::{GraphView, Python2Reading};
use crate::bytes::Span;
use crate::graph::{Node, NodeId, TextEncoding};
use crate::opcode;
use crate::opcode::PyText;

/// What a scalar is, for its colour and its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScalarKind {
    /// `None`, `Ellipsis` and other singletons.
    Constant,
    /// Numbers and bools, dates and other values that are measured.
    Number,
    /// Text and bytes.
    Text,
    /// Something that does not read as what it should be; the text says why.
    Unreadable,
}

/// A scalar's repr.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scalar {
    /// What it is.
    pub kind: ScalarKind,
    /// Name of its type.
    pub type_name: &'static str,
    /// Its repr, or the beginning of it.
    pub text: String,
    /// Whether `text` is only the beginning.
    pub truncated: bool,
}

/// Digits of an int that are written out; Python's own limit for the conversion (`sys.int_info.default_max_str_digits`).
pub(crate) const INT_DIGITS: usize = 4300;

/// So many bytes of an int are sure to have no more digits than that.
const INT_BYTES: u64 = 1785;

impl GraphView<'_> {
    /// The repr of a scalar, about `budget` characters of it; `None` for everything that has children.
    #[must_use]
    pub fn scalar(&self, id: NodeId, budget: usize) -> Option<Scalar> {
        let (kind, type_name, text) = match self.graph.node(id) {
            Node::None => (ScalarKind::Constant, "None", "None".to_owned()),
            Node::Bool(value) => (ScalarKind::Number, "bool", if value { "True" } else { "False" }.to_owned()),
            Node::Int(value) => (ScalarKind::Number, "int", value.to_string()),
            Node::Float(value) => (ScalarKind::Number, "float", opcode::repr_float(value)),
            Node::Global(symbol) => {
                let symbol = self.graph.symbols.get(symbol);
                let (type_name, name) = constant(&symbol.module, &symbol.name)?;
                (ScalarKind::Constant, type_name, name.to_owned())
            }
            Node::LongBinary(span) => return Some(self.long_binary(span)),
            Node::LongText(span) => return Some(self.long_text(span)),
            Node::Text { span, encoding } => return Some(self.text_scalar(span, encoding, budget)),
            Node::Bytes(span) => return Some(self.bytes_scalar("bytes", span, budget, opcode::repr_bytes_prefix)),
            Node::ByteArray(span) => {
                return Some(match self.changed_bytes(id) {
                    Some(bytes) => changed_scalar(&bytes, budget),
                    None => self.bytes_scalar("bytearray", span, budget, opcode::repr_bytearray_prefix),
                });
            }
            _ => return None,
        };
        Some(Scalar { kind, type_name, text, truncated: false })
    }

    fn long_binary(&self, span: Span) -> Scalar {
        let text = if span.len() <= INT_BYTES {
            self.payload(span).map(|bytes| opcode::long_bytes(&bytes).to_string())
        } else {
            self.payload(Span::new(span.end - 8, span.end)).map(|top| huge_int(&top, span.len()))
        };
        number_or_error("int", text)
    }

    fn long_text(&self, span: Span) -> Scalar {
        // So much longer than its digits can be what is still worth a conversion, which takes the square of them: an underscore
        // may stand between any two. Of a number to base 2, there are up to four for a decimal one.
        const LONGEST: u64 = 2 * INT_DIGITS as u64 + 64;
        const LONGEST_BINARY: u64 = 4 * LONGEST;
        let line = self.payload(span.prefix(LONGEST_BINARY));
        let longest = if line.as_ref().is_ok_and(|line| is_binary(line)) { LONGEST_BINARY } else { LONGEST };
        if span.len() > longest {
            return number_or_error("int", self.huge_line(span));
        }
        let text = line.and_then(|line| {
            let read = opcode::long_line(&line).map_err(|error| error.to_string())?;
            let text = read.value.to_string();
            let digits = text.trim_start_matches('-').len();
            if digits <= INT_DIGITS { Ok(text) } else { Ok(format!("{}… ({digits} digits)", &text[..60])) }
        });
        number_or_error("int", text)
    }

    /// The first digits of a number in a line of any length, as they stand there.
    fn huge_line(&self, span: Span) -> Result<String, String> {
        let (head, last) = (self.payload(span.prefix(60))?, self.payload(Span::new(span.end - 1, span.end))?);
        let sign = usize::from(head.starts_with(b"-"));
        let is_decimal = head[sign..].iter().all(u8::is_ascii_digit) && head[sign] != b'0';
        let text = opcode::printable(&String::from_utf8_lossy(&head)).into_owned();
        let length = span.len() - u64::from(last == b"L");
        Ok(match is_decimal {
            true => format!("{text}… ({} digits)", length - sign as u64),
            false => format!("{text}… (a number written in {length} characters)"),
        })
    }

    fn text_scalar(&self, span: Span, encoding: TextEncoding, budget: usize) -> Scalar {
        // Four bytes hold at least one character, ten of an escaped one.
        let head = span.prefix((budget as u64 + 1).saturating_mul(10));
        let cut = head.end < span.end;
        if encoding.is_python2() {
            return self.python2_scalar(head, encoding, budget, cut);
        }
        let text = self.payload(head).and_then(|bytes| decode_head(encoding, &bytes, cut));
        match text {
            Ok(text) => {
                let (text, truncated) = opcode::repr_str_prefix(&text, budget);
                Scalar { kind: ScalarKind::Text, type_name: "str", text, truncated: truncated || cut }
            }
            Err(reason) => unreadable("str", &reason),
        }
    }

    /// A `str` of Python 2, read as the person chose.
    fn python2_scalar(&self, head: Span, encoding: TextEncoding, budget: usize, cut: bool) -> Scalar {
        let bytes = match self.payload(head) {
            Ok(bytes) if encoding == TextEncoding::Python2 => bytes,
            Ok(quoted) => match opcode::unescape_prefix(&quoted, !cut) {
                Ok((bytes, _)) => bytes,
                Err(error) => return unreadable("str", &error.to_string()),
            },
            Err(reason) => return unreadable("str", &reason),
        };
        let as_text = match self.python2 {
            Python2Reading::Ascii => bytes.is_ascii(),
            Python2Reading::Latin1 => true,
            Python2Reading::Bytes => false,
        };
        let (text, truncated) = if as_text {
            opcode::repr_str_prefix(&PyText::from_latin1(&bytes), budget)
        } else {
            opcode::repr_bytes_prefix(&bytes, budget)
        };
        let type_name = if as_text { "str" } else { "bytes" };
        Scalar { kind: ScalarKind::Text, type_name, text, truncated: truncated || cut }
    }

    fn bytes_scalar(
        &self,
        type_name: &'static str,
        span: Span,
        budget: usize,
        repr: fn(&[u8], usize) -> (String, bool),
    ) -> Scalar {
        // One byte more than is shown tells whether any are left out.
        match self.payload(span.prefix((budget as u64).saturating_add(1))) {
            Ok(bytes) => {
                let (text, truncated) = repr(&bytes, budget);
                Scalar { kind: ScalarKind::Text, type_name, text, truncated }
            }
            Err(reason) => unreadable(type_name, &reason),
        }
    }
}

/// Whether a number is written to base 2.
fn is_binary(line: &[u8]) -> bool {
    let digits = line.trim_ascii_start();
    matches!(digits.strip_prefix(b"-").or(digits.strip_prefix(b"+")).unwrap_or(digits), [b'0', b'b' | b'B', ..])
}

fn changed_scalar(bytes: &[u8], budget: usize) -> Scalar {
    let (text, truncated) = opcode::repr_bytearray_prefix(bytes, budget);
    Scalar { kind: ScalarKind::Text, type_name: "bytearray", text, truncated }
}

/// The built-in constants that pickle as globals, with their types.
fn constant(module: &str, name: &str) -> Option<(&'static str, &'static str)> {
    match (module, name) {
        ("builtins", "Ellipsis") => Some(("ellipsis", "Ellipsis")),
        ("builtins", "NotImplemented") => Some(("NotImplementedType", "NotImplemented")),
        _ => None,
    }
}

/// The characters of the beginning of a payload; when it was cut, a broken last character is no error.
fn decode_head(encoding: TextEncoding, bytes: &[u8], cut: bool) -> Result<PyText<'static>, String> {
    match encoding {
        TextEncoding::Utf8 if cut => {
            PyText::utf8_prefix(bytes).map(|(text, _)| text.into_owned()).map_err(|e| e.to_string())
        }
        TextEncoding::RawUnicodeEscape if cut => opcode::raw_unicode_escape_prefix(bytes, false)
            .map(|(text, _)| text.into_owned())
            .map_err(|e| e.to_string()),
        _ => encoding.decode(bytes).map(PyText::into_owned),
    }
}

/// The top of an int too long to write out: its size and sign, honestly, instead of seconds of division.
fn huge_int(top: &[u8], bytes: u64) -> String {
    let sign = if top.last().is_some_and(|byte| byte & 0x80 != 0) { "-" } else { "" };
    let digits = (bytes as f64 * 8.0 * std::f64::consts::LOG10_2) as u64;
    format!("{sign}… (an int of {bytes} bytes, about {digits} digits)")
}

fn number_or_error(type_name: &'static str, text: Result<String, String>) -> Scalar {
    match text {
        Ok(text) => Scalar { kind: ScalarKind::Number, type_name, text, truncated: false },
        Err(reason) => unreadable(type_name, &reason),
    }
}

fn unreadable(type_name: &'static str, reason: &str) -> Scalar {
    Scalar { kind: ScalarKind::Unreadable, type_name, text: format!("unreadable: {reason}"), truncated: false }
}
