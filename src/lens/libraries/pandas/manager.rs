//! Block managers: which blocks a frame is made of, and which columns each holds.
//!
//! Sources: `pandas/core/internals/managers.py` (`BlockManager.__reduce__`, `__setstate__`, `_unpickle`),
//! `pandas/_libs/internals.pyx` (`_unpickle_block`, `BlockPlacement`), `array_manager.py`.

use super::{is_pandas, scalars};
use crate::graph::{Edge, Node, RunKind};
use crate::lens::recogniser::Lens;
use std::collections::HashMap;

/// Blocks that are looked at.
const BLOCKS: usize = 1 << 20;
/// Columns that are placed one by one, of all blocks.
const PLACED: usize = 1 << 22;

/// Blocks and axes.
#[derive(Clone, Default)]
pub(super) struct Manager {
    /// Its class without the module.
    pub(super) class: String,
    /// The axes: columns and rows of a frame, rows of a series.
    pub(super) axes: Vec<Edge>,
    /// The values of each block.
    pub(super) blocks: Vec<Edge>,
    places: Places,
    /// How it is written.
    pub(super) format: &'static str,
    pub(super) remarks: Vec<String>,
}

/// Where the columns are: which row of which block.
#[derive(Clone, Default)]
struct Places {
    /// First column, number of columns, block; by the first column.
    runs: Vec<(u64, u64, u32)>,
    /// First column, number, step, block.
    steps: Vec<(u64, u64, i64, u32)>,
    each: HashMap<u64, (u32, u64)>,
}

/// The class of a manager, without saying more than that it is one.
pub(super) fn is_manager(lens: &Lens<'_>, edge: Edge) -> bool {
    let class = || lens.object(edge.node()).map(|object| object.class);
    class().is_some_and(|class| is_pandas(class) && MANAGERS.contains(&class.short_name()))
}

/// How a manager is written: by the arguments of a call, or by a state tuple.
pub(super) const REDUCED: &str = "blocks and axes";
/// The same in pandas 1.3 alone.
pub(super) const PARTIAL: &str = "blocks and axes, a partial of new_block for each block";
pub(super) const STATE: &str = "a state tuple of format 0.14.1";

const MANAGERS: [&str; 4] = ["BlockManager", "SingleBlockManager", "ArrayManager", "SingleArrayManager"];

/// The axes alone, which is quick whatever the number of blocks.
pub(super) fn axes(lens: &Lens<'_>, edge: Edge) -> Option<Vec<Edge>> {
    let object = lens.object(edge.node()).filter(|_| is_manager(lens, edge))?;
    if let &[_, axes, ..] = &object.args[..] {
        return lens.sequence(axes);
    }
    let state = object.state()?;
    match lens.graph.node(state.node()) {
        Node::Tuple => lens.sequence(lens.graph.items(state.node()).next()?),
        _ => lens.sequence(object.attribute("_axes").or_else(|| object.attribute("axes"))?),
    }
}

/// The manager that a value is.
pub(super) fn read(lens: &Lens<'_>, edge: Edge) -> Option<Manager> {
    let object = lens.object(edge.node()).filter(|_| is_manager(lens, edge))?;
    let mut manager = Manager {
        class: object.class.short_name().to_owned(),
        axes: axes(lens, edge).unwrap_or_default(),
        ..Manager::default()
    };
    if let &[blocks, _, ..] = &object.args[..] {
        manager.format = REDUCED;
        for block in items(lens, blocks) {
            match made_block(lens, block) {
                Some((values, placement, format)) => {
                    manager.format = format;
                    manager.place(lens, values, placement);
                }
                None => manager.remarks.push("A block is not understood.".to_owned()),
            }
        }
    } else if let Some(state) = object.state() {
        manager.read_state(lens, state);
        if let Some(arrays) = object.attribute("arrays").filter(|_| manager.format.is_empty()) {
            manager.format = "an array for each column";
            for (column, values) in (0..).zip(items(lens, arrays)) {
                manager.places.runs.push((column, 1, manager.blocks.len() as u32));
                manager.blocks.push(values);
            }
        }
    }
    if manager.format.is_empty() {
        manager.remarks.push("The state of the manager is not understood.".to_owned());
    }
    manager.remarks.dedup();
    manager.places.runs.sort_unstable();
    Some(manager)
}

impl Manager {
    /// `(axes, values of the blocks, items of the blocks, {'0.14.1': {axes, blocks: [{values, mgr_locs}]}})`
    fn read_state(&mut self, lens: &Lens<'_>, state: Edge) {
        let parts: Vec<Edge> = lens.graph.items(state.node()).take(5).collect();
        let current = || lens.value_of(lens.value_of(*parts.get(3)?, "0.14.1")?, "blocks");
        if let Some(blocks) = current() {
            self.format = STATE;
            for block in items(lens, blocks) {
                match (lens.value_of(block, "values"), lens.value_of(block, "mgr_locs")) {
                    (Some(values), Some(placement)) => self.place(lens, values, placement),
                    _ => self.remarks.push("A block is not understood.".to_owned()),
                }
            }
        } else if let &[_, values, ..] = &parts[..]
            && self.axes.len() == 1
        {
            // One block, whatever else the tuple holds.
            self.format = "a state tuple";
            for values in items(lens, values).into_iter().take(1) {
                self.places.runs.push((0, 1, 0));
                self.blocks.push(values);
            }
        }
    }

