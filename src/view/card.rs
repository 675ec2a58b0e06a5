//! What a lens shows of one value, as plain data: facts, then sections. Whatever is large is named here and asked for by
//! windows: cells of a grid, statistics, pictures, drawings.

use super::{Fields, TextPart};
use serde::{Deserialize, Serialize};

/// What is understood of one value.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Card {
    /// What it is to its users, in a word or two: `DataFrame`, `estimator`, `state dict`.
    pub kind: String,
    /// What is known of it, the most important first.
    pub facts: Vec<CardFact>,
    /// What was not understood or does not fit together, a sentence each.
    pub remarks: Vec<String>,
    /// The rest, in order.
    pub sections: Vec<Section>,
    /// The format made for it, when there is one: an array is best saved as `.npy`.
    pub save_as: Option<Format>,
    /// Whether it is of a value that no lens knows: its fields, and nothing besides.
    pub is_summary: bool,
}

/// A named fact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CardFact {
    /// Short name: `dtype`.
    pub name: String,
    /// Value as text.
    pub value: String,
    /// For what the file does not say outright: what it is concluded from. A fact has none.
    pub guess: Option<String>,
}

impl CardFact {
    /// Something that the file says.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), guess: None }
    }

    /// Something that follows from `evidence`.
    pub fn guess(name: impl Into<String>, value: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), guess: Some(evidence.into()) }
    }
}

/// A part of a card under a heading.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// A few words beside it: `30 values`.
    pub note: String,
    /// What it shows.
    pub body: Body,
}

impl Section {
    /// A section with a heading.
    pub fn new(title: impl Into<String>, note: impl Into<String>, body: Body) -> Self {
        Self { title: title.into(), note: note.into(), body }
    }
}

/// What a section shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Body {
    /// Names with values: parameters, fitted attributes.
    Entries(Vec<Entry>),
    /// A row for each key, attribute or item, asked for by windows.
    Fields(Fields),
    /// A table whose cells are asked for by windows.
    Grid(Grid),
    /// A table that is small enough to be here whole.
    Table(SmallTable),
    /// Statistics and a histogram, asked for by the number of the part (the column of a table; 0 for an array).
    Statistics {
        /// The part.
        part: u32,
    },
    /// A line of numbers with axes, asked for by the number of the part.
    Plot {
        /// The part.
        part: u32,
        /// How many values there are.
        count: u64,
    },
    /// Columns with dtype, missing values and a small histogram each; their statistics are asked for by number.
    Columns(Vec<Column>),
    /// A picture, asked for by number.
    Picture(PictureSlot),
    /// Bars beside names: coefficients, importances.
    Bars(Bars),
    /// Boxes in boxes: pipelines and what else is made of estimators.
    Diagram(Vec<Block>),
    /// Decision trees, each asked for by its number.
    Trees {
        /// How many.
        count: u64,
    },
    /// Names with levels: the layers of a model.
    Outline(Outline),
    /// Lines in a fixed width: code, text of a model.
    Lines(Vec<Line>),
}

/// A name with a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The value in one line.
    pub value: Vec<TextPart>,
    /// A few words beside it: `default`, `changed`.
    pub note: String,
    /// The value in the graph, to be selected.
    pub node: Option<u32>,
}

/// A table of any size.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Grid {
    /// Which grid of the card, from 0.
    pub id: u32,
    /// Rows of one slice.
    pub rows: u64,
    /// Columns of one slice.
    pub columns: u64,
    /// The dimensions before the last two: name and size; the reader chooses one index of each.
    pub slices: Vec<(String, u64)>,
    /// Columns that the head of a row has: the levels of an index; their names, empty where they have none.
    pub row_heads: Vec<String>,
    /// Whether its rows can be sorted and filtered.
    pub can_arrange: bool,
}

/// Which rows of a grid are shown, and in which order. Without anything: all of them, as in the file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Arrangement {
    /// The column that they are sorted by.
    pub sort: Option<RowSort>,
    /// What they have to satisfy.
    pub filter: Option<RowFilter>,
}

impl Arrangement {
    /// Whether all rows are shown as in the file.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.sort.is_none() && self.filter.is_none()
    }
}

/// Rows sorted by a column. Equal ones stay as in the file, missing values come last either way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct RowSort {
    /// The column.
    pub column: u64,
    /// Largest first.
    pub descending: bool,
}

