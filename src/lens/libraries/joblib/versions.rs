//! What wrappers of arrays tell of the version of joblib that wrote them.

use crate::format::joblib::INLINE;
use crate::lens::clues::Clues;
use crate::lens::graph_view::Object;
use crate::lens::recogniser::Lens;

/// Says what an object tells, and whether it was looked into.
pub(super) fn look(lens: &Lens<'_>, object: &Object<'_>, clues: &mut Clues) -> bool {
    let offset = Some(lens.graph.offset(object.node));
    if object.class.name != INLINE {
        return false;
    }
    let is_aligned = object.attribute("numpy_array_alignment_bytes");
    match (is_aligned, object.attributes().is_empty()) {
        (Some(bytes), _) => {
            clues.since("joblib", "1.2", "arrays are aligned: numpy_array_alignment_bytes", offset);
            if !lens.is_none(bytes) {
                clues.fails("joblib < 1.2", "the padding before arrays is read as their numbers", offset);
            }
        }
        (None, false) => clues.until("joblib", "1.2", "arrays without numpy_array_alignment_bytes", offset),
        (None, true) => {}
    }
    true
}
