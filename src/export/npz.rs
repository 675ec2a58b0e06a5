//! Several arrays as numpy's `.npz`: a zip archive of `.npy` files, stored.

use super::named::{self, Names};
use super::npy::Outline;
use super::writer::{Origin, PIECE, Remarks, Writer};
use super::zip::{self, Entry};
use crate::graph::NodeId;
use crate::lens::{Lens, ShapeKind};
use flate2::Crc;

/// Writes a `.npz` file.
pub struct Npz {
    arrays: Vec<(String, Outline)>,
    entries: Vec<Entry>,
    /// The array that is being written, its next element, the checksum so far.
    current: usize,
    element: u64,
    crc: Crc,
    /// Whether the header of the current one was written.
    begun: bool,
    written: u64,
    total: u64,
    remarks: Remarks,
}

impl Npz {
    /// The file of all arrays in a value; of an array itself, that one.
    ///
    /// # Errors
    /// When there is none that `.npy` can hold, or too much.
    pub fn new(lens: &Lens<'_>, node: NodeId) -> Result<Self, String> {
        let mut remarks = Remarks::default();
        let found = named::find(lens, node, &mut remarks);
        if !found.texts.is_empty() {
            let count = crate::lens::grouped(found.texts.len() as u64);
            remarks.say(format!("left out, as they are no arrays: {count} of type str"));
        }
        let mut names = Names::new();
        let mut arrays = Vec::new();
        let mut total = 0u64;
        let is_list = lens.shape(node).kind == ShapeKind::Items;
        for array in found.arrays {
            let name = match array.name.as_str() {
                "" => "arr_0".to_owned(),
                // As `numpy.savez` names what has no name.
                index if index.bytes().all(|byte| byte.is_ascii_digit()) && is_list => {
                    format!("arr_{index}")
                }
                name => zip::inside(name),
            };
            match Outline::of(lens, array.node, &mut remarks) {
                Ok(outline) => {
                    let bytes = outline.bytes()?;
                    total = total.checked_add(bytes).ok_or("the arrays have more than 2^64 bytes")?;
                    arrays.push((names.unique(name, &mut remarks), outline));
                }
                Err(reason) => {
                    let name = crate::opcode::printable(&array.name).into_owned();
                    remarks.say(format!("{name} was left out: {reason}"));
                }
            }
        }
        if arrays.is_empty() {
            return Err("there is no array in this value that a .npz file can hold".to_owned());
        }
        Ok(Self {
            arrays,
            entries: Vec::new(),
            current: 0,
            element: 0,
            crc: Crc::new(),
            begun: false,
            written: 0,
            total,
            remarks,
        })
    }

    /// Writes some more of the current array.
    fn array(&mut self, lens: &Lens<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        let (name, outline) = &self.arrays[self.current];
        let before = out.len();
        let mut first = before;
        if !self.begun {
            let header = outline.header()?;
            let size = outline.bytes()?.checked_add(header.len() as u64).ok_or("an array has more than 2^64 bytes")?;
            let entry = Entry { name: format!("{name}.npy"), size, checksum: 0, offset: self.written };
            out.extend(entry.header());
            first = out.len();
            out.extend(header);
            self.entries.push(entry);
            (self.crc, self.element, self.begun) = (Crc::new(), 0, true);
        }
        if self.element < outline.count {
            self.element = outline.piece(lens, self.element, out)?;
        }
        self.crc.update(&out[first..]);
        if self.element >= outline.count {
            if let Some(entry) = self.entries.last_mut() {
                entry.checksum = self.crc.sum();
                out.extend(entry.descriptor());
            }
            self.current += 1;
            self.begun = false;
        }
        self.written += (out.len() - before) as u64;
        Ok(())
    }
}

impl Writer for Npz {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        while out.len() < PIECE {
            if self.current >= self.arrays.len() {
                out.extend(zip::directory(&self.entries, self.written));
                return Ok(true);
            }
            self.array(&origin.lens, out)?;
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (self.written.min(self.total), self.total)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.sentences()
    }
}
