//! What wrote the document.

use super::Document;
use crate::format::packages::distribution_of;
use crate::lens::{Fingerprint, PackageVersion};
use crate::safety::is_stdlib_module;
use crate::view::{Break, Environment, OwnModule, Package, shown};
use std::collections::HashMap;

/// Modules that are listed, and names of each.
const MODULES: usize = 50;
const NAMES: usize = 20;

impl Document {
    /// The libraries behind the document: their versions as far as it tells, and what would fail to load elsewhere.
    #[must_use]
    pub fn environment(&self) -> Environment {
        let Fingerprint { packages, failures } = self.lens().fingerprint(&self.reading);
        let breaks = failures.into_iter().map(|failure| Break {
            with: failure.with,
            what: failure.what,
            offset: failure.offset,
        });
        shown(Environment {
            pins: packages.iter().map(PackageVersion::pin).collect(),
            packages: packages.into_iter().map(package).collect(),
            breaks: breaks.collect(),
            modules: self.own_modules(),
        })
    }

    fn own_modules(&self) -> Vec<OwnModule> {
        let mut modules: Vec<OwnModule> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for symbol in self.reading.graph.symbols.iter() {
            let module = symbol.module.as_str();
            if is_stdlib_module(module) || distribution_of(module).is_some() {
                continue;
            }
            let place = *places.entry(module).or_insert(modules.len());
            if place == MODULES {
                break;
            }
            if place == modules.len() {
                modules.push(OwnModule {
                    module: module.to_owned(),
                    names: Vec::new(),
                    count: 0,
                    offset: symbol.offset,
                });
            }
            modules[place].count += 1;
            if modules[place].names.len() < NAMES {
                modules[place].names.push(symbol.name.clone());
            }
        }
        modules
    }
}

fn package(found: PackageVersion) -> Package {
    Package {
        name: found.name.to_owned(),
        version: found.version(),
        is_stated: !found.stated.is_empty(),
        evidence: found.evidence,
        offset: found.offset,
    }
}
