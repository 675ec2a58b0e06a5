//! Time travel: stack and memo at any instruction.

mod differential;
mod steps;
