//! The frame of a zip archive whose entries are stored and written in one go: sizes are known before, the checksum only
//! after (APPNOTE.TXT 6.3.10). Archives and entries beyond 4 GiB have the fields of zip64.

/// Bit 3: checksum and sizes stand behind the bytes. Bit 11: the name is UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// 1 January 1980, the first day that a zip archive knows: the file says nothing of when it was made.
const DATE: u16 = 1 << 5 | 1;
/// In place of a number that stands in the zip64 field.
const LARGE: u32 = u32::MAX;

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) checksum: u32,
    /// Where its header begins.
    pub(super) offset: u64,
}

impl Entry {
    fn is_large(&self) -> bool {
        self.size >= u64::from(LARGE)
    }

    /// What stands before the bytes.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut out = b"PK\x03\x04".to_vec();
        self.version(&mut out);
        // Method 0, time 0; checksum and sizes follow later.
        for word in [FLAGS, 0, 0, DATE] {
            out.extend(word.to_le_bytes());
        }
        out.extend([0; 4]);
        let sizes = if self.is_large() { LARGE } else { 0 };
        out.extend(sizes.to_le_bytes());
        out.extend(sizes.to_le_bytes());
        self.lengths(if self.is_large() { 20 } else { 0 }, &mut out);
        out.extend(self.name.as_bytes());
        if self.is_large() {
            out.extend(1u16.to_le_bytes());
            out.extend(16u16.to_le_bytes());
            out.extend(self.size.to_le_bytes());
            out.extend(self.size.to_le_bytes());
        }
        out
    }

    /// What stands behind the bytes.
    pub(super) fn descriptor(&self) -> Vec<u8> {
        let mut out = b"PK\x07\x08".to_vec();
        out.extend(self.checksum.to_le_bytes());
        for _ in 0..2 {
            match u32::try_from(self.size) {
                Ok(size) if !self.is_large() => out.extend(size.to_le_bytes()),
                _ => out.extend(self.size.to_le_bytes()),
            }
        }
        out
    }

    /// Its line in the directory.
    fn line(&self, out: &mut Vec<u8>) {
        let small = |number: u64| u32::try_from(number).unwrap_or(LARGE);
        let mut large = Vec::new();
        if self.is_large() {
            large.extend(self.size.to_le_bytes());
            large.extend(self.size.to_le_bytes());
        }
        if small(self.offset) == LARGE {
            large.extend(self.offset.to_le_bytes());
        }
        out.extend(b"PK\x01\x02");
        // Made by version 4.5 on Unix.
        out.extend([45, 3]);
        self.version(out);
        for word in [FLAGS, 0, 0, DATE] {
            out.extend(word.to_le_bytes());
        }
        out.extend(self.checksum.to_le_bytes());
        out.extend(small(self.size).to_le_bytes());
        out.extend(small(self.size).to_le_bytes());
        self.lengths(if large.is_empty() { 0 } else { large.len() as u16 + 4 }, out);
        // Comment, disk, internal attributes; an ordinary file that its owner may write.
        out.extend([0; 6]);
        out.extend((0o100_644u32 << 16).to_le_bytes());
        out.extend(small(self.offset).to_le_bytes());
        out.extend(self.name.as_bytes());
        if !large.is_empty() {
            out.extend(1u16.to_le_bytes());
            out.extend((large.len() as u16).to_le_bytes());
            out.extend(large);
        }
    }

    fn version(&self, out: &mut Vec<u8>) {
        let version: u16 = if self.is_large() { 45 } else { 20 };
        out.extend(version.to_le_bytes());
    }

    fn lengths(&self, extra: u16, out: &mut Vec<u8>) {
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend(extra.to_le_bytes());
    }
}

/// The directory and the end of an archive; `offset` is where the directory begins.
pub(super) fn directory(entries: &[Entry], offset: u64) -> Vec<u8> {
    let mut out = Vec::new();
    entries.iter().for_each(|entry| entry.line(&mut out));
    let (count, size) = (entries.len() as u64, out.len() as u64);
    let end = offset + size;
    let few = u16::try_from(count).unwrap_or(u16::MAX);
    let small = |number: u64| u32::try_from(number).unwrap_or(LARGE);
    if few == u16::MAX || small(size) == LARGE || small(offset) == LARGE {
        out.extend(b"PK\x06\x06");
        out.extend(44u64.to_le_bytes());
        out.extend([45, 3, 45, 0]);
        out.extend([0; 8]);
        for number in [count, count, size, offset] {
            out.extend(number.to_le_bytes());
        }
        out.extend(b"PK\x06\x07");
        out.extend([0; 4]);
        out.extend(end.to_le_bytes());
        out.extend(1u32.to_le_bytes());
    }
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(few.to_le_bytes());
    out.extend(few.to_le_bytes());
    out.extend(small(size).to_le_bytes());
    out.extend(small(offset).to_le_bytes());
    out.extend([0; 2]);
    out
}

/// A name that stays inside whatever folder the archive is unpacked to: no root, no drive, no way up, no control characters.
pub(super) fn inside(name: &str) -> String {
    const LONGEST: usize = 1000;
    let name: String = name.chars().map(|c| if c.is_control() || matches!(c, '\\' | ':') { '_' } else { c }).collect();
    let parts = name.split('/').filter(|part| !part.is_empty() && *part != ".");
    let parts: Vec<&str> = parts.map(|part| if part == ".." { "__" } else { part }).collect();
    let mut name = parts.join("/");
    while name.len() > LONGEST {
        name.pop();
    }
    if name.is_empty() { "_".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(size: u64, offset: u64) -> Entry {
        Entry { name: "a.npy".to_owned(), size, checksum: 0x1234_5678, offset }
    }

    #[test]
    fn sizes_beyond_four_gigabytes_have_their_own_field() {
        let (small, large) = (entry(10, 0), entry(5 << 30, 0));
        assert_eq!(small.header().len(), 30 + 5);
        assert_eq!(large.header().len(), 30 + 5 + 20);
        assert_eq!(large.header()[18..26], [0xff; 8]);
        assert_eq!(large.header()[35..39], [1, 0, 16, 0]);
        assert_eq!(large.header()[39..47], (5u64 << 30).to_le_bytes());
        assert_eq!((small.descriptor().len(), large.descriptor().len()), (16, 24));
    }

    #[test]
    fn offsets_beyond_four_gigabytes_stand_in_the_directory() {
        let far = directory(&[entry(10, 5 << 30)], 6 << 30);
        assert_eq!(far[42..46], [0xff; 4]);
        assert_eq!(far[51..55], [1, 0, 8, 0]);
        assert_eq!(far[55..63], (5u64 << 30).to_le_bytes());
        // The end of zip64 and its locator stand before the end.
        assert_eq!(&far[63..67], b"PK\x06\x06");
        assert_eq!(far.len(), 63 + 56 + 20 + 22);
        assert_eq!(directory(&[entry(10, 0)], 100).len(), 51 + 22);
    }

    #[test]
    fn more_entries_than_sixteen_bits_count() {
        let many = vec![entry(1, 0); 70_000];
        let bytes = directory(&many, 0);
        assert_eq!(bytes.len(), 70_000 * 51 + 56 + 20 + 22);
    }

    #[test]
    fn names_stay_inside() {
        assert_eq!(inside("../../etc/passwd"), "__/__/etc/passwd");
        assert_eq!(inside("/a//b/./c"), "a/b/c");
        assert_eq!(inside("c:\\x"), "c__x");
        assert_eq!(inside("a\0b\n"), "a_b_");
        assert_eq!(inside(""), "_");
    }
}
