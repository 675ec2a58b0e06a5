//! The standard library's shapes: calls that honest picklers write for its types, in the spellings of all protocols.

use super::containers::{array, bytearray, collection, items_or_pairs, listed_array, members};
use super::instances::{computed, partial, reconstructed};
use super::scalars::{cut_bytes, number, text_scalar};
use super::types::type_of;
use super::{records, refused, texts, time};
use crate::graph::{Edge, Symbol};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};
use crate::opcode;

/// What calls of the standard library make, whatever module names them.
pub(in crate::lens) const LIBRARY: Library = Library { shape_elsewhere: Some(read), ..Library::NOTHING };

/// The shape of a call of the standard library, when it is one and has the arguments that it should have.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let Some(symbol) = call.symbol else { return computed(lens, call) };
    if let Some(shape) = refused::shape(lens, call) {
        return Some(shape);
    }
    match symbol.module.as_str() {
        "builtins" => builtin(lens, call, symbol),
        "collections" => collection(lens, call, symbol).or_else(|| records::read(lens, call, symbol)),
        "datetime" => time::read(lens, call, symbol),
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
        "uuid" if symbol.name == "UUID" => texts::uuid(lens, call, symbol),
        "pathlib" | "pathlib._local" => texts::path(lens, call, symbol),
        "re" if symbol.name == "_compile" => texts::regex(lens, call),
        "functools" if symbol.name == "partial" => partial(lens, call),
        "array" if symbol.name == "_array_reconstructor" => array(lens, call),
        "array" if symbol.name == "array" => listed_array(lens, call),
        "ipaddress" => texts::ip_address(lens, call, symbol),
        "zoneinfo" if symbol.name == "ZoneInfo._unpickle" => texts::zone(lens, call),
        _ => records::read(lens, call, symbol),
    }
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
            let is_dict = name == "dict";
            let parts = match call.args.first() {
                Some(&items) if is_dict => vec![lens.mapping_part(items)?],
                Some(&items) => vec![items_or_pairs(lens, items)?],
                None => Vec::new(),
            };
            let kind = if is_dict { ShapeKind::Mapping } else { ShapeKind::Items };
            let mut shape = Shape::builtin(kind, name, parts);
            shape.parts.extend(lens.added_parts(call.id));
            Some(shape.with_replaced())
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
        _ => records::read(lens, call, symbol),
    }
}

fn is_exception(name: &str) -> bool {
    name.ends_with("Error")
        || name.ends_with("Exception")
        || name.ends_with("Warning")
        || name.ends_with("ExceptionGroup")
        || matches!(name, "KeyboardInterrupt" | "StopIteration" | "StopAsyncIteration" | "SystemExit" | "GeneratorExit")
}
