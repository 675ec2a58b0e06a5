//! The native command line: a thin face over the same facade as the page.
#![allow(clippy::print_stderr, reason = "a command line speaks")]

#[cfg(not(target_arch = "wasm32"))]
mod arguments;
#[cfg(not(target_arch = "wasm32"))]
mod commands;
#[cfg(not(target_arch = "wasm32"))]
mod contents;
#[cfg(not(target_arch = "wasm32"))]
mod export;
#[cfg(not(target_arch = "wasm32"))]
mod facts;
#[cfg(not(target_arch = "wasm32"))]
mod input;
#[cfg(not(target_arch = "wasm32"))]
mod sarif;
#[cfg(not(target_arch = "wasm32"))]
mod scan;
#[cfg(not(target_arch = "wasm32"))]
mod scan_text;
#[cfg(not(target_arch = "wasm32"))]
mod tree;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    match arguments::command().try_get_matches() {
        Ok(matches) => commands::run(&matches),
        Err(error) => {
            // clap's own exit code for a wrong command line is 2, which here says that a file was read in part; 1 says of a scan that
            // something was found.
            let _ = error.print();
            let is_scan = std::env::args_os().nth(1).is_some_and(|word| word == "scan");
            let wrong = if is_scan { scan::WRONG_WORDS } else { 1 };
            std::process::ExitCode::from(if error.use_stderr() { wrong } else { 0 })
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
