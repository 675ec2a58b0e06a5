//! The only place that knows every library.

use super::graph_view::GraphView;
use super::libraries::{
    astropy, boosting, code, gensim, joblib, networkx, numpy, pandas, pil, scipy, shapely, sklearn, stdlib, sympy,
    time_zones, torch,
};
use super::recogniser::{Lens, Library};

/// The libraries in the order in which they are asked. A new one is a folder of its own and a line here.
static LIBRARIES: [Library; 16] = [
    numpy::LIBRARY,
    torch::LIBRARY,
    joblib::LIBRARY,
    pandas::LIBRARY,
    scipy::LIBRARY,
    stdlib::LIBRARY,
    code::LIBRARY,
    sklearn::LIBRARY,
    boosting::LIBRARY,
    time_zones::LIBRARY,
    networkx::LIBRARY,
    astropy::LIBRARY,
    gensim::LIBRARY,
    pil::LIBRARY,
    shapely::LIBRARY,
    sympy::LIBRARY,
];

impl<'a> Lens<'a> {
    /// Sees a graph with every library there is.
    #[must_use]
    pub fn new(view: GraphView<'a>) -> Self {
        Self::with(view, &LIBRARIES)
    }
}
