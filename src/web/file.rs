//! What comes in from outside (files, folders, text) and what goes out to the clipboard.

use super::address;
use super::format::plural;
use crate::opcode::visible;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DataTransfer, File, FileList, FileSystemEntry, HtmlDocument, HtmlTextAreaElement};

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
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The `File` or `Uint8Array`; the packed text of a link; or what `www/remote.js` says of a file on a server.
    pub(crate) payload: JsValue,
}

impl Incoming {
    /// Bytes that are here already.
    pub(crate) fn bytes(name: &str, bytes: &[u8]) -> Self {
        let payload = js_sys::Uint8Array::from(bytes).into();
        Self { files: vec![IncomingFile { name: name.to_owned(), size: bytes.len() as u64, payload }], remark: None }
    }

    /// The file that the address holds; the worker unpacks it.
    fn linked(name: &str, packed: &str) -> Self {
        let name = js_sys::decode_uri_component(name).map(String::from).unwrap_or_default();
        let name = Some(name).filter(|name| !name.is_empty()).unwrap_or_else(|| "linked.pkl".to_owned());
        let file = IncomingFile { name, size: packed.len() as u64, payload: JsValue::from_str(packed) };
        let remark = "This file came inside the link: whoever made the link chose its bytes and its name.";
        Self { files: vec![file], remark: Some(remark.to_owned()) }
    }

    /// Files from the disk.
    pub(crate) fn files(files: &FileList) -> Option<Self> {
        Self::named((0..files.length()).filter_map(|index| files.get(index)))
    }

    fn named(files: impl Iterator<Item = File>) -> Option<Self> {
        Self::of(files.map(|file| (file.name(), file)).collect(), None)
    }

    /// Files with their names. Empty ones hold nothing to read and are only mentioned.
    fn of(all: Vec<(String, File)>, remark: Option<String>) -> Option<Self> {
        let (empty, full): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, file)| file.size() == 0.0);
        let empty = match &empty[..] {
            [] => None,
            [(name, _)] => Some(format!("{} is empty: it has no bytes, so there is nothing to read.", visible(name))),
            several => Some(format!("{} files are empty and were left out.", several.len())),
        };
        let remarks: Vec<String> = remark.into_iter().chain(empty).collect();
        if full.is_empty() && remarks.is_empty() {
            return None;
        }
        let file = |(name, file): (String, File)| IncomingFile { name, size: file.size() as u64, payload: file.into() };
        let remark = (!remarks.is_empty()).then(|| remarks.join(" "));
        Some(Self { files: full.into_iter().map(file).collect(), remark })
    }
}

/// What was dropped.
pub(crate) enum Dropped {
    /// Files.
    Files(Incoming),
    /// Folders, perhaps with files beside them.
    Entries(Entries),
    /// Text.
    Text(String),
}

impl Dropped {
    /// What a drop holds. A browser tells it only during the event.
    pub(crate) fn of(transfer: &DataTransfer) -> Option<Self> {
        let items = transfer.items();
        let entry = |index| items.get(index)?.webkit_get_as_entry().ok().flatten();
        let entries: Vec<FileSystemEntry> = (0..items.length()).filter_map(entry).collect();
        if entries.iter().any(FileSystemEntry::is_directory) {
            return Some(Self::Entries(Entries(entries)));
        }
        if let Some(incoming) = transfer.files().as_ref().and_then(Incoming::files) {
            return Some(Self::Files(incoming));
        }
        transfer.get_data("text/plain").ok().filter(|text| !text.trim().is_empty()).map(Self::Text)
    }

