//! What an estimator makes of each feature: coefficients, importances.
//!
//! Sources: `sklearn/tree/_tree.pyx` (`Tree.compute_feature_importances`), and `feature_importances_` in
//! `sklearn/ensemble/_forest.py`, `_gb.py`, `_weight_boosting.py`.

use super::forest::EstimatorTrees;
use super::nodes::{Nodes, Slot, TreeState};
use super::{Estimator, Role};
use crate::lens::libraries::tree_model::{Forest, NODES};
use crate::lens::numbers::{Array, Kind};

/// Features of which importances are computed.
const FEATURES: u64 = 1 << 20;
/// Nodes of all trees of one estimator that are gone over for its importances.
const ALL_NODES: u64 = 1 << 22;
/// Sets of coefficients, one for each class or target.
const SETS: u64 = 64;

/// One number for each feature.
#[derive(Clone)]
pub struct Weights<'a> {
    /// Which attribute it is: `coef_`, `feature_importances_`.
    pub attribute: String,
    /// The class or target that it is for, where there are several.
    pub of: Option<String>,
    /// The numbers.
    pub values: Vec<f64>,
    /// Where the file has them: the array, and the position of the first. Without it they were computed.
    pub stored: Option<(Array<'a>, u64)>,
}

/// How the importances of trees are put together.
enum Rule {
    /// Of the one tree.
    Own,
    /// Mean of each tree's shares.
    Mean,
    /// Mean of what the trees gained, before it is made shares.
    Boosting,
    /// Weighted by how much each tree counts.
    Weighted,
}

impl<'a> Estimator<'a> {
    /// Coefficients beside features, one set for each class or target.
    #[must_use]
    pub fn coefficients(&self) -> Vec<Weights<'a>> {
        let Some(array) = self.set("coef_").and_then(|coef| self.lens.array(coef.node())) else { return Vec::new() };
        let (sets, width) = match array.shape[..] {
            [width] => (1, width),
            [sets, width] => (sets, width),
            _ => return Vec::new(),
        };
        if array.problem.is_some() || width == 0 || width > FEATURES {
            return Vec::new();
        }
        let classes = self.classes().filter(|classes| classes.len() as u64 == sets);
        let set = |number: u64| {
            let first = number * width;
            let values = array.floats(first, usize::try_from(width).ok()?).ok()?;
            let name = || match &classes {
                Some(classes) => format!("class {}", classes[number as usize]),
                None => format!("output {number}"),
            };
            let of = (sets > 1).then(name);
            let stored = Some((array.clone(), first));
            Some(Weights { attribute: "coef_".to_owned(), of, values, stored })
        };
        (0..sets.min(SETS)).filter_map(set).collect()
    }

    /// How much each feature counts: as the file has it, or computed from the trees as scikit-learn does.
    ///
    /// # Errors
    /// When they could be computed, but the trees are too many or cannot be read; in words.
    pub fn importances(&self) -> Result<Option<Weights<'a>>, String> {
        let attribute = "feature_importances_";
        let stored = self.get(attribute).filter(|_| self.role(attribute) == Role::Fitted);
        if let Some(array) = stored.and_then(|value| self.lens.array(value.node()))
            && let ([width], None) = (&array.shape[..], &array.problem)
            && *width <= FEATURES
        {
            let values = array.floats(0, *width as usize)?;
            return Ok(Some(Weights { attribute: attribute.to_owned(), of: None, values, stored: Some((array, 0)) }));
        }
        let (Some(rule), Some(trees)) = (self.importance_rule(), self.trees()) else { return Ok(None) };
        let values = self.computed(&rule, &trees)?;
        Ok(Some(Weights { attribute: attribute.to_owned(), of: None, values, stored: None }))
    }

    fn importance_rule(&self) -> Option<Rule> {
        let name = self.name();
        let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if is(&["HistGradientBoosting"]) {
            None
        } else if is(&["DecisionTree", "ExtraTreeClassifier", "ExtraTreeRegressor"]) {
            Some(Rule::Own)
        } else if is(&["RandomForest", "ExtraTrees", "RandomTreesEmbedding"]) {
            Some(Rule::Mean)
        } else if is(&["GradientBoosting"]) {
            Some(Rule::Boosting)
        } else if is(&["AdaBoost"]) {
            Some(Rule::Weighted)
        } else {
            None
        }
    }

    fn computed(&self, rule: &Rule, trees: &EstimatorTrees<'a>) -> Result<Vec<f64>, String> {
        let features = self.features().filter(|&features| features <= FEATURES);
        let features = features.ok_or("the number of features is not known, or very large")?;
        let weights = match rule {
            Rule::Weighted => {
                let weights = self.set("estimator_weights_").and_then(|weights| self.lens.array(weights.node()));
                let weights = weights.ok_or("the weights of the trees are not there")?;
                weights.floats(0, usize::try_from(trees.len()).unwrap_or(usize::MAX).min(1 << 20))?
            }
            _ => Vec::new(),
        };
        let mut sum = vec![0.0; features as usize];
        let (mut counted, mut read) = (0u64, 0u64);
        for index in 0..trees.len() {
            let state = trees.state(index)?;
            read = read.saturating_add(state.node_count.unwrap_or(0));
            // The trees of a forest are not equally large: it is checked as it goes.
            if read > ALL_NODES || index > ALL_NODES {
                return Err(format!("the trees have more than {ALL_NODES} nodes"));
            }
            let (mut gains, nodes) = gains(self, &state, features as usize)?;
            if matches!(rule, Rule::Mean | Rule::Boosting) && nodes <= 1 {
                continue;
            }
            if !matches!(rule, Rule::Boosting) {
                normalise(&mut gains);
            }
            let weight =
                if let Rule::Weighted = rule { weights.get(index as usize).copied().unwrap_or(0.0) } else { 1.0 };
            sum.iter_mut().zip(&gains).for_each(|(sum, gain)| *sum += weight * gain);
            counted += 1;
        }
        match rule {
            Rule::Own => {}
            Rule::Mean | Rule::Boosting => {
                sum.iter_mut().for_each(|value| *value /= counted.max(1) as f64);
                normalise(&mut sum);
            }
            Rule::Weighted => {
                let all: f64 = weights.iter().sum();
                sum.iter_mut().for_each(|value| *value /= all);
            }
        }
        Ok(sum)
    }
}

