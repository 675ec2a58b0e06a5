//! Where a pattern matches in bytes.

use super::expression::Expression;
use memchr::{memchr, memchr2, memmem};
use std::ops::Range;

/// A pattern.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pattern: Pattern,
    /// Whether letters, digits and underscores around a match make it none.
    word: bool,
}

#[derive(Clone, Debug)]
enum Pattern {
    /// These bytes.
    Exact(Box<memmem::Finder<'static>>),
    AnyCase(Box<AnyCase>),
    Expression(Expression),
}

/// ASCII characters in any case, none of them a capital.
#[derive(Clone, Debug)]
struct AnyCase {
    needle: Vec<u8>,
    /// Where the rarest stands, and what it is, small and capital.
    rarest: usize,
    bytes: [u8; 2],
    /// For each byte, how far on the next match can end when this one is seen at the end of a place (Horspool 1980), at most 255.
    skips: [u8; 256],
}

impl Matcher {
    /// Matches these bytes.
    pub(super) fn bytes(bytes: &[u8]) -> Self {
        Self { pattern: Pattern::Exact(Box::new(memmem::Finder::new(bytes).into_owned())), word: false }
    }

    /// Matches a text.
    pub(super) fn text(text: &str, case: bool, word: bool) -> Result<Self, String> {
        let has_case = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        if case || !has_case {
            return Ok(Self { pattern: Pattern::Exact(Box::new(memmem::Finder::new(text).into_owned())), word });
        }
        if !text.is_ascii() {
            let expression = Expression::new(&regex_syntax::escape(text), false)?;
            return Ok(Self { pattern: Pattern::Expression(expression), word });
        }
        Ok(Self { pattern: Pattern::AnyCase(Box::new(AnyCase::new(text))), word })
    }

    /// Matches a regular expression.
    pub(super) fn regex(pattern: &str, case: bool, word: bool) -> Result<Self, String> {
        let pattern = if word { format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}") } else { pattern.to_owned() };
        Ok(Self { pattern: Pattern::Expression(Expression::new(&pattern, case)?), word: false })
    }

    /// Whether a match is certain bytes (or these in any case), which stand in a payload as in the text that it is.
    pub(super) fn is_literal(&self) -> bool {
        !matches!(self.pattern, Pattern::Expression(_))
    }

    /// Whether what is looked for is ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        match &self.pattern {
            Pattern::Exact(finder) => finder.needle().is_ascii(),
            Pattern::AnyCase(_) => true,
            Pattern::Expression(_) => false,
        }
    }

    /// Bytes that a match may have, when it cannot have more.
    pub(super) fn longest(&self) -> Option<usize> {
        match &self.pattern {
            Pattern::Exact(finder) => Some(finder.needle().len()),
            Pattern::AnyCase(any_case) => Some(any_case.needle.len()),
            Pattern::Expression(_) => None,
        }
    }

    /// The first place at or behind `from` where the bytes are, whatever is around them; only of literals.
    pub(super) fn candidate(&self, hay: &[u8], from: usize) -> Option<usize> {
        match &self.pattern {
            Pattern::Exact(finder) => finder.find(hay.get(from..)?).map(|at| from + at),
            Pattern::AnyCase(any_case) => any_case.find(hay, from),
            Pattern::Expression(_) => None,
        }
    }

    /// The first match at or behind `from`.
    pub(super) fn find(&self, hay: &[u8], from: usize) -> Option<Range<usize>> {
        let mut from = from;
        loop {
            let found = match &self.pattern {
                Pattern::Expression(expression) => {
                    if from > hay.len() {
                        return None;
                    }
                    expression.find_at(hay, from)?
                }
                _ => {
                    let start = self.candidate(hay, from)?;
                    start..start + self.longest().unwrap_or(0)
                }
            };
            if !self.word || is_word(hay, &found) {
                return Some(found);
            }
            from = found.start + 1;
        }
    }
}

/// From this length on it is faster to skip than to look at each byte.
const SKIPPED: usize = 4;

