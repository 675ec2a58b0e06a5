//! The standard library's shapes: calls that honest picklers write for its types, in the spellings of all protocols.

use super::{more as stdlib_more, refused as stdlib_refused, time as stdlib_time};
use crate::graph::{CallKind, Edge, Node, RunKind, Symbol};
use crate::lens::graph_view::{Call, Part, PartLabel, ScalarKind, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};
use crate::opcode;

/// What calls of the standard library make, whatever module names them.
pub(in crate::lens) const LIBRARY: Library = Library { shape_elsewhere: Some(read), ..Library::NOTHING };

/// The shape of a call of the standard library, when it is one and has the arguments that it should have.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let Some(symbol) = call.symbol else { return computed(lens, call) };
    if let Some(shape) = stdlib_refused::shape(lens, call) {
        return Some(shape);
    }
    match symbol.module.as_str() {
        "builtins" => builtin(lens, call, symbol),
        "collections" => collection(lens, call, symbol),
        "datetime" => stdlib_time::read(lens, call, symbol),
        "copyreg" => reconstructed(lens, call, symbol),
        "_codecs" => {
            let bytes = lens.bytes_of(Edge::to(call.id))?;
            Some(text_scalar("bytes", cut_bytes(&bytes, lens.limits.preview)))
        }
        "decimal" if symbol.name == "Decimal" => number(symbol, lens.string(*call.args.first()?)?),
        "fractions" if symbol.name == "Fraction" => match call.args[..] {
            [text] => number(symbol, lens.string(text)?),
            [above, below] => number(symbol, format!("{}/{}", lens.inline(above), lens.inline(below))),
            _ => None,
        },
        "uuid" if symbol.name == "UUID" => uuid(lens, call, symbol),
        "pathlib" | "pathlib._local" => path(lens, call, symbol),
        "re" if symbol.name == "_compile" => regex(lens, call),
        "functools" if symbol.name == "partial" => partial(lens, call),
        "array" if symbol.name == "_array_reconstructor" => array(lens, call),
        "array" if symbol.name == "array" => listed_array(lens, call),
        "ipaddress" => address(lens, call, symbol),
        "zoneinfo" if symbol.name == "ZoneInfo._unpickle" => zone(lens, call),
        _ => stdlib_more::read(lens, call, symbol),
    }
}

fn scalar(kind: ScalarKind, symbol: &Symbol, text: String) -> Shape {
    Shape::named(ShapeKind::Scalar(kind), &symbol.module, &symbol.name, Vec::new()).with_text(text)
}

fn number(symbol: &Symbol, text: String) -> Option<Shape> {
    Some(scalar(ScalarKind::Number, symbol, text))
}

fn text_scalar(type_name: &str, text: String) -> Shape {
    Shape::builtin(ShapeKind::Scalar(ScalarKind::Text), type_name, Vec::new()).with_text(text)
}

fn cut_bytes(bytes: &[u8], budget: usize) -> String {
    let (text, truncated) = opcode::repr_bytes_prefix(bytes, budget);
    if truncated { text + "…" } else { text }
}

