//! Instances that are made through `copyreg` and `functools.partial`.

use super::containers::items_or_pairs;
use super::{records, texts};
use crate::graph::{CallKind, Edge, Node, RunKind, Symbol};
use crate::lens::graph_view::{Call, Part, PartLabel, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

/// `copyreg._reconstructor(class, base, value)`, `__newobj__`, `__newobj_ex__`: instances in the words of protocols 0 to 3.
pub(super) fn reconstructed(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let class = lens.symbol(*call.args.first()?)?;
    match (symbol.name.as_str(), &call.args[..]) {
        ("_reconstructor", &[_, base, value]) => {
            let base = lens.symbol(base)?;
            if class.is("uuid", "UUID")
                && let Some(shape) = texts::uuid(lens, call, class)
            {
                return Some(shape);
            }
            let is_object = base.is("builtins", "object");
            let is_tuple = base.is("builtins", "tuple");
            if is_object || is_tuple {
                let args = if is_tuple { lens.graph.items(value.node()).collect() } else { Vec::new() };
                let instance = Call { symbol: Some(class), args, kwargs: None, ..*call };
                if let Some(shape) = records::read(lens, &instance, class) {
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
pub(super) fn computed(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let maker = lens.call(call.callee.node())?;
    let symbol = maker.symbol?;
    if symbol.is("functools", "partial") && call.args.is_empty() && call.kind == CallKind::Reduce {
        return new_by_partial(lens, call, &maker);
    }
    if symbol.is("builtins", "getattr") {
        let &[object, name] = &maker.args[..] else { return None };
        if lens.symbol(object)?.is("zoneinfo", "ZoneInfo") && lens.string(name)? == "_unpickle" {
            return texts::zone(lens, call);
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

pub(super) fn partial(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
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
