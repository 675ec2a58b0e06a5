//! Whether an open file shows what a message says.
//!
//! A check is a word of the table and what it is about:
//!
//! | check | what is looked at |
//! |---|---|
//! | `none` | nothing: the message is not about a file |
//! | `bytes` | what the bytes are: wrappings, formats that are no pickles |
//! | `is-a W` | whether the file is W |
//! | `not-a W` | whether the file is something else than W: `gzip`, `zip`, `npy`, `torch` |
//! | `stop` | where CPython's C loader stops, and what it says there |
//! | `outside` | where the loader stops, for messages whose cause may lie outside of the file |
//! | `truncated` | whether everything was read, and how much is missing |
//! | `protocol` | the protocol of the file |
//! | `module M` | names of the module M, or of modules in it |
//! | `quoted-module` | names of the module in the message |
//! | `call F` | calls of the class of the function F |
//! | `name M N` | the name N of the module M |
//! | `any-name N` | a name N of any module |
//! | `package P` | the version of P that wrote the file, and with which it fails |
//! | `estimator` | the version of scikit-learn that wrote the file, and with which it fails |
//! | `python2` | `str` of Python 2 |
//! | `persistent` | persistent ids |
//! | `buffers` | out-of-band buffers |
//! | `code` | code objects, and the Python that they are of |
//! | `weights-only N` | what torch's restricted loader would say; of the name N where the message has one |
//! | `device` | the devices of tensors |
//! | `beside` | files that belong to this one |
//! | `value` | what the file holds, where another type is in the message |
//! | `keys` | keys of a state dict, and shapes of its tensors |
//! | `no-key` | whether the first value lacks the key in the message |
//!
//! Whatever else a message names is held against the file as well: `claims.rs` says what that is, `held.rs` looks it up.

mod bytes;
mod held;
mod names;
mod outside;
mod texts;
mod values;
mod versions;

use super::claims::Claims;
use super::word::Word;
use super::words;
use super::{Answer, Evidence};
use crate::document::Document;
use crate::format::packages::distribution_of;
use crate::lens::versions_with;
use crate::view::Overview;

/// The words that a check may begin with.
#[cfg(test)]
pub(super) const CHECKS: [&str; 25] = [
    "none",
    "bytes",
    "is-a",
    "not-a",
    "stop",
    "outside",
    "truncated",
    "protocol",
    "module",
    "quoted-module",
    "call",
    "name",
    "any-name",
    "package",
    "estimator",
    "python2",
    "persistent",
    "buffers",
    "code",
    "weights-only",
    "device",
    "beside",
    "value",
    "keys",
    "no-key",
];

/// What follows where message and file differ.
const ANOTHER: &str = "Perhaps the message is about another file.";
/// Names that are listed for one check.
const NAMES: usize = 5;
/// Sentences on versions that are listed for one check.
const VERSIONS: usize = 4;

/// What is known of the names that a check is about, without any file.
pub(super) fn known(check: &str, fill: &dyn Fn(&str) -> String, quote: &str) -> Vec<String> {
    let mut words = check.split(' ');
    let word = words.next().unwrap_or_default();
    let mut next = || words.next().map_or_else(|| Word::new(""), |word| Word::new(&fill(word)));
    let (module, name) = match word {
        "module" => (next(), Word::new("-")),
        "quoted-module" => (words::module(quote).unwrap_or_else(|| Word::new("")), Word::new("-")),
        "name" => (next(), next()),
        _ => return Vec::new(),
    };
    if module.is_cut() || name.is_cut() {
        return Vec::new();
    }
    let (module, name) = (module.text(), name.text());
    let mut found = versions_with(module, name);
    let top = module.split('.').next().unwrap_or_default();
    // pip takes both for one: `huggingface_hub`, `huggingface-hub`.
    let is_alike = |package: &str| package.replace('-', "_").eq_ignore_ascii_case(top);
    if let Some(package) = distribution_of(module).filter(|package| !is_alike(package)) {
        found.push(format!("The module {top} is in the package {package}: pip install {package}."));
    }
    found
}

/// Whether a document shows what a message says.
pub(super) fn look(
    document: &Document,
    check: &str,
    fill: &dyn Fn(&str) -> String,
    claims: &Claims,
    read: fn(&str) -> Option<Claims>,
) -> Vec<Evidence> {
    if check == "none" {
        return Vec::new();
    }
    let overview = document.overview();
    let look = Look { document, overview: &overview, claims, read };
    look.held(look.checked(check, fill))
}

struct Look<'a> {
    document: &'a Document,
    overview: &'a Overview,
    claims: &'a Claims,
    /// What another message says, when the table knows it.
    read: fn(&str) -> Option<Claims>,
}

fn evidence(answer: Answer, text: impl Into<String>, offset: Option<u64>) -> Evidence {
    Evidence { answer, text: text.into(), offset }
}

impl Look<'_> {
    fn checked(&self, check: &str, fill: &dyn Fn(&str) -> String) -> Vec<Evidence> {
        let mut words = check.split(' ');
        let word = words.next().unwrap_or_default();
        let mut next = || words.next().map(fill).unwrap_or_default();
        match word {
            "bytes" => self.bytes(),
            "is-a" => self.is_a(&next()),
            "not-a" => self.not_a(&next()),
            "stop" => self.stop(Answer::DoesNot),
            "outside" => self.stop(Answer::Related),
            "truncated" => self.truncated(),
            "protocol" => self.protocol(),
            "module" => self.module(&Word::new(&next())),
            "quoted-module" => words::module(self.quote()).map(|module| self.module(&module)).unwrap_or_default(),
            "call" => self.call(&Word::new(&next())),
            "name" => self.name(&Word::new(&next()), &Word::new(&next())),
            "any-name" => self.any_name(&Word::new(&next())),
            "package" => self.package(&next()),
            "estimator" => self.estimator(fill),
            "python2" => self.python2(),
            "persistent" => self.persistent(),
            "buffers" => self.buffers(),
            "code" => self.code(),
            "weights-only" => self.weights_only(&Word::new(&next())),
            "device" => self.devices(),
            "beside" => self.beside(),
            "value" => self.value(),
            "keys" => self.keys(),
            "no-key" => self.no_key(),
            _ => Vec::new(),
        }
    }

    /// The words of the message.
    fn quote(&self) -> &str {
        &self.claims.quote
    }

    /// The wrappings from the outside in: `gzip > pickle 4`.
    fn chain(&self) -> String {
        let words: Vec<&str> = self.overview.chain.iter().map(|crumb| crumb.word.as_str()).collect();
        words.join(" > ")
    }

    fn is_whole_pickle(&self) -> bool {
        self.overview.pickles > 0 && self.overview.complete && self.overview.stops_at.is_none()
    }

    fn is_pickle(&self) -> bool {
        self.overview.pickles > 0 && self.overview.chain.last().is_some_and(|crumb| crumb.word.contains("pickle"))
    }

    /// Whether the loader stops in this file with the very words of the message.
    fn is_stop(&self) -> bool {
        self.overview.stops_at.as_ref().is_some_and(|stop| alike(&stop.message, self.quote()))
    }
}

/// The words of `ValueError: words`.
fn without_exception(message: &str) -> &str {
    match message.split_once(": ") {
        Some((name, words)) if words::exception_of(name).is_some() => words,
        _ => message,
    }
}

/// Whether a message holds another one, white space, quotation marks and upper case aside.
fn alike(message: &str, quote: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '"' | '.'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (message, quote) = (plain(message), plain(quote));
    !quote.is_empty() && (message.contains(&quote) || quote.contains(&message))
}
