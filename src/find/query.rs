//! What somebody typed, understood.

use super::compare::{Comparison, Number, Operator};
use super::matcher::Matcher;
use crate::graph::Node;
use crate::opcode::{Opcode, unescape};
use crate::view::FoundKind;
use std::fmt;
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

/// Why a query cannot be searched for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueryError {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where, in bytes of the query.
    pub at: Range<usize>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

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
        let whole = 0..text.len();
        let fail = |message: String| QueryError { message, at: whole.clone() };
        if trimmed.is_empty() {
            return Err(fail("there is nothing to look for".to_owned()));
        }
        if let (false, Some(pattern)) = (options.regex, between_slashes(trimmed)) {
            let start = text.len() - text.trim_start().len() + 1;
            let found = Self::parse(pattern, &Options { regex: true, ..*options });
            let shifted = |at: Range<usize>| start + at.start..start + at.end;
            return found
                .map(|query| Self { text: text.to_owned(), ..query })
                .map_err(|error| QueryError { at: shifted(error.at), ..error });
        }
        let mut query = Self {
            text: text.to_owned(),
            kinds: options.kinds.unwrap_or(Kinds::ALL),
            matcher: None,
            bytes: None,
            comparison: None,
            near: None,
            constant: None,
            is_plain: false,
            offset: None,
            is_path: false,
            opcodes: Vec::new(),
        };
        if options.regex {
            check_regex(text)?;
            query.matcher = Some(Matcher::regex(text, options.case, options.word).map_err(fail)?);
        } else if let Some(found) = comparison(text)? {
            query.comparison = Some(found);
        } else if let Some(found) = literal(trimmed) {
            let start = text.len() - text.trim_start().len();
            let literal =
                found.map_err(|(message, at)| QueryError { message, at: start + at..start + trimmed.len() })?;
            match literal {
                Literal::Bytes(bytes) => query.bytes = Some(Matcher::bytes(&bytes)),
                Literal::Text(text) => {
                    query.matcher = Some(Matcher::text(&text, options.case, options.word).map_err(fail)?);
                }
            }
        } else {
            query.matcher = Some(Matcher::text(text, options.case, options.word).map_err(fail)?);
            let number = Number::parse(trimmed);
            query.comparison = number.map(|number| match number {
                Number::Float(value) if value.is_nan() => Comparison::new(Operator::IsNan, number),
                _ => Comparison::new(Operator::Equal, number),
            });
            query.near = Comparison::rounding_to(trimmed);
            query.constant = match trimmed {
                "True" => Some(Node::Bool(true)),
                "False" => Some(Node::Bool(false)),
                "None" => Some(Node::None),
                _ => None,
            };
            query.is_plain = query.comparison.is_none() && query.constant.is_none();
            query.offset = offset(trimmed);
            query.is_path = begins_as_path(trimmed);
        }
        let is_asked = options.kinds.is_some_and(|kinds| kinds.has(FoundKind::Opcode));
        let all = Opcode::ALL.iter().map(|opcode| (opcode.name(), opcode.info().byte));
        query.opcodes = match &query.matcher {
            Some(matcher) if is_asked => {
                all.filter(|(name, _)| matcher.find(name.as_bytes(), 0).is_some()).map(|(_, byte)| byte).collect()
            }
            _ => all.filter(|(name, _)| !options.regex && *name == trimmed).map(|(_, byte)| byte).collect(),
        };
        Ok(query)
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
        self.matcher.as_ref()?.find(name.as_bytes(), 0)
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
        Some(Self { kinds, matcher: None, bytes: None, comparison, near: None, constant: None, opcodes, ..plain })
    }

    /// What the syntax is, where nothing was found for a text that looks like some.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        const SIGNS: &[char] = &['~', '<', '>', '=', '*', '?', '^', '$', '|', '(', '[', '{', '\\', '/', '+', '%'];
        let looks_so =
            self.text.contains(SIGNS) || self.text.contains("..") || self.text.contains(|c: char| c.is_ascii_digit());
        (self.is_plain && !self.is_path && self.offset.is_none() && looks_so).then(|| {
            format!(
                "{} was taken as text; expressions are 0.98 (finds what rounds to it), == 3, >= 1e6, 0.5..0.6, isnan, True, None, \
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

/// `re` of `/re/`.
fn between_slashes(text: &str) -> Option<&str> {
    text.strip_prefix('/')?.strip_suffix('/').filter(|pattern| !pattern.is_empty())
}

/// `== 3.5`, `>1e6`, `0.5..0.6`, `isnan`.
fn comparison(text: &str) -> Result<Option<Comparison>, QueryError> {
    const OPERATORS: [(&str, Operator); 6] = [
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    let trimmed = text.trim();
    let zero = || Number::Int(0.into());
    match trimmed {
        "isnan" => return Ok(Some(Comparison::new(Operator::IsNan, zero()))),
        "isinf" => return Ok(Some(Comparison::new(Operator::IsInfinite, zero()))),
        _ => {}
    }
    if let Some(range) = Comparison::range(trimmed) {
        return Ok(Some(range));
    }
    let found = OPERATORS.into_iter().find_map(|(word, operator)| Some((operator, trimmed.strip_prefix(word)?)));
    let Some((operator, operand)) = found else { return Ok(None) };
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
            let what =
                if number.is_empty() { "a number is missing".to_owned() } else { format!("{number} is no number") };
            // Whoever looks for such a text can say so.
            let message = format!("{what}; to find this as text, put it in quotes");
            Err(QueryError { message, at: start..end })
        }
    }
}

enum Literal {
    Bytes(Vec<u8>),
    Text(String),
}

/// What stands in a literal of Python, or why it is none and from where on.
fn literal(text: &str) -> Option<Result<Literal, (String, usize)>> {
    let (is_bytes, quoted) = match text.strip_prefix('b') {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    let quote = quoted.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let body = quoted[1..].strip_suffix(quote)?;
    if body.is_empty() {
        return Some(Err(("there is nothing between the quotes".to_owned(), 0)));
    }
    let start = text.len() - quoted.len() + 1;
    let bytes = match unescape(body.as_bytes()) {
        Ok(bytes) => bytes,
        Err(error) => return Some(Err((error.to_string(), start + error.position))),
    };
    if is_bytes {
        return Some(Ok(Literal::Bytes(bytes)));
    }
    // What is escaped may be no character: then it is taken as it was typed.
    Some(Ok(Literal::Text(String::from_utf8(bytes).unwrap_or_else(|_| body.to_owned()))))
}

fn offset(text: &str) -> Option<u64> {
    let hexadecimal = |text: &str| u64::from_str_radix(text.strip_prefix("0x").or(text.strip_prefix("0X"))?, 16).ok();
    match text.strip_prefix('@') {
        Some(number) => hexadecimal(number).or_else(|| number.parse().ok()),
        None => hexadecimal(text),
    }
}

fn begins_as_path(text: &str) -> bool {
    let text =
        ["stack of ", "memo of ", "discarded by "].iter().find_map(|words| text.strip_prefix(words)).unwrap_or(text);
    let rest = text.strip_prefix("objs").or_else(|| text.strip_prefix("obj"));
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(['.', '[']) || rest.starts_with(" › ") || rest.starts_with(" > ")
    })
}

/// Where a regular expression goes wrong.
fn check_regex(pattern: &str) -> Result<(), QueryError> {
    let Err(error) = regex_syntax::parse(pattern) else { return Ok(()) };
    let (message, span) = match &error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
        other => return Err(QueryError { message: other.to_string(), at: 0..pattern.len() }),
    };
    let at = span.start.offset..span.end.offset.max(span.start.offset);
    Err(QueryError { message, at })
}

#[cfg(test)]
mod tests {
    use super::*;

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
