//! The program `picklescope`, started as users start it.

mod bytes;
mod cache;
mod commands;
mod explain;
mod find;
mod inert;
mod lines;
mod questions;
mod scan;
mod size;
mod view;
