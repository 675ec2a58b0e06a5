//! Estimators of scikit-learn and of libraries that follow it.
//!
//! Sources: `sklearn/base.py` (`BaseEstimator.__getstate__`: the instance dict, with `_sklearn_version` when the class is of
//! scikit-learn itself), the glossary of scikit-learn (parameters of the constructor are attributes of the same name, what
//! fitting learns has names that end with an underscore).

mod column_names;
mod flow;
mod forest;
mod known;
mod names_beside;
mod nodes;
mod parts;
mod sheets;
mod versions;
mod weights;
mod words;

use crate::graph::{Edge, Node, NodeId, RunKind};
use crate::lens::graph_view::{Components, Object, Part};
use crate::lens::libraries::boosting::Booster;
use crate::lens::recogniser::{Lens, Library};
use known::Known;

pub use forest::EstimatorTrees;
pub use parts::{Arrangement, Child, ChildValue};
pub use sheets::{Sheet, SheetCell};
pub use weights::Weights;

/// Versions; estimators are asked for by name, whatever package their class is in.
pub(in crate::lens) const LIBRARY: Library =
    Library { components: Some(components), versions: &[("sklearn", versions::look)], ..Library::NOTHING };

/// What an estimator consists of for its users: its parameters, then what fitting learned.
fn components(lens: &Lens<'_>, node: NodeId) -> Option<Components> {
    /// Attributes that an estimator has at most; an instance with more is shown as it is pickled.
    const MOST: usize = 256;
    if lens.object(node)?.attributes().len() > MOST {
        return None;
    }
    let estimator = lens.estimator(node)?;
    let of = |wanted: Role| -> Vec<Part> {
        let attributes = estimator.attributes.iter().filter(|(name, _)| estimator.role(name) == wanted);
        attributes.map(|(name, value)| Part::named(name.as_str(), *value)).collect()
    };
    Some(Components { columns: 0, parts: [of(Role::Parameter), of(Role::Fitted)].concat() })
}

/// Attributes by which an estimator of an unknown class is told: what `fit` sets in nearly all of them.
const FITTED: [&str; 10] = [
    "n_features_in_",
    "feature_names_in_",
    "classes_",
    "coef_",
    "n_features_",
    "feature_importances_",
    "estimators_",
    "components_",
    "n_outputs_",
    "best_estimator_",
];

/// Packages whose instances are no estimators, so that their attributes need not be looked at.
const OTHERS: [&str; 9] =
    ["builtins", "collections", "numpy", "pandas", "scipy", "torch", "datetime", "joblib", "copyreg"];

/// Libraries whose estimators follow scikit-learn, and an attribute that all of them have.
const LIBRARIES: [(&str, &str); 2] = [("xgboost", "n_estimators"), ("lightgbm", "n_estimators")];
/// Where the classes of catboost are, which have no attribute in common: only what was set, and their model.
const CATBOOST: &str = "catboost.core";

/// Classes that learn nothing: without fitted attributes they are ready for use.
const STATELESS: [&str; 8] = [
    "FunctionTransformer",
    "HashingVectorizer",
    "FeatureHasher",
    "Normalizer",
    "Binarizer",
    "AdditiveChi2Sampler",
    "PatchExtractor",
    "SparseCoder",
];

/// What an attribute of an estimator is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A parameter of the constructor.
    Parameter,
    /// Something that fitting learned.
    Fitted,
    /// Anything else.
    Private,
}

/// How a parameter stands to its default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Setting {
    /// It is the default.
    Default,
    /// It is not; the default, when there is one.
    Changed(Option<String>),
    /// The default is not known, or the value is none that can be compared.
    Unknown,
}

/// How a class came to be seen as an estimator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// It is in the table of scikit-learn's classes.
    Known,
    /// The file has `_sklearn_version` among its attributes.
    Version,
    /// It is of a library whose estimators have the same interface.
    Library,
    /// It has attributes that fitted estimators have.
    Attributes,
}

