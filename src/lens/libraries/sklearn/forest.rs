//! The decision trees of an estimator: its own, those of a forest, of boosting, of bagging.
//!
//! Sources: `sklearn/tree/_classes.py`, `sklearn/ensemble/_forest.py`, `_gb.py`, `_bagging.py`, `_weight_boosting.py`,
//! `_hist_gradient_boosting/gradient_boosting.py` and `predictor.py`.

use super::nodes::{Nodes, TreeState};
use super::words::counted;
use super::{Estimator, Evidence, Role};
use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::libraries::tree_model::{DecisionTree, Forest, NodeWords, Topology};
use crate::lens::numbers::Array;
use crate::lens::recogniser::Lens;

/// Trees of a forest whose depths are looked at for its row.
const MEASURED: u64 = 256;

/// Where the trees are.
enum Place<'a> {
    /// The estimator is one tree.
    Own,
    /// A list of estimators.
    List(NodeId),
    /// An array of estimators: a row for each round, a column for each class.
    Table(Box<Array<'a>>),
    /// A list of lists of predictors, likewise.
    Rounds(NodeId, u64),
}

/// The trees of an estimator.
pub struct EstimatorTrees<'a> {
    estimator: Estimator<'a>,
    place: Place<'a>,
    count: u64,
    features: Option<Vec<String>>,
    classes: Option<Vec<String>>,
}

impl<'a> Estimator<'a> {
    /// Its decision trees, when it has some.
    #[must_use]
    pub fn trees(&self) -> Option<EstimatorTrees<'a>> {
        let (place, count) = self.tree_place()?;
        let remapped = matches!(place, Place::Rounds(..)) && self.set("_preprocessor").is_some();
        let features = if remapped { self.remapped_features() } else { self.feature_names() };
        Some(EstimatorTrees { estimator: self.clone(), place, count, features, classes: self.classes() })
    }

    /// Whether it has decision trees.
    #[must_use]
    pub fn has_trees(&self) -> bool {
        self.tree_place().is_some()
    }

    fn tree_place(&self) -> Option<(Place<'a>, u64)> {
        let lens = &self.lens;
        if let Some(tree) = self.set("tree_") {
            return TreeState::of(lens, tree.node()).map(|_| (Place::Own, 1));
        }
        if let Some(rounds) = self.set("_predictors") {
            let first = lens.sequence(rounds).and_then(|rounds| rounds.first().copied())?;
            let (rounds, width) = (rounds.node(), lens.length_of(first)?);
            let predictor = lens.sequence(first)?.first().and_then(|first| lens.object(first.node()))?;
            predictor.attribute("nodes")?;
            let count = lens.graph.run_length(rounds, RunKind::Items).saturating_mul(width);
            return Some((Place::Rounds(rounds, width), count));
        }
        // Where each has a name of its own (voting, stacking) they are parts, not trees of one forest.
        let list = self.set("estimators_").filter(|_| self.set("estimators").is_none())?;
        let (place, count, first) = match lens.graph.node(list.node()) {
            Node::List => {
                let first = lens.graph.run_window(list.node(), RunKind::Items, 0).next()?;
                (Place::List(list.node()), lens.graph.run_length(list.node(), RunKind::Items), first)
            }
            _ => {
                let array = lens.array(list.node())?;
                let first = array.items(0, 1).first().copied()?;
                let count = array.len();
                (Place::Table(Box::new(array)), count, first)
            }
        };
        let tree = lens.object(first.node())?.attribute("tree_")?;
        TreeState::of(lens, tree.node()).map(|_| (place, count))
    }

    /// Histogram boosting puts the categorical features first when it encodes them itself.
    fn remapped_features(&self) -> Option<Vec<String>> {
        let mask = self.lens.array(self.set("is_categorical_")?.node())?;
        let mask = mask.integers(0, 1 << 14).ok()?;
        let names = self.feature_names();
        let name = |index: usize| match &names {
            Some(names) => names.get(index).cloned().unwrap_or_else(|| nameless(index as i64)),
            None => nameless(index as i64),
        };
        let (first, then): (Vec<usize>, Vec<usize>) = (0..mask.len()).partition(|&index| mask[index] != 0);
        Some(first.into_iter().chain(then).map(name).collect())
    }

    /// `100 trees · depth ≤ 9`, `9 nodes · depth 3`.
    pub(super) fn tree_words(&self) -> Option<String> {
        let trees = self.trees()?;
        if let Place::Own = trees.place {
            let state = trees.state(0).ok()?;
            let mut words = counted(state.node_count?, "node");
            if let Some(depth) = state.max_depth {
                words.push_str(&format!(" · depth {depth}"));
            }
            return Some(words);
        }
        let mut words = counted(trees.count, "tree");
        if trees.count <= MEASURED && !matches!(trees.place, Place::Rounds(..)) {
            let depths: Option<Vec<u64>> = (0..trees.count).map(|index| trees.state(index).ok()?.max_depth).collect();
            if let Some(depth) = depths.and_then(|depths| depths.into_iter().max()) {
                words.push_str(&format!(" · depth ≤ {depth}"));
            }
        }
        Some(words)
    }
}

