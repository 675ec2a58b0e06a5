//! What the reader set, kept between visits. Only this file knows the names in the browser's storage, and `boot.js`, which reads them
//! before anything is painted. Storage may be forbidden, and may hold anything: what is not understood is the default.

/// How much of the panes' width the view on the left may take.
pub const LEFT: std::ops::RangeInclusive<f64> = 0.2..=0.8;

/// Something to choose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Name in the storage; `data-` and this is an attribute of the page that the style sheets look at.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What can be chosen, with the words for it. The first is the default, which is not stored.
    pub values: &'static [(&'static str, &'static str)],
}

/// Light or dark.
pub static THEME: Setting = Setting {
    key: "theme",
    name: "Theme",
    values: &[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
};
/// How close rows stand.
pub static DENSITY: Setting =
    Setting { key: "density", name: "Rows", values: &[("comfortable", "Comfortable"), ("compact", "Compact")] };
/// How the `str` of Python 2 is read.
pub static PYTHON2: Setting = Setting {
    key: "python2",
    name: "Python 2 str as",
    values: &[("ascii", "ASCII"), ("latin1", "Latin-1"), ("bytes", "bytes")],
};

impl Setting {
    /// One of its values: the one that was stored, or the default.
    #[must_use]
    pub fn value_of(&self, stored: Option<&str>) -> &'static str {
        let known = self.values.iter().find(|(value, _)| Some(*value) == stored);
        known.unwrap_or(&self.values[0]).0
    }
}

/// The share of the width that was stored, if it is one.
#[must_use]
pub fn share(stored: &str) -> Option<f64> {
    stored.parse().ok().filter(|share| LEFT.contains(share))
}

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{left, set_left, show_left, toggle_theme};

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::{LEFT, Setting, THEME, share};
    use crate::web::dom;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlElement, HtmlSelectElement};

    /// Name in the storage, and of the property that the style sheet uses.
    const LEFT_NAME: (&str, &str) = ("left", "--left");

    fn root() -> Option<HtmlElement> {
        dom::document().document_element()?.dyn_into().ok()
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

    impl Setting {
        /// What is chosen. The page itself holds it, so that it is of use without storage, too.
        pub(crate) fn get(&self) -> &'static str {
            self.value_of(root().and_then(|root| root.get_attribute(&format!("data-{}", self.key))).as_deref())
        }

        /// Chooses, for now and the next visits. Whatever shows the choice shows the new one.
        pub(crate) fn set(&self, value: &str) {
            let value = self.value_of(Some(value));
            let stored = Some(value).filter(|value| *value != self.values[0].0);
            let attribute = format!("data-{}", self.key);
            if let Some(root) = root() {
                let _ = match stored {
                    Some(value) => root.set_attribute(&attribute, value),
                    None => root.remove_attribute(&attribute),
                };
            }
            store(self.key, stored);
            let Ok(boxes) = dom::document().query_selector_all(&format!("[data-setting={}]", self.key)) else { return };
            let boxes = (0..boxes.length()).filter_map(|at| boxes.get(at)?.dyn_into::<HtmlSelectElement>().ok());
            boxes.for_each(|shown| shown.set_value(value));
        }
    }

    /// Turns the theme around, whether it came from the system or from here.
    pub(crate) fn toggle_theme() {
        let query = "(prefers-color-scheme: dark)";
        let is_dark = match THEME.get() {
            "system" => dom::window().match_media(query).ok().flatten().is_some_and(|query| query.matches()),
            theme => theme == "dark",
        };
        THEME.set(if is_dark { "light" } else { "dark" });
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

    #[test]
    fn what_is_no_value_of_a_setting_is_the_default() {
        assert_eq!(THEME.value_of(Some("dark")), "dark");
        for stored in [None, Some(""), Some("Dark"), Some("compact"), Some("system")] {
            assert_eq!(THEME.value_of(stored), "system", "{stored:?}");
        }
    }
}
