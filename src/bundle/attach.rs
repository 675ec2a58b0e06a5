//! What a document refers to outside itself: storages of torch, side files, buffers.

use super::lazy::LazyEntry;
use super::member::{Member, MemberId, Origin};
use super::{Bundle, OnProgress};
use crate::bytes::{Source, Span, read_span, sorting};
use crate::container::{Entry, Format};
use crate::lens::{self, Attached, Blob, SideFile};
use crate::machine;
use crate::view::{NoteFacts, preview};
use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// How archives of torch.package are called, and how their storages end.
const PACKAGE: &str = "torch package";
const STORAGE: &str = ".storage";

impl Bundle {
    /// Of several files, the one that the others belong to by their names, or else the first that holds a pickle.
    pub(super) fn main_of_files(&mut self, files: &[MemberId], progress: OnProgress<'_>) -> MemberId {
        let name = |id: MemberId| self.at(id).name.as_str();
        let belongs = |main: MemberId, other: MemberId| other != main && name(other).starts_with(name(main));
        let owner = files.iter().copied().find(|&main| files.iter().any(|&other| belongs(main, other)));
        if let Some(owner) = owner {
            return owner;
        }
        let readable = |format| matches!(format, None | Some(Format::Packed(_) | Format::Archive(_) | Format::Npy));
        let found = files.iter().copied().find(|&id| readable(self.format(id, progress)));
        found.unwrap_or(files[0])
    }

    /// Gives the document on show what it refers to.
    pub(super) fn attach(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let mut attached = Attached::default();
        self.check_storages(id);
        self.attach_storages(id, &mut attached);
        self.attach_legacy_storages(&mut attached);
        attached.loaded = lens::loaded_storages(&self.document.lens(), &self.document.shared_source());
        self.attach_tar(id, &mut attached, progress);
        self.attach_files(id, &mut attached, progress);
        self.document.attach(attached);
        self.sizes = None;
        self.arranging = None;
    }

    /// Bytes of storages that are held against their checksums when a document is shown; [`Bundle::show`] takes a little, a
    /// command that gives all numbers takes more.
    pub fn check_storages_up_to(&mut self, bytes: u64) {
        self.checked = bytes;
    }

    /// Reads the storages' own headers, and holds what they have against their checksums, as far as the budget goes: what is
    /// odd about them is odd about every value with their numbers.
    fn check_storages(&mut self, id: MemberId) {
        const HEADERS: usize = 256;
        self.unchecked = (0, 0);
        let mut storages: Vec<(u64, MemberId, Arc<Entry>)> = Vec::new();
        for storage in self.storages_of(id) {
            if let Origin::Entry(entry) = &self.at(storage).origin {
                storages.push((entry.size, storage, Arc::clone(entry)));
            }
        }
        let Some(archive) = self.wrapper(id) else { return };
        let Some(Ok(source)) = self.at(archive).source.clone() else { return };
        sorting::by_key(&mut storages, |(size, storage, _)| (*size, *storage));
        let mut left = self.checked;
        for (number, (size, storage, entry)) in storages.into_iter().enumerate() {
            if number >= HEADERS || size > left {
                self.unchecked = (self.unchecked.0 + 1, self.unchecked.1 + size);
                continue;
            }
            left -= size;
            let mut notes = entry.data(&source).map(|(_, notes)| notes).unwrap_or_default();
            notes.extend(entry.check(&source));
            let known = &mut self.at_mut(storage).notes;
            for note in notes {
                if !known.contains(&note) {
                    known.push(note);
                }
            }
        }
    }

