//! Files and standard input as sources.

use picklescope::bytes::{MemorySource, PageCache, ReadError, Source};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

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
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let mut done = 0;
        while done < buffer.len() {
            match file.read(&mut buffer[done..]) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(done)
    }
}

/// Opens a file by its name, or standard input for `-`. What cannot be read at any offset (a pipe) is read into memory.
pub(crate) fn open(name: &str) -> io::Result<Rc<dyn Source>> {
    open_path(Path::new(name))
}

/// The same by a path.
pub(crate) fn open_path(path: &Path) -> io::Result<Rc<dyn Source>> {
    if path == Path::new("-") {
        return to_memory(&mut io::stdin().lock());
    }
    let mut file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"));
    }
    if !facts.is_file() {
        return to_memory(&mut file);
    }
    Ok(Rc::new(PageCache::new(FileSource { file, length: facts.len() })))
}

fn to_memory(input: &mut dyn Read) -> io::Result<Rc<dyn Source>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(Rc::new(MemorySource::new(bytes)))
}
