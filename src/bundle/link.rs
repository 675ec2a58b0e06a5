//! What was opened, inside an address.

use super::Bundle;
use crate::export::link;

impl Bundle {
    /// The file that was opened as a part of an address.
    ///
    /// # Errors
    /// Why there is no such link, for people.
    pub fn packed_for_link(&mut self) -> Result<String, String> {
        let [file] = self.roots[..] else {
            return Err("A link holds one file, and several are open.".to_owned());
        };
        let name = self.path(file);
        let source = self.bytes(file, &mut |_| {})?;
        link::pack(&name, &*source)
    }
}
