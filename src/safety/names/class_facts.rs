//! What the sources of libraries say of their classes: `data/class_facts.tsv`, which `scripts/class_facts` writes and
//! `build.rs` packs into one text. It is searched as it is: a line for each module, its classes in groups of one kind.

use super::review::{Check, Review, Role};
use super::traits::Traits;

static FACTS: &str = include_str!(concat!(env!("OUT_DIR"), "/class_facts.txt"));

/// What loading an instance of a class runs, by the source of the class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ClassFact {
    /// Whether code of its own runs, of which nothing reaches beyond the instance; without any, a dict is filled.
    has_own_code: bool,
    /// Whether it may be called: an enumeration, whose members are found by their values.
    may_be_called: bool,
    /// Whether items may be set and added.
    is_filled_plainly: bool,
    /// The releases that were read, as `package==first..last`.
    pub(super) source: &'static str,
}

impl ClassFact {
    pub(super) fn review(self) -> Review {
        let role = if self.may_be_called { Role::Class } else { Role::Instance };
        let reason = match self.has_own_code {
            true => "a class whose own code was read: what loading runs of it reaches nothing beyond the instance",
            false => "a class whose source was read: loading fills a dict and runs no code of its own",
        };
        Review { role, check: Check::Any, reason }
    }

    pub(super) fn traits(self) -> Traits {
        if self.is_filled_plainly { Traits::FILLED_PLAINLY } else { Traits::default() }
    }
}

/// What is known of a class.
pub(super) fn fact(module: &str, name: &str) -> Option<ClassFact> {
    let module_of = |line: &'static str| line.split('\t').next().unwrap_or_default();
    let rest = &FACTS[first(FACTS, '\n', |line| module_of(line) < module)..];
    let lines = rest.split('\n').take_while(|line| module_of(line) == module);
    lines.flat_map(|line| in_line(line, name)).next()
}

fn in_line(line: &'static str, name: &str) -> Option<ClassFact> {
    let mut cells = line.split('\t').skip(1);
    let source = cells.next()?;
    cells.find_map(|group| {
        let (kind, names) = group.split_once(' ')?;
        let at = first(names, ' ', |known| known < name);
        (names[at..].split(' ').next() == Some(name)).then(|| ClassFact {
            has_own_code: kind.contains('o'),
            may_be_called: kind.contains('c'),
            is_filled_plainly: kind.contains('p'),
            source,
        })
    })
}

/// Where the first item begins for which `before` does not hold, of items in order with a separator between them.
fn first(text: &'static str, separator: char, before: impl Fn(&'static str) -> bool) -> usize {
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = text.as_bytes()[low..middle].iter().rposition(|&byte| byte == separator as u8);
        let start = start.map_or(low, |at| low + at + 1);
        let end = text[start..].find(separator).map_or(text.len(), |length| start + length);
        if before(&text[start..end]) {
            low = (end + 1).min(text.len());
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_found_and_no_other() {
        let lines = FACTS.lines().step_by(7);
        let mut count = 0;
        for line in lines {
            let module = line.split('\t').next().unwrap_or_default();
            for group in line.split('\t').skip(2) {
                for name in group.split(' ').skip(1) {
                    assert!(fact(module, name).is_some(), "{module}.{name}");
                    count += 1;
                }
            }
            assert_eq!(fact(module, "NoClassHasThisName"), None);
        }
        assert!(count > 1000, "{count}");
        assert_eq!(fact("", ""), None);
        assert_eq!(fact("zzz", "A"), None);
    }

    #[test]
    fn lines_and_names_are_in_order() {
        let modules: Vec<&str> = FACTS.lines().filter_map(|line| line.split('\t').next()).collect();
        assert!(modules.is_sorted());
        for group in FACTS.lines().flat_map(|line| line.split('\t').skip(2)) {
            assert!(group.split(' ').skip(1).collect::<Vec<_>>().is_sorted(), "{group}");
        }
    }
}
