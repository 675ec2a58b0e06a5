//! The page and its worker: the only layer that knows a browser.
//!
//! `boot.js` fetches both programs and forbids every connection. The page (`app`) draws what `state` says, asks the worker
//! through `client` and draws long lists through `virtual_list`; the worker (`host`) owns the document.
//!
//! What needs no browser (`address`, `axis`, `byte_range`, `finding`, `format`, `menu`, `scroll`, `settings`, `size_lines`, `state`, `tour`,
//! `tree_width`) is compiled and tested on the host too.

pub mod address;
pub mod axis;
pub mod byte_range;
pub mod finding;
pub mod format;
pub mod list_keys;
pub mod menu;
pub mod scroll;
pub mod settings;
pub mod size_lines;
pub mod state;
pub mod tour;
pub mod tree_width;

#[cfg(target_arch = "wasm32")]
mod actions;
#[cfg(target_arch = "wasm32")]
mod addressing;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
mod cells;
#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
pub mod components;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod download;
#[cfg(target_arch = "wasm32")]
mod events;
#[cfg(target_arch = "wasm32")]
mod file;
#[cfg(target_arch = "wasm32")]
mod focus_keeper;
#[cfg(target_arch = "wasm32")]
mod history;
#[cfg(target_arch = "wasm32")]
mod hits;
#[cfg(target_arch = "wasm32")]
pub mod host;
#[cfg(target_arch = "wasm32")]
mod latest;
#[cfg(target_arch = "wasm32")]
mod message;
#[cfg(target_arch = "wasm32")]
mod pasting;
#[cfg(target_arch = "wasm32")]
mod plane;
#[cfg(target_arch = "wasm32")]
mod preparing;
#[cfg(target_arch = "wasm32")]
mod resize;
#[cfg(target_arch = "wasm32")]
mod rows;
#[cfg(target_arch = "wasm32")]
mod running;
#[cfg(target_arch = "wasm32")]
mod samples;
#[cfg(target_arch = "wasm32")]
mod scroller;
#[cfg(target_arch = "wasm32")]
mod searcher;
#[cfg(target_arch = "wasm32")]
mod searching;
#[cfg(target_arch = "wasm32")]
mod selecting;
#[cfg(target_arch = "wasm32")]
mod selection;
#[cfg(target_arch = "wasm32")]
mod touring;
#[cfg(target_arch = "wasm32")]
mod type_ahead;
#[cfg(target_arch = "wasm32")]
pub mod virtual_list;
#[cfg(any(test, target_arch = "wasm32"))]
mod warm_up;
