//! What error messages mean.

mod cut;
mod files;
mod messages;
mod parts;
mod stubs;
