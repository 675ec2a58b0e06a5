//! Instances of classes that are in the file themselves.

use super::maker::Made;
use crate::graph::{Edge, RunKind};
use crate::lens::graph_view::{Call, Part, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};

/// What classes by value make, whatever they are called.
pub(in crate::lens) const LIBRARY: Library = Library { shape_elsewhere: Some(read), ..Library::NOTHING };

/// An instance: by a call of the class, or in the words of protocols 0 and 1. Of an enumeration the name of the member is told.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let (class, arguments) = match call.symbol {
        None => (call.callee, lens.argument_parts(call)),
        Some(symbol) if symbol.is("copyreg", "_reconstructor") => {
            let (&class, rest) = call.args.split_first()?;
            let parts = rest.iter().enumerate().map(|(i, &edge)| Part::role(format!("arg {i}"), edge));
            (class, parts.collect())
        }
        Some(_) => return None,
    };
    let (module, name) = lens.class_by_value(class)?;
    let mut parts = vec![Part::role("class", class)];
    parts.extend(arguments);
    parts.extend(lens.added_parts(call.id));
    let shape = Shape::named(ShapeKind::Instance, &module, &name, parts);
    let member = call.args.first().and_then(|&value| lens.member_by_value(class, value));
    Some(match member {
        Some(member) => shape.with_text(member),
        None => shape,
    })
}

impl Lens<'_> {
    /// Module and name of a class that the file holds by value, by the call alone that makes it: instances may be many, and
    /// all that a class is told later is not looked for each time.
    fn class_by_value(&self, edge: Edge) -> Option<(String, String)> {
        let maker = match self.made(edge.node())? {
            Made::Class => edge.node(),
            Made::Filled => self.first_argument(edge.node())?.node(),
            _ => return None,
        };
        let Call { symbol, args, .. } = self.call(maker)?;
        let text = |index: usize| args.get(index).and_then(|&edge| self.string(edge));
        let (module, name) = match symbol?.name.as_str() {
            "_make_skeleton_class" | "_create_type" => {
                let value_of = |name| self.string(self.value_of(*args.get(3)?, name)?);
                (value_of("__module__"), value_of("__qualname__").or_else(|| text(1)))
            }
            "_make_skeleton_enum" => (text(4), text(2).or_else(|| text(1))),
            "_create_namedtuple" => (text(2), text(0)),
            _ => return None,
        };
        Some((module.unwrap_or_else(|| "__main__".to_owned()), name?))
    }

    /// The name of the member of an enumeration by value that a value stands for; of a large one nothing.
    fn member_by_value(&self, class: Edge, value: Edge) -> Option<String> {
        /// Members that are compared for each instance.
        const COMPARED: u64 = 64;
        let Call { symbol, args, .. } = self.call(class.node())?;
        let members = *args.get(3).filter(|_| symbol.is_some_and(|symbol| symbol.name == "_make_skeleton_enum"))?;
        if self.graph.run_length(members.node(), RunKind::Pairs) > 2 * COMPARED {
            return None;
        }
        let wanted = self.scalar(value.node(), 200)?.text;
        let is_wanted = |edge: Edge| self.scalar(edge.node(), 200).is_some_and(|scalar| scalar.text == wanted);
        self.named_values(members).into_iter().find_map(|(name, value)| is_wanted(value).then_some(name))
    }
}