/// A condition for rows.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct RowFilter {
    /// The column; without one, any.
    pub column: Option<u64>,
    /// The condition as it was typed: `> 30`, `= setosa`, `missing`, text.
    pub condition: String,
}

/// Which grid is to be arranged how.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ArrangeAsk {
    /// Node of the card.
    pub node: u32,
    /// [`Grid::id`].
    pub grid: u32,
    /// One index for each of [`Grid::slices`].
    pub slice: Vec<u64>,
    /// How.
    pub arrangement: Arrangement,
}

/// How far the arranging of a grid has come.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Arranged {
    /// Work that is done, and all of it. Ask again until both are the same.
    pub progress: (u64, u64),
    /// Rows that are shown.
    pub rows: u64,
    /// Why the rows cannot be arranged so.
    pub problem: Option<String>,
}

/// Which cells are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CellWindow {
    /// Node of the card.
    pub node: u32,
    /// [`Grid::id`].
    pub grid: u32,
    /// One index for each of [`Grid::slices`].
    pub slice: Vec<u64>,
    /// First row.
    pub row: u64,
    /// Rows at most.
    pub rows: u32,
    /// First column.
    pub column: u64,
    /// Columns at most.
    pub columns: u32,
    /// How the rows are arranged that `row` and `rows` count.
    pub arrangement: Arrangement,
}

/// Which columns of a grid are looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ColumnsAsk {
    /// Node of the card.
    pub node: u32,
    /// [`Grid::id`].
    pub grid: u32,
    /// What their names contain, in small or capital letters.
    pub text: String,
    /// The first column to look at.
    pub from: u64,
}

/// The columns of a grid whose names contain a text, as far as they were looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FoundColumns {
    /// Their numbers, in order.
    pub columns: Vec<u64>,
    /// The column to go on with; nothing when all were looked at.
    pub next: Option<u64>,
}

/// The answer: cells by rows.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cells {
    /// Heads of the columns: name, and below it dtype or nothing.
    pub heads: Vec<(String, String)>,
    /// Heads of the rows, one text for each of [`Grid::row_heads`].
    pub row_heads: Vec<Vec<String>>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
    /// Why some or all of them are not there.
    pub problem: Option<String>,
}

/// A cell.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Cell {
    /// Its text, cut to what a cell can show; of a float, as many digits as its column needs.
    pub text: String,
    /// The text with all digits, where that is another one.
    pub full: Option<String>,
    /// What it is, for its colour and side: numbers stand to the right.
    pub kind: CellKind,
    /// Its value in the graph, when it has a node.
    pub node: Option<u32>,
}

impl Cell {
    /// The text with all digits.
    #[must_use]
    pub fn full_text(&self) -> &str {
        self.full.as_deref().unwrap_or(&self.text)
    }
}

/// What a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum CellKind {
    /// A number, a truth value, a time.
    #[default]
    Number,
    /// Text.
    Text,
    /// Missing: `nan`, `NaT`, `<NA>`, `None`, masked.
    Missing,
    /// Anything else.
    Object,
}

/// A table with all its cells.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SmallTable {
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// The cells, row by row.
    pub rows: Vec<Vec<Cell>>,
}

/// What was counted and measured over many values.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Statistics {
    /// Values gone over so far, and all of them. Ask again until both are the same.
    pub progress: (u64, u64),
    /// Count, missing, min, max, mean and so on, in Python's spelling, of what was gone over.
    pub facts: Vec<CardFact>,
    /// How the numbers spread; empty for what is no number.
    pub histogram: Option<Histogram>,
    /// The most frequent values of text and categories, with their counts.
    pub frequent: Vec<(String, u64)>,
    /// Why it ends early.
    pub problem: Option<String>,
}

/// Counts of values in ranges of the same width.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Histogram {
    /// Lower end of the first range, as text.
    pub low: String,
    /// Upper end of the last one, as text.
    pub high: String,
    /// The ends of the ranges, one more than there are ranges, for the words beside each bar.
    pub edges: Vec<String>,
    /// What each range is where it is one value alone: an integer, a truth value. Empty for ranges.
    pub values: Vec<String>,
    /// Values in each range.
    pub counts: Vec<u64>,
}

/// A column of a table.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its dtype.
    pub dtype: String,
    /// Its number, for its statistics.
    pub part: u32,
    /// Whether the tree has a row for it.
    pub has_row: bool,
}

