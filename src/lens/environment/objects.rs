//! What objects tell of the libraries that made them: versions that they hold, states that only some versions write.

use super::calls::calls;
use crate::graph::Symbol;
use crate::lens::clues::Clues;
use crate::lens::recogniser::Lens;

/// Objects of one kind that are looked into.
const OBJECTS: usize = 5000;

pub(super) fn look(lens: &Lens<'_>, clues: &mut Clues) {
    for library in lens.libraries() {
        if let Some(look) = library.surroundings {
            look(lens, clues);
        }
    }
    let versions = |symbol: &Symbol| lens.libraries().iter().find_map(|library| library.versions_of(&symbol.module));
    // Of old protocols the class is an argument.
    let tells = |symbol: &Symbol| symbol.module.split('.').next() == Some("copyreg") || versions(symbol).is_some();
    let mut left = OBJECTS;
    for id in calls(lens, tells) {
        let Some(object) = lens.object(id) else { continue };
        let is_known = versions(object.class).is_some_and(|look| look(lens, &object, clues));
        left -= usize::from(is_known);
        if left == 0 {
            break;
        }
    }
}
