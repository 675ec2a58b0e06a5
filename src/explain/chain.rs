//! What a traceback tells of where it happened.

/// Parts of paths, and what went through there.
const PLACES: [(&str, &str); 14] = [
    ("pandas/io/pickle.py", "pd.read_pickle"),
    ("joblib/numpy_pickle.py", "joblib.load"),
    ("torch/serialization.py", "torch.load or torch.save"),
    ("torch/_weights_only_unpickler.py", "torch's restricted loader"),
    ("numpy/lib/npyio.py", "numpy.load"),
    ("numpy/lib/_npyio_impl.py", "numpy.load"),
    ("dill/_dill.py", "dill"),
    ("cloudpickle/cloudpickle.py", "cloudpickle"),
    ("multiprocessing/", "multiprocessing"),
    ("joblib/externals/loky/", "joblib's worker processes"),
    ("mlflow/", "MLflow"),
    ("streamlit/", "Streamlit"),
    ("gunicorn/", "gunicorn"),
    ("uvicorn/", "uvicorn"),
];

/// The version of Python and the libraries on the way, as far as paths in the text say.
pub(super) fn places(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(version) = python_version(text) {
        found.push(format!("Python {version}"));
    }
    let is_windows = text.contains(":\\");
    for (part, name) in PLACES {
        let part = if is_windows { part.replace('/', "\\") } else { part.to_owned() };
        if text.contains(&part) && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The last version in a path like `lib/python3.8/` or `Python38\`.
fn python_version(text: &str) -> Option<String> {
    let (at, word) = text.rmatch_indices("python").chain(text.rmatch_indices("Python")).find(|(at, word)| {
        let is_path = text[..*at].ends_with(['/', '\\']);
        is_path && text[at + word.len()..].starts_with(['2', '3'])
    })?;
    let rest = &text[at + word.len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let digits = rest[..end].trim_end_matches('.');
    match digits.split('.').collect::<Vec<_>>()[..] {
        [major, minor, ..] => Some(format!("{major}.{minor}")),
        [digits] if digits.len() > 1 => Some(format!("{}.{}", &digits[..1], &digits[1..])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn paths_tell_the_version_and_the_way() {
        let text = "  File \"/usr/lib/python3.8/site-packages/joblib/numpy_pickle.py\", line 1";
        assert_eq!(places(text), ["Python 3.8", "joblib.load"]);
        assert_eq!(places("C:\\Users\\a\\Python\\Python311\\lib\\pickle.py"), ["Python 3.11"]);
        assert!(places("python3 is here").is_empty());
    }
}
