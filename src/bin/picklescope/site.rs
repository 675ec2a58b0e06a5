//! The page's files, as `make dist` builds them, held in memory: what is served is decided before the first request.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes of all files together. The page has about 7 MB; a folder with more is another one.
const MOST: u64 = 64 << 20;
/// Entries of a folder that are looked at.
const ENTRIES: usize = 1000;
/// Stands in the page's HTML where what is served beside it is named.
const PLACE: &str = "<meta charset=\"utf-8\">";
/// Kinds of files that the page consists of.
const TYPES: [(&str, &str); 4] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
];

/// One of the page's files.
pub(crate) struct Asset {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The page's files by name.
pub(crate) struct Site(HashMap<String, Asset>);

/// Where the page's files are, unless another folder is named: `share/picklescope/site` beside the folder of the program. The wheel
/// installs them there. No other place is looked at, since a folder beside the viewed file may come from whoever made that file.
pub(crate) fn usual_folder() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?.canonicalize()?;
    let prefix = program.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    Ok(prefix.join("share").join("picklescope").join("site"))
}

impl Site {
    /// Reads the folder, and names in its page the file that is served with it.
    pub(crate) fn read(folder: &Path, file_name: &str) -> io::Result<Self> {
        let mut assets = HashMap::new();
        let mut left = MOST;
        for entry in fs::read_dir(folder)?.take(ENTRIES) {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let Some((_, media_type)) = TYPES.iter().find(|(known, _)| *known == ending) else { continue };
            if !fs::metadata(entry.path())?.is_file() {
                continue;
            }
            let mut bytes = Vec::new();
            fs::File::open(entry.path())?.take(left + 1).read_to_end(&mut bytes)?;
            let rest = left.checked_sub(bytes.len() as u64);
            left = rest.ok_or_else(|| io::Error::other(format!("has more than {} MB of files", MOST >> 20)))?;
            assets.insert(name, Asset { media_type, bytes });
        }
        let page = assets.get_mut("index.html").ok_or_else(|| io::Error::other("has no index.html"))?;
        page.bytes = named(&page.bytes, file_name).ok_or_else(|| io::Error::other("has another index.html"))?;
        Ok(Self(assets))
    }

    /// A file; the page itself has the empty name, too.
    pub(crate) fn asset(&self, name: &str) -> Option<&Asset> {
        self.0.get(if name.is_empty() { "index.html" } else { name })
    }
}

/// The page with the name of the file in it, which tells `www/boot.js` to ask for it.
fn named(page: &[u8], file_name: &str) -> Option<Vec<u8>> {
    let (before, behind) = std::str::from_utf8(page).ok()?.split_once(PLACE)?;
    let name = in_html(file_name);
    Some(format!("{before}{PLACE}\n<meta name=\"picklescope-file\" content=\"{name}\">{behind}").into_bytes())
}

/// Text as the value of an attribute.
fn in_html(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_attribute() {
        let page = named(b"<head><meta charset=\"utf-8\"></head>", "a\"><script>&'.pkl").unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("content=\"a&quot;&gt;&lt;script&gt;&amp;'.pkl\"></head>"), "{page}");
        assert!(named(b"<head></head>", "a").is_none());
    }
}
