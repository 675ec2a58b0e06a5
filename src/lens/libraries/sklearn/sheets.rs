//! What an estimator keeps in rows and columns: its vocabulary, the candidates of a search, what it learned of each feature.

use super::weights::is_numeric;
use super::{Estimator, Role};
use crate::bytes::sorting;
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::numbers::Array;

/// Tables of features by what was learned, at most.
const MATRICES: usize = 4;
/// Rows of a search that are put in the order of their rank.
const RANKED: u64 = 1 << 16;

/// A table of an estimator.
pub struct Sheet<'a> {
    /// Its heading.
    pub title: String,
    /// Its columns: name, and what is below it.
    pub heads: Vec<(String, String)>,
    /// Number of rows.
    pub rows: u64,
    /// Whether rows have a head.
    pub has_row_heads: bool,
    content: Content<'a>,
}

enum Content<'a> {
    /// Terms with their columns: the dict, and the weight of each column.
    Terms(NodeId, Option<Box<Array<'a>>>),
    /// Columns of arrays and lists, and the order of the rows.
    Columns(Vec<Values<'a>>, Option<Vec<u64>>, Vec<String>),
    /// An array of two dimensions; names of its rows.
    Matrix(Box<Array<'a>>, Vec<String>),
    /// Features and the values that they can have.
    Categories(Vec<Edge>, Vec<String>),
}

/// The values of a column.
enum Values<'a> {
    Array(Box<Array<'a>>),
    Items(NodeId),
}

/// A cell of a table.
pub struct SheetCell {
    /// Its text.
    pub text: String,
    /// Whether it is a number.
    pub is_number: bool,
    /// Its value in the graph.
    pub node: Option<NodeId>,
}

impl<'a> Estimator<'a> {
    /// Its tables.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet<'a>> {
        let mut sheets: Vec<Sheet<'a>> = Vec::new();
        sheets.extend(self.candidates());
        sheets.extend(self.vocabulary());
        sheets.extend(self.category_sheet());
        sheets.extend(self.class_sheet());
        let width = self.features().filter(|&width| width > 0);
        if let Some(width) = width {
            sheets.extend(self.by_feature(width));
            let all = self.with_role(Role::Fitted).filter(|(name, _)| *name != "coef_");
            sheets.extend(all.filter_map(|(name, value)| self.matrix(name, value, width)).take(MATRICES));
        }
        sheets
    }

    /// `vocabulary_` of vectorizers, with the weights of tf-idf.
    fn vocabulary(&self) -> Option<Sheet<'a>> {
        let dict = self.set("vocabulary_").filter(|dict| self.lens.graph.node(dict.node()) == Node::Dict)?;
        let lens = &self.lens;
        let transformer = self.set("_tfidf").and_then(|transformer| lens.object(transformer.node()));
        let weights = transformer.and_then(|transformer| {
            if let Some(array) = transformer.attribute("idf_").and_then(|idf| lens.array(idf.node())) {
                return Some(array);
            }
            // Until 1.5 they are the diagonal of a sparse matrix.
            let diagonal = lens.object(transformer.attribute("_idf_diag")?.node())?;
            lens.array(diagonal.attribute("data")?.node())
        });
        let mut heads = vec![("term".to_owned(), String::new()), ("column".to_owned(), String::new())];
        heads.extend(weights.as_ref().map(|_| ("idf".to_owned(), String::new())));
        Some(Sheet {
            title: "Vocabulary".to_owned(),
            heads,
            rows: lens.length_of(dict)?,
            has_row_heads: false,
            content: Content::Terms(dict.node(), weights.map(Box::new)),
        })
    }

    /// `cv_results_` of a search: the rank, the mean and deviation, the parameters, then the rest; the best row first.
    fn candidates(&self) -> Option<Sheet<'a>> {
        let lens = &self.lens;
        let results = lens.named_values(self.set("cv_results_")?);
        let order = |name: &str| match name {
            _ if name.starts_with("rank_test") => 0,
            _ if name.starts_with("mean_test") => 1,
            _ if name.starts_with("std_test") => 2,
            _ if name.starts_with("param_") => 3,
            "params" => 9,
            _ if name.ends_with("_time") => 5,
            _ => 4,
        };
        let mut columns: Vec<(String, Values<'a>, u64)> = Vec::new();
        for (name, value) in results.into_iter().filter(|(name, _)| order(name) != 9) {
            if let Some(array) = lens.array(value.node()) {
                let rows = array.len();
                columns.push((name, Values::Array(Box::new(array)), rows));
            } else if lens.graph.node(value.node()) == Node::List {
                let rows = lens.length_of(value).unwrap_or(0);
                columns.push((name, Values::Items(value.node()), rows));
            }
        }
        sorting::by_key(&mut columns, |(name, ..)| order(name));
        let rows = columns.iter().map(|(.., rows)| *rows).max()?;
        let ranks =
            columns.iter().find(|(name, ..)| name.starts_with("rank_test")).and_then(|(_, values, _)| match values {
                Values::Array(array) if rows <= RANKED => array.integers(0, rows as usize).ok(),
                _ => None,
            });
        let ranked = ranks.map(|ranks| {
            let mut rows: Vec<u64> = (0..ranks.len() as u64).collect();
            rows.sort_by_key(|&row| ranks[row as usize]);
            rows
        });
        let heads = columns.iter().map(|(name, ..)| (name.clone(), String::new())).collect();
        let values = columns.into_iter().map(|(_, values, _)| values).collect();
        let title = "Search results".to_owned();
        Some(Sheet { title, heads, rows, has_row_heads: false, content: Content::Columns(values, ranked, Vec::new()) })
    }

    /// `categories_` of encoders.
    fn category_sheet(&self) -> Option<Sheet<'a>> {
        let lists = self.lens.sequence(self.set("categories_")?)?;
        let heads = ["categories", "values"].map(|head| (head.to_owned(), String::new())).to_vec();
        let rows = lists.len() as u64;
        let content = Content::Categories(lists, self.feature_names().unwrap_or_default());
        Some(Sheet { title: "Categories".to_owned(), heads, rows, has_row_heads: true, content })
    }

    /// `classes_`, when they are too many for one line.
    fn class_sheet(&self) -> Option<Sheet<'a>> {
        const FEW: u64 = 8;
        let array = self.lens.array(self.set("classes_")?.node()).filter(|array| array.shape.len() == 1)?;
        let rows = array.len();
        let heads = vec![("class".to_owned(), array.dtype.name.clone())];
        let content = Content::Columns(vec![Values::Array(Box::new(array))], None, Vec::new());
        (rows > FEW).then(|| Sheet { title: "Classes".to_owned(), heads, rows, has_row_heads: true, content })
    }

    /// The attributes that have one number for each feature: mean and scale of a scaler, statistics of an imputer. What is
    /// documented to be of something else is not, even where it is as long.
    fn by_feature(&self, width: u64) -> Option<Sheet<'a>> {
        let mut heads = Vec::new();
        let mut columns = Vec::new();
        let others = not_by_feature(self.object.class.short_name());
        for (name, value) in self.with_role(Role::Fitted) {
            let skip = ["feature_names_in_", "classes_", "coef_", "feature_importances_"];
            let is_fit = !skip.contains(&name) && !others.clone().any(|other| other == name);
            let Some(array) = self.lens.array(value.node()).filter(|_| is_fit) else { continue };
            if array.shape == [width] && array.problem.is_none() {
                heads.push((name.to_owned(), array.dtype.name.clone()));
                columns.push(Values::Array(Box::new(array)));
            }
        }
        let names = self.feature_names().unwrap_or_default();
        let content = Content::Columns(columns, None, names);
        let title = "By feature".to_owned();
        (!heads.is_empty()).then_some(Sheet { title, heads, rows: width, has_row_heads: true, content })
    }

    /// A learned array with a column for each feature: centres, components, means of classes.
    fn matrix(&self, name: &str, value: Edge, width: u64) -> Option<Sheet<'a>> {
        let array = self.lens.array(value.node())?;
        let &[rows, columns] = &array.shape[..] else { return None };
        if columns != width || array.problem.is_some() || !is_numeric(&array) {
            return None;
        }
        let names = self.feature_names().unwrap_or_default();
        let heads = (0..columns.min(1 << 16)).map(|column| (feature(&names, column), String::new())).collect();
        let word = match name {
            "cluster_centers_" => "cluster",
            "components_" => "component",
            _ => "",
        };
        let classes = self.classes().filter(|classes| classes.len() as u64 == rows && word.is_empty());
        let row_names = match classes {
            Some(classes) => classes,
            None => (0..rows.min(1 << 16)).map(|row| format!("{word} {row}").trim_start().to_owned()).collect(),
        };
        let content = Content::Matrix(Box::new(array), row_names);
        Some(Sheet { title: name.to_owned(), heads, rows, has_row_heads: true, content })
    }
}

