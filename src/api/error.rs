//! Why something that was asked for cannot be given.

use crate::view::card::Format;
use std::error;
use std::fmt;
use std::io;

/// Why something that was asked for cannot be given.
///
/// A damaged or hostile file is no error: reading never fails, it stops, and [`Overview::reading`](crate::Overview) says where.
///
/// ```
/// use picklescope::{Error, Options};
///
/// let opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
/// match opened.value("obj[7]") {
///     Err(Error::NoValue { path, why }) => assert_eq!((path.as_str(), why.as_str()), ("obj[7]", "there is no [7] in obj")),
///     other => panic!("{other:?}"),
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be opened.
    Open {
        /// Its name, as it was given.
        name: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// There is no such member in the file.
    NoMember {
        /// The path that was asked for.
        path: String,
    },
    /// There is no value at a path.
    NoValue {
        /// The path that was asked for.
        path: String,
        /// How far it leads, in words.
        why: String,
    },
    /// The value is no array, or one whose numbers cannot be given.
    NoArray {
        /// The path that was asked for.
        path: String,
        /// Why, in words.
        why: String,
    },
    /// A query is not understood.
    Query {
        /// The query.
        query: String,
        /// Why, in words.
        why: String,
        /// Byte of the query where that shows.
        at: usize,
    },
    /// The value is no table of pandas.
    NoTable {
        /// The path that was asked for.
        path: String,
        /// Why, in words.
        why: String,
    },
    /// Sizes would take more memory than there may be.
    NotMeasured {
        /// How much, in words.
        why: String,
    },
    /// The value does not fit the format, or its bytes are not there.
    Export {
        /// The format.
        format: Format,
        /// Why, in words.
        why: String,
    },
    /// What was asked for cannot be written where it should go.
    Write(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { name, error } => write!(out, "{name}: {error}"),
            Self::NoMember { path } => write!(out, "{path}: no such member"),
            Self::NoValue { why, .. } | Self::NotMeasured { why } => out.write_str(why),
            Self::NoArray { path, why } | Self::NoTable { path, why } => write!(out, "{path}: {why}"),
            Self::Query { query, why, .. } => write!(out, "{query}: {why}"),
            Self::Export { format, why } => write!(out, "cannot be written as {}: {why}", format.word()),
            Self::Write(error) => write!(out, "cannot write: {error}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Open { error, .. } | Self::Write(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}
