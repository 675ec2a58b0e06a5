//! Saving values in other formats, in pieces.

use super::Document;
use super::being_saved::{Job, Saving};
use super::saving_report::ReportAsk;
use crate::export::{
    Csv, Dis, DisOptions, Json, Npy, Npz, Origin, PlainJson, Png, PythonFile, Raw, Safetensors, Separator, Writer,
};
use crate::graph::{Edge, NodeId};
use crate::machine::Layout;
use crate::view::card::Format;
use crate::view::cards;
use crate::view::formats::{self, formats_for};
use crate::view::{ExportAsk, Exported, shown};
use data_encoding::BASE64;

/// Pixels across a picture in a file at most.
const PIXELS: u32 = 2048;
/// Steps that one answer takes until it has something to say.
const STEPS: usize = 4;

impl Document {
    /// The formats that fit a value, or the whole document.
    #[must_use]
    pub fn formats_for(&self, node: Option<u32>) -> Vec<Format> {
        match node {
            Some(node) => self.node(node).map_or_else(Vec::new, |node| formats_for(&self.lens(), node)),
            None => formats::formats_of_document(&self.lens(), self.only_value()),
        }
    }

    /// Begins to save a value: the first piece. What was being saved before is forgotten.
    ///
    /// # Errors
    /// Why the value cannot be saved in the format, in words.
    pub fn export(&mut self, ask: ExportAsk) -> Result<Exported, String> {
        self.saving = None;
        let node = match ask.node {
            Some(node) => Some(self.node(node).ok_or_else(|| format!("there is no object {node}"))?),
            None => None,
        };
        let job = match ask.format {
            Format::Tree => Job::Tree(Box::new(self.tree_file(node)?)),
            format => Job::Writer(self.writer_of(node, format, ask.escape_formulas)?),
        };
        let name = self.file_name(node, ask.format);
        self.saving = Some(Saving { name, job });
        self.export_more()
    }

    /// Begins to save the report on everything that was opened: the first piece.
    pub(crate) fn export_report(&mut self, ask: ReportAsk) -> Result<Exported, String> {
        let name = self.file_name(None, Format::Html);
        self.saving = Some(Saving { name, job: Job::Report(Box::new(self.report_file(ask))) });
        self.export_more()
    }

    /// The next piece of what is being saved.
    ///
    /// # Errors
    /// When nothing is being saved, or the bytes can no longer be read.
    pub fn export_more(&mut self) -> Result<Exported, String> {
        let mut saving = self.saving.take().ok_or("nothing is being saved")?;
        let mut bytes = Vec::new();
        let mut finished = false;
        for _ in 0..STEPS {
            finished = match &mut saving.job {
                Job::Writer(writer) => {
                    let origin = Origin { reading: &self.reading, lens: self.lens() };
                    writer.step(&origin, &mut bytes)?
                }
                Job::Tree(file) => self.tree_step(file, &mut bytes),
                Job::Report(file) => self.report_step(file, &mut bytes),
            };
            if finished || bytes.len() >= crate::export::PIECE / 2 {
                break;
            }
        }
        let (progress, remarks) = match &saving.job {
            Job::Writer(writer) => (writer.progress(), writer.remarks()),
            Job::Tree(file) => (file.progress(), file.remarks()),
            Job::Report(file) => (file.progress(), file.remarks()),
        };
        let exported = shown(Exported { name: saving.name.clone(), bytes, progress, finished, remarks });
        if !finished {
            self.saving = Some(saving);
        }
        Ok(exported)
    }

    fn writer_of(
        &self,
        node: Option<NodeId>,
        format: Format,
        escape_formulas: bool,
    ) -> Result<Box<dyn Writer>, String> {
        let lens = self.lens();
        let value = || node.or_else(|| self.only_value()).ok_or("choose a value first");
        Ok(match format {
            Format::Csv => Box::new(Csv::new(&lens, value()?, Separator::Comma, escape_formulas)?),
            Format::Tsv => Box::new(Csv::new(&lens, value()?, Separator::Tab, escape_formulas)?),
            Format::Npz => Box::new(Npz::new(&lens, value()?)?),
            Format::Safetensors => Box::new(Safetensors::new(&lens, value()?)?),
            Format::Npy => Box::new(Npy::new(&lens, value()?)?),
            Format::Json => Box::new(node.map_or_else(|| Json::document(&lens), |node| Json::value(&lens, node))),
            Format::PlainJson => match node {
                Some(node) => Box::new(PlainJson::new(&lens, &[Edge::to(node)])),
                None if self.is_unfinished() => Box::new(PlainJson::unfinished(&lens, &self.all_read())),
                None => Box::new(PlainJson::new(&lens, &self.values())),
            },
            Format::Raw => match node {
                Some(node) => Box::new(Raw::new(&lens, node)?),
                None => Box::new(Raw::whole(&lens)),
            },
            Format::Dis if node.is_none() => Box::new(Dis::new(DisOptions::default())),
            Format::Python if node.is_none() => Box::new(PythonFile::default()),
            Format::Html if node.is_none() => {
                return Err("a report is always on everything that was opened".to_owned());
            }
            Format::Dis | Format::Python | Format::Html => {
                return Err(format!("only a whole file can be saved as {}", format.word()));
            }
            Format::Png => Box::new(self.png(value()?, PIXELS)?),
            Format::Tree => return Err("the rows of the tree are the document's own".to_owned()),
        })
    }

