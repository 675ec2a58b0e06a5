//! The names of features behind the steps of pipelines, against scikit-learn's `get_feature_names_out`.

use crate::support::assemble::root;
use crate::support::{fixture, open};

#[test]
fn columns_of_transformers_are_called_as_scikit_learn_calls_them() {
    // What scikit-learn 1.9.1 gives for its own file; the other versions wrote the same columns.
    let truth = [
        "number__sepal_length",
        "number__sepal_width",
        "number__petal_length",
        "colour__colour_blue",
        "colour__colour_green",
        "colour__colour_red",
        "colour__size_M",
        "colour__size_S",
    ];
    for version in ["1.2", "1.4", "1.9"] {
        let document = open(&fixture(&format!("models/sklearn-{version}/columns.p4.pkl")));
        let estimator = document.lens().estimator(root(&document)).unwrap();
        assert_eq!(estimator.names_after(None).unwrap(), truth, "{version}");
        // Of one that is not fitted nothing is known.
        let document = open(&fixture(&format!("models/sklearn-{version}/columns-unfitted.p4.pkl")));
        let estimator = document.lens().estimator(root(&document)).unwrap();
        assert_eq!(estimator.names_after(None), None, "{version}");
    }
}
