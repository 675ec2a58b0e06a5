//! Messages between the page and its worker, as JavaScript has them.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// A message as JavaScript has it. Numbers beyond 2^53, which a file can claim, have no place in its ordinary numbers: only
/// messages that hold one are written with its large integers, which are slow.
///
/// # Errors
/// Why it cannot be written.
pub(super) fn to_js(message: &impl Serialize) -> Result<JsValue, String> {
    let plain = serde_wasm_bindgen::Serializer::new();
    let large = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    message.serialize(&plain).or_else(|_| message.serialize(&large)).map_err(|error| error.to_string())
}
