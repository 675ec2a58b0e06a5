//! Shares, as words and as bars.

use yew::prelude::*;

/// Rows and tiles of one question.
pub(super) const ROWS: u32 = 100;

/// `12.3 %`
pub(super) fn percent(bytes: u64, total: u64) -> String {
    format!("{:.1} %", if total == 0 { 0.0 } else { bytes as f64 * 100.0 / total as f64 })
}

/// A bar as long as the share.
pub(super) fn bar(bytes: u64, total: u64) -> Html {
    let share = if total == 0 { 0.0 } else { bytes as f64 * 100.0 / total as f64 };
    html! {
        <span class="share" aria-hidden="true"><span class="share-fill" ~style={format!("width:{share:.1}%")} /></span>
    }
}
