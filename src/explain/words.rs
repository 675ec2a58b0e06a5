//! Reads what a message names out of its words: a byte, a module, a class, a device, keys. A word that the text cuts is a beginning.

use super::word::{CUT, Word};
use crate::opcode::unescape;

/// The word behind some words in lower case, up to its quotation mark.
pub(super) fn after(quote: &str, words: &str) -> Option<Word> {
    let at = quote.to_ascii_lowercase().find(words)? + words.len();
    Some(up_to_quote(quote.get(at..)?))
}

/// The word between two others: `Model` in `This Model instance is not fitted yet`.
pub(super) fn after_word(quote: &str, before: &str, behind: &str) -> Option<Word> {
    let lower = quote.to_ascii_lowercase();
    let from = lower.find(before)? + before.len();
    let to = from + lower.get(from..)?.find(behind)?;
    quote.get(from..to).map(Word::new)
}

/// The class in `<class 'numpy.random._mt19937.MT19937'>`, as Python shows one.
pub(super) fn shown_class(text: &str) -> &str {
    let inner = ["<class '", "<type '"].iter().find_map(|before| text.strip_prefix(before)?.strip_suffix("'>"));
    inner.unwrap_or(text)
}

fn up_to_quote(rest: &str) -> Word {
    match rest.split_once('\'') {
        Some((word, _)) => Word::new(word),
        None => Word::beginning(without_dots(rest)),
    }
}

/// Without what stands for the rest of a text that was cut.
pub(super) fn without_dots(text: &str) -> &str {
    let text = text.trim_end();
    text.strip_suffix("...").or_else(|| text.strip_suffix(CUT)).unwrap_or(text).trim_end()
}

/// Stands for the byte of a message that is no letter, where it was printed as it is.
pub(super) const LOST_KEY: u8 = b' ';

/// The byte in `invalid load key, '<'`, `KeyError: 60`, `KeyError: '\x1f'` or `Unsupported operand 60`.
pub(super) fn load_key(quote: &str) -> Option<u8> {
    // A line may have been broken anywhere.
    let text: String = quote.chars().filter(|c| !c.is_whitespace()).collect();
    let lower = text.to_ascii_lowercase();
    let after = |words: &str| lower.find(words).map(|at| &text[at + words.len()..]);
    let (key, is_number) = match after("invalidloadkey,") {
        Some(key) => (key, false),
        None => (after("keyerror:").or_else(|| after("unsupportedoperand"))?, true),
    };
    let digits = key.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    if is_number && !digits.is_empty() {
        return digits.parse().ok();
    }
    let inner = key.strip_prefix('\'')?;
    if inner.starts_with('\'') && !inner.starts_with("''") {
        return Some(LOST_KEY);
    }
    let escaped = inner.strip_prefix('\\');
    match escaped {
        Some(rest) if rest.starts_with('x') => u8::from_str_radix(rest.get(1..3)?, 16).ok(),
        Some(rest) => match rest.bytes().next()? {
            b'r' => Some(b'\r'),
            b'n' => Some(b'\n'),
            b't' => Some(b'\t'),
            other => Some(other),
        },
        None => u8::try_from(u32::from(inner.chars().next()?)).ok(),
    }
}

/// The number of a `KeyError` that is no byte: `KeyError: 1000`.
pub(super) fn beyond_bytes(quote: &str) -> Option<u64> {
    let lower = quote.to_ascii_lowercase();
    let (_, rest) = lower.split_once("keyerror:")?;
    rest.trim().parse().ok().filter(|number| *number > 255)
}

/// The module and name in `Can't get attribute 'X' on <module 'M'` or `module 'M' has no attribute 'X'`. Python 2 says no module.
pub(super) fn global(quote: &str) -> Option<(Option<Word>, Word)> {
    if let Some(name) = after(quote, "can't get attribute '") {
        let module = after(quote, "<module '").or_else(|| after(quote, "on module '"));
        let is_of_module = module.is_some() || name.is_cut();
        return is_of_module.then_some((module, name));
    }
    let name = after(quote, "has no attribute '")?;
    let lower = quote.to_ascii_lowercase();
    if lower.starts_with("'module' object") {
        return Some((None, name));
    }
    lower.starts_with("module '").then(|| (after(quote, "module '"), name))
}

