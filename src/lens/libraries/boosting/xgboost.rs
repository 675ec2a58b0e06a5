//! Models of xgboost in UBJSON and JSON.
//!
//! Sources: `doc/tutorials/saving_model.rst` and `doc/model.schema` of xgboost; `src/tree/tree_model.cc` (`RegTree::SaveModel`,
//! `LoadCategoricalSplit`), `src/common/categorical.h` (`Decision`: categories of the set go to the right).

use super::document::{Document, Value};
use super::model::{BoostedModel, Settings, Tree, Usage, between, name_of, set_text, single};
use crate::lens::libraries::tree_model::{DecisionTree, Forest, NODES, NodeWords, Topology};

pub(super) struct Model {
    document: Document,
    features: Vec<String>,
}

impl Model {
    /// Reads a model; `names` are those of the features where the model has none.
    pub(super) fn read(bytes: Vec<u8>, names: impl FnOnce() -> Vec<String>) -> Result<Self, String> {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first != Some(&b'{') {
            let words = "the model is in the binary format of xgboost, which is not read (JSON and UBJSON are)";
            return Err(words.to_owned());
        }
        let mut model = Self { document: Document::read(bytes)?, features: Vec::new() };
        let learner = model.learner().ok_or("the model has no learner")?;
        let own = learner.get("feature_names").map(Value::texts).filter(|own| !own.is_empty());
        model.features = own.unwrap_or_else(names);
        Ok(model)
    }

    /// The model, which a whole state has beside the configuration.
    fn model(&self) -> Value<'_> {
        let root = self.document.root();
        root.get("Model").unwrap_or(root)
    }

    fn learner(&self) -> Option<Value<'_>> {
        self.model().get("learner")
    }

    /// The booster of trees; that of dart holds one.
    fn trees(&self) -> Option<Value<'_>> {
        let booster = self.learner()?.get("gradient_booster")?;
        let booster = booster.get("gbtree").unwrap_or(booster);
        booster.at(&["model", "trees"])
    }

    fn count(&self) -> usize {
        self.trees().map_or(0, Value::len)
    }

    fn tree_at(&self, index: u64) -> Result<XgboostTree<'_>, String> {
        let index_ = usize::try_from(index).ok();
        let tree = index_.and_then(|index| self.trees()?.index(index));
        let tree = tree.ok_or_else(|| format!("there is no tree {index} among {}", self.count()))?;
        Ok(XgboostTree::of(tree, &self.features))
    }
}

impl Forest for Model {
    fn len(&self) -> u64 {
        self.count() as u64
    }

    fn tree(&self, index: u64) -> Result<Tree<'_>, String> {
        Ok(Box::new(self.tree_at(index)?))
    }

    /// The class that a tree votes for.
    fn purpose(&self, index: u64) -> Option<String> {
        let booster = self.learner()?.get("gradient_booster")?;
        let booster = booster.get("gbtree").unwrap_or(booster);
        let groups = booster.at(&["model", "tree_info"])?.numbers();
        let several = groups.iter().any(|group| *group > 0.0);
        let group = *groups.get(usize::try_from(index).ok()?)?;
        several.then(|| format!("class {group}"))
    }
}

impl BoostedModel for Model {
    fn facts(&self) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            facts.extend(value.filter(|value| !value.is_empty()).map(|value| (name.to_owned(), value)));
        };
        let version = self.model().get("version").map(Value::numbers).filter(|version| !version.is_empty());
        let version = version.map(|version| version.iter().map(f64::to_string).collect::<Vec<_>>().join("."));
        add("written by", version.map(|version| format!("xgboost {version}")));
        let Some(learner) = self.learner() else { return facts };
        add("booster", learner.at(&["gradient_booster", "name"]).and_then(Value::text));
        add("objective", self.objective());
        let parameter = |name: &str| learner.at(&["learner_model_param", name]).and_then(Value::text);
        add("features", parameter("num_feature"));
        // 0 for what is no choice between classes.
        add("classes", parameter("num_class").filter(|count| count != "0"));
        add("targets", parameter("num_target").filter(|count| count != "1"));
        add("base score", parameter("base_score"));
        for (name, value) in learner.get("attributes").map(Value::pairs).unwrap_or_default() {
            add(&name, value.text());
        }
        facts
    }

    fn settings(&self) -> Settings {
        // Groups of texts, wherever they are in the configuration.
        let Some(config) = self.document.root().at(&["Config", "learner"]) else { return Vec::new() };
        let mut waiting = vec![(String::new(), config, 0)];
        let mut found = Vec::new();
        while let Some((title, group, level)) = waiting.pop() {
            let pairs = group.pairs();
            let plain = pairs.iter().filter_map(|(name, value)| Some((name.clone(), value.text()?)));
            let plain: Vec<(String, String)> = plain.collect();
            if !plain.is_empty() && !title.is_empty() {
                found.push((title.clone(), plain));
            }
            if level < 8 {
                let inner = pairs.into_iter().filter(|(_, value)| value.text().is_none()).rev();
                waiting.extend(inner.map(|(name, value)| (name, value, level + 1)));
            }
        }
        found
    }

    fn feature_names(&self) -> &[String] {
        &self.features
    }

    fn usage(&self) -> Result<Usage, String> {
        let mut usage = Usage::default();
        for index in 0..self.len() {
            let tree = self.tree_at(index)?;
            for (node, &left) in tree.left.iter().enumerate() {
                if left >= 0.0 {
                    let number = |values: &[f64]| values.get(node).copied().unwrap_or(f64::NAN);
                    usage.add(number(&tree.feature) as i64, number(&tree.gain));
                }
            }
        }
        Ok(usage)
    }

    fn objective(&self) -> Option<String> {
        self.learner()?.at(&["objective", "name"])?.text()
    }
}

