//! Models of gradient boosting libraries: one value of the pickle is a whole model in a format of the library's own.
//!
//! Sources: `xgboost/python-package/xgboost/core.py` (`Booster.__getstate__`: `handle`), `LightGBM/python-package/lightgbm/basic.py`
//! (`Booster.__getstate__`: `_handle`, before 4.0 `handle`), `catboost/core.py` (`_CatBoostBase.__getstate__`: `__model`).

mod booster;
mod document;
mod lightgbm;
mod model;
mod versions;
mod xgboost;

use crate::lens::recogniser::Library;
pub use booster::Booster;
pub use model::{BoostedModel, Settings, Usage};

/// Versions; the models are asked for by name.
pub(in crate::lens) const LIBRARY: Library = Library { versions: &[("xgboost", versions::look)], ..Library::NOTHING };
