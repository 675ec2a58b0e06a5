//! Whether an open file shows what a message says.
//!
//! A check is a word of the table and what it is about:
//!
//! | check | what is looked at |
//! |---|---|
//! | `none` | nothing: the message is not about a file |
//! | `load-key` | at which byte a loader stops that is no opcode, or whether a key is missing |
//! | `line-ends` | whether line ends were changed; else the same as `stop` |
//! | `text-module W` | whether the file begins with an import of W, as text may |
//! | `base64` | whether the letters of the file are no whole base64 |
//! | `is-a W` | whether the file is W |
//! | `not-a W` | whether the file is something else than W: `gzip`, `zip`, `npy`, `torch` |
//! | `zip-entry` | whether an archive lacks what torch looks for |
//! | `plain-pickle` | whether the file is a pickle that is not of torch |
//! | `stop` | where loaders stop, and what they say there |
//! | `outside` | the same, for messages whose cause may lie outside of the file |
//! | `cut W` | whether bytes are missing or damaged: of a pickle, or of the format W |
//! | `empty` | whether the file is empty |
//! | `protocol` | the protocol of the file |
//! | `module M` | names of the module M, or of modules in it |
//! | `quoted-module` | names of the module in the message |
//! | `call F` | calls of the class of the function F |
//! | `name M N` | the name N of the module M |
//! | `any-name N` | a name N of any module |
//! | `lacks [or-no-room]` | whether instances of the class in the message have no attribute of its name |
//! | `package P [W]` | whether it is seen in the file that P raises the message: by what is known of its versions, by names (`A|B`), or by the versions that wrote it (`>=3.0`, `<1.0`) |
//! | `estimator [W]` | as `package`, for scikit-learn, and the class and version in the message |
//! | `unfitted` | whether instances of the class in the message were not fitted |
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
//! A check says that the file shows the message only by what is seen in this file and is peculiar to the message. What it cannot tell by
//! that, it says not to know: a file gets one of three answers, never two (`settled`).
//!
//! Whatever else a message names is held against the file as well: `claims.rs` says what that is, `held.rs` looks it up.

mod attributes;
mod bytes;
mod held;
mod loaders;
mod names;
mod outside;
mod refusal;
mod texts;
mod values;
mod versions;

use self::refusal::Refusals;
use super::claims::Claims;
use super::word::Word;
use super::words;
use super::{Answer, Evidence};
use crate::document::Document;
use crate::format::packages::distribution_of;
use crate::lens::versions_with;
use crate::view::Overview;
use std::cell::OnceCell;
use std::collections::HashSet;

/// The words that a check may begin with.
#[cfg(test)]
pub(super) const CHECKS: [&str; 33] = [
    "none",
    "load-key",
    "line-ends",
    "text-module",
    "base64",
    "is-a",
    "not-a",
    "zip-entry",
    "plain-pickle",
    "stop",
    "outside",
    "cut",
    "empty",
    "protocol",
    "module",
    "quoted-module",
    "call",
    "name",
    "any-name",
    "lacks",
    "package",
    "estimator",
    "unfitted",
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
pub(super) fn look(document: &Document, check: &str, fill: &dyn Fn(&str) -> String, claims: &Claims) -> Vec<Evidence> {
    if check == "none" {
        return Vec::new();
    }
    let overview = document.overview();
    let look = Look { document, overview: &overview, claims, refusals: OnceCell::new() };
    settled(look.held(look.checked(check, fill)))
}

/// The evidence with one answer: the first one given, or that the file does not tell. What contradicts it is beside it as a fact.
fn settled(mut found: Vec<Evidence>) -> Vec<Evidence> {
    let is_answer = |one: &Evidence| one.answer != Answer::Related;
    match found.iter().position(is_answer) {
        Some(at) => {
            let answer = found[at].answer;
            found.iter_mut().filter(|one| one.answer != answer).for_each(|one| one.answer = Answer::Related);
            if answer == Answer::Unknown {
                found.iter_mut().skip(at + 1).for_each(|one| one.answer = Answer::Related);
            }
            // The answer comes before the facts.
            found[..=at].rotate_right(1);
            // A fact that two checks came upon is said once.
            let mut said = HashSet::new();
            found.retain(|one| said.insert((one.text.clone(), one.offset)));
        }
        None => {
            if let Some(first) = found.first_mut() {
                first.answer = Answer::Unknown;
            }
        }
    }
    found
}

struct Look<'a> {
    document: &'a Document,
    overview: &'a Overview,
    claims: &'a Claims,
    refusals: OnceCell<Refusals>,
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
            "load-key" => self.load_key(),
            "line-ends" => self.line_ends(),
            "text-module" => self.text_module(&Word::new(&next())),
            "base64" => self.base64(),
            "is-a" => self.is_a(&next()),
            "not-a" => self.not_a(&next()),
            "zip-entry" => self.zip_entry(),
            "plain-pickle" => self.plain_pickle(),
            "stop" => self.stop(Answer::DoesNot),
            "outside" => self.stop(Answer::Unknown),
            "cut" => self.cut(&next()),
            "empty" => self.is_empty(),
            "protocol" => self.protocol(),
            "module" => self.module(&Word::new(&next())),
            "quoted-module" => words::module(self.quote()).map(|module| self.module(&module)).unwrap_or_default(),
            "call" => self.call(&Word::new(&next())),
            "name" => self.name(&Word::new(&next()), &Word::new(&next())),
            "any-name" => self.any_name(&Word::new(&next())),
            "lacks" => self.lacks(next() == "or-no-room"),
            "package" => self.package(&next(), &next()),
            "estimator" => self.estimator(&next(), fill),
            "unfitted" => self.unfitted(),
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

    /// Whether a loader stops in this file with the message.
    fn is_stop(&self) -> bool {
        self.refusals().same(self.quote()).is_some()
    }
}

/// The words of `ValueError: words`.
fn without_exception(message: &str) -> &str {
    match message.split_once(": ") {
        Some((name, words)) if words::exception_of(name).is_some() => words,
        _ => message,
    }
}
