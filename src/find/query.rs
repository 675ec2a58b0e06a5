//! What somebody typed, understood.

use super::compare::{Comparison, Number, Operator};
use super::dates::Dates;
use super::matcher::Matcher;
use super::problem::QueryError;
use super::syntax::{self, Literal};
use crate::graph::Node;
use crate::opcode::Opcode;
use crate::view::FoundKind;
use std::ops::Range;

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kinds(u16);

impl Kinds {
    /// All of them.
    pub const ALL: Self = Self((1 << FoundKind::ALL.len()) - 1);
    /// None.
    pub const NONE: Self = Self(0);

    /// The same with another kind.
    #[must_use]
    pub fn with(self, kind: FoundKind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// Whether a kind is among them.
    #[must_use]
    pub fn has(self, kind: FoundKind) -> bool {
        self.0 & 1 << kind as u16 != 0
    }

    /// Whether any of these is.
    #[must_use]
    pub fn has_any(self, kinds: &[FoundKind]) -> bool {
        kinds.iter().any(|&kind| self.has(kind))
    }
}

/// How a query is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Whether small letters and capitals differ.
    pub case: bool,
    /// Whether a match may have no letter, digit or underscore beside it.
    pub word: bool,
    /// Whether it is a regular expression.
    pub regex: bool,
    /// What is looked for; nothing for everything that the query can mean.
    pub kinds: Option<Kinds>,
}

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    pub(super) kinds: Kinds,
    /// What matches in texts and names.
    pub(super) matcher: Option<Matcher>,
    /// What matches in bytes, and in a `str` of Python 2 as it stands there.
    pub(super) bytes: Option<Matcher>,
    pub(super) comparison: Option<Comparison>,
    /// What dates are asked for.
    pub(super) dates: Option<Dates>,
    /// Whether a text or name has to be this as a whole.
    pub(super) is_whole: bool,
    /// What rounds to the number.
    pub(super) near: Option<Comparison>,
    /// `True`, `False` or `None`.
    pub(super) constant: Option<Node>,
    /// Whether it was taken as text and nothing that has a syntax.
    is_plain: bool,
    /// An offset that is asked for.
    pub(super) offset: Option<u64>,
    /// Whether it may be a path.
    pub(super) is_path: bool,
    /// The mnemonics that match, by the byte of the opcode.
    pub(super) opcodes: Vec<u8>,
}

