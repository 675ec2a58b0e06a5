//! Values of the standard library that their constructors refuse, in the constructors' own words: they are no values, and what
//! a loader makes of them is an exception. What cannot be decided here is left alone.

use super::time::offset_seconds;
use crate::graph::{CallKind, Edge, Node, NodeId, Symbol};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::recogniser::Lens;
use crate::machine::Raised;
use crate::opcode;
use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The calls in a document that a constructor refuses, with what it raises; of `most` calls of such constructors.
pub(in crate::lens) fn refused_values(lens: &Lens<'_>, most: usize) -> Vec<(NodeId, Raised)> {
    let graph = lens.graph;
    let known: Vec<bool> = graph.symbols.iter().map(is_known).collect();
    if !known.contains(&true) {
        return Vec::new();
    }
    let is_ours = |&id: &NodeId| graph.glance(id).is_some_and(|call| known[call.symbol.0 as usize]);
    let calls = graph.reaching_out().filter(is_ours).take(most);
    let refused = |id| {
        let call = lens.call(id)?;
        Some((id, raised(lens, &call, call.symbol?)?))
    };
    calls.filter_map(refused).collect()
}

/// The call as such, with what the constructor says.
pub(in crate::lens) fn shape(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol.filter(|symbol| is_known(symbol))?;
    let raised = raised(lens, call, symbol)?;
    let mut parts = lens.argument_parts(call);
    parts.extend(lens.added_parts(call.id));
    let mut shape = Shape::builtin(ShapeKind::Call, "call", parts);
    shape.full_name = symbol.full_name();
    Some(shape.with_text(format!("{}, which refuses it: {raised}", symbol.full_name())))
}

fn is_known(symbol: &Symbol) -> bool {
    match symbol.module.as_str() {
        "datetime" => matches!(symbol.name.as_str(), "date" | "time" | "datetime" | "timedelta" | "timezone"),
        "decimal" => symbol.name == "Decimal",
        "fractions" => symbol.name == "Fraction",
        "builtins" => matches!(symbol.name.as_str(), "complex" | "range" | "slice"),
        "collections" => matches!(symbol.name.as_str(), "deque" | "defaultdict"),
        "ipaddress" => is_address(&symbol.name),
        _ => false,
    }
}

/// What the constructor raises, when it surely does.
pub(in crate::lens) fn raised(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Raised> {
    let is_new = matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx);
    if lens.graph.node(call.args_edge.node()) != Node::Tuple || call.kwargs.is_some() {
        return None;
    }
    let args = &call.args[..];
    match (symbol.module.as_str(), symbol.name.as_str()) {
        ("datetime", name) => time(lens, name, args),
        ("decimal", _) => decimal(lens, args),
        ("fractions", _) => fraction(lens, args),
        ("builtins", "complex") => complex(lens, args),
        ("builtins", name) => range(lens, name, args),
        // `__new__` of these takes anything.
        _ if is_new => None,
        ("collections", "deque") => deque(lens, args),
        ("collections", _) => match args.first().and_then(|&first| known_type(lens, first)) {
            Some("NoneType") | None => None,
            Some(_) => Some(raise("TypeError", "first argument must be callable or None")),
        },
        ("ipaddress", name) => address(lens, name, args),
        _ => None,
    }
}

fn raise(exception: &'static str, message: impl Into<Cow<'static, str>>) -> Raised {
    Raised { exception, message: message.into() }
}

