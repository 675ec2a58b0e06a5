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
//! | `outside` | the same of messages whose cause may be outside of the file |
//! | `truncated` | whether everything was read, and how much is missing |
//! | `protocol` | the protocol of the file |
//! | `module M` | names of the module M, or of modules in it |
//! | `quoted-module` | the same of the module in the message |
//! | `call F` | calls of the class of the function F |
//! | `name M N` | the name N of the module M |
//! | `any-name N` | a name N of any module |
//! | `package P` | the version of P that wrote the file, and with which it fails |
//! | `estimator` | the same of scikit-learn |
//! | `python2` | `str` of Python 2 |
//! | `persistent` | persistent ids |
//! | `buffers` | out-of-band buffers |
//! | `code` | code objects, and the Python that they are of |
//! | `weights-only N` | what torch's restricted loader would say; of the name N where the message has one |
//! | `device` | the devices of tensors |
//! | `beside` | files that belong to this one |
//! | `value` | what the file holds, where another type is in the message |

use super::claims;
use super::{Answer, Evidence};
use crate::document::Document;
use crate::format::packages::distribution_of;
use crate::graph::{Node, NodeId};
use crate::lens::{ShapeKind, versions_with};
use crate::opcode::Opcode;
use crate::safety;
use crate::view::{Break, Environment, ImportFacts, Overview, preview};
use std::collections::BTreeMap;

/// The words that a check may begin with.
#[cfg(test)]
pub(super) const CHECKS: [&str; 23] = [
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
];

/// What follows where message and file differ.
const ANOTHER: &str = "Perhaps the message is about another file.";
/// Archives that are zip archives.
const ZIPS: [&str; 4] = ["zip", "torch", "TorchScript", "npz"];
/// Wrappings with the byte that they begin with.
const PACKED: [(&str, u8); 5] = [("gzip", 0x1f), ("zlib", b'x'), ("xz", 0xfd), ("zstd", ZSTD), ("bzip2", b'B')];
const ZSTD: u8 = 0x28;
/// Bytes of a file in which the one of a message is looked for.
const FIRST_BYTES: usize = 1 << 12;
/// Names that are listed for one check.
const NAMES: usize = 5;
/// Sentences on versions that are listed for one check.
const VERSIONS: usize = 4;
/// Persistent ids whose devices are looked at.
const IDS: usize = 100_000;

/// What is known of the names that a check is about, without any file.
pub(super) fn known(check: &str, fill: &dyn Fn(&str) -> String, quote: &str) -> Vec<String> {
    let mut words = check.split(' ');
    let word = words.next().unwrap_or_default();
    let mut next = || words.next().map(fill).unwrap_or_default();
    let (module, name) = match word {
        "module" => (next(), "-".to_owned()),
        "quoted-module" => (quoted_module(quote).to_owned(), "-".to_owned()),
        "name" => (next(), next()),
        _ => return Vec::new(),
    };
    let mut found = versions_with(&module, &name);
    let top = module.split('.').next().unwrap_or_default();
    // pip takes both for one: `huggingface_hub`, `huggingface-hub`.
    let is_alike = |package: &str| package.replace('-', "_").eq_ignore_ascii_case(top);
    if let Some(package) = distribution_of(&module).filter(|package| !is_alike(package)) {
        found.push(format!("The module {top} is in the package {package}: pip install {package}."));
    }
    found
}

/// Whether a document shows what the message `quote` says.
pub(super) fn look(document: &Document, check: &str, fill: &dyn Fn(&str) -> String, quote: &str) -> Vec<Evidence> {
    let mut words = check.split(' ');
    let word = words.next().unwrap_or_default();
    let mut next = || words.next().map(fill).unwrap_or_default();
    let overview = document.overview();
    let look = Look { document, overview: &overview, quote };
    match word {
        "bytes" => look.bytes(),
        "is-a" => look.is_a(&next()),
        "not-a" => look.not_a(&next()),
        "stop" => look.stop(Answer::DoesNot),
        "outside" => look.stop(Answer::Related),
        "truncated" => look.truncated(),
        "protocol" => look.protocol(),
        "module" => look.module(&next()),
        "quoted-module" => look.module(quoted_module(quote)),
        "call" => look.call(&next()),
        "name" => look.name(&next(), &next()),
        "any-name" => look.any_name(&next()),
        "package" => look.package(&next()),
        "estimator" => look.estimator(fill),
        "python2" => look.python2(),
        "persistent" => look.persistent(),
        "buffers" => look.buffers(),
        "code" => look.code(),
        "weights-only" => look.weights_only(&next()),
        "device" => look.devices(),
        "beside" => look.beside(),
        "value" => look.value(),
        _ => Vec::new(),
    }
}

