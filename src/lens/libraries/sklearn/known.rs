//! Constructor parameters of scikit-learn's estimators and their defaults, from the table that
//! `scripts/generate_estimators.py` makes of several versions.

/// One line for each parameter of each class; the columns as its head says.
const TABLE: &str = include_str!("estimators.tsv");

/// A parameter that a constructor has no default for.
const REQUIRED: &str = "!";

/// What stands where a version has no such parameter.
const ABSENT: &str = "-";

/// What the table says of one class.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// Its lines.
    lines: &'static str,
}

impl Known {
    /// The class of this name, in any of the versions.
    pub(super) fn class(name: &str) -> Option<Self> {
        let is_of_class = |line: &&str| line.split('\t').next() == Some(name);
        let mut at = 0;
        let mut span = None;
        for line in TABLE.split_inclusive('\n') {
            let end = at + line.len();
            match (is_of_class(&line.trim_end()), span) {
                (true, None) => span = Some((at, end)),
                (true, Some((start, _))) => span = Some((start, end)),
                (false, Some(_)) => break,
                (false, None) => {}
            }
            at = end;
        }
        let (start, end) = span?;
        Some(Self { lines: &TABLE[start..end] })
    }

    /// The defaults of a parameter in the versions that may have written a file: those at `version`, or around it when it is
    /// none of them; empty when one of these has no such parameter, so that it is not known whose default counts. `None` when
    /// none of them has it.
    pub(super) fn defaults(&self, parameter: &str, version: Option<&str>) -> Option<Vec<&'static str>> {
        let line = self.lines.lines().find(|line| line.split('\t').nth(1) == Some(parameter))?;
        let mut changes = line.split('\t').skip(2);
        let mut default = changes.next()?;
        let mut changes = changes.filter_map(|change| change.split_once(' ')).peekable();
        let mut defaults = Vec::new();
        for version in versions() {
            if let Some((_, changed)) = changes.next_if(|(since, _)| *since == version) {
                default = changed;
            }
            defaults.push(default);
        }
        let chosen = defaults.get(around(version)).unwrap_or_default();
        if chosen.iter().all(|default| *default == ABSENT) {
            return None;
        }
        if version.is_some() && chosen.contains(&ABSENT) {
            return Some(Vec::new());
        }
        let mut found: Vec<&str> = chosen.iter().copied().filter(|default| *default != ABSENT).collect();
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
    // The third line of the head.
    TABLE.lines().nth(2).unwrap_or_default().trim_start_matches('#').split(',').map(str::trim)
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
