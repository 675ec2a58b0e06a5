//! The program `picklescope`, started as users start it.

mod commands;
mod inert;
mod scan;
mod size;
