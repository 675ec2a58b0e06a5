//! The report on everything that was opened as one HTML file, a step at a time. What is open on the screen stays as it is.

use super::Document;
use super::content::{Child, Place, Target};
use super::tree::{Spot, Tree};
use super::visits::{Task, Walk};
use crate::bytes::Source;
use crate::export::{Origin, Png, Writer};
use crate::graph::NodeId;
use crate::lens::shape_text;
use crate::view::card::PictureSlot;
use crate::view::html_report::{Drawing, HtmlFigure, HtmlReport, HtmlRows};
use crate::view::{FileReport, RowMark, cards, formats, shown};
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};
use std::mem;
use std::sync::Arc;

/// Levels of the tree, and rows below one: fewer the deeper they are, so that the first of many does not take all the room.
const DEPTH: u32 = 8;
const ITEMS: [u64; DEPTH as usize] = [200, 200, 100, 50, 30, 20, 10, 10];
/// Rows in one step.
const ROWS: usize = 500;
/// Bytes of the file that are hashed in all, and in one step.
const HASHED: u64 = 1 << 30;
const BLOCK: usize = 1 << 20;
const BLOCKS: usize = 4;
/// Pictures, pixels across each, and numbers that are gone over for one.
const FIGURES: usize = 8;
const PIXELS: u32 = 256;
const NUMBERS: u64 = 1 << 20;
const FEWEST: u64 = 8;

/// What everything that was opened says for the report on it.
pub(crate) struct ReportAsk {
    /// The audit.
    pub(crate) report: FileReport,
    /// The bytes of the file that was opened, when it is one.
    pub(crate) file: Option<Arc<dyn Source>>,
}

/// A report on its way into a file.
pub(super) struct ReportFile {
    report: FileReport,
    hash: Hash,
    stage: Stage,
    tree: Tree,
    tasks: Vec<Task>,
    rows: HtmlRows,
    /// Arrays that the tree shows.
    arrays: Vec<NodeId>,
    figures: Vec<HtmlFigure>,
    /// Whether pictures may be made: not of bytes that would have to be asked for.
    is_near: bool,
    done: u64,
}

enum Stage {
    Hash,
    Tree,
    Figures(usize),
    Done,
}

/// The digest of a file, as far as it has come.
enum Hash {
    Of(Arc<dyn Source>, Box<Sha256>, u64),
    Known(String),
}

impl Hash {
    fn begin(file: Option<Arc<dyn Source>>) -> Self {
        let words = |words: &str| Self::Known(words.to_owned());
        match file {
            None => words("not worked out: several files were opened"),
            Some(file) if file.is_far() => words("not worked out: the file is on a server"),
            Some(file) if file.len() > HASHED => words("not worked out: the file is larger than 1 GiB"),
            Some(file) => Self::Of(file, Box::default(), 0),
        }
    }

    /// Hashes some more; whether that was all.
    fn step(&mut self) -> bool {
        let Self::Of(file, hash, at) = self else { return true };
        let mut block = vec![0; BLOCK.min(usize::try_from(file.len()).unwrap_or(BLOCK))];
        for _ in 0..BLOCKS {
            match file.read_at(*at, &mut block) {
                Err(error) => {
                    *self = Self::Known(format!("not worked out: {error}"));
                    return true;
                }
                Ok(count) => {
                    hash.update(&block[..count]);
                    *at += count as u64;
                    if count == 0 || *at >= file.len() {
                        *self = Self::Known(HEXLOWER.encode(&mem::take(&mut **hash).finalize()));
                        return true;
                    }
                }
            }
        }
        false
    }
}

impl ReportFile {
    pub(super) fn progress(&self) -> (u64, u64) {
        let hashed = match &self.hash {
            Hash::Of(file, _, at) => (at / BLOCK as u64, file.len() / BLOCK as u64),
            Hash::Known(_) => (0, 0),
        };
        (hashed.0 + self.done, hashed.1 + self.done + self.tasks.len() as u64 + 1)
    }
}

impl Document {
    pub(super) fn report_file(&self, ask: ReportAsk) -> ReportFile {
        let roots = self.roots.len() as u64;
        let visited = roots.min(ITEMS[0]);
        let more = (roots > visited).then_some(Task::More(1, roots - visited));
        let first = (0..visited).rev().map(|index| Task::Visit(Spot { branch: 0, index }));
        ReportFile {
            report: ask.report,
            is_near: ask.file.as_ref().is_none_or(|file| !file.is_far()),
            hash: Hash::begin(ask.file),
            stage: Stage::Hash,
            tree: Tree::new(roots),
            tasks: more.into_iter().chain(first).collect(),
            rows: HtmlRows::default(),
            arrays: Vec::new(),
            figures: Vec::new(),
            done: 0,
        }
    }

