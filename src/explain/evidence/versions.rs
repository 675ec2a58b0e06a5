//! The versions that wrote a file, and those with which it fails.

use super::refusal::alike;
use super::{ANOTHER, Look, VERSIONS, evidence, without_exception};
use crate::explain::word::Word;
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::format::packages::distribution_of;
use crate::lens::IsAscii;
use crate::view::{Break, Environment};

/// What makes functions and code objects.
const MAKERS: [&str; 10] = [
    "CodeType",
    "code",
    "FunctionType",
    "_create_code",
    "_create_function",
    "_make_function",
    "_fill_function",
    "_builtin_type",
    "_unmarshal",
    "loads",
];

impl Look<'_> {
    /// Failures that the file's names foretell, as far as they have to do with a name.
    pub(super) fn breaks(&self, name: &Word) -> Vec<Evidence> {
        if name.is_cut() {
            return Vec::new();
        }
        let environment = self.document.environment();
        let quoted = |what: &str| what.contains(&format!("'{name}'")) || what.contains(&format!("'{name}."));
        self.failures(&environment, |failure| quoted(&failure.what))
    }

    /// Failures of other versions. One that raises the very message is all that matters.
    fn failures(&self, environment: &Environment, is_asked: impl Fn(&Break) -> bool) -> Vec<Evidence> {
        let said = |answer| {
            move |failure: &Break| {
                evidence(answer, format!("Does not load with {}: {}.", failure.with, failure.what), failure.offset)
            }
        };
        let asked = || environment.breaks.iter().filter(|failure| is_asked(failure));
        let is_it = |failure: &&Break| alike(without_exception(&failure.what), without_exception(self.quote()));
        let same: Vec<Evidence> = asked().filter(is_it).take(VERSIONS).map(said(Answer::Shows)).collect();
        if same.is_empty() { asked().take(VERSIONS).map(said(Answer::Related)).collect() } else { same }
    }

    /// Whether it is seen in the file that a package raises the message: `by` is names one of which the file has, or versions.
    pub(super) fn package(&self, package: &str, by: &str) -> Vec<Evidence> {
        let environment = self.document.environment();
        let Some(version) = self.version(&environment, package) else {
            return vec![evidence(Answer::DoesNot, format!("This file names nothing of {package}. {ANOTHER}"), None)];
        };
        let failures = self.failures(&environment, |failure| failure.with.starts_with(package));
        if failures.iter().any(|one| one.answer == Answer::Shows) {
            return failures.into_iter().chain([version]).collect();
        }
        let written = environment.packages.iter().find(|found| found.name == package);
        let found = match (words::global(self.quote()), by) {
            (Some((Some(module), name)), _) => self.name(&module, &name),
            (Some((None, name)), _) => self.any_name(&name),
            (None, "") => {
                let text = "The file holds what the message is about; whether it is the cause is not to be seen in it.";
                vec![evidence(Answer::Unknown, text, None)]
            }
            (None, by) if by.starts_with(['<', '>']) => {
                vec![written_with(by, package, written.map_or("", |found| &found.version))]
            }
            (None, by) => self.one_of(by),
        };
        let shows = found.iter().any(|one| one.answer == Answer::Shows);
        found.into_iter().chain([version]).chain(failures.into_iter().filter(|_| shows || by.is_empty())).collect()
    }

    /// Names one of which the file has: `A|B`.
    fn one_of(&self, names: &str) -> Vec<Evidence> {
        let seen = names.split('|').map(Word::new).find(|name| self.has_name(name));
        match seen {
            Some(name) => self.any_name(&name).into_iter().take(1).collect(),
            None => {
                let text = format!("This file does not name {}. {ANOTHER}", names.replace('|', " or "));
                vec![evidence(Answer::DoesNot, text, None)]
            }
        }
    }

    /// What scikit-learn's messages say themselves: the class, and the version that wrote the file. `by` is that version, or names.
    pub(super) fn estimator(&self, by: &str, fill: &dyn Fn(&str) -> String) -> Vec<Evidence> {
        const PACKAGE: &str = "scikit-learn";
        let hole = |name: &str| Some(fill(name)).filter(|value| value != name).map(|value| Word::new(&value));
        let mut differs = Vec::new();
        if let Some(class) = hole("{class}").filter(|class| !self.has_name(class)) {
            differs.push(format!("names no {class}"));
        }
        let environment = self.document.environment();
        let stated = environment.packages.iter().find(|found| found.name == PACKAGE && found.is_stated);
        let wrote = hole("{wrote}");
        if let (Some(wrote), Some(stated)) = (&wrote, stated)
            && !words::is_same_version(wrote, &stated.version)
        {
            differs.push(format!("was written with {PACKAGE} {}, not {wrote}", stated.version));
        }
        if !differs.is_empty() {
            let text = format!("This file {}. {ANOTHER}", differs.join(" and "));
            return vec![evidence(Answer::DoesNot, text, stated.and_then(|stated| stated.offset))];
        }
        if let (Some(_), Some(stated)) = (&wrote, stated) {
            let text = format!("The file says that {PACKAGE} {} wrote it.", stated.version);
            let said = evidence(Answer::Shows, text, stated.offset);
            return [said]
                .into_iter()
                .chain(self.failures(&environment, |one| one.with.starts_with(PACKAGE)))
                .collect();
        }
        if by == "features"
            && let Some(wanted) = hole("{features}")
        {
            return self.fitted_on(&wanted);
        }
        if by == "lacks" {
            let failures = self.failures(&environment, |failure| failure.with.starts_with(PACKAGE));
            return if failures.iter().any(|one| one.answer == Answer::Shows) { failures } else { self.lacks(false) };
        }
        self.package(PACKAGE, if wrote.is_some() || by == "features" { "" } else { by })
    }

    pub(super) fn version(&self, environment: &Environment, package: &str) -> Option<Evidence> {
        let found = environment.packages.iter().find(|found| found.name == package)?;
        let text = match (found.version.is_empty(), found.is_stated) {
            (true, _) => format!("The file names things of {package}; which version wrote it is not to be seen."),
            (false, true) => format!("The file says that {package} {} wrote it.", found.version),
            (false, false) => format!("Its names are those of {package} {}.", found.version),
        };
        Some(evidence(Answer::Related, text, found.offset))
    }

    /// The version of the package that a class is of.
    pub(super) fn version_of(&self, class: &Word) -> Option<Evidence> {
        let import = self.overview.import_list.iter().find(|import| class.fits_last(&import.name))?;
        self.version(&self.document.environment(), distribution_of(&import.module)?)
    }

    pub(super) fn python2(&self) -> Vec<Evidence> {
        let lens = self.document.lens();
        let Some(texts) = lens.python2_texts() else {
            let text = "There is no str of Python 2 in this file.".to_owned();
            return vec![evidence(Answer::DoesNot, text, None)];
        };
        let (answer, text, node) = match texts.ascii {
            IsAscii::Yes => (
                Answer::DoesNot,
                "The str of Python 2 in this file are ASCII: Python 3 reads them as they are.",
                texts.first,
            ),
            IsAscii::No(node) => (
                Answer::Shows,
                "The file holds str of Python 2 that are not ASCII: it needs an encoding to load in Python 3.",
                node,
            ),
            IsAscii::Unknown => (
                Answer::Related,
                "The file holds str of Python 2: where one is not ASCII, Python 3 needs an encoding to load it.",
                texts.first,
            ),
        };
        vec![evidence(answer, text, Some(lens.graph.offset(node)))]
    }

    pub(super) fn code(&self) -> Vec<Evidence> {
        let environment = self.document.environment();
        let is_code = |what: &str| what.contains("code()");
        let breaks = environment.breaks.iter().filter(|failure| is_code(&failure.what)).take(VERSIONS);
        let mut found: Vec<Evidence> = breaks
            .map(|failure| {
                evidence(
                    Answer::Shows,
                    format!("It holds code objects that do not load with {}.", failure.with),
                    failure.offset,
                )
            })
            .collect();
        if found.is_empty() {
            let text = format!("No code object was found in this file. {ANOTHER}");
            let maker = MAKERS.iter().map(|name| Word::new(name)).find(|name| self.has_name(name));
            found.push(match maker {
                Some(name) => {
                    let text = format!(
                        "The file names {name}, by which functions are made; of which Python is not to be seen."
                    );
                    evidence(Answer::Unknown, text, None)
                }
                None if self.is_whole_pickle() => evidence(Answer::DoesNot, text, None),
                None => evidence(Answer::Unknown, self.overview.reading.clone(), None),
            });
        }
        found.extend(self.version(&environment, "Python"));
        found
    }
}

