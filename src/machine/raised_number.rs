//! What CPython's C loader raises for a line that is no number: it hands the line with its newline to C, which takes it to end at
//! a NUL, and quotes some of it.

use super::raised::{MOST_DIGITS, Raised};
use crate::opcode::{NumberError, Opcode, PyText, repr_str};

/// Bytes of the line that a message quotes, and characters of what it makes of them.
const QUOTED: usize = 200;

impl Raised {
    /// For a line that the loader does not take for the number that INT, LONG, FLOAT, GET or PUT has there.
    pub(super) fn number(error: NumberError, line: &[u8], opcode: Option<Opcode>) -> Self {
        match (error, opcode) {
            _ if line.is_empty() => Self::unpickling("pickle data was truncated"),
            (_, Some(Opcode::Int)) => Self::new("ValueError", "could not convert string to int"),
            (_, Some(Opcode::Float)) => no_float(line),
            // The L at the end is replaced, and the newline behind it is no longer seen.
            (_, Some(Opcode::Long)) => match line.strip_suffix(b"L") {
                Some(digits) => no_int(digits, false, 0),
                None => no_int(line, true, 0),
            },
            (NumberError::IndexTooLarge, _) if line.len() <= MOST_DIGITS => {
                Self::new("OverflowError", "Python int too large to convert to C ssize_t")
            }
            (NumberError::NegativeIndex(_), Some(Opcode::Put)) => Self::new("ValueError", "negative PUT argument"),
            (NumberError::NegativeIndex(index), _) => {
                Self::unpickling(format!("Memo value not found at index {index}"))
            }
            _ => no_int(line, true, 10),
        }
    }
}

/// What `PyLong_FromString` says of a line in which it finds no int (`Objects/longobject.c`).
fn no_int(line: &[u8], has_newline: bool, base: u32) -> Raised {
    let text = until_nul(line);
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | 0x09..=0x0d)).count();
    let body = match &text[blanks..] {
        [b'+' | b'-', body @ ..] => body,
        body => body,
    };
    let base = match body {
        [b'0', b'x' | b'X', ..] if base == 0 => 16,
        [b'0', b'o' | b'O', ..] if base == 0 => 8,
        [b'0', b'b' | b'B', ..] if base == 0 => 2,
        _ => match decimal_digits(body) {
            Some(count) if count > MOST_DIGITS => return Raised::digits(count, None),
            // What would be octal in C is refused under the base that was asked for.
            Some(_) if body.starts_with(b"0") => base,
            _ => 10,
        },
    };
    let quoted = head(line, has_newline);
    match std::str::from_utf8(&quoted) {
        Ok(text) => {
            let text = repr_str(&PyText::from(text));
            let message = format!("invalid literal for int() with base {base}: {text:.QUOTED$}");
            Raised::new("ValueError", message)
        }
        Err(error) => {
            let position = error.valid_up_to();
            Raised::utf8(&quoted[position..], position as u64)
        }
    }
}

/// How many decimal digits a text begins with; `None` where an underscore among them stands wrongly.
fn decimal_digits(text: &[u8]) -> Option<usize> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let run = &text[..length];
    let is_wrong = run.starts_with(b"_") || run.ends_with(b"_") || run.windows(2).any(|pair| pair == b"__");
    (!is_wrong).then(|| run.iter().filter(|byte| byte.is_ascii_digit()).count())
}

/// What `PyOS_string_to_double` says of a line that is no float (`Python/pystrtod.c`), or the loader of one that goes on behind
/// the float.
fn no_float(line: &[u8]) -> Raised {
    let text = until_nul(line);
    let float = &text[..float_length(text)];
    let value = std::str::from_utf8(float).ok().and_then(|text| text.parse::<f64>().ok());
    let quoted = || String::from_utf8_lossy(&head(line, true)).chars().map(visible).collect::<String>();
    if value.is_some_and(f64::is_infinite) && float.iter().any(u8::is_ascii_digit) {
        return Raised::new("OverflowError", format!("value too large to convert to float: '{}'", quoted()));
    }
    match float {
        [] => Raised::new("ValueError", format!("could not convert string to float: '{}'", quoted())),
        _ => Raised::new("ValueError", "could not convert string to float"),
    }
}

/// Length of the float with which a text begins, 0 for none.
fn float_length(text: &[u8]) -> usize {
    let sign = usize::from(matches!(text, [b'+' | b'-', ..]));
    let body = &text[sign..];
    let is_word = |word: &&[u8]| body.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if let Some(word) = [b"infinity".as_slice(), b"inf", b"nan"].into_iter().find(is_word) {
        return sign + word.len();
    }
    let digits = |from: usize| body.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let fraction = if body.get(whole) == Some(&b'.') { 1 + digits(whole + 1) } else { 0 };
    if whole == 0 && fraction < 2 {
        return 0;
    }
    let mut end = whole + fraction;
    if matches!(body.get(end), Some(b'e' | b'E')) {
        let power = end + 1 + usize::from(matches!(body.get(end + 1), Some(b'+' | b'-')));
        if digits(power) > 0 {
            end = power + digits(power);
        }
    }
    sign + end
}

/// A character of a line that a message quotes as it stands: those that are not to be seen as `repr` has them.
fn visible(c: char) -> String {
    match c {
        '\t' | '\n' | '\r' => c.escape_default().to_string(),
        c if c.is_control() => format!("\\x{:02x}", u32::from(c)),
        c => c.to_string(),
    }
}

fn until_nul(line: &[u8]) -> &[u8] {
    &line[..memchr::memchr(0, line).unwrap_or(line.len())]
}

/// The bytes of a line that a message quotes.
fn head(line: &[u8], has_newline: bool) -> Vec<u8> {
    let text = until_nul(line);
    let mut head = text[..text.len().min(QUOTED)].to_vec();
    if has_newline && text.len() == line.len() && head.len() < QUOTED {
        head.push(b'\n');
    }
    head
}
