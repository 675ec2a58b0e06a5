//! Picklescope reads Python pickles and shows everything in them. Nothing is ever executed, imported or resolved.
//!
//! The modules are layers, in the order in which data flows; each may use only those above it. Most programs need
//! [`document::Document`] alone:
//!
//! ```
//! use picklescope::bytes::{Limits, MemorySource};
//! use picklescope::document::Document;
//!
//! let source = MemorySource::new(b"\x80\x04]\x94(K\x01K\x02e.".to_vec());
//! let document = Document::open("two.pkl".into(), Box::new(source), Limits::default(), &mut |_, _| {});
//! let rows = document.rows(0, 10);
//! assert_eq!(rows[0].label, "pickle 1");
//! assert_eq!(rows[0].type_name, "list");
//! assert_eq!(document.overview().verdict.word, "Data only");
//! ```

pub mod bytes;
pub mod format;
pub mod container;
pub mod opcode;
pub mod graph;
pub mod machine;
pub mod lens;
pub mod safety;
pub mod export;
pub mod view;
pub mod document;
pub mod size;
pub mod bundle;
pub mod protocol;
pub mod web;