/// What the versions that wrote a file say to those of a message: `>=3.0`, `<1.0`.
fn written_with(asked: &str, package: &str, written: &str) -> Evidence {
    let number = |text: &str| -> Vec<u32> {
        let digits = text.trim_matches(|c: char| !c.is_ascii_digit());
        digits.split('.').map_while(|part| part.parse().ok()).collect()
    };
    let parts = || written.split(", ").filter(|part| !part.is_empty());
    let at_least = parts().find(|part| !part.starts_with('<')).map(number);
    let below = parts().find(|part| part.starts_with('<')).map(number);
    let limit = number(asked);
    // Of a stated version both ends are the same.
    let is_since = at_least.as_ref().is_some_and(|from| *from >= limit);
    let is_before = below.as_ref().is_some_and(|to| *to <= limit);
    let is_stated = parts().count() == 1 && !written.starts_with(['<', '>']);
    let (is_since, is_before) = if is_stated { (is_since, !is_since) } else { (is_since, is_before) };
    let (fits, differs) = if asked.starts_with('<') { (is_before, is_since) } else { (is_since, is_before) };
    match (fits, differs) {
        // Both: what the file names is of several versions.
        (true, _) => evidence(Answer::Shows, format!("It was written with {package} {written}."), None),
        (false, true) => evidence(Answer::DoesNot, format!("It was written with {package} {written}. {ANOTHER}"), None),
        (false, false) => {
            let text = format!("Which version of {package} wrote the file is not to be seen closely enough.");
            evidence(Answer::Unknown, text, None)
        }
    }
}
