//! Where loaders stop in a file, and whether a message says the same in other words.

use crate::explain::words;
use crate::opcode::Opcode;

/// Words of different loaders and versions for the same fault, in lower case.
const SAME: [&[&str]; 7] = [
    &[
        "ran out of input",
        "eoferror",
        "pickle data was truncated",
        "pickle exhausted before end of frame",
        "unpack requires a buffer of",
        "index out of range",
    ],
    &["could not convert string to int", "invalid literal for int() with base"],
    &["the string opcode argument must be quoted", "insecure string pickle"],
    &["unpickling stack underflow", "stack_global requires str", "pop from empty list", "indexerror"],
    &["could not find mark", "pop from empty list", "indexerror"],
    &["exceeds system's maximum size"],
    &["persistent id instruction", "unsupported persistent id", "no attribute 'persistent_load'"],
];
/// What CPython's loader says at the end of a file: where an opcode should be, and in the middle of an argument. Other loaders have one message for both.
const ENDS: [&str; 2] = ["ran out of input", "pickle data was truncated"];
/// Words for a memo that lacks something, before its number.
const MEMO: [&str; 4] = ["memo value not found at index ", "badpickleget: ", "keyerror: '", "keyerror: "];

/// Where a loader stops, and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    pub(super) offset: u64,
    pub(super) opcode: String,
    pub(super) loader: &'static str,
    pub(super) message: String,
    /// Whether it stops behind the last pickle, where a loader comes that loads on.
    pub(super) is_behind: bool,
    /// What it stops in, where that is not the pickle: ` of gzip > pickle 4`.
    pub(super) of: String,
}

/// All that loaders say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Refusals {
    pub(super) list: Vec<Refusal>,
    /// Whether it is known of the bytes of the file itself, not only of what they wrap.
    pub(super) is_of_file: bool,
}

impl Refusals {
    /// The one that is this message.
    pub(super) fn same(&self, quote: &str) -> Option<&Refusal> {
        self.list.iter().find(|one| is_same_fault(&one.message, quote))
    }

    /// What CPython's loader says of the file.
    pub(super) fn first(&self) -> Option<&Refusal> {
        self.list.iter().find(|one| !one.is_behind)
    }
}

impl Refusal {
    pub(super) fn sentence(&self) -> String {
        let at = if self.opcode.is_empty() { String::new() } else { format!(" at {}", self.opcode) };
        match self.is_behind {
            true => format!(
                "The last pickle ends at offset {}, and more bytes follow. A loop that loads on stops there with: {}",
                self.offset, self.message
            ),
            false => {
                let at = if self.of.is_empty() { at } else { format!(" at the first byte{}", self.of) };
                format!("{} stops{at} with: {}", capitalised(self.loader), self.message)
            }
        }
    }
}

/// Whether two messages are of the same fault, whichever loader says it.
fn is_same_fault(message: &str, quote: &str) -> bool {
    if let (Some(one), Some(other)) = (words::load_key(message), words::load_key(quote)) {
        // A terminal shows a byte that is no letter as nothing.
        let is_lost = other == words::LOST_KEY && !matches!(one, b'!'..=b'~');
        // torch's loader knows fewer opcodes.
        let is_unknown = Opcode::from_byte(one).is_none() || message.contains("operand");
        return (one == other || is_lost) && is_unknown;
    }
    // One of a list is another fault than one of bytes.
    let plain = |text: &str| text.to_lowercase().replace("list index out of range", "pop from empty list");
    let (message, quote) = (plain(message), plain(quote));
    if let (Some(one), Some(other)) = (memo(&message), memo(&quote)) {
        return one == other;
    }
    let end = |text: &str| ENDS.iter().position(|words| text.contains(words));
    if let Some(said) = end(&quote)
        && (end(&message).is_some() || message == "eoferror")
    {
        return end(&message) == Some(said);
    }
    let is_both = |group: &&[&str]| {
        let has = |text: &str| group.iter().any(|words| text.contains(words));
        has(&message) && has(&quote)
    };
    SAME.iter().any(is_both) || alike(&message, &quote)
}

/// Whether two messages are of the same kind about something else: another type, another number.
pub(super) fn is_other_of_kind(message: &str, quote: &str) -> bool {
    // Python 2 has other names for the same types.
    let plain = |text: &str| text.to_lowercase().replace("unicode", "str").replace("long", "int");
    let (message, quote) = (plain(message), plain(quote));
    let message = message.split_once(": ").map_or(message.as_str(), |(_, words)| words);
    let quote = quote.trim_end_matches('.');
    let frame = |text: &str| -> String {
        text.split('\'').step_by(2).flat_map(str::chars).filter(|c| !c.is_ascii_digit()).collect()
    };
    quote.contains('\'') && message != quote && frame(message.trim_end_matches('.')) == frame(quote)
}

fn memo(message: &str) -> Option<&str> {
    let rest = MEMO.iter().find_map(|words| message.split_once(words))?.1;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then_some(&rest[..digits])
}

/// Whether a message holds another one, white space, quotation marks and upper case aside.
pub(super) fn alike(message: &str, quote: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '"' | '.'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (message, quote) = (plain(message), plain(quote));
    // The beginning of a number is another number.
    let holds = |long: &str, short: &str| {
        long.match_indices(short).any(|(at, _)| {
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !(is_digit(short.chars().last()) && is_digit(long[at + short.len()..].chars().next()))
        })
    };
    !quote.is_empty() && !message.is_empty() && (holds(&message, &quote) || holds(&quote, &message))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::{is_other_of_kind, is_same_fault};

    #[test]
    fn loaders_have_different_words_for_one_fault() {
        for (one, other) in [
            ("UnpicklingError: invalid load key, '<'.", "KeyError: 60"),
            ("UnpicklingError: Memo value not found at index 7", "BadPickleGet: 7"),
            ("EOFError", "pickle exhausted before end of frame"),
            ("UnpicklingError: pickle data was truncated", "IndexError: index out of range"),
            ("IndexError", "list index out of range"),
        ] {
            assert!(is_same_fault(one, other), "{one} {other}");
        }
        assert!(is_other_of_kind("TypeError: unhashable type: 'list'", "unhashable type: 'dict'"));
        assert!(!is_other_of_kind("TypeError: 'str' object is not callable", "'unicode' object is not callable"));
        for (one, other) in [
            ("UnpicklingError: invalid load key, '<'.", "KeyError: 6"),
            ("UnpicklingError: Memo value not found at index 7", "Memo value not found at index 71"),
            ("UnpicklingError: could not find MARK", "EOFError: Ran out of input"),
            // CPython's loader says the one in the middle of an argument and the other where an opcode should be.
            ("UnpicklingError: pickle data was truncated", "EOFError: Ran out of input"),
            ("EOFError", "EOFError: Ran out of input"),
        ] {
            assert!(!is_same_fault(one, other), "{one} {other}");
        }
    }
}