    fn place(&mut self, lens: &Lens<'_>, values: Edge, placement: Edge) {
        let block = self.blocks.len() as u32;
        self.blocks.push(values);
        if let Some((start, length, step)) = slice(lens, placement) {
            match step {
                1 => self.places.runs.push((start, length, block)),
                _ => self.places.steps.push((start, length, step, block)),
            }
            return;
        }
        let room = PLACED.saturating_sub(self.places.each.len());
        let array = lens.array(placement.node());
        match array.map(|array| (array.len(), array.integers(0, room))) {
            Some((length, Ok(columns))) => {
                for (row, column) in (0..).zip(&columns) {
                    match u64::try_from(*column) {
                        Ok(column) => drop(self.places.each.insert(column, (block, row))),
                        Err(_) => self.remarks.push(format!("A block is placed at column {column}.")),
                    }
                }
                if (columns.len() as u64) < length {
                    self.remarks.push("Not all columns of the blocks are placed.".to_owned());
                }
            }
            _ => self.remarks.push("The columns of a block are not understood.".to_owned()),
        }
    }

    /// The block of a column, and the row in it.
    pub(super) fn place_of(&self, column: u64) -> Option<(u32, u64)> {
        let places = &self.places;
        if let Some(&found) = places.each.get(&column) {
            return Some(found);
        }
        let after = places.runs.partition_point(|&(start, ..)| start <= column);
        let run = after.checked_sub(1).and_then(|run| places.runs.get(run));
        if let Some(&(start, _, block)) = run.filter(|&&(start, length, _)| column - start < length) {
            return Some((block, column - start));
        }
        places.steps.iter().find_map(|&(start, length, step, block)| {
            let distance = i128::from(column) - i128::from(start);
            let row = distance.checked_div(i128::from(step)).filter(|row| row * i128::from(step) == distance)?;
            let row = u64::try_from(row).ok().filter(|row| *row < length)?;
            Some((block, row))
        })
    }

    /// Columns up to the last one that a block holds.
    pub(super) fn reach(&self) -> u64 {
        let places = &self.places;
        let runs = places.runs.iter().map(|&(start, length, _)| start.saturating_add(length));
        let steps = places.steps.iter().map(|&(start, length, step, _)| {
            let last = i128::from(start) + i128::from(step.max(0)) * i128::from(length.saturating_sub(1));
            u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1)
        });
        let each = places.each.keys().map(|column| column.saturating_add(1));
        runs.chain(steps).chain(each).max().unwrap_or(0)
    }

    /// How many columns each block holds, as the placement says.
    pub(super) fn widths(&self) -> Vec<u64> {
        let mut widths = vec![0u64; self.blocks.len()];
        let places = &self.places;
        let runs = places.runs.iter().map(|&(_, length, block)| (block, length));
        let steps = places.steps.iter().map(|&(_, length, _, block)| (block, length));
        let each = places.each.values().map(|&(block, _)| (block, 1));
        for (block, length) in runs.chain(steps).chain(each) {
            widths[block as usize] = widths[block as usize].saturating_add(length);
        }
        widths
    }
}

/// Values and placement of a block that a call makes: `_unpickle_block(values, placement, ndim)`, in pandas 1.3
/// `functools.partial(new_block, ndim=2)(values, placement)`.
fn made_block(lens: &Lens<'_>, block: Edge) -> Option<(Edge, Edge, &'static str)> {
    let call = lens.call(block.node())?;
    let (maker, name, format) = match call.symbol {
        Some(symbol) => (symbol, "_unpickle_block", REDUCED),
        None => {
            let partial = lens.object(call.callee.node()).filter(|object| object.class.is("functools", "partial"))?;
            (lens.symbol(*partial.args.first()?)?, "new_block", PARTIAL)
        }
    };
    let &[values, placement, ..] = &call.args[..] else { return None };
    (is_pandas(maker) && maker.short_name() == name).then_some((values, placement, format))
}

/// The items of a tuple or list, whatever their number; `None` of anything else.
fn items(lens: &Lens<'_>, edge: Edge) -> Vec<Edge> {
    match lens.graph.node(edge.node()) {
        Node::Tuple => lens.graph.items(edge.node()).take(BLOCKS).collect(),
        Node::List => lens.graph.run_window(edge.node(), RunKind::Items, 0).take(BLOCKS).collect(),
        _ => Vec::new(),
    }
}

/// `slice(start, stop, step)` as a start, a length and a step.
fn slice(lens: &Lens<'_>, edge: Edge) -> Option<(u64, u64, i64)> {
    let call = lens.call(edge.node())?;
    if !call.symbol?.is("builtins", "slice") {
        return None;
    }
    let &[start, stop, step] = &call.args[..] else { return None };
    let step = if lens.is_none(step) { 1 } else { scalars::whole(lens, step)? };
    let start = scalars::whole(lens, start)?;
    let (first, by) = (u64::try_from(start).ok()?, i128::from(step));
    // Downwards to the first column there is no stop.
    let stop = if lens.is_none(stop) && step < 0 { -1 } else { scalars::whole(lens, stop)? };
    let distance = i128::from(stop) - i128::from(start);
    let length = match step {
        0 => return None,
        1.. => (distance + by - 1).div_euclid(by),
        ..0 => (-distance - by - 1).div_euclid(-by),
    };
    Some((first, u64::try_from(length.max(0)).ok()?, step))
}
