//! What the page is given, and its protocol.

mod arrange;
mod bars;
mod column_names;
mod components;
mod found;
mod golden;
mod landing;
mod members;
mod protocol;
mod visible;
