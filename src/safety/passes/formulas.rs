//! Formulas in the state of statsmodels' models: `__setstate__` gives them to patsy or formulaic, which evaluate each term as
//! Python with the columns of a table as names (`statsmodels/base/data.py`).

use crate::graph::{Edge, Node, RunKind};
use crate::safety::facts::Facts;
use crate::safety::level::Level;

/// Pairs of a state that are looked at.
const PAIRS: usize = 512;
/// Longest formula that is read.
const LONGEST: usize = 65_536;
/// What formulas call: transforms of patsy and formulaic, and functions of numpy by their last names.
const TRANSFORMS: &str = "C Diff Helmert I Poly Q Sum Treatment abs bs cc center ceil cos cr cs cut diff exp expm1 floor hashed lag log log10 log1p log2 \
    maximum minimum poly pow power round scale sign sin sqrt square standardize tan te where";

/// How bad the formula of a state is, and why; `None` where it has none, or one of columns and transforms.
pub(super) fn fault(facts: &Facts<'_>, state: Edge) -> Option<(Level, &'static str)> {
    let dict = match facts.graph.node(state.node()) {
        Node::Tuple => facts.graph.items(state.node()).next()?,
        _ => state,
    };
    let pairs: Vec<Edge> = facts.graph.run_window(dict.node(), RunKind::Pairs, 0).take(2 * PAIRS).collect();
    let is_formula = |pair: &&[Edge]| facts.value(pair[0]).text() == Some("formula");
    let value = pairs.as_chunks::<2>().0.iter().map(|pair| &pair[..]).find(is_formula)?[1];
    if facts.graph.node(value.node()) == Node::None {
        return None;
    }
    match facts.value(value).text() {
        Some(text) if text.len() <= LONGEST => fault_of_text(text),
        _ => Some((Level::UnknownCode, "Its formula is evaluated as Python, and cannot be read here.")),
    }
}

fn fault_of_text(formula: &str) -> Option<(Level, &'static str)> {
    const WORDS: [&str; 6] = ["lambda", "import", "eval", "exec", "getattr", "open"];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = || formula.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    if words().any(|word| word.starts_with("__") || WORDS.contains(&word)) {
        return Some((Level::Dangerous, "Its formula is evaluated as Python, and does more than name columns."));
    }
    let is_transform = |before: &str| {
        let before = before.trim_end();
        let name = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
        let is_called = before.ends_with(|c: char| is_word(c) || matches!(c, ')' | ']' | '\'' | '"'));
        !is_called || TRANSFORMS.split_ascii_whitespace().any(|transform| transform == name)
    };
    let is_plain = formula.match_indices('(').all(|(at, _)| is_transform(&formula[..at]));
    (!is_plain).then_some((
        Level::UnknownCode,
        "Its formula is evaluated as Python, and calls a function that is not known here.",
    ))
}

#[cfg(test)]
mod tests {
    use super::fault_of_text;
    use crate::safety::level::Level;

    #[test]
    fn formulas_of_columns_and_transforms_are_ordinary() {
        for formula in
            ["y ~ x", "np.log(y) ~ C(region, Treatment(reference='North')) * (a + b) - 1", "Q('a b') ~ I(x ** 2)"]
        {
            assert_eq!(fault_of_text(formula), None, "{formula}");
        }
        let level = |formula| fault_of_text(formula).map(|(level, _)| level);
        assert_eq!(level("y ~ f(x)"), Some(Level::UnknownCode));
        assert_eq!(level("y ~ x.sum()"), Some(Level::UnknownCode));
        assert_eq!(level("__import__('os').system('echo') ~ 1"), Some(Level::Dangerous));
        assert_eq!(level("y ~ ().__class__"), Some(Level::Dangerous));
    }
}
