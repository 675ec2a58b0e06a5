//! A line for each module of which anything is known: what is known of itself, its names, and its classes whose source was read.
//! `build.rs` writes them. For the page they are a file of their own, compressed; they are unpacked when the first name is asked for.

use super::hash::hash;
use memchr::memchr;
use std::sync::OnceLock;

/// The letter of number 0 in a line. A letter takes two bytes and ends what it stands behind, which is ASCII.
const FIRST_LETTER: u32 = 0x80;

/// What the line of a module says.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// The number of what is known of the module itself.
    pub(super) info: usize,
    /// Names in order, each with the letter of its entry behind it.
    names: &'static str,
    /// The letter of the source that was read and groups of classes, with tabs between these; `;` before the next source. Empty
    /// if none was read.
    pub(super) facts: &'static str,
}

impl Line {
    /// The number of what is known of a name.
    pub(super) fn entry(self, name: &str) -> Option<usize> {
        let bytes = self.names.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = bytes[low..middle].iter().rposition(|byte| byte & 0xc0 == 0x80).map_or(low, |at| low + at + 1);
            let end = start + bytes[start..].iter().position(|&byte| byte >= 0x80)?;
            match self.names[start..end].cmp(name) {
                std::cmp::Ordering::Less => low = end + 2,
                std::cmp::Ordering::Equal => return lettered(&self.names[end..]).map(|(number, _)| number),
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }
}

/// The number whose letter a text begins with, and what follows.
pub(super) fn lettered(text: &'static str) -> Option<(usize, &'static str)> {
    let mut letters = text.chars();
    let number = u32::from(letters.next()?).checked_sub(FIRST_LETTER)?;
    Some((number as usize, letters.as_str()))
}

/// Where the cells of a line begin; it ends where the next one begins.
#[derive(Clone, Copy)]
struct Place {
    module: u32,
    names: u32,
    facts: u32,
}

/// All lines, and the table by which they are found.
struct Lines {
    text: &'static str,
    places: Vec<Place>,
    /// Numbers of places, from 1, at the hashes of their modules.
    slots: Vec<u16>,
}

impl Lines {
    fn new(text: &'static str) -> Self {
        let mut places = Vec::with_capacity(1 << 15);
        let mut at = 0;
        while at < text.len() {
            let bytes = &text.as_bytes()[at..];
            let length = memchr(b'\n', bytes).unwrap_or(bytes.len());
            let line = &bytes[..length];
            let names = memchr(b'\t', line).map_or(length, |tab| tab + 1);
            let facts = memchr(b'\t', &line[names..]).map_or(length, |tab| names + tab + 1);
            // The text has a few megabytes.
            let place = |cell: usize| (at + cell) as u32;
            places.push(Place { module: place(0), names: place(names), facts: place(facts) });
            at += length + 1;
        }
        let mut lines = Self { text, slots: vec![0; (2 * places.len()).next_power_of_two()], places };
        for number in 0..lines.places.len() {
            let mut slot = hash(lines.module(number)) % lines.slots.len();
            while lines.slots[slot] != 0 {
                slot = (slot + 1) % lines.slots.len();
            }
            lines.slots[slot] = u16::try_from(number + 1).unwrap_or_default();
        }
        lines
    }

    fn module(&self, number: usize) -> &'static str {
        let place = self.places[number];
        &self.text[place.module as usize..place.names as usize - 1]
    }

    fn line(&self, number: usize) -> Option<Line> {
        let place = self.places[number];
        let end = self.places.get(number + 1).map_or(self.text.len(), |next| next.module as usize) - 1;
        let names = self.text[place.names as usize..place.facts as usize].trim_end_matches('\t');
        let facts = self.text.get(place.facts as usize..end).unwrap_or_default();
        let (info, names) = lettered(names)?;
        Some(Line { info, names, facts })
    }

    fn find(&self, module: &str) -> Option<Line> {
        let mut slot = hash(module) % self.slots.len();
        loop {
            let number = usize::from(self.slots[slot]).checked_sub(1)?;
            if self.module(number) == module {
                return self.line(number);
            }
            slot = (slot + 1) % self.slots.len();
        }
    }
}

/// The first component of a module.
pub(super) fn top_level(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

/// Whether any module may be known whose first component is this: sometimes of one that is not.
fn may_be_known(top_level: &str) -> bool {
    static BITS: [u64; 256] = include!(concat!(env!("OUT_DIR"), "/top_levels.rs"));
    let bit = hash(top_level) % (64 * BITS.len());
    BITS[bit / 64] >> (bit % 64) & 1 != 0
}

/// Whether the source of a class of this top-level package was read.
pub(super) fn is_read(package: &str) -> bool {
    if !may_be_known(package) {
        return false;
    }
    let lines = lines();
    let (mut low, mut high) = (0, lines.places.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if lines.module(middle) < package { low = middle + 1 } else { high = middle }
    }
    let is_of =
        |module: &str| module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let of_package = (low..lines.places.len()).take_while(|&number| is_of(lines.module(number)));
    of_package.filter_map(|number| lines.line(number)).any(|line| !line.facts.is_empty())
}

fn lines() -> &'static Lines {
    static LINES: OnceLock<Lines> = OnceLock::new();
    LINES.get_or_init(|| Lines::new(text()))
}

