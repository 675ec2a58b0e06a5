//! The members as rows of a tree.

use super::endings::has_wrapping_name;
use super::member::{Judged, MemberId, Origin, Visible};
use super::{Bundle, OnProgress};
use crate::bytes::{Source, sorting};
use crate::container::{Ending, Format, Literal, Method, Opened, npy};
use crate::format::pickle::announced_at;
use crate::lens::{Dtype, shape_text};
use crate::view::{MemberOrder, MemberRow, MemberSort, preview, shown};

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
        let window: Vec<Visible> = self.visible[first..].iter().take(count).copied().collect();
        for visible in &window {
            self.look_at(visible.id, progress);
        }
        let inside = self.judged_inside();
        shown(window.into_iter().enumerate().map(|(i, visible)| self.row(first + i, visible, &inside)).collect())
    }

    /// The worst that was found in each member or in what is inside of it, by number.
    fn judged_inside(&self) -> Vec<Option<Judged>> {
        let mut judged: Vec<Option<Judged>> = self.members.iter().map(|member| member.judged).collect();
        // What is inside of a member was found after it.
        for (number, member) in self.members.iter().enumerate().rev() {
            let Some(above) = member.parent.map(MemberId::index).filter(|&above| above < number) else { continue };
            judged[above] = judged[above].into_iter().chain(judged[number]).max_by_key(|judged| judged.verdict());
        }
        judged
    }

    /// Gives every member as a row, in order, everything opened: each is let go of once what is in it was given. `take` says
    /// whether to go on.
    pub fn every_row(&mut self, take: &mut dyn FnMut(&MemberRow) -> bool, progress: OnProgress<'_>) {
        let root = |(at, &id): (usize, &MemberId)| Visible { id, level: 1, parent: None, position: at as u32 + 1 };
        // What has been given is there once more, to be let go of.
        let mut todo: Vec<(Visible, bool)> = self.roots.iter().enumerate().map(root).map(|row| (row, false)).collect();
        todo.reverse();
        let mut number = 0;
        while let Some((visible, was_given)) = todo.pop() {
            let id = visible.id;
            if was_given {
                if !self.is_on_way_to_shown(id) {
                    self.at_mut(id).release();
                }
                continue;
            }
            self.look_at(id, progress);
            let row = shown(self.row(number, visible, &[]));
            number += 1;
            if !take(&row) {
                return;
            }
            if row.expanded.is_none() {
                continue;
            }
            todo.push((visible, true));
            let below = self.children(id, progress).into_iter().enumerate();
            let below = below.map(|(at, id)| Visible {
                id,
                level: visible.level + 1,
                parent: Some(row.row as u32),
                position: at as u32 + 1,
            });
            let begin = todo.len();
            todo.extend(below.map(|row| (row, false)));
            todo[begin..].reverse();
        }
    }

    /// Gives the members that are known so far as rows, in order; nothing is opened or unpacked for it.
    pub(super) fn every_known_row(&self, take: &mut dyn FnMut(&MemberRow) -> bool) {
        let visible = |id: MemberId, level: u32| Visible { id, level, parent: None, position: 1 };
        let mut todo: Vec<Visible> = self.roots.iter().rev().map(|&id| visible(id, 1)).collect();
        let mut number = 0;
        while let Some(next) = todo.pop() {
            if !take(&shown(self.row(number, next, &[]))) {
                return;
            }
            number += 1;
            let below = self.at(next.id).children.iter().flatten().rev();
            todo.extend(below.map(|&id| visible(id, next.level + 1)));
        }
    }

    fn is_on_way_to_shown(&self, id: MemberId) -> bool {
        let mut next = Some(self.shown);
        while let Some(at) = next.filter(|&at| at != id) {
            next = self.at(at).parent;
        }
        next.is_some()
    }

    /// Opens or closes a row.
    pub fn toggle(&mut self, row: u64, open: bool, progress: OnProgress<'_>) {
        self.lay_out();
        let found = usize::try_from(row).ok().and_then(|row| self.visible.get(row));
        let Some(id) = found.map(|visible| visible.id) else { return };
        if open {
            self.children(id, progress);
        }
        self.at_mut(id).is_open = open;
        self.visible.clear();
    }

    /// Sorts members of one archive or folder each; gives the row that `row` has then.
    pub fn sort(&mut self, order: MemberOrder, row: u64) -> u64 {
        self.lay_out();
        let stood = usize::try_from(row).ok().and_then(|row| self.visible.get(row)).map(|visible| visible.id);
        self.order = order;
        self.visible.clear();
        self.lay_out();
        let found = self.visible.iter().position(|visible| Some(visible.id) == stood);
        found.map_or(0, |row| row as u64)
    }

    /// Members of one archive or folder as they are shown; too many stay as they are.
    fn in_order(&self, ids: &[MemberId]) -> Vec<MemberId> {
        let MemberOrder { by, descending } = self.order;
        if by == MemberSort::Place || ids.len() as u64 > MemberOrder::MOST {
            return ids.to_vec();
        }
        let inside = if by == MemberSort::Verdict { self.judged_inside() } else { Vec::new() };
        let number = |id: MemberId| match by {
            MemberSort::Place | MemberSort::Name => 0,
            MemberSort::Packed => self.packed(id).map_or(0, |bytes| bytes.saturating_add(1)),
            MemberSort::Size => self.size(id).map_or(0, |bytes| bytes.saturating_add(1)),
            MemberSort::Verdict => inside[id.index()].map_or(0, |judged| judged.verdict() as u64 + 1),
        };
        let name = |id: MemberId| if by == MemberSort::Name { head_of(&self.at(id).name) } else { String::new() };
        let mut keyed: Vec<(u64, String, MemberId)> = ids.iter().map(|&id| (number(id), name(id), id)).collect();
        sorting::by(&mut keyed, |one, other| {
            let order = (one.0, &one.1).cmp(&(other.0, &other.1));
            if descending { order.reverse() } else { order }
        });
        keyed.into_iter().map(|(_, _, id)| id).collect()
    }

    /// The row of the member on show.
    pub fn shown_row(&mut self) -> Option<u64> {
        self.lay_out();
        self.visible.iter().position(|visible| visible.id == self.shown).map(|row| row as u64)
    }

    /// The next visible row after `from` whose name begins with `prefix`, around the end.
    pub fn find_name(&mut self, from: u64, prefix: &str) -> Option<u64> {
        self.lay_out();
        let total = self.visible.len();
        let prefix = prefix.to_lowercase();
        let first = usize::try_from(from).unwrap_or(usize::MAX).min(total).saturating_add(1);
        let mut rows = (0..total).map(|step| (first + step) % total);
        rows.find(|&row| self.at(self.visible[row].id).name.to_lowercase().starts_with(&prefix)).map(|row| row as u64)
    }

    fn lay_out(&mut self) {
        if !self.visible.is_empty() {
            return;
        }
        let mut visible: Vec<Visible> = Vec::new();
        let row = |at: usize, id: MemberId, level: u32, parent: Option<u32>| Visible {
            id,
            level,
            parent,
            position: at as u32 + 1,
        };
        let mut todo: Vec<Visible> = Vec::new();
        let roots = self.in_order(&self.roots);
        todo.extend(roots.into_iter().enumerate().rev().map(|(at, id)| row(at, id, 1, None)));
        while let Some(next) = todo.pop() {
            let number = visible.len() as u32;
            visible.push(next);
            let member = self.at(next.id);
            if member.is_open {
                let below = self.in_order(member.children.as_deref().unwrap_or_default()).into_iter().enumerate().rev();
                todo.extend(below.map(|(at, id)| row(at, id, next.level + 1, Some(number))));
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
        if self.at(id).array.is_none() && self.may_be_npy(id) {
            let words = self.array_words(id);
            self.at_mut(id).array = Some(words.unwrap_or_default());
        }
    }

    /// Whether a member is an array, or by its name may be one.
    fn may_be_npy(&self, id: MemberId) -> bool {
        let member = self.at(id);
        match member.format {
            Some(format) => matches!(format, Some(Format::Npy)),
            None => member.name.ends_with(".npy"),
        }
    }

    /// What the header of an array says, which is at the front: of a packed one no more is unpacked.
    fn array_words(&self, id: MemberId) -> Option<String> {
        const HEADER: u64 = 64 << 10;
        if let Some(Ok(source)) = &self.at(id).source {
            return words_of_npy(&**source);
        }
        let Origin::Entry(entry) = &self.at(id).origin else { return None };
        let Some(Ok(archive)) = &self.at(self.wrapper(id)?).source else { return None };
        match entry.open(archive).ok()? {
            Opened::Stored(slice) => words_of_npy(&slice),
            Opened::Packed(unpacked) => {
                unpacked.advance(HEADER, &mut |_, _| {});
                words_of_npy(&unpacked)
            }
        }
    }

    /// The row of a member, with what was found inside of it, as far as that is given.
    fn row(&self, row: usize, visible: Visible, inside: &[Option<Judged>]) -> MemberRow {
        let id = visible.id;
        let member = self.at(id);
        let judged = inside.get(id.index()).copied().unwrap_or(member.judged);
        let siblings = member.parent.map_or(&self.roots, |above| match &self.at(above).children {
            Some(children) => children,
            None => &self.roots,
        });
        let may_hold = match member.format {
            Some(Some(Format::Packed(_) | Format::Archive(_))) => true,
            Some(_) => false,
            None => has_wrapping_name(&member.name),
        };
        let expands = member.children.as_ref().map_or(may_hold, |children| !children.is_empty());
        MemberRow {
            row: row as u64,
            member: id.0,
            level: visible.level,
            position: u64::from(visible.position),
            siblings: siblings.len() as u64,
            parent: visible.parent.map(u64::from),
            expanded: expands.then_some(member.is_open),
            name: member.name.clone(),
            word: self.word(id),
            holds: self.holds(id),
            verdict: judged.map(Judged::verdict),
            is_partial: judged.is_some_and(|judged| judged.verdict() > judged.level),
            size: self.size(id),
            packed: self.packed(id),
            notes: self.row_notes(id),
            shown: id == self.shown,
            can_show: !matches!(member.origin, Origin::Folder),
        }
    }

    fn size(&self, id: MemberId) -> Option<u64> {
        let member = self.at(id);
        member.size().filter(|_| !matches!(member.origin, Origin::Folder))
    }

    /// Bytes that a member takes in what it is in.
    fn packed(&self, id: MemberId) -> Option<u64> {
        let member = self.at(id);
        match &member.origin {
            Origin::Entry(entry) => Some(entry.packed),
            Origin::Content(_) => member.parent.and_then(|above| self.at(above).size()),
            Origin::Part(span) | Origin::Tail(span) => Some(span.len()),
            _ => None,
        }
    }

    /// What is in a member, as far as something has looked: nothing is opened for it.
    fn holds(&self, id: MemberId) -> String {
        let member = self.at(id);
        let holds_others =
            matches!(member.origin, Origin::Folder) || matches!(member.format, Some(Some(Format::Archive(_))));
        match (&member.array, &member.children, member.judged) {
            (Some(words), ..) if !words.is_empty() => words.clone(),
            (_, Some(children), _) if holds_others => preview::plural(children.len() as u64, "entry", "entries"),
            (_, _, Some(judged)) => preview::plural(judged.objects, "object", "objects"),
            _ => String::new(),
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
            Format::Npy => match member.array.as_deref() {
                Some(words) if !words.is_empty() => words.to_owned(),
                _ => "npy".to_owned(),
            },
            Format::Other(kind) => kind.name.split_once(' ').map_or(kind.name, |(_, name)| name).to_owned(),
        };
        match (&member.origin, member.format) {
            (Origin::Folder, _) => "folder".to_owned(),
            (Origin::Entry(entry), None | Some(None)) if entry.folder => "folder".to_owned(),
            (_, Some(Some(format))) => of(format),
            _ if id == self.shown => self.document.format_word(),
            (_, Some(None)) => member.first_word.to_owned(),
            (_, None) => member.array.clone().unwrap_or_default(),
        }
    }

    fn row_notes(&self, id: MemberId) -> Vec<String> {
        let member = self.at(id);
        let mut notes: Vec<String> = member.notes.iter().map(|note| note.text.clone()).collect();
        if let Some(Err(why)) = &member.source {
            let prefix = format!("{}: ", member.name);
            notes.push(why.strip_prefix(&prefix).unwrap_or(why).to_owned());
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

/// The beginning of a name, by which names are sorted: those of entries may have 64 KiB.
fn head_of(name: &str) -> String {
    name.chars().take(200).flat_map(char::to_lowercase).collect()
}

/// `float64 (30, 4)`, from the header of a `.npy` file.
fn words_of_npy(source: &dyn Source) -> Option<String> {
    let header = npy::read(source).ok()?;
    let dtype = match &header.descr {
        Literal::Str(_, code) => Dtype::from_code(code).name,
        _ => "record".to_owned(),
    };
    Some(format!("{dtype} {}", shape_text(&header.shape)))
}

/// A pickle announces its protocol from the second on.
pub(super) fn first_word(source: &dyn Source) -> &'static str {
    match source.read_at(0, &mut [0]) {
        Ok(0) => "empty",
        _ if announced_at(source, 0).is_some() => "pickle",
        _ => "",
    }
}
