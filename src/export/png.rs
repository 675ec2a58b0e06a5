//! Pixels as PNG (ISO/IEC 15948): 8 bits a channel, with alpha only where some pixel is not opaque.

use super::writer::{Origin, PIECE, Writer};
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Bytes of a compressed chunk, about.
const CHUNK: usize = 64 * 1024;

/// Writes a picture.
pub struct Png {
    width: usize,
    height: usize,
    /// Red, green, blue, alpha of each pixel, by rows.
    pixels: Vec<u8>,
    has_alpha: bool,
    row: usize,
    deflate: Compress,
    remarks: Vec<String>,
}

impl Png {
    /// The file of these pixels: red, green, blue, alpha of each, by rows.
    ///
    /// # Errors
    /// When there are not as many as there should be, or none.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>, remarks: Vec<String>) -> Result<Self, String> {
        let needed = u64::from(width) * u64::from(height) * 4;
        if needed == 0 || pixels.len() as u64 != needed {
            return Err(format!("{} bytes are no picture of {width} x {height} pixels", pixels.len()));
        }
        let has_alpha = pixels.chunks_exact(4).any(|pixel| pixel[3] != 255);
        let deflate = Compress::new(Compression::default(), true);
        let (width, height) = (width as usize, height as usize);
        Ok(Self { width, height, pixels, has_alpha, row: 0, deflate, remarks })
    }

    /// Pixels across and down.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width as u32, self.height as u32)
    }

    fn header(&self, out: &mut Vec<u8>) {
        out.extend(b"\x89PNG\r\n\x1a\n");
        let mut header = (self.width as u32).to_be_bytes().to_vec();
        header.extend((self.height as u32).to_be_bytes());
        // Depth, colours, then compression, filters and interlacing, of which there is only one kind each here.
        header.extend([8, if self.has_alpha { 6 } else { 2 }, 0, 0, 0]);
        chunk(*b"IHDR", &header, out);
    }

    /// The row as it is compressed: the filter (each byte less the one of the pixel before), then the channels.
    fn filtered(&self, row: usize) -> Vec<u8> {
        let channels = if self.has_alpha { 4 } else { 3 };
        let pixels = &self.pixels[row * self.width * 4..(row + 1) * self.width * 4];
        let mut line = Vec::with_capacity(1 + self.width * channels);
        line.push(1);
        let mut before = [0; 4];
        for pixel in pixels.chunks_exact(4) {
            for channel in 0..channels {
                line.push(pixel[channel].wrapping_sub(before[channel]));
                before[channel] = pixel[channel];
            }
        }
        line
    }

    fn compress(&mut self, bytes: &[u8], flush: FlushCompress, out: &mut Vec<u8>) -> Result<(), String> {
        let mut rest = bytes;
        loop {
            let mut packed = Vec::with_capacity(CHUNK);
            let before = self.deflate.total_in();
            let status = self.deflate.compress_vec(rest, &mut packed, flush).map_err(|error| error.to_string())?;
            rest = &rest[(self.deflate.total_in() - before) as usize..];
            let is_full = packed.len() == packed.capacity();
            if !packed.is_empty() {
                chunk(*b"IDAT", &packed, out);
            }
            let ends = match flush {
                FlushCompress::Finish => status == Status::StreamEnd,
                _ => rest.is_empty() && !is_full,
            };
            if ends {
                return Ok(());
            }
        }
    }
}

/// A chunk: length, name, bytes, checksum of the last two.
fn chunk(name: [u8; 4], bytes: &[u8], out: &mut Vec<u8>) {
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(bytes);
    out.extend((bytes.len() as u32).to_be_bytes());
    out.extend(name);
    out.extend(bytes);
    out.extend(sum.sum().to_be_bytes());
}

impl Writer for Png {
    fn step(&mut self, _: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        if self.row == 0 {
            self.header(out);
        }
        let mut lines = Vec::new();
        let first = self.row;
        while self.row < self.height && lines.len() < PIECE {
            lines.extend(self.filtered(self.row));
            self.row += 1;
        }
        if self.row > first {
            self.compress(&lines, FlushCompress::None, out)?;
        }
        if self.row < self.height {
            return Ok(false);
        }
        self.compress(&[], FlushCompress::Finish, out)?;
        chunk(*b"IEND", &[], out);
        Ok(true)
    }

    fn progress(&self) -> (u64, u64) {
        (self.row as u64, self.height as u64)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.clone()
    }
}
