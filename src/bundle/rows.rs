//! The members as rows of a tree.

use super::member::{MemberId, Origin};
use super::unpack::has_wrapping_name;
use super::{Bundle, OnProgress};
use crate::bytes::Source;
use crate::container::{Ending, Format, Method};
use crate::view::{MemberRow, shown};

impl Bundle {
    /// Number of visible rows.
    pub fn row_count(&mut self) -> u64 {
        self.lay_out();
        self.visible.len() as u64
    }

    /// Rows from `first` on, at most `count`. The first bytes of members on them are looked at, to say what they are.
    pub fn rows(&mut self, first: u64, count: usize, progress: OnProgress<'_>) -> Vec<MemberRow> {
        self.lay_out();
        let first = usize::try_from(first).unwrap_or(usize::MAX).min(self.visible.len());
        let window: Vec<(MemberId, u32)> = self.visible[first..].iter().take(count).copied().collect();
        for &(id, _) in &window {
            self.look_at(id, progress);
        }
        shown(window.into_iter().enumerate().map(|(i, (id, level))| self.row(first + i, id, level)).collect())
    }

    /// Opens or closes a row.
    pub fn toggle(&mut self, row: u64, open: bool, progress: OnProgress<'_>) {
        self.lay_out();
        let Some(&(id, _)) = usize::try_from(row).ok().and_then(|row| self.visible.get(row)) else { return };
        if open {
            self.children(id, progress);
        }
        self.at_mut(id).is_open = open;
        self.visible.clear();
    }

    /// The row of the member on show.
    pub fn shown_row(&mut self) -> Option<u64> {
        self.lay_out();
        self.visible.iter().position(|&(id, _)| id == self.shown).map(|row| row as u64)
    }

    /// The next visible row after `from` whose name begins with `prefix`, around the end.
    pub fn find_name(&mut self, from: u64, prefix: &str) -> Option<u64> {
        self.lay_out();
        let total = self.visible.len();
        let prefix = prefix.to_lowercase();
        let first = usize::try_from(from).unwrap_or(usize::MAX).min(total).saturating_add(1);
        let mut rows = (0..total).map(|step| (first + step) % total);
        rows.find(|&row| self.at(self.visible[row].0).name.to_lowercase().starts_with(&prefix)).map(|row| row as u64)
    }

    fn lay_out(&mut self) {
        if !self.visible.is_empty() {
            return;
        }
        let mut visible = Vec::new();
        let mut todo: Vec<(MemberId, u32)> = self.roots.iter().rev().map(|&id| (id, 1)).collect();
        while let Some((id, level)) = todo.pop() {
            visible.push((id, level));
            let member = self.at(id);
            if member.is_open {
                todo.extend(member.children.iter().flatten().rev().map(|&below| (below, level + 1)));
            }
        }
        self.visible = visible;
    }

    /// Looks at the first bytes of a member, unless that means unpacking all of it.
    fn look_at(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let is_cheap = match &self.at(id).origin {
            Origin::Entry(entry) => entry.method == Method::Stored,
            Origin::Content(_) => false,
            _ => true,
        };
        if is_cheap || self.at(id).source.is_some() {
            self.format(id, progress);
        }
    }

    fn row(&self, row: usize, id: MemberId, level: u32) -> MemberRow {
        let member = self.at(id);
        let siblings = member.parent.map_or(&self.roots, |above| match &self.at(above).children {
            Some(children) => children,
            None => &self.roots,
        });
        let parent = self.visible[..row].iter().rposition(|&(_, above)| above < level).map(|row| row as u64);
        let may_hold = match member.format {
            Some(Some(Format::Packed(_) | Format::Archive(_))) => true,
            Some(_) => false,
            None => has_wrapping_name(&member.name),
        };
        let expands = member.children.as_ref().map_or(may_hold, |children| !children.is_empty());
        MemberRow {
            row: row as u64,
            member: id.0,
            level,
            position: siblings.iter().position(|&other| other == id).map_or(1, |at| at as u64 + 1),
            siblings: siblings.len() as u64,
            parent,
            expanded: expands.then_some(member.is_open),
            name: member.name.clone(),
            word: self.word(id),
            size: member.size().filter(|_| !matches!(member.origin, Origin::Folder)),
            notes: self.row_notes(id),
            shown: id == self.shown,
            can_show: !matches!(member.origin, Origin::Folder),
        }
    }

    /// What a member is, in a word or two; empty while nobody looked.
    pub(super) fn word(&self, id: MemberId) -> String {
        let member = self.at(id);
        let of = |format: Format| match format {
            Format::Packed(packing) => packing.name().to_owned(),
            Format::Archive(archive) => match member.flavour {
                Some(flavour) => format!("{flavour} {}", archive.name()),
                None => archive.name().to_owned(),
            },
            Format::Npy => "npy".to_owned(),
            Format::Other(kind) => kind.name.split_once(' ').map_or(kind.name, |(_, name)| name).to_owned(),
        };
        match (&member.origin, member.format) {
            (Origin::Folder, _) => "folder".to_owned(),
            (Origin::Entry(entry), None | Some(None)) if entry.folder => "folder".to_owned(),
            (_, Some(Some(format))) => of(format),
            _ if id == self.shown => self.document.format_word(),
            (_, Some(None)) => match &member.source {
                Some(Ok(source)) => first_word(&**source).to_owned(),
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    fn row_notes(&self, id: MemberId) -> Vec<String> {
        let member = self.at(id);
        let mut notes: Vec<String> = member.notes.iter().map(|note| note.text.clone()).collect();
        if let Some(Err(why)) = &member.source {
            notes.push(why.clone());
        }
        if let Some(unpacked) = &member.unpacked {
            notes.extend(unpacked.notes().into_iter().map(|note| note.text));
            match unpacked.ending() {
                Ending::Damaged { message, .. } => notes.push(message),
                Ending::Unfinished => notes.push("unpacked in part".to_owned()),
                Ending::Complete => {}
            }
        }
        notes
    }
}

/// A pickle announces its protocol from the second on.
fn first_word(source: &dyn Source) -> &'static str {
    let mut head = [0; 2];
    match source.read_at(0, &mut head) {
        Ok(0) => "empty",
        Ok(2) if head[0] == 0x80 && (2..=5).contains(&head[1]) => "pickle",
        _ => "",
    }
}
