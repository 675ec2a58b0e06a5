//! Values of one line.

use crate::graph::Symbol;
use crate::lens::graph_view::{ScalarKind, Shape, ShapeKind};
use crate::opcode;

pub(super) fn scalar(kind: ScalarKind, symbol: &Symbol, text: String) -> Shape {
    Shape::named(ShapeKind::Scalar(kind), &symbol.module, &symbol.name, Vec::new()).with_text(text)
}

pub(super) fn number(symbol: &Symbol, text: String) -> Option<Shape> {
    Some(scalar(ScalarKind::Number, symbol, text))
}

pub(super) fn text_scalar(type_name: &str, text: String) -> Shape {
    Shape::builtin(ShapeKind::Scalar(ScalarKind::Text), type_name, Vec::new()).with_text(text)
}

pub(super) fn cut_bytes(bytes: &[u8], budget: usize) -> String {
    let (text, truncated) = opcode::repr_bytes_prefix(bytes, budget);
    if truncated { text + "…" } else { text }
}
