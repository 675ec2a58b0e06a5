//! numpy's type codes and what pickles and `.npy` headers have in common.
//!
//! Sources: `numpy/_core/src/multiarray/descriptor.c` (`arraydescr_reduce`), `numpy/lib/_format_impl.py` (`dtype_to_descr`),
//! `numpy/_core/_internal.py`.

/// Dimensions that an array has at most (`NPY_MAXDIMS` of numpy 2).
pub const DIMENSIONS: usize = 64;

/// What makes a `StringDType`.
pub const STRING_DTYPE: &str = "_convert_to_stringdtype_kwargs";

/// A type code taken apart: `<f8`, `M8[ns]`, `>U5`, `|O`, `?`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Code<'a> {
    /// Whether it says that the highest byte comes first.
    pub big_endian: bool,
    /// Letter and number.
    pub bare: &'a str,
    /// What it is.
    pub letter: char,
    /// The number behind the letter: bytes, or characters of text.
    pub count: Option<u64>,
    /// What stands in brackets, as a rule the unit of a time: `ns`, `25s`.
    pub unit: &'a str,
}

impl<'a> Code<'a> {
    /// Takes a code apart; any text is one.
    #[must_use]
    pub fn of(code: &'a str) -> Self {
        let big_endian = code.starts_with('>');
        let code = code.trim_start_matches(['<', '>', '=', '|']);
        // Nothing may follow the unit: `M8[ns],O` is a list of codes.
        let is_unit = |rest: &&str| rest.strip_suffix(']').is_some_and(|unit| !unit.contains(']'));
        let (bare, unit) = match code.split_once('[').filter(|(_, rest)| is_unit(rest)) {
            Some((bare, unit)) => (bare, unit.trim_end_matches(']')),
            None => (code, ""),
        };
        let letter = bare.chars().next().unwrap_or_default();
        let count = bare.get(letter.len_utf8()..).and_then(|count| count.parse().ok());
        Self { big_endian, bare, letter, count, unit }
    }

    /// Bytes of a type that has one size: of `f8`, `i4`, `M8`, `O8`; nothing for strings and structures.
    #[must_use]
    pub fn fixed_size(&self) -> Option<u64> {
        let is_fixed = matches!(self.letter, 'b' | 'i' | 'u' | 'f' | 'c' | 'm' | 'M' | 'O');
        self.count.filter(|count| is_fixed && (1..=64).contains(count))
    }

    /// Bytes of a type with its size in the code, that of strings and blocks included: `M8[ns]`, `S5`, `U3`, `V12`.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match self.letter {
            'S' | 'a' | 'V' => self.count,
            'U' => self.count?.checked_mul(4),
            _ => self.fixed_size(),
        }
    }

    /// Whether elements are Python objects.
    #[must_use]
    pub fn is_object(&self) -> bool {
        let is_number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
        self.bare == "object" || self.bare.strip_prefix('O').is_some_and(is_number)
    }
}

/// Whether a text that numpy makes a type of has Python objects in it. It takes a list of codes with commas in between, each
/// perhaps with a number or a shape in front.
#[must_use]
pub fn holds_objects(text: &str) -> bool {
    let is_before = |c: char| c.is_ascii_digit() || c.is_whitespace() || "|<>=()".contains(c);
    text.split(',').any(|code| {
        let code = code.trim_start_matches(is_before);
        code.starts_with('O') || code.starts_with("object")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_taken_apart() {
        let code = Code::of(">M8[25s]");
        assert_eq!((code.big_endian, code.letter, code.count, code.unit), (true, 'M', Some(8), "25s"));
        assert_eq!(code.size(), Some(8));
        assert_eq!(Code::of("<U3").size(), Some(12));
        assert_eq!(Code::of("<U3").fixed_size(), None);
        assert_eq!(Code::of("U9223372036854775808").size(), None);
        assert_eq!(Code::of("f128").size(), None);
        assert!(Code::of("|O").is_object() && Code::of("O8").is_object() && Code::of("object").is_object());
        assert!(!Code::of("Ox").is_object());
        assert_eq!(Code::of("M8[ns],O").size(), None);
        assert_eq!(Code::of("M8[").size(), None);
        assert!(
            holds_objects("f8,2O") && holds_objects("M8[ns],O") && holds_objects("(2,)|O") && holds_objects("object_")
        );
        assert!(!holds_objects("<M8[ns]") && !holds_objects("U8,f4") && !holds_objects(""));
        assert_eq!(Code::of("").letter, '\0');
        assert_eq!(Code::of("é8").count, Some(8));
    }
}