/// Fitted arrays of a class that scikit-learn documents to have another length than the number of features.
fn not_by_feature(class: &str) -> impl Iterator<Item = &'static str> + Clone {
    const TABLE: &str = include_str!("not_by_feature.tsv");
    let line = TABLE.lines().find_map(|line| line.split_once('\t').filter(|(name, _)| *name == class));
    line.map(|(_, names)| names.split(' ')).into_iter().flatten()
}

fn feature(names: &[String], index: u64) -> String {
    let name = usize::try_from(index).ok().and_then(|index| names.get(index).cloned());
    name.unwrap_or_else(|| format!("feature {index}"))
}

/// Characters of a cell.
const CELL: usize = 200;

impl<'a> Estimator<'a> {
    /// Rows of a table: the head of each, and its cells.
    ///
    /// # Errors
    /// When the values cannot be read, in words.
    pub fn sheet_rows(
        &self,
        sheet: &Sheet<'a>,
        (first, count): (u64, u64),
        (column, columns): (u64, u64),
    ) -> Result<Vec<(String, Vec<SheetCell>)>, String> {
        let rows = first.min(sheet.rows)..first.saturating_add(count).min(sheet.rows);
        let width = sheet.heads.len() as u64;
        let wanted = column.min(width)..column.saturating_add(columns).min(width);
        match &sheet.content {
            Content::Terms(dict, weights) => Ok(self.terms(*dict, weights.as_deref(), &rows, &wanted)),
            Content::Columns(values, order, names) => {
                let row = |row: u64| {
                    let at = order.as_ref().map_or(row, |order| order.get(row as usize).copied().unwrap_or(row));
                    let head = if names.is_empty() && sheet.title != "By feature" {
                        row.to_string()
                    } else {
                        feature(names, row)
                    };
                    let values = &values[wanted.start as usize..wanted.end as usize];
                    (head, values.iter().map(|values| self.value_cell(values, at)).collect())
                };
                Ok(rows.map(row).collect())
            }
            Content::Matrix(array, names) => rows
                .map(|row| {
                    let start = row.saturating_mul(width) + wanted.start;
                    let texts = array.values(start, (wanted.end - wanted.start) as usize, CELL)?;
                    let cells = texts.into_iter().map(number).collect();
                    Ok((names.get(row as usize).cloned().unwrap_or_else(|| row.to_string()), cells))
                })
                .collect(),
            Content::Categories(lists, names) => {
                let row = |row: u64| {
                    let list = lists[row as usize];
                    let cells = [number(self.lens.length_of(list).unwrap_or(0).to_string()), self.categories(list)];
                    let cells = cells.into_iter().enumerate().filter(|(at, _)| wanted.contains(&(*at as u64)));
                    (feature(names, row), cells.map(|(_, cell)| cell).collect())
                };
                Ok(rows.map(row).collect())
            }
        }
    }

