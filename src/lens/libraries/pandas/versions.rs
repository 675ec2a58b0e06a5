//! What objects tell of the version of pandas that wrote them.

use crate::graph::{Edge, Node};
use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Says what an object tells, and whether it was looked into.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    if object.class.short_name() == "StringDtype" && object.args.len() > 1 {
        clues.since("pandas", "2.3", "StringDtype with two arguments", offset);
        let what = "TypeError: StringDtype.__init__() takes from 1 to 2 positional arguments but 3 were given";
        clues.fails("pandas < 2.3", what, offset);
    }
    // Since 1.3 the class is one of Cython, which object.__new__ refuses to make (`copyreg._reconstructor` calls that).
    let is_manager = matches!(object.class.short_name(), "BlockManager" | "SingleBlockManager");
    if is_manager && is_reconstructed(lens, object) {
        let class = object.class.short_name();
        // Later versions write that of a Series all the same, and cannot load it.
        if class == "BlockManager" {
            clues.until("pandas", "1.3", format!("a {class} made by copyreg._reconstructor"), offset);
        }
        let what =
            format!("TypeError: object.__new__({class}) is not safe, use pandas._libs.internals.{class}.__new__()");
        clues.fails("pandas >= 1.3", what, offset);
    }
    if object.class.short_name() == "BlockManager" {
        // That of a Series, which has one axis, keeps its state.
        let has_axes = |state: &Edge| {
            let axes = lens.graph.items(state.node()).next().and_then(|axes| lens.sequence(axes));
            lens.graph.node(state.node()) == Node::Tuple && axes.is_some_and(|axes| axes.len() > 1)
        };
        if object.args.len() >= 2 {
            clues.since("pandas", "1.3", "a BlockManager made of blocks and axes", offset);
        } else if object.state().filter(has_axes).is_some() {
            clues.until("pandas", "1.3", "a BlockManager with a state tuple", offset);
        }
    }
    true
}

/// Whether the instance was made without its class, as protocols 0 and 1 do.
fn is_reconstructed(lens: &Lens<'_>, object: &Object<'_>) -> bool {
    let maker = lens.call(object.node).and_then(|call| call.symbol);
    maker.is_some_and(|maker| maker.is("copyreg", "_reconstructor"))
}
