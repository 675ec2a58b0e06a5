//! Time zones as the standard library, pytz and dateutil have them: pandas and `datetime` are both made with them.

mod tzif;
mod versions;
mod zone;

use crate::lens::recogniser::Library;
pub(super) use zone::{Zone, wall_offset, zone, zone_name};

/// Versions; zones are parts of other values.
pub(in crate::lens) const LIBRARY: Library = Library { versions: &[("pytz", versions::look)], ..Library::NOTHING };
