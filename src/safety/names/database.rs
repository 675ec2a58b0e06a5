//! The database of names as `build.rs` compiles it: static tables, and a line for each module (`lines.rs`). `data` has its rows, of
//! which a name in a module is one; `data/README.md` says what the columns are.

use super::capability::Capability;
use super::growth::{AtOnce, Growth};
use super::lines;
use super::review::{Called, Check, Review, Role};
use super::traits::{Attribute, Traits};

/// What a line says of a name.
struct Entry {
    role: Option<Role>,
    check: Check,
    capability: Option<Capability>,
    traits: Traits,
    reason: u16,
    /// Whether a generator wrote the line, from the sources of a package; what a person reviewed goes before it.
    is_derived: bool,
}

/// What is known of a module apart from its names; most modules have the same.
struct Info {
    patterns: &'static [Pattern],
    /// Patterns of its names and of the names of all that is below it.
    trees: &'static [Pattern],
    is_of_stdlib: bool,
    /// Whether it is a top-level module in which anything dangerous is known.
    is_root: bool,
    standing: Option<Standing>,
    known: KnownModule,
}

/// Names with `*` in a module, or all names of it, or in everything below it.
struct Pattern {
    name: &'static str,
    entry: u16,
}

/// Names that have traits alike.
struct TraitPattern {
    scope: Scope,
    module: &'static str,
    name: &'static str,
    traits: Traits,
}

/// In which modules.
enum Scope {
    Module,
    /// The module and all below it.
    Tree,
    /// All below the module.
    Below,
    Anywhere,
}

/// What is known of a module by its own name.
#[derive(Clone, Copy)]
pub(super) struct KnownModule {
    /// The public module that it implements.
    pub(super) public: Option<&'static str>,
    /// What holding this very module gives, for the few whose names mean nothing else.
    pub(super) capability: Option<Capability>,
    /// Whether importing it does something at once.
    pub(super) acts_on_import: bool,
}

/// A module that has no line in `modules.tsv`.
const UNKNOWN: KnownModule = KnownModule { public: None, capability: None, acts_on_import: false };

/// How well a package is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Everybody knows it: a function of it is dangerous to call when its name says that it acts.
    Known,
    /// Its honest pickles were reviewed: calling a function of it that has no line is unusual.
    Reviewed,
}

/// What a word in a function's name says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// It acts.
    Acts(Capability),
    /// It makes an object again, as picklers call it.
    Rebuilds,
    /// It gives an object that is there, or makes one of what it is given.
    Finds,
}

/// What methods do whose names begin in a certain way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// They reach out of what they are given.
    ReachesOut,
    /// They call what they are given.
    CallsBack,
}

include!(concat!(env!("OUT_DIR"), "/names.rs"));

impl Entry {
    fn of(number: usize) -> &'static Self {
        &ENTRIES[number]
    }

    fn review(&self) -> Option<Review> {
        let reason = REASONS[usize::from(self.reason)];
        self.role.map(|role| Review { role, check: self.check, reason })
    }
}

/// What is known of a module, if it has a line.
fn module(name: &str) -> Option<&'static Info> {
    lines::line(name).map(|line| &INFOS[line.info])
}

/// A name in a module, if it has an entry.
fn find(module: &str, name: &str) -> Option<&'static Entry> {
    lines::line(module)?.entry(name).map(Entry::of)
}

/// A line of a name in a module, if there is one.
pub(super) fn line(module: &str, name: &str) -> Option<Line> {
    find(module, name).map(Line)
}

/// What a line says.
#[derive(Clone, Copy)]
pub(super) struct Line(&'static Entry);

impl Line {
    /// What a person reviewed of this very name.
    pub(super) fn reviewed(self) -> Option<Review> {
        if self.0.is_derived { None } else { self.0.review() }
    }

    /// What a generator found of this very name.
    pub(super) fn derived(self) -> Option<Review> {
        if self.0.is_derived { self.0.review() } else { None }
    }

    /// What this very name gives to whoever calls it.
    pub(super) fn danger(self) -> Option<Capability> {
        self.0.capability
    }

    pub(super) fn traits(self) -> Traits {
        self.0.traits
    }
}

/// What is said of names that look like this one.
pub(super) fn reviewed_pattern(module: &str, name: &str) -> Option<Review> {
    self::module(module)?.patterns.iter().filter(|pattern| fits(pattern.name, name)).find_map(Pattern::review)
}

impl Pattern {
    fn review(&self) -> Option<Review> {
        Entry::of(usize::from(self.entry)).review()
    }

    /// What it gives: of patterns that stand for dangerous names, `*` also covers a walk through dots.
    fn danger(&self, name: &str) -> Option<Capability> {
        let first = name.split('.').next().unwrap_or(name);
        let is_meant = match self.name.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => self.name == first,
        };
        if is_meant { Entry::of(usize::from(self.entry)).capability } else { None }
    }
}

/// `*` never covers a walk through dots: that may end anywhere.
fn fits(pattern: &str, name: &str) -> bool {
    let walked = name.contains('.');
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(beginning), _) => {
            !walked && name.starts_with(beginning) && (!beginning.is_empty() || !name.starts_with("__"))
        }
        (_, Some(end)) => !walked && name.ends_with(end),
        _ => pattern == name,
    }
}

