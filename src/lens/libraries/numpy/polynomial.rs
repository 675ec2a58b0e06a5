//! numpy's polynomials.
//!
//! Sources: `numpy/lib/_polynomial_impl.py` (`poly1d`), `numpy/polynomial/_polybase.py`.

use crate::graph::{Edge, NodeId, Symbol};
use crate::lens::numbers::Array;
use crate::lens::recogniser::Lens;

/// A polynomial: a series in powers, or in Chebyshev's, Legendre's ... polynomials.
pub struct Polynomial<'a> {
    /// Its class.
    pub class: &'a Symbol,
    /// The array of the coefficients, highest power first for `poly1d`, else lowest first.
    pub coefficients: Array<'a>,
    /// Domain, window, symbol: attributes by their names.
    pub attributes: Vec<(String, Edge)>,
}

const CLASSES: [&str; 6] = ["Polynomial", "Chebyshev", "Legendre", "Laguerre", "Hermite", "HermiteE"];

impl<'a> Lens<'a> {
    /// The polynomial of numpy that a value is.
    #[must_use]
    pub fn polynomial(&self, node: NodeId) -> Option<Polynomial<'a>> {
        let object = self.object(node)?;
        let name = object.class.short_name();
        let is_known = object.is_in("numpy") && (name == "poly1d" || CLASSES.contains(&name));
        if !is_known {
            return None;
        }
        // `coeffs` was `c` or `__dict__['coeffs']` in versions before 1.5, always as an array.
        let edge = ["coef", "coeffs", "_coeffs"].into_iter().find_map(|name| object.attribute(name))?;
        let coefficients = self.array(edge.node())?;
        Some(Polynomial { class: object.class, coefficients, attributes: object.attributes() })
    }
}

impl Polynomial<'_> {
    /// The highest power.
    #[must_use]
    pub fn degree(&self) -> u64 {
        self.coefficients.len().saturating_sub(1)
    }
}

/// One line about an instance, when it is a polynomial.
pub(in crate::lens) fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    const SHOWN: usize = 6;
    let polynomial = lens.polynomial(node)?;
    let mut values = polynomial.coefficients.values(0, SHOWN, 24).unwrap_or_default();
    if polynomial.coefficients.len() > SHOWN as u64 {
        values.push("…".to_owned());
    }
    Some(format!("degree {}, coefficients [{}]", polynomial.degree(), values.join(", ")))
}
