//! Opening what a value holds.

use super::member::{Member, Origin};
use super::{Bundle, OnProgress};
use crate::graph::NodeId;

impl Bundle {
    /// Shows the pickle, array or archive in a value of the document on show.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub fn show_value(&mut self, node: u32, progress: OnProgress<'_>) -> Result<(), String> {
        let source = self.document.embedded_source(node)?;
        let parent = self.shown;
        let name = self.document.place_of(NodeId(node));
        let made = self.add(Member::new(name, parent, Origin::Value).with_source(source));
        self.at_mut(parent).children.get_or_insert_default().push(made);
        let inside = self.main_below(made, progress);
        self.show(inside, progress);
        Ok(())
    }
}
