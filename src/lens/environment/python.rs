//! What tells the version of Python: protocols, spellings, names of its library.

use super::calls::{SYMBOLS, calls};
use crate::graph::{Edge, Symbol};
use crate::lens::clues::Clues;
use crate::lens::graph_view::IsAscii;
use crate::lens::recogniser::Lens;
use crate::machine::Reading;

/// Code objects whose argument counts are looked at.
const CODES: usize = 1000;

/// Names of the standard library with the version that brought them.
const NEW: [(&str, &str, &str); 14] = [
    ("types", "SimpleNamespace", "3.3"),
    ("ipaddress", "", "3.3"),
    ("pathlib", "", "3.4"),
    ("enum", "", "3.4"),
    ("zoneinfo", "", "3.9"),
    ("graphlib", "", "3.9"),
    ("types", "GenericAlias", "3.9"),
    ("types", "UnionType", "3.10"),
    ("types", "NoneType", "3.10"),
    ("typing", "ParamSpec", "3.10"),
    ("builtins", "ExceptionGroup", "3.11"),
    ("builtins", "BaseExceptionGroup", "3.11"),
    ("enum", "StrEnum", "3.11"),
    ("pathlib._local", "", "3.13"),
];

/// Modules that are no longer there.
const GONE: [(&str, &str); 5] =
    [("distutils", "3.12"), ("asyncore", "3.12"), ("asynchat", "3.12"), ("imp", "3.12"), ("cgi", "3.13")];

pub(super) fn look(lens: &Lens<'_>, reading: &Reading, clues: &mut Clues) {
    protocols(reading, clues);
    names(lens, clues);
    if let Some(texts) = lens.python2_texts() {
        let offset = Some(lens.graph.offset(texts.first));
        clues.until("Python", "3.0", "it holds str of Python 2, which Python 3 does not write", offset);
        let (what, offset) = match texts.ascii {
            IsAscii::Yes => (None, offset),
            IsAscii::No(node) => {
                (Some("UnicodeDecodeError, unless the loader is told an encoding"), Some(lens.graph.offset(node)))
            }
            IsAscii::Unknown => (
                Some("UnicodeDecodeError, where such a str is not ASCII and the loader is not told an encoding"),
                offset,
            ),
        };
        what.into_iter().for_each(|what| clues.fails("Python >= 3.0", what, offset));
    }
    code(lens, clues);
}

fn protocols(reading: &Reading, clues: &mut Clues) {
    let highest =
        reading.streams.iter().map(|stream| (stream.opcode_protocol, stream.span.start)).max_by_key(|found| found.0);
    let declared = reading.streams.iter().filter_map(|stream| stream.declared_protocol).max();
    let Some((used, offset)) = highest else { return };
    let protocol = declared.unwrap_or(0).max(used);
    let offset = Some(offset);
    match protocol {
        5 => {
            clues.since(
                "Python",
                "3.8",
                "protocol 5 came with Python 3.8 (and with the package pickle5 for older ones)",
                offset,
            );
            clues.fails("Python < 3.8", "ValueError: unsupported pickle protocol: 5", offset);
        }
        4 => {
            clues.since("Python", "3.4", "protocol 4 came with Python 3.4", offset);
            clues.fails("Python < 3.4", "ValueError: unsupported pickle protocol: 4", offset);
            clues.guess("Python", "protocol 4 is what Python 3.8 and newer write by default, 5 since 3.14");
        }
        3 => {
            clues.since("Python", "3.0", "protocol 3 came with Python 3.0", offset);
            clues.fails("Python < 3.0", "ValueError: unsupported pickle protocol: 3", offset);
            clues.guess("Python", "protocol 3 is what Python 3.0 to 3.7 write by default");
        }
        _ => {}
    }
}

fn names(lens: &Lens<'_>, clues: &mut Clues) {
    for symbol in lens.graph.symbols.iter().take(SYMBOLS) {
        let offset = Some(symbol.offset);
        let full = symbol.full_name();
        for (module, name, version) in NEW {
            if symbol.module == module && (name.is_empty() || symbol.name == name) {
                clues.since("Python", version, format!("{full} is in the library since Python {version}"), offset);
                let what = match name {
                    "" => format!("No module named '{module}'"),
                    _ => format!("Can't get attribute '{name}' on module '{module}'"),
                };
                clues.fails(format!("Python < {version}"), what, offset);
            }
        }
        for (module, version) in GONE {
            if symbol.module.split('.').next() == Some(module) {
                clues.fails(format!("Python >= {version}"), format!("No module named '{module}'"), offset);
            }
        }
        for (class, system) in [("PosixPath", "Windows"), ("WindowsPath", "Linux and macOS")] {
            if matches!(symbol.module.as_str(), "pathlib" | "pathlib._local") && symbol.name == class {
                let what = format!("NotImplementedError: cannot instantiate '{class}' on your system");
                clues.fails(format!("Python on {system}"), what, offset);
            }
        }
        if symbol.is("_codecs", "encode") && symbol.raw.is_none() && has_latin1(lens) {
            let reason = "bytes are written as _codecs.encode(text, 'latin1'), as Python 3 does in protocols below 3";
            clues.since("Python", "3.0", reason, offset);
        }
    }
}

/// Whether any call of `_codecs.encode` makes bytes of text.
fn has_latin1(lens: &Lens<'_>) -> bool {
    let calls = lens.graph.reaching_out().filter_map(|id| lens.call(id)).take(10_000);
    calls.into_iter().any(|call| {
        call.symbol.is_some_and(|symbol| symbol.is("_codecs", "encode")) && lens.bytes_of(Edge::to(call.id)).is_some()
    })
}

/// Arguments of `types.CodeType`: their number changed with Python 3.8 and 3.11 (`Objects/codeobject.c`).
fn code(lens: &Lens<'_>, clues: &mut Clues) {
    let mut left = CODES;
    let makes_code = |symbol: &Symbol| symbol.is("types", "CodeType") || symbol.is("builtins", "code");
    for id in calls(lens, makes_code) {
        let Some(call) = lens.call(id) else { continue };
        let is_code = match call.symbol {
            Some(symbol) => makes_code(symbol),
            // `_builtin_type('CodeType')` of cloudpickle, `_load_type('CodeType')` of dill.
            None => lens.type_name(call.callee).as_deref() == Some("CodeType"),
        };
        if !is_code {
            continue;
        }
        let offset = Some(lens.graph.offset(id));
        let count = call.args.len();
        let reason = format!("a code object with {count} arguments");
        let (since, until) = match count {
            14 => ("", "3.0"),
            15 => ("3.0", "3.8"),
            16 => ("3.8", "3.11"),
            18 => ("3.11", ""),
            _ => continue,
        };
        if !since.is_empty() {
            clues.since("Python", since, reason.clone(), offset);
            clues.fails(format!("Python < {since}"), "TypeError: code() takes other arguments", offset);
        }
        if !until.is_empty() {
            clues.until("Python", until, reason, offset);
            clues.fails(format!("Python >= {until}"), "TypeError: code() takes other arguments", offset);
        }
        left -= 1;
        if left == 0 {
            break;
        }
    }
}
