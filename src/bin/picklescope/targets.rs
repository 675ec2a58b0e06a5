//! The files that a scan is about.

use super::input::path_text;
use super::output;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// A file to scan, or why it cannot be opened.
pub(crate) enum Target {
    /// A path of the command line, of any kind.
    Named(PathBuf),
    /// A file in a folder.
    Found(PathBuf),
    Unreadable(PathBuf, String),
    /// Bytes in base64, and what they are called.
    Given {
        name: String,
        base64: String,
    },
    /// A line that names no file, and why.
    Wrong(String),
}

impl Target {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Named(path) | Self::Found(path) | Self::Unreadable(path, _) => path,
            Self::Given { name, .. } => Path::new(name),
            Self::Wrong(_) => Path::new(""),
        }
    }

    /// Whether it is standard input, which only one process can read.
    pub(crate) fn is_standard_input(&self) -> bool {
        matches!(self, Self::Named(path) if path == Path::new("-"))
    }
}

/// A file, or every file in a folder and the folders in it, sorted by name. Links to folders are not followed; what is
/// neither a file nor a folder is skipped in folders, which is said: a pipe may have no other end, a device no last byte.
pub(crate) fn find(path: &Path) -> Vec<Target> {
    let is_folder = path != Path::new("-") && fs::metadata(path).is_ok_and(|facts| facts.is_dir());
    if !is_folder {
        return vec![Target::Named(path.to_owned())];
    }
    let mut found = Vec::new();
    let given = path;
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        let is_link = path != given && fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_symlink());
        match fs::metadata(&path) {
            Ok(facts) if facts.is_dir() && is_link => {}
            Ok(facts) if facts.is_dir() => match entries(&path) {
                Ok(entries) => waiting.extend(entries.into_iter().rev()),
                Err(error) => found.push(Target::Unreadable(path, error.to_string())),
            },
            Ok(facts) if facts.is_file() => found.push(Target::Found(path)),
            Ok(facts) => output::say(&format!("{}: skipped, it is {}", path_text(&path), kind(facts.file_type()))),
            Err(error) => found.push(Target::Unreadable(path, error.to_string())),
        }
    }
    found
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match file_type {
        of if of.is_fifo() => "a pipe",
        of if of.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind(_: FileType) -> &'static str {
    "neither a file nor a folder"
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}
