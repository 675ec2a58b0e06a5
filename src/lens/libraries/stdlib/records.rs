//! More of the standard library in the words of its users: getters, loggers and their records, times as tuples, contexts, generators.

use super::containers::iterator;
use super::texts::url;
use super::types::alias;
use crate::graph::{Edge, Node, Symbol};
use crate::lens::graph_view::{Call, Part, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

/// Arguments that are written out.
const ARGUMENTS: usize = 20;

/// Fields of the named tuples that C makes, which pickle as plain tuples.
const STRUCT_TIME: [&str; 9] =
    ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
const STAT_RESULT: [&str; 10] =
    ["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime"];
const CONTEXT: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

/// The shape of a call, when it is one of these.
pub(super) fn read(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    match (symbol.module.as_str(), symbol.name.as_str()) {
        ("types", "GenericAlias") | ("operator" | "_operator", "getitem") => alias(lens, call),
        ("operator", "itemgetter" | "attrgetter") => getter(lens, call, symbol),
        ("operator", "methodcaller") => getter(lens, call, symbol),
        ("logging", "getLogger") => logger(lens, call),
        ("time", "struct_time") => struct_time(lens, call, symbol),
        ("os", "stat_result") => fields(lens, call, symbol, &STAT_RESULT),
        ("decimal", "Context") => context(lens, call, symbol),
        ("urllib.parse", name) => url(lens, call, symbol, name),
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
