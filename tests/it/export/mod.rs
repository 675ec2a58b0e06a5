//! What is written out of a document.

mod dis;
mod dis_of_fixtures;
mod html;
mod json_lossless;
mod npy;
mod python_source;
mod values;
