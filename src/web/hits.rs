//! Which of the rows, lines and cells that are here are hits of the search in the find bar.

use super::actions::use_actions;
use super::cells::{GridOf, Shown};
use super::finding;
use super::latest::Latest;
use super::plane::Visible;
use crate::protocol::ask::{self, Among};
use crate::view::card::{CellWindow, Grid};
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// The search that the find bar shows: its number, and a number that is raised as it finds more. Nothing while the bar is closed.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Search(pub(crate) Option<(u32, u32)>);

/// The element of the document on show that the find bar went to last, and a number that is raised each time.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct FoundElement(pub(crate) Option<(finding::Element, u32)>);

impl FoundElement {
    /// Slice, row and column of it in the grid of a value. A grid without columns of its own has one.
    pub(crate) fn cell(&self, node: u32, grid: &Grid) -> Option<(Vec<u64>, (u64, u64))> {
        let (element, _) = self.0.as_ref().filter(|(element, _)| element.node == node && grid.id == 0)?;
        let (slice, at) = element.at.split_at_checked(grid.slices.len())?;
        let cell = match *at {
            [row, column] => (row, column),
            [row] => (row, 0),
            _ => return None,
        };
        (cell.0 < grid.rows && cell.1 < grid.columns).then(|| (slice.to_vec(), cell))
    }
}

/// Those of the offsets at which something was found; `offsets` is not called while nothing is searched for.
#[hook]
pub(crate) fn use_hits(generation: u32, offsets: impl FnOnce() -> Vec<u64>) -> Rc<HashSet<u64>> {
    let search = use_context::<Search>().unwrap_or_default();
    use_found(generation, search, search.0.map(|_| Among::Offsets(in_order(offsets()))))
}

/// Those of the lines of the Python source on which something was found.
#[hook]
pub(crate) fn use_line_hits(generation: u32, lines: impl FnOnce() -> Vec<u64>) -> Rc<HashSet<u64>> {
    let search = use_context::<Search>().unwrap_or_default();
    use_found(generation, search, search.0.map(|_| Among::Lines(in_order(lines()))))
}

/// Those of the visible cells of a grid that match, numbered row by row: the frozen columns are asked for besides.
#[hook]
pub(crate) fn use_cell_hits(of: GridOf, shown: &Shown, visible: Visible) -> Rc<HashSet<u64>> {
    // Somewhat more than is visible, so that a few rows more or less are no other question.
    const AROUND: u64 = 32;
    let search = use_context::<Search>().unwrap_or_default();
    let around = |(first, count): (u64, u64)| {
        let begin = first / AROUND * AROUND;
        (begin, ((first + count).next_multiple_of(AROUND) - begin) as u32)
    };
    let among = |columns: (u64, u64)| {
        let ((row, rows), (column, columns)) = (around(visible.rows), around(columns));
        let (slice, arrangement) = (shown.slice.clone(), shown.arrangement.clone());
        let window = CellWindow { node: of.node, grid: of.grid, slice, row, rows, column, columns, arrangement };
        Among::Cells(window, of.size.1)
    };
    let scrolling = use_found(of.generation, search, search.0.map(|_| among(visible.columns)));
    let frozen = search.0.filter(|_| visible.frozen > 0).map(|_| among((0, visible.frozen)));
    let frozen = use_found(of.generation, search, frozen);
    if visible.frozen == 0 || frozen.is_empty() { scrolling } else { Rc::new(&*scrolling | &*frozen) }
}

fn in_order(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What of this was found, asked again whenever the search has found more.
#[hook]
fn use_found(generation: u32, search: Search, asked: Option<Among>) -> Rc<HashSet<u64>> {
    let actions = use_actions();
    let hits = use_state_eq(|| (None, Rc::new(HashSet::new())));
    let latest = use_memo((), |()| Rc::new(Latest::<ask::FoundAmong>::default()));
    {
        let (latest, hits) = (Rc::clone(&latest), hits.setter());
        use_effect_with((search, generation, asked), move |(search, generation, asked)| {
            let of = search.0.map(|(number, _)| (*generation, number));
            let is_nothing = |asked: &Among| matches!(asked, Among::Offsets(all) | Among::Lines(all) if all.is_empty());
            if let (Some(_), Some(asked)) = (of, asked.clone().filter(|asked| !is_nothing(asked))) {
                let then = Callback::from(move |reply: Result<Vec<u64>, String>| {
                    hits.set((of, Rc::new(reply.unwrap_or_default().into_iter().collect())));
                });
                latest.ask(&actions, ask::FoundAmong(asked), then);
            }
        });
    }
    use_effect_with((), move |()| move || latest.close());
    // Those of a search before mean nothing any more.
    let is_current = search.0.is_some_and(|(number, _)| hits.0 == Some((generation, number)));
    if is_current { Rc::clone(&hits.1) } else { Rc::default() }
}
