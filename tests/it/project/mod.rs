//! What holds for the sources themselves.

mod fuzz_regressions;
mod layering;
mod surface;