fn normalise(values: &mut [f64]) {
    let sum: f64 = values.iter().sum();
    if sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
    }
}

/// By feature, how much less impure the splits of a tree make it; and its number of nodes.
fn gains(estimator: &Estimator<'_>, state: &TreeState<'_>, features: usize) -> Result<(Vec<f64>, usize), String> {
    let nodes = Nodes::of(&estimator.lens, state.nodes)?;
    let slot = |name: &'static str| nodes.slot(&[name]).ok_or(format!("the nodes have no field {name}"));
    let (feature, impurity, weight) = (slot("feature")?, slot("impurity")?, slot("weighted_n_node_samples")?);
    let (left, right): (Slot, Slot) = (slot("left_child")?, slot("right_child")?);
    if nodes.array.len() > NODES {
        return Err(format!("a tree has more than {NODES} nodes"));
    }
    // What each node holds, and of a split its feature and the nodes below it.
    let mut held: Vec<f64> = Vec::new();
    let mut splits: Vec<(usize, i64, i64, i64)> = Vec::new();
    let mut all = 0.0;
    nodes.each(|element| {
        let weight = weight.float(element);
        if held.is_empty() {
            all = weight;
        }
        if left.integer(element) >= 0 {
            splits.push((held.len(), feature.integer(element), left.integer(element), right.integer(element)));
        }
        held.push(weight * impurity.float(element));
    })?;
    let mut gains = vec![0.0; features];
    for (node, feature, left, right) in splits {
        let below = |child: i64| usize::try_from(child).ok().and_then(|child| held.get(child)).copied();
        let gain = usize::try_from(feature).ok().and_then(|feature| gains.get_mut(feature));
        let (Some(left), Some(right), Some(gain)) = (below(left), below(right), gain) else {
            return Err(format!("node {node} of a tree points outside of it"));
        };
        *gain += held[node] - left - right;
    }
    gains.iter_mut().for_each(|gain| *gain /= all);
    Ok((gains, held.len()))
}

/// Whether the elements of an array are numbers.
pub(super) fn is_numeric(array: &Array<'_>) -> bool {
    matches!(array.dtype.kind, Kind::Int | Kind::Uint | Kind::Float | Kind::Bool)
}
