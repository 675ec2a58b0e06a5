//! Python source as a file.

use super::python::{self, Budget, Source};
use super::writer::{Origin, PIECE, Writer};

/// Blanks of one level.
const INDENT: &str = "    ";

/// Writes the whole document as Python source.
#[derive(Default)]
pub struct PythonFile {
    source: Option<Source>,
    line: usize,
}

impl Writer for PythonFile {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        let make = || python::source(origin.reading, &origin.lens, &Budget::default(), &|_| 0);
        let source = self.source.get_or_insert_with(make);
        while out.len() < PIECE {
            let Some(line) = source.line(self.line) else { return Ok(true) };
            self.line += 1;
            if !line.pieces.is_empty() {
                out.extend(INDENT.repeat(line.indent as usize).as_bytes());
            }
            line.pieces.iter().for_each(|(_, text)| out.extend(text.as_bytes()));
            out.push(b'\n');
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (self.line as u64, self.source.as_ref().map_or(1, |source| source.len() as u64))
    }
}
