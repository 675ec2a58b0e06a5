//! Lines with numbers, as each reader takes them.

use super::comparison::Does;
use crate::machine::{MOST_DIGITS, Raised};
use crate::opcode::{Dialect, Int, Opcode, decimal_text, float_line, python_int, repr_bytes, repr_float};

/// Characters of a line that a message of `int` quotes.
const QUOTED: usize = 200;

/// What `pickle.py` makes of the line of INT, LONG, FLOAT, GET or PUT.
pub(super) fn python(opcode: Opcode, line: &[u8]) -> Does {
    match opcode {
        Opcode::Int => match line {
            b"00" => Does::Sees("False".to_owned()),
            b"01" => Does::Sees("True".to_owned()),
            // The newline is part of what it hands over.
            _ => int(line, &[line, b"\n"].concat(), 0),
        },
        Opcode::Long => without_l(line, 0),
        Opcode::Float => float(line),
        _ => int(line, line, 10),
    }
}

/// What `pickletools` makes of it.
pub(super) fn pickletools(opcode: Opcode, line: &[u8]) -> Does {
    match opcode {
        Opcode::Long => without_l(line, 10),
        Opcode::Float => float(line),
        _ => match line {
            b"00" => Does::Sees("False".to_owned()),
            b"01" => Does::Sees("True".to_owned()),
            _ => int(line, line, 10),
        },
    }
}

fn without_l(line: &[u8], base: u32) -> Does {
    let digits = line.strip_suffix(b"L").unwrap_or(line);
    int(digits, digits, base)
}

/// What `int(quoted, base)` gives; `text` is the same without what is around the number.
fn int(text: &[u8], quoted: &[u8], base: u32) -> Does {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    // It counts the digits before it makes a number of them, unless the base is a power of two.
    if digits > MOST_DIGITS && !has_prefix(text, base) && decimal_text(text).is_some() {
        return Does::Stops(Raised::digits(digits, None).to_string());
    }
    match python_int(text, base) {
        Ok(Some(value)) => Does::Sees(spelled(&value)),
        Err(_) => Does::ReadsOn,
        Ok(None) => {
            let quoted = repr_bytes(quoted);
            Does::Stops(format!("ValueError: invalid literal for int() with base {base}: {quoted:.QUOTED$}"))
        }
    }
}

/// A number as it is shown; one that is too long for that by its length.
pub(super) fn spelled(value: &Int) -> String {
    /// Bits up to which a number is written with all its digits.
    const SHORT: u64 = 400;
    match value {
        Int::Big(big) if big.bits() > SHORT => format!("an int of {} bits", big.bits()),
        value => value.to_string(),
    }
}

fn has_prefix(text: &[u8], base: u32) -> bool {
    let text = text.trim_ascii_start();
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    base == 0 && matches!(digits, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..])
}

fn float(line: &[u8]) -> Does {
    match float_line(line) {
        Ok(read) if read.dialect != Dialect::CutAtNul => Does::Sees(repr_float(read.value)),
        _ => Does::Stops(format!("ValueError: could not convert string to float: {}", repr_bytes(line))),
    }
}