    /// The storages that the pickles of a torch archive name: `archive/data/` beside `archive/data.pkl`, and of torch.package
    /// `.data/` in the folder above all.
    fn storages_of(&self, id: MemberId) -> Vec<MemberId> {
        let is_package = self.wrapper(id).is_some_and(|archive| self.at(archive).flavour == Some(PACKAGE));
        let (beside, stem) = if is_package {
            (self.top_folder(id), ".data")
        } else {
            match (self.at(id).parent, self.at(id).name.rsplit_once('.')) {
                (Some(folder), Some((stem, "pkl"))) => (folder, stem),
                _ => return Vec::new(),
            }
        };
        let folder = self
            .at(beside)
            .children
            .iter()
            .flatten()
            .copied()
            .find(|&folder| matches!(self.at(folder).origin, Origin::Folder) && self.at(folder).name == stem);
        let storages = folder.into_iter().flat_map(|folder| self.at(folder).children.iter().flatten().copied());
        storages.filter(|&storage| !is_package || self.at(storage).name.ends_with(STORAGE)).collect()
    }

    /// The folder of an archive that a member is in, seen from the archive.
    fn top_folder(&self, id: MemberId) -> MemberId {
        let mut top = id;
        while let Some(above) = self.at(top).parent.filter(|&above| matches!(self.at(above).origin, Origin::Folder)) {
            top = above;
        }
        top
    }

    /// What is odd about the storages that the document on show takes its numbers from.
    pub(super) fn notes_of_storages(&self, id: MemberId) -> Vec<NoteFacts> {
        const NOTES: usize = 50;
        let mut notes = Vec::new();
        for storage in self.storages_of(id) {
            let member = self.at(storage);
            notes.extend(member.notes.iter().take(NOTES - notes.len()).map(|note| NoteFacts {
                member: storage.0,
                name: self.path(storage),
                offset: note.offset,
                message: note.text.clone(),
            }));
            if notes.len() >= NOTES {
                break;
            }
        }
        let (count, bytes) = self.unchecked;
        if count > 0 {
            let what = preview::plural(count, "storage", "storages");
            let message =
                format!("the checksums of {what} with {} were not checked", preview::plural(bytes, "byte", "bytes"));
            notes.push(NoteFacts { member: id.0, name: self.at(id).name.clone(), offset: None, message });
        }
        notes
    }

    /// The storages of a torch archive by their keys, and the records of the archive itself.
    fn attach_storages(&self, id: MemberId, attached: &mut Attached) {
        let Some(archive) = self.wrapper(id) else { return };
        let Some(Ok(source)) = self.at(archive).source.clone() else { return };
        attached.has_storages = matches!(self.at(archive).flavour, Some("torch" | "TorchScript" | PACKAGE));
        let budget = Arc::new(AtomicU64::new(self.limits.unpacked));
        for storage in self.storages_of(id) {
            if let Origin::Entry(entry) = &self.at(storage).origin {
                let lazy = LazyEntry::new(Arc::clone(&source), Arc::clone(entry), Arc::clone(&budget));
                let name = &self.at(storage).name;
                let key = name.strip_suffix(STORAGE).unwrap_or(name).to_owned();
                attached.storages.insert(key, self.blob(storage, Arc::new(lazy)));
            }
        }
        for &record in self.at(self.top_folder(id)).children.iter().flatten() {
            let Member { name, origin: Origin::Entry(entry), .. } = self.at(record) else { continue };
            if self.at(archive).flavour == Some("torch") {
                attached.records.push(name.clone());
            }
            if name == "byteorder" {
                let budget = Arc::new(AtomicU64::new(self.limits.value));
                let lazy = LazyEntry::new(Arc::clone(&source), Arc::clone(entry), budget);
                let text = read_span(&lazy, Span::new(0, 3));
                attached.big_endian = text.is_ok_and(|text| &*text == b"big");
            }
        }
    }

    /// Storages behind the pickles, in files of torch before 1.6.
    fn attach_legacy_storages(&self, attached: &mut Attached) {
        let Some(found) = self.document.legacy_storages() else { return };
        attached.has_storages = true;
        attached.big_endian = found.big_endian;
        for (key, span) in found.storages.clone() {
            let place = format!("offset {}", span.start);
            attached.storages.insert(key, Blob { source: self.document.shared_source(), span, place, member: None });
        }
    }

