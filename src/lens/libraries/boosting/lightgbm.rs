//! Models of lightgbm: text of `name=value` lines, a paragraph for each tree.
//!
//! Sources: `LightGBM/src/boosting/gbdt_model_text.cpp`, `src/io/tree.cpp` (`Tree::ToString`), `include/LightGBM/tree.h` (bits of
//! `decision_type`, numbers of leaves).

use super::model::{BoostedModel, Settings, Tree, Usage, between, name_of, set_text};
use crate::lens::libraries::tree_model::{DecisionTree, Forest, NODES, NodeWords, Topology};
use memchr::memmem;

pub(super) struct Model {
    text: Vec<u8>,
    /// Where each tree begins and ends.
    trees: Vec<(usize, usize)>,
    features: Vec<String>,
}

impl Model {
    pub(super) fn read(text: Vec<u8>) -> Result<Self, String> {
        if !text.starts_with(b"tree") {
            return Err("the model does not begin as the text of lightgbm does".to_owned());
        }
        let end = memmem::find(&text, b"\nend of trees").unwrap_or(text.len());
        let starts: Vec<usize> = memmem::find_iter(&text[..end], b"\nTree=").collect();
        let ends = starts.iter().skip(1).copied().chain([end]);
        let trees = starts.iter().copied().zip(ends).collect();
        let mut model = Self { text, trees, features: Vec::new() };
        let names = model.head("feature_names").unwrap_or_default();
        model.features = names.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(model)
    }

    /// A line before the trees.
    fn head(&self, name: &str) -> Option<String> {
        let end = self.trees.first().map_or(self.text.len(), |(start, _)| *start);
        line(&self.text[..end], name)
    }

    fn tree_at(&self, index: u64) -> Result<LightgbmTree<'_>, String> {
        let place = usize::try_from(index).ok().and_then(|index| self.trees.get(index));
        let &(start, end) = place.ok_or_else(|| format!("there is no tree {index} among {}", self.trees.len()))?;
        LightgbmTree::of(&self.text[start..end], &self.features)
    }
}

/// The value of a line `name=value`.
fn line(text: &[u8], name: &str) -> Option<String> {
    let found =
        text.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    Some(String::from_utf8_lossy(found).trim_end().to_owned())
}

impl Forest for Model {
    fn len(&self) -> u64 {
        self.trees.len() as u64
    }

    fn tree(&self, index: u64) -> Result<Tree<'_>, String> {
        Ok(Box::new(self.tree_at(index)?))
    }

    fn purpose(&self, index: u64) -> Option<String> {
        let width: u64 = self.head("num_tree_per_iteration")?.parse().ok()?;
        (width > 1).then(|| format!("round {}, class {}", index / width + 1, index % width))
    }
}

impl BoostedModel for Model {
    fn facts(&self) -> Vec<(String, String)> {
        let names = [
            ("version", "format"),
            ("objective", "objective"),
            ("max_feature_idx", "features"),
            ("num_class", "classes"),
        ];
        let fact = |(name, word): &(&str, &str)| {
            let value = self.head(name)?;
            let value = match *name {
                "max_feature_idx" => value.parse::<u64>().ok()?.saturating_add(1).to_string(),
                // One output, for regression and for two classes.
                "num_class" if value == "1" => return None,
                "version" => format!("lightgbm text, {value}"),
                _ => value,
            };
            Some(((*word).to_owned(), value))
        };
        names.iter().filter_map(fact).collect()
    }

    fn settings(&self) -> Settings {
        let from = self.trees.last().map_or(0, |(_, end)| *end);
        let tail = &self.text[from..];
        let Some(start) = memmem::find(tail, b"\nparameters:\n") else { return Vec::new() };
        let end = memmem::find(tail, b"\nend of parameters").unwrap_or(tail.len()).max(start);
        let text = String::from_utf8_lossy(&tail[start..end]);
        let pair = |line: &str| {
            let (name, value) = line.strip_prefix('[')?.strip_suffix(']')?.split_once(": ")?;
            Some((name.to_owned(), value.to_owned()))
        };
        let pairs: Vec<(String, String)> = text.lines().filter_map(pair).collect();
        vec![("parameters".to_owned(), pairs)]
    }

    fn feature_names(&self) -> &[String] {
        &self.features
    }

    fn usage(&self) -> Result<Usage, String> {
        let mut usage = Usage::default();
        for index in 0..self.len() {
            let tree = self.tree_at(index)?;
            for (feature, gain) in tree.feature.iter().zip(&tree.gain) {
                // As the library counts: a split that gains nothing is none.
                let gain: f64 = gain.parse().unwrap_or(f64::NAN);
                if gain > 0.0 {
                    usage.add(*feature, gain);
                }
            }
        }
        Ok(usage)
    }

    fn objective(&self) -> Option<String> {
        self.head("objective")
    }
}

/// Splits are numbered from 0, leaves after them.
struct LightgbmTree<'a> {
    features: &'a [String],
    leaves: usize,
    left: Vec<i64>,
    right: Vec<i64>,
    feature: Vec<i64>,
    decision: Vec<i64>,
    threshold: Vec<String>,
    gain: Vec<String>,
    internal: [Vec<String>; 2],
    leaf: [Vec<String>; 2],
    values: Vec<f64>,
    boundaries: Vec<i64>,
    bits: Vec<i64>,
    is_linear: bool,
}

