//! Messages with holes, and how they are found in a text: literal pieces one after the other, each where it comes first. Nothing is
//! tried twice, so a match costs at most the bytes up to the end of its holes.

use super::words;

/// Longest text that a hole takes, in bytes without white space.
const LONGEST_HOLE: usize = 400;
/// The same at the beginning of a message.
const LONGEST_BEFORE: usize = 120;

/// What a hole takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Anything on the way to what follows.
    Any,
    /// A dotted name, `<locals>` and `<lambda>` included.
    Name,
    /// A name whose last part is `__init__` or `__new__`.
    Constructor,
    /// Digits.
    Int,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    /// Without white space, in lower case.
    Literal(String),
    Hole(&'static str, Kind),
}

/// A message with holes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
    /// Whether the message ends with its line.
    ends_line: bool,
    /// The byte that it is about: of letters, small ones and capitals are different bytes.
    key: Option<u8>,
}

/// What may stand around a message: it was quoted, or is in a list.
const AROUND: [char; 5] = ['\'', ']', ')', '}', ','];
/// Fixed bytes that a text has at least in common with a message that it may begin.
const LEAST_SHARED: usize = 4;

/// Where a hole is in the text: its name, first byte and the byte behind it.
pub(super) type Filled = (&'static str, usize, usize);

impl Pattern {
    /// Reads `Can't get attribute '{name:name}' on <module '__main__'`.
    pub(super) fn new(text: &'static str) -> Self {
        let (text, ends_line) = text.strip_suffix('$').map_or((text, false), |text| (text, true));
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some((name, kind, length)) = hole(rest) {
                push_literal(&mut pieces, &mut literal);
                pieces.push(Piece::Hole(name, kind));
                rest = &rest[length..];
            } else {
                if !c.is_whitespace() {
                    literal.push(if c == '"' || c == '`' { '\'' } else { c.to_ascii_lowercase() });
                }
                rest = &rest[c.len_utf8()..];
            }
        }
        push_literal(&mut pieces, &mut literal);
        let key = words::load_key(text).filter(|_| !text.contains('{') || text.contains("'{'"));
        Self { pieces, ends_line, key }
    }

    /// A message about a name as Python 2 writes it, without quotation marks: `No module named copy_reg`.
    pub(super) fn without_quotes(text: &'static str) -> Option<Self> {
        const ABOUT_NAMES: [&str; 2] = ["No module named '", "cannot import name '"];
        let before = ABOUT_NAMES.into_iter().find(|before| text.starts_with(before))?;
        let (name, rest) = text[before.len()..].split_once('\'')?;
        let name = name.strip_suffix("{rest}").unwrap_or(name);
        let is_hole = name.strip_prefix('{').and_then(|rest| rest.strip_suffix(":name}")).is_some();
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        if !rest.is_empty() || name.is_empty() || !(is_hole || is_name) {
            return None;
        }
        let mut pattern = Self::new(text);
        for piece in &mut pattern.pieces {
            if let Piece::Literal(literal) = piece {
                literal.retain(|c| c != '\'');
            }
        }
        pattern.pieces.retain(|piece| !matches!(piece, Piece::Literal(literal) if literal.is_empty()));
        // Without its end a name may be the beginning of another one.
        pattern.ends_line = !text.contains("{rest}");
        Some(pattern)
    }

    /// The names of its holes.
    pub(super) fn holes(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(name, _) => Some(*name),
            Piece::Literal(_) => None,
        })
    }

    /// Whether a text is about the byte that this message is about, where it is about one.
    pub(super) fn has_key_of(&self, quote: &str) -> bool {
        self.key.is_none_or(|key| words::load_key(quote) == Some(key))
    }

    /// The byte that a text must have to begin with it; `None` if it begins with a hole.
    pub(super) fn first_byte(&self) -> Option<u8> {
        match self.pieces.first()? {
            Piece::Literal(text) => text.bytes().next(),
            Piece::Hole(..) => None,
        }
    }

    /// How much of it is fixed, in bytes: short messages say little.
    #[cfg(test)]
    pub(super) fn fixed(&self) -> usize {
        self.pieces.iter().map(|piece| if let Piece::Literal(text) = piece { text.len() } else { 0 }).sum()
    }

    /// Where the message ends that begins at `start` of `text`, and what its holes take. `text` has no white space and is in lower
    /// case; `line_end` gives the end of the line that a byte is in.
    pub(super) fn match_at(
        &self,
        text: &str,
        start: usize,
        line_end: impl Fn(usize) -> usize,
    ) -> Option<(usize, Vec<Filled>)> {
        let mut at = start;
        let mut filled = Vec::new();
        let mut pieces = self.pieces.iter().enumerate().peekable();
        while let Some((index, piece)) = pieces.next() {
            match piece {
                Piece::Literal(literal) => {
                    text.get(at..)?.starts_with(literal.as_str()).then_some(())?;
                    at += literal.len();
                }
                Piece::Hole(name, kind) => {
                    let most = if index == 0 { LONGEST_BEFORE } else { LONGEST_HOLE };
                    let end = match pieces.peek() {
                        Some((_, Piece::Literal(literal))) => {
                            at + window(text, at, most + literal.len()).find(literal.as_str())?
                        }
                        Some((_, Piece::Hole(..))) => return None,
                        None => match kind {
                            Kind::Any => line_end(at).min(at + window(text, at, most).len()),
                            _ => at + window(text, at, most).bytes().take_while(|byte| kind.takes(*byte)).count(),
                        },
                    };
                    let taken = text.get(at..end)?;
                    let is_right =
                        *kind == Kind::Any || !taken.is_empty() && taken.bytes().all(|byte| kind.takes(byte));
                    let is_right = is_right && (*kind != Kind::Constructor || is_constructor(taken));
                    is_right.then_some(())?;
                    filled.push((*name, at, end));
                    at = end;
                }
            }
        }
        let ends = || {
            let end = line_end(at.saturating_sub(1).max(start));
            // Quotation marks and brackets around a message are no part of it.
            at >= end || at == start || text.get(at..end).is_some_and(|rest| rest.trim_matches(AROUND).is_empty())
        };
        (!self.ends_line || ends() && at > start).then_some((at, filled))
    }

    /// What is fixed of a text that stops at `end`, in the middle of the message, and what the holes take. A hole that ends there may
    /// go on.
    pub(super) fn begin_at(&self, text: &str, start: usize, end: usize) -> Option<(usize, Vec<Filled>)> {
        let (mut at, mut fixed, mut filled) = (start, 0, Vec::new());
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            let rest = text.get(at..end)?;
            match piece {
                Piece::Literal(literal) if rest.len() < literal.len() => {
                    fixed += rest.len();
                    return (literal.starts_with(rest) && fixed >= LEAST_SHARED).then_some((fixed, filled));
                }
                Piece::Literal(literal) => {
                    rest.starts_with(literal.as_str()).then_some(())?;
                    at += literal.len();
                    fixed += literal.len();
                }
                Piece::Hole(name, kind) => {
                    // A message that ends here was not cut.
                    let Some(Piece::Literal(literal)) = pieces.peek() else { return None };
                    let rest = window(rest, 0, LONGEST_HOLE + literal.len());
                    let (taken, is_over) = match rest.find(literal.as_str()) {
                        Some(length) => (length, false),
                        None => (rest.len() - overlap(rest, literal), true),
                    };
                    let word = &rest[..taken];
                    let is_right = *kind == Kind::Any || word.bytes().all(|byte| kind.takes(byte));
                    (is_right && (is_over || !word.is_empty())).then_some(())?;
                    filled.push((*name, at, at + taken));
                    at += taken;
                    if is_over {
                        fixed += end - at;
                        return (at + literal.len() > end && fixed >= LEAST_SHARED).then_some((fixed, filled));
                    }
                }
            }
        }
        None
    }
}