struct Look<'a> {
    document: &'a Document,
    overview: &'a Overview,
    quote: &'a str,
}

fn evidence(answer: Answer, text: impl Into<String>, offset: Option<u64>) -> Evidence {
    Evidence { answer, text: text.into(), offset }
}

impl Look<'_> {
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

    fn bytes(&self) -> Vec<Evidence> {
        let mut found = self.bytes_as_they_are();
        let Some(other) = self.another_byte() else { return found };
        for one in &mut found {
            one.answer = Answer::Related;
        }
        found.insert(0, other);
        found
    }

    /// That the file does not hold the byte at which the loader of the message stopped.
    fn another_byte(&self) -> Option<Evidence> {
        let asked = claims::load_key(self.quote)?;
        let is_stop = self.overview.stops_at.as_ref().is_some_and(|stop| alike(&stop.message, self.quote));
        if is_stop || !self.document.reading().raw.is_empty() {
            return None;
        }
        let mut head = [0; FIRST_BYTES];
        let first = match self.overview.chain.as_slice() {
            [outer, _, ..] => PACKED.iter().find(|(word, ..)| *word == outer.word)?.1,
            _ => {
                let source = self.document.source();
                let count = source.peek(0, &mut head).ok()?;
                let head = &head[..count];
                let &first = head.first()?;
                // Behind bytes that are opcodes a loader may come to any other byte.
                let goes_on = Opcode::from_byte(first).is_some();
                if goes_on && (head.contains(&asked) || source.len() > count as u64) {
                    return None;
                }
                first
            }
        };
        let is_met = first == asked || first == ZSTD && asked == 0xb5;
        (!is_met).then(|| {
            let text = format!(
                "The message is about the byte {}; this file begins with {}. {ANOTHER}",
                byte_name(asked),
                byte_name(first)
            );
            evidence(Answer::DoesNot, text, Some(0))
        })
    }

    fn bytes_as_they_are(&self) -> Vec<Evidence> {
        let overview = self.overview;
        let mut found = Vec::new();
        if overview.chain.len() > 1 {
            let text = format!("The file is {}: pickle.load by itself reads none of the wrappings.", self.chain());
            found.push(evidence(Answer::Shows, text, Some(0)));
        } else if self.is_whole_pickle() && overview.notes.is_empty() {
            let text =
                format!("This file is a plain pickle ({}), read to its end: its bytes are in order.", self.chain());
            found.push(evidence(Answer::DoesNot, text, None));
        } else if !self.is_whole_pickle() {
            found.push(evidence(Answer::Shows, overview.reading.clone(), Some(0)));
        }
        found.extend(self.notes());
        let stop = self.stop(Answer::DoesNot).into_iter();
        found.extend(stop.filter(|one| self.is_pickle() && overview.chain.len() <= 1 && one.answer == Answer::Shows));
        found
    }

    fn notes(&self) -> Vec<Evidence> {
        let notes = self.overview.notes.iter().take(NAMES);
        notes.map(|note| evidence(Answer::Shows, format!("{}: {}.", note.name, note.message), note.offset)).collect()
    }

    fn is_a(&self, word: &str) -> Vec<Evidence> {
        let is_word = |crumb: &str| crumb == word || word == "zip" && ZIPS.contains(&crumb);
        let is_it = self.overview.chain.iter().any(|crumb| is_word(&crumb.word));
        let text = format!("The file is {}.", self.chain());
        match is_it {
            true => vec![evidence(Answer::Shows, text, Some(0))],
            false => vec![evidence(Answer::DoesNot, format!("{text} {ANOTHER}"), Some(0))],
        }
    }

    fn not_a(&self, word: &str) -> Vec<Evidence> {
        let is_it = self.overview.chain.iter().any(|crumb| crumb.word == word);
        let (answer, not) = if is_it { (Answer::DoesNot, "") } else { (Answer::Shows, ", not {word}") };
        let text = format!("The file is {}{}.", self.chain(), not.replace("{word}", word));
        let mut found = vec![evidence(answer, text, Some(0))];
        found.extend(self.notes());
        found
    }

    /// `whole` is what a file says in which nothing stops a loader.
    fn stop(&self, whole: Answer) -> Vec<Evidence> {
        if let Some(stop) = &self.overview.stops_at {
            let answer = if alike(&stop.message, self.quote) { Answer::Shows } else { Answer::Related };
            let at = if stop.opcode.is_empty() { String::new() } else { format!(" at {}", stop.opcode) };
            return vec![evidence(
                answer,
                format!("CPython's loader stops{at} with: {}", stop.message),
                Some(stop.offset),
            )];
        }
        if !self.is_pickle() {
            return vec![evidence(
                Answer::Shows,
                format!("The file is {}. {}", self.chain(), self.overview.reading),
                Some(0),
            )];
        }
        if self.is_whole_pickle() {
            let text =
                "The opcodes of this file are in order to the last: what its names mean where it is loaded decides.";
            return vec![evidence(whole, text, None)];
        }
        vec![evidence(Answer::Related, self.overview.reading.clone(), None)]
    }

    /// Calls of the class that a function like `Refused.__init__` belongs to.
    fn call(&self, function: &str) -> Vec<Evidence> {
        let name = function.rsplit('.').find(|part| !part.starts_with("__")).unwrap_or_default();
        let is_it = |import: &&ImportFacts| !name.is_empty() && import.name.rsplit('.').next() == Some(name);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        if named.is_empty() { self.stop(Answer::Related) } else { self.named(&named, name) }
    }

    fn truncated(&self) -> Vec<Evidence> {
        let overview = self.overview;
        if let Some((offset, _, missing)) = self.document.missing() {
            let text = format!("The file is cut: by the lengths in it, {missing} missing at its end.");
            return vec![evidence(Answer::Shows, text, Some(offset))];
        }
        if overview.complete {
            let mut text = format!("The file is whole ({}): {}", self.chain(), overview.reading);
            if overview.pickles > 1 {
                text.push_str(&format!(" It holds {} pickles.", overview.pickles));
            }
            return vec![evidence(Answer::DoesNot, text, None)];
        }
        let mut found = vec![evidence(Answer::Shows, overview.reading.clone(), None)];
        found.extend(self.notes());
        found
    }

    fn protocol(&self) -> Vec<Evidence> {
        if self.overview.stops_at.as_ref().is_some_and(|stop| alike(&stop.message, self.quote)) {
            return self.stop(Answer::DoesNot);
        }
        let Some(protocol) = self.overview.protocol else {
            return vec![evidence(Answer::DoesNot, format!("This is no pickle: {}", self.overview.reading), None)];
        };
        let asked: Option<u64> = self.quote.rsplit(|c: char| !c.is_ascii_digit()).find_map(|word| word.parse().ok());
        let since = match protocol {
            5 => "Python 3.8",
            4 => "Python 3.4",
            3 => "Python 3.0",
            _ => "any Python",
        };
        let answer =
            if asked.is_none_or(|asked| asked == u64::from(protocol)) { Answer::Shows } else { Answer::DoesNot };
        vec![evidence(
            answer,
            format!("The file is in protocol {protocol}, which {since} reads and later ones."),
            Some(0),
        )]
    }

    fn module(&self, module: &str) -> Vec<Evidence> {
        let is_in = |name: &str| name == module || name.strip_prefix(module).is_some_and(|rest| rest.starts_with('.'));
        let named: Vec<&ImportFacts> =
            self.overview.import_list.iter().filter(|import| is_in(&import.module)).collect();
        let mut found = self.named(&named, &format!("the module {module}"));
        found.extend(self.breaks(module));
        found
    }

    fn name(&self, module: &str, name: &str) -> Vec<Evidence> {
        let is_it = |import: &&ImportFacts| {
            import.module == module && (import.name == name || import.name.split('.').any(|part| part == name))
        };
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        if named.is_empty() && self.overview.import_list.iter().any(|import| import.name == name) {
            return self.any_name(name);
        }
        let mut found = self.named(&named, &format!("{module}.{name}"));
        if module == "__main__" {
            let others: Vec<&str> = self
                .overview
                .import_list
                .iter()
                .filter(|import| import.module == module)
                .map(|import| import.name.as_str())
                .filter(|other| *other != name)
                .take(NAMES)
                .collect();
            if !others.is_empty() {
                found.push(evidence(
                    Answer::Related,
                    format!("It expects in __main__ as well: {}.", others.join(", ")),
                    None,
                ));
            }
        }
        found.extend(self.breaks(name));
        found
    }

    fn any_name(&self, name: &str) -> Vec<Evidence> {
        let name = name.rsplit('.').next().unwrap_or(name);
        let is_it = |import: &&ImportFacts| import.name.rsplit('.').next() == Some(name);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        let mut found = self.named(&named, &format!("anything called {name}"));
        if let Some(package) = named.first().and_then(|import| distribution_of(&import.module)) {
            found.extend(self.version(&self.document.environment(), package));
        }
        found
    }

    /// What the file names, or that it does not.
    fn named(&self, imports: &[&ImportFacts], what: &str) -> Vec<Evidence> {
        let Some(first) = imports.first() else {
            let all = self.overview.imports;
            let text = match all {
                0 => format!("This file does not name {what}: it names nothing at all."),
                _ => format!(
                    "This file does not name {what}; it names {} in all.",
                    preview::plural(all, "other", "others")
                ),
            };
            return vec![evidence(Answer::DoesNot, text, None)];
        };
        let names: Vec<String> =
            imports.iter().take(NAMES).map(|import| format!("{}.{}", import.module, import.name)).collect();
        let more = imports.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let uses: u64 = imports.iter().map(|import| import.uses).sum();
        let text = format!("The file names {}{more} ({}).", names.join(", "), preview::plural(uses, "use", "uses"));
        vec![evidence(Answer::Shows, text, Some(first.offset))]
    }

    /// Failures that the file's names foretell, as far as they have to do with a name.
    fn breaks(&self, name: &str) -> Vec<Evidence> {
        let environment = self.document.environment();
        let quoted = |what: &str| what.contains(&format!("'{name}'")) || what.contains(&format!("'{name}."));
        self.failures(&environment, |failure| quoted(&failure.what))
    }

    /// Failures of other versions. One that raises the very message is all that matters.
    fn failures(&self, environment: &Environment, is_asked: impl Fn(&Break) -> bool) -> Vec<Evidence> {
        let said = |answer| {
            move |failure: &Break| {
                evidence(answer, format!("Does not load with {}: {}.", failure.with, failure.what), failure.offset)
            }
        };
        let asked = || environment.breaks.iter().filter(|failure| is_asked(failure));
        let is_it = |failure: &&Break| alike(without_exception(&failure.what), without_exception(self.quote));
        let same: Vec<Evidence> = asked().filter(is_it).take(VERSIONS).map(said(Answer::Shows)).collect();
        if same.is_empty() { asked().take(VERSIONS).map(said(Answer::Related)).collect() } else { same }
    }

    fn package(&self, package: &str) -> Vec<Evidence> {
        let environment = self.document.environment();
        let Some(version) = self.version(&environment, package) else {
            return vec![evidence(Answer::DoesNot, format!("This file names nothing of {package}. {ANOTHER}"), None)];
        };
        let failures = self.failures(&environment, |failure| failure.with.starts_with(package));
        if failures.iter().any(|one| one.answer == Answer::Shows) {
            let related = Evidence { answer: Answer::Related, ..version };
            return failures.into_iter().chain([related]).collect();
        }
        let missing = claims::attribute(self.quote).filter(|name| !self.has_name(name));
        if let Some(name) = missing {
            let text = format!("This file does not name {name}. {ANOTHER}");
            let related = Evidence { answer: Answer::Related, ..version };
            return vec![evidence(Answer::DoesNot, text, None), related];
        }
        [version].into_iter().chain(failures).collect()
    }

    /// What scikit-learn's messages say themselves: the class, and the version that wrote the file.
    fn estimator(&self, fill: &dyn Fn(&str) -> String) -> Vec<Evidence> {
        const PACKAGE: &str = "scikit-learn";
        let hole = |name: &str| Some(fill(name)).filter(|value| value != name);
        let mut differs = Vec::new();
        if let Some(class) = hole("{class}").filter(|class| !self.has_name(class)) {
            differs.push(format!("names no {class}"));
        }
        let environment = self.document.environment();
        let stated = environment.packages.iter().find(|found| found.name == PACKAGE && found.is_stated);
        if let (Some(wrote), Some(stated)) = (hole("{wrote}"), stated)
            && !claims::is_same_version(&wrote, &stated.version)
        {
            differs.push(format!("was written with {PACKAGE} {}, not {wrote}", stated.version));
        }
        if differs.is_empty() {
            return self.package(PACKAGE);
        }
        let text = format!("This file {}. {ANOTHER}", differs.join(" and "));
        vec![evidence(Answer::DoesNot, text, stated.and_then(|stated| stated.offset))]
    }

    /// Whether the file names something so called, in any module. Where not all names are listed, it may.
    fn has_name(&self, name: &str) -> bool {
        let name = name.rsplit('.').next().unwrap_or(name);
        let listed = &self.overview.import_list;
        listed.iter().any(|import| import.name.rsplit('.').next() == Some(name))
            || self.overview.imports > listed.len() as u64
    }

    fn version(&self, environment: &Environment, package: &str) -> Option<Evidence> {
        let found = environment.packages.iter().find(|found| found.name == package)?;
        let text = match (found.version.is_empty(), found.is_stated) {
            (true, _) => format!("The file names things of {package}; which version wrote it is not to be seen."),
            (false, true) => format!("The file says that {package} {} wrote it.", found.version),
            (false, false) => format!("Its names are those of {package} {}.", found.version),
        };
        Some(evidence(Answer::Shows, text, found.offset))
    }

    fn python2(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        if !self.overview.has_python2_str {
            let text = "There is no str of Python 2 in this file.".to_owned();
            return vec![evidence(Answer::DoesNot, text, None)];
        }
        let is_it = |id: &NodeId| matches!(graph.node(*id), Node::Text { encoding, .. } if encoding.is_python2());
        let first = (0..graph.len() as u32).map(NodeId).find(is_it);
        let offset = first.map(|id| graph.offset(id));
        vec![evidence(
            Answer::Shows,
            "The file holds str of Python 2: it needs an encoding to load in Python 3.",
            offset,
        )]
    }

    fn persistent(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        let ids: Vec<NodeId> =
            graph.reaching_out().filter(|id| matches!(graph.node(*id), Node::PersistentId(_))).collect();
        let mut found = Vec::new();
        if self.overview.chain.len() > 1 {
            found.push(evidence(Answer::Shows, format!("The file is {}, no plain pickle.", self.chain()), Some(0)));
        }
        match ids.first() {
            Some(first) => {
                let count = preview::plural(ids.len() as u64, "persistent id", "persistent ids");
                found.push(evidence(Answer::Shows, format!("The pickle holds {count}."), Some(graph.offset(*first))));
            }
            None if found.is_empty() && self.overview.pickles > 0 && self.overview.complete => {
                found.push(evidence(Answer::DoesNot, "There is no persistent id in this file.", None));
            }
            None if found.is_empty() => found.push(evidence(Answer::Shows, self.overview.reading.clone(), Some(0))),
            None => {}
        }
        found
    }

    fn buffers(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        if !graph.has_buffers() {
            return vec![evidence(Answer::DoesNot, "This file refers to no out-of-band buffer.", None)];
        }
        let buffers = graph.reaching_out().filter(|id| matches!(graph.node(*id), Node::Buffer(_)));
        let (mut count, mut first) = (0, None);
        for id in buffers {
            count += 1;
            first = first.or(Some(graph.offset(id)));
        }
        let count = preview::plural(count, "out-of-band buffer", "out-of-band buffers");
        vec![evidence(Answer::Shows, format!("The file refers to {count}; their bytes are not in it."), first)]
    }

    fn code(&self) -> Vec<Evidence> {
        let environment = self.document.environment();
        let is_code = |what: &str| what.contains("code()");
        let breaks = environment.breaks.iter().filter(|failure| is_code(&failure.what)).take(VERSIONS);
        let mut found: Vec<Evidence> = breaks
            .map(|failure| {
                evidence(
                    Answer::Shows,
                    format!("It holds code objects that do not load with {}.", failure.with),
                    failure.offset,
                )
            })
            .collect();
        if found.is_empty() {
            let text = "No code object was found in this file.".to_owned();
            found.push(evidence(Answer::DoesNot, text, None));
        }
        found.extend(self.version(&environment, "Python"));
        found
    }

    fn weights_only(&self, name: &str) -> Vec<Evidence> {
        let forecast = safety::forecast(self.document.reading(), &self.document.lens());
        if !name.is_empty() && !self.has_global(name) {
            let text = format!("This file does not name {name}. {ANOTHER}");
            return vec![evidence(Answer::DoesNot, text, None), evidence(Answer::Related, forecast.sentence(), None)];
        }
        let answer = if forecast.accepts { Answer::DoesNot } else { Answer::Shows };
        let mut found = vec![evidence(answer, forecast.sentence(), forecast.stops.first().map(|stop| stop.offset))];
        for stop in forecast.stops.iter().filter(|stop| !stop.name.is_empty()).take(NAMES) {
            found.push(evidence(Answer::Related, format!("{}: {}.", stop.opcode, stop.reason), Some(stop.offset)));
        }
        found
    }

    /// Whether the file names a global by its module and name, as it spells them or as Python 3 would import them.
    fn has_global(&self, full: &str) -> bool {
        let listed = &self.overview.import_list;
        let is_it = |import: &ImportFacts| {
            full.strip_prefix(import.module.as_str()).and_then(|rest| rest.strip_prefix('.')) == Some(&import.name)
                || import.raw.as_deref() == Some(full)
        };
        listed.iter().any(is_it) || self.overview.imports > listed.len() as u64
    }

    /// The devices in the persistent ids of storages: `('storage', type, key, device, size)`.
    fn devices(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        let lens = self.document.lens();
        let mut devices: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for id in graph.reaching_out().take(IDS) {
            let Node::PersistentId(edge) = graph.node(id) else { continue };
            let Node::Tuple = graph.node(edge.node()) else { continue };
            let Some(device) = graph.items(edge.node()).nth(3).and_then(|edge| lens.string(edge)) else { continue };
            devices.entry(device.to_string()).or_insert((graph.offset(id), 0)).1 += 1;
        }
        if devices.is_empty() {
            return vec![evidence(
                Answer::DoesNot,
                "No storage of torch was found in what is shown of this file.",
                None,
            )];
        }
        let listed = devices.iter().take(NAMES).map(|(device, (offset, count))| {
            let answer = if device == "cpu" { Answer::DoesNot } else { Answer::Shows };
            let count = preview::plural(*count, "storage is", "storages are");
            evidence(answer, format!("{count} on the device {device}."), Some(*offset))
        });
        listed.collect()
    }

    /// What a loader gives for the first pickle, held against the type in the message.
    fn value(&self) -> Vec<Evidence> {
        let Some(value) = self.document.values().first().copied() else {
            return vec![evidence(Answer::DoesNot, format!("No value was read. {}", self.overview.reading), None)];
        };
        let lens = self.document.lens();
        let shape = lens.shape(value.node());
        let text: Vec<String> =
            preview::preview(&lens, value.node(), &shape).into_iter().map(|part| part.text).collect();
        let what = format!("This file holds a value of the type {}: {}.", shape.type_name, text.join(" "));
        let asked = quoted_type(self.quote);
        let is_it = shape.type_name == asked || asked == "NoneType" && lens.is_none(value);
        // In a list the model may be an item.
        let answer = match (is_it, shape.kind) {
            (true, _) => Answer::Shows,
            (false, ShapeKind::Items | ShapeKind::Mapping) => Answer::Related,
            (false, _) => Answer::DoesNot,
        };
        vec![evidence(answer, what, Some(self.document.reading().graph.offset(value.node())))]
    }

    fn beside(&self) -> Vec<Evidence> {
        match self.document.uses_files() {
            true => vec![evidence(Answer::Shows, "The pickle refers to files beside it.", None)],
            false => vec![evidence(Answer::DoesNot, "The pickle refers to no files beside it.", None)],
        }
    }
}

/// `3c ('<')`.
fn byte_name(byte: u8) -> String {
    match byte {
        b' '..=b'~' => format!("{byte:02x} ('{}')", char::from(byte)),
        _ => format!("{byte:02x}"),
    }
}

/// The words of `ValueError: words`.
fn without_exception(message: &str) -> &str {
    match message.split_once(": ") {
        Some((name, words)) if claims::exception_of(name).is_some() => words,
        _ => message,
    }
}

/// The type in `'numpy.ndarray' object has no attribute 'predict'`, without its module.
fn quoted_type(quote: &str) -> &str {
    let full = quote.split('\'').nth(1).unwrap_or_default();
    full.rsplit('.').next().unwrap_or(full)
}

/// The module in `No module named 'a.b'; 'a' is not a package`.
fn quoted_module(quote: &str) -> &str {
    let from = quote.to_ascii_lowercase().find("named").map_or(0, |at| at + "named".len());
    let rest = quote[from..].trim_start().trim_start_matches('\'');
    rest.split(['\'', ';', ' ', ')']).next().unwrap_or_default()
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