fn builtin(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let inline = |edges: &[Edge]| edges.iter().map(|&edge| lens.inline(edge)).collect::<Vec<_>>().join(", ");
    match symbol.name.as_str() {
        name @ ("set" | "frozenset") => {
            let mut shape = Shape::builtin(ShapeKind::Items, name, Vec::new());
            if let Some(&items) = call.args.first() {
                shape.parts.push(members(lens, items)?);
            }
            shape.parts.extend(lens.added_parts(call.id));
            Some(shape)
        }
        name @ ("list" | "tuple" | "dict") => {
            let parts = match call.args.first() {
                Some(&items) => vec![items_or_pairs(lens, items)?],
                None => Vec::new(),
            };
            let kind = if name == "dict" { ShapeKind::Mapping } else { ShapeKind::Items };
            let mut shape = Shape::builtin(kind, name, parts);
            shape.parts.extend(lens.added_parts(call.id));
            Some(shape)
        }
        "bytes" => Some(text_scalar("bytes", cut_bytes(&lens.bytes_of(Edge::to(call.id))?, lens.limits.preview))),
        "bytearray" => bytearray(lens, call),
        "complex" => match call.args[..] {
            [real, imaginary] => number(symbol, opcode::repr_complex(&lens.inline(real), &lens.inline(imaginary))),
            _ => None,
        },
        name @ ("range" | "xrange" | "slice") => {
            let name = if name == "xrange" { "range" } else { name };
            // A step of 1 is not in the repr of a range.
            let args = match call.args[..] {
                [_, _, step] if name == "range" && lens.int(step) == Some(1) => &call.args[..2],
                _ => &call.args[..],
            };
            number(symbol, format!("{name}({})", inline(args)))
        }
        "type" => match call.args[..] {
            [value] => Some(type_of(lens, value)),
            _ => None,
        },
        "getattr" => match call.args[..] {
            [object, name] => {
                let name = lens.string(name)?;
                let mut shape = Shape::builtin(ShapeKind::Reference, "attribute", lens.argument_parts(call));
                shape.parts.extend(lens.added_parts(call.id));
                Some(shape.with_text(format!("{}.{name}", lens.inline(object))))
            }
            _ => None,
        },
        name if is_exception(name) => {
            let mut shape = lens.instance(symbol, lens.argument_parts(call), call.id);
            // The row names the type already.
            shape.text = Some(format!("({})", inline(&call.args)));
            Some(shape)
        }
        _ => stdlib_more::read(lens, call, symbol),
    }
}

/// `type(None)`: only constants have types that pickle so.
fn type_of(lens: &Lens<'_>, value: Edge) -> Shape {
    let text = match lens.inline(value).as_str() {
        "None" => "NoneType".to_owned(),
        "Ellipsis" => "ellipsis".to_owned(),
        "NotImplemented" => "NotImplementedType".to_owned(),
        other => format!("type({other})"),
    };
    Shape::builtin(ShapeKind::Reference, "type", Vec::new()).with_text(text)
}

fn is_exception(name: &str) -> bool {
    name.ends_with("Error")
        || name.ends_with("Exception")
        || name.ends_with("Warning")
        || name.ends_with("ExceptionGroup")
        || matches!(name, "KeyboardInterrupt" | "StopIteration" | "StopAsyncIteration" | "SystemExit" | "GeneratorExit")
}

/// The items of a list or tuple as members of a set.
fn members(lens: &Lens<'_>, items: Edge) -> Option<Part> {
    match lens.graph.node(items.node()) {
        Node::List | Node::Tuple => Some(lens.member_part(items.node())),
        _ => None,
    }
}

fn items_or_pairs(lens: &Lens<'_>, items: Edge) -> Option<Part> {
    match lens.graph.node(items.node()) {
        Node::List => Some(Part::run(PartLabel::Index, items.node(), RunKind::Items)),
        Node::Tuple => Some(Part::items(PartLabel::Index, items.node())),
        Node::Dict => Some(lens.pair_part(PartLabel::Key, items.node())),
        _ => None,
    }
}

