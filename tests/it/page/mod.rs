//! What the page is given, and its protocol.

mod arrange;
mod found;
mod golden;
mod landing;
mod protocol;
mod visible;
