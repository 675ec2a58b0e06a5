//! The syntax of queries: comparisons, ranges, literals, offsets, paths, regular expressions.

use super::compare::{Comparison, Number, Operator};
use super::dates::Dates;
use super::problem::QueryError;
use crate::opcode::{EscapeError, unescape, unescape_text};

/// `re` of `/re/`.
pub(super) fn between_slashes(text: &str) -> Option<&str> {
    text.strip_prefix('/')?.strip_suffix('/').filter(|pattern| !pattern.is_empty())
}

const OPERATORS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// The operator that a text begins with, and the rest.
fn operator(text: &str) -> Option<(Operator, &str)> {
    OPERATORS.into_iter().find_map(|(word, operator)| Some((operator, text.strip_prefix(word)?)))
}

/// `>= 2024-03-01`, `2024-03..2024-05`.
pub(super) fn dates(text: &str) -> Result<Option<Dates>, QueryError> {
    match operator(text.trim()) {
        Some((operator, operand)) => Ok(Dates::compared(operator, operand.trim())),
        None => Dates::range(text),
    }
}

/// `== 3.5`, `>1e6`, `0.5..0.6`, `isnan`.
pub(super) fn comparison(text: &str) -> Result<Option<Comparison>, QueryError> {
    let trimmed = text.trim();
    let zero = || Number::Int(0.into());
    match trimmed {
        "isnan" => return Ok(Some(Comparison::new(Operator::IsNan, zero()))),
        "isinf" => return Ok(Some(Comparison::new(Operator::IsInfinite, zero()))),
        _ => {}
    }
    if let Some((low, high)) = Comparison::ends(trimmed) {
        return range(text, low, high).map(Some);
    }
    let Some((operator, operand)) = operator(trimmed) else { return Ok(None) };
    let number = operand.trim();
    let end = text.trim_end().len();
    let start = end - number.len();
    match Number::parse(number) {
        Some(Number::Float(value)) if value.is_nan() && operator == Operator::Equal => {
            let message = "nan is equal to nothing; isnan finds it".to_owned();
            Err(QueryError { message, at: start..end })
        }
        Some(number) => Ok(Some(Comparison::new(operator, number))),
        None => {
            let what = match number {
                "" => "a number is missing".to_owned(),
                "NaT" => "NaT is equal to nothing and no date is beside it; isnan finds it".to_owned(),
                number => format!("{number} is neither a number nor a date"),
            };
            // Whoever looks for such a text can say so.
            let message = format!("{what}; to find this as text, put it in quotes");
            Err(QueryError { message, at: start..end })
        }
    }
}

/// What stands in a literal of Python.
pub(super) enum Literal {
    Bytes(Vec<u8>),
    Text(String),
}

/// A range, both ends included, if something can be in it.
fn range(text: &str, low: Number, high: Number) -> Result<Comparison, QueryError> {
    let (from, to) = (low.as_f64(), high.as_f64());
    let message = match () {
        () if from.is_nan() || to.is_nan() => "no number is in a range that ends with nan; isnan finds it".to_owned(),
        () if low.is_more_than(&high) => {
            let ends = text.trim().split_once("..").map_or_else(String::new, |(low, high)| {
                // `1...5` ends with `.5`.
                format!("{}..{}", high.trim(), low.trim())
            });
            format!("nothing is in this range, whose first end is the larger one; write {ends}")
        }
        () => return Ok(Comparison::between(low, high)),
    };
    let start = text.len() - text.trim_start().len();
    Err(QueryError { message, at: start..text.trim_end().len() })
}

/// What stands in a literal of Python: `'text'`, `"text"`, `b'bytes'`, `bytearray(b'bytes')`.
pub(super) fn literal(text: &str) -> Result<Option<Literal>, QueryError> {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix("bytearray(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(trimmed);
    let (is_bytes, quoted) = match inner.strip_prefix('b') {
        Some(quoted) => (true, quoted),
        None => (false, inner),
    };
    let Some(quote) = quoted.chars().next().filter(|c| matches!(c, '\'' | '"')) else { return Ok(None) };
    let Some(body) = quoted[1..].strip_suffix(quote) else { return Ok(None) };
    let end = text.trim_end().len();
    if body.is_empty() {
        let start = text.len() - text.trim_start().len();
        return Err(QueryError { message: "there is nothing between the quotes".to_owned(), at: start..end });
    }
    // What stands before the body in the text as it was typed.
    let start = text.find(quote).map_or(0, |at| at + 1);
    let fail = |error: EscapeError| QueryError { message: error.to_string(), at: start + error.position..end };
    let bytes = unescape(body.as_bytes()).map_err(fail)?;
    match is_bytes {
        true => Ok(Some(Literal::Bytes(bytes))),
        // What is escaped may be no character: then it is taken as it was typed.
        false => Ok(Some(Literal::Text(unescape_text(body).unwrap_or_else(|| body.to_owned())))),
    }
}

pub(super) fn offset(text: &str) -> Option<u64> {
    let hexadecimal = |text: &str| u64::from_str_radix(text.strip_prefix("0x").or(text.strip_prefix("0X"))?, 16).ok();
    match text.strip_prefix('@') {
        Some(number) => hexadecimal(number).or_else(|| number.parse().ok()),
        None => hexadecimal(text),
    }
}

pub(super) fn begins_as_path(text: &str) -> bool {
    let text =
        ["stack of ", "memo of ", "discarded by "].iter().find_map(|words| text.strip_prefix(words)).unwrap_or(text);
    let rest = text.strip_prefix("objs").or_else(|| text.strip_prefix("obj"));
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(['.', '[']) || rest.starts_with(" › ") || rest.starts_with(" > ")
    })
}

/// Where a regular expression goes wrong.
pub(super) fn check_regex(pattern: &str) -> Result<(), QueryError> {
    let Err(error) = regex_syntax::parse(pattern) else { return Ok(()) };
    let (message, span) = match &error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
        other => return Err(QueryError { message: other.to_string(), at: 0..pattern.len() }),
    };
    let at = span.start.offset..span.end.offset.max(span.start.offset);
    Err(QueryError { message, at })
}