    /// Writes some more; whether it was the last of it.
    pub(super) fn report_step(&mut self, file: &mut ReportFile, out: &mut Vec<u8>) -> bool {
        match file.stage {
            Stage::Hash => {
                if file.hash.step() {
                    let Hash::Known(digest) = &file.hash else { return false };
                    let (overview, environment) = (self.overview(), self.environment());
                    let report =
                        HtmlReport { overview: &overview, report: &file.report, environment: &environment, digest };
                    out.extend(report.head().into_bytes());
                    file.stage = Stage::Tree;
                }
            }
            Stage::Tree => {
                if self.report_rows(file) {
                    file.stage = Stage::Figures(0);
                }
            }
            Stage::Figures(at) => {
                let is_full = file.figures.len() >= FIGURES || !file.is_near;
                match file.arrays.get(at).filter(|_| !is_full) {
                    Some(&node) => {
                        file.figures.extend(self.figure(node));
                        file.stage = Stage::Figures(at + 1);
                    }
                    None => {
                        let left = file.arrays.len().saturating_sub(at) as u64;
                        out.extend(HtmlReport::figures(&file.figures, left).into_bytes());
                        out.extend(mem::take(&mut file.rows).finish().into_bytes());
                        out.extend(HtmlReport::foot().into_bytes());
                        file.stage = Stage::Done;
                    }
                }
            }
            Stage::Done => {}
        }
        matches!(file.stage, Stage::Done)
    }

    /// Goes over some rows of the tree; whether they were the last ones.
    fn report_rows(&mut self, file: &mut ReportFile) -> bool {
        mem::swap(&mut self.tree, &mut file.tree);
        for _ in 0..ROWS {
            let Some(task) = file.tasks.pop() else { break };
            self.report_row(task, file);
            file.done += 1;
        }
        mem::swap(&mut self.tree, &mut file.tree);
        file.tasks.is_empty()
    }

    fn report_row(&mut self, task: Task, file: &mut ReportFile) {
        let spot = match &task {
            Task::Visit(spot) => Some(*spot),
            _ => None,
        };
        let child = spot.and_then(|spot| self.child_at(spot));
        let level = spot.and_then(|spot| self.tree.branch(spot.branch)).map_or(1, |branch| branch.depth + 1);
        // Of the ranges of a large container the first is opened.
        let is_later_range = matches!(child, Some(Child { place: Place::Range(first, _), .. }) if first > 0);
        let depth = if is_later_range { 0 } else { u64::from(DEPTH) };
        let items = ITEMS.get(level as usize).copied().unwrap_or(0);
        let rows = &mut file.rows;
        let mut has_room = true;
        let mut tasks = mem::take(&mut file.tasks);
        // The rows are text: writing them cannot fail.
        let _ = self.visit(task, depth, items, &mut tasks, &mut |event| {
            has_room = match event {
                Walk::Row(row) => {
                    let is_known =
                        row.marks.iter().any(|mark| matches!(mark, RowMark::Shared { .. } | RowMark::Cycle { .. }));
                    rows.row(&row, (is_later_range || level >= DEPTH) && !is_known)
                }
                Walk::More { level, left } => rows.more(level, left),
            };
            Ok(())
        });
        file.tasks = tasks;
        if let Some(Child { target: Target::Value(edge), .. }) = child {
            let node = edge.node();
            if !file.arrays.contains(&node) && file.arrays.len() < 4 * FIGURES && self.lens().array(node).is_some() {
                file.arrays.push(node);
            }
        }
        if !has_room {
            file.tasks.clear();
        }
    }

    /// The picture on the card of an array, or how its numbers spread.
    fn figure(&mut self, node: NodeId) -> Option<HtmlFigure> {
        let path = self.first_path(node).unwrap_or_default();
        let (shape, count) = {
            let array = self.lens().array(node)?;
            let count = array.shape.iter().try_fold(1_u64, |all, side| all.checked_mul(*side))?;
            (format!("{} {}", array.dtype.name, shape_text(&array.shape)), count)
        };
        let slot = formats::picture_of(&self.lens(), node);
        let (words, drawing) = match slot {
            Some(slot) => self.report_picture(node, &slot, shape)?,
            None if (FEWEST..=NUMBERS).contains(&count) => self.report_histogram(node, shape)?,
            None => return None,
        };
        Some(HtmlFigure { path, words, drawing })
    }

    fn report_picture(&self, node: NodeId, slot: &PictureSlot, shape: String) -> Option<(Vec<String>, Drawing)> {
        let lens = self.lens();
        let picture = cards::picture(&lens, node, slot.part, &vec![0; slot.slices.len()], PIXELS).map(shown)?;
        let pixels = BASE64.decode(picture.pixels.as_bytes()).ok()?;
        let mut png = Png::new(picture.width, picture.height, pixels, Vec::new()).ok()?;
        let mut bytes = Vec::new();
        while !png.step(&Origin { reading: &self.reading, lens }, &mut bytes).ok()? {}
        let scale = picture.scale.map(|(low, high)| format!("from {low} to {high}")).unwrap_or_default();
        let words = vec![slot.description.clone(), shape, scale, picture.note];
        Some((words, Drawing::Png(bytes, picture.width, picture.height)))
    }

    fn report_histogram(&mut self, node: NodeId, shape: String) -> Option<(Vec<String>, Drawing)> {
        let statistics = loop {
            let so_far = self.statistics(node.0, 0)?;
            if so_far.progress.0 >= so_far.progress.1 || so_far.problem.is_some() {
                break so_far;
            }
        };
        let histogram = statistics.histogram.filter(|histogram| !histogram.counts.is_empty())?;
        let words = vec![shape, format!("histogram from {} to {}", histogram.low, histogram.high)];
        Some((words, Drawing::Histogram(histogram)))
    }
}
