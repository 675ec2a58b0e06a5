//! Files and standard input as sources.

use picklescope::api::file;
use std::io;
use std::path::Path;

pub(crate) use picklescope::api::file::path_text;
pub(crate) use picklescope::api::input::Input;

/// Opens a file that somebody named, or standard input for `-`. What cannot be read at any offset (a pipe, a device) is read
/// into memory, `most` bytes of it.
pub(crate) fn open(path: &Path, most: u64) -> io::Result<Input> {
    super::crash::perhaps(path);
    if path == Path::new("-") {
        let mut input = file::from_reader(&mut io::stdin().lock(), "standard input", most)?;
        // It may be closed, which looks the same.
        if input.source.is_empty() {
            input.cut = Some("standard input gave nothing, so nothing was read".to_owned());
        }
        return Ok(input);
    }
    file::open(path, most)
}

/// Opens a file that was found in a folder. It was a file when the folder was read; should it be a pipe by now, nobody waits
/// for its other end.
pub(crate) fn open_found(path: &Path, most: u64) -> io::Result<Input> {
    super::crash::perhaps(path);
    file::open_found(path, most)
}