/// The module in `No module named 'a.b'; 'a' is not a package`, which Python 2 writes without quotation marks.
pub(super) fn module(quote: &str) -> Option<Word> {
    let at = quote.to_ascii_lowercase().find("named")? + "named".len();
    let rest = quote[at..].trim_start();
    match rest.strip_prefix('\'') {
        Some(rest) => Some(up_to_quote(rest)),
        None => Some(Word::new(rest.split(['\'', ';', ' ', ')']).next().unwrap_or_default())),
    }
}

/// The number in `unsupported pickle protocol: 5` or `Detected pickle protocol 4 in the checkpoint`.
pub(super) fn protocol(quote: &str) -> Option<Word> {
    let (_, rest) = quote.split_once("protocol")?;
    let digits = rest.trim_start_matches([':', ' ']);
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then(|| Word::new(&digits[..length]))
}

/// The type in `'numpy.ndarray' object has no attribute 'predict'`, without its module.
pub(super) fn object_type(quote: &str) -> Option<Word> {
    let (word, rest) = quote.strip_prefix('\'')?.split_once('\'')?;
    let is_object = rest.trim_start().to_ascii_lowercase().starts_with("object ");
    (is_object && word != "module" && word != "super").then(|| Word::new(word).last())
}

/// The function in `__randomstate_ctor() takes from 0 to 1 positional arguments`.
pub(super) fn function(quote: &str) -> Option<Word> {
    let (name, rest) = quote.split_once("() ")?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let is_arguments = ["takes", "missing", "got"].iter().any(|word| rest.starts_with(word));
    (is_name && is_arguments && name != "code").then(|| Word::new(name))
}

/// The byte and the place in `'ascii' codec can't decode byte 0xe9 in position 3: ordinal not in range(128)`.
pub(super) fn codec(quote: &str) -> Option<(u8, u64)> {
    let rest = quote.strip_prefix("'ascii' codec can't decode byte 0x")?;
    let byte = u8::from_str_radix(rest.get(..2)?, 16).ok()?;
    let (_, rest) = rest.split_once("in position ")?;
    let (position, _) = rest.split_once(':')?;
    Some((byte, position.trim().parse().ok()?))
}

