//! What a member is, what is in it, and showing it.

use super::endings::name_of_content;
use super::member::{Member, MemberId, Origin};
use super::rows::first_word;
use super::{Bundle, OnProgress, Progress};
use crate::bytes::{Source, Span};
use crate::container::{self, Archive, Entry, Format, Note};
use crate::document::Document;
use crate::machine::{Layout, Reading};
use crate::view::NoteFacts;
use std::collections::HashMap;
use std::sync::Arc;

/// Folders deeper than this stay part of the name: a path of 30,000 slashes is no tree to walk through.
const FOLDERS: usize = 32;
/// Folders of one archive; beyond that they stay part of the names, too: an entry of a hundred bytes may make thirty-one.
const FOLDERS_IN_ALL: usize = 200_000;
/// Wrappings inside wrappings. There are files that unpack to themselves.
pub(super) const NESTING: usize = 24;

impl Bundle {
    /// What the bytes of a member are, by their content.
    pub(super) fn format(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<Format> {
        if let Some(format) = self.at(id).format {
            return format;
        }
        let source = self.source(id, progress).ok();
        let format = source.as_ref().and_then(|source| container::sniff(&**source));
        // Two bytes of a tensor's numbers are enough to look like zlib: what comes out has to be something.
        let format = format.filter(|format| match (format, &source) {
            (Format::Packed(packing), Some(source)) if self.is_storage(id) => {
                container::holds_known(*packing, &**source)
            }
            _ => true,
        });
        let member = self.at_mut(id);
        member.format = Some(format);
        if let (None, Some(source)) = (format, source) {
            member.first_word = first_word(&*source);
        }
        format
    }

    /// The members directly below one, found on first use.
    pub(super) fn children(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<MemberId> {
        if let Some(children) = &self.at(id).children {
            return children.clone();
        }
        if self.depth(id) >= NESTING {
            self.at_mut(id).children = Some(Vec::new());
            return Vec::new();
        }
        let children = match self.format(id, progress) {
            Some(Format::Packed(packing)) => {
                let name = name_of_content(base_name(&self.at(id).name), packing);
                vec![self.add(Member::new(name, id, Origin::Content(packing)))]
            }
            Some(Format::Archive(archive)) => self.list(id, archive, progress),
            _ => Vec::new(),
        };
        self.at_mut(id).children = Some(children);
        self.archive_behind(id, progress);
        if self.at(id).format == Some(None) {
            self.add_shelf(id, progress);
        }
        if self.at(id).format == Some(None) && !self.is_shelf(id) {
            self.part_in_front(id, progress);
            self.add_spelled(id, progress);
            self.add_cached(id, progress);
        }
        self.visible.clear();
        self.at(id).children.clone().unwrap_or_default()
    }

    /// Wrappings around a member, folders not counted.
    pub(super) fn depth(&self, id: MemberId) -> usize {
        let mut depth = 0;
        let mut next = self.wrapper(id);
        while let Some(id) = next {
            depth += 1;
            next = self.wrapper(id);
        }
        depth
    }

    /// A zip archive that begins somewhere inside and ends with the file.
    fn archive_behind(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let is_archive = matches!(self.at(id).format, Some(Some(Format::Archive(Archive::Zip))));
        let is_part = matches!(self.at(id).origin, Origin::Tail(_) | Origin::Part(_));
        if is_archive || is_part || self.is_storage(id) {
            return;
        }
        let Ok(source) = self.source(id, progress) else { return };
        if !container::zip_at_end(&source) {
            return;
        }
        let Some(extent) = container::extent_of_zip(&source, &self.limits) else { return };
        // The last entry of a tar archive, which is there already, ends so near to the end that Python's zipfile finds it.
        if self.files_below(id, progress).into_iter().any(|file| self.is_in_entry(file, extent)) {
            return;
        }
        let mut member = Member::new("zip archive at the end".to_owned(), id, Origin::Tail(extent));
        member.format = Some(Some(Format::Archive(Archive::Zip)));
        let made = self.add(member);
        self.at_mut(id).children.get_or_insert_default().push(made);
    }

    fn is_in_entry(&self, file: MemberId, span: Span) -> bool {
        let Origin::Entry(entry) = &self.at(file).origin else { return false };
        entry.stored_at().is_some_and(|content| content.start <= span.start && span.end <= content.end)
    }

    /// The entries of an archive as members, in folders.
    fn list(&mut self, id: MemberId, archive: Archive, progress: OnProgress<'_>) -> Vec<MemberId> {
        let Ok(source) = self.source(id, progress) else { return Vec::new() };
        let directory = container::list(archive, &source, &self.limits);
        let member = self.at_mut(id);
        member.notes.extend(directory.notes);
        member.listed_whole = directory.complete;
        member.flavour = container::flavour(directory.entries.iter().map(|entry| entry.name.as_str()));
        let mut top = Vec::new();
        let mut folders: HashMap<(MemberId, String), MemberId> = HashMap::new();
        for entry in directory.entries {
            let most = if folders.len() < FOLDERS_IN_ALL { FOLDERS } else { 1 };
            let mut parts: Vec<&str> = entry.name.splitn(most, '/').collect();
            let name = parts.pop().unwrap_or_default().to_owned();
            let mut parent = id;
            for folder in parts {
                let key = (parent, folder.to_owned());
                parent = match folders.get(&key) {
                    Some(&known) => known,
                    None => {
                        let made = self.add(Member::folder(folder.to_owned(), parent));
                        self.place(made, parent, id, &mut top);
                        folders.insert(key, made);
                        made
                    }
                };
            }
            // A folder's own entry ends with a slash; its members may come before it or after.
            let is_folder = name.is_empty() && entry.folder;
            if !is_folder || entry.size > 0 {
                // A folder with content: what some readers would give under its name.
                let name = if is_folder { ".".to_owned() } else { name };
                let made = self.add(Self::entry(name, parent, entry));
                self.place(made, parent, id, &mut top);
            }
        }
        self.at_mut(id).children = Some(top);
        self.left_over(id, archive, directory.rest, progress);
        self.at_mut(id).children.take().unwrap_or_default()
    }

    /// What an archive has beside its entries: other archives, and whatever else is in bytes that are of none.
    fn left_over(&mut self, id: MemberId, archive: Archive, rest: Vec<Span>, progress: OnProgress<'_>) {
        // What is before an archive at the end of something is that.
        let is_tail = matches!(self.at(id).origin, Origin::Tail(_));
        for region in rest {
            match (archive, region.start) {
                (Archive::Zip, 0) if is_tail => {}
                (Archive::Zip, 0) => {
                    let first = self.add_archives_before(id, region.end, progress);
                    self.add_parts(id, Span::new(0, first), progress);
                }
                _ => {
                    let found = self.add_parts(id, region, progress);
                    // What follows the end of a zip archive is noted with its end.
                    let is_noted = archive == Archive::Zip && self.at(id).size() == Some(region.end);
                    if found.is_empty() && !is_noted && !self.is_blank(id, region) {
                        let text = format!("{} bytes belong to no entry and have no known format", region.len());
                        self.at_mut(id).notes.push(Note { offset: Some(region.start), text, disguise: false });
                    }
                }
            }
        }
    }

    fn entry(name: String, parent: MemberId, mut entry: Entry) -> Member {
        let notes = std::mem::take(&mut entry.notes);
        // A folder with content is no empty one: readers open it by its name like any other entry.
        let is_folder = entry.folder && entry.size == 0;
        let mut member = Member::new(name, parent, Origin::Entry(Arc::new(entry)));
        member.notes = notes;
        if is_folder {
            member.children = Some(Vec::new());
        }
        member
    }

    fn place(&mut self, made: MemberId, parent: MemberId, archive: MemberId, top: &mut Vec<MemberId>) {
        match (&mut self.at_mut(parent).children, parent == archive) {
            (Some(children), false) => children.push(made),
            _ => top.push(made),
        }
    }

    /// Shows a member: reads it as a pickle or an array, or says what it is. Never fails.
    pub fn show(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let format = self.format(id, progress);
        let children = self.children(id, progress);
        let source = self.source(id, progress).unwrap_or_else(|_| Arc::new(crate::bytes::MemorySource::default()));
        let before = std::mem::replace(&mut self.shown, id);
        self.structures.clear();
        self.release_others();
        let is_wrapping = matches!(format, Some(Format::Packed(_) | Format::Archive(_)));
        let document = if is_wrapping || matches!(self.at(id).source, Some(Err(_)) | None) {
            let reading = Reading::unread(source.len());
            Document::new(self.title(id), source, reading, self.limits.clone())
        } else {
            self.read(id, source, progress).or_other_format()
        };
        let document = std::mem::replace(&mut self.document, document);
        self.finding = self.finding.take().and_then(|finding| finding.after(before, document));
        self.find_parts(id, progress);
        self.attach(id, progress);
        let children = if children.is_empty() { self.children(id, progress) } else { children };
        let others = self.other_readings(id, progress);
        let mut wrapping = self.wrapping(id, &children);
        for other in &others {
            if wrapping.notes.iter().all(|note| note.message != other.text) {
                let name = self.at(MemberId(other.member)).name.clone();
                let message = other.text.clone();
                wrapping.notes.push(NoteFacts { member: other.member, name, offset: None, message });
            }
        }
        wrapping.notes.extend(self.notes_of_storages(id));
        wrapping.others = others;
        let audit = self.document.audit();
        let does_nothing = audit.imports.is_empty() && audit.call_count == 0;
        let is_pickle = self.known(id, format).is_pickle(&self.document);
        wrapping.accident = does_nothing && !is_pickle;
        if is_pickle {
            self.members[id.index()].judge(&self.document);
        }
        self.document.set_wrapping(wrapping);
        if is_wrapping {
            self.open_to_first_choice(id);
        }
        self.open_above(id);
    }

    /// Finds what lies behind the document on show, and behind the streams around it.
    fn find_parts(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let reading = self.document.reading();
        let is_read = reading.is_complete() && (reading.layout == Layout::Npy || !reading.streams.is_empty());
        let is_npy = reading.layout == Layout::Npy;
        if let Some(region) = self.document.trailing().filter(|_| is_read) {
            let found = self.add_parts(id, region, progress);
            let arrays = found.iter().filter(|&&part| self.format(part, progress) == Some(Format::Npy)).count();
            if is_npy && arrays > 0 {
                let text = format!(
                    "behind this array {arrays} more stand in the file, as numpy.save puts them there one after the other"
                );
                self.at_mut(id).notes.push(Note { offset: Some(region.start), text, disguise: false });
            }
        }
        let mut next = Some(id);
        while let Some(id) = next {
            if let Some((above, behind)) = self.behind_stream(id) {
                self.add_parts(above, behind, progress);
            }
            next = self.wrapper(id);
        }
    }

    /// Reads the bytes of a member as what they are: a pickle or an array.
    pub(super) fn read(&self, id: MemberId, source: Arc<dyn Source>, progress: OnProgress<'_>) -> Document {
        let mut tell = |read, total| progress(Progress::Decoding { read, total });
        Document::read(self.title(id), source, self.limits.clone(), &mut tell)
    }

    /// The file's name for what opening chose, and for other members their path behind it.
    fn title(&self, id: MemberId) -> String {
        let root = self.root_of(id);
        let file = &self.at(root).name;
        if id == self.main || id == root { file.clone() } else { format!("{file} › {}", self.path(id)) }
    }

    /// Whoever looks at a wrapping wants to see what is in it: a folder that is alone in it is no choice.
    fn open_to_first_choice(&mut self, id: MemberId) {
        let mut next = Some(id);
        while let Some(id) = next {
            self.at_mut(id).is_open = true;
            next = match self.at(id).children.as_deref() {
                Some(&[only]) if matches!(self.at(only).origin, Origin::Folder) => Some(only),
                _ => None,
            };
        }
        self.visible.clear();
    }

    /// Opens the rows above a member, so that it can be seen among the others.
    fn open_above(&mut self, id: MemberId) {
        let mut next = self.at(id).parent;
        while let Some(id) = next {
            self.at_mut(id).is_open = true;
            next = self.at(id).parent;
        }
        self.visible.clear();
    }
}

/// A file of the command line may be named with its folders.
pub(super) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
