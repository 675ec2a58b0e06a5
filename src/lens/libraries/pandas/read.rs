//! The rows of pandas' values in the tree: their kind and size in one line. Their children stay what the file has.

use super::arrays::read_index;
use super::components::components;
use super::dtypes::dtype;
use super::index::name_text;
use super::period::offset_text;
use super::scalars::scalar;
use super::table::manager_of;
use super::{is_pandas, manager, versions};
use crate::graph::{Edge, Symbol};
use crate::lens::graph_view::{Call, Part, ScalarKind, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};

/// Tables, indexes, their arrays and scalars.
pub(in crate::lens) const LIBRARY: Library = Library {
    packages: &["pandas"],
    shape: Some(read),
    shape_elsewhere: Some(derived),
    components: Some(components),
    versions: &[("pandas", versions::look)],
    ..Library::NOTHING
};

/// The shape of a call of pandas.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    read_as(lens, call, call.symbol?)
}

/// The shape of a call that stands for one of this class or function.
fn read_as(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    if let Some(found) = scalar(lens, call, symbol) {
        let kind = match found.text.as_str() {
            "NaT" => ScalarKind::Constant,
            _ => ScalarKind::Number,
        };
        return Some(
            Shape::named(ShapeKind::Scalar(kind), "pandas", found.type_name, Vec::new()).with_text(found.text),
        );
    }
    let edge = Edge::to(call.id);
    let name = symbol.short_name();
    if name.ends_with("Dtype") || name == "NumpyEADtype" {
        let text = dtype(lens, edge)?.name(lens);
        return Some(instance(lens, call).with_text(text));
    }
    if name.starts_with("_new_") && name.ends_with("Index") {
        let found = read_index(lens, call.id, 0)?;
        let class = lens.symbol(*call.args.first()?)?;
        let mut parts = lens.argument_parts(call);
        parts.extend(lens.added_parts(call.id));
        let shape = Shape::named(ShapeKind::Instance, &class.module, &class.name, parts);
        let sizes = match found.levels.len() {
            1 => format!("{} ({},)", found.dtype(), found.len),
            levels => format!("({}, {levels})", found.len),
        };
        let names: Vec<&str> =
            found.levels.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
        let names = if names.is_empty() { String::new() } else { format!(" {}", names.join(", ")) };
        return Some(shape.with_text(sizes + &names));
    }
    if symbol.module.ends_with("offsets") || name == "DateOffset" {
        let text = offset_text(lens, edge)?;
        return Some(instance(lens, call).with_text(text));
    }
    if name.starts_with("__pyx_unpickle_") || name.ends_with("Array") || name == "Categorical" {
        return array(lens, call, symbol);
    }
    framed(lens, call)
}

/// The shape of what is pandas' although the callee is not: made by `copyreg` in old protocols, or of a class that another
/// package derived from a frame or series.
fn derived(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol?;
    if symbol.module != "copyreg" {
        return framed(lens, call);
    }
    let class = lens.object(call.id)?.class;
    if is_pandas(class) { read_as(lens, call, class) } else { framed(lens, call) }
}

/// The shape that every instance has: what `copyreg` makes is an instance of the class that it is given.
fn instance(lens: &Lens<'_>, call: &Call<'_>) -> Shape {
    match lens.object(call.id).filter(|_| call.symbol.is_some_and(|symbol| symbol.module == "copyreg")) {
        Some(object) => {
            let args = object.args.iter().enumerate().map(|(i, &edge)| Part::role(format!("arg {i}"), edge)).collect();
            lens.instance(object.class, args, call.id)
        }
        None => lens.plain_call(call),
    }
}

/// Whether a class may be a frame or series by its name.
fn is_framed(symbol: &Symbol) -> bool {
    symbol.name.ends_with("Frame") || symbol.name.ends_with("Series")
}

/// The shape of a frame or series.
fn framed(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol.filter(|symbol| is_framed(symbol) || symbol.module == "copyreg")?;
    let object = lens.object(call.id).filter(|object| is_framed(object.class) || is_framed(symbol))?;
    let axes = manager::axes(lens, manager_of(lens, &object)?)?;
    let lengths: Vec<u64> =
        axes.iter().take(2).map(|axis| read_index(lens, axis.node(), 0).map_or(0, |index| index.len)).collect();
    let text = match lengths[..] {
        [columns, rows] => format!("({rows}, {columns})"),
        [rows] => {
            let table = lens.table(call.id)?;
            let column = table.column(0)?;
            let name = object.attribute("_name").or_else(|| object.attribute("name"));
            let name = name.filter(|&name| !lens.is_none(name));
            let name = name.map_or_else(String::new, |name| match lens.scalar(name.node(), 60) {
                Some(scalar) => format!(" {}", scalar.text),
                None => format!(" {}", name_text(lens, name)),
            });
            format!("{} ({rows},){name}", column.values.dtype)
        }
        _ => return None,
    };
    let mut shape = instance(lens, call);
    let class = object.class;
    let named = Shape::named(ShapeKind::Instance, &class.module, &class.name, Vec::new());
    (shape.kind, shape.type_name, shape.full_name) = (ShapeKind::Instance, named.type_name, named.full_name);
    Some(shape.with_text(text))
}

/// `category (24,)`
fn array(lens: &Lens<'_>, call: &Call<'_>, symbol: &Symbol) -> Option<Shape> {
    let table = lens.table(call.id)?;
    let column = table.column(0)?;
    let class = if symbol.name.starts_with("__pyx_unpickle_") { lens.symbol(*call.args.first()?)? } else { symbol };
    let mut shape = instance(lens, call);
    let named = Shape::named(ShapeKind::Instance, &class.module, &class.name, Vec::new());
    (shape.kind, shape.type_name, shape.full_name) = (ShapeKind::Instance, named.type_name, named.full_name);
    let categories = column.values.categories().map(|categories| categories.len());
    let more = categories.map_or_else(String::new, |count| format!(" of {count} categories"));
    Some(shape.with_text(format!("{} ({},){more}", column.values.dtype, table.rows)))
}
