//! Facts of formats that several layers know a value by: each is written down once, here.

pub mod dos;
pub mod joblib;
pub mod numpy;
pub mod packages;
pub mod pickle;
