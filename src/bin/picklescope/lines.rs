//! The lines that `picklescope scan --stdin` reads, each a file to scan.

use super::targets::Target;
use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of a line: what one file in base64 may take.
const LONGEST: usize = 64 << 20;

/// A line of JSON: a file, or a name and bytes in base64.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: Option<String>,
    name: Option<String>,
    base64: Option<String>,
}

/// A target for each line of an input, bad lines included.
pub(crate) struct Lines<'s, R> {
    input: BufReader<R>,
    /// Whether nobody wants any further results.
    stopped: &'s AtomicBool,
    is_over: bool,
}

impl<'s, R: Read> Lines<'s, R> {
    pub(crate) fn new(input: R, stopped: &'s AtomicBool) -> Self {
        Self { input: BufReader::new(input), stopped, is_over: false }
    }

    /// The next line without its line feed; `None` at the end, and an error for one that is too long, which is skipped.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let count = (&mut self.input).take(LONGEST as u64 + 1).read_until(b'\n', &mut line)?;
        if count == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if line.len() > LONGEST {
            self.input.skip_until(b'\n')?;
            let message = format!("the line is longer than {LONGEST} bytes; name a file by its path instead");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(Some(line))
    }
}

impl<R: Read> Iterator for Lines<'_, R> {
    type Item = Target;

    fn next(&mut self) -> Option<Target> {
        if self.is_over || self.stopped.load(Ordering::Relaxed) {
            return None;
        }
        let target = match self.line() {
            Ok(None) => None,
            Ok(Some(line)) => Some(target(line).unwrap_or_else(|why| Target::Wrong(format!("the line {why}")))),
            Err(error) => {
                self.is_over = error.kind() != io::ErrorKind::InvalidData;
                let what = if self.is_over { "standard input cannot be read: " } else { "" };
                Some(Target::Wrong(format!("{what}{error}")))
            }
        };
        self.is_over |= target.is_none();
        target
    }
}

/// What a line names, or what is wrong with it.
fn target(line: Vec<u8>) -> Result<Target, String> {
    if line.first() != Some(&b'{') {
        let path = path(line)?;
        return if path.as_os_str().is_empty() { Err("is empty".to_owned()) } else { Ok(listed(path)) };
    }
    let line: Line = serde_json::from_slice(&line).map_err(|error| format!("is not the JSON of a file: {error}"))?;
    match (line.path, line.name, line.base64) {
        (Some(path), None, None) if !path.is_empty() => Ok(listed(PathBuf::from(path))),
        (None, Some(name), Some(base64)) if !name.is_empty() => Ok(Target::Given { name, base64 }),
        _ => Err("needs either \"path\", or \"name\" and \"base64\", none of them empty".to_owned()),
    }
}

/// A path as the file it names: `-` is a file of this name, for standard input is where the lines come from.
fn listed(path: PathBuf) -> Target {
    Target::Found(if path == Path::new("-") { Path::new(".").join(path) } else { path })
}

#[cfg(unix)]
fn path(line: Vec<u8>) -> Result<PathBuf, String> {
    use std::os::unix::ffi::OsStringExt;
    Ok(std::ffi::OsString::from_vec(line).into())
}

#[cfg(not(unix))]
fn path(mut line: Vec<u8>) -> Result<PathBuf, String> {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map(PathBuf::from).map_err(|_| "is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: impl Read) -> Vec<Target> {
        Lines::new(input, &AtomicBool::new(false)).collect()
    }

    fn why(target: &Target) -> &str {
        match target {
            Target::Wrong(why) => why,
            _ => panic!("taken for a file"),
        }
    }

    #[test]
    fn a_line_that_is_too_long_costs_only_itself() {
        let long = io::repeat(b'x').take(3 * LONGEST as u64);
        let found = read(io::Cursor::new("a.pkl\n").chain(long).chain(io::Cursor::new("\nb.pkl")));
        assert_eq!(found.len(), 3);
        assert!(why(&found[1]).contains("longer than"));
        assert_eq!(found[2].path(), Path::new("b.pkl"));
        let just = io::repeat(b'x').take(LONGEST as u64);
        let found = read(just.chain(io::Cursor::new("\nb")));
        assert_eq!((found.len(), found[0].path().as_os_str().len()), (2, LONGEST));
    }

    #[test]
    fn an_input_that_fails_is_one_bad_line_and_the_end() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("unplugged"))
            }
        }
        let found = read(io::Cursor::new("a\n").chain(Broken));
        assert_eq!(found.len(), 2);
        assert!(why(&found[1]).contains("unplugged"));
    }

    #[test]
    fn nothing_is_read_once_nobody_listens() {
        let stopped = AtomicBool::new(false);
        let mut lines = Lines::new(io::Cursor::new("a\nb\n"), &stopped);
        assert!(lines.next().is_some());
        stopped.store(true, Ordering::Relaxed);
        assert!(lines.next().is_none());
    }
}
