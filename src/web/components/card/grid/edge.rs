//! The edge of a column, by which it is resized.

use crate::web::dom;

/// Characters by which a key or a button resizes a column.
pub(super) const STEP: f64 = 2.0;

/// The edge of a column that is being dragged.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub(super) column: u64,
    /// Width of the column without the way of the pointer from where it took hold.
    pub(super) base: f64,
}

/// The column on whose edge an event is.
pub(super) fn edge_of(event: &web_sys::Event) -> Option<u64> {
    dom::data_of(event, "edge")?.parse().ok()
}
