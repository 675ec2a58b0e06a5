//! `fix_imports`: the names that Python 2 gave to what a Python 3 loader imports (protocols below 3).

use super::fix_imports_table::{MODULES, NAMES};

/// Module and name as `pickle.load(fix_imports=True)` looks them up.
#[must_use]
pub fn map<'a>(module: &'a str, name: &'a str) -> (&'a str, &'a str) {
    if let Ok(found) = NAMES.binary_search_by(|(old, _)| old.cmp(&(module, name))) {
        return NAMES[found].1;
    }
    match MODULES.binary_search_by(|(old, _)| old.cmp(&module)) {
        Ok(found) => (MODULES[found].1, name),
        Err(_) => (module, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_win_over_modules_and_unknown_names_stay() {
        assert_eq!(map("__builtin__", "reduce"), ("functools", "reduce"));
        assert_eq!(map("__builtin__", "set"), ("builtins", "set"));
        assert_eq!(map("copy_reg", "_reconstructor"), ("copyreg", "_reconstructor"));
        assert_eq!(map("exceptions", "KeyError"), ("builtins", "KeyError"));
        assert_eq!(map("numpy", "ndarray"), ("numpy", "ndarray"));
    }

    #[test]
    fn tables_are_sorted() {
        assert!(MODULES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