/// An estimator.
#[derive(Clone)]
pub struct Estimator<'a> {
    lens: Lens<'a>,
    /// The instance.
    pub object: Object<'a>,
    /// Its attributes, each once, in the order of the file.
    pub attributes: Vec<(String, Edge)>,
    /// The version of scikit-learn that wrote it, as the file says.
    pub version: Option<String>,
    /// What it is recognised by.
    pub evidence: Evidence,
    known: Option<Known>,
}

impl<'a> Lens<'a> {
    /// The estimator that a value is.
    #[must_use]
    pub fn estimator(&self, node: NodeId) -> Option<Estimator<'a>> {
        let object = self.object(node)?;
        let package = object.class.module.split('.').next().unwrap_or_default();
        if OTHERS.contains(&package) {
            return None;
        }
        let known = if package == "sklearn" { Known::class(object.class.short_name()) } else { None };
        let marker = LIBRARIES.iter().find(|(library, _)| *library == package).map(|(_, attribute)| *attribute);
        let mut attributes: Vec<(String, Edge)> = Vec::new();
        for (name, value) in object.attributes() {
            // Of a name that two states set, the last value counts.
            match attributes.iter().position(|(earlier, _)| *earlier == name).filter(|_| attributes.len() < 256) {
                Some(at) => attributes[at].1 = value,
                None => attributes.push((name, value)),
            }
        }
        let get = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|&(_, value)| value);
        let version = get("_sklearn_version").and_then(|version| self.string(version));
        let evidence = if known.is_some() {
            Evidence::Known
        } else if version.is_some() {
            Evidence::Version
        } else if marker.is_some_and(|marker| get(marker).is_some())
            || object.class.module == CATBOOST && object.class.short_name().starts_with("CatBoost")
            // A class of one's own over one of theirs.
            || get("_Booster").is_some_and(|booster| self.booster(booster.node()).is_some())
        {
            // Old versions of catboost keep the parameters in a dict.
            let parameters = get("_init_params").map(|dict| self.named_values(dict)).unwrap_or_default();
            attributes.extend(parameters);
            Evidence::Library
        } else if package != "sklearn"
            && (FITTED.iter().any(|name| get(name).is_some()) || self.has_steps(get("steps")))
        {
            Evidence::Attributes
        } else {
            return None;
        };
        Some(Estimator { lens: *self, object, attributes, version, evidence, known })
    }

    /// Whether a value is a list of pairs of a name and something else, as the steps of a pipeline are.
    fn has_steps(&self, steps: Option<Edge>) -> bool {
        let Some(steps) = steps.filter(|steps| self.graph.node(steps.node()) == Node::List) else { return false };
        let first = self.graph.run_window(steps.node(), RunKind::Items, 0).next();
        let pair: Vec<Edge> = first.map(|pair| self.graph.items(pair.node()).take(3).collect()).unwrap_or_default();
        matches!(pair[..], [name, _] if self.string(name).is_some())
    }

    /// A value as Python writes it, when it is a scalar, a class, a function, or a short list or tuple of these.
    #[must_use]
    pub fn short_repr(&self, edge: Edge) -> Option<String> {
        const MOST: usize = 16;
        if let Some(text) = self.short_scalar(edge) {
            return Some(text);
        }
        let items: Vec<Edge> = self.sequence(edge).filter(|items| items.len() <= MOST)?;
        let items: Option<Vec<String>> = items.into_iter().map(|item| self.short_scalar(item)).collect();
        let items = items?;
        Some(match (self.graph.node(edge.node()), &items[..]) {
            (Node::Tuple, [one]) => format!("({one},)"),
            (Node::Tuple, more) => format!("({})", more.join(", ")),
            (_, more) => format!("[{}]", more.join(", ")),
        })
    }

    fn short_scalar(&self, edge: Edge) -> Option<String> {
        const LONGEST: usize = 200;
        if let Some(scalar) = self.scalar(edge.node(), LONGEST) {
            return (!scalar.truncated).then_some(scalar.text);
        }
        if let Some(symbol) = self.symbol(edge) {
            return Some(symbol.full_name());
        }
        let shape = self.shape(edge.node());
        match shape.kind {
            crate::lens::graph_view::ShapeKind::Scalar(_) => shape.text,
            _ => None,
        }
    }
}

