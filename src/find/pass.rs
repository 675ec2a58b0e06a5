//! What is common to everything that goes over a document.

use super::compare::Comparison;
use super::query::Query;
use super::roles::{Below, Roles};
use crate::document::Document;
use crate::graph::NodeId;
use crate::lens::Lens;
use crate::view::FoundKind;

/// What a pass sees.
pub(super) struct Pass<'a> {
    pub(super) document: &'a Document,
    pub(super) lens: Lens<'a>,
    pub(super) query: &'a Query,
    pub(super) roles: &'a Roles,
    /// The value below which is searched.
    pub(super) top: Option<NodeId>,
    pub(super) below: Option<&'a Below>,
}

impl<'a> Pass<'a> {
    pub(super) fn is_in_scope(&self, node: NodeId) -> bool {
        self.below.is_none_or(|below| below.has(node))
    }

    pub(super) fn wants(&self, kind: FoundKind) -> bool {
        self.query.kinds.has(kind)
    }

    /// What single numbers are compared by.
    pub(super) fn comparison(&self) -> Option<&'a Comparison> {
        self.query.comparison.as_ref().filter(|_| self.wants(FoundKind::Number))
    }
}