impl Query {
    /// Understands a query: a regular expression (`/a+/`), a comparison (`== 3.5`, `0.5..0.6`, `isnan`), bytes (`b'\x80'`), a text in
    /// quotes, an offset (`@31`, `0x1f`), a path (`obj['model']`), a number, a mnemonic in capitals, or else a text, which all of them
    /// but the first four are, too.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str, options: &Options) -> Result<Self, QueryError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(QueryError::of_all(text, "there is nothing to look for".to_owned()));
        }
        if let (false, Some(pattern)) = (options.regex, syntax::between_slashes(trimmed)) {
            let start = text.len() - text.trim_start().len() + 1;
            let found = Self::parse(pattern, &Options { regex: true, ..*options });
            return found
                .map(|query| Self { text: text.to_owned(), ..query })
                .map_err(|error| QueryError { at: start + error.at.start..start + error.at.end, ..error });
        }
        let mut query = Self::nothing(text, options);
        if options.regex {
            syntax::check_regex(text)?;
            let matcher = Matcher::regex(text, options.case, options.word);
            query.matcher = Some(matcher.map_err(|message| QueryError::of_all(text, message))?);
        } else if let Some(found) = syntax::dates(text)? {
            query.dates = Some(found);
        } else if let Some(found) = syntax::comparison(text)? {
            query.comparison = Some(found);
        } else if let Some(literal) = syntax::literal(text)? {
            match literal {
                Literal::Bytes(bytes) => query.bytes = Some(Matcher::bytes(&bytes)),
                Literal::Text(text) => {
                    query.matcher = Some(Self::matching_whole(&text, options)?);
                    query.is_whole = true;
                }
            }
        } else {
            query.matcher = Some(Self::matching(text, options)?);
            query.means_also(trimmed);
        }
        query.opcodes = query.mnemonics(trimmed, options);
        Ok(query)
    }

    /// A query that finds nothing yet.
    fn nothing(text: &str, options: &Options) -> Self {
        Self {
            text: text.to_owned(),
            kinds: options.kinds.unwrap_or(Kinds::ALL),
            matcher: None,
            bytes: None,
            comparison: None,
            dates: None,
            is_whole: false,
            near: None,
            constant: None,
            is_plain: false,
            offset: None,
            is_path: false,
            opcodes: Vec::new(),
        }
    }

    fn matching(text: &str, options: &Options) -> Result<Matcher, QueryError> {
        Matcher::text(text, options.case, options.word).map_err(|message| QueryError::of_all(text, message))
    }

    /// A text that has to be the whole of what it is found in.
    fn matching_whole(text: &str, options: &Options) -> Result<Matcher, QueryError> {
        let pattern = format!("\\A(?:{})\\z", regex_syntax::escape(text));
        Matcher::regex(&pattern, options.case, options.word).map_err(|message| QueryError::of_all(text, message))
    }

    /// What a text is besides: a number, a constant, an offset, a path.
    fn means_also(&mut self, text: &str) {
        let number = Number::parse(text);
        self.comparison = number.map(|number| match number {
            Number::Float(value) if value.is_nan() => Comparison::new(Operator::IsNan, number),
            Number::Float(value) if value.is_infinite() && !text.starts_with(['+', '-']) => {
                Comparison::new(Operator::IsInfinite, number)
            }
            _ => Comparison::new(Operator::Equal, number),
        });
        self.near = Comparison::rounding_to(text);
        self.constant = match text {
            "True" => Some(Node::Bool(true)),
            "False" => Some(Node::Bool(false)),
            "None" => Some(Node::None),
            _ => None,
        };
        self.is_plain = self.comparison.is_none() && self.constant.is_none();
        self.offset = syntax::offset(text);
        self.is_path = syntax::begins_as_path(text);
    }

    /// Opcodes whose mnemonics match, or the one that is the text.
    fn mnemonics(&self, text: &str, options: &Options) -> Vec<u8> {
        let is_asked = options.kinds.is_some_and(|kinds| kinds.has(FoundKind::Opcode));
        let all = Opcode::ALL.iter().map(|opcode| (opcode.name(), opcode.info().byte));
        match &self.matcher {
            Some(matcher) if is_asked => {
                all.filter(|(name, _)| matcher.find(name.as_bytes(), 0).is_some()).map(|(_, byte)| byte).collect()
            }
            _ => all.filter(|(name, _)| !options.regex && *name == text).map(|(_, byte)| byte).collect(),
        }
    }

    /// Whether the line in which a row tells a value is what is looked for. A number is, or a constant, only where it is all of it: a
    /// digit stands in every date.
    pub(super) fn find_in_line(&self, line: &str) -> Option<Range<usize>> {
        if self.dates.as_ref().is_some_and(|dates| dates.hold_for(line)) {
            return Some(0..line.len());
        }
        if line == self.text.trim() {
            return Some(0..line.len());
        }
        let is_of_values = self.comparison.is_some() || self.constant.is_some();
        self.matcher.as_ref().filter(|_| !is_of_values)?.find(line.as_bytes(), 0)
    }

    /// Whether a text that begins with a hyphen is an expression nevertheless: a negative number, a range, a duration.
    #[must_use]
    pub fn is_negative(text: &str) -> bool {
        let rest = text.trim().strip_prefix('-').unwrap_or_default();
        let is_number = Number::parse(rest).is_some();
        is_number
            || rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            || rest.starts_with("inf") && rest.contains("..")
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the query matches in a name: of an entry of an archive.
    #[must_use]
    pub fn find_in_name(&self, name: &str) -> Option<Range<usize>> {
        if !self.kinds.has(FoundKind::Entry) {
            return None;
        }
        let matcher = self.matcher.as_ref()?;
        // The name in its folder is a whole one, too.
        let last = name.rfind('/').map_or(0, |at| at + 1);
        let in_folder = || matcher.find(&name.as_bytes()[last..], 0).filter(|_| self.is_whole);
        matcher.find(name.as_bytes(), 0).or_else(|| in_folder().map(|found| found.start + last..found.end + last))
    }

    /// The same without the places that it names itself: an offset is one of a single document.
    #[must_use]
    pub fn without_places(self) -> Self {
        Self { offset: None, is_path: false, ..self }
    }

    /// What rounds to the number that is looked for, as a query of its own.
    pub(super) fn for_near(&self) -> Option<Self> {
        let comparison = Some(self.near.clone().filter(|_| self.kinds.has(FoundKind::Near))?);
        let kinds = Kinds::NONE.with(FoundKind::Number).with(FoundKind::Element);
        let opcodes = Vec::new();
        let plain = self.clone().without_places();
        Some(Self {
            text: String::new(),
            kinds,
            matcher: None,
            bytes: None,
            comparison,
            near: None,
            constant: None,
            opcodes,
            ..plain
        })
    }

    /// What the syntax is, where nothing was found for a text that looks like some.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        if let Some(bytes) = as_bytes(&self.text) {
            return Some(format!("{} was taken as text; as bytes it is {bytes}", self.text.trim()));
        }
        const SIGNS: &[char] = &['~', '<', '>', '=', '*', '?', '^', '$', '|', '(', '[', '{', '\\', '/', '+', '%'];
        let looks_so =
            self.text.contains(SIGNS) || self.text.contains("..") || self.text.contains(|c: char| c.is_ascii_digit());
        let is_known = self.is_path || self.offset.is_some() || !self.opcodes.is_empty();
        (self.is_plain && !is_known && looks_so).then(|| {
            format!(
                "{} was taken as text; expressions are 0.98 (finds what rounds to it), == 3, >= 1e6, 0.5..0.6, >= 2024-03-01, isnan, True, None, \
                 /regular expression/, b'\\x80', @31 and obj['a']",
                self.text.trim()
            )
        })
    }

    /// Whether bytes are looked for in what is no pickle, too.
    #[must_use]
    pub fn looks_into_any_bytes(&self) -> bool {
        self.bytes.is_some() && self.kinds.has(FoundKind::Raw)
    }

    /// Whether anything but the names of entries is asked for.
    #[must_use]
    pub fn looks_into_documents(&self) -> bool {
        self.kinds != Kinds::NONE.with(FoundKind::Entry)
    }
}