/// A picture that can be asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PictureSlot {
    /// Its number.
    pub part: u32,
    /// Pixels across, of the whole.
    pub width: u64,
    /// Pixels down.
    pub height: u64,
    /// What it is, in words, for those who do not see it: `heat map of 30 x 30 values`.
    pub description: String,
    /// The dimensions of which the reader chooses one index.
    pub slices: Vec<(String, u64)>,
    /// Whether colours stand for numbers, so that a scale belongs beside it.
    pub is_heat_map: bool,
}

/// A picture.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels across; fewer than those of the whole when several values share one.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel, by rows, in base64.
    pub pixels: String,
    /// The ends of the scale of a heat map.
    pub scale: Option<(String, String)>,
    /// What was left out or put together.
    pub note: String,
}

/// Bars beside names.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Bars {
    /// The bars shown, in order.
    pub bars: Vec<Bar>,
    /// How many there are in all.
    pub total: u64,
}

/// A bar.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Bar {
    /// Name.
    pub name: String,
    /// Length, from -1 to 1.
    pub share: f64,
    /// The value as text.
    pub value: String,
}

/// A box of a diagram. Boxes come in the order of a walk: a box after the one that holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Block {
    /// Boxes around it.
    pub level: u32,
    /// Its name in the box around it: the name of a step.
    pub name: String,
    /// What it is: the class of an estimator.
    pub title: String,
    /// What it works on or what it was set to: columns of a transformer, parameters that were changed.
    pub detail: String,
    /// Whether the boxes in it stand side by side instead of one after the other.
    pub parallel: bool,
    /// The value in the graph.
    pub node: Option<u32>,
}

/// Names with levels.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Outline {
    /// Heads of the columns after the name.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<OutlineRow>,
    /// Rows left out at the end.
    pub more: u64,
}

/// A row of an outline.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OutlineRow {
    /// Levels above it.
    pub level: u32,
    /// Its own name.
    pub name: String,
    /// Text for each of [`Outline::heads`].
    pub cells: Vec<String>,
    /// Whether rows of a deeper level follow that belong to it.
    pub is_group: bool,
    /// The value in the graph.
    pub node: Option<u32>,
}

/// A line of text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Line {
    /// Its text in typed pieces.
    pub parts: Vec<TextPart>,
    /// The value in the graph that it is about.
    pub node: Option<u32>,
}

/// Which part of which decision tree is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TreeAsk {
    /// Node of the card.
    pub node: u32,
    /// Number of the tree.
    pub tree: u64,
    /// Node of the tree to begin at; 0 for its root.
    pub root: u64,
    /// Levels below it.
    pub depth: u32,
}

/// A decision tree, or a part of one, laid out.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct TreeDrawing {
    /// Which tree it is: `tree 3 of 100, depth 9, 41 nodes`.
    pub title: String,
    /// The nodes: one after the node above it.
    pub nodes: Vec<TreeNode>,
    /// What holds at the nodes and is not said at each.
    pub legend: String,
    /// Columns that the layout takes.
    pub width: f64,
    /// Why there is none, or not all.
    pub problem: Option<String>,
}

/// A node of a decision tree.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct TreeNode {
    /// Its number in the tree.
    pub id: u64,
    /// Position of the node above it in [`TreeDrawing::nodes`].
    pub parent: Option<u32>,
    /// Whether it is reached when the condition of the node above it holds.
    pub when: bool,
    /// Levels above it.
    pub level: u32,
    /// Its middle, in columns from the left.
    pub x: f64,
    /// Condition of a split: `petal_width <= 0.8`; the result of a leaf: `class setosa`.
    pub title: String,
    /// Impurity, samples, values.
    pub lines: Vec<String>,
    /// Whether it has no nodes below it.
    pub is_leaf: bool,
    /// Nodes below it that are not in this drawing.
    pub hidden: u64,
    /// The strongest class or the value, from 0 to 1, for its colour.
    pub tone: f64,
    /// Number of that class; 0 for regression.
    pub class: u32,
}

/// A format that a value can be saved in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Format {
    /// The whole graph below the value, typed and lossless (docs/json.md).
    Json,
    /// Plain JSON; values that JSON cannot hold are left out and listed.
    PlainJson,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// One array.
    Npy,
    /// Several arrays.
    Npz,
    /// Tensors by name.
    Safetensors,
    /// A picture.
    Png,
    /// The tree of objects as text.
    Tree,
    /// The disassembly.
    Dis,
    /// The bytes themselves.
    Raw,
    /// Python source.
    Python,
    /// A report to read without the program.
    Html,
}