impl<'a> EstimatorTrees<'a> {
    /// The same with names for the features, unless the estimator has names itself.
    #[must_use]
    pub fn with_names(mut self, names: Option<Vec<String>>) -> Self {
        self.features = self.features.or(names);
        self
    }

    fn lens(&self) -> &Lens<'a> {
        &self.estimator.lens
    }

    /// The estimator or predictor that is the tree.
    fn holder(&self, index: u64) -> Result<NodeId, String> {
        let lens = self.lens();
        let found = match &self.place {
            _ if index >= self.count => None,
            Place::Own => Some(self.estimator.object.node),
            Place::List(list) => lens.graph.run_window(*list, RunKind::Items, index).next().map(Edge::node),
            Place::Table(array) => array.items(index, 1).first().copied().map(Edge::node),
            Place::Rounds(list, width) => lens
                .graph
                .run_window(*list, RunKind::Items, index / (*width).max(1))
                .next()
                .and_then(|round| lens.sequence(round)?.get((index % (*width).max(1)) as usize).copied())
                .map(Edge::node),
        };
        found.ok_or_else(|| format!("there is no tree {index} among {}", self.count))
    }

    pub(super) fn state(&self, index: u64) -> Result<TreeState<'a>, String> {
        let holder = self.holder(index)?;
        let tree = self.lens().object(holder).and_then(|object| object.attribute("tree_"));
        let state = tree.and_then(|tree| TreeState::of(self.lens(), tree.node()));
        state.ok_or_else(|| format!("estimator {index} is no decision tree that was fitted"))
    }

    /// Number of trees in one round of boosting, one for each class; 1 elsewhere.
    fn width(&self) -> u64 {
        match &self.place {
            Place::Rounds(_, width) => (*width).max(1),
            Place::Table(array) => array.shape.get(1).copied().unwrap_or(1).max(1),
            Place::Own | Place::List(_) => 1,
        }
    }

    /// The columns that a tree of bagging was given, when they are not all.
    fn subset(&self, index: u64) -> Option<Vec<i128>> {
        let Place::List(_) = self.place else { return None };
        let lens = self.lens();
        let lists = self.estimator.set("estimators_features_")?;
        let one = lens.graph.run_window(lists.node(), RunKind::Items, index).next()?;
        lens.array(one.node())?.integers(0, 1 << 14).ok()
    }
}

impl Forest for EstimatorTrees<'_> {
    fn len(&self) -> u64 {
        self.count
    }

    fn tree(&self, index: u64) -> Result<Box<dyn DecisionTree + '_>, String> {
        if let Place::Rounds(..) = self.place {
            return Ok(Box::new(Predictor::of(self, index)?));
        }
        Ok(Box::new(PlainTree::of(self, index)?))
    }

    fn purpose(&self, index: u64) -> Option<String> {
        let width = self.width();
        let is_boosting = !matches!(self.place, Place::Own | Place::List(_));
        let round = is_boosting.then(|| format!("round {}", index / width + 1));
        let class = (width > 1).then(|| {
            let number = (index % width) as usize;
            let name = self.classes.as_ref().and_then(|classes| classes.get(number).cloned());
            format!("class {}", name.unwrap_or_else(|| number.to_string()))
        });
        let words: Vec<String> = round.into_iter().chain(class).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

fn nameless(index: i64) -> String {
    format!("feature {index}")
}

fn feature(names: Option<&Vec<String>>, index: i64) -> String {
    let name = usize::try_from(index).ok().and_then(|index| names?.get(index).cloned());
    name.unwrap_or_else(|| nameless(index))
}

/// A `Tree`.
struct PlainTree<'a> {
    forest: &'a EstimatorTrees<'a>,
    nodes: Nodes<'a>,
    state: TreeState<'a>,
    subset: Option<Vec<i128>>,
    criterion: String,
    classifies: bool,
    /// The smallest and the greatest value, of regression.
    range: (f64, f64),
}