/// The bytes in `Not a gzipped file (b'\x80\x04')` and `magic string is not correct; expected b'\x93NUMPY', got b'\x80'`.
pub(super) fn first_bytes(quote: &str) -> Option<Vec<u8>> {
    let lower = quote.to_ascii_lowercase();
    let words = ["not a gzipped file (b'", ", got b'"];
    let at = words.iter().find_map(|words| Some(lower.find(words)? + words.len()))?;
    let (literal, _) = quote.get(at..)?.split_once('\'')?;
    unescape(literal.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
}

/// What a message says of the device that it needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Device {
    /// Any of a kind: `cuda`.
    Kind(&'static str),
    /// One of them: `cuda:1`.
    One(Word),
}

impl Device {
    /// Whether a storage on this device needs it.
    pub(super) fn fits(&self, device: &str) -> bool {
        match self {
            Self::Kind(kind) => device.starts_with(kind),
            Self::One(word) => word.fits(device),
        }
    }
}

/// The device in `Attempting to deserialize object on CUDA device 1 but torch.cuda.device_count() is 1`.
pub(super) fn device(quote: &str) -> Option<Device> {
    let lower = quote.to_ascii_lowercase();
    if let Some(number) = lower.split_once("on cuda device ").map(|(_, rest)| rest) {
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let is_cut = without_dots(number).len() == digits;
        let word = format!("cuda:{}", &number[..digits]);
        return (digits > 0).then(|| Device::One(if is_cut { Word::beginning(&word) } else { Word::new(&word) }));
    }
    if let Some((_, rest)) = lower.split_once("tagged with ") {
        let device = rest.split([')', ' ']).next().unwrap_or_default();
        return Some(Device::One(Word::new(device)));
    }
    if let Some((_, rest)) = lower.split_once("storage device not recognized: ") {
        return Some(Device::One(Word::new(rest.split([' ', ',']).next().unwrap_or_default().trim_end_matches('.'))));
    }
    [("mps device", "mps"), ("cuda", "cuda"), ("nvidia", "cuda")]
        .into_iter()
        .find(|(words, _)| lower.contains(words))
        .map(|(_, kind)| Device::Kind(kind))
}

/// Key and shape in `size mismatch for fc.weight: copying a param with shape torch.Size([10, 5]) from checkpoint`.
pub(super) fn mismatch(quote: &str) -> Option<(Word, Option<Vec<u64>>)> {
    let at = quote.to_ascii_lowercase().find("size mismatch for ")? + "size mismatch for ".len();
    let rest = quote.get(at..)?;
    let Some((key, rest)) = rest.split_once(':') else { return Some((Word::beginning(without_dots(rest)), None)) };
    let saved =
        rest.split_once("with shape ").map(|(_, rest)| rest.split(" from checkpoint").next().unwrap_or_default());
    Some((Word::new(key.trim()), saved.and_then(numbers)))
}

/// The numbers of `torch.Size([10, 5])` or `(1000, 1000)`; nothing where the bracket does not close.
pub(super) fn numbers(text: &str) -> Option<Vec<u64>> {
    let from = text.find(['(', '['])?;
    let to = text.rfind([')', ']']).filter(|to| *to > from)?;
    let inner = text[from..to].trim_matches(['(', '[', ')', ']']);
    inner.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
}

/// Whether keys are missing in the file, and the keys: `Missing key(s) in state_dict: 'a', 'b'.`
pub(super) fn state_keys(quote: &str) -> (bool, Vec<Word>) {
    let lower = quote.to_ascii_lowercase();
    let is_missing = lower.contains("missing key");
    let Some(at) = lower.find("in state_dict:") else { return (is_missing, Vec::new()) };
    let mut rest = &quote[at..];
    let mut keys = Vec::new();
    while let Some((_, behind)) = rest.split_once('\'') {
        let key = up_to_quote(behind);
        rest = behind.get(key.text().len() + 1..).unwrap_or_default();
        keys.push(key);
    }
    keys.retain(|key| !key.is_empty());
    (is_missing, keys)
}

/// The key of `KeyError: 'model'`.
pub(super) fn missing_key(quote: &str) -> Option<Word> {
    after(quote, "keyerror: '").filter(|key| !key.is_empty())
}

/// Numbers in what stands behind a message, but for those of paths and addresses. The first ones.
pub(super) fn numbers_in(tail: &str) -> Vec<Word> {
    const MOST: usize = 5;
    let words = tail.split_whitespace().filter(|word| !word.contains(['/', '\\', '=']));
    let numbers = words.flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    let is_number = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    numbers.filter(is_number).take(MOST).map(Word::new).collect()
}

/// Types that a pickle does not name.
pub(super) fn is_builtin(class: &Word) -> bool {
    const TYPES: [&str; 28] = [
        "NoneType",
        "bool",
        "builtin_function_or_method",
        "bytearray",
        "bytes",
        "code",
        "complex",
        "dict",
        "ellipsis",
        "float",
        "frozenset",
        "function",
        "generator",
        "int",
        "list",
        "long",
        "mappingproxy",
        "method",
        "module",
        "object",
        "range",
        "set",
        "slice",
        "str",
        "super",
        "tuple",
        "type",
        "unicode",
    ];
    TYPES.iter().any(|name| class.fits(name))
}

/// Whether a version is the one that a file states: `1.2` and `1.2.0` are one.
pub(super) fn is_same_version(one: &Word, other: &str) -> bool {
    let plain = |version: &str| -> String {
        let mut version = version.trim();
        while let Some(shorter) = version.strip_suffix(".0") {
            version = shorter;
        }
        version.to_owned()
    };
    one.is_cut() && one.fits(other) || plain(one.text()) == plain(other)
}

/// The exception that a line begins with: the last part of `sklearn.exceptions.NotFittedError`.
pub(super) fn exception_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("E ").trim();
    let word = line.split([':', ' ', '\n']).next().unwrap_or_default();
    let is_path = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let rest = &line[word.len()..];
    let name = word.rsplit('.').next().unwrap_or_default();
    let ends = [
        "Error",
        "Exception",
        "Warning",
        "Exit",
        "Interrupt",
        "BadZipFile",
        "BadZipfile",
        "BadGzipFile",
        "UnsupportedOperation",
    ];
    let is_name = ends.iter().any(|end| name.ends_with(end)) || name == "error" && word.contains('.');
    (is_path && is_name && (rest.is_empty() || rest.starts_with(':'))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_of_a_message_is_read() {
        let keys = ["invalid load key, '<'.", r"invalid load key, '\x1f'", "KeyError: 60", r"KeyError: '\x1f'"];
        assert_eq!(keys.map(load_key), [Some(60), Some(31), Some(60), Some(31)]);
        assert_eq!(load_key("UnpicklingError: Unsupported operand 149"), Some(149));
        assert_eq!(load_key("pickle data was truncated"), None);
        assert_eq!(load_key("invalid load key, 'é"), Some(0xe9));
    }

    #[test]
    fn module_and_name_are_read() {
        let read = |quote: &str| {
            global(quote).map(|(module, name)| (module.map(|module| module.to_string()), name.to_string()))
        };
        let named = |module: &str, name: &str| Some((Some(module.to_owned()), name.to_owned()));
        assert_eq!(read("Can't get attribute 'new_block' on <module 'pandas"), named("pandas\u{2026}", "new_block"));
        assert_eq!(read("Can't get attribute 'new_b"), Some((None, "new_b\u{2026}".to_owned())));
        assert_eq!(read("module 'a.b' has no attribute 'c'"), named("a.b", "c"));
        assert_eq!(read("'module' object has no attribute 'c'"), Some((None, "c".to_owned())));
        assert_eq!(read("'list' object has no attribute 'predict'"), None);
        assert_eq!(module("No module named 'a.b'; 'a' is not a package"), Some(Word::new("a.b")));
        assert_eq!(module("No module named a.b"), Some(Word::new("a.b")));
        assert_eq!(module("No module named 'a.b"), Some(Word::beginning("a.b")));
        assert_eq!(object_type("'numpy.ndarray' object has no attribute 'predict'"), Some(Word::new("ndarray")));
    }

    #[test]
    fn other_parts_are_read() {
        assert_eq!(
            codec("'ascii' codec can't decode byte 0xe9 in position 3: ordinal not in range(128)"),
            Some((0xe9, 3))
        );
        assert_eq!(codec("'ascii' codec can't decode byte 0xe9 in position 3"), None);
        assert_eq!(first_bytes(r"Not a gzipped file (b'\x80\x04')"), Some(b"\x80\x04".to_vec()));
        assert_eq!(device("object on CUDA device 1 but"), Some(Device::One(Word::new("cuda:1"))));
        assert_eq!(device("object on a CUDA device but"), Some(Device::Kind("cuda")));
        let size = "size mismatch for fc.weight: copying a param with shape torch.Size([10, 5]) from checkpoint";
        assert_eq!(mismatch(size), Some((Word::new("fc.weight"), Some(vec![10, 5]))));
        assert_eq!(numbers("torch.Size([])"), Some(vec![]));
        let keys = state_keys("Unexpected key(s) in state_dict: 'a.b', 'c', 'd");
        assert_eq!(keys, (false, vec![Word::new("a.b"), Word::new("c"), Word::beginning("d")]));
    }

    #[test]
    fn zeros_at_the_end_of_a_version_make_no_difference() {
        assert!(is_same_version(&Word::new("1.2"), "1.2.0") && !is_same_version(&Word::new("1.2.2"), "1.0.2"));
        assert!(is_same_version(&Word::beginning("1."), "1.2.0"));
    }
}
