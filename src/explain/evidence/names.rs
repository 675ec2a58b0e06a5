//! What a file names: modules, classes, functions.

use super::{ANOTHER, Look, NAMES, evidence};
use crate::explain::word::Word;
use crate::explain::{Answer, Evidence};
use crate::format::packages::distribution_of;
use crate::safety;
use crate::view::{ImportFacts, preview};

/// Modules that are one and the same, or stand for each other.
const ALIASES: [[&str; 2]; 5] =
    [["__main__", "__mp_main__"], ["os.path", "posixpath"], ["os.path", "ntpath"], ["os", "posix"], ["os", "nt"]];
/// Packages whose own loader takes the names of an old module from a new one.
const RENAMING: [&str; 2] = ["pandas", "numpy"];

impl Look<'_> {
    /// Calls of the class that a function like `Refused.__init__` belongs to.
    pub(super) fn call(&self, function: &Word) -> Vec<Evidence> {
        let name = function.text().rsplit('.').find(|part| !part.starts_with("__")).unwrap_or_default();
        let name =
            if function.text().ends_with(name) && function.is_cut() { Word::beginning(name) } else { Word::new(name) };
        let is_it = |import: &&ImportFacts| !name.is_empty() && name.fits_last(&import.name);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        match (named.is_empty(), name.is_empty()) {
            (false, _) => self.named(&named, name.text()),
            (true, true) => self.stop(Answer::Unknown),
            // The function may belong to a base class, or be called by one that the file names.
            (true, false) if self.overview.imports > 0 => {
                let text = format!(
                    "This file does not name {name} itself; what its classes and functions call in turn was not looked at."
                );
                [evidence(Answer::Related, text, None)].into_iter().chain(self.stop(Answer::Unknown)).collect()
            }
            (true, false) => self.named(&named, name.text()),
        }
    }

    pub(super) fn module(&self, module: &Word) -> Vec<Evidence> {
        let is_it = |import: &&ImportFacts| module.fits_module(&import.module) || spelled_module(import, module);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        let mut found = self.named(&named, &format!("the module {module}"));
        found.extend(self.breaks(module));
        found
    }

    pub(super) fn name(&self, module: &Word, name: &Word) -> Vec<Evidence> {
        let is_it = |import: &&ImportFacts| is_in_module(import, module) && is_named(import, name);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        if named.is_empty()
            && let Some(other) = self.overview.import_list.iter().find(|import| is_named(import, name))
        {
            return vec![self.in_another_module(other, module)];
        }
        let mut found = self.named(&named, &format!("{module}.{name}"));
        if module.text() == "__main__" {
            found.extend(self.others_of_main(name));
        }
        found.extend(self.breaks(name));
        found
    }

    /// That the file names something so called, but in another module.
    fn in_another_module(&self, other: &ImportFacts, module: &Word) -> Evidence {
        let text = format!("This file names {}.{}, in another module than {module}.", other.module, other.name);
        let is_in = |package: &str, module: &str| Word::new(package).fits_module(module);
        let is_renamed = |package: &&&str| is_in(package, module.text()) && is_in(package, &other.module);
        match RENAMING.iter().find(is_renamed) {
            Some(package) => {
                let text = format!("{text} A loader that knows old modules of {package} may look there.");
                evidence(Answer::Related, text, Some(other.offset))
            }
            None => evidence(Answer::DoesNot, format!("{text} {ANOTHER}"), Some(other.offset)),
        }
    }

    fn others_of_main(&self, name: &Word) -> Option<Evidence> {
        let listed = self.overview.import_list.iter();
        let others: Vec<&str> = listed
            .filter(|import| import.module == "__main__" && !name.fits(&import.name))
            .map(|import| import.name.as_str())
            .take(NAMES)
            .collect();
        let text = format!("It expects in __main__ as well: {}.", others.join(", "));
        (!others.is_empty()).then(|| evidence(Answer::Related, text, None))
    }

    pub(super) fn any_name(&self, name: &Word) -> Vec<Evidence> {
        let is_it = |import: &&ImportFacts| name.fits_last(&import.name);
        let named: Vec<&ImportFacts> = self.overview.import_list.iter().filter(is_it).collect();
        let mut found = self.named(&named, &format!("anything called {}", name.last()));
        if let Some(package) = named.first().and_then(|import| distribution_of(&import.module)) {
            found.extend(self.version(&self.document.environment(), package));
        }
        found
    }

    /// What the file names, or that it does not.
    fn named(&self, imports: &[&ImportFacts], what: &str) -> Vec<Evidence> {
        let Some(first) = imports.first() else {
            let all = self.overview.imports;
            let text = match all {
                0 => format!("This file does not name {what}: it names nothing at all."),
                _ => format!(
                    "This file does not name {what}; it names {} in all.",
                    preview::plural(all, "other", "others")
                ),
            };
            // Code that is run says so as well; a loader says "Can't get attribute".
            let is_of_code = self.quote().to_ascii_lowercase().starts_with("module '");
            return vec![evidence(if is_of_code { Answer::Unknown } else { Answer::DoesNot }, text, None)];
        };
        let names: Vec<String> =
            imports.iter().take(NAMES).map(|import| format!("{}.{}", import.module, import.name)).collect();
        let more = imports.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let uses: u64 = imports.iter().map(|import| import.uses).sum();
        let text = format!("The file names {}{more} ({}).", names.join(", "), preview::plural(uses, "use", "uses"));
        vec![evidence(Answer::Shows, text, Some(first.offset))]
    }

    /// Whether the file names something so called, in any module. Where not all names are listed, it may.
    pub(super) fn has_name(&self, name: &Word) -> bool {
        let listed = &self.overview.import_list;
        listed.iter().any(|import| name.fits_last(&import.name)) || self.has_more_names()
    }

    /// Whether the file names more than is listed.
    fn has_more_names(&self) -> bool {
        self.overview.imports > self.overview.import_list.len() as u64
    }

    pub(super) fn weights_only(&self, name: &Word) -> Vec<Evidence> {
        // What torch says of an archive without a pickle is not of its pickle.
        if self.overview.pickles == 0 {
            return self.stop(if self.is_format("zip") { Answer::Unknown } else { Answer::DoesNot });
        }
        let forecast = safety::forecast(self.document.reading(), &self.document.lens());
        if !name.is_empty() && !self.has_global(name) {
            let text = format!("This file does not name {name}. {ANOTHER}");
            return vec![evidence(Answer::DoesNot, text, None), evidence(Answer::Related, forecast.sentence(), None)];
        }
        // Older versions take less, and what is no pickle fails before.
        let answer = if forecast.accepts { Answer::Unknown } else { Answer::Shows };
        let mut found = vec![evidence(answer, forecast.sentence(), forecast.stops.first().map(|stop| stop.offset))];
        for stop in forecast.stops.iter().filter(|stop| !stop.name.is_empty()).take(NAMES) {
            found.push(evidence(Answer::Related, format!("{}: {}.", stop.opcode, stop.reason), Some(stop.offset)));
        }
        found
    }

    /// Whether the file names a global by its module and name, as it spells them or as Python 3 would import them.
    fn has_global(&self, full: &Word) -> bool {
        let is_it = |import: &ImportFacts| {
            full.fits(&format!("{}.{}", import.module, import.name))
                || import.raw.as_ref().is_some_and(|raw| full.fits(raw))
        };
        self.overview.import_list.iter().any(is_it) || self.has_more_names()
    }
}

/// Whether an import is in the module that a message names, however the file spells it.
fn is_in_module(import: &ImportFacts, module: &Word) -> bool {
    let is_alias = |[one, other]: &[&str; 2]| {
        module.fits(one) && import.module == *other || module.fits(other) && import.module == *one
    };
    module.fits(&import.module) || spelled_module(import, module) || ALIASES.iter().any(is_alias)
}

/// Whether an import is in a module as the file spells it: `copy_reg`.
fn spelled_module(import: &ImportFacts, module: &Word) -> bool {
    import.raw.as_deref().is_some_and(|raw| raw.match_indices('.').any(|(at, _)| module.fits(&raw[..at])))
}

/// Whether an import is what a message calls so, or in it: `Outer.Inner`.
fn is_named(import: &ImportFacts, name: &Word) -> bool {
    name.fits(&import.name) || import.name.split('.').any(|part| name.fits(part))
}