struct XgboostTree<'a> {
    features: &'a [String],
    left: Vec<f64>,
    right: Vec<f64>,
    feature: Vec<f64>,
    threshold: Vec<f64>,
    default_left: Vec<f64>,
    gain: Vec<f64>,
    cover: Vec<f64>,
    weight: Vec<f64>,
    /// Numbers of a leaf; more than one for several targets.
    leaf_size: usize,
    /// By node, the categories for which the condition does not hold.
    categories: Vec<(u32, Vec<usize>)>,
}

impl<'a> XgboostTree<'a> {
    fn of(tree: Value<'_>, features: &'a [String]) -> Self {
        let numbers = |name: &str| tree.get(name).map(Value::numbers).unwrap_or_default();
        let leaf_size = tree.at(&["tree_param", "size_leaf_vector"]).and_then(Value::number).unwrap_or(1.0);
        let (all, sizes) = (numbers("categories"), numbers("categories_sizes"));
        let segments = numbers("categories_segments");
        let nodes = numbers("categories_nodes");
        let category = |(node, (&start, &size)): (&f64, (&f64, &f64))| {
            let (start, size) = (start as usize, size as usize);
            let end = start.saturating_add(size).min(all.len());
            (*node as u32, all[start.min(end)..end].iter().map(|&number| number as usize).collect())
        };
        let categories = nodes.iter().zip(segments.iter().zip(&sizes)).map(category).collect();
        Self {
            features,
            left: numbers("left_children"),
            right: numbers("right_children"),
            feature: numbers("split_indices"),
            threshold: numbers("split_conditions"),
            default_left: numbers("default_left"),
            gain: numbers("loss_changes"),
            cover: numbers("sum_hessian"),
            weight: numbers("base_weights"),
            leaf_size: (leaf_size as usize).max(1),
            categories,
        }
    }

    fn leaf(&self, node: usize) -> String {
        if self.leaf_size == 1 {
            return self.threshold.get(node).map_or("leaf".to_owned(), |&value| format!("value {}", single(value)));
        }
        let start = node.saturating_mul(self.leaf_size);
        let values = self.weight.get(start..start.saturating_add(self.leaf_size.min(10))).unwrap_or_default();
        let texts: Vec<String> = values.iter().map(|&value| single(value)).collect();
        format!("value [{}]", texts.join(", "))
    }
}

impl DecisionTree for XgboostTree<'_> {
    fn topology(&self) -> Result<Topology, String> {
        if self.left.len() != self.right.len() {
            return Err(format!("{} nodes have a left and {} a right child", self.left.len(), self.right.len()));
        }
        if self.left.len() as u64 > NODES {
            return Err(format!("the tree has more than {NODES} nodes"));
        }
        let pairs: Vec<[i64; 2]> = self.left.iter().zip(&self.right).map(|(&a, &b)| [a as i64, b as i64]).collect();
        Ok(Topology::new(&pairs))
    }

    fn words(&self, node: u32, is_leaf: bool) -> NodeWords {
        let at = node as usize;
        let number = |values: &[f64]| values.get(at).copied();
        let mut words = NodeWords::default();
        let value = if is_leaf { number(&self.threshold) } else { number(&self.weight) };
        words.tone = between(value.unwrap_or(f64::NAN), if self.leaf_size == 1 { &self.weight } else { &[] });
        if is_leaf {
            words.title = self.leaf(at);
        } else {
            let feature = name_of(self.features, number(&self.feature).unwrap_or(-1.0) as i64);
            words.title = match self.categories.iter().find(|(split, _)| *split == node) {
                Some((_, set)) => format!("{feature} not in {}", set_text(set)),
                None => format!("{feature} < {}", single(number(&self.threshold).unwrap_or(f64::NAN))),
            };
            words.lines.extend(number(&self.gain).map(|gain| format!("gain {}", single(gain))));
        }
        words.lines.extend(number(&self.cover).map(|cover| format!("cover {}", single(cover))));
        if let Some(left) = number(&self.default_left).filter(|_| !is_leaf) {
            words.lines.push(format!("missing values go {}", if left == 0.0 { "right" } else { "left" }));
        }
        words
    }
}