impl<'a> Estimator<'a> {
    /// Its class without the module.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.object.class.short_name()
    }

    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Edge> {
        self.attributes.iter().rev().find(|(known, _)| known == name).map(|&(_, value)| value)
    }

    /// The value of an attribute that is not `None`.
    pub(super) fn set(&self, name: &str) -> Option<Edge> {
        self.get(name).filter(|&value| !self.lens.is_none(value))
    }

    /// What an attribute is: by the table where the class is known to it, else by how it is spelled.
    #[must_use]
    pub fn role(&self, name: &str) -> Role {
        if let Some(known) = self.known
            && known.defaults(name, self.version.as_deref()).is_some()
        {
            return Role::Parameter;
        }
        if name.starts_with('_') {
            return Role::Private;
        }
        if name.ends_with('_') && !name.ends_with("__") {
            return Role::Fitted;
        }
        // What a newer version added has no line in the table.
        let may_be = self.known.is_none() || self.is_newer();
        if may_be && !self.is_of_ensemble(name) { Role::Parameter } else { Role::Private }
    }

    /// Whether an attribute is one that every ensemble has beside its parameters (`BaseEnsemble`): what its estimators are made
    /// from, and the names of the parameters that are handed on to them. Ensembles that hand on none take the estimator itself
    /// as a parameter.
    fn is_of_ensemble(&self, name: &str) -> bool {
        let Some(handed_on) = self.get("estimator_params") else { return false };
        match name {
            "estimator_params" => true,
            "estimator" | "base_estimator" => self.lens.graph.items(handed_on.node()).len() > 0,
            _ => false,
        }
    }

    /// Whether a newer version than those of the table wrote it, so that the table may be wrong about it.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        let version = self.version.as_deref().and_then(known::series);
        version.is_some_and(|version| known::series(known::newest()).is_some_and(|newest| version > newest))
    }

    /// Whether the parameters are those that the class is known to have.
    #[must_use]
    pub fn has_known_parameters(&self) -> bool {
        self.known.is_some()
    }

    /// How a parameter stands to its default.
    #[must_use]
    pub fn setting(&self, name: &str, value: Edge) -> Setting {
        let defaults = self.known.and_then(|known| known.defaults(name, self.version.as_deref())).unwrap_or_default();
        let Some(default) = defaults.first() else { return Setting::Unknown };
        if known::is_required(default) {
            return Setting::Unknown;
        }
        match self.lens.short_repr(value) {
            Some(text) if defaults.contains(&text.as_str()) => Setting::Default,
            _ => Setting::Changed((defaults.len() == 1).then(|| (*default).to_owned())),
        }
    }

    /// The attributes of one role with their values.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = (&str, Edge)> {
        let all = self.attributes.iter().map(|(name, value)| (name.as_str(), *value));
        all.filter(move |(name, _)| self.role(name) == role)
    }

    /// Whether it was fitted: `None` when that cannot be told from its attributes.
    #[must_use]
    pub fn is_fitted(&self) -> Option<bool> {
        if self.evidence != Evidence::Library && self.with_role(Role::Fitted).next().is_some() {
            return Some(true);
        }
        if self.evidence == Evidence::Library {
            return Some(self.set("_Booster").or_else(|| self.set("__model")).is_some());
        }
        // A pipeline is fitted when its last step is, a union when its transformers are.
        if let Some(steps) = self.get("steps").or_else(|| self.get("transformer_list")) {
            let steps = self.lens.sequence(steps)?;
            let fitted = |step: &Edge| {
                let pair: Vec<Edge> = self.lens.graph.items(step.node()).take(2).collect();
                let step = self.lens.object(pair.get(1)?.node())?;
                let is_learned = |name: &str| name.ends_with('_') && !name.starts_with('_') && !name.ends_with("__");
                Some(step.attributes().iter().any(|(name, _)| is_learned(name)))
            };
            return fitted(steps.last()?);
        }
        let only_parameters = self.evidence == Evidence::Known
            && !STATELESS.contains(&self.name())
            && self.attributes.iter().all(|(name, _)| name == "_sklearn_version" || !name.starts_with('_'));
        only_parameters.then_some(false)
    }

    /// The names of the features that it was fitted on, when it keeps them.
    #[must_use]
    pub fn feature_names(&self) -> Option<Vec<String>> {
        self.names("feature_names_in_")
    }

    /// The names of the classes that it tells apart, as text; of several outputs none.
    #[must_use]
    pub fn classes(&self) -> Option<Vec<String>> {
        self.names("classes_")
    }

    /// The values of a one-dimensional array or list, as text without quotes; at most a few thousand.
    fn names(&self, attribute: &str) -> Option<Vec<String>> {
        self.names_in(self.set(attribute)?)
    }

    fn names_in(&self, value: Edge) -> Option<Vec<String>> {
        const MOST: usize = 1 << 14;
        let lens = &self.lens;
        let bare = |edge: Edge| lens.string(edge).unwrap_or_else(|| lens.inline(edge));
        if let Some(array) = lens.array(value.node()) {
            if array.shape.len() != 1 || array.len() > MOST as u64 {
                return None;
            }
            let items = array.items(0, MOST);
            if !items.is_empty() {
                return Some(items.into_iter().map(bare).collect());
            }
            return Some(array.values(0, MOST, 200).ok()?.into_iter().map(|text| unquoted(&text)).collect());
        }
        let items = lens.sequence(value).filter(|items| items.len() <= MOST)?;
        // Of several outputs each has an array of its own.
        let is_plain = items.iter().all(|&item| lens.array(item.node()).is_none());
        is_plain.then(|| items.into_iter().map(bare).collect())
    }

    /// The model that it has made, of a boosting library.
    #[must_use]
    pub fn booster(&self) -> Option<Booster<'a>> {
        self.lens.booster(self.set("_Booster")?.node())
    }

    /// How many features it was fitted on.
    #[must_use]
    pub fn features(&self) -> Option<u64> {
        let counts = ["n_features_in_", "n_features_", "_n_features", "_n_features_in"];
        let count = counts.iter().find_map(|name| self.lens.count(self.get(name)?));
        count.or_else(|| self.length("feature_names_in_"))
    }

    /// Items of an attribute: of a list, a dict, the first dimension of an array.
    #[must_use]
    pub fn length(&self, attribute: &str) -> Option<u64> {
        self.lens.length_of(self.set(attribute)?)
    }
}

