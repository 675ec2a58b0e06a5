//! Deflate and what is wrapped around it: gzip (RFC 1952), zlib (RFC 1950), joblib's `ZF` files, bare in zip entries.

use super::decode::{Decode, Step, note_trailing};
use crate::bytes::SpanKind;
use crate::container::feed::Feed;
use crate::container::note::Note;
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// The wrapping that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapping {
    Gzip,
    Zlib,
    Joblib,
    Bare,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Head,
    Body,
    Tail,
    Behind,
    Over,
}

/// A decoder of deflated bytes.
pub(super) struct Deflated {
    wrapping: Wrapping,
    phase: Phase,
    inflate: Decompress,
    crc: Crc,
    adler: Adler,
    /// Bytes of the member that is being read.
    length: u64,
    /// What the header of a joblib `ZF` file promises.
    declared: Option<u64>,
    members: u64,
}

impl Deflated {
    fn new(wrapping: Wrapping) -> Self {
        Self {
            wrapping,
            phase: Phase::Head,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            adler: Adler::default(),
            length: 0,
            declared: None,
            members: 0,
        }
    }

    pub(super) fn gzip() -> Self {
        Self::new(Wrapping::Gzip)
    }

    pub(super) fn zlib() -> Self {
        Self::new(Wrapping::Zlib)
    }

    pub(super) fn joblib() -> Self {
        Self::new(Wrapping::Joblib)
    }

    pub(super) fn raw() -> Self {
        Self::new(Wrapping::Bare)
    }

    fn name(&self) -> &'static str {
        match self.wrapping {
            Wrapping::Gzip => "gzip stream",
            Wrapping::Zlib | Wrapping::Joblib => "zlib stream",
            Wrapping::Bare => "deflated data",
        }
    }

    fn head(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<(), String> {
        match self.wrapping {
            Wrapping::Gzip => gzip_head(feed, notes)?,
            Wrapping::Zlib => zlib_head(feed)?,
            Wrapping::Joblib => {
                feed.begin(SpanKind::Header, "joblib ZF header: the length of the content");
                self.declared = joblib_head(feed, notes)?;
                zlib_head(feed)?;
            }
            Wrapping::Bare => {}
        }
        feed.begin(SpanKind::Data, "deflated data");
        self.inflate.reset(false);
        self.crc.reset();
        self.adler = Adler::default();
        self.length = 0;
        self.members += 1;
        self.phase = Phase::Body;
        Ok(())
    }

    /// Inflates into `room`; the flag says that the deflated data is over.
    fn body(&mut self, feed: &mut Feed, room: &mut [u8]) -> (usize, Result<bool, String>) {
        let mut done = 0;
        loop {
            if done == room.len() {
                return (done, Ok(false));
            }
            let input = feed.peek(1);
            let at_end = input.is_empty();
            let before = (self.inflate.total_in(), self.inflate.total_out());
            let result = self.inflate.decompress(input, &mut room[done..], FlushDecompress::None);
            let read = (self.inflate.total_in() - before.0) as usize;
            let wrote = (self.inflate.total_out() - before.1) as usize;
            feed.consume(read);
            self.count(&room[done..done + wrote]);
            done += wrote;
            match result {
                Ok(Status::StreamEnd) => return (done, Ok(true)),
                Ok(_) if read == 0 && wrote == 0 => {
                    let message = if at_end { feed.cut_short(self.name()) } else { self.damaged() };
                    return (done, Err(message));
                }
                Ok(_) => {}
                Err(_) => return (done, Err(self.damaged())),
            }
        }
    }

    fn damaged(&self) -> String {
        format!("the {} is damaged: its deflate codes make no sense", self.name())
    }

    fn count(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        match self.wrapping {
            Wrapping::Gzip => self.crc.update(bytes),
            Wrapping::Zlib | Wrapping::Joblib => self.adler.update(bytes),
            Wrapping::Bare => {}
        }
    }

    /// The checksums behind the data. What they say is no reason to doubt bytes that are all there: a note.
    fn tail(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Result<(), String> {
        let offset = Some(feed.position());
        match self.wrapping {
            Wrapping::Gzip => {
                feed.begin(SpanKind::Trailer, "gzip trailer: CRC-32 and length of the content");
                let trailer = feed.take::<8>().ok_or_else(|| feed.cut_short("gzip trailer"))?;
                let [a, b, c, d, e, f, g, h] = trailer;
                let (crc, length) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
                if crc != self.crc.sum() {
                    let text = format!("gzip says CRC-32 {crc:08x}, the content has {:08x}", self.crc.sum());
                    notes.push(Note { offset, text, disguise: false });
                }
                if length != self.length as u32 {
                    let text = format!("gzip says {length} bytes (modulo 2^32), the content has {}", self.length);
                    notes.push(Note { offset, text, disguise: false });
                }
            }
            Wrapping::Zlib | Wrapping::Joblib => {
                feed.begin(SpanKind::Trailer, "zlib checksum: Adler-32 of the content");
                let adler = feed.take::<4>().ok_or_else(|| feed.cut_short("zlib checksum"))?;
                let (adler, sum) = (u32::from_be_bytes(adler), self.adler.sum());
                if adler != sum {
                    let text = format!("zlib says Adler-32 {adler:08x}, the content has {sum:08x}");
                    notes.push(Note { offset, text, disguise: false });
                }
            }
            Wrapping::Bare => {}
        }
        if let Some(declared) = self.declared.filter(|declared| *declared != self.length) {
            let text = format!("the ZF header says {declared} bytes, the content has {}", self.length);
            notes.push(Note { offset: None, text, disguise: false });
        }
        Ok(())
    }

    /// What follows a member: another one (gzip), zeros that Python's gzip skips, or bytes that belong to nothing.
    fn behind(&mut self, feed: &mut Feed, notes: &mut Vec<Note>) -> Phase {
        if self.wrapping == Wrapping::Gzip {
            loop {
                let bytes = feed.peek(2);
                if bytes.starts_with(&[0x1f, 0x8b]) {
                    return Phase::Head;
                }
                let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                if zeros == 0 {
                    break;
                }
                feed.begin(SpanKind::Padding, "zeros behind a gzip member");
                feed.consume(zeros);
            }
        }
        note_trailing(feed, self.name(), notes);
        Phase::Over
    }
}

impl Decode for Deflated {
    fn decode(&mut self, feed: &mut Feed, room: &mut [u8], notes: &mut Vec<Note>) -> (usize, Step) {
        let mut done = 0;
        loop {
            let result = match self.phase {
                Phase::Head => self.head(feed, notes),
                Phase::Body => {
                    let (count, result) = self.body(feed, &mut room[done..]);
                    done += count;
                    match result {
                        Ok(false) => return (done, Step::More),
                        Ok(true) => {
                            self.phase = Phase::Tail;
                            Ok(())
                        }
                        Err(message) => Err(message),
                    }
                }
                Phase::Tail => self.tail(feed, notes).map(|()| self.phase = Phase::Behind),
                Phase::Behind => {
                    self.phase = self.behind(feed, notes);
                    Ok(())
                }
                Phase::Over => return (done, Step::Done),
            };
            if let Err(message) = result {
                return (done, Step::Failed(message));
            }
        }
    }
}

/// Steps over a gzip header: RFC 1952, section 2.3.
fn gzip_head(feed: &mut Feed, notes: &mut Vec<Note>) -> Result<(), String> {
    const CRC: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let offset = feed.position();
    feed.begin(SpanKind::Header, "gzip header");
    let short = |feed: &Feed| feed.cut_short("gzip header");
    let [magic1, magic2, method, flags, ..] = feed.take::<10>().ok_or_else(|| short(feed))?;
    if [magic1, magic2, method] != [0x1f, 0x8b, 8] {
        return Err("this is no gzip header".to_owned());
    }
    if flags & 0xe0 != 0 {
        let text = format!("gzip flags {flags:#04x} have reserved bits");
        notes.push(Note { offset: Some(offset + 3), text, disguise: false });
    }
    if flags & EXTRA != 0 {
        let length = feed.take::<2>().ok_or_else(|| short(feed))?;
        feed.skip(u64::from(u16::from_le_bytes(length)));
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            while feed.take::<1>().ok_or_else(|| short(feed))? != [0] {}
        }
    }
    if flags & CRC != 0 {
        feed.take::<2>().ok_or_else(|| short(feed))?;
    }
    Ok(())
}

