//! Types as annotations spell them.

use crate::graph::{Edge, Node, RunKind};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::recogniser::Lens;

/// Levels of types in types.
const LEVELS: usize = 4;
/// Arguments of one type.
const ARGUMENTS: usize = 20;

/// `list[int]`, `typing.Optional[int]`.
pub(super) fn alias(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
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

/// `type(None)`: only constants have types that pickle so.
pub(super) fn type_of(lens: &Lens<'_>, value: Edge) -> Shape {
    let text = match lens.inline(value).as_str() {
        "None" => "NoneType".to_owned(),
        "Ellipsis" => "ellipsis".to_owned(),
        "NotImplemented" => "NotImplementedType".to_owned(),
        other => format!("type({other})"),
    };
    Shape::builtin(ShapeKind::Reference, "type", Vec::new()).with_text(text)
}