    /// Tensors beside the pickle in a tar of torch 0.1.
    fn attach_tar(&mut self, id: MemberId, attached: &mut Attached, progress: OnProgress<'_>) {
        let Some(archive) = self.wrapper(id).filter(|&archive| self.at(archive).flavour == Some("torch 0.1")) else {
            return;
        };
        if self.at(id).name != "pickle" {
            return;
        }
        let siblings = self.children(archive, progress);
        let mut blob = |name: &str| {
            let sibling = siblings.iter().copied().find(|&sibling| self.at(sibling).name == name)?;
            let source = self.source(sibling, progress).ok()?;
            Some(self.blob(sibling, source))
        };
        if let (Some(storages), Some(tensors)) = (blob("storages"), blob("tensors")) {
            attached.tensors = lens::tar_tensors(&storages, &tensors, &self.limits);
        }
    }

    /// The other files that were opened with this one.
    fn attach_files(&mut self, id: MemberId, attached: &mut Attached, progress: OnProgress<'_>) {
        if !self.document.uses_files() {
            return;
        }
        let root = self.root_of(id);
        let mut others: Vec<MemberId> = self.roots.iter().copied().filter(|&other| other != root).collect();
        sorting::by(&mut others, |&a, &b| natural_order(&self.at(a).name, &self.at(b).name));
        for other in others {
            // `.npy.z` of joblib before 0.10 holds the numbers alone, compressed.
            let inside = match self.format(other, progress) {
                Some(Format::Packed(_)) => self.children(other, progress).first().copied().unwrap_or(other),
                _ => other,
            };
            let Ok(source) = self.source(inside, progress) else { continue };
            let name = super::open::base_name(&self.at(other).name).to_owned();
            let is_npy = self.format(inside, progress) == Some(Format::Npy);
            let npy = is_npy.then(|| Box::new(machine::read_npy(&*source, &self.limits, &mut |_, _| {})));
            let blob = self.blob(other, source);
            attached.buffers.push(blob.clone());
            attached.side_files.insert(name, SideFile { blob, npy });
        }
    }

    /// Whether a member is one of torch's storages: an entry of `archive/data/` by a number, which torch gives all of them.
    pub(super) fn is_storage(&self, id: MemberId) -> bool {
        if !self.at(id).name.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let Some(folder) = self.at(id).parent.filter(|_| matches!(self.at(id).origin, Origin::Entry(_))) else {
            return false;
        };
        let in_torch =
            self.wrapper(id).is_some_and(|archive| matches!(self.at(archive).flavour, Some("torch" | "TorchScript")));
        in_torch && matches!(self.at(folder).name.as_str(), "data" | "constants")
    }

    fn blob(&self, id: MemberId, source: Arc<dyn Source>) -> Blob {
        // Where the numbers are said to be, what is odd about them is said, too.
        let place = match self.at(id).notes.first() {
            Some(note) => format!("{} ({})", self.path(id), note.text),
            None => self.path(id),
        };
        Blob { span: Span::new(0, source.len()), source, place, member: Some(id.0) }
    }

    pub(super) fn root_of(&self, id: MemberId) -> MemberId {
        let mut root = id;
        while let Some(above) = self.at(root).parent {
            root = above;
        }
        root
    }

    /// Files that were opened together and do not belong to the one on show.
    pub(super) fn unrelated_files(&self) -> usize {
        if self.document.uses_files() { 1 } else { self.roots.len() }
    }
}

/// Numbers in names count as numbers: `x.pkl.10` comes after `x.pkl.9`.
fn natural_order(a: &str, b: &str) -> Ordering {
    let split = |text: &str| -> Vec<(String, u64)> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(words);
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (number, after) = after.split_at(digits);
            parts.push((word.to_owned(), number.parse().unwrap_or(u64::MAX)));
            rest = after;
        }
        parts
    };
    split(a).cmp(&split(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::natural_order;

    #[test]
    fn numbers_in_names_count() {
        let mut names = ["x.pkl.10", "x.pkl.9", "x.pkl", "x.pkl_02.npy", "x.pkl_01.npy"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["x.pkl", "x.pkl.9", "x.pkl.10", "x.pkl_01.npy", "x.pkl_02.npy"]);
    }
}
