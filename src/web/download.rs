//! Files that are saved from the page: pieces in, a file in the reader's downloads out.

use super::dom;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Milliseconds that a browser needs at most to begin with a download.
const TAKEN_UP: i32 = 60_000;

/// The pieces so far. Each is a blob of its own, which a browser may keep on its disk.
#[derive(Default)]
pub(crate) struct Pieces(js_sys::Array);

impl Pieces {
    /// Adds a piece.
    pub(crate) fn push(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        if let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) {
            self.0.push(&blob);
        }
    }

    /// Hands all of it to the browser as a file to be saved; says whether it took it.
    pub(crate) fn save(&self, name: &str) -> bool {
        let attempt = || {
            let blob = Blob::new_with_blob_sequence(&self.0).ok()?;
            let url = Url::create_object_url_with_blob(&blob).ok()?;
            let link: HtmlAnchorElement = dom::document().create_element("a").ok()?.dyn_into().ok()?;
            link.set_href(&url);
            link.set_download(name);
            link.click();
            dom::after(TAKEN_UP, move || drop(Url::revoke_object_url(&url)));
            Some(())
        };
        attempt().is_some()
    }
}
