//! The parts of the page, one a file.

pub mod audit;
pub mod contents;
pub mod crash;
pub mod dialogs;
pub mod doc;
pub mod empty;
pub mod header;
pub mod hex;
pub mod icons;
pub mod inspector;
pub mod listing;
pub mod marks;
pub mod modal;
pub mod notice;
pub mod open_button;
pub mod paste;
pub mod pending;
pub mod problems;
pub mod progress;
pub mod tabs;
pub mod text;
pub mod tree;
pub mod tree_row;
pub mod value;
pub mod verdict;
pub mod workspace;
