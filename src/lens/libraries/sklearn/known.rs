//! Constructor parameters of scikit-learn's estimators and their defaults, from the table that
//! `scripts/generate_estimators.py` makes of several versions.

/// First line: the versions, oldest first. Then one line for each class.
const TABLE: &str = include_str!("estimators.txt");

/// A parameter that a constructor has no default for.
const REQUIRED: &str = "!";

/// A default that is the same as in the version before.
const SAME: &str = "=";

/// What the table says of one class.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// `name=default` apart by tabs.
    line: &'static str,
}

impl Known {
    /// The class of this name, in any of the versions.
    pub(super) fn class(name: &str) -> Option<Self> {
        let line =
            TABLE.lines().skip(1).find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))?;
        let line = line.get(name.len() + 1..)?;
        Some(Self { line: line.strip_prefix('\t').unwrap_or(line) })
    }

    /// The defaults of a parameter in the versions that may have written a file: those at `version`, or around it when it is
    /// none of them; empty when one of these has no such parameter, so that it is not known whose default counts. `None` when
    /// none of them has it.
    pub(super) fn defaults(&self, parameter: &str, version: Option<&str>) -> Option<Vec<&'static str>> {
        let words = self.line.split('\t').find_map(|word| word.strip_prefix(parameter)?.strip_prefix('='))?;
        let mut defaults: Vec<&str> = words.split('|').collect();
        for at in 1..defaults.len() {
            if defaults[at] == SAME {
                defaults[at] = defaults[at - 1];
            }
        }
        let around = around(version);
        let chosen =
            if let [one] = defaults[..] { vec![one] } else { defaults.get(around).unwrap_or_default().to_vec() };
        if chosen.iter().all(|default| default.is_empty()) {
            return None;
        }
        let mut found = if version.is_some() && chosen.contains(&"") { Vec::new() } else { chosen };
        found.retain(|default| !default.is_empty());
        found.dedup();
        Some(found)
    }
}

/// Whether a default is none: the parameter has to be given.
pub(super) fn is_required(default: &str) -> bool {
    default == REQUIRED
}

/// The newest version that the table knows.
pub(super) fn newest() -> &'static str {
    versions().next_back().unwrap_or_default()
}

fn versions() -> impl DoubleEndedIterator<Item = &'static str> {
    TABLE.lines().next().unwrap_or_default().split('\t')
}

/// Major and minor version.
pub(super) fn series(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The columns of the table that a version lies at or between; all of them when nothing is known of it.
fn around(version: Option<&str>) -> std::ops::Range<usize> {
    let known: Vec<_> = versions().map(series).collect();
    let Some(wanted) = version.and_then(series) else { return 0..known.len() };
    if let Some(at) = known.iter().position(|series| *series == Some(wanted)) {
        return at..at + 1;
    }
    let after = known.iter().position(|series| series.is_some_and(|series| series > wanted)).unwrap_or(known.len());
    after.saturating_sub(1)..(after + 1).min(known.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_version() {
        let of = |class: &str, parameter: &str, version: &str| Known::class(class)?.defaults(parameter, Some(version));
        assert_eq!(of("LogisticRegression", "multi_class", "1.6.1"), Some(vec!["'deprecated'"]));
        assert_eq!(of("LogisticRegression", "multi_class", "0.24.0"), Some(vec!["'auto'"]));
        assert_eq!(of("AdaBoostClassifier", "base_estimator", "1.0.2"), Some(vec!["None"]));
        assert_eq!(of("AdaBoostClassifier", "estimator", "1.0.2"), None);
        // 0.23 is between two that are known; they agree.
        assert_eq!(of("LinearRegression", "normalize", "0.23.1"), Some(vec!["False"]));
        assert_eq!(of("MLPRegressor", "loss", "1.2.2"), None);
    }
}