/// What `name` in `module` gives; attributes of a dangerous name are no less dangerous.
pub(super) fn danger(module: &str, name: &str) -> Option<Capability> {
    let first = name.split('.').next().unwrap_or(name);
    let find = |patterns: &[Pattern]| patterns.iter().find_map(|pattern| pattern.danger(name));
    let in_itself = |line: lines::Line| {
        let of_entry = |name: &str| Entry::of(line.entry(name)?).capability;
        let of_first = || if first == name { None } else { of_entry(first) };
        of_entry(name).or_else(of_first).or_else(|| find(INFOS[line.info].patterns))
    };
    let of_tree = |root: &str| find(self::module(root)?.trees);
    lines::line(module).and_then(in_itself).or_else(|| trees(module).find_map(of_tree))
}

/// The module and those that it is below, from the deepest that a pattern knows.
fn trees(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(beginning(module, DEEPEST)), |root| Some(root.rsplit_once('.')?.0))
}

/// The first components of a dotted name, at most so many.
fn beginning(name: &str, components: usize) -> &str {
    let end = name.match_indices('.').nth(components.saturating_sub(1)).map_or(name.len(), |(dot, _)| dot);
    &name[..end]
}

/// Traits of the names that look like this one.
pub(super) fn traits_by_pattern(module: &str, name: &str) -> Traits {
    let fitting = TRAIT_PATTERNS.iter().filter(|pattern| pattern.covers(module) && is_like(pattern.name, name));
    fitting.fold(Traits::default(), |found, pattern| found.with(pattern.traits))
}

impl TraitPattern {
    fn covers(&self, module: &str) -> bool {
        let below = || module.strip_prefix(self.module).is_some_and(|rest| rest.starts_with('.'));
        match self.scope {
            Scope::Anywhere => true,
            Scope::Module => module == self.module,
            Scope::Tree => module == self.module || below(),
            Scope::Below => below(),
        }
    }
}

/// Traits go with a name's beginning or end, dots or not.
fn is_like(pattern: &str, name: &str) -> bool {
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(beginning), _) => name.starts_with(beginning),
        (_, Some(end)) => name.ends_with(end),
        _ => pattern == name,
    }
}

/// Whether anything dangerous is known in a top-level module.
pub(super) fn is_root(top: &str) -> bool {
    module(top).is_some_and(|module| module.is_root)
}

fn by_name<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let at = table.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(table[at].1)
}

pub(super) fn known_module(name: &str) -> Option<KnownModule> {
    module(name).map(|module| module.known)
}

pub(super) fn attribute(name: &str) -> Attribute {
    by_name(&ATTRIBUTES, name).unwrap_or_default()
}

/// Whether plain values or files have a method of this name.
pub(super) fn is_plain_method(name: &str) -> bool {
    PLAIN_METHODS.binary_search(&name).is_ok()
}

pub(super) fn standing(package: &str) -> Option<Standing> {
    module(package)?.standing
}

pub(super) fn is_of_stdlib(top: &str) -> bool {
    module(top).is_some_and(|module| module.is_of_stdlib)
}

/// Whether torch's restricted loader takes the global `module.name` without more.
pub(in crate::safety) fn is_allowed_by_torch(name: &str) -> bool {
    TORCH_ALLOWED.binary_search(&name).is_ok()
}

/// The releases that were read, as `package==first..last`.
pub(super) fn source(number: usize) -> &'static str {
    SOURCES[number]
}

/// What a function does in whose name this word stands.
pub(super) fn word(word: &str) -> Option<Word> {
    by_name(&WORDS, word)
}

/// How large the result of a call is.
pub(super) fn growth(module: &str, name: &str) -> Option<(Growth, AtOnce)> {
    let at = GROWTHS.binary_search_by_key(&(module, name), |row| (row.0, row.1)).ok()?;
    Some((GROWTHS[at].2, GROWTHS[at].3))
}

/// What a method does by how its name begins.
pub(super) fn methods(name: &str) -> impl Iterator<Item = Method> {
    BEGINNINGS.iter().filter(move |(beginning, _)| name.starts_with(beginning)).map(|(_, method)| *method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_modules_of_plain_functions_are_reviewed_as_a_whole() {
        let is_whole = |pattern: &Pattern| pattern.name == "*" && pattern.review().is_some();
        let whole = lines::all().filter(|(_, line)| INFOS[line.info].patterns.iter().any(is_whole));
        let modules: Vec<&str> = whole.map(|(module, _)| module).collect();
        assert_eq!(modules, ["cmath", "collections.abc", "math", "numbers"], "a module holds what it imported, too");
    }

    #[test]
    fn no_review_stands_for_more_than_a_module() {
        let patterns = INFOS.iter().flat_map(|info| info.trees);
        let reviewed: Vec<&str> = patterns.filter(|pattern| pattern.review().is_some()).map(|p| p.name).collect();
        assert!(reviewed.is_empty(), "{reviewed:?}");
    }

    #[test]
    fn names_are_found_in_their_modules_alone() {
        assert!(find("os", "system").is_some());
        assert!(find("os", "systemx").is_none() && find("", "").is_none() && find("osx", "system").is_none());
    }
}
