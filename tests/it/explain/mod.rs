//! What error messages mean.

mod files;
mod messages;
mod stubs;
