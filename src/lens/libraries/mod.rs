//! What is known of one library each. None uses another one, but for the two that others are made of: `tree_model` and
//! `time_zones`.

pub(super) mod astropy;
pub(super) mod boosting;
pub(super) mod code;
pub(super) mod gensim;
pub(super) mod joblib;
pub(super) mod networkx;
pub(super) mod numpy;
pub(super) mod pandas;
pub(super) mod pil;
pub(super) mod scipy;
pub(super) mod shapely;
pub(super) mod sklearn;
pub(super) mod stdlib;
pub(super) mod sympy;
pub(super) mod time_zones;
pub(super) mod torch;
pub(super) mod tree_model;
