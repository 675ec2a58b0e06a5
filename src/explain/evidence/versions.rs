//! The versions that wrote a file, and those with which it fails.

use super::{ANOTHER, Look, VERSIONS, alike, evidence, without_exception};
use crate::explain::word::Word;
use crate::explain::words;
use crate::explain::{Answer, Evidence};
use crate::graph::{Node, NodeId};
use crate::view::{Break, Environment};

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

    pub(super) fn package(&self, package: &str) -> Vec<Evidence> {
        let environment = self.document.environment();
        let Some(version) = self.version(&environment, package) else {
            return vec![evidence(Answer::DoesNot, format!("This file names nothing of {package}. {ANOTHER}"), None)];
        };
        let failures = self.failures(&environment, |failure| failure.with.starts_with(package));
        if failures.iter().any(|one| one.answer == Answer::Shows) {
            let related = Evidence { answer: Answer::Related, ..version };
            return failures.into_iter().chain([related]).collect();
        }
        if let Some((module, name)) = words::global(self.quote()) {
            let named = match &module {
                Some(module) => self.name(module, &name),
                None => self.any_name(&name),
            };
            let is_named = named.iter().any(|one| one.answer == Answer::Shows);
            let related = Evidence { answer: Answer::Related, ..version };
            return match is_named {
                true => named.into_iter().chain([related]).chain(failures).collect(),
                false => named.into_iter().chain([related]).collect(),
            };
        }
        [version].into_iter().chain(failures).collect()
    }

    /// What scikit-learn's messages say themselves: the class, and the version that wrote the file.
    pub(super) fn estimator(&self, fill: &dyn Fn(&str) -> String) -> Vec<Evidence> {
        const PACKAGE: &str = "scikit-learn";
        let hole = |name: &str| Some(fill(name)).filter(|value| value != name).map(|value| Word::new(&value));
        let mut differs = Vec::new();
        if let Some(class) = hole("{class}").filter(|class| !self.has_name(class)) {
            differs.push(format!("names no {class}"));
        }
        let environment = self.document.environment();
        let stated = environment.packages.iter().find(|found| found.name == PACKAGE && found.is_stated);
        if let (Some(wrote), Some(stated)) = (hole("{wrote}"), stated)
            && !words::is_same_version(&wrote, &stated.version)
        {
            differs.push(format!("was written with {PACKAGE} {}, not {wrote}", stated.version));
        }
        if differs.is_empty() {
            return self.package(PACKAGE);
        }
        let text = format!("This file {}. {ANOTHER}", differs.join(" and "));
        vec![evidence(Answer::DoesNot, text, stated.and_then(|stated| stated.offset))]
    }

    pub(super) fn version(&self, environment: &Environment, package: &str) -> Option<Evidence> {
        let found = environment.packages.iter().find(|found| found.name == package)?;
        let text = match (found.version.is_empty(), found.is_stated) {
            (true, _) => format!("The file names things of {package}; which version wrote it is not to be seen."),
            (false, true) => format!("The file says that {package} {} wrote it.", found.version),
            (false, false) => format!("Its names are those of {package} {}.", found.version),
        };
        Some(evidence(Answer::Shows, text, found.offset))
    }

    pub(super) fn python2(&self) -> Vec<Evidence> {
        let graph = &self.document.reading().graph;
        if !self.overview.has_python2_str {
            let text = "There is no str of Python 2 in this file.".to_owned();
            return vec![evidence(Answer::DoesNot, text, None)];
        }
        let is_it = |id: &NodeId| matches!(graph.node(*id), Node::Text { encoding, .. } if encoding.is_python2());
        let first = (0..graph.len() as u32).map(NodeId).find(is_it);
        let offset = first.map(|id| graph.offset(id));
        vec![evidence(
            Answer::Shows,
            "The file holds str of Python 2: it needs an encoding to load in Python 3.",
            offset,
        )]
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
            let text = "No code object was found in this file.".to_owned();
            found.push(evidence(Answer::DoesNot, text, None));
        }
        found.extend(self.version(&environment, "Python"));
        found
    }
}
