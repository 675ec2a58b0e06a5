//! Which distribution of the index a module comes from. `build.rs` writes the table, in the order of the modules: the packages that
//! the audit knows (`src/safety/names/data`), with the distributions whose sources were read for it, and `distributions.tsv` for
//! those of which it has no source.

include!(concat!(env!("OUT_DIR"), "/packages.rs"));

/// The distribution that a dotted module comes from, by the name that pip installs, if its package is known.
#[must_use]
pub fn distribution_of(module: &str) -> Option<&'static str> {
    let find = |name: &str| {
        let at = DISTRIBUTIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(DISTRIBUTIONS[at].1)
    };
    let mut dots = module.match_indices('.').map(|(dot, _)| dot);
    let (first, second) = (dots.next().unwrap_or(module.len()), dots.next().unwrap_or(module.len()));
    // Distributions of one namespace share its first component: `zope.interface`.
    find(&module[..first]).or_else(|| find(&module[..second]))
}

#[cfg(test)]
mod tests {
    use super::{DISTRIBUTIONS, distribution_of};

    #[test]
    fn modules_have_their_distributions() {
        let known = [
            ("sklearn.linear_model._logistic", Some("scikit-learn")),
            ("matplotlib.figure", Some("matplotlib")),
            ("cv2", Some("opencv-python")),
            ("PIL.Image", Some("pillow")),
            ("bson.objectid", Some("pymongo")),
            ("zope.interface.declarations", Some("zope.interface")),
            ("zope.elsewhere", None),
            ("zope", None),
            ("huggingface_hub", Some("huggingface-hub")),
            ("collections", None),
            ("build.lib", None),
            ("sklearnx", None),
            ("", None),
        ];
        for (module, distribution) in known {
            assert_eq!(distribution_of(module), distribution, "{module}");
        }
        assert!(DISTRIBUTIONS.is_sorted_by_key(|(module, _)| *module) && DISTRIBUTIONS.len() > 250);
    }
}
