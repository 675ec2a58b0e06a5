//! Windows of a grid that lives in the worker.

use super::actions::{Actions, use_actions};
use super::dom::Pace;
use super::plane::Visible;
use crate::protocol::ask;
use crate::view::card::{Arrangement, Cell, CellWindow, Cells};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use yew::prelude::*;

/// Rows and columns in one request: what comes at once is read at once, between two frames.
const TILE: (u64, u64) = (32, 16);
/// Rows and columns of the first one, from which columns get their widths.
const FIRST: (u32, u32) = (32, super::axis::MEASURED as u32);
/// Requests on their way at a time.
const IN_FLIGHT: usize = 2;
/// Windows kept.
const KEPT: usize = 96;

/// A grid of a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct GridOf {
    /// Number of the file.
    pub(crate) generation: u32,
    /// Node of the card.
    pub(crate) node: u32,
    /// Which grid of it.
    pub(crate) grid: u32,
    /// Its rows and columns.
    pub(crate) size: (u64, u64),
}

/// Which rows are shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shown {
    /// The slice.
    pub(crate) slice: Vec<u64>,
    /// How they are arranged.
    pub(crate) arrangement: Arrangement,
    /// How many there are.
    pub(crate) rows: u64,
    /// Raised when they were arranged anew.
    pub(crate) attempt: u32,
}

struct Cache {
    of: GridOf,
    shown: Shown,
    /// Raised with each slice and arrangement.
    version: u32,
    first: Option<Rc<Cells>>,
    /// The version that `first` is of.
    first_version: u32,
    tiles: HashMap<(u64, u64), Rc<Cells>>,
    asked: Vec<(u64, u64)>,
    in_flight: usize,
    first_asked: bool,
    wanted: Visible,
}

/// The cells that are here.
#[derive(Clone)]
pub(crate) struct Table {
    cache: Rc<RefCell<Cache>>,
    pace: Pace,
    actions: Actions,
    update: UseForceUpdateHandle,
}

impl Table {
    /// The first window: heads and lengths of texts to lay the grid out by.
    pub(crate) fn first(&self) -> Option<Rc<Cells>> {
        self.cache.borrow().first.clone()
    }

    /// Whether the cells are still those of the slice before.
    pub(crate) fn is_stale(&self) -> bool {
        let cache = self.cache.borrow();
        cache.first_version != cache.version
    }

    /// A cell, when it is here.
    pub(crate) fn cell(&self, row: u64, column: u64) -> Option<Cell> {
        self.find(row, column, |cells, row, column| cells.rows.get(row)?.get(column).cloned())
    }

    /// The head of a column, when it is here.
    pub(crate) fn head(&self, column: u64) -> Option<(String, String)> {
        let row = self.cache.borrow().wanted.rows.0;
        self.find(row, column, |cells, _, column| cells.heads.get(column).cloned())
            .or_else(|| self.find(0, column, |cells, _, column| cells.heads.get(column).cloned()))
    }

    /// The head of a row, when it is here.
    pub(crate) fn row_head(&self, row: u64) -> Option<Vec<String>> {
        let column = self.cache.borrow().wanted.columns.0;
        self.find(row, column, |cells, row, _| cells.row_heads.get(row).cloned())
            .or_else(|| self.find(row, 0, |cells, row, _| cells.row_heads.get(row).cloned()))
    }

    /// Why some of what is visible is not there.
    pub(crate) fn problem(&self) -> Option<String> {
        let cache = self.cache.borrow();
        let tiles = cache.visible_tiles();
        let visible = tiles.iter().filter_map(|tile| cache.tiles.get(tile));
        visible.chain(cache.first.as_ref()).find_map(|cells| cells.problem.clone())
    }

    /// Asks again for what could not be loaded.
    pub(crate) fn ask_again(&self) {
        {
            let mut cache = self.cache.borrow_mut();
            let cache = &mut *cache;
            cache.tiles.retain(|_, cells| cells.problem.is_none());
            let tiles = &cache.tiles;
            cache.asked.retain(|tile| tiles.contains_key(tile));
            if cache.first.as_ref().is_some_and(|cells| cells.problem.is_some()) {
                cache.first_asked = false;
            }
        }
        self.update.force_update();
        self.pump();
    }

    fn find<T>(&self, row: u64, column: u64, get: impl Fn(&Cells, usize, usize) -> Option<T>) -> Option<T> {
        let cache = self.cache.borrow();
        let (tile_row, tile_column) = (row / TILE.0, column / TILE.1);
        let in_tile = cache
            .tiles
            .get(&(tile_row, tile_column))
            .and_then(|cells| get(cells, (row - tile_row * TILE.0) as usize, (column - tile_column * TILE.1) as usize));
        in_tile.or_else(|| get(cache.first.as_ref()?, usize::try_from(row).ok()?, usize::try_from(column).ok()?))
    }

    /// Shows other rows.
    pub(crate) fn choose(&self, shown: &Shown) {
        {
            let mut cache = self.cache.borrow_mut();
            if cache.shown != *shown {
                cache.shown = shown.clone();
                cache.version += 1;
                cache.tiles.clear();
                cache.asked.clear();
                cache.first_asked = false;
            }
        }
        self.pump();
    }

