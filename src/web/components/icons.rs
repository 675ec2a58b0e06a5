//! Drawings. Every level has a shape of its own, so that none is told by colour alone.

use crate::safety::Level;
pub use crate::view::level_class;
use crate::view::level_shape;
use yew::prelude::*;

/// Circle, square, diamond, triangle, octagon: from nothing to worst.
pub fn level_icon(level: Level) -> Html {
    let (shape, sign) = level_shape(level);
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={shape} fill="currentColor" />
            <path d={sign} class="icon-sign" fill="none" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// The pickle of the logo.
pub fn pickle() -> Html {
    html! {
        <svg class="pickle" viewBox="0 0 32 32" aria-hidden="true">
            <g transform="rotate(-32 16 16)">
                <rect class="pickle-skin" x="2" y="9" width="28" height="14" rx="7" />
                <circle class="pickle-wart" cx="9" cy="14" r="1.4" />
                <circle class="pickle-wart" cx="15" cy="18" r="1.4" />
                <circle class="pickle-wart" cx="20.5" cy="13.6" r="1.4" />
                <circle class="pickle-wart" cx="25" cy="17.6" r="1.2" />
            </g>
        </svg>
    }
}

/// A line drawing of 16 by 16.
pub fn line(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={path} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// Two sliders.
pub const SETTINGS: &str =
    "M2 5h5.5M11.5 5H14M2 11h2.5M8.5 11H14M9.5 3a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6.5 9a2 2 0 1 1 0 4 2 2 0 0 1 0-4z";
/// A cross.
pub const CLOSE: &str = "M3.5 3.5l9 9M12.5 3.5l-9 9";
/// An arrow upwards.
pub const UP: &str = "M8 13V3.5M3.8 7.5L8 3.2l4.2 4.3";
/// An arrow downwards.
pub const DOWN: &str = "M8 3v9.5M3.8 8.5L8 12.8l4.2-4.3";
/// A magnifying glass.
pub const FIND: &str = "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3L14 14";
/// Two sheets.
pub const COPY: &str = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";
/// An arrow to the right.
pub const ACROSS: &str = "M3 8h9.5M8.5 3.8L12.8 8l-4.3 4.2";
/// A prompt in a window.
pub const COMMANDS: &str = "M2 3h12v10H2zM4 6l2 2-2 2M8 10h3";
/// An angle downwards.
pub const MORE: &str = "M3.5 6l4.5 4.5L12.5 6";
