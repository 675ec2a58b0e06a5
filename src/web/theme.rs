//! Light or dark.

use super::dom;

/// Turns the theme around, whether it came from the system or from here; `boot.js` reads it at the next start.
pub(crate) fn toggle() {
    let window = dom::window();
    let Some(root) = dom::document().document_element() else { return };
    let dark = match root.get_attribute("data-theme").as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window.match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches()),
    };
    let theme = if dark { "light" } else { "dark" };
    let _ = root.set_attribute("data-theme", theme);
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item("theme", theme);
    }
}