/// How much of the end of a text a literal may begin with.
fn overlap(text: &str, literal: &str) -> usize {
    let longest = literal.len().min(text.len());
    (1..=longest)
        .rev()
        .find(|length| literal.is_char_boundary(*length) && text.as_bytes().ends_with(&literal.as_bytes()[..*length]))
        .unwrap_or(0)
}

impl Kind {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Name | Self::Constructor => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'<' | b'>' | b'[' | b']' | 0x80..)
            }
            Self::Int => byte.is_ascii_digit(),
        }
    }
}

fn is_constructor(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("__init__" | "__new__"))
}

/// The next bytes, at most so many, cut between characters.
fn window(text: &str, at: usize, most: usize) -> &str {
    let mut end = at.saturating_add(most).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(at..end).unwrap_or_default()
}

/// The hole that a text begins with: name, kind and length.
fn hole(text: &'static str) -> Option<(&'static str, Kind, usize)> {
    let end = text.strip_prefix('{')?.find('}')?;
    let inner = &text[1..=end];
    let (name, kind) = inner.split_once(':').unwrap_or((inner, ""));
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let kind = match kind {
        "" => Kind::Any,
        "name" => Kind::Name,
        "constructor" => Kind::Constructor,
        "int" => Kind::Int,
        _ => return None,
    };
    is_name.then_some((name, kind, end + 2))
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(std::mem::take(literal)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &'static str, text: &'static str) -> Option<Vec<&'static str>> {
        let (_, filled) = Pattern::new(pattern).match_at(text, 0, |_| text.len())?;
        Some(filled.into_iter().map(|(_, from, to)| &text[from..to]).collect())
    }

    #[test]
    fn holes_take_what_stands_before_the_next_piece() {
        assert_eq!(matched("No module named '{module:name}'", "nomodulenamed'a.b'"), Some(vec!["a.b"]));
        assert_eq!(matched("No module named '{module:name}'", "nomodulenamed''"), None);
        assert_eq!(matched("No module named '{module:name}'", "nomodulenamed'a-b'"), None);
        assert_eq!(matched("'{class:name}' object", "'a'objectmore"), Some(vec!["a"]));
        assert_eq!(
            matched("{function:name}() missing {count:int} req", "x.__init__()missing2req"),
            Some(vec!["x.__init__", "2"])
        );
        assert_eq!(matched("key, '{'", "key,'{'"), Some(vec![]));
        assert_eq!(matched("size {n:int}$", "size12"), Some(vec!["12"]));
        assert_eq!(matched("size {n:int}$", "size12."), None);
        let unquoted = |text: &'static str, said: &str| {
            Pattern::without_quotes(text).is_some_and(|pattern| pattern.match_at(said, 0, |_| said.len()).is_some())
        };
        assert!(unquoted("No module named 'copy_reg'", "nomodulenamedcopy_reg"));
        assert!(!unquoted("No module named 'copy_reg'", "nomodulenamedcopy_register"));
        assert!(!unquoted("No module named '{words:name},{rest}'", "nomodulenameda,b"));
        assert_eq!(matched("Can't pickle {object}", "can'tpickle<x>"), Some(vec!["<x>"]));
    }

    #[test]
    fn the_beginning_of_a_message_is_read_up_to_where_it_ends() {
        let begun = |pattern: &'static str, text: &'static str| {
            let (_, filled) = Pattern::new(pattern).begin_at(text, 0, text.len())?;
            Some(filled.into_iter().map(|(_, from, to)| &text[from..to]).collect::<Vec<_>>())
        };
        let attribute = "Can't get attribute '{name:name}' on <module '{module:name}'";
        assert_eq!(begun(attribute, "can'tgetattribute'mod"), Some(vec!["mod"]));
        assert_eq!(begun(attribute, "can'tgetattribute'model'on<mod"), Some(vec!["model"]));
        assert_eq!(begun(attribute, "can'tgetattribute'model'on<module'a.b"), Some(vec!["model", "a.b"]));
        assert_eq!(begun(attribute, "can'tgetattribute'model'on<module'a.b'"), None);
        assert_eq!(begun(attribute, "can'tgetattribute'a-b"), None);
        assert_eq!(begun(attribute, "can"), None);
        assert_eq!(begun("pickle data was truncated", "pickledatawastru"), Some(vec![]));
    }

    #[test]
    fn a_long_text_costs_no_more_than_the_longest_hole() {
        let text: &'static str = "a'".repeat(100_000).leak();
        assert_eq!(Pattern::new("a'{any}nowhere").match_at(text, 0, |_| text.len()), None);
        let far: &'static str = format!("a'{}nowhere", "x".repeat(500)).leak();
        assert_eq!(Pattern::new("a'{any}nowhere").match_at(far, 0, |_| far.len()), None);
    }
}