/// The line of a module, if anything is known of it.
pub(super) fn line(module: &str) -> Option<Line> {
    // Unpacking takes longer than most files do: names of the file's own modules do not wait for it.
    may_be_known(top_level(module)).then(|| lines().find(module)).flatten()
}

/// Makes the lines ready, so that the first question does not wait for it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn prepare() {
    lines();
}

#[cfg(not(target_arch = "wasm32"))]
fn text() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/modules.txt"))
}

#[cfg(target_arch = "wasm32")]
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| expanded(&unpacked(packed())))
}

/// What the page handed in.
#[cfg(target_arch = "wasm32")]
static PACKED: OnceLock<Vec<u8>> = OnceLock::new();

/// Takes the file of names that belongs to this program. Without it there is no audit: the error says which it must be.
#[cfg(target_arch = "wasm32")]
pub(crate) fn take(file: &[u8]) -> Result<(), String> {
    const FILE: (&str, u64) = include!(concat!(env!("OUT_DIR"), "/file.rs"));
    match file.split_first_chunk::<8>() {
        Some((digest, packed)) if u64::from_le_bytes(*digest) == FILE.1 => {
            let _ = PACKED.set(packed.to_vec());
            Ok(())
        }
        _ => Err(format!("{} did not come with the page", FILE.0)),
    }
}

#[cfg(target_arch = "wasm32")]
fn packed() -> &'static [u8] {
    #[cfg(feature = "page")]
    const OWN: &[u8] = &[];
    /// Tests in a browser have no page that would hand them in.
    #[cfg(not(feature = "page"))]
    const OWN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/modules.lzma"));
    PACKED.get().map_or(OWN, Vec::as_slice)
}

/// What a `.lzma` file of this program holds.
#[cfg(target_arch = "wasm32")]
fn unpacked(packed: &[u8]) -> String {
    use lzma_rust2::{Action, LzmaStream};
    let Some((head, codes)) = packed.split_first_chunk::<13>() else { return String::new() };
    let [properties, d0, d1, d2, d3, size @ ..] = *head;
    let (dictionary, size) = (u32::from_le_bytes([d0, d1, d2, d3]), u64::from_le_bytes(size));
    let Ok(mut stream) = LzmaStream::new_with_props(size, properties, dictionary, None) else { return String::new() };
    let mut bytes = vec![0; size as usize];
    let (mut read, mut done) = (0, 0);
    while done < bytes.len() {
        let Ok(result) = stream.process(&codes[read..], &mut bytes[done..], Action::Finish) else { break };
        read += result.bytes_consumed;
        let written = stream.total_out() as usize;
        if written == done && result.bytes_consumed == 0 {
            break;
        }
        done = written;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Lines in full, from lines without what they share with the one before: the first components of the module, whose number
/// begins the line as a letter from `A`.
#[cfg(any(target_arch = "wasm32", test))]
fn expanded(short: &str) -> String {
    let mut all = String::with_capacity(2 * short.len());
    let mut module = 0..0;
    for line in short.split_inclusive('\n') {
        let (shared, line) = line.split_at(1);
        let components = usize::from(shared.as_bytes()[0] - b'A');
        let before = &all[module.clone()];
        let shared = match components.checked_sub(1) {
            None => 0,
            Some(dot) => before.match_indices('.').nth(dot).map_or(before.len(), |(at, _)| at),
        };
        let shared = module.start..module.start + shared;
        let start = all.len();
        all.extend_from_within(shared);
        if components > 0 {
            all.push('.');
        }
        all.push_str(line);
        module = start..start + all[start..].find('\t').unwrap_or_default();
    }
    all
}

/// All modules with their lines.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, Line)> {
    let lines = lines();
    (0..lines.places.len()).filter_map(|number| Some((lines.module(number), lines.line(number)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_lines_are_the_same_in_full() {
        let full = expanded(include_str!(concat!(env!("OUT_DIR"), "/modules.short")));
        assert!(full == text(), "the programs of the page would know other names");
    }

    #[test]
    fn each_module_and_name_is_found_and_no_other() {
        let mut names = 0;
        assert!(!may_be_known("bench_classes") && !may_be_known(""));
        for (module, known) in all() {
            let found = line(module).unwrap();
            assert_eq!((found.info, found.names, found.facts), (known.info, known.names, known.facts), "{module}");
            for name in known.names.split(|letter: char| !letter.is_ascii()).filter(|name| !name.is_empty()) {
                assert!(known.entry(name).is_some(), "{module}.{name}");
                names += 1;
            }
            assert_eq!(known.entry("no_name_like_this"), None);
        }
        assert!(names > 10_000, "{names}");
        assert!(line("").is_none() && line("zzz").is_none());
    }
}
