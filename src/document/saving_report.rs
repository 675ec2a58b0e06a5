//! The report on everything that was opened as one HTML file, a step at a time. What is open on the screen stays as it is.

use super::Document;
use super::being_saved::{ReportFile, ReportStage};
use super::content::{Child, Place, Target};
use super::digest::FileDigest;
use super::tree::{Spot, Tree};
use super::visits::{Task, Walk};
use crate::bytes::Source;
use crate::export::{Origin, Png, Writer};
use crate::graph::NodeId;
use crate::lens::shape_text;
use crate::view::html_report::{Drawing, HtmlFigure, HtmlReport, HtmlRows};
use crate::view::{FileReport, MemberRow, RowMark, shown};
use std::mem;
use std::sync::Arc;

/// Levels of the tree, and rows below one: fewer the deeper they are, so that the first of many does not take all the room.
const DEPTH: u32 = 8;
/// Levels where every row may ask a server for something.
const FAR_DEPTH: u32 = 2;
const ITEMS: [u64; DEPTH as usize] = [200, 200, 100, 50, 30, 20, 10, 10];
/// Rows in one step.
const ROWS: usize = 500;
/// Pictures, pixels across each, and numbers that are gone over for one.
const FIGURES: usize = 8;
const PIXELS: u32 = 256;
const NUMBERS: u64 = 1 << 20;
const FEWEST: u64 = 8;

/// What everything that was opened says for the report on it.
pub(crate) struct ReportAsk {
    /// The audit.
    pub(crate) report: FileReport,
    /// The bytes of the file that was opened, or why there are none to hash.
    pub(crate) file: Result<Arc<dyn Source>, String>,
    /// Why not all of what was opened is here.
    pub(crate) cut: String,
    /// What was opened and what is in it, where that is more than the document.
    pub(crate) members: Vec<MemberRow>,
}

impl Document {
    pub(super) fn report_file(&self, ask: ReportAsk) -> ReportFile {
        let roots = self.roots.len() as u64;
        let visited = roots.min(ITEMS[0]);
        let more = (roots > visited).then_some(Task::More(1, roots - visited));
        let first = (0..visited).rev().map(|index| Task::Visit(Spot { branch: 0, index }));
        ReportFile {
            report: ask.report,
            is_near: ask.file.as_ref().map_or(true, |file| !file.is_far()),
            cut: ask.cut,
            members: ask.members,
            digest: FileDigest::begin(ask.file),
            stage: ReportStage::Digest,
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
            ReportStage::Digest => {
                if file.digest.step() {
                    let FileDigest::Known(digest, _) = &file.digest else { return false };
                    let (mut overview, environment) = (self.overview(), self.environment());
                    if !file.cut.is_empty() {
                        overview.not_whole(&file.cut);
                    }
                    let report = HtmlReport {
                        overview: &overview,
                        report: &file.report,
                        environment: &environment,
                        members: &file.members,
                        digest,
                    };
                    out.extend(report.head().into_bytes());
                    file.stage = ReportStage::Tree;
                }
            }
            ReportStage::Tree => {
                if self.report_rows(file) {
                    file.stage = ReportStage::Figures(0);
                }
            }
            ReportStage::Figures(at) => {
                let is_full = file.figures.len() >= FIGURES || !file.is_near;
                match file.arrays.get(at).filter(|_| !is_full) {
                    Some(&node) => {
                        file.figures.extend(self.figure(node));
                        file.stage = ReportStage::Figures(at + 1);
                    }
                    None => {
                        let has_more = file.arrays.len() > file.figures.len();
                        out.extend(HtmlReport::figures(&file.figures, has_more).into_bytes());
                        out.extend(mem::take(&mut file.rows).finish().into_bytes());
                        out.extend(HtmlReport::foot().into_bytes());
                        file.stage = ReportStage::Done;
                    }
                }
            }
            ReportStage::Done => {}
        }
        matches!(file.stage, ReportStage::Done)
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
        let deepest = if file.is_near { DEPTH } else { FAR_DEPTH };
        let depth = if is_later_range { 0 } else { u64::from(deepest) };
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
                    rows.row(&row, (is_later_range || level >= deepest) && !is_known)
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
        let (words, drawing) = match self.png(node, PIXELS) {
            Ok(png) => self.report_picture(png, shape)?,
            Err(_) if (FEWEST..=NUMBERS).contains(&count) => self.report_histogram(node, shape)?,
            Err(_) => return None,
        };
        Some(HtmlFigure { path, words, drawing })
    }

    fn report_picture(&self, mut png: Png, shape: String) -> Option<(Vec<String>, Drawing)> {
        let mut bytes = Vec::new();
        let origin = Origin { reading: &self.reading, lens: self.lens() };
        while !png.step(&origin, &mut bytes).ok()? {}
        let mut words = shown(png.remarks());
        words.insert(words.len().min(1), shape);
        let (width, height) = png.size();
        Some((words, Drawing::Png(bytes, width, height)))
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
