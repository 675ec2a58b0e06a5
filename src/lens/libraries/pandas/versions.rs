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
    true
}
