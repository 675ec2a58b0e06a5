//! The samples of the empty page. They are part of the program, because nothing is fetched after start.

/// A file to try.
pub(crate) struct Sample {
    /// File name.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) title: &'static str,
    /// What is interesting in it.
    pub(crate) about: &'static str,
    /// Its bytes.
    pub(crate) bytes: &'static [u8],
}

/// All of them.
pub(crate) static SAMPLES: [Sample; 6] = [
    Sample {
        name: "sklearn-bundle.pkl",
        title: "A scikit-learn bundle",
        about: "A fitted pipeline, its feature names and when it was trained",
        bytes: include_bytes!("../../../tests/samples/sklearn-bundle.pkl"),
    },
    Sample {
        name: "dataframe.pkl",
        title: "A pandas DataFrame",
        about: "Columns of several types, blocks and index",
        bytes: include_bytes!("../../../tests/samples/dataframe.pkl"),
    },
    Sample {
        name: "checkpoint.pt",
        title: "A torch checkpoint",
        about: "Weights by layer and the state of the optimiser",
        bytes: include_bytes!("checkpoint.pt"),
    },
    Sample {
        name: "function.pkl",
        title: "A function by value",
        about: "A closure of cloudpickle: its code, constants and variables",
        bytes: include_bytes!("function.pkl"),
    },
    Sample {
        name: "everyday.pkl",
        title: "Everyday Python",
        about: "Dates, sets, dataclasses, shared and cyclic objects",
        bytes: include_bytes!("../../../tests/samples/everyday.pkl"),
    },
    Sample {
        name: "hostile-demo.pkl",
        title: "A hostile pickle",
        about: "A harmless demonstration of a file that would run a command",
        bytes: include_bytes!("../../../tests/samples/hostile-demo.pkl"),
    },
];
