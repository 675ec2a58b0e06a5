//! Estimators of scikit-learn and of those that follow it: parameters, what fitting learned, and what they are made of.

use super::super::TextPart;
use super::super::card::{Bars, Block, Body, Card, CardFact, Cell, CellKind, CellWindow, Cells, Entry, Grid, Section};
use super::super::preview::{self, plural};
use super::largest::{BARS, furthest, largest_to_scale, some};
use crate::graph::{Edge, NodeId};
use crate::lens::{
    Arrangement, Child, ChildValue, Estimator, EstimatorTrees, Evidence, Forest, Lens, Role, Setting, Sheet, SheetCell,
    Weights,
};

/// Boxes of one diagram.
const BLOCKS: usize = 400;
/// Boxes in boxes.
const LEVELS: usize = 32;
/// Changed parameters in a box.
const CHANGED: usize = 6;

/// The card of an estimator.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let estimator = lens.estimator(node)?;
    let mut card = Card { kind: "estimator".to_owned(), ..Card::default() };
    facts(&estimator, &mut card);
    remarks(&estimator, &mut card);
    let blocks = diagram(lens, &estimator);
    if blocks.len() > 1 {
        card.sections.push(Section::new("Diagram", "", Body::Diagram(blocks)));
    }
    let behind = behind(&estimator);
    if let Some(trees) = trees(&estimator) {
        let count = trees.len();
        let note = format!("{}{behind}", plural(count, "tree", "trees"));
        card.sections.push(Section::new("Trees", note, Body::Trees { count }));
    }
    if let Some(booster) = estimator.booster() {
        super::boosting::add_model(&booster, &mut card);
    }
    let beside = if estimator.feature_names().is_none() { estimator.names_beside() } else { None };
    if let Some((names, key)) = &beside {
        let evidence = format!("they stand beside it in the file, under {key}");
        card.facts.push(CardFact::guess("feature names", some(names), evidence));
    }
    let names = estimator.feature_names().or(beside.map(|(names, _)| names));
    weights(&estimator, names.unwrap_or_default(), ("", ""), &mut card);
    if let Some((last, names)) = estimator.conclusion() {
        weights(&last, names.unwrap_or_default(), (&format!(" of {}", last.name()), &behind), &mut card);
    }
    for (id, sheet) in estimator.sheets().iter().enumerate() {
        card.sections.push(Section::new(&sheet.title, plural(sheet.rows, "row", "rows"), Body::Grid(grid(id, sheet))));
    }
    attributes(lens, &estimator, &mut card);
    Some(card)
}

fn grid(id: usize, sheet: &Sheet<'_>) -> Grid {
    let row_heads = if sheet.has_row_heads { vec![String::new()] } else { Vec::new() };
    let columns = sheet.heads.len() as u64;
    Grid { id: id as u32, rows: sheet.rows, columns, row_heads, ..Grid::default() }
}

/// Cells of a table of an estimator.
pub(super) fn cells(lens: &Lens<'_>, window: &CellWindow) -> Option<Cells> {
    let estimator = lens.estimator(NodeId(window.node))?;
    let sheet = estimator.sheets().into_iter().nth(window.grid as usize)?;
    let (columns, from) = (u64::from(window.columns), usize::try_from(window.column).ok()?);
    let heads = sheet.heads.iter().skip(from).take(window.columns as usize).cloned().collect();
    let mut cells = Cells { heads, ..Cells::default() };
    match estimator.sheet_rows(&sheet, (window.row, u64::from(window.rows)), (window.column, columns)) {
        Ok(rows) => {
            for (head, row) in rows {
                if sheet.has_row_heads {
                    cells.row_heads.push(vec![head]);
                }
                cells.rows.push(row.into_iter().map(cell).collect());
            }
        }
        Err(problem) => cells.problem = Some(problem),
    }
    Some(cells)
}

fn cell(cell: SheetCell) -> Cell {
    let is_missing = matches!(cell.text.as_str(), "nan" | "--" | "None" | "NaT" | "");
    let kind = match (is_missing, cell.is_number) {
        (true, _) => CellKind::Missing,
        (false, true) => CellKind::Number,
        (false, false) => CellKind::Text,
    };
    Cell { text: cell.text, kind, node: cell.node.map(|node| node.0), ..Cell::default() }
}

/// The trees of an estimator; of a pipeline or search those of the estimator that it comes to.
pub(super) fn trees<'a>(estimator: &Estimator<'a>) -> Option<EstimatorTrees<'a>> {
    if let Some(trees) = estimator.trees() {
        return Some(match estimator.feature_names() {
            Some(_) => trees,
            None => trees.with_names(estimator.names_beside().map(|(names, _)| names)),
        });
    }
    let (last, names) = estimator.conclusion()?;
    Some(last.trees()?.with_names(names))
}

