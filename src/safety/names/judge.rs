//! What is known of a name, by the one database.
//!
//! A name is judged by its exact module and qualified name, after `fix_imports` and with the C module's name as well as the
//! public one (`posix` is `os`, `_operator` is `operator`). A dotted name is also judged by what it walks through:
//! `pathlib.os.system` ends in `os.system`, and `random._os` is `os`.

use super::super::level::Level;
use super::capability::Capability;
use super::class_facts::{self, ClassFact};
use super::database::{self, Line, Standing};
use super::growth::{AtOnce, Growth};
use super::lines::{is_read, top_level};
use super::review::{Check, Review, Role};
use super::special::public_module;
use super::traits::Traits;

/// The releases of which the source of a class was read.
#[must_use]
pub(in crate::safety) fn source(module: &str, name: &str) -> Option<&'static str> {
    Some(class_facts::fact(module, name)?.source)
}

/// What is known of a global.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// A sink: dangerous to call, and nothing honest needs it.
    Sink(Capability),
    /// Reviewed.
    Reviewed(Review),
    /// Not in the tables.
    Unknown,
}

impl Known {
    /// The level that naming it has.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Sink(_) => Level::Dangerous,
            Self::Reviewed(review) if review.check.is_of_code() || review.check == Check::ModuleByName => {
                Level::UnknownCode
            }
            Self::Reviewed(_) => Level::Recognised,
            Self::Unknown => Level::UnknownCode,
        }
    }
}

/// Longest dotted name that is taken apart.
const COMPONENTS: usize = 32;

/// What the tables say of a global.
#[must_use]
pub fn judge(module: &str, name: &str) -> Known {
    let original = original_package(module);
    let module = original.as_deref().unwrap_or(module);
    // How pickles of torch spell a function like torch.tanh: an attribute of the class that holds them all.
    let function = match module {
        "torch._C" => name.strip_prefix("_VariableFunctionsClass.").filter(|function| !function.contains('.')),
        _ => None,
    };
    let (module, name) = function.map_or((module, name), |function| ("torch", function));
    let lines = lines(module, name);
    by_itself(lines, name).or_else(|| constructor(module, name)).unwrap_or_else(|| by_likeness(lines, module, name))
}

/// The lines of this very name, and of the same in the public module.
fn lines(module: &str, name: &str) -> [Option<Line>; 2] {
    let public = public_module(module);
    [database::line(module, name), if public == module { None } else { database::line(public, name) }]
}

/// What the tables say of this very name.
fn by_itself(lines: [Option<Line>; 2], name: &str) -> Option<Known> {
    let mut all = lines.into_iter().flatten();
    let reviewed = all.clone().find_map(|line| line.reviewed().map(Known::Reviewed));
    reviewed
        .or_else(|| all.find_map(|line| line.danger().map(Known::Sink)))
        // A pattern stands for functions and classes, never for what a module imported for itself.
        .or_else(|| module_sink(module_alias(name)).map(Known::Sink))
}

/// `__new__` of a reviewed class. What the tables say of the class is asked once, however many more `__new__` its name ends
/// in: a constructor has none of its own.
fn constructor(module: &str, name: &str) -> Option<Known> {
    let owner = name.strip_suffix(".__new__")?;
    let lines = lines(module, owner);
    let known = by_itself(lines, owner).unwrap_or_else(|| by_likeness(lines, module, owner));
    let Known::Reviewed(Review { role: Role::Class | Role::Instance, check, .. }) = known else { return None };
    let reason = "makes an instance of a reviewed class, whose constructor has keyword arguments (protocols 2 and 3)";
    (!check.resolves()).then_some(Known::Reviewed(Review { role: Role::Builder, check: Check::Any, reason }))
}

