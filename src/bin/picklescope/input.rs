//! Files and standard input as sources.

use picklescope::bytes::{MemorySource, PageCache, ReadError, Source};
use picklescope::opcode::visible_bytes;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// What was opened.
pub(crate) struct Input {
    pub(crate) source: Arc<dyn Source>,
    /// Why this is not all of it, in a sentence.
    pub(crate) cut: Option<String>,
}

/// A file that is read where it is looked at.
struct FileSource {
    file: File,
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
fn read_once(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(not(unix))]
fn read_once(mut file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    io::Seek::seek(&mut file, io::SeekFrom::Start(offset))?;
    file.read(buffer)
}

/// Opens a file that somebody named, or standard input for `-`. What cannot be read at any offset (a pipe, a device) is read
/// into memory, `most` bytes of it.
pub(crate) fn open(path: &Path, most: u64) -> io::Result<Input> {
    super::crash::perhaps(path);
    if path == Path::new("-") {
        let mut input = to_memory(&mut io::stdin().lock(), "standard input", most)?;
        // It may be closed, which looks the same.
        if input.source.is_empty() {
            input.cut = Some("standard input gave nothing, so nothing was read".to_owned());
        }
        return Ok(input);
    }
    let mut file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"));
    }
    if !facts.is_file() {
        return to_memory(&mut file, "this pipe or device", most);
    }
    whole(file, facts.len(), most)
}

/// Opens a file that was found in a folder. It was a file when the folder was read; should it be a pipe by now, nobody waits
/// for its other end.
pub(crate) fn open_found(path: &Path, most: u64) -> io::Result<Input> {
    super::crash::perhaps(path);
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    let file = options.open(path)?;
    let facts = file.metadata()?;
    if facts.is_file() { whole(file, facts.len(), most) } else { Err(io::Error::other("it is no file any more")) }
}

/// A file that says that it is empty may be one that the kernel or a file system makes while it is read.
fn whole(mut file: File, length: u64, most: u64) -> io::Result<Input> {
    if length == 0 {
        return to_memory(&mut file, "this file", most);
    }
    Ok(Input { source: Arc::new(PageCache::new(FileSource { file, length })), cut: None })
}

fn to_memory(input: &mut dyn Read, name: &str, most: u64) -> io::Result<Input> {
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
    Ok(Input { source: Arc::new(MemorySource::new(bytes)), cut })
}

/// A path as text. What does not decode in it is spelled, `\xff`.
pub(crate) fn path_text(path: &Path) -> String {
    path.to_str().map_or_else(|| visible_bytes(path.as_os_str().as_encoded_bytes()), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_without_end_ends() {
        let input = to_memory(&mut io::repeat(7), "this", 1_000_000).unwrap();
        assert_eq!(input.source.len(), 1_000_000);
        assert!(input.cut.unwrap().contains("first 1000000 bytes"));
        let input = to_memory(&mut io::repeat(7).take(1_000_000), "this", 1_000_000).unwrap();
        assert_eq!((input.source.len(), input.cut), (1_000_000, None));
    }
}
