//! Where something is in what was opened.

use super::error::Error;
use super::opened::Opened;
use crate::bundle::BundleSearch;
use crate::find::{self, Query};
use crate::view::{FoundCount, FoundRow};
use serde::Serialize;

/// Bytes that a step goes over.
const STEP: u64 = 8 << 20;

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// The hits, in the order in which the members are gone over.
    pub hits: Vec<FoundRow>,
    /// How many of each kind there are, and how many of them are among the hits.
    pub counts: Vec<FoundCount>,
    /// Why some of it could not be searched, a sentence each.
    pub unread: Vec<String>,
    /// What else is to be said, a sentence each.
    pub remarks: Vec<String>,
}

impl Opened {
    /// Searches in everything that was opened. The query is written as `picklescope find` and the page take it (docs/find.md): text, a
    /// number, a comparison, `/expression/`, `b'bytes'`, a path. At most `most` hits of each kind are kept.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let mut opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// let found = opened.find("> 1", 10)?;
    /// assert_eq!(found.hits[0].path, "obj[1]");
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Query`] when the query is not understood.
    pub fn find(&mut self, query: &str, most: u64) -> Result<Found, Error> {
        let query = Query::parse(query, &find::Options::default()).map_err(|error| Error::Query {
            query: query.to_owned(),
            why: error.message,
            at: error.at.start,
        })?;
        let bundle = self.bundle_mut();
        let mut search = BundleSearch::new(bundle, query, None, None, most);
        let mut hits = Vec::new();
        loop {
            let step = search.step(bundle, STEP, &mut |_| {});
            hits.extend(step.hits);
            if step.finished {
                break;
            }
        }
        let shown = bundle.document().overview();
        let cut = (!shown.complete).then(|| format!("{}: {}", shown.name, shown.reading));
        let unread = cut.into_iter().chain(search.unread().iter().cloned()).collect();
        Ok(Found { hits, counts: search.counts(), unread, remarks: search.remarks().to_vec() })
    }
}
