//! astropy: units, as they print themselves. A `Quantity` is an array of numpy with one, which numpy's folder reads.
//!
//! Sources: `astropy/units/core.py` (`NamedUnit`, `CompositeUnit`, `_recreate_irreducible_unit`), `astropy/units/format/generic.py`.

use crate::graph::{Edge, Node, NodeId};
use crate::lens::graph_view::{Call, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};

/// Units.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["astropy"], shape: Some(read), ..Library::NOTHING };

/// Units in one that are named.
const BASES: usize = 32;

fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let symbol = call.symbol.filter(|symbol| symbol.module.starts_with("astropy.units"))?;
    let text = unit(lens, call.id)?;
    let class = match symbol.name.as_str() {
        // `(class, names, registered)`
        "_recreate_irreducible_unit" => lens.symbol(*call.args.first()?)?,
        _ => symbol,
    };
    let mut parts = lens.argument_parts(call);
    parts.extend(lens.added_parts(call.id));
    Some(Shape::named(ShapeKind::Instance, &class.module, &class.name, parts).with_text(text))
}

/// `m / s2`, `km`
fn unit(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let object = lens.object(node)?;
    let (Some(bases), Some(powers)) = (object.attribute("_bases"), object.attribute("_powers")) else {
        return name(lens, node);
    };
    let (bases, powers) = (lens.sequence(bases)?, lens.sequence(powers)?);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for (base, power) in bases.into_iter().zip(powers).take(BASES) {
        let (name, power) = (name(lens, base.node())?, lens.int(power)?);
        let word = if power.abs() == 1 { name } else { format!("{name}{}", power.abs()) };
        if power < 0 { below.push(word) } else { above.push(word) }
    }
    let scale = match lens.graph.node(object.attribute("_scale")?.node()) {
        Node::Float(1.0) | Node::Int(1) => None,
        _ => Some(lens.inline(object.attribute("_scale")?)),
    };
    above.splice(0..0, scale);
    Some(match (above.len(), &below[..]) {
        (0, []) => "dimensionless".to_owned(),
        (_, []) => above.join(" "),
        (0, _) => format!("1 / {}", divisor(&below)),
        _ => format!("{} / {}", above.join(" "), divisor(&below)),
    })
}

fn divisor(below: &[String]) -> String {
    if below.len() == 1 { below[0].clone() } else { format!("({})", below.join(" ")) }
}

/// The name of a unit that has one of its own.
fn name(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let object = lens.object(node)?;
    let first = |edge: Edge| lens.sequence(edge)?.first().and_then(|&name| lens.string(name));
    first(object.attribute("_names")?)
}