impl<'a> PlainTree<'a> {
    fn of(forest: &'a EstimatorTrees<'a>, index: u64) -> Result<Self, String> {
        const RANGE: usize = 1 << 16;
        let lens = forest.lens();
        let state = forest.state(index)?;
        let nodes = Nodes::of(lens, state.nodes)?;
        let holder = lens.object(forest.holder(index)?);
        let criterion = holder.as_ref().and_then(|holder| lens.string(holder.attribute("criterion")?));
        let name = holder.as_ref().map_or("", |holder| holder.class.short_name());
        let widest = state.values.as_ref().and_then(|values| values.shape.get(2).copied()).unwrap_or(1);
        let classifies = !name.ends_with("Regressor") && (name.ends_with("Classifier") || widest > 1);
        let range = match &state.values {
            Some(values) if !classifies => {
                let values = values.floats(0, RANGE).unwrap_or_default();
                values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)))
            }
            _ => (0.0, 1.0),
        };
        let criterion = criterion.unwrap_or_else(|| "impurity".to_owned());
        Ok(Self { subset: forest.subset(index), forest, nodes, state, criterion, classifies, range })
    }

    fn condition(&self, node: u32) -> Option<String> {
        let element = self.nodes.element(node).ok()?;
        let index = self.nodes.slot(&["feature"])?.integer(&element);
        let index = match &self.subset {
            Some(subset) => {
                usize::try_from(index).ok().and_then(|at| subset.get(at)).map_or(index, |&real| real as i64)
            }
            None => index,
        };
        let name = feature(self.forest.features.as_ref(), index);
        Some(format!("{name} <= {}", self.nodes.text(&["threshold"], node)?))
    }

    /// The values of a node: numbers and their texts, by outputs.
    fn values(&self, node: u32) -> Vec<Vec<(f64, String)>> {
        const MOST: u64 = 256;
        let Some(values) = &self.state.values else { return Vec::new() };
        let &[_, outputs, width] = &values.shape[..] else { return Vec::new() };
        let (outputs, width) = (outputs.clamp(1, 16), width.max(1));
        let each = (0..outputs).map(|output| {
            let first = (u64::from(node) * values.shape[1] + output).saturating_mul(width);
            let count = width.min(MOST) as usize;
            let numbers = values.floats(first, count).unwrap_or_default();
            numbers.into_iter().zip(values.values(first, count, 64).unwrap_or_default()).collect()
        });
        each.collect()
    }
}

impl DecisionTree for PlainTree<'_> {
    fn topology(&self) -> Result<Topology, String> {
        self.nodes.topology()
    }

    fn words(&self, node: u32, is_leaf: bool) -> NodeWords {
        let mut words = NodeWords::default();
        let values = self.values(node);
        let strongest: Vec<(usize, f64)> = values.iter().map(|values| strongest(values)).collect();
        if let Some(&(class, share)) = strongest.first() {
            words.class = if self.classifies { class as u32 } else { 0 };
            let number = values.first().and_then(|values| values.first()).map_or(f64::NAN, |(number, _)| *number);
            words.tone = if self.classifies { share } else { between(number, self.range) };
        }
        let names = self.forest.classes.as_ref().filter(|_| values.len() == 1);
        let class = || {
            let name = |&(class, _): &(usize, f64)| {
                names.and_then(|names| names.get(class).cloned()).unwrap_or_else(|| class.to_string())
            };
            let all: Vec<String> = strongest.iter().map(name).collect();
            (!all.is_empty()).then(|| format!("class {}", all.join(", ")))
        };
        let listed: Vec<String> = values.iter().map(|values| listed(values)).collect();
        let value = if listed.is_empty() { None } else { Some(listed.join(", ")) };
        let answer = if self.classifies { class() } else { value.as_ref().map(|value| format!("value {value}")) };
        if is_leaf {
            words.title = answer.unwrap_or_else(|| "leaf".to_owned());
        } else {
            words.title = self.condition(node).unwrap_or_else(|| "split".to_owned());
            words.lines.extend(answer);
        }
        if let Some(impurity) = self.nodes.text(&["impurity"], node) {
            words.lines.push(format!("{} {impurity}", self.criterion));
        }
        if let Some(samples) = self.nodes.text(&["n_node_samples"], node) {
            words.lines.push(format!("samples {samples}"));
            let weighted = self.nodes.text(&["weighted_n_node_samples"], node);
            words.lines.extend(
                weighted
                    .filter(|weighted| weighted.trim_end_matches(".0") != samples)
                    .map(|text| format!("weight {text}")),
            );
        }
        if self.classifies {
            words.lines.extend(value.map(|value| format!("value {value}")));
        }
        if let Some(side) = missing_side(&self.nodes, node).filter(|_| !is_leaf) {
            words.lines.push(side);
        }
        words
    }
}

/// Where missing values go, in versions that say it.
fn missing_side(nodes: &Nodes<'_>, node: u32) -> Option<String> {
    let slot = nodes.slot(&["missing_go_to_left"])?;
    let side = if slot.integer(&nodes.element(node).ok()?) != 0 { "left" } else { "right" };
    Some(format!("missing values go {side}"))
}

