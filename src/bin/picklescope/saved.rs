//! The file that `export --output` writes: there as a whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

/// A file that is being written.
///
/// Its bytes go to a file beside it, which takes its place when all of them are there. So a file of that name that was there
/// before stays until then, and half a file is never taken for a whole one. What is no file (a device, a pipe) is written to
/// as it is, and never removed.
pub(crate) struct Saved {
    file: File,
    /// Where the bytes are, and where they belong; `None` for what is no file.
    places: Option<(PathBuf, PathBuf)>,
}

impl Saved {
    /// Opens what `name` stands for, links followed.
    pub(crate) fn create(name: &Path) -> io::Result<Self> {
        let known = fs::metadata(name);
        if known.as_ref().is_ok_and(|facts| !facts.is_file()) {
            return Ok(Self { file: OpenOptions::new().write(true).open(name)?, places: None });
        }
        let target = match known {
            Ok(_) => fs::canonicalize(name)?,
            Err(_) => linked(name),
        };
        let mut part = OsString::from(".");
        part.push(target.file_name().ok_or(io::ErrorKind::InvalidInput)?);
        part.push(format!(".{}.part", process::id()));
        let part = target.with_file_name(part);
        let file = OpenOptions::new().write(true).create_new(true).open(&part)?;
        Ok(Self { file, places: Some((part, target)) })
    }

    /// Puts the file in its place.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        let Some((part, target)) = self.places.take() else { return Ok(()) };
        let moved = match fs::metadata(&target) {
            Ok(before) => fs::set_permissions(&part, before.permissions()),
            Err(_) => Ok(()),
        };
        let moved = moved.and_then(|()| fs::rename(&part, &target));
        if moved.is_err() {
            let _ = fs::remove_file(&part);
        }
        moved
    }
}

/// Where a link leads that leads to nothing yet, or the name itself.
fn linked(name: &Path) -> PathBuf {
    match fs::read_link(name) {
        Ok(target) => name.parent().unwrap_or(Path::new("")).join(target),
        Err(_) => name.to_owned(),
    }
}

impl Write for Saved {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.places {
            let _ = fs::remove_file(part);
        }
    }
}
