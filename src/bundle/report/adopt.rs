//! What a report found becomes members of the bundle that somebody looks at.

use super::lent::Place;
use crate::bundle::Bundle;
use crate::bundle::member::{LeftOver, Member, MemberId};
use std::collections::{HashMap, HashSet};

impl Bundle {
    /// Takes over the members of a bundle of the same files; gives the number of each here.
    pub(super) fn adopt(&mut self, other: Self) -> Vec<MemberId> {
        let Self { members, owns, .. } = other;
        let mut known: HashMap<(MemberId, Place, String), MemberId> = HashMap::new();
        for (number, member) in self.members.iter().enumerate() {
            for &child in member.children.iter().flatten() {
                let Member { name, origin, .. } = self.at(child);
                let above = MemberId(number as u32);
                known.entry((above, Place::of(origin), name.clone())).or_insert(child);
            }
        }
        let mut roots = self.roots.clone().into_iter();
        let mut numbers: Vec<MemberId> = Vec::with_capacity(members.len());
        let mut below = Vec::new();
        for mut member in members {
            // A member comes behind the one that it is in.
            let above = member.parent.map(|above| numbers[above.index()]);
            let same = match above {
                Some(above) => known.get(&(above, Place::of(&member.origin), member.name.clone())).copied(),
                None => roots.next(),
            };
            let children = member.children.take();
            let id = match same {
                Some(id) => {
                    self.at_mut(id).learn(member);
                    id
                }
                None => {
                    member.parent = above;
                    member.release();
                    self.add(member)
                }
            };
            numbers.push(id);
            below.extend(children.map(|children| (id, children)));
        }
        for (id, children) in below {
            let children = children.into_iter().map(|child| numbers[child.index()]);
            let mine = self.at(id).children.clone();
            let known: HashSet<MemberId> = mine.iter().flatten().copied().collect();
            let more = children.filter(|child| !known.contains(child));
            self.at_mut(id).children = Some(mine.into_iter().flatten().chain(more).collect());
        }
        self.owns.extend(owns.into_iter().map(|(archive, header)| (numbers[archive.index()], header)));
        self.visible.clear();
        numbers
    }
}

impl Member {
    /// Adds what another reading found out of the same member.
    fn learn(&mut self, other: Self) {
        let Self { format, first_word, array, judged, flavour, notes, listed_whole, left_over, .. } = other;
        if self.format.is_none() {
            (self.format, self.first_word) = (format, first_word);
        }
        self.array = self.array.take().or(array);
        self.judged = self.judged.or(judged);
        self.flavour = self.flavour.or(flavour);
        self.listed_whole &= listed_whole;
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        if let Some(found) = left_over {
            let LeftOver { looked_at, unread, starts_behind, is_cached, is_shelf } = *found;
            let mine = self.left_over.get_or_insert_default();
            mine.looked_at.extend(looked_at);
            mine.unread = mine.unread.take().or(unread);
            mine.starts_behind |= starts_behind;
            mine.is_cached |= is_cached;
            mine.is_shelf |= is_shelf;
        }
    }
}
