//! What the names of globals tell.

use super::calls::SYMBOLS;
use crate::format::packages::distribution_of;
use crate::graph::Symbol;
use crate::lens::clues::Clues;
use crate::lens::recogniser::Lens;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Which names stand where in which versions, written by `scripts/generate_moves.py`.
const MOVES: &str = include_str!("moves.tsv");

/// A name, and the versions that have it.
struct Rule {
    package: &'static str,
    module: &'static str,
    /// Nothing for every name of the module and of those in it.
    name: &'static str,
    since: &'static str,
    until: &'static str,
    /// The versions that can load it, where that is known.
    loads_since: &'static str,
    loads_until: &'static str,
}

const fn rule(
    package: &'static str,
    module: &'static str,
    name: &'static str,
    wrote: (&'static str, &'static str),
    loads: (&'static str, &'static str),
) -> Rule {
    Rule { package, module, name, since: wrote.0, until: wrote.1, loads_since: loads.0, loads_until: loads.1 }
}

/// Functions and names in compiled modules, which `MOVES` cannot know: seen in the libraries themselves, of every minor version.
const COMPILED: [Rule; 40] = [
    rule("numpy", "numpy.core", "", ("", "2.0"), ("", "")),
    rule("numpy", "numpy._core", "", ("2.0", ""), ("1.26.1", "")),
    rule("numpy", "numpy.core.numeric", "_frombuffer", ("1.16", "2.0"), ("1.16", "")),
    rule("pandas", "pandas.core.internals.blocks", "new_block", ("1.3", "1.4"), ("1.3", "")),
    rule("pandas", "pandas._libs.internals", "_unpickle_block", ("1.4", ""), ("1.4", "")),
    rule("pandas", "pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked", ("1.3", ""), ("1.3", "")),
    rule("pandas", "pandas._libs.tslibs.timestamps", "_unpickle_timestamp", ("1.3", ""), ("1.3", "")),
    rule("pandas", "pandas._libs.tslibs.timedeltas", "_timedelta_unpickle", ("1.5", ""), ("1.5", "")),
    rule("pandas", "pandas._libs.tslibs.nattype", "_nat_unpickle", ("3.0", ""), ("3.0", "")),
    rule("pandas", "pandas._libs.tslibs.nattype", "__nat_unpickle", ("", "3.0"), ("", "")),
    rule("scikit-learn", "sklearn.metrics._dist_metrics", "EuclideanDistance", ("", "1.3"), ("", "1.3")),
    rule("scikit-learn", "sklearn.metrics._dist_metrics", "EuclideanDistance64", ("1.3", ""), ("1.3", "")),
    rule("scikit-learn", "sklearn._loss._loss", "__pyx_unpickle_CyHalfBinomialLoss", ("1.1", "1.6"), ("1.1", "1.6")),
    rule("scikit-learn", "sklearn.externals.joblib", "", ("", "0.23"), ("", "0.23")),
    rule("joblib", "joblib.numpy_pickle", "NDArrayWrapper", ("", "0.10"), ("", "")),
    rule("joblib", "joblib.numpy_pickle", "ZNDArrayWrapper", ("", "0.10"), ("", "")),
    rule("joblib", "joblib.numpy_pickle", "NumpyArrayWrapper", ("0.10", ""), ("0.10", "")),
    rule("cloudpickle", "cloudpickle.cloudpickle_fast", "", ("", "3.0"), ("", "")),
    rule("cloudpickle", "cloudpickle.cloudpickle", "_fill_function", ("", "1.5"), ("", "3.0")),
    rule("cloudpickle", "cloudpickle.cloudpickle", "_make_skel_func", ("", "1.5"), ("", "3.0")),
    rule("cloudpickle", "cloudpickle.cloudpickle", "_rehydrate_skeleton_class", ("", "1.5"), ("", "3.0")),
    rule("cloudpickle", "cloudpickle.cloudpickle", "_gen_ellipsis", ("", "3.0"), ("", "3.0")),
    rule("cloudpickle", "cloudpickle.cloudpickle", "_gen_not_implemented", ("", "3.0"), ("", "3.0")),
    rule("dill", "dill.dill", "", ("", "0.2.8"), ("", "0.2.8")),
    rule("dill", "dill._dill", "", ("0.2.8", ""), ("0.2.8", "")),
    rule("dill", "dill._dill", "_create_code", ("0.3.2", ""), ("0.3.2", "")),
    rule("dill", "dill._dill", "_create_dtypemeta", ("0.3.5", ""), ("0.3.5", "")),
    rule("dill", "dill._dill", "_setitems", ("0.3.5", ""), ("0.3.5", "")),
    rule("dill", "dill._dill", "_create_capsule", ("0.3.6", ""), ("0.3.6", "")),
    rule("dill", "dill._dill", "_create_typing_tuple", ("0.3.6", ""), ("0.3.6", "")),
    rule("dill", "dill._dill", "_getattribute", ("0.3.6", ""), ("0.3.6", "")),
    rule("dill", "dill._dill", "_get_typedict_type", ("0.3.7", ""), ("0.3.7", "")),
    rule("dill", "dill._dill", "_create_thread_handle", ("0.3.9", ""), ("0.3.9", "")),
    rule("keras", "keras.preprocessing.text", "", ("", "2.13"), ("", "3.0")),
    rule("keras", "keras.src.preprocessing", "", ("2.13", "3.0"), ("2.13", "3.0")),
    rule("keras", "keras.src.legacy.preprocessing", "", ("3.0", ""), ("3.0", "")),
    rule("torch", "torch._utils", "_rebuild_tensor_v3", ("2.0", ""), ("2.0", "")),
    rule("torch", "torch._utils", "_rebuild_nested_tensor", ("2.0", ""), ("2.0", "")),
    rule("torch", "torch._utils", "_rebuild_parameter_with_state", ("2.0", ""), ("2.0", "")),
    rule("torch", "torch._utils", "_rebuild_device_tensor_from_cpu_tensor", ("2.0", ""), ("2.0", "")),
];

