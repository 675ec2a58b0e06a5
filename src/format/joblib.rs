//! The classes that joblib writes in the place of an array.
//!
//! Sources: `joblib/numpy_pickle.py` (`NumpyArrayWrapper`), `joblib/numpy_pickle_compat.py` (`NDArrayWrapper`, `ZNDArrayWrapper`).

/// Name of the class whose instances are followed by the bytes of an array.
pub const INLINE: &str = "NumpyArrayWrapper";

/// Where the array is that a wrapper stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrapper {
    /// In the stream, behind the BUILD of the wrapper (since 0.10).
    Inline,
    /// In a `.npy` file beside (before 0.10).
    SideFile,
    /// In a file beside that has the numbers alone (compressed, before 0.10).
    BareSideFile,
}

impl Wrapper {
    /// The wrapper that a class is, by its module and name.
    #[must_use]
    pub fn of(module: &str, name: &str) -> Option<Self> {
        let found = match name {
            INLINE => Self::Inline,
            "NDArrayWrapper" => Self::SideFile,
            "ZNDArrayWrapper" => Self::BareSideFile,
            _ => return None,
        };
        match without_package(module) {
            "joblib.numpy_pickle" => Some(found),
            // What joblib keeps to read its older files.
            "joblib.numpy_pickle_compat" if found != Self::Inline => Some(found),
            _ => None,
        }
    }

    /// The same by one path, wherever it is parted into module and name.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (module, name) = path.rsplit_once('.')?;
        Self::of(module, name)
    }
}

/// Whether a module is the one of the wrappers: naming it is the mark of a file that joblib wrote.
#[must_use]
pub fn is_wrappers_module(module: &str) -> bool {
    module.ends_with("joblib.numpy_pickle")
}

/// scikit-learn before 0.23 had a joblib of its own.
fn without_package(module: &str) -> &str {
    module.strip_prefix("sklearn.externals.").unwrap_or(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_those_of_joblib() {
        assert_eq!(Wrapper::of("joblib.numpy_pickle", "NumpyArrayWrapper"), Some(Wrapper::Inline));
        assert_eq!(Wrapper::of("joblib.numpy_pickle_compat", "ZNDArrayWrapper"), Some(Wrapper::BareSideFile));
        assert_eq!(Wrapper::of("joblib.numpy_pickle_compat", "NumpyArrayWrapper"), None);
        assert_eq!(Wrapper::of("mine", "NDArrayWrapper"), None);
        let nested = "sklearn.externals.joblib.numpy_pickle.NDArrayWrapper";
        assert_eq!(Wrapper::of_path(nested), Some(Wrapper::SideFile));
        assert_eq!(Wrapper::of_path("x.joblib.numpy_pickle.NDArrayWrapper"), None);
    }
}
