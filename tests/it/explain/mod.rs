//! What error messages mean.

mod files;
mod messages;