    /// The visible part: cells outside it need not be fetched. Says whether all of it is here.
    pub(crate) fn want(&self, visible: Visible) -> bool {
        let before = std::mem::replace(&mut self.cache.borrow_mut().wanted, visible);
        if visible.is_apart(before) {
            let this = self.clone();
            self.pace.run(move || this.pump());
        } else {
            self.pump();
        }
        let cache = self.cache.borrow();
        cache.visible_tiles().iter().all(|tile| cache.tiles.contains_key(tile))
    }

    fn pump(&self) {
        loop {
            let (version, tile, window) = {
                let mut cache = self.cache.borrow_mut();
                if cache.in_flight >= IN_FLIGHT {
                    return;
                }
                let Some((tile, window)) = cache.next() else { return };
                cache.in_flight += 1;
                (cache.version, tile, window)
            };
            let this = self.clone();
            self.actions.inquire(ask::Cells(window), move |reply| this.arrived(version, tile, reply));
        }
    }

    fn arrived(&self, version: u32, tile: Option<(u64, u64)>, reply: Result<Cells, String>) {
        let is_visible = {
            let mut cache = self.cache.borrow_mut();
            cache.in_flight = cache.in_flight.saturating_sub(1);
            if cache.version == version {
                let cells = reply.unwrap_or_else(|why| Cells { problem: Some(why), ..Cells::default() });
                let cells = Rc::new(cells);
                match tile {
                    None => {
                        cache.first = Some(cells);
                        cache.first_version = version;
                    }
                    Some(tile) => drop(cache.tiles.insert(tile, cells)),
                }
                cache.trim();
            }
            tile.is_none_or(|tile| cache.visible_tiles().contains(&tile))
        };
        // What was scrolled past meanwhile is drawn when it comes into sight again.
        if is_visible {
            self.update.force_update();
        }
        self.pump();
    }
}

impl Cache {
    /// What is to be asked next, and where it belongs.
    fn next(&mut self) -> Option<(Option<(u64, u64)>, CellWindow)> {
        let window = |row: u64, rows: u32, column: u64, columns: u32| CellWindow {
            node: self.of.node,
            grid: self.of.grid,
            slice: self.shown.slice.clone(),
            arrangement: self.shown.arrangement.clone(),
            row,
            rows,
            column,
            columns,
        };
        if !self.first_asked {
            let first = window(0, FIRST.0, 0, FIRST.1);
            self.first_asked = true;
            return Some((None, first));
        }
        let tile = self.visible_tiles().into_iter().find(|tile| !self.asked.contains(tile))?;
        let found = window(tile.0 * TILE.0, TILE.0 as u32, tile.1 * TILE.1, TILE.1 as u32);
        self.asked.push(tile);
        Some((Some(tile), found))
    }

    /// The tiles that are visible and not in the first window as a whole.
    fn visible_tiles(&self) -> Vec<(u64, u64)> {
        let Visible { rows, columns, frozen } = self.wanted;
        let (last_row, last_column) = (rows.0 + rows.1, columns.0 + columns.1);
        if rows.1 == 0 || columns.1 == 0 || (last_row <= u64::from(FIRST.0) && last_column <= u64::from(FIRST.1)) {
            return Vec::new();
        }
        let tile_rows = rows.0 / TILE.0..=(last_row - 1).min(self.of.size.0.saturating_sub(1)) / TILE.0;
        let first = columns.0 / TILE.1;
        let tile_columns = first..=(last_column - 1).min(self.of.size.1.saturating_sub(1)) / TILE.1;
        let frozen = 0..frozen.div_ceil(TILE.1).min(first);
        tile_rows.flat_map(|row| frozen.clone().chain(tile_columns.clone()).map(move |column| (row, column))).collect()
    }

    fn trim(&mut self) {
        if self.tiles.len() > KEPT {
            let near = self.visible_tiles();
            self.tiles.retain(|tile, _| near.contains(tile));
            let tiles = &self.tiles;
            self.asked.retain(|tile| tiles.contains_key(tile) || near.contains(tile));
        }
    }
}

/// The cells of some rows of a grid. The component is mounted anew for every card.
#[hook]
pub(crate) fn use_cells(of: GridOf, shown: &Shown) -> Table {
    let actions = use_actions();
    let update = use_force_update();
    let cache = use_memo((), |()| {
        Rc::new(RefCell::new(Cache {
            of,
            shown: shown.clone(),
            version: 0,
            first: None,
            first_version: 0,
            tiles: HashMap::new(),
            asked: Vec::new(),
            in_flight: 0,
            first_asked: false,
            wanted: Visible::default(),
        }))
    });
    let pace = use_memo((), |()| Pace::default());
    let table = Table { cache: Rc::clone(&cache), pace: Pace::clone(&pace), actions, update };
    {
        let table = table.clone();
        use_effect_with(shown.clone(), move |shown| table.choose(shown));
    }
    table
}
