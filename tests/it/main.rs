//! The native tests, one program: each topic is a folder. `cargo test --test it container::zip` runs one file's.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "../differential/ascii.rs"]
mod ascii;
#[path = "../support/mod.rs"]
mod support;

mod bytes;
mod command_line;
mod container;
mod explain;
mod export;
mod find;
mod lens;
mod machine;
mod opcode;
mod page;
mod project;
mod readers;
mod safety;
mod trace;
mod size;