/// What the rules for names of a kind say: errors, classes of a list, patterns, and what a name walks through.
fn by_likeness(lines: [Option<Line>; 2], module: &str, name: &str) -> Known {
    let public = public_module(module);
    if is_error(module, name) {
        return Known::Reviewed(Review {
            role: Role::Class,
            check: Check::Any,
            reason: "an error as a value; making one does not raise it",
        });
    }
    // What all of a module is dangerous for goes before what a list of its classes says.
    if let Some(review) = lines[0].and_then(Line::derived)
        && sink_on_the_way(module, name).is_none()
    {
        return Known::Reviewed(review);
    }
    if let Some(fact) = class_facts::fact(module, name) {
        let review = fact.review();
        match sink_on_the_way(module, name) {
            None => return Known::Reviewed(review),
            // What stands for all names of a package says what its functions and constructors may do.
            Some(capability) if !is_stdlib(module) => {
                return Known::Reviewed(Review { role: Role::Instance, check: Check::Acts(capability), ..review });
            }
            Some(_) => {}
        }
    }
    if let Some(review) = database::reviewed_pattern(module, name).or_else(|| database::reviewed_pattern(public, name))
    {
        return Known::Reviewed(review);
    }
    match sink_on_the_way(module, name) {
        Some(capability) => Known::Sink(capability),
        None => Known::Unknown,
    }
}

/// cloudpickle, in packages that bring a copy of it.
fn original_package(module: &str) -> Option<String> {
    let (package, rest) = module.split_once(".cloudpickle")?;
    matches!(package, "joblib.externals" | "numba" | "ray" | "pyspark").then(|| format!("cloudpickle{rest}"))
}

/// Whether this is an exception of the standard library or of a known package, by its name: all of them are classes that
/// keep their arguments (`BaseException.__reduce__`).
fn is_error(module: &str, name: &str) -> bool {
    let is_class = name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('.');
    let is_error = ["Error", "Exception", "Warning"].iter().any(|end| name.ends_with(end));
    is_class && is_error && !module.starts_with("ctypes") && (is_stdlib(module) || is_known_package(module))
}

/// `a.b.c` may be name `c` in module `a.b`, or attributes walked from module `a`: every split is looked at, and each
/// component on the way can itself be a module that the one before imported (`pathlib` has an `os`).
fn sink_on_the_way(module: &str, name: &str) -> Option<Capability> {
    let top = top_level(module);
    if !name.contains('.') && !has_sinks(public_module(top)) && !has_sinks(top) {
        return module_sink(module_alias(name));
    }
    let full = format!("{module}.{name}");
    let parts: Vec<&str> = full.split('.').take(COMPONENTS).collect();
    let depth = module.split('.').count();
    for first in (0..parts.len()).rev() {
        // A module in the middle counts only where the name was walked through it.
        if first > 0 && first < depth {
            continue;
        }
        let start = if first == 0 { parts[0] } else { module_alias(parts[first]) };
        if !has_sinks(public_module(start)) && !has_sinks(start) {
            continue;
        }
        for split in first + 1..parts.len() {
            let mut module = public_module(start).to_owned();
            parts[first + 1..split].iter().for_each(|part| {
                module.push('.');
                module.push_str(part);
            });
            let rest = parts[split..].join(".");
            if let Some(found) = database::danger(&module, &rest) {
                return Some(found);
            }
            if first == 0 && split == 1 && public_module(start) != start {
                let found = database::danger(start, &rest);
                if found.is_some() {
                    return found;
                }
            }
        }
    }
    // The module itself, reached as a name of another one.
    parts[depth.min(parts.len())..].iter().find_map(|part| module_sink(module_alias(part)))
}

/// Whether anything dangerous is known in the top-level module that a name begins with.
fn has_sinks(module: &str) -> bool {
    database::is_root(top_level(module))
}

/// `_os`, as a module spells what it imported for itself.
fn module_alias(part: &str) -> &str {
    public_module(match part.strip_prefix('_') {
        Some(bare) if module_sink(public_module(bare)).is_some() => bare,
        _ => part,
    })
}

/// What holding this very module gives, for the few whose names mean nothing else.
fn module_sink(module: &str) -> Option<Capability> {
    database::known_module(module)?.capability
}

/// What can be done with a module that was imported by name; `None` for those that nothing dangerous is known of.
pub(in crate::safety) fn module_capability(module: &str) -> Option<Capability> {
    let module = public_module(module);
    module_sink(module).or_else(|| database::danger(module, "*"))
}

/// Whether anything is known of the module or of names in it.
pub(in crate::safety) fn is_known_module(module: &str) -> bool {
    database::known_module(module).is_some()
}

/// Whether the module is the standard library's.
pub(in crate::safety) fn is_stdlib(module: &str) -> bool {
    database::is_of_stdlib(public_module(top_level(module)))
}

/// Whether the module is of a package whose honest pickles were reviewed, so that other functions of it are not expected.
pub(in crate::safety) fn is_reviewed_package(module: &str) -> bool {
    database::standing(top_level(module)) == Some(Standing::Reviewed)
}