/// What stands before the last step of a pipeline, whose splits and coefficients are about what these steps give.
fn behind(estimator: &Estimator<'_>) -> String {
    let steps = estimator.steps_before();
    if steps.is_empty() { String::new() } else { format!(", on values from {}", steps.join(", ")) }
}

/// Coefficients and importances as bars. `whose` follows their heading, `behind` what the note says.
fn weights(estimator: &Estimator<'_>, names: Vec<String>, (whose, behind): (&str, &str), card: &mut Card) {
    const SHOWN: usize = 8;
    let coefficients = estimator.coefficients();
    // One scale, so that bars of several classes can be compared.
    let full = coefficients.iter().take(SHOWN).map(|weights| furthest(&weights.values)).fold(0.0, f64::max);
    for weights in coefficients.iter().take(SHOWN) {
        let of = weights.of.as_ref().map(|of| format!(", {of}")).unwrap_or_default();
        let title = format!("Coefficients{whose}{of}");
        card.sections.push(Section::new(title, weights_note(weights, behind), Body::Bars(bars(weights, &names, full))));
    }
    if coefficients.len() > SHOWN {
        card.remarks.push(format!("coefficients of the first {SHOWN} classes are drawn; the others are in coef_"));
    }
    match estimator.importances() {
        Ok(Some(weights)) => {
            let how = if weights.stored.is_none() { ", computed from the trees as scikit-learn does" } else { "" };
            let (note, bars) = (weights_note(&weights, how), bars(&weights, &names, furthest(&weights.values)));
            card.sections.push(Section::new(format!("Importances{whose}"), note, Body::Bars(bars)));
        }
        Ok(None) => {}
        Err(problem) => card.remarks.push(format!("importances were not computed: {problem}")),
    }
}

fn weights_note(weights: &Weights<'_>, how: &str) -> String {
    let count = plural(weights.values.len() as u64, "feature", "features");
    let largest = if weights.values.len() > BARS { format!(", the {BARS} largest") } else { String::new() };
    format!("{count}{largest}{how}")
}

/// The largest of the numbers, whichever their sign.
fn bars(weights: &Weights<'_>, names: &[String], full: f64) -> Bars {
    let text = |index: usize| {
        let stored = weights.stored.as_ref().and_then(|(array, first)| array.value(first + index as u64, 64).ok());
        stored.unwrap_or_else(|| format!("{:.6}", weights.values[index]))
    };
    largest_to_scale(&weights.values, names, full, text)
}

fn facts(estimator: &Estimator<'_>, card: &mut Card) {
    card.facts.push(CardFact::new("class", estimator.object.class.full_name()));
    if let Some(version) = &estimator.version {
        card.facts.push(CardFact::new("written by", format!("scikit-learn {version}")));
    }
    match estimator.is_fitted() {
        Some(true) => card.facts.push(CardFact::new("fitted", "yes")),
        Some(false) => card.facts.push(CardFact::guess("fitted", "no", "it has no attributes that fitting sets")),
        None => {}
    }
    if let Some(features) = estimator.features() {
        let names = estimator.feature_names().map(|names| format!(": {}", some(&names))).unwrap_or_default();
        card.facts.push(CardFact::new("features", format!("{}{names}", preview::grouped(features))));
    }
    if let Some(count) = estimator.length("classes_") {
        let names = estimator.classes().map(|names| format!(": {}", some(&names))).unwrap_or_default();
        card.facts.push(CardFact::new("classes", format!("{}{names}", preview::grouped(count))));
    }
}

fn remarks(estimator: &Estimator<'_>, card: &mut Card) {
    let name = estimator.name();
    if estimator.is_newer() {
        let version = estimator.version.as_deref().unwrap_or_default();
        card.remarks
            .push(format!("scikit-learn {version} is newer than what is known here: defaults may have changed since"));
    }
    match estimator.evidence {
        Evidence::Known | Evidence::Library => {}
        Evidence::Version => card.remarks.push(format!("{name} is not a class of scikit-learn that Picklescope knows")),
        Evidence::Attributes => {
            card.remarks.push(format!("{name} is read as an estimator because it has attributes of a fitted one"));
        }
    }
    if estimator.guesses_parameters() {
        let words = "which attributes are parameters is a guess: those without an underscore at either end";
        card.remarks.push(words.to_owned());
    }
}

