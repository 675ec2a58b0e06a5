//! The table of opcodes, the decoder, texts.

mod decode;
mod table;
mod text;