    /// The picture on the card of a value, so many pixels across at most; of several in one array, the first.
    pub(super) fn png(&self, node: NodeId, across: u32) -> Result<Png, String> {
        let lens = self.lens();
        let no_picture = || "there is no picture of this value".to_owned();
        let slot = formats::picture_of(&lens, node).ok_or_else(no_picture)?;
        let first = vec![0; slot.slices.len()];
        let picture = cards::picture(&lens, node, slot.part, &first, across).ok_or_else(no_picture)?;
        if picture.width == 0 || picture.height == 0 {
            return Err(picture.note);
        }
        let mut remarks = vec![slot.description];
        remarks.extend(picture.scale.map(|(low, high)| format!("the scale goes from {low} to {high}")));
        remarks.extend(Some(picture.note).filter(|note| !note.is_empty()));
        if slot.slices.iter().any(|(_, size)| *size > 1) {
            remarks.push("the first of several in one array".to_owned());
        }
        let pixels = BASE64.decode(picture.pixels.as_bytes()).map_err(|error| error.to_string())?;
        Png::new(picture.width, picture.height, pixels, remarks)
    }

    /// The results of the pickles: of torch's stacked ones that of the object alone.
    pub(crate) fn values(&self) -> Vec<Edge> {
        let streams = &self.reading.streams;
        match self.reading.layout {
            Layout::LegacyTorch => streams.get(3).and_then(|stream| stream.root).into_iter().collect(),
            _ => streams.iter().filter_map(|stream| stream.root).collect(),
        }
    }

    /// Whether a pickle among them ends before its STOP and left something.
    fn is_unfinished(&self) -> bool {
        self.reading.streams.iter().any(|stream| !stream.complete && !stream.leftover.is_empty())
    }

    /// The results of the pickles, and what stood on the stack of one that has none, the outermost first.
    fn all_read(&self) -> Vec<Edge> {
        let streams = self.reading.streams.iter();
        streams
            .flat_map(|stream| if stream.complete { stream.root.as_slice() } else { &stream.leftover })
            .copied()
            .collect()
    }

    fn only_value(&self) -> Option<NodeId> {
        match self.values()[..] {
            [value] => Some(value.node()),
            _ => None,
        }
    }

    /// A name for the file, from the place of the value: `model.coef_.npy`.
    fn file_name(&self, node: Option<NodeId>, format: Format) -> String {
        let path = node.and_then(|node| self.first_path(node)).unwrap_or_default();
        let stem = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = without_ending(stem);
        let mut name = from_path(&path);
        if name.is_empty() {
            name = from_path(&format!("obj.{stem}"));
        }
        if name.is_empty() {
            "value".clone_into(&mut name);
        }
        format!("{name}.{}", format.ending())
    }
}

/// The name of a file without what says its format: `model_v1.2` of `model_v1.2.pkl` and of `model_v1.2.pkl.gz`.
fn without_ending(name: &str) -> &str {
    const PACKED: [&str; 9] = ["gz", "bz2", "xz", "lzma", "zst", "lz4", "z", "zip", "7z"];
    let cut = |name: &'_ str| match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem.len(), PACKED.contains(&&*ending.to_ascii_lowercase())),
        _ => (name.len(), false),
    };
    let (length, is_packed) = cut(name);
    let stem = &name[..length];
    if is_packed { &stem[..cut(stem).0] } else { stem }
}

/// The part of a file name that an accessor path makes: `obj['model'].steps[0]` is `model.steps.0`. Only characters that
/// every file system takes, no leading dot, none of the names that Windows keeps for itself.
fn from_path(path: &str) -> String {
    const LONGEST: usize = 80;
    let path = path.strip_prefix("objs").or_else(|| path.strip_prefix("obj")).unwrap_or(path);
    let mut name = String::new();
    for c in path.chars() {
        let c = match c {
            c if c.is_alphanumeric() => c,
            '_' | '-' => c,
            '[' | ']' | '.' | '\'' | '"' => '.',
            _ => '_',
        };
        // Brackets and quotes next to each other are one separator.
        if !(c == '.' && (name.is_empty() || name.ends_with('.'))) {
            name.push(c);
        }
        if name.len() >= LONGEST {
            break;
        }
    }
    let name = name.trim_end_matches('.');
    let first = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |word: &str| first.strip_prefix(word).is_some_and(|rest| rest.len() == 1);
    if matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        return format!("_{name}");
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{from_path, without_ending};

    #[test]
    fn names_keep_their_dots() {
        let names = ["model_v1.2.pkl", "model_v1.3.pkl.gz", "a.pkl", "a", ".hidden", "a.tar.gz", "x.y.z", "a.GZ", ""];
        let stems = ["model_v1.2", "model_v1.3", "a", "a", ".hidden", "a", "x", "a", ""];
        assert_eq!(names.map(without_ending), stems);
    }

    #[test]
    fn names_are_made_of_what_every_file_system_takes() {
        assert_eq!(from_path("obj['model'].coef_"), "model.coef_");
        assert_eq!(from_path("obj['a b'][0]"), "a_b.0");
        assert_eq!(from_path("obj['../../etc/passwd']"), "_._etc_passwd");
        assert_eq!(from_path("obj['con']"), "_con");
        assert_eq!(from_path("objs[1]"), "1");
        assert_eq!(from_path("obj"), "");
        assert_eq!(from_path("obj['é']"), "é");
        assert!(from_path(&format!("obj['{}']", "x".repeat(500))).len() <= 80);
    }
}