    /// What was handed in before this program was here.
    fn early(entries: &js_sys::Array, files: &js_sys::Array, text: String) -> Option<Self> {
        // Not every browser has a name for their class.
        let entries: Vec<FileSystemEntry> = entries.iter().map(JsCast::unchecked_into).collect();
        if entries.iter().any(FileSystemEntry::is_directory) {
            return Some(Self::Entries(Entries(entries)));
        }
        // What remote.html hands over has the name and size of a `File`; the worker knows what it is.
        if let Some(incoming) = Incoming::named(files.iter().map(JsCast::unchecked_into)) {
            return Some(Self::Files(incoming));
        }
        Some(text).filter(|text| !text.trim().is_empty()).map(Self::Text)
    }
}

/// What the address holds, when the page was opened by a link with a file in it.
pub(crate) fn linked() -> Option<Incoming> {
    let hash = super::dom::window().location().hash().ok()?;
    address::file_in(&hash).map(|(name, packed)| Incoming::linked(name, packed))
}

/// Tells `www/boot.js` that the page is drawn; `then` gets what was handed in before, now or while a chooser stays open.
pub(crate) fn ask_for_early(then: impl Fn(Dropped) + 'static) {
    let open = Closure::<dyn Fn(js_sys::Array, js_sys::Array, String)>::new(
        move |entries: js_sys::Array, files: js_sys::Array, text: String| {
            if let Some(dropped) = Dropped::early(&entries, &files, text) {
                then(dropped);
            }
        },
    );
    when_asked(open.as_ref());
    open.forget(); // lives as long as the page
}

/// Files of a folder that are opened at most.
const FILES: u32 = 1000;

/// Folders and files on the disk.
pub(crate) struct Entries(Vec<FileSystemEntry>);

impl Entries {
    /// Looks through the folders; `then` gets what is in them.
    pub(crate) fn files(self, then: impl FnOnce(Incoming) + 'static) {
        let name = self.0.iter().find(|entry| entry.is_directory()).map(FileSystemEntry::name).unwrap_or_default();
        let then = Closure::once_into_js(move |files: js_sys::Array, unreadable: u32, more: bool| {
            let file = |pair: JsValue| {
                let pair: js_sys::Array = pair.dyn_into().ok()?;
                Some((pair.get(0).as_string()?, pair.get(1).dyn_into::<File>().ok()?))
            };
            let files: Vec<_> = files.iter().filter_map(file).collect();
            let mut remarks = Vec::new();
            if files.is_empty() {
                remarks.push(format!("{} holds no files.", visible(&name)));
            }
            if more {
                remarks.push(format!("{} holds more than {FILES} files. These are the first.", visible(&name)));
            }
            if unreadable > 0 {
                remarks.push(format!("The browser could not read {}.", plural(unreadable.into(), "entry", "entries")));
            }
            let remark = (!remarks.is_empty()).then(|| remarks.join(" "));
            then(Incoming::of(files, remark).unwrap_or(Incoming { files: Vec::new(), remark: None }));
        });
        files_in(&self.0.iter().collect(), FILES, &then);
    }
}

#[wasm_bindgen]
extern "C" {
    /// Given by `www/boot.js`.
    #[wasm_bindgen(js_namespace = picklescope, js_name = filesIn)]
    fn files_in(entries: &js_sys::Array, limit: u32, then: &JsValue);

    /// Given by `www/boot.js`.
    #[wasm_bindgen(js_namespace = picklescope, js_name = whenAsked)]
    fn when_asked(open: &JsValue);

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
    // Of the two only one is called: each lets go of both.
    type Callbacks = [Closure<dyn FnMut(JsValue)>; 2];
    let both: Rc<RefCell<Option<Callbacks>>> = Rc::default();
    let (done, refused) = (Rc::clone(&both), Rc::clone(&both));
    let on_done = Closure::once(move |_: JsValue| {
        report(true);
        super::dom::after(0, move || drop(done.take()));
    });
    let on_error = Closure::once(move |_: JsValue| {
        failed(copy_by_selection(&text));
        super::dom::after(0, move || drop(refused.take()));
    });
    let _ = promise.then2(&on_done, &on_error);
    both.replace(Some([on_done, on_error]));
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
