//! A requirements file.

use super::expected::{Expected, Origin, expected};
use super::source::comment;
use crate::document::Document;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Pieces of evidence for one package.
const EVIDENCE: usize = 2;

/// Lines for pip: the packages that the file names, with the versions that it tells.
#[must_use]
pub fn requirements(document: &Document) -> String {
    let environment = document.environment();
    let (names, _) = expected(document);
    let mut out = format!("# For {}, written by picklescope stubs.\n", comment(&document.overview().name));
    for (package, pin) in environment.packages.iter().zip(&environment.pins) {
        for evidence in package.evidence.iter().take(EVIDENCE) {
            let _ = writeln!(out, "# {}: {}", comment(&package.name), comment(evidence));
        }
        let _ = writeln!(out, "{}", comment(pin));
    }
    let named = |one: &Expected| match one.origin {
        Origin::Package(package) => Some(package),
        _ => None,
    };
    let packages: BTreeSet<&str> = names.iter().filter_map(named).collect();
    for package in
        packages.into_iter().filter(|package| !environment.packages.iter().any(|known| known.name == *package))
    {
        let _ = writeln!(out, "{package}");
    }
    let own = names.iter().filter(|one| one.origin == Origin::Own);
    let own: BTreeSet<&str> = own.filter_map(|one| one.module.split('.').next()).collect();
    for module in own {
        let _ = writeln!(
            out,
            "# {}: on no list here; the project's own code, or a package of this or another name",
            comment(module)
        );
    }
    if names.iter().any(|one| one.origin == Origin::Main) {
        out.push_str("# __main__: names of the script itself; picklescope stubs --classes writes stand-ins\n");
    }
    out
}