/// Pairs of hexadecimal digits as they are written to look for bytes: `b'\x80\x04'` of `80 04`.
fn as_bytes(text: &str) -> Option<String> {
    const MOST: usize = 64;
    let is_pair = |word: &str| word.len() == 2 && word.bytes().all(|digit| digit.is_ascii_hexdigit());
    let pairs: Vec<&str> = text.split_whitespace().take(MOST + 1).collect();
    ((2..=MOST).contains(&pairs.len()) && pairs.iter().all(|word| is_pair(word)))
        .then(|| format!("b'\\x{}'", pairs.join("\\x")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_digits_are_bytes_up_to_a_length() {
        assert_eq!(as_bytes("80 04").as_deref(), Some("b'\\x80\\x04'"));
        assert_eq!(as_bytes("80"), None);
        assert_eq!(as_bytes("80 04 x"), None);
        assert_eq!(as_bytes(&"80 ".repeat(65)), None);
    }

    fn parse(text: &str) -> Query {
        Query::parse(text, &Options::default()).unwrap()
    }

    fn error(text: &str, regex: bool) -> (String, Range<usize>) {
        let error = Query::parse(text, &Options { regex, ..Options::default() }).unwrap_err();
        (error.message, error.at)
    }

    #[test]
    fn a_query_is_what_it_looks_like() {
        for text in ["== 3.5", ">1e6", "<= -2", "!= 0", "isnan", " isinf "] {
            let query = parse(text);
            assert!(query.comparison.is_some() && query.matcher.is_none(), "{text}");
        }
        let query = parse("0.9833");
        assert!(query.comparison.is_some() && query.matcher.is_some());
        assert_eq!([parse("@31").offset, parse("0x1f").offset, parse("31").offset], [Some(31), Some(31), None]);
        for text in ["obj", "obj['a']", "objs[1].b", "obj.a", "stack of obj › item 0"] {
            assert!(parse(text).is_path, "{text}");
        }
        assert!(!parse("object").is_path && !parse("objs").opcodes.contains(&0));
        assert_eq!(parse("REDUCE").opcodes, [b'R']);
        assert!(parse("reduce").opcodes.is_empty());
        let kinds = Some(Kinds::NONE.with(FoundKind::Opcode));
        let asked = Query::parse("reduce", &Options { kinds, ..Options::default() }).unwrap();
        assert_eq!(asked.opcodes, [b'R']);
        assert!(parse(r"b'\x80'").bytes.is_some());
        assert!(parse("0.5..0.6").matcher.is_none() && parse("1..").matcher.is_some());
        assert!(parse("/sep.l_/").matcher.is_some_and(|matcher| !matcher.is_literal()));
        assert_eq!([parse("True").constant, parse("true").constant], [Some(Node::Bool(true)), None]);
        assert_eq!(parse("BINBYTES8").hint(), None);
        assert_eq!(parse("80 04").hint().as_deref(), Some(r"80 04 was taken as text; as bytes it is b'\x80\x04'"));
        assert!(parse("inf").comparison.is_some_and(|both| both.holds_for(f64::NEG_INFINITY)));
        assert!(parse("+inf").comparison.is_some_and(|one| !one.holds_for(f64::NEG_INFINITY)));
        assert!(parse("~0.9833").hint().is_some_and(|hint| hint.contains("~0.9833 was taken as text")));
        assert!(parse("Pipeline").hint().is_none() && parse("0.98").hint().is_none() && parse("'a*'").hint().is_none());
        assert!(parse("'== 3'").comparison.is_none() && parse("'42'").comparison.is_none());
    }

    #[test]
    fn an_error_says_where() {
        assert_eq!(error("", false).1, 0..0);
        assert_eq!(error("== abc", false).1, 3..6);
        assert!(error("> ", false).0.contains("missing"));
        assert_eq!(error("a(b", true).1, 1..2);
        assert_eq!(error("a[z-a]", true).1, 2..5);
        assert_eq!(error(" /a(b/", false).1, 3..4);
        assert_eq!(error(r" b'\x8'", false).1.start, 3);
        assert!(error("== nan", false).0.contains("isnan"));
    }
}
