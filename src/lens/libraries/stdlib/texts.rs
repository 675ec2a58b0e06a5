//! Values that a text of their own tells: UUIDs, paths, regular expressions, addresses, zones.

use super::scalars::scalar;
use crate::graph::{Node, Symbol};
use crate::lens::graph_view::{Call, Part, ScalarKind, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

pub(super) fn uuid(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
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

pub(super) fn path(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let windows = symbol.name.ends_with("WindowsPath");
    if !windows && !matches!(symbol.name.as_str(), "PosixPath" | "PurePosixPath" | "Path" | "PurePath") {
        return None;
    }
    if !windows {
        let parts: Option<Vec<String>> = call.args.iter().map(|&part| lens.string(part)).collect();
        return Some(scalar(ScalarKind::Text, symbol, posix_path(&parts?)));
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

/// What `str` says of a path of these parts: they are joined, and one that begins at the root begins anew.
fn posix_path(parts: &[String]) -> String {
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

pub(super) fn regex(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
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

pub(super) fn ip_address(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
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

/// What `urlparse`, `urlsplit` and `urldefrag` return, as the address that it is (`urllib/parse.py`, `geturl`).
pub(super) fn url(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol, name: &str) -> Option<Shape> {
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

pub(super) fn zone(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let key = lens.string(*call.args.first()?)?;
    Some(Shape::named(ShapeKind::Scalar(ScalarKind::Text), "zoneinfo", "ZoneInfo", Vec::new()).with_text(key))
}