impl AnyCase {
    fn new(text: &str) -> Self {
        let needle = text.to_ascii_lowercase().into_bytes();
        let rarest = (0..needle.len()).min_by_key(|&at| frequency(needle[at])).unwrap_or(0);
        let bytes = needle.get(rarest).map_or([0; 2], |&byte| [byte, byte.to_ascii_uppercase()]);
        let most = |behind: usize| u8::try_from(behind).unwrap_or(u8::MAX);
        let mut skips = [most(needle.len()); 256];
        for (at, &byte) in needle.iter().enumerate().take(needle.len().saturating_sub(1)) {
            let skip = most(needle.len() - 1 - at);
            skips[usize::from(byte)] = skip;
            skips[usize::from(byte.to_ascii_uppercase())] = skip;
        }
        Self { needle, rarest, bytes, skips }
    }

    fn find(&self, hay: &[u8], from: usize) -> Option<usize> {
        if self.needle.len() < SKIPPED { self.find_rarest(hay, from) } else { self.find_skipping(hay, from) }
    }

    fn find_skipping(&self, hay: &[u8], from: usize) -> Option<usize> {
        let mut end = from.checked_add(self.needle.len())?;
        loop {
            let last = *hay.get(end - 1)?;
            let start = end - self.needle.len();
            if last.to_ascii_lowercase() == self.needle[self.needle.len() - 1]
                && hay[start..end].eq_ignore_ascii_case(&self.needle)
            {
                return Some(start);
            }
            end += usize::from(self.skips[usize::from(last)]);
        }
    }

    fn find_rarest(&self, hay: &[u8], from: usize) -> Option<usize> {
        let [small, capital] = self.bytes;
        let mut at = from + self.rarest;
        loop {
            let rest = hay.get(at..)?;
            let found = if small == capital { memchr(small, rest)? } else { memchr2(small, capital, rest)? };
            let start = at + found - self.rarest;
            match hay.get(start..start + self.needle.len()) {
                Some(bytes) if bytes.eq_ignore_ascii_case(&self.needle) => return Some(start),
                Some(_) => at += found + 1,
                None => return None,
            }
        }
    }
}

/// How common a byte is in names and sentences, the most common ones last.
fn frequency(byte: u8) -> usize {
    const COMMON: &[u8] = b"zqxjkvbywgpfm0123456789_ucdlhrsnioate";
    COMMON.iter().position(|&common| common == byte).map_or(0, |at| at + 1)
}

/// Whether no letter, digit or underscore touches the match from outside. `\w` on both sides of an end makes it none, as in grep.
fn is_word(hay: &[u8], found: &Range<usize>) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let before = hay[found.start.saturating_sub(4)..found.start].utf8_chunks().last();
    let before = before.filter(|chunk| chunk.invalid().is_empty()).and_then(|chunk| chunk.valid().chars().next_back());
    let after = hay[found.end..(found.end + 4).min(hay.len())].utf8_chunks().next();
    let after = after.and_then(|chunk| chunk.valid().chars().next());
    !is_part(before) && !is_part(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(matcher: &Matcher, hay: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(range) = matcher.find(hay.as_bytes(), from) {
            from = range.end.max(range.start + 1);
            found.push(range);
        }
        found
    }

    #[test]
    fn any_case_is_what_comparing_lower_case_gives() {
        let hay = "Steps step_ STEPS, eSteP\u{fc} S\u{fc}ps sTeP";
        for needle in ["step", "STEPS", "s", "p", "e", "_", "ps s", "tep_", "s e", " sTeP"] {
            let matcher = Matcher::text(needle, false, false).unwrap();
            let (small, needle) = (hay.to_ascii_lowercase(), needle.to_ascii_lowercase());
            let expected: Vec<usize> = small.match_indices(&needle).map(|(at, _)| at).collect();
            let found: Vec<usize> = all(&matcher, hay).into_iter().map(|range| range.start).collect();
            assert_eq!(found, expected, "{needle}");
        }
        assert_eq!(all(&Matcher::text("s\u{dc}P", false, false).unwrap(), hay).len(), 1);
    }

    #[test]
    fn words_have_nothing_of_a_word_beside_them() {
        let hay = "step steps _step step\u{e9} \u{e9}step (step) step2 Step-1";
        for matcher in [Matcher::text("step", true, true).unwrap(), Matcher::regex("ste[p]", true, true).unwrap()] {
            assert_eq!(all(&matcher, hay), [0..4, hay.find("(step").unwrap() + 1..hay.find("(step").unwrap() + 5]);
        }
        assert_eq!(all(&Matcher::text("STEP", false, true).unwrap(), hay).len(), 3);
    }
}
