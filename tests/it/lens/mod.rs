//! What values mean, against the libraries that wrote them.

mod arrays;
mod code;
mod environment;
mod feature_names;
mod images;
mod models;
mod numbers;
mod scipy;
mod stdlib;
mod tables;
mod tensors;
mod torch;
mod values;
