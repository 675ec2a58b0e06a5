//! What an archive is by the names in it.
//!
//! Sources: `torch/serialization.py` (`data.pkl`; `pickle`, `storages` and `tensors` in the tar of torch 0.1),
//! `caffe2/serialize/inline_container.h` (`version`, `byteorder`), `torch/csrc/jit/serialization` (`constants.pkl`, `code/`),
//! `torch/export/__init__.py` (`save`), `torch/package/package_exporter.py`, `skops/io`, `keras/src/saving/saving_lib.py`, `numpy/lib/_npyio_impl.py`.

/// How a name must match.
enum Sign {
    /// The whole name.
    Whole(&'static str),
    /// The name below one folder of any name.
    Below(&'static str),
    /// A folder below one folder of any name.
    FolderBelow(&'static str),
}

use Sign::{Below, FolderBelow, Whole};

/// The first row whose signs are all there decides.
const FLAVOURS: &[(&str, &[Sign])] = &[
    ("TorchScript", &[Below("constants.pkl"), Below("data.pkl")]),
    ("torch export", &[Below("archive_format"), FolderBelow("models")]),
    ("torch export", &[Whole("serialized_exported_program.json")]),
    ("torch package", &[Below(".data/extern_modules")]),
    ("torch", &[Below("data.pkl")]),
    ("torch 0.1", &[Whole("storages"), Whole("tensors"), Whole("pickle")]),
    ("skops", &[Whole("schema.json")]),
    ("keras", &[Whole("metadata.json"), Whole("config.json")]),
    ("Office document", &[Whole("[Content_Types].xml")]),
    ("Java archive", &[Whole("META-INF/MANIFEST.MF")]),
];

/// What an archive is by the names in it: `torch`, `npz`; `None` for any other.
#[must_use]
pub fn flavour<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<&'static str> {
    let has = |sign: &Sign| {
        names.clone().any(|name| match *sign {
            Whole(whole) => name == whole,
            Below(below) => name.split_once('/').is_some_and(|(_, rest)| rest == below),
            FolderBelow(folder) => name
                .split_once('/')
                .is_some_and(|(_, rest)| rest.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))),
        })
    };
    let found = FLAVOURS.iter().find(|(_, signs)| signs.iter().all(has)).map(|(name, _)| *name);
    let is_array = |name: &str| name.ends_with(".npy");
    found.or_else(|| (names.clone().next().is_some() && names.clone().all(is_array)).then_some("npz"))
}

#[cfg(test)]
mod tests {
    use super::flavour;

    fn of(names: &[&str]) -> Option<&'static str> {
        flavour(names.iter().copied())
    }

    #[test]
    fn archives_are_told_by_their_names() {
        assert_eq!(of(&["archive/data.pkl", "archive/data/0", "archive/version"]), Some("torch"));
        assert_eq!(of(&["resnet/data.pkl", "resnet/version"]), Some("torch"));
        assert_eq!(of(&["m/data.pkl", "m/code/__torch__.py", "m/constants.pkl"]), Some("TorchScript"));
        assert_eq!(of(&["a.npy", "b/c.npy"]), Some("npz"));
        assert_eq!(of(&["m/archive_format", "m/models/m.json", "m/data/weights/weight_0"]), Some("torch export"));
        assert_eq!(of(&["serialized_exported_program.json", "version"]), Some("torch export"));
        assert_eq!(of(&["sys_info", "pickle", "storages", "tensors"]), Some("torch 0.1"));
        assert_eq!(of(&["p/.data/extern_modules", "p/.data/0.storage", "p/m/m.pkl"]), Some("torch package"));
        assert_eq!(of(&["schema.json", "1.npy"]), Some("skops"));
        assert_eq!(of(&["data.pkl"]), None);
        assert_eq!(of(&[]), None);
    }
}