/// Steps over a zlib header: RFC 1950, section 2.2.
fn zlib_head(feed: &mut Feed) -> Result<(), String> {
    feed.begin(SpanKind::Header, "zlib header");
    let [cmf, flags] = feed.take::<2>().ok_or_else(|| feed.cut_short("zlib header"))?;
    if cmf & 0x0f != 8 || u16::from_be_bytes([cmf, flags]) % 31 != 0 {
        return Err("this is no zlib header".to_owned());
    }
    if flags & 0x20 != 0 {
        return Err("the zlib stream needs a preset dictionary, which it does not carry".to_owned());
    }
    Ok(())
}

/// Reads the header of a joblib < 0.10 file: `ZF` and the length of the content as hex text, padded with blanks to 19
/// characters (or 20, by a version that wrote an `L`). Source: `read_zfile` in joblib's `numpy_pickle_compat.py`.
fn joblib_head(feed: &mut Feed, notes: &mut Vec<Note>) -> Result<Option<u64>, String> {
    const WIDTH: usize = 19;
    let offset = feed.position();
    let bytes = feed.take::<{ 2 + WIDTH }>().ok_or_else(|| feed.cut_short("ZF header"))?;
    if &bytes[..2] != b"ZF" {
        return Err("this is no ZF header".to_owned());
    }
    // joblib looks for the zlib header behind the shorter field, too.
    if feed.peek(1).first() == Some(&b' ') {
        feed.consume(1);
    }
    let text = String::from_utf8_lossy(&bytes[2..]);
    let digits = text.trim().trim_end_matches('L').trim_start_matches("0x");
    let length = u64::from_str_radix(digits, 16).ok();
    if length.is_none() {
        notes.push(Note {
            offset: Some(offset + 2),
            text: format!("the ZF header's length {text:?} is no number"),
            disguise: false,
        });
    }
    Ok(length)
}

/// The checksum of RFC 1950, section 9.
struct Adler {
    a: u32,
    b: u32,
}

impl Default for Adler {
    fn default() -> Self {
        Self { a: 1, b: 0 }
    }
}

impl Adler {
    fn update(&mut self, bytes: &[u8]) {
        const MODULUS: u32 = 65521;
        // So many sums fit 32 bits before the remainder has to be taken.
        for chunk in bytes.chunks(5552) {
            for byte in chunk {
                self.a += u32::from(*byte);
                self.b += self.a;
            }
            self.a %= MODULUS;
            self.b %= MODULUS;
        }
    }

    fn sum(&self) -> u32 {
        self.b << 16 | self.a
    }
}