fn bytearray(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let bytes = match call.args[..] {
        [] => Vec::new(),
        [bytes] => lens.bytes_of(bytes)?,
        // Protocols below 3 write the text and the encoding that makes bytes of it.
        [text, encoding] if matches!(lens.string(encoding)?.as_str(), "latin1" | "latin-1") => {
            lens.string(text)?.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let bytes = lens.with_changes(call.id, bytes)?;
    Some(text_scalar("bytearray", format!("bytearray({})", cut_bytes(&bytes, lens.limits.preview))))
}

fn collection(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let mut parts = Vec::new();
    let mut text = None;
    let kind = match (symbol.name.as_str(), &call.args[..]) {
        ("OrderedDict", []) => ShapeKind::Mapping,
        ("OrderedDict", &[items]) => {
            parts.push(items_or_pairs(lens, items)?);
            ShapeKind::Mapping
        }
        ("defaultdict", factory) => {
            parts.extend(factory.first().map(|&edge| Part::named("default_factory", edge)));
            ShapeKind::Mapping
        }
        ("Counter", &[counts]) if lens.graph.node(counts.node()) == Node::Dict => {
            parts.push(lens.pair_part(PartLabel::Key, counts.node()));
            ShapeKind::Mapping
        }
        ("Counter", []) => ShapeKind::Mapping,
        ("deque", arguments) => {
            if let Some(&items) = arguments.first() {
                parts.push(items_or_pairs(lens, items)?);
            }
            text = arguments.get(1).map(|&edge| format!("maxlen {}", lens.inline(edge)));
            ShapeKind::Items
        }
        _ => return stdlib_more::read(lens, call, symbol),
    };
    let given = parts.len();
    parts.extend(lens.added_parts(call.id));
    if symbol.name == "deque"
        && let Some(most) = call.args.get(1).and_then(|&edge| lens.int(edge))
        && let Some(dropped) = keep_last(lens, &mut parts, given, most)
    {
        let items = if dropped == 1 { "item" } else { "items" };
        text = text.map(|text| format!("{text}, which dropped {dropped} {items}"));
    }
    let mut shape = Shape::named(kind, &symbol.module, &symbol.name, parts);
    shape.parts.retain(|part| !part.is_empty(lens.graph));
    shape.text = text;
    Some(shape)
}

/// Leaves out what a deque dropped at its front to hold no more than `most` items: of those it was `given`, then of those that
/// were appended. Gives how many.
fn keep_last(lens: &Lens<'_>, parts: &mut [Part], given: usize, most: i64) -> Option<u64> {
    let is_item = |index: usize, part: &Part| index < given || part.label == PartLabel::Index;
    let count = |(index, part): (usize, &Part)| if is_item(index, part) { part.len(lens.graph) } else { 0 };
    let all: u64 = parts.iter().enumerate().map(count).sum();
    let dropped = all.checked_sub(u64::try_from(most).ok()?).filter(|&dropped| dropped > 0)?;
    let mut left = dropped;
    for (index, part) in parts.iter_mut().enumerate() {
        if is_item(index, part) {
            let here = left.min(part.len(lens.graph));
            *part = part.clone().without_first(here);
            left -= here;
        }
    }
    Some(dropped)
}

/// `copyreg._reconstructor(class, base, value)`, `__newobj__`, `__newobj_ex__`: instances in the words of protocols 0 to 3.
fn reconstructed(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let class = lens.symbol(*call.args.first()?)?;
    match (symbol.name.as_str(), &call.args[..]) {
        ("_reconstructor", &[_, base, value]) => {
            let base = lens.symbol(base)?;
            if class.is("uuid", "UUID")
                && let Some(shape) = uuid(lens, call, class)
            {
                return Some(shape);
            }
            let is_object = base.is("builtins", "object");
            let is_tuple = base.is("builtins", "tuple");
            if is_object || is_tuple {
                let args = if is_tuple { lens.graph.items(value.node()).collect() } else { Vec::new() };
                let instance = Call { symbol: Some(class), args, kwargs: None, ..*call };
                if let Some(shape) = stdlib_more::read(lens, &instance, class) {
                    return Some(shape);
                }
            }
            let args = if is_object { Vec::new() } else { vec![base_value(lens, base, value)] };
            Some(lens.instance(class, args, call.id))
        }
        ("__newobj__", [_, rest @ ..]) => {
            let args = rest.iter().enumerate().map(|(i, &edge)| Part::role(format!("arg {i}"), edge)).collect();
            Some(lens.instance(class, args, call.id))
        }
        ("__newobj_ex__", &[_, args, kwargs]) => {
            let mut parts = vec![Part::role("arguments", args)];
            if lens.graph.node(args.node()) == Node::Tuple {
                let items = lens.graph.items(args.node());
                parts = items.enumerate().map(|(i, edge)| Part::role(format!("arg {i}"), edge)).collect();
            }
            parts.extend(lens.keyword_parts(kwargs));
            Some(lens.instance(class, parts, call.id))
        }
        _ => None,
    }
}

/// What an instance of a subclass of list, dict ... holds as such.
fn base_value(lens: &Lens<'_>, base: &Symbol, value: Edge) -> Part {
    let part = if base.module == "builtins" { items_or_pairs(lens, value) } else { None };
    part.unwrap_or_else(|| Part::role(format!("{} value", base.name), value))
}

/// Callees that are made by calls themselves: `partial(cls.__new__, cls, ...)()`, `ZoneInfo._unpickle` by getattr.
fn computed(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let maker = lens.call(call.callee.node())?;
    let symbol = maker.symbol?;
    if symbol.is("functools", "partial") && call.args.is_empty() && call.kind == CallKind::Reduce {
        return new_by_partial(lens, call, &maker);
    }
    if symbol.is("builtins", "getattr") {
        let &[object, name] = &maker.args[..] else { return None };
        if lens.symbol(object)?.is("zoneinfo", "ZoneInfo") && lens.string(name)? == "_unpickle" {
            return zone(lens, call);
        }
    }
    None
}

fn new_by_partial(lens: &Lens<'_>, call: &Call<'_>, maker: &Call<'_>) -> Option<Shape> {
    // CPython's partial gives its arguments in a state; others write them in the call.
    let (function, rest, kwargs) = match lens.states(maker.id).next() {
        Some(state) => {
            let state: Vec<Edge> = lens.graph.items(state.node()).collect();
            let &[function, args, kwargs, _] = &state[..] else { return None };
            (function, lens.graph.items(args.node()).skip(1).collect(), Some(kwargs))
        }
        None => (*maker.args.first()?, maker.args.iter().skip(2).copied().collect::<Vec<Edge>>(), None),
    };
    let new = lens.call(function.node())?;
    if !new.symbol?.is("builtins", "getattr") || lens.string(*new.args.get(1)?)? != "__new__" {
        return None;
    }
    let class = lens.symbol(*new.args.first()?)?;
    let rest = rest.into_iter();
    let mut parts: Vec<Part> = rest.enumerate().map(|(i, edge)| Part::role(format!("arg {i}"), edge)).collect();
    let kwargs = kwargs.filter(|kwargs| lens.graph.node(kwargs.node()) != Node::None);
    parts.extend(kwargs.into_iter().flat_map(|kwargs| lens.keyword_parts(kwargs)));
    Some(lens.instance(class, parts, call.id))
}

fn uuid(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let state = lens.states(call.id).next()?;
    let (_, value) = lens.small_dict(state).into_iter().find(|(key, _)| key == "int")?;
    let number = match lens.graph.node(value.node()) {
        Node::Int(value) => u128::try_from(value).ok()?,
        Node::LongBinary(_) | Node::LongText(_) => lens.scalar(value.node(), 60)?.text.parse().ok()?,
        _ => return None,
    };
    let hex = format!("{number:032x}");
    let text = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    let mut shape = scalar(ScalarKind::Text, symbol, text);
    shape.parts = lens.added_parts(call.id);
    Some(shape)
}

fn path(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let windows = symbol.name.ends_with("WindowsPath");
    if !windows && !matches!(symbol.name.as_str(), "PosixPath" | "PurePosixPath" | "Path" | "PurePath") {
        return None;
    }
    if !windows {
        let parts: Option<Vec<String>> = call.args.iter().map(|&part| lens.string(part)).collect();
        return Some(scalar(ScalarKind::Text, symbol, stdlib_more::posix_path(&parts?)));
    }
    let separator = '\\';
    let mut text = String::new();
    for &part in &call.args {
        let part = lens.string(part)?.replace('/', "\\");
        // Joining to another drive or root takes more than the parts say.
        if !text.is_empty() && (part.starts_with(separator) || part.get(1..2) == Some(":")) {
            return None;
        }
        if !text.is_empty() && !text.ends_with(separator) {
            text.push(separator);
        }
        text.push_str(&part);
    }
    Some(scalar(ScalarKind::Text, symbol, if text.is_empty() { ".".to_owned() } else { text }))
}

fn regex(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[pattern, flags] = &call.args[..] else { return None };
    let text = match lens.int(flags)? {
        0 | 32 => lens.inline(pattern),
        flags => format!("{}, {}", lens.inline(pattern), regex_flags(flags)),
    };
    Some(Shape::named(ShapeKind::Scalar(ScalarKind::Text), "re", "Pattern", Vec::new()).with_text(text))
}

/// Flags by the names that `re` has for them, without UNICODE, which is how text is always matched.
fn regex_flags(flags: i64) -> String {
    let names = [
        (1, "TEMPLATE"),
        (2, "IGNORECASE"),
        (4, "LOCALE"),
        (8, "MULTILINE"),
        (16, "DOTALL"),
        (64, "VERBOSE"),
        (128, "DEBUG"),
        (256, "ASCII"),
    ];
    let set = names.iter().filter(|(bit, _)| flags & bit != 0);
    let mut words: Vec<String> = set.clone().map(|(_, name)| (*name).to_owned()).collect();
    let rest = set.fold(flags & !32, |rest, (bit, _)| rest & !bit);
    if rest != 0 {
        words.push(format!("{rest:#x}"));
    }
    words.join(" | ")
}

fn partial(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let state = lens.states(call.id).next()?;
    let state: Vec<Edge> = lens.graph.items(state.node()).collect();
    let &[function, args, kwargs, attributes] = &state[..] else { return None };
    let mut parts = vec![Part::named("func", function), Part::named("args", args)];
    parts.push(Part::named("keywords", kwargs));
    if lens.graph.node(attributes.node()) == Node::Dict {
        parts.push(Part::run(PartLabel::Attribute, attributes.node(), RunKind::Pairs));
    }
    let shape = Shape::named(ShapeKind::Instance, "functools", "partial", parts);
    Some(shape.with_text(format!("of {}", lens.inline(function))))
}

fn array(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[_, code, format, bytes] = &call.args[..] else { return None };
    let code = lens.string(code)?;
    // The format of the bytes, whatever the width on the loading machine (`enum machine_format_code` in arraymodule.c).
    let width = match lens.int(format)? {
        0 | 1 => 1,
        2..=5 | 18 | 19 => 2,
        6..=9 | 14 | 15 | 20 | 21 => 4,
        10..=13 | 16 | 17 => 8,
        _ => return None,
    };
    let count = lens.bytes_of(bytes)?.len() / width;
    let shape = Shape::named(ShapeKind::Instance, "array", "array", lens.argument_parts(call));
    Some(shape.with_text(array_text(&code, count as u64)))
}

/// `array(code, items)` of protocols 0 to 2: the numbers one by one; Python 2 wrote their bytes.
fn listed_array(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let &[code, ref items @ ..] = &call.args[..] else { return None };
    let code = lens.string(code)?;
    let part = match items {
        [] => None,
        &[items] if lens.graph.node(items.node()) == Node::List => Some(items_or_pairs(lens, items)?),
        _ => return None,
    };
    let count = part.as_ref().map_or(0, |part| part.len(lens.graph));
    let mut parts: Vec<Part> = part.into_iter().collect();
    parts.extend(lens.added_parts(call.id));
    Some(Shape::named(ShapeKind::Instance, "array", "array", parts).with_text(array_text(&code, count)))
}

fn array_text(code: &str, count: u64) -> String {
    format!("'{code}', {count} {}", if count == 1 { "item" } else { "items" })
}

fn address(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let &[value] = &call.args[..] else { return None };
    let known = ["IPv4Address", "IPv4Interface", "IPv4Network", "IPv6Address", "IPv6Interface", "IPv6Network"];
    let text = match (symbol.name.as_str(), lens.graph.node(value.node())) {
        (name, Node::Text { .. }) if known.contains(&name) => lens.string(value)?,
        ("IPv4Address", Node::Int(value)) => std::net::Ipv4Addr::from(u32::try_from(value).ok()?).to_string(),
        ("IPv6Address", Node::Int(_) | Node::LongBinary(_) | Node::LongText(_)) => {
            std::net::Ipv6Addr::from(lens.scalar(value.node(), 60)?.text.parse::<u128>().ok()?).to_string()
        }
        _ => return None,
    };
    Some(scalar(ScalarKind::Text, symbol, text))
}

fn zone(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let key = lens.string(*call.args.first()?)?;
    Some(Shape::named(ShapeKind::Scalar(ScalarKind::Text), "zoneinfo", "ZoneInfo", Vec::new()).with_text(key))
}