/// The position of the greatest value and its share of the sum.
fn strongest(values: &[(f64, String)]) -> (usize, f64) {
    let sum: f64 = values.iter().map(|(value, _)| value).sum();
    let greatest = values.iter().enumerate().fold(
        (0, f64::MIN),
        |best, (index, &(value, _))| {
            if value > best.1 { (index, value) } else { best }
        },
    );
    let share = greatest.1 / sum;
    (greatest.0, if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 })
}

fn between(value: f64, (low, high): (f64, f64)) -> f64 {
    let share = (value - low) / (high - low);
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 }
}

/// `[20.0, 3.0]`, one number alone without brackets.
fn listed(values: &[(f64, String)]) -> String {
    const MOST: usize = 10;
    if let [(_, one)] = values {
        return one.clone();
    }
    let texts: Vec<&str> = values.iter().take(MOST).map(|(_, text)| text.as_str()).collect();
    let more = if values.len() > MOST { ", …" } else { "" };
    format!("[{}{more}]", texts.join(", "))
}

/// A `TreePredictor` of histogram boosting.
struct Predictor<'a> {
    forest: &'a EstimatorTrees<'a>,
    nodes: Nodes<'a>,
    /// One row of eight words for each split by categories.
    bits: Option<Array<'a>>,
    range: (f64, f64),
}

impl<'a> Predictor<'a> {
    fn of(forest: &'a EstimatorTrees<'a>, index: u64) -> Result<Self, String> {
        let lens = forest.lens();
        let object = lens.object(forest.holder(index)?).ok_or("the predictor is no instance")?;
        let nodes = Nodes::of(lens, object.attribute("nodes").ok_or("the predictor has no nodes")?)?;
        let bits = object.attribute("raw_left_cat_bitsets").and_then(|bits| lens.array(bits.node()));
        let mut range = (f64::MAX, f64::MIN);
        if let Some(value) = nodes.slot(&["value"]) {
            nodes.each(|element| {
                let value = value.float(element);
                range = (range.0.min(value), range.1.max(value));
            })?;
        }
        Ok(Self { forest, nodes, bits, range })
    }

    fn condition(&self, node: u32) -> Option<String> {
        let element = self.nodes.element(node).ok()?;
        let index = self.nodes.slot(&["feature_idx"])?.integer(&element);
        let name = feature(self.forest.features.as_ref(), index);
        let number = |name: &str| self.nodes.slot(&[name]).map(|slot| slot.integer(&element));
        if number("is_categorical").is_some_and(|is| is != 0) {
            return Some(format!("{name} in {}", self.categories(number("bitset_idx")?)?));
        }
        Some(format!("{name} <= {}", self.nodes.text(&["num_threshold", "threshold"], node)?))
    }

    /// The categories whose bits are set, as the numbers that the trees have for them.
    fn categories(&self, row: i64) -> Option<String> {
        const MOST: usize = 12;
        let bits = self.bits.as_ref()?;
        let width = bits.shape.get(1).copied()?.min(64);
        let words = bits.integers(u64::try_from(row).ok()?.checked_mul(width)?, width as usize).ok()?;
        let is_set = |&number: &usize| words.get(number / 32).is_some_and(|word| word >> (number % 32) & 1 != 0);
        let set: Vec<usize> = (0..words.len() * 32).filter(is_set).collect();
        let texts: Vec<String> = set.iter().take(MOST).map(usize::to_string).collect();
        let more = if set.len() > MOST { format!(", … {} in all", set.len()) } else { String::new() };
        Some(format!("{{{}{more}}}", texts.join(", ")))
    }
}

impl DecisionTree for Predictor<'_> {
    fn topology(&self) -> Result<Topology, String> {
        self.nodes.topology()
    }

    fn words(&self, node: u32, is_leaf: bool) -> NodeWords {
        let mut words = NodeWords::default();
        let element = self.nodes.element(node).unwrap_or_default();
        let value = self.nodes.text(&["value"], node).map(|value| format!("value {value}"));
        let number = self.nodes.slot(&["value"]).map_or(f64::NAN, |slot| slot.float(&element));
        words.tone = between(number, self.range);
        if is_leaf {
            words.title = value.unwrap_or_else(|| "leaf".to_owned());
        } else {
            words.title = self.condition(node).unwrap_or_else(|| "split".to_owned());
            words.lines.extend(value);
            words.lines.extend(self.nodes.text(&["gain"], node).map(|gain| format!("gain {gain}")));
        }
        words.lines.extend(self.nodes.text(&["count"], node).map(|count| format!("samples {count}")));
        if let Some(side) = missing_side(&self.nodes, node).filter(|_| !is_leaf) {
            words.lines.push(side);
        }
        words
    }
}

impl Estimator<'_> {
    /// Whether its parameters are told by their spelling alone.
    #[must_use]
    pub fn guesses_parameters(&self) -> bool {
        matches!(self.evidence, Evidence::Version | Evidence::Attributes)
            && self.with_role(Role::Parameter).next().is_some()
    }
}
