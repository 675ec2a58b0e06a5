//! Pickles put together by hand, opcode by opcode, from the inside out.
#![allow(dead_code, unreachable_pub, reason = "each test file takes what it needs")]

use picklescope::bytes::{MemorySource, Span};
use picklescope::document::{Document, Root};
use picklescope::graph::NodeId;
use picklescope::lens::Blob;
use std::sync::Arc;

/// The opcodes that leave one value on the stack.
pub type Value = Vec<u8>;

pub fn pickle(value: Value) -> Vec<u8> {
    [b"\x80\x05".to_vec(), value, b".".to_vec()].concat()
}

pub fn none() -> Value {
    b"N".to_vec()
}

pub fn truth(value: bool) -> Value {
    vec![if value { 0x88 } else { 0x89 }]
}

pub fn int(value: i64) -> Value {
    [&[0x8a, 8], &value.to_le_bytes()[..]].concat()
}

pub fn text(value: &str) -> Value {
    [b"X".to_vec(), (value.len() as u32).to_le_bytes().to_vec(), value.as_bytes().to_vec()].concat()
}

pub fn python2(value: &[u8]) -> Value {
    [b"T".to_vec(), (value.len() as u32).to_le_bytes().to_vec(), value.to_vec()].concat()
}

pub fn bytes(value: &[u8]) -> Value {
    [b"B".to_vec(), (value.len() as u32).to_le_bytes().to_vec(), value.to_vec()].concat()
}

pub fn global(module: &str, name: &str) -> Value {
    format!("c{module}\n{name}\n").into_bytes()
}

pub fn tuple(items: &[Value]) -> Value {
    [b"(".to_vec(), items.concat(), b"t".to_vec()].concat()
}

pub fn ints(values: &[i64]) -> Value {
    tuple(&values.iter().map(|value| int(*value)).collect::<Vec<_>>())
}

pub fn list(items: &[Value]) -> Value {
    [b"](".to_vec(), items.concat(), b"e".to_vec()].concat()
}

pub fn dict(pairs: &[(Value, Value)]) -> Value {
    let pairs: Vec<u8> = pairs.iter().flat_map(|(key, value)| [key.clone(), value.clone()].concat()).collect();
    [b"}(".to_vec(), pairs, b"u".to_vec()].concat()
}

pub fn call(callee: Value, arguments: &[Value]) -> Value {
    [callee, tuple(arguments), b"R".to_vec()].concat()
}

pub fn build(object: Value, state: Value) -> Value {
    [object, state, b"b".to_vec()].concat()
}

pub fn persistent(id: Value) -> Value {
    [id, b"Q".to_vec()].concat()
}

/// `dtype(code)` with the state of a plain one.
pub fn dtype(code: &str, order: &str) -> Value {
    let size = if code.starts_with(['S', 'U', 'V']) { code[1..].parse().unwrap_or(0) } else { -1 };
    let size = if code.starts_with('U') { size * 4 } else { size };
    let state = [int(3), text(order), none(), none(), none(), int(size), int(-1), int(0)];
    build(call(global("numpy", "dtype"), &[text(code), truth(false), truth(true)]), tuple(&state))
}

/// An array as protocols below 5 have it.
pub fn array(shape: Value, dtype: Value, fortran: Value, data: Value) -> Value {
    let class = global("numpy", "ndarray");
    let made = call(global("numpy.core.multiarray", "_reconstruct"), &[class, ints(&[0]), bytes(b"b")]);
    build(made, tuple(&[int(1), shape, dtype, fortran, data]))
}

/// The value of the first pickle.
pub fn root(document: &Document) -> NodeId {
    let Root::Pickle { value: Some(value), .. } = document.roots()[0] else { panic!("no value") };
    value.node()
}

pub fn blob(bytes: Vec<u8>, place: &str) -> Blob {
    let span = Span::new(0, bytes.len() as u64);
    Blob { source: Arc::new(MemorySource::new(bytes)), span, place: place.to_owned(), member: None }
}