impl<'a> LightgbmTree<'a> {
    fn of(text: &[u8], features: &'a [String]) -> Result<Self, String> {
        let texts = |name: &str| -> Vec<String> {
            line(text, name).map(|line| line.split_ascii_whitespace().map(str::to_owned).collect()).unwrap_or_default()
        };
        // Of doubles the model has 17 digits.
        let doubles = |name: &str| -> Vec<String> {
            let number = |text: String| text.parse().map_or(text, crate::opcode::repr_float);
            texts(name).into_iter().map(number).collect()
        };
        let integers = |name: &str| -> Vec<i64> {
            texts(name).iter().map(|text| text.parse::<f64>().map_or(i64::MIN, |value| value as i64)).collect()
        };
        let leaf_values = doubles("leaf_value");
        let leaves = line(text, "num_leaves").and_then(|count| count.parse::<usize>().ok());
        let leaves = leaves.ok_or("the tree has no num_leaves")?;
        if leaves == 0 || leaves as u64 > NODES / 2 || leaves > leaf_values.len() {
            return Err(format!("the tree has {leaves} leaves and {} values of leaves", leaf_values.len()));
        }
        let values = leaf_values.iter().map(|value| value.parse().unwrap_or(f64::NAN)).collect();
        Ok(Self {
            features,
            leaves,
            left: integers("left_child"),
            right: integers("right_child"),
            feature: integers("split_feature"),
            decision: integers("decision_type"),
            threshold: doubles("threshold"),
            gain: doubles("split_gain"),
            internal: [doubles("internal_value"), texts("internal_count")],
            leaf: [leaf_values, texts("leaf_count")],
            values,
            boundaries: integers("cat_boundaries"),
            bits: integers("cat_threshold"),
            is_linear: line(text, "is_linear").is_some_and(|is| is == "1"),
        })
    }

    /// The categories for which the condition holds.
    fn categories(&self, node: usize) -> Option<Vec<usize>> {
        let set: usize = self.threshold.get(node)?.parse::<f64>().ok().map(|set| set as usize)?;
        let start = usize::try_from(*self.boundaries.get(set)?).ok()?;
        let end = usize::try_from(*self.boundaries.get(set.checked_add(1)?)?).ok()?;
        let words = self.bits.get(start..end)?;
        let words = &words[..words.len().min(1 << 10)];
        Some((0..words.len() * 32).filter(|&number| words[number / 32] >> (number % 32) & 1 != 0).collect())
    }
}

impl DecisionTree for LightgbmTree<'_> {
    fn topology(&self) -> Result<Topology, String> {
        let splits = self.leaves - 1;
        if self.left.len() < splits || self.right.len() < splits {
            return Err(format!("{splits} splits were expected, {} are there", self.left.len().min(self.right.len())));
        }
        // A negative number is a leaf: -1 the first.
        let place = |child: i64| if child < 0 { (!child).saturating_add(splits as i64) } else { child };
        let split = |node: usize| [place(self.left[node]), place(self.right[node])];
        let mut pairs: Vec<[i64; 2]> = (0..splits).map(split).collect();
        pairs.resize(splits + self.leaves, [-1; 2]);
        Ok(Topology::new(&pairs))
    }

    fn words(&self, node: u32, is_leaf: bool) -> NodeWords {
        let (at, splits) = (node as usize, self.leaves - 1);
        let mut words = NodeWords::default();
        let (texts, at_kind) = if is_leaf { (&self.leaf, at.saturating_sub(splits)) } else { (&self.internal, at) };
        let text = |which: usize| texts[which].get(at_kind).cloned();
        let value = text(0).map(|value| format!("value {value}"));
        words.tone = between(text(0).and_then(|value| value.parse().ok()).unwrap_or(f64::NAN), &self.values);
        if is_leaf {
            words.title = value.unwrap_or_else(|| "leaf".to_owned());
            words.lines.extend(self.is_linear.then(|| "with a linear model".to_owned()));
        } else {
            let feature = name_of(self.features, self.feature.get(at).copied().unwrap_or(-1));
            let decision = self.decision.get(at).copied().unwrap_or(0);
            words.title = match self.categories(at).filter(|_| decision & 1 != 0) {
                Some(set) => format!("{feature} in {}", set_text(&set)),
                None => format!("{feature} <= {}", self.threshold.get(at).map_or("?", String::as_str)),
            };
            words.lines.extend(value);
            words.lines.extend(self.gain.get(at).map(|gain| format!("gain {gain}")));
            let missing = match decision >> 2 & 3 {
                1 => Some("zero and missing values go"),
                2 => Some("missing values go"),
                _ => None,
            };
            let side = if decision & 2 != 0 { "left" } else { "right" };
            words.lines.extend(missing.filter(|_| decision & 1 == 0).map(|words| format!("{words} {side}")));
        }
        words.lines.extend(text(1).map(|count| format!("samples {count}")));
        words
    }
}