/// The type of a plain value, by the name that messages use.
fn known_type(lens: &Lens<'_>, edge: Edge) -> Option<&'static str> {
    Some(match lens.graph.node(edge.node()) {
        Node::None => "NoneType",
        Node::Bool(_) => "bool",
        Node::Int(_) | Node::LongBinary(_) | Node::LongText(_) => "int",
        Node::Float(_) => "float",
        // A `str` of Python 2 is bytes to a loader that is told so.
        Node::Text { encoding, .. } if !encoding.is_python2() => "str",
        Node::Bytes(_) => "bytes",
        Node::ByteArray(_) => "bytearray",
        Node::Tuple => "tuple",
        Node::List => "list",
        Node::Dict => "dict",
        Node::Set => "set",
        Node::FrozenSet => "frozenset",
        _ => return None,
    })
}

/// A packed value has its length and a month or hour that can be (`MONTH_IS_SANE` in `_datetimemodule.c`); the other fields are
/// taken as they are. Else the bytes are taken for a year.
fn time(lens: &Lens<'_>, name: &str, args: &[Edge]) -> Option<Raised> {
    let (first, rest) = args.split_first()?;
    match name {
        "timedelta" => return timedelta(lens, args),
        "timezone" => return timezone(lens, *first, rest),
        _ => {}
    }
    let state = match lens.graph.node(first.node()) {
        Node::Bytes(span) => lens.payload(span.prefix(16)).ok()?,
        Node::Call { .. } => lens.bytes_of(*first)?,
        _ => return None,
    };
    let (length, is_sane) = match name {
        "date" => (4, state.get(2).is_some_and(|month| (1..=12).contains(month))),
        "time" => (6, state.first().is_some_and(|hour| hour & 0x7f < 24)),
        _ => (10, state.get(2).is_some_and(|month| (1..=12).contains(&(month & 0x7f)))),
    };
    if state.len() != length || !is_sane || (name == "date" && !rest.is_empty()) {
        return Some(raise("TypeError", "'bytes' object cannot be interpreted as an integer"));
    }
    match rest {
        [zone] if matches!(known_type(lens, *zone), Some(kind) if kind != "NoneType") => {
            Some(raise("TypeError", "bad tzinfo state arg"))
        }
        _ => None,
    }
}

fn timedelta(lens: &Lens<'_>, args: &[Edge]) -> Option<Raised> {
    const DAYS: i64 = 999_999_999;
    let &[days, seconds, micros] = args else { return None };
    let (days, seconds, micros) = (lens.int(days)?, lens.int(seconds)?, lens.int(micros)?);
    let is_normal = (0..86_400).contains(&seconds) && (0..1_000_000).contains(&micros);
    let is_beyond = is_normal && !(-DAYS..=DAYS).contains(&days);
    is_beyond.then(|| raise("OverflowError", format!("days={days}; must have magnitude <= {DAYS}")))
}

fn timezone(lens: &Lens<'_>, offset: Edge, rest: &[Edge]) -> Option<Raised> {
    const DAY: i64 = 86_400;
    if let Some(kind) = rest.first().and_then(|&name| known_type(lens, name)).filter(|&kind| kind != "str") {
        return Some(raise("TypeError", format!("timezone() argument 2 must be str, not {kind}")));
    }
    let seconds = offset_seconds(lens, offset)?;
    let is_beyond = seconds >= DAY || seconds <= -DAY;
    let text = "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)";
    is_beyond.then(|| raise("ValueError", text))
}

/// A short text that is certain to be a `str` of ASCII, without blanks at its ends.
fn literal(lens: &Lens<'_>, edge: Edge) -> Option<String> {
    const LONGEST: usize = 1000;
    let Node::Text { encoding, .. } = lens.graph.node(edge.node()) else { return None };
    let text = lens.string(edge).filter(|text| text.is_ascii() && text.len() <= LONGEST && !encoding.is_python2())?;
    Some(text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']).to_owned())
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.5` and its kin: digits, a point among them or none, at least one digit.
fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    is_digits(whole) && is_digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

fn decimal(lens: &Lens<'_>, args: &[Edge]) -> Option<Raised> {
    let text = literal(lens, *args.first()?)?.replace('_', "").to_ascii_lowercase();
    let body = unsigned(&text);
    let is_word = matches!(body, "inf" | "infinity")
        || body.strip_prefix("snan").or(body.strip_prefix("nan")).is_some_and(is_digits);
    let is_number = match body.split_once('e') {
        Some((number, power)) => is_decimal(number) && !unsigned(power).is_empty() && is_digits(unsigned(power)),
        None => is_decimal(body),
    };
    (!is_word && !is_number).then(|| raise("InvalidOperation", "[<class 'decimal.ConversionSyntax'>]"))
}

fn fraction(lens: &Lens<'_>, args: &[Edge]) -> Option<Raised> {
    match *args {
        [text] => {
            let literal = literal(lens, text)?;
            // An underscore may stand between two digits only; which is left to Python.
            if literal.contains('_') {
                return None;
            }
            let body = unsigned(&literal).to_ascii_lowercase();
            let is_number = match (body.split_once('/'), body.split_once('e')) {
                (Some((above, below)), _) => {
                    !above.is_empty() && is_digits(above) && !below.is_empty() && is_digits(below)
                }
                (None, Some((number, power))) => {
                    is_decimal(number) && !unsigned(power).is_empty() && is_digits(unsigned(power))
                }
                (None, None) => is_decimal(&body),
            };
            if !is_number {
                let quoted = lens.inline(text);
                return Some(raise("ValueError", format!("Invalid literal for Fraction: {quoted}")));
            }
            let (above, below) = literal.split_once('/')?;
            below.bytes().all(|digit| digit == b'0').then(|| by_zero(above.trim_start_matches('+')))
        }
        [above, below] => {
            let is_rational = |edge| !matches!(known_type(lens, edge), Some(kind) if kind != "int" && kind != "bool");
            if !is_rational(above) || !is_rational(below) && known_type(lens, below) != Some("NoneType") {
                return Some(raise("TypeError", "both arguments should be Rational instances"));
            }
            (lens.int(below) == Some(0)).then(|| by_zero(&lens.inline(above)))
        }
        _ => None,
    }
}

fn by_zero(above: &str) -> Raised {
    raise("ZeroDivisionError", format!("Fraction({above}, 0)"))
}

fn complex(lens: &Lens<'_>, args: &[Edge]) -> Option<Raised> {
    let is_number = |kind: &str| matches!(kind, "int" | "float" | "bool");
    match *args {
        [real, imaginary] => {
            let (real, imaginary) = (known_type(lens, real), known_type(lens, imaginary));
            match (real, imaginary) {
                (Some("str"), _) => Some(raise("TypeError", "complex() can't take second arg if first is a string")),
                (_, Some("str")) => Some(raise("TypeError", "complex() second arg can't be a string")),
                (Some(kind), _) if !is_number(kind) => Some(raise(
                    "TypeError",
                    format!("complex() first argument must be a string or a number, not '{kind}'"),
                )),
                (_, Some(kind)) if !is_number(kind) => {
                    Some(raise("TypeError", format!("complex() second argument must be a number, not '{kind}'")))
                }
                _ => None,
            }
        }
        [_, _, ..] => {
            let count = args.len();
            Some(raise("TypeError", format!("complex() takes at most 2 arguments ({count} given)")))
        }
        _ => None,
    }
}

/// `range` and `slice`.
fn range(lens: &Lens<'_>, name: &str, args: &[Edge]) -> Option<Raised> {
    match args.len() {
        0 => return Some(raise("TypeError", format!("{name} expected at least 1 argument, got 0"))),
        1..=3 => {}
        count => return Some(raise("TypeError", format!("{name} expected at most 3 arguments, got {count}"))),
    }
    if name == "slice" {
        return None;
    }
    let wrong = args.iter().filter_map(|&edge| known_type(lens, edge)).find(|&kind| kind != "int" && kind != "bool");
    if let Some(kind) = wrong {
        return Some(raise("TypeError", format!("'{kind}' object cannot be interpreted as an integer")));
    }
    let step = args.get(2).and_then(|&step| lens.int(step));
    (step == Some(0)).then(|| raise("ValueError", "range() arg 3 must not be zero"))
}

fn deque(lens: &Lens<'_>, args: &[Edge]) -> Option<Raised> {
    if args.len() > 2 {
        return Some(raise("TypeError", format!("deque() takes at most 2 arguments ({} given)", args.len())));
    }
    if let Some(&most) = args.get(1) {
        match (known_type(lens, most), lens.int(most)) {
            (Some("int"), Some(most)) if most < 0 => return Some(raise("ValueError", "maxlen must be non-negative")),
            (Some("int" | "bool" | "NoneType") | None, _) => {}
            _ => return Some(raise("TypeError", "an integer is required")),
        }
    }
    let kind = known_type(lens, *args.first()?)?;
    let is_iterable = !matches!(kind, "NoneType" | "bool" | "int" | "float");
    (!is_iterable).then(|| raise("TypeError", format!("'{kind}' object is not iterable")))
}

fn is_address(name: &str) -> bool {
    matches!(name, "IPv4Address" | "IPv4Interface" | "IPv4Network" | "IPv6Address" | "IPv6Interface" | "IPv6Network")
}

fn address(lens: &Lens<'_>, name: &str, args: &[Edge]) -> Option<Raised> {
    let &[value] = args else { return None };
    let Node::Text { encoding, .. } = lens.graph.node(value.node()) else { return None };
    let text = lens.string(value).filter(|text| text.len() <= 100 && !encoding.is_python2())?;
    let (host, mask) = match text.split_once('/') {
        Some((host, mask)) if !name.ends_with("Address") => (host, Some(mask)),
        _ => (&*text, None),
    };
    let quoted = opcode::printable(&text).into_owned();
    let bits: Option<(u128, u32)> = if name.starts_with("IPv4") {
        host.parse::<Ipv4Addr>().ok().map(|host| (u128::from(u32::from(host)), 32))
    } else {
        // The scope of an address, `%eth0`, is a name.
        let (host, scope) = host.split_once('%').unwrap_or((host, "scope"));
        host.parse::<Ipv6Addr>().ok().filter(|_| !scope.is_empty()).map(|host| (u128::from(host), 128))
    };
    let Some((host, width)) = bits else {
        return Some(raise("AddressValueError", format!("'{quoted}' does not read as an {}", &name[..4])));
    };
    let mask: u32 = mask?.parse().ok()?;
    if mask > width {
        return Some(raise("NetmaskValueError", format!("'{mask}' is not a valid netmask")));
    }
    let rest = if mask == 0 { u128::MAX } else { (1_u128 << (width - mask)) - 1 };
    let has_host = name.ends_with("Network") && host & rest != 0;
    has_host.then(|| raise("ValueError", format!("{quoted} has host bits set")))
}
