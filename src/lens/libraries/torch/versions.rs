//! What the archive around the pickle tells of the version of torch that wrote it.

use crate::lens::clues::Clues;
use crate::lens::recogniser::Lens;

/// What `torch.save` puts beside the pickle: `byteorder` since 2.1, `.format_version` since 2.7 (`torch/serialization.py`, `_save`).
pub(super) fn look(lens: &Lens<'_>, clues: &mut Clues) {
    let records = &lens.attached.records;
    let has = |name: &str| records.iter().any(|record| record == name);
    if !has("version") {
        return;
    }
    match (has(".format_version"), has("byteorder")) {
        (true, _) => clues.since("torch", "2.7", "the archive has a record .format_version", None),
        (false, true) => {
            clues.since("torch", "2.1", "the archive has a record byteorder", None);
            clues.until("torch", "2.7", "the archive has no record .format_version", None);
        }
        (false, false) => clues.until("torch", "2.1", "the archive has no record byteorder", None),
    }
}
