//! Time zones as the standard library, pytz and dateutil have them: pandas and `datetime` are both made with them.

mod tzif;
mod zone;

pub(super) use zone::{Zone, wall_offset, zone, zone_name};