/// Whether the module is of a package whose classes were read: what its picklers call is known, and a class of it is told from a function.
pub(in crate::safety) fn is_read_package(module: &str) -> bool {
    is_read(top_level(module))
}

/// Whether the module is of a package that everybody knows.
pub(in crate::safety) fn is_known_package(module: &str) -> bool {
    database::standing(top_level(module)).is_some()
}

/// How large the result of a call of this name is, where the database says.
pub(in crate::safety) fn growth(module: &str, name: &str) -> Option<(Growth, AtOnce)> {
    database::growth(module, name).or_else(|| database::growth(public_module(module), name))
}

/// What a name is apart from how dangerous it is.
pub(in crate::safety) fn traits(module: &str, name: &str) -> Traits {
    let public = public_module(module);
    let of_lines = lines(module, name).into_iter().flatten().map(Line::traits).fold(Traits::default(), Traits::with);
    let of_source = class_facts::fact(module, name).map_or_else(Traits::default, ClassFact::traits);
    let found = of_lines.with(of_source).with(database::traits_by_pattern(module, name));
    if public == module { found } else { found.with(database::traits_by_pattern(public, name)) }
}

#[cfg(test)]
mod tests {
    use super::super::special::acts;
    use super::Capability::{Code, Process, Shell};
    use super::*;

