//! What the reader set, kept between visits. Only this file knows the names in the browser's storage, and `boot.js`, which reads them
//! before anything is painted. Storage may be forbidden, and may hold anything: what is not understood is the default.

/// How much of the panes' width the view on the left may take.
pub const LEFT: std::ops::RangeInclusive<f64> = 0.2..=0.8;

/// The share of the width that was stored, if it is one.
#[must_use]
pub fn share(stored: &str) -> Option<f64> {
    stored.parse().ok().filter(|share| LEFT.contains(share))
}

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{left, set_left, show_left, toggle_theme};

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::{LEFT, share};
    use crate::web::dom;
    use web_sys::HtmlElement;

    /// Name in the storage, and of the property that the style sheet uses.
    const LEFT_NAME: (&str, &str) = ("left", "--left");

    fn root() -> Option<HtmlElement> {
        wasm_bindgen::JsCast::dyn_into(dom::document().document_element()?).ok()
    }

    /// Stores a value, or takes it away.
    fn store(name: &str, value: Option<&str>) {
        if let Ok(Some(storage)) = dom::window().local_storage() {
            let _ = match value {
                Some(value) => storage.set_item(name, value),
                None => storage.remove_item(name),
            };
        }
    }

    /// Turns the theme around, whether it came from the system or from here.
    pub(crate) fn toggle_theme() {
        let Some(root) = root() else { return };
        let query = "(prefers-color-scheme: dark)";
        let dark = match root.get_attribute("data-theme").as_deref() {
            Some("dark") => true,
            Some("light") => false,
            _ => dom::window().match_media(query).ok().flatten().is_some_and(|query| query.matches()),
        };
        let theme = if dark { "light" } else { "dark" };
        let _ = root.set_attribute("data-theme", theme);
        store("theme", Some(theme));
    }

    /// The share of the width that the view on the left was given; nothing while it is as wide as it needs.
    pub(crate) fn left() -> Option<f64> {
        let percent = root()?.style().get_property_value(LEFT_NAME.1).ok()?;
        share(&(percent.trim().strip_suffix('%')?.parse::<f64>().ok()? / 100.0).to_string())
    }

    /// Gives the view on the left a share of the width, for now.
    pub(crate) fn show_left(share: f64) {
        let percent = format!("{:.2}%", share.clamp(*LEFT.start(), *LEFT.end()) * 100.0);
        let _ = root().map(|root| root.style().set_property(LEFT_NAME.1, &percent));
    }

    /// The same for good; without a share it is as wide as it needs.
    pub(crate) fn set_left(share: Option<f64>) {
        match share {
            Some(share) => show_left(share),
            None => drop(root().map(|root| root.style().remove_property(LEFT_NAME.1))),
        }
        store(LEFT_NAME.0, left().map(|share| format!("{share:.4}")).as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_share_of_the_width_is_not_taken() {
        assert_eq!(share("0.35"), Some(0.35));
        for stored in ["", "0", "1", "-0.3", "35", "NaN", "inf", "0.3%", "null", "1e999"] {
            assert_eq!(share(stored), None, "{stored}");
        }
    }
}
