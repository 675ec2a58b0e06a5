//! Files as sources: the one place of the library that opens any.

use super::input::{File, Input, memory};
use crate::bytes::{PageCache, ReadError, Source};
use crate::opcode::visible_bytes;
use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// A file that is read where it is looked at.
struct FileSource {
    file: fs::File,
    length: u64,
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let failed = |error: io::Error| ReadError { offset, message: error.to_string() };
        let mut done = 0;
        while done < buffer.len() {
            match read_once(&self.file, offset + done as u64, &mut buffer[done..]) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(done)
    }
}

/// One read at an offset: an archive of a million entries asks for each header.
#[cfg(unix)]
fn read_once(file: &fs::File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Gives the place to the read itself, for several threads may read one file.
#[cfg(windows)]
fn read_once(file: &fs::File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Opens a file that somebody named. What cannot be read at any offset (a pipe, a device) is read into memory, `most`
/// bytes of it.
#[doc(hidden)]
pub fn open(path: &Path, most: u64) -> io::Result<Input> {
    let mut file = fs::File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"));
    }
    if !facts.is_file() {
        return from_reader(&mut file, "this pipe or device", most);
    }
    whole(file, facts.len(), most)
}

/// Opens a file that was found in a folder. It was a file when the folder was read; should it be a pipe by now, nobody
/// waits for its other end.
#[doc(hidden)]
pub fn open_found(path: &Path, most: u64) -> io::Result<Input> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    let file = options.open(path)?;
    let facts = file.metadata()?;
    if facts.is_file() { whole(file, facts.len(), most) } else { Err(io::Error::other("it is not a regular file")) }
}

/// A file that says that it is empty may be one that the kernel or a file system makes while it is read.
fn whole(mut file: fs::File, length: u64, most: u64) -> io::Result<Input> {
    if length == 0 {
        return from_reader(&mut file, "this file", most);
    }
    Ok(Input { source: Arc::new(File(PageCache::new(FileSource { file, length }))), cut: None })
}

/// Reads what has no places into memory, `most` bytes of it; `name` is what a sentence calls it.
#[doc(hidden)]
pub fn from_reader(input: &mut dyn Read, name: &str, most: u64) -> io::Result<Input> {
    let mut bytes = Vec::new();
    let mut piece = vec![0; 1 << 18];
    let cut = loop {
        let left = usize::try_from(most - bytes.len() as u64).unwrap_or(usize::MAX);
        match input.read(&mut piece) {
            Ok(0) => break None,
            Ok(count) if count > left => {
                bytes.extend_from_slice(&piece[..left]);
                break Some(format!("only the first {most} bytes of {name} were read; --limit-memory raises that"));
            }
            Ok(count) => {
                // A quarter more at a time: doubling could take twice the budget.
                if bytes.capacity() - bytes.len() < count {
                    bytes.reserve_exact((bytes.len() / 4).max(piece.len()).min(left));
                }
                bytes.extend_from_slice(&piece[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    Ok(Input { source: memory(bytes), cut })
}

/// A path as text. What does not decode in it is spelled, `\xff`.
#[doc(hidden)]
#[must_use]
pub fn path_text(path: &Path) -> String {
    path.to_str().map_or_else(|| visible_bytes(path.as_os_str().as_encoded_bytes()), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_without_end_ends() {
        let input = from_reader(&mut io::repeat(7), "this", 1_000_000).unwrap();
        assert_eq!(input.source.len(), 1_000_000);
        assert!(input.cut.unwrap().contains("first 1000000 bytes"));
        let input = from_reader(&mut io::repeat(7).take(1_000_000), "this", 1_000_000).unwrap();
        assert_eq!((input.source.len(), input.cut), (1_000_000, None));
    }
}
