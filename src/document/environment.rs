//! What wrote the document.

use super::Document;
use crate::lens::{Fingerprint, PackageVersion};
use crate::view::{Break, Environment, Package, shown};

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
        })
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