impl Lens<'_> {
    /// A number that is not negative, of Python or numpy.
    pub(super) fn count(&self, edge: Edge) -> Option<u64> {
        match self.graph.node(edge.node()) {
            Node::Int(value) => u64::try_from(value).ok(),
            Node::Call { .. } => self.shape(edge.node()).text?.parse().ok(),
            _ => None,
        }
    }

    /// A number, of Python or numpy.
    pub(super) fn number(&self, edge: Edge) -> Option<f64> {
        match self.graph.node(edge.node()) {
            Node::Int(value) => Some(value as f64),
            Node::Float(value) => Some(value),
            Node::Call { .. } => self.shape(edge.node()).text?.parse().ok(),
            _ => None,
        }
    }

    /// Items of a list, tuple or dict; the first dimension of an array.
    pub(super) fn length_of(&self, value: Edge) -> Option<u64> {
        let node = value.node();
        match self.graph.node(node) {
            Node::List => Some(self.graph.run_length(node, RunKind::Items)),
            Node::Tuple => Some(self.graph.items(node).len() as u64),
            Node::Dict => Some(self.graph.run_length(node, RunKind::Pairs) / 2),
            _ => self.array(node)?.shape.first().copied(),
        }
    }
}

/// Text without the quotes of its repr, when it has no escapes.
pub(super) fn unquoted(text: &str) -> String {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains('\\'));
    inner('\'').or_else(|| inner('"')).unwrap_or(text).to_owned()
}
