//! What objects tell of the version of pandas that wrote them.

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
        clues.until("pandas", "1.3", format!("a {class} made by copyreg._reconstructor"), offset);
        let what =
            format!("TypeError: object.__new__({class}) is not safe, use pandas._libs.internals.{class}.__new__()");
        clues.fails("pandas >= 1.3", what, offset);
    }
    true
}

/// Whether the instance was made without its class, as protocols 0 and 1 do.
fn is_reconstructed(lens: &Lens<'_>, object: &Object<'_>) -> bool {
    let maker = lens.call(object.node).and_then(|call| call.symbol);
    maker.is_some_and(|maker| maker.is("copyreg", "_reconstructor"))
}
