//! What the sources of libraries say of their classes: `data/class_facts.tsv`, which `scripts/class_facts` writes and
//! `build.rs` puts into the lines of modules. It is searched as it is: the classes stand in groups of one kind.

use super::review::{Check, Review, Role};
use super::traits::Traits;
use super::{database, lines};

/// What loading an instance of a class runs, by the source of the class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ClassFact {
    /// Whether code of its own runs, of which nothing reaches beyond the instance; without any, a dict is filled.
    has_own_code: bool,
    /// Whether it may be called: an enumeration, whose members are found by their values.
    may_be_called: bool,
    /// Whether items may be set and added.
    is_filled_plainly: bool,
    /// Whether attributes that a state sets one by one are handed to code that calls them.
    has_careful_setters: bool,
    /// Whether it is an array, whose constructor was not read: numpy makes one without it.
    is_array: bool,
    /// The releases that were read, as `package==first..last`.
    pub(super) source: &'static str,
}

impl ClassFact {
    pub(super) fn review(self) -> Review {
        let role = if self.may_be_called { Role::Class } else { Role::Instance };
        if self.is_array {
            let reason = "an array whose class was read: made by numpy, without its constructor, it reaches nothing beyond itself";
            return Review { role: Role::Reference, check: Check::MadeAsArray, reason };
        }
        let reason = match self.has_own_code {
            true => "a class whose own code was read: what loading runs of it reaches nothing beyond the instance",
            false => "a class whose source was read: loading fills a dict and runs no code of its own",
        };
        Review { role, check: Check::Any, reason }
    }

    pub(super) fn traits(self) -> Traits {
        let filled = if self.is_filled_plainly { Traits::FILLED_PLAINLY } else { Traits::default() };
        if self.has_careful_setters { filled.with(Traits::SETTERS_HAVE_CODE) } else { filled }
    }
}

/// What is known of a class.
pub(super) fn fact(module: &str, name: &str) -> Option<ClassFact> {
    lines::line(module)?.facts.split(';').find_map(|facts| of_source(facts, name))
}

fn of_source(facts: &'static str, name: &str) -> Option<ClassFact> {
    let (source, groups) = lines::lettered(facts)?;
    groups.split('\t').find_map(|group| {
        let (kind, names) = group.split_once(' ')?;
        let at = first(names, name);
        (names[at..].split(' ').next() == Some(name)).then(|| ClassFact {
            has_own_code: kind.contains('o'),
            may_be_called: kind.contains('c'),
            is_filled_plainly: kind.contains('p'),
            has_careful_setters: kind.contains('s'),
            is_array: kind.contains('a'),
            source: database::source(source),
        })
    })
}

/// Where the first name is that does not stand before this one, in names in order with spaces between them.
fn first(names: &str, name: &str) -> usize {
    let (mut low, mut high) = (0, names.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = names.as_bytes()[low..middle].iter().rposition(|&byte| byte == b' ');
        let start = start.map_or(low, |at| low + at + 1);
        let end = names[start..].find(' ').map_or(names.len(), |length| start + length);
        if &names[start..end] < name {
            low = (end + 1).min(names.len());
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
        let mut count = 0;
        for (module, line) in lines::all().step_by(7).filter(|(_, line)| !line.facts.is_empty()) {
            for group in line.facts.split(';').flat_map(|facts| facts.split('\t')) {
                let names: Vec<&str> = group.split(' ').skip(1).collect();
                assert!(names.is_sorted(), "{module}: {group}");
                for name in names {
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
}
