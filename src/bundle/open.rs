//! What a member is, what is in it, and showing it.

use super::member::{Member, MemberId, Origin, rest};
use super::unpack::{name_of_content, part};
use super::{Bundle, OnProgress, Progress};
use crate::bytes::Source;
use crate::container::{self, Archive, Entry, Format};
use crate::document::Document;
use crate::machine::Reading;
use std::collections::HashMap;
use std::rc::Rc;

/// Folders deeper than this stay part of the name: a path of 30,000 slashes is no tree to walk through.
const FOLDERS: usize = 32;
/// Wrappings inside wrappings. There are files that unpack to themselves.
pub(super) const NESTING: usize = 24;

impl Bundle {
    /// What the bytes of a member are, by their content.
    pub(super) fn format(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<Format> {
        if let Some(format) = self.at(id).format {
            return format;
        }
        let format = self.source(id, progress).ok().and_then(|source| container::sniff(&*source));
        // Nothing unpacks the numbers of a tensor; two bytes of them are enough to look like zlib.
        let format = format.filter(|format| !matches!(format, Format::Packed(_)) || !self.is_storage(id));
        self.at_mut(id).format = Some(format);
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
            _ => self.archive_behind(id, progress),
        };
        self.at_mut(id).children = Some(children.clone());
        self.visible.clear();
        children
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
    fn archive_behind(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<MemberId> {
        let Ok(source) = self.source(id, progress) else { return Vec::new() };
        if self.is_storage(id) || !container::zip_at_end(&source) {
            return Vec::new();
        }
        let whole = part(Rc::clone(&source), rest(&*source, 0));
        let mut member = Member::new("zip archive at the end".to_owned(), id, Origin::Tail).with_source(whole);
        member.format = Some(Some(Format::Archive(Archive::Zip)));
        vec![self.add(member)]
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
            let mut parts: Vec<&str> = entry.name.splitn(FOLDERS, '/').collect();
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
        top
    }

    fn entry(name: String, parent: MemberId, mut entry: Entry) -> Member {
        let notes = std::mem::take(&mut entry.notes);
        let is_folder = entry.folder;
        let mut member = Member::new(name, parent, Origin::Entry(Rc::new(entry)));
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
        let source = self.source(id, progress).unwrap_or_else(|_| Rc::new(crate::bytes::MemorySource::default()));
        self.shown = id;
        self.release_others();
        let is_wrapping = matches!(format, Some(Format::Packed(_) | Format::Archive(_)));
        self.document = if is_wrapping || matches!(self.at(id).source, Some(Err(_)) | None) {
            let reading = Reading::unread(source.len());
            Document::new(self.title(id), source, reading, self.limits.clone())
        } else {
            self.read(id, source, progress).or_other_format()
        };
        self.attach(id, progress);
        let wrapping = self.wrapping(id, &children);
        self.document.set_wrapping(wrapping);
        // Whoever looks at a wrapping wants to see what is in it.
        self.at_mut(id).is_open |= is_wrapping;
        self.open_above(id);
    }

    /// Reads the bytes of a member as what they are: a pickle or an array.
    pub(super) fn read(&self, id: MemberId, source: Rc<dyn Source>, progress: OnProgress<'_>) -> Document {
        let mut tell = |read, total| progress(Progress::Decoding { read, total });
        Document::read(self.title(id), source, self.limits.clone(), &mut tell)
    }

    /// The file's name for what opening chose, and for other members their path behind it.
    fn title(&self, id: MemberId) -> String {
        let root = self.root_of(id);
        let file = &self.at(root).name;
        if id == self.main || id == root { file.clone() } else { format!("{file} › {}", self.path(id)) }
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
