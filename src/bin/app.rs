//! The page's program.

#[cfg(target_arch = "wasm32")]
fn main() {
    picklescope::web::app::run();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This program runs in a browser: build it with `make dist` or `make serve`.");
}
