//! What the bytes of a file are: its format, whether it is whole, its protocol.

use super::loaders::ZIPS;
use super::{ANOTHER, Look, NAMES, evidence};
use crate::explain::word::Word;
use crate::explain::words;
use crate::explain::{Answer, Evidence};

/// Bytes at the beginning of a file that are looked at as text.
const TEXT: usize = 1 << 16;
/// Bytes at the beginning of a file by which a format is known.
const HEAD: usize = 16;
/// Formats that are told by their first bytes, or by what the file is called here.
const FORMATS: [(&str, &[&str], &[u8]); 9] = [
    ("xgboost", &["a JSON file"], b"{L"),
    ("lightgbm", &["a LightGBM model as text"], b"tree\n"),
    ("json", &["a JSON file"], b""),
    ("hdf5", &["an HDF5 file"], b"\x89HDF"),
    ("safetensors", &["a safetensors file"], b""),
    ("catboost", &[], b"CBM1"),
    ("rdkit", &[], b"\xef\xbe\xad\xde"),
    ("zlib", &[], b"x"),
    ("lz4", &[], b"\x04\x22\x4d\x18"),
];
/// Formats that hold no pickle, of which nothing but the beginning is read: a file may be one and damaged.
const BY_BEGINNING: [&str; 5] = ["xgboost", "lightgbm", "safetensors", "catboost", "rdkit"];
/// Compressed streams.
const STREAMS: [&str; 7] = ["gzip", "zlib", "xz", "lzma", "zstd", "bzip2", "lz4"];