    #[test]
    fn sinks_are_found_by_name_by_module_and_through_dots() {
        assert_eq!(judge("os", "system"), Known::Sink(Shell));
        assert_eq!(judge("posix", "system"), Known::Sink(Shell));
        assert_eq!(judge("builtins", "eval"), Known::Sink(Code));
        assert_eq!(judge("builtins", "eval.__call__"), Known::Sink(Code));
        assert_eq!(judge("subprocess", "Popen"), Known::Sink(Process));
        assert_eq!(judge("asyncio.unix_events", "_UnixSubprocessTransport._start"), Known::Sink(Process));
        assert_eq!(judge("pathlib", "os.system"), Known::Sink(Shell));
        assert_eq!(judge("random", "_os.system"), Known::Sink(Shell));
        for name in
            "random:_os collections:_sys.modules.get numpy.core._internal:sys.modules torch:os pathlib:Path.write_text \
            operator:call builtins:object.__getattribute__ numpy:__builtins__ weakref:sys"
                .split_ascii_whitespace()
        {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Sink(_)), "{module}.{name}");
        }
    }

    #[test]
    fn names_of_any_length_are_judged_in_one_pass() {
        let long = |name: &str, part: &str| format!("{name}{}", part.repeat(200_000));
        assert!(matches!(judge("builtins", "int.__new__"), Known::Reviewed(Review { role: Role::Builder, .. })));
        assert!(!matches!(judge("builtins", &long("int", ".__new__")), Known::Reviewed(_)), "a constructor has none");
        assert!(matches!(judge("builtins", &long("eval", ".__new__")), Known::Sink(Code)));
        assert!(matches!(judge("os", &long("system", ".x")), Known::Sink(Shell)));
        assert_eq!(judge(&long("mylib", ".x"), &long("y", ".z")), Known::Unknown);
        assert_eq!(module_capability(&long("mylib", ".x")), None);
        assert!(module_capability(&long("subprocess", ".x")).is_some());
    }

    #[test]
    fn ordinary_names_and_look_alikes_are_no_sinks() {
        assert!(matches!(judge("collections", "OrderedDict"), Known::Reviewed(_)));
        assert!(matches!(judge("numpy._core.multiarray", "_reconstruct"), Known::Reviewed(_)));
        assert!(matches!(judge("sklearn.pipeline", "Pipeline"), Known::Reviewed(_)));
        assert_eq!(judge("osmnx", "system"), Known::Unknown);
        assert_eq!(judge("testing_tools", "X"), Known::Unknown);
        assert_eq!(judge("mylib.utils.code", "X"), Known::Unknown, "a submodule named like a sink");
        assert_eq!(judge("test", "MyClass"), Known::Unknown, "anybody's own test.py");
        assert_eq!(judge("profile", "UserProfile"), Known::Unknown);
    }

    #[test]
    fn values_of_dangerous_modules_are_ordinary() {
        let values = "urllib.parse:ParseResult urllib.error:HTTPError http:HTTPStatus http.cookies:Morsel logging:LogRecord \
            asyncio.exceptions:CancelledError multiprocessing.context:TimeoutError subprocess:CalledProcessError \
            signal:SIGTERM socket:AF_INET ssl:TLSVersion inspect:Signature os:stat_result builtins:ValueError \
            builtins:len math:sin numpy.random._pickle:__randomstate_ctor _pickle:UnpicklingError posix:stat_result";
        for name in values.split_ascii_whitespace() {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Reviewed(_)), "{module}.{name}");
        }
    }

    #[test]
    fn reviewed_rows_open_no_way_around_the_dangerous_ones() {
        let sinks = "urllib.request:urlopen urllib:request.urlopen urllib.parse:sys.modules http.client:HTTPConnection \
            http:client.HTTPConnection subprocess:CalledProcessError.__init__ logging:LogRecord.os.system \
            signal:SIGTERM.__class__ signal:signal socket:socket inspect:getattr_static \
            inspect:Signature.from_callable requests:get requests:api.get http:server.HTTPServer";
        for name in sinks.split_ascii_whitespace() {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Sink(_)), "{module}.{name}");
        }
        assert_eq!(judge("math", "sin.__self__"), Known::Unknown);
    }

    #[test]
    fn patterns_stand_for_no_modules_and_give_way_to_what_is_said_of_some_names() {
        assert!(matches!(judge("sklearn.metrics.pairwise", "os"), Known::Sink(_)));
        assert!(matches!(judge("scipy.stats._stats_py", "_os"), Known::Sink(_)));
        let role = |module: &str, name: &str| match judge(module, name) {
            Known::Reviewed(review) => Some(review.role),
            _ => None,
        };
        assert_eq!(role("scipy.stats._stats_py", "ModeResult"), Some(Role::Class));
        assert_eq!(role("scipy.stats._stats_py", "zscore"), Some(Role::Reference));
        assert_eq!(role("scipy.stats._stats_py", "ModeResult.__new__"), Some(Role::Builder));
        assert_eq!(role("numpy", "memmap.__new__"), None, "it opens the file");
        assert_eq!(role("statistics", "StatisticsError"), Some(Role::Class));
        assert_eq!(role("ctypes", "WinError"), None);
    }

    #[test]
    fn rows_for_all_classes_cover_nothing_that_was_imported() {
        for name in
            "torch.distributed._shard.metadata:reduce email._header_value_parser:re sklearn._loss.link:dataclass"
                .split_ascii_whitespace()
        {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(!matches!(judge(module, name), Known::Reviewed(_)), "{module}.{name}");
        }
        assert!(matches!(judge("torch.distributed._shard.metadata", "ShardMetadata"), Known::Reviewed(_)));
        for name in
            "enum:bltns.exec pandas.api.typing:StataReader joblib.externals.cloudpickle:loads".split_ascii_whitespace()
        {
            let (module, name) = name.split_once(':').unwrap_or_default();
            assert!(matches!(judge(module, name), Known::Sink(_)), "{module}.{name}");
        }
        // Their instances are plain, their constructors are not.
        for name in "pandas.core.apply:FrameApply statsmodels.formula._manager:FormulaManager".split_ascii_whitespace()
        {
            let (module, name) = name.split_once(':').unwrap_or_default();
            let known = judge(module, name);
            let acts = matches!(known, Known::Reviewed(Review { role: Role::Instance, check: Check::Acts(_), .. }));
            assert!(acts || matches!(known, Known::Sink(_)), "{module}.{name}");
        }
        let address = judge("numpy.lib._stride_tricks_impl", "DummyArray");
        assert!(matches!(address, Known::Sink(_)), "it gives numpy an address");
    }

    #[test]
    fn functions_that_act_are_told_from_those_that_make_values() {
        for name in ["load", "AutoModel.from_pretrained", "read_csv", "download_url", "run_command", "torch_safe_load"]
        {
            assert!(acts(name).is_some(), "{name}");
        }
        for name in ["_rebuild", "unpickle_vocab", "Loader", "relu", "reload_count_", "_load_from_bytes", "runtime"] {
            assert!(acts(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_name_of_a_million_parts_is_looked_at_once() {
        let name = "a.".repeat(1_000_000);
        assert_eq!(judge("m", &name), Known::Unknown);
    }
}