    fn terms(
        &self,
        dict: NodeId,
        weights: Option<&Array<'a>>,
        rows: &std::ops::Range<u64>,
        wanted: &std::ops::Range<u64>,
    ) -> Vec<(String, Vec<SheetCell>)> {
        let lens = &self.lens;
        let count = (rows.end - rows.start) as usize;
        let edges: Vec<Edge> =
            lens.graph.run_window(dict, RunKind::Pairs, rows.start.saturating_mul(2)).take(2 * count).collect();
        let row = |pair: &[Edge]| {
            let term = lens.string(pair[0]).unwrap_or_else(|| lens.inline(pair[0]));
            let column = lens.count(pair[1]);
            let column_text = column.map_or_else(|| lens.inline(pair[1]), |column| column.to_string());
            let weight = weights.map(|weights| {
                let text = column.and_then(|column| weights.value(column, CELL).ok());
                number(text.unwrap_or_default())
            });
            let term = SheetCell { text: term, is_number: false, node: Some(pair[0].node()) };
            let all = [Some(term), Some(number(column_text)), weight].into_iter().flatten().enumerate();
            (String::new(), all.filter(|(at, _)| wanted.contains(&(*at as u64))).map(|(_, cell)| cell).collect())
        };
        edges.chunks_exact(2).map(row).collect()
    }

    fn value_cell(&self, values: &Values<'a>, row: u64) -> SheetCell {
        let lens = &self.lens;
        let item = match values {
            Values::Array(array) => match array.items(row, 1).first() {
                Some(&item) => item,
                // A masked element says nothing; so does one that cannot be read.
                None => {
                    let text = array.value(row, CELL).unwrap_or_default();
                    let text = if is_numeric(array) { text } else { super::unquoted(&text) };
                    return SheetCell { text, is_number: is_numeric(array), node: None };
                }
            },
            Values::Items(list) => match lens.graph.run_window(*list, RunKind::Items, row).next() {
                Some(item) => item,
                None => return SheetCell { text: String::new(), is_number: false, node: None },
            },
        };
        let is_number = lens.number(item).is_some();
        let text = lens.string(item).or_else(|| lens.short_repr(item)).unwrap_or_else(|| lens.inline(item));
        SheetCell { text, is_number, node: Some(item.node()) }
    }

    /// The first values of one feature.
    fn categories(&self, list: Edge) -> SheetCell {
        const MOST: usize = 12;
        let lens = &self.lens;
        let bare = |edge: &Edge| lens.string(*edge).unwrap_or_else(|| lens.inline(*edge));
        let mut texts: Vec<String> = match lens.array(list.node()) {
            Some(array) => {
                let items = array.items(0, MOST);
                if items.is_empty() {
                    array.values(0, MOST, 60).unwrap_or_default()
                } else {
                    items.iter().map(bare).collect()
                }
            }
            None => lens.sequence(list).unwrap_or_default().iter().take(MOST).map(bare).collect(),
        };
        if lens.length_of(list).unwrap_or(0) > MOST as u64 {
            texts.push("…".to_owned());
        }
        let texts: Vec<String> = texts.iter().map(|text| super::unquoted(text)).collect();
        SheetCell { text: texts.join(", "), is_number: false, node: Some(list.node()) }
    }
}

fn number(text: String) -> SheetCell {
    SheetCell { text, is_number: true, node: None }
}
