//! What the page is given, and its protocol.

mod golden;
mod protocol;
mod visible;
