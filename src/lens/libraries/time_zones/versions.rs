//! What zones tell of the environment that loads them.

use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Says what an object of pytz tells.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let with = "an environment without pytz (pandas >= 3.0 no longer brings it)";
    clues.fails(with, "No module named 'pytz'", Some(lens.graph.offset(object.node)));
    true
}
