//! Which member people mean when they open a file.

use super::endings::is_pickle_or_array;
use super::member::{MemberId, Origin};
use super::{Bundle, OnProgress};
use crate::container::Format;
use crate::format::pickle::announced_at;
use crate::opcode;

/// Members whose first bytes are looked at before nothing is chosen.
const LOOKED_AT: usize = 64;

impl Bundle {
    /// The member to show first: of one file what it is about, of several the first that is a pickle.
    pub(super) fn find_main(&mut self, progress: OnProgress<'_>) -> MemberId {
        let roots = self.roots.clone();
        match roots[..] {
            [one] => self.main_below(one, progress),
            _ => {
                let first = self.main_of_files(&roots, progress);
                self.main_below(first, progress)
            }
        }
    }

    /// What is inside the wrappings of a member, as far as they hold one thing that they are about.
    pub(super) fn main_below(&mut self, id: MemberId, progress: OnProgress<'_>) -> MemberId {
        let mut id = id;
        for _ in 0..super::open::NESTING {
            let inside = match self.format(id, progress) {
                Some(Format::Packed(_)) => self.children(id, progress).first().copied(),
                Some(Format::Archive(_)) => self.main_entry(id, progress),
                _ => self.archive_behind_script(id, progress),
            };
            match inside {
                Some(inside) => id = inside,
                None => break,
            }
        }
        id
    }

    /// Shows what people mean inside of a member.
    pub fn show_inside(&mut self, id: MemberId, progress: OnProgress<'_>) {
        let inside = self.main_below(id, progress);
        self.show(inside, progress);
    }

    /// The archive behind bytes that are no pickle from the first on: a script or program that unpacks itself. Or what
    /// begins behind a few bytes of a header; or what a text spells.
    fn archive_behind_script(&mut self, id: MemberId, progress: OnProgress<'_>) -> Option<MemberId> {
        let children = self.children(id, progress);
        let spelled = children.iter().copied().find(|&child| matches!(self.at(child).origin, Origin::Spelled(_)));
        if spelled.is_some() {
            return spelled;
        }
        if self.starts_behind(id) || self.is_cached(id) || self.is_shelf(id) {
            return children.into_iter().find(|&child| matches!(self.at(child).origin, Origin::Part(_)));
        }
        let behind = children.into_iter().find(|&child| matches!(self.at(child).origin, Origin::Tail(_)))?;
        let source = self.source(id, progress).ok()?;
        let is_known = matches!(self.format(id, progress), Some(Format::Other(_)));
        (is_known || opcode::decode(&*source, 0, &self.limits).is_err()).then_some(behind)
    }

    /// The entry that an archive is about: torch's `data.pkl`, the only file, the only pickle.
    fn main_entry(&mut self, archive: MemberId, progress: OnProgress<'_>) -> Option<MemberId> {
        let mut files = self.files_below(archive, progress);
        files.retain(|&id| !matches!(self.at(id).origin, Origin::Part(_) | Origin::Tail(_)));
        let named = |name: &str| files.iter().copied().filter(|&id| self.at(id).name == name).collect::<Vec<_>>();
        match self.at(archive).flavour {
            Some("torch" | "TorchScript") => {
                let by_depth = |id: &MemberId| self.path(*id).matches('/').count();
                return named("data.pkl").into_iter().min_by_key(by_depth);
            }
            Some("torch 0.1") => return named("pickle").first().copied(),
            // The first versions have the weights as a file of `torch.save`, by either name; later ones as bare numbers.
            Some("torch export") => {
                let weights = ["serialized_state_dict.pt", "serialized_state_dict.json"];
                return weights.into_iter().find_map(|name| named(name).first().copied());
            }
            _ => {}
        }
        if let [only] = files[..] {
            return Some(only);
        }
        let by_name: Vec<MemberId> =
            files.iter().copied().filter(|&id| is_pickle_or_array(&self.at(id).name)).collect();
        match by_name[..] {
            [one] => Some(one),
            [] if files.len() <= LOOKED_AT => {
                let pickles: Vec<MemberId> =
                    files.into_iter().filter(|&id| self.looks_like_pickle(id, progress)).collect();
                if let [one] = pickles[..] { Some(one) } else { None }
            }
            _ => None,
        }
    }

    /// The files in an archive, in its order, through folders but not through further archives.
    pub(super) fn files_below(&mut self, archive: MemberId, progress: OnProgress<'_>) -> Vec<MemberId> {
        let mut files = Vec::new();
        let mut todo: Vec<MemberId> = self.children(archive, progress).into_iter().rev().collect();
        while let Some(id) = todo.pop() {
            match &self.at(id).origin {
                Origin::Folder => todo.extend(self.at(id).children.iter().flatten().rev()),
                Origin::Entry(entry) if entry.folder => {}
                _ => files.push(id),
            }
        }
        files
    }

    /// Whether the first bytes are those of a pickle of protocol 2 or later.
    fn looks_like_pickle(&mut self, id: MemberId, progress: OnProgress<'_>) -> bool {
        let Ok(source) = self.source(id, progress) else { return false };
        announced_at(&*source, 0).is_some()
    }
}
