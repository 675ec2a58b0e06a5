//! More of the standard library in the words of its users: types, getters, iterators, addresses, times as tuples.

use crate::graph::{Edge, Node, RunKind, Symbol};
use crate::lens::graph_view::{Call, Part, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

/// Levels of types in types.
const LEVELS: usize = 4;
/// Arguments of one type.
const ARGUMENTS: usize = 20;

/// Fields of the named tuples that C makes, which pickle as plain tuples.
const STRUCT_TIME: [&str; 9] =
    ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
const STAT_RESULT: [&str; 10] =
    ["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime"];
const CONTEXT: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

/// The shape of a call, when it is one of these.
pub(in crate::lens) fn read(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    match (symbol.module.as_str(), symbol.name.as_str()) {
        ("types", "GenericAlias") | ("operator" | "_operator", "getitem") => alias(lens, call),
        ("operator", "itemgetter" | "attrgetter") => getter(lens, call, symbol),
        ("operator", "methodcaller") => getter(lens, call, symbol),
        ("logging", "getLogger") => logger(lens, call),
        ("time", "struct_time") => struct_time(lens, call, symbol),
        ("os", "stat_result") => fields(lens, call, symbol, &STAT_RESULT),
        ("decimal", "Context") => context(lens, call, symbol),
        ("urllib.parse", name) => address(lens, call, symbol, name),
        ("builtins", "iter" | "reversed") => iterator(lens, call, symbol),
        ("random", "Random") => random(lens, call, symbol),
        ("string", "Template") => by_attribute(lens, call, symbol, "template"),
        ("collections", "UserString") => by_attribute(lens, call, symbol, "data"),
        ("logging", "LogRecord") => record(lens, call, symbol),
        ("inspect", "Parameter") => match call.args[..] {
            [name, ..] => Some(lens.instance(symbol, lens.argument_parts(call), call.id).with_text(lens.string(name)?)),
            _ => None,
        },
        _ => None,
    }
}

/// `list[int]`, `typing.Optional[int]`.
fn alias(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[origin, arguments] = &call.args[..] else { return None };
    // Anything can be indexed; only of names it makes a type.
    lens.symbol(origin)?;
    let text = format!("{}[{}]", type_text(lens, origin, LEVELS)?, types_text(lens, arguments, LEVELS)?);
    Some(Shape::builtin(ShapeKind::Reference, "type", lens.argument_parts(call)).with_text(text))
}

fn types_text(lens: &Lens<'_>, edge: Edge, levels: usize) -> Option<String> {
    let node = edge.node();
    let items: Vec<Edge> = match lens.graph.node(node) {
        Node::Tuple => lens.graph.items(node).take(ARGUMENTS + 1).collect(),
        _ => return type_text(lens, edge, levels),
    };
    if items.is_empty() {
        return Some("()".to_owned());
    }
    let texts: Option<Vec<String>> = items.iter().take(ARGUMENTS).map(|&item| type_text(lens, item, levels)).collect();
    let more = if items.len() > ARGUMENTS { ", …" } else { "" };
    Some(texts?.join(", ") + more)
}

/// A type as annotations spell it.
fn type_text(lens: &Lens<'_>, edge: Edge, levels: usize) -> Option<String> {
    let node = edge.node();
    if levels == 0 {
        return Some("…".to_owned());
    }
    match lens.graph.node(node) {
        Node::Global(symbol) => {
            let symbol = lens.graph.symbols.get(symbol);
            let is_builtin = symbol.module == "builtins";
            Some(if is_builtin { constant(&symbol.name).to_owned() } else { symbol.full_name() })
        }
        Node::List => {
            let items = lens.graph.run_window(node, RunKind::Items, 0).take(ARGUMENTS);
            let texts: Option<Vec<String>> = items.map(|item| type_text(lens, item, levels - 1)).collect();
            Some(format!("[{}]", texts?.join(", ")))
        }
        Node::Call { .. } => {
            let call = lens.call(node)?;
            match (call.symbol?, &call.args[..]) {
                (symbol, &[value]) if symbol.is("builtins", "type") && lens.is_none(value) => {
                    Some("NoneType".to_owned())
                }
                (symbol, &[origin, arguments]) if symbol.name == "GenericAlias" || symbol.name == "getitem" => {
                    let (origin, inner) =
                        (type_text(lens, origin, levels - 1)?, types_text(lens, arguments, levels - 1)?);
                    Some(format!("{origin}[{inner}]"))
                }
                _ => None,
            }
        }
        Node::None => Some("None".to_owned()),
        _ => Some(lens.inline(edge)),
    }
}

fn constant(name: &str) -> &str {
    if name == "Ellipsis" { "..." } else { name }
}

fn inline(lens: &Lens<'_>, edges: &[Edge]) -> String {
    edges.iter().take(ARGUMENTS).map(|&edge| lens.inline(edge)).collect::<Vec<_>>().join(", ")
}

/// `itemgetter(1, 2)`.
fn getter(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let shape = Shape::named(ShapeKind::Instance, "operator", &symbol.name, lens.argument_parts(call));
    Some(shape.with_text(format!("({})", inline(lens, &call.args))))
}

fn logger(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let name = match call.args[..] {
        [] => "root".to_owned(),
        [name] => lens.string(name)?,
        _ => return None,
    };
    let shape = Shape::named(ShapeKind::Reference, "logging", "Logger", lens.argument_parts(call));
    Some(shape.with_text(name))
}

/// The items of a tuple under the names of its fields, and after them what has a name in a dict.
fn named_fields(lens: &Lens<'_>, call: &Call<'_>, names: &[&str]) -> Option<Vec<Part>> {
    let &items = call.args.first()?;
    if lens.graph.node(items.node()) != Node::Tuple || lens.graph.items(items.node()).len() < names.len() {
        return None;
    }
    let edges = lens.graph.items(items.node());
    let mut parts: Vec<Part> = names.iter().zip(edges).map(|(name, edge)| Part::named(*name, edge)).collect();
    let more = call.args.get(1).map(|&more| lens.small_dict(more)).unwrap_or_default();
    parts.extend(more.into_iter().map(|(name, edge)| Part::named(name, edge)));
    Some(parts)
}

fn fields(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol, names: &[&str]) -> Option<Shape> {
    let parts = named_fields(lens, call, names)?;
    Some(lens.instance(symbol, parts, call.id))
}

fn struct_time(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let parts = named_fields(lens, call, &STRUCT_TIME)?;
    let items: Option<Vec<i64>> = lens.graph.items(call.args[0].node()).take(6).map(|edge| lens.int(edge)).collect();
    let &[year, month, day, hour, minute, second] = &items?[..] else { return None };
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    Some(lens.instance(symbol, parts, call.id).with_text(text))
}

fn context(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    if call.args.len() != CONTEXT.len() {
        return None;
    }
    let parts = CONTEXT.iter().zip(&call.args).map(|(name, &edge)| Part::named(*name, edge)).collect();
    let rounding = lens.string(call.args[1])?;
    let text = format!("prec={}, rounding={rounding}", lens.int(call.args[0])?);
    Some(lens.instance(symbol, parts, call.id).with_text(text))
}

/// What `urlparse`, `urlsplit` and `urldefrag` return, as the address that it is (`urllib/parse.py`, `geturl`).
fn address(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol, name: &str) -> Option<Shape> {
    let names: &[&str] = match name {
        "ParseResult" => &["scheme", "netloc", "path", "params", "query", "fragment"],
        "SplitResult" => &["scheme", "netloc", "path", "query", "fragment"],
        "DefragResult" => &["url", "fragment"],
        _ => return None,
    };
    if call.args.len() != names.len() {
        return None;
    }
    let texts: Vec<String> = call.args.iter().map(|&edge| lens.string(edge)).collect::<Option<_>>()?;
    let part = |name: &str| names.iter().position(|known| *known == name).map_or("", |at| texts[at].as_str());
    let mut text = part("url").to_owned();
    if !part("scheme").is_empty() {
        text.push_str(part("scheme"));
        text.push(':');
    }
    if !part("netloc").is_empty() {
        text.push_str("//");
        text.push_str(part("netloc"));
    }
    text.push_str(part("path"));
    for (mark, name) in [(';', "params"), ('?', "query"), ('#', "fragment")] {
        if !part(name).is_empty() {
            text.push(mark);
            text.push_str(part(name));
        }
    }
    let parts = names.iter().zip(&call.args).map(|(name, &edge)| Part::named(*name, edge)).collect();
    Some(lens.instance(symbol, parts, call.id).with_text(text))
}

/// `iter(items)`, which goes on at the index that is its state.
fn iterator(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let &[items] = &call.args[..] else { return None };
    let kind = match lens.graph.node(items.node()) {
        Node::List => "list_iterator",
        Node::Tuple => "tuple_iterator",
        Node::Text { .. } => "str_iterator",
        Node::Bytes(_) => "bytes_iterator",
        _ => "iterator",
    };
    let mut parts = vec![Part::role("items", items)];
    parts.extend(lens.added_parts(call.id));
    let name = if symbol.name == "reversed" { "reversed" } else { kind };
    let shape = Shape::builtin(ShapeKind::Instance, name, parts);
    Some(match lens.states(call.id).next().and_then(|state| lens.int(state)) {
        Some(index) => shape.with_text(format!("at index {index}")),
        None => shape,
    })
}

/// The generator of `random`: version, 624 words and a position, the second of a pair of normals.
fn random(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let state = lens.states(call.id).next()?;
    let state: Vec<Edge> = lens.graph.items(state.node()).take(4).collect();
    let &[version, words, next] = &state[..] else { return None };
    let count = lens.graph.items(words.node()).len();
    let position = lens.graph.items(words.node()).next_back().and_then(|edge| lens.int(edge))?;
    let parts = vec![Part::role("version", version), Part::role("words", words), Part::named("gauss_next", next)];
    let shape = Shape::named(ShapeKind::Instance, &symbol.module, &symbol.name, parts);
    Some(shape.with_text(format!("Mersenne Twister, {} words, at position {position}", count - 1)))
}

fn by_attribute(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol, name: &str) -> Option<Shape> {
    let value = lens.object(call.id)?.attribute(name)?;
    let text = lens.inline(value);
    Some(lens.instance(symbol, lens.argument_parts(call), call.id).with_text(text))
}

/// `WARNING app.db: connection lost`.
fn record(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let object = lens.object(call.id)?;
    let text = |name: &str| lens.string(object.attribute(name)?);
    let line = format!("{} {}: {}", text("levelname")?, text("name")?, text("msg")?);
    Some(lens.instance(symbol, lens.argument_parts(call), call.id).with_text(line))
}

/// What `str` says of a path of these parts: they are joined, and one that begins at the root begins anew.
pub(in crate::lens) fn posix_path(parts: &[String]) -> String {
    let mut text = String::new();
    for part in parts {
        if part.starts_with('/') {
            text.clear();
        } else if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        text.push_str(part);
    }
    // Two slashes at the beginning are kept, as POSIX has it; three are one.
    let root = match text.len() - text.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let steps: Vec<&str> = text.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
    let joined = format!("{root}{}", steps.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}
