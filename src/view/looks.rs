//! How things look wherever they are drawn, on the page and in a report: classes, and shapes for levels.

use super::TextKind;
use crate::safety::Level;

/// The class that colours a level.
#[must_use]
pub fn level_class(level: Level) -> &'static str {
    match level {
        Level::DataOnly => "level-data",
        Level::Recognised => "level-recognised",
        Level::UnknownCode => "level-unknown",
        Level::Suspicious => "level-suspicious",
        Level::Dangerous => "level-dangerous",
    }
}

/// Circle, square, diamond, triangle, octagon, from nothing to worst, so that no level is told by colour alone: the outline and
/// the sign in it, as paths of 16 by 16.
#[must_use]
pub fn level_shape(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::DataOnly => ("M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z", "M5 8h6M5 5.7h6M5 10.3h6"),
        Level::Recognised => {
            ("M2 4a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2z", "M5 8.2l2.2 2.1L11 6")
        }
        Level::UnknownCode => ("M8 .8 15.2 8 8 15.2.8 8z", "M5.2 8h.01M8 8h.01M10.8 8h.01"),
        Level::Suspicious => ("M8 1.2 15.4 14.6H.6z", "M8 6v4.2M8 12v.6"),
        Level::Dangerous => ("M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M4.8 8h6.4"),
    }
}

/// The class for a kind of text.
#[must_use]
pub fn text_class(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Plain => "t-plain",
        TextKind::Type => "t-type",
        TextKind::Str => "t-str",
        TextKind::Number => "t-num",
        TextKind::Constant => "t-const",
        TextKind::Dim => "t-dim",
        TextKind::Error => "t-error",
    }
}
