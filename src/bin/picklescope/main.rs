//! The native command line: a thin face over the same facade as the page.
#![allow(clippy::print_stderr, reason = "a command line speaks")]

#[cfg(not(target_arch = "wasm32"))]
mod arguments;
#[cfg(not(target_arch = "wasm32"))]
mod commands;
#[cfg(not(target_arch = "wasm32"))]
mod contents;
#[cfg(not(target_arch = "wasm32"))]
mod facts;
#[cfg(not(target_arch = "wasm32"))]
mod input;
#[cfg(not(target_arch = "wasm32"))]
mod tree;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    match arguments::command().try_get_matches() {
        Ok(matches) => commands::run(&matches),
        Err(error) => {
            // clap's own exit code for a wrong command line is 2, which here says that a file was read in part.
            let _ = error.print();
            std::process::ExitCode::from(u8::from(error.use_stderr()))
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