fn attributes(lens: &Lens<'_>, estimator: &Estimator<'_>, card: &mut Card) {
    let mut add = |title: &str, entries: Vec<Entry>| {
        if !entries.is_empty() {
            let note = entries.len().to_string();
            card.sections.push(Section::new(title, note, Body::Entries(entries)));
        }
    };
    let parameters = estimator.with_role(Role::Parameter);
    add(
        "Parameters",
        parameters.map(|(name, value)| entry(lens, name, value, setting(estimator, name, value))).collect(),
    );
    let fitted = estimator.with_role(Role::Fitted);
    add("Fitted attributes", fitted.map(|(name, value)| entry(lens, name, value, String::new())).collect());
    let private = estimator.with_role(Role::Private).filter(|(name, _)| *name != "_sklearn_version");
    add("Other state", private.map(|(name, value)| entry(lens, name, value, String::new())).collect());
}

fn setting(estimator: &Estimator<'_>, name: &str, value: Edge) -> String {
    match estimator.setting(name, value) {
        Setting::Default => "default".to_owned(),
        Setting::Changed(Some(default)) => format!("changed, default {default}"),
        Setting::Changed(None) => "changed".to_owned(),
        Setting::Unknown => String::new(),
    }
}

fn entry(lens: &Lens<'_>, name: &str, value: Edge, note: String) -> Entry {
    Entry { name: name.to_owned(), value: line(lens, value), note, node: Some(value.node().0) }
}

/// A value in one line with its type.
fn line(lens: &Lens<'_>, value: Edge) -> Vec<TextPart> {
    use super::super::TextKind;
    let shape = lens.shape(value.node());
    let mut parts = Vec::new();
    let type_name = preview::row_type(&shape);
    if !type_name.is_empty() {
        parts.push(TextPart::new(TextKind::Type, type_name));
    }
    parts.extend(preview::preview(lens, value.node(), &shape));
    parts
}

/// The estimator as boxes in boxes.
fn diagram(lens: &Lens<'_>, estimator: &Estimator<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut path: Vec<Option<NodeId>> = Vec::new();
    let whole = ChildValue::Object(Edge::to(estimator.object.node));
    let mut waiting = vec![(0usize, Child { name: String::new(), detail: String::new(), value: whole })];
    while let Some((level, child)) = waiting.pop() {
        if blocks.len() == BLOCKS {
            blocks.push(Block { level: 0, title: "… more".to_owned(), ..Block::default() });
            break;
        }
        path.truncate(level);
        let (mut block, parts) = block(lens, &path, child);
        path.push(block.node.map(NodeId));
        block.level = level as u32;
        blocks.push(block);
        if level < LEVELS {
            waiting.extend(parts.into_iter().rev().map(|part| (level + 1, part)));
        }
    }
    blocks
}

/// A box, and what is in it.
fn block(lens: &Lens<'_>, path: &[Option<NodeId>], child: Child) -> (Block, Vec<Child>) {
    let mut block = Block { name: child.name, detail: child.detail, ..Block::default() };
    let mut parts = Vec::new();
    match child.value {
        ChildValue::Object(value) => {
            block.node = Some(value.node().0);
            block.title = preview::brief(lens, value.node());
            if let Some(object) = lens.object(value.node()) {
                block.title = object.class.short_name().to_owned();
            }
            if path.contains(&Some(value.node())) {
                block.detail = "the same object as a box around it".to_owned();
            } else if let Some(estimator) = lens.estimator(value.node()) {
                let (inner, arrangement) = estimator.parts();
                block.parallel = arrangement == Arrangement::Parallel;
                add_detail(&mut block.detail, changed(lens, &estimator));
                parts = inner;
            }
        }
        ChildValue::Word(word, value) => {
            block.node = Some(value.node().0);
            block.title = word;
        }
        ChildValue::Other(value) => {
            block.node = Some(value.node().0);
            block.title = preview::brief(lens, value.node());
        }
        ChildValue::Group(inner, arrangement) => {
            block.parallel = arrangement == Arrangement::Parallel;
            parts = inner;
        }
        ChildValue::More(count) => block.title = format!("… {} more", preview::grouped(count)),
    }
    (block, parts)
}

fn add_detail(detail: &mut String, more: String) {
    if !more.is_empty() {
        detail.push_str(if detail.is_empty() { "" } else { " · " });
        detail.push_str(&more);
    }
}

/// The parameters that are not the default, except those that are drawn as boxes.
fn changed(lens: &Lens<'_>, estimator: &Estimator<'_>) -> String {
    let parameters = estimator.with_role(Role::Parameter);
    let changed = parameters.filter(|&(name, value)| matches!(estimator.setting(name, value), Setting::Changed(_)));
    let plain = changed.filter_map(|(name, value)| Some(format!("{name}={}", lens.short_repr(value)?)));
    let mut words: Vec<String> = plain.take(CHANGED + 1).collect();
    if words.len() > CHANGED {
        words[CHANGED] = "…".to_owned();
    }
    words.join(", ")
}
