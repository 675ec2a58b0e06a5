//! What comes in from outside (files, folders, text) and what goes out (the clipboard, the address).

use wasm_bindgen::prelude::*;
use web_sys::{DataTransfer, File, FileList, HtmlDocument, HtmlTextAreaElement};

/// Something to open, and a remark about it.
pub(crate) struct Incoming {
    /// The files; none when there was nothing that can be opened.
    pub(crate) files: Vec<IncomingFile>,
    /// What the user should know.
    pub(crate) remark: Option<String>,
}

/// One of them.
pub(crate) struct IncomingFile {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes' number.
    pub(crate) size: u64,
    /// The `File` or `Uint8Array`.
    pub(crate) payload: JsValue,
}

impl Incoming {
    /// Bytes that are here already.
    pub(crate) fn bytes(name: &str, bytes: &[u8]) -> Self {
        let payload = js_sys::Uint8Array::from(bytes).into();
        Self { files: vec![IncomingFile { name: name.to_owned(), size: bytes.len() as u64, payload }], remark: None }
    }

    fn refused(remark: String) -> Self {
        Self { files: Vec::new(), remark: Some(remark) }
    }

    /// Files from the disk.
    pub(crate) fn files(files: &FileList) -> Option<Self> {
        let all: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
        let first = all.first()?;
        if let [only] = &all[..]
            && only.size() == 0.0
        {
            let name = first.name();
            return Some(Self::refused(format!("{name} is empty: it has no bytes, so there is nothing to read.")));
        }
        let file = |file: File| IncomingFile { name: file.name(), size: file.size() as u64, payload: file.into() };
        Some(Self { files: all.into_iter().map(file).collect(), remark: None })
    }

    /// What was dropped; `Err` is text.
    pub(crate) fn dropped(transfer: &DataTransfer) -> Option<Result<Self, String>> {
        let items = transfer.items();
        for index in 0..items.length() {
            let entry = items.get(index).and_then(|item| item.webkit_get_as_entry().ok().flatten());
            if let Some(entry) = entry
                && entry.is_directory()
                && index == 0
            {
                let remark = format!("{} is a folder. Drop one of the files in it.", entry.name());
                return Some(Ok(Self::refused(remark)));
            }
        }
        if let Some(incoming) = transfer.files().as_ref().and_then(Self::files) {
            return Some(Ok(incoming));
        }
        let text = transfer.get_data("text/plain").ok().filter(|text| !text.trim().is_empty())?;
        Some(Err(text))
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// Copies `text`; `report` hears whether it worked.
pub(crate) fn copy(text: &str, report: impl Fn(bool) + Clone + 'static) {
    let Ok(promise) = write_text(text) else {
        // No clipboard interface outside a secure context.
        return report(copy_by_selection(text));
    };
    let text = text.to_owned();
    let failed = report.clone();
    let on_done = Closure::once(move |_: JsValue| report(true));
    let on_error = Closure::once(move |_: JsValue| failed(copy_by_selection(&text)));
    let _ = promise.then2(&on_done, &on_error);
    on_done.forget();
    on_error.forget();
}

fn copy_by_selection(text: &str) -> bool {
    let document = super::dom::document();
    let attempt = || -> Result<bool, JsValue> {
        let area: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
        area.set_value(text);
        area.set_class_name("offscreen");
        let body = document.body().ok_or(JsValue::NULL)?;
        body.append_child(&area)?;
        area.select();
        let copied = document.unchecked_ref::<HtmlDocument>().exec_command("copy");
        area.remove();
        copied
    };
    attempt().unwrap_or(false)
}

const OFFSET: &str = "offset=";
const MEMBER: &str = "member=";

/// A place that the address names: `#offset=1234`, or `#member=3&offset=1234` in another part than the one that opens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    /// Number of the member.
    pub(crate) member: Option<u32>,
    /// Offset in it.
    pub(crate) offset: u64,
}

/// The place in the address.
pub(crate) fn fragment() -> Option<Link> {
    let hash = super::dom::window().location().hash().ok()?;
    let value = |name: &str| hash.trim_start_matches('#').split('&').find_map(|part| part.strip_prefix(name));
    let offset = super::format::parse_offset(value(OFFSET)?)?;
    Some(Link { member: value(MEMBER).and_then(|number| number.parse().ok()), offset })
}

/// Makes a place the newest entry of the history, unless it is the current one.
pub(crate) fn push_fragment(link: Link) {
    if fragment() == Some(link) {
        return;
    }
    if let Ok(history) = super::dom::window().history() {
        let member = link.member.map_or_else(String::new, |member| format!("{MEMBER}{member}&"));
        let url = format!("#{member}{OFFSET}{}", link.offset);
        // The first place replaces the bare address: going back from it should leave the page, not do nothing.
        let _ = if fragment().is_none() {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&url))
        };
    }
}

/// Takes the place out of the address: it means nothing in the next file. A shared link's place does, for the first one.
pub(crate) fn clear_fragment() {
    if fragment().is_some()
        && let Ok(history) = super::dom::window().history()
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#"));
    }
}