/// The versions of one name.
#[derive(Clone, Copy)]
struct Move {
    since: &'static str,
    until: &'static str,
    loads_since: &'static str,
    loads_until: &'static str,
}

type Moves = HashMap<(&'static str, &'static str), Move>;

pub(super) fn look(lens: &Lens<'_>, clues: &mut Clues) {
    for symbol in lens.graph.symbols.iter().take(SYMBOLS) {
        let Some(package) = distribution_of(&symbol.module) else { continue };
        let offset = Some(symbol.offset);
        let reason = format!("{} is named", symbol.full_name());
        clues.named(package, reason, offset);
        for rule in COMPILED.iter().filter(|rule| rule.fits(symbol)) {
            let found = Move {
                since: rule.since,
                until: rule.until,
                loads_since: rule.loads_since,
                loads_until: rule.loads_until,
            };
            note(clues, rule.package, symbol, &found, rule.name.is_empty());
        }
        let moves = table();
        let module = moves.get(&(symbol.module.as_str(), "-"));
        let name = moves.get(&(symbol.module.as_str(), symbol.name.as_str()));
        if let Some(found) = name.or(module) {
            let is_module = name.is_none() || module.is_some_and(|module| module.is_loaded_as(found));
            note(clues, package, symbol, found, is_module);
        }
    }
}

/// Which versions of its package have a module (the name is `-`) or a name in it: a sentence each, none if that is not known.
#[must_use]
pub fn versions_with(module: &str, name: &str) -> Vec<String> {
    let Some(package) = distribution_of(module) else { return Vec::new() };
    let full = if name == "-" { module.to_owned() } else { format!("{module}.{name}") };
    let rules =
        COMPILED.iter().filter(|rule| rule.covers(module, name)).map(|rule| (rule.loads_since, rule.loads_until));
    let moved = table().get(&(module, name)).map(|found| (found.loads_since, found.loads_until));
    let mut found: Vec<String> = Vec::new();
    for (since, until) in rules.chain(moved) {
        let sentence = match (since, until) {
            ("", "") => continue,
            (since, "") => format!("{full} loads with {package} {since} and later."),
            ("", until) => format!("{full} loads with {package} before {until}."),
            (since, until) => format!("{full} loads with {package} {since} and later, before {until}."),
        };
        if !found.contains(&sentence) {
            found.push(sentence);
        }
    }
    found
}

impl Rule {
    fn fits(&self, symbol: &Symbol) -> bool {
        self.covers(&symbol.module, &symbol.name)
    }

    fn covers(&self, module: &str, name: &str) -> bool {
        let rest = module.strip_prefix(self.module);
        match self.name {
            "" => rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
            own => rest == Some("") && name == own,
        }
    }
}

impl Move {
    fn is_loaded_as(&self, other: &Self) -> bool {
        (self.loads_since, self.loads_until) == (other.loads_since, other.loads_until)
    }
}

/// What a name with these versions tells.
fn note(clues: &mut Clues, package: &'static str, symbol: &Symbol, found: &Move, is_module: bool) {
    let (full, offset) = (symbol.full_name(), Some(symbol.offset));
    if !found.since.is_empty() {
        clues.since(package, found.since, format!("files have named {full} since {package} {}", found.since), offset);
    }
    if !found.until.is_empty() {
        clues.until(package, found.until, format!("files named {full} before {package} {}", found.until), offset);
    }
    let what = if is_module {
        format!("No module named '{}'", symbol.module)
    } else {
        format!("Can't get attribute '{}' on module '{}'", symbol.name, symbol.module)
    };
    if !found.loads_since.is_empty() {
        clues.fails(format!("{package} < {}", found.loads_since), what.clone(), offset);
    }
    if !found.loads_until.is_empty() {
        clues.fails(format!("{package} >= {}", found.loads_until), what, offset);
    }
}

/// Names that moved, by module and name: a line each, the columns as its head says.
fn table() -> &'static Moves {
    static TABLE: OnceLock<Moves> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut moves = Moves::new();
        for line in MOVES.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or("-");
            let key = (next(), next());
            let mut version = || Some(next()).filter(|text| *text != "-").unwrap_or("");
            let found = Move { since: version(), until: version(), loads_since: version(), loads_until: version() };
            moves.insert(key, found);
        }
        moves
    })
}