impl Look<'_> {
    /// Whether some layer of the file is a format. `stream` is any compressed one.
    pub(super) fn is_format(&self, word: &str) -> bool {
        let head = self.head();
        let is_word = |crumb: &str| match word {
            "stream" => STREAMS.contains(&crumb),
            "old-torch" => matches!(crumb, "TorchScript" | "torch 0.1"),
            // All hold arrays in the form of .npy.
            "npy" => matches!(crumb, "npy" | "npz" | "joblib"),
            _ => crumb == word,
        };
        let by_sign = |format: &str| {
            FORMATS.iter().any(|(name, words, sign)| {
                *name == format
                    && (!sign.is_empty() && head.starts_with(sign)
                        || self.overview.chain.iter().any(|crumb| words.contains(&&*crumb.word)))
            })
        };
        let is_stream = word == "stream" && STREAMS.iter().any(|stream| by_sign(stream));
        self.overview.chain.iter().any(|crumb| is_word(&crumb.word)) || by_sign(word) || is_stream
    }

    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = [0; HEAD];
        let count = self.document.source().peek(0, &mut head).unwrap_or(0);
        head[..count].to_vec()
    }

    fn notes(&self) -> Vec<Evidence> {
        let notes = self.overview.notes.iter().take(NAMES);
        notes.map(|note| evidence(Answer::Shows, format!("{}: {}.", note.name, note.message), note.offset)).collect()
    }

    pub(super) fn is_a(&self, word: &str) -> Vec<Evidence> {
        let text = format!("The file is {}.", self.chain());
        match self.is_format(word) {
            true => vec![evidence(Answer::Shows, text, Some(0))],
            false => vec![evidence(Answer::DoesNot, format!("{text} {ANOTHER}"), Some(0))],
        }
    }

    /// That the file is not what a function reads.
    pub(super) fn not_a(&self, word: &str) -> Vec<Evidence> {
        let text = format!("The file is {}", self.chain());
        if !self.is_format(word) {
            let found = evidence(Answer::Shows, format!("{text}, not {word}."), Some(0));
            return [found].into_iter().chain(self.notes()).collect();
        }
        let notes = self.notes();
        match () {
            () if !notes.is_empty() => notes,
            () if BY_BEGINNING.contains(&word) => {
                let text =
                    format!("{text}: it begins as {word} does. Whether the rest of it is in order was not looked at.");
                vec![evidence(Answer::Unknown, text, Some(0))]
            }
            () if !self.overview.complete => vec![evidence(Answer::Unknown, self.overview.reading.clone(), Some(0))],
            () => vec![evidence(Answer::DoesNot, format!("{text}. {ANOTHER}"), Some(0))],
        }
    }

    /// That an archive lacks an entry which torch looks for.
    pub(super) fn zip_entry(&self) -> Vec<Evidence> {
        let text = format!("The file is {}", self.chain());
        let is_script = self.is_format("TorchScript");
        let (answer, more) = match self.quote().to_ascii_lowercase().contains("constants.pkl") {
            _ if !self.is_format("zip") => (Answer::DoesNot, format!(", not zip. {ANOTHER}")),
            true if is_script => (Answer::DoesNot, format!(". {ANOTHER}")),
            true if self.is_format("torch") => (Answer::Shows, ", not TorchScript.".to_owned()),
            _ => (Answer::Unknown, ". Which entries it has was not held against the message.".to_owned()),
        };
        vec![evidence(answer, format!("{text}{more}"), Some(0))]
    }

    /// That the file is a pickle which a plain loader reads, and not what `torch.load` looks for.
    pub(super) fn plain_pickle(&self) -> Vec<Evidence> {
        if self.is_format("torch") || self.is_format("zip") {
            return vec![evidence(Answer::DoesNot, format!("The file is {}. {ANOTHER}", self.chain()), Some(0))];
        }
        match (self.is_pickle(), self.stop(Answer::DoesNot)) {
            (true, _) => vec![evidence(Answer::Shows, format!("The file is {}, not torch.", self.chain()), Some(0))],
            (false, stop) => stop,
        }
    }

    /// That a loader meets a byte which is no opcode, or that a dict lacks a key: `KeyError` is said of both.
    pub(super) fn load_key(&self) -> Vec<Evidence> {
        if self.is_stop() {
            return self.stop(Answer::DoesNot);
        }
        if let Some(number) = words::beyond_bytes(self.quote()) {
            let text = format!("{number} is no byte: something else than a loader was asked for it. {ANOTHER}");
            return vec![evidence(Answer::DoesNot, text, None)];
        }
        if words::missing_key(self.quote()).is_some() && self.is_whole_pickle() {
            return self.no_key();
        }
        self.stop(Answer::DoesNot)
    }

    /// That lines of the file end otherwise than they did.
    pub(super) fn line_ends(&self) -> Vec<Evidence> {
        if self.overview.chain.iter().any(|crumb| crumb.word == "line ends") {
            let text = "Line feeds (0a) became carriage return and line feed (0d 0a) in this file.";
            return [evidence(Answer::Shows, text, Some(0))].into_iter().chain(self.notes()).collect();
        }
        self.stop(Answer::DoesNot)
    }

    /// That the file is text whose first letters import something.
    pub(super) fn text_module(&self, words: &Word) -> Vec<Evidence> {
        let mut head = vec![0; TEXT];
        let count = self.document.source().peek(0, &mut head).unwrap_or(0);
        let head = String::from_utf8_lossy(&head[..count]).to_lowercase();
        let words_lower = words.text().to_lowercase();
        let is_import = |at: usize| head[..at].ends_with(['c', 'i']);
        match head.match_indices(&words_lower).find(|(at, _)| is_import(*at)) {
            Some((at, _)) => {
                let text = format!("The file is {}; {words} stands behind a letter that imports.", self.chain());
                vec![evidence(Answer::Shows, text, u64::try_from(at).ok())]
            }
            None => {
                let text = format!("The file is {} and does not begin so. {ANOTHER}", self.chain());
                vec![evidence(Answer::DoesNot, text, Some(0))]
            }
        }
    }

    /// That letters of base64 are missing.
    pub(super) fn base64(&self) -> Vec<Evidence> {
        let mut text = vec![0; TEXT];
        let count = self.document.source().peek(0, &mut text).unwrap_or(0);
        let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        let letters = text[..count].iter().filter(is_letter).count();
        let padding = text[..count].iter().filter(|byte| **byte == b'=').count();
        let others =
            count - letters - padding - text[..count].iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        let is_all = self.document.source().len() == count as u64 && self.overview.chain.len() <= 1;
        let (answer, what) = match () {
            () if !is_all || count == 0 => (Answer::Unknown, "whether it is base64 was not looked at"),
            () if text[..count].trim_ascii_end().windows(2).any(|pair| pair[0] == b'=' && pair[1] != b'=') => {
                (Answer::Shows, "letters of base64 stand behind its padding")
            }
            () if others * 10 > count => (Answer::DoesNot, "its bytes are not those of base64"),
            () if others > 0 => (Answer::Shows, "between letters of base64 there are others"),
            () if (letters + padding) % 4 != 0 => {
                (Answer::Shows, "its letters are no multiple of four, as those of base64 are")
            }
            () => (Answer::DoesNot, "it is whole base64"),
        };
        vec![evidence(answer, format!("The file is {}: {what}.", self.chain()), Some(0))]
    }

    /// Whether bytes are missing at the end of the file, of a format or of a pickle.
    pub(super) fn cut(&self, format: &str) -> Vec<Evidence> {
        if !format.is_empty() && !self.is_format(format) {
            let name = if format == "stream" { "compressed" } else { format };
            let text = format!("The file is {}, not {name}. {ANOTHER}", self.chain());
            return vec![evidence(Answer::DoesNot, text, Some(0))];
        }
        let overview = self.overview;
        if overview.file_size == 0 && self.is_stop() {
            return vec![evidence(Answer::Shows, "The file is empty: it has 0 bytes.", None)];
        }
        if let Some((offset, _, missing)) = self.document.missing().filter(|_| !self.document.source().is_empty()) {
            let text = format!("The file is cut: {missing}.");
            let refused = self.refusals().first().filter(|_| format.is_empty() && !self.is_stop());
            return vec![match refused {
                // It is cut where a loader says something else.
                Some(other) => {
                    let other = other.sentence();
                    let text = format!("{text} {}. {ANOTHER}", other.trim_end_matches('.'));
                    evidence(Answer::DoesNot, text, Some(offset))
                }
                None => evidence(Answer::Shows, text, Some(offset)),
            }];
        }
        if format.is_empty() && (!overview.complete || !self.is_pickle() || overview.stops_at.is_some()) {
            return self.stop(Answer::DoesNot);
        }
        if !overview.complete || !overview.notes.is_empty() {
            let mut found = vec![evidence(Answer::Shows, overview.reading.clone(), None)];
            found.extend(self.notes());
            if overview.complete {
                found.remove(0);
            }
            return found;
        }
        let whole = format!("The file is whole ({}): {}", self.chain(), overview.reading);
        // Entries that nobody looked into were not unpacked.
        if ZIPS.contains(&format) {
            return vec![evidence(Answer::Unknown, format!("{whole} Not every entry was unpacked."), None)];
        }
        let reads_on = format.is_empty() && self.quote().to_ascii_lowercase().contains("ran out of input");
        let more = match overview.pickles {
            0 | 1 => String::new(),
            count => format!(" It holds {count} pickles."),
        };
        match reads_on {
            true => {
                let text = format!(
                    "{whole}{more} A loader says this at the end of every file when it is asked for one more pickle."
                );
                vec![evidence(Answer::Unknown, text, None)]
            }
            false => vec![evidence(Answer::DoesNot, format!("{whole}{more}"), None)],
        }
    }

    pub(super) fn is_empty(&self) -> Vec<Evidence> {
        match self.overview.file_size {
            0 => vec![evidence(Answer::Shows, "The file is empty.", None)],
            size => vec![evidence(Answer::DoesNot, format!("The file has {size} bytes. {ANOTHER}"), None)],
        }
    }

    pub(super) fn protocol(&self) -> Vec<Evidence> {
        if self.is_stop() {
            return self.stop(Answer::DoesNot);
        }
        let Some(protocol) = self.overview.protocol else {
            return vec![evidence(Answer::DoesNot, format!("This is not a pickle: {}", self.overview.reading), None)];
        };
        let since = match protocol {
            5 => "Python 3.8",
            4 => "Python 3.4",
            3 => "Python 3.0",
            _ => "any Python",
        };
        let text = format!("The file is in protocol {protocol}, which {since} reads and later ones.");
        let answer = match words::protocol(self.quote()) {
            Some(asked) if asked.fits(&protocol.to_string()) => Answer::Shows,
            Some(_) => Answer::DoesNot,
            None => Answer::Unknown,
        };
        let text = if answer == Answer::DoesNot { format!("{text} {ANOTHER}") } else { text };
        vec![evidence(answer, text, Some(0))]
    }
}
