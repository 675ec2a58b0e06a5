//! Tensors by name as `.safetensors`: a header of JSON, then the bytes of each tensor without a gap.
//!
//! Source: `safetensors/src/tensor.rs` (`prepare`, `Metadata::validate`) and the description of the format in its README.

use super::json_text;
use super::named::{self, Names};
use super::writer::{Origin, PIECE, REPEATED, Remarks, Writer};
use crate::bytes::sorting;
use crate::graph::NodeId;
use crate::lens::{Array, Data, Dtype, Float8, Kind, Lens};
use std::collections::HashSet;
use std::io::Write as _;

/// The longest header that readers accept (`MAX_HEADER_SIZE`).
const HEADER: usize = 100_000_000;
/// Bytes of text in the metadata.
const TEXTS: usize = 1 << 20;

/// Types in the order in which the reference writer sorts tensors, widest last.
const TYPES: [&str; 17] = [
    "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "C64",
    "F64", "I64", "U64",
];

struct Tensor {
    name: String,
    node: NodeId,
    /// Position in [`TYPES`].
    kind: usize,
    shape: Vec<u64>,
    count: u64,
    bytes: u64,
}

/// Writes a `.safetensors` file.
pub struct Safetensors {
    tensors: Vec<Tensor>,
    header: Option<Vec<u8>>,
    current: usize,
    element: u64,
    written: u64,
    total: u64,
    remarks: Remarks,
}

impl Safetensors {
    /// The file of all tensors and arrays in a value.
    ///
    /// # Errors
    /// When there is none that the format can hold, or too much.
    pub fn new(lens: &Lens<'_>, node: NodeId) -> Result<Self, String> {
        let mut remarks = Remarks::default();
        let found = named::find(lens, node, &mut remarks);
        let mut names = Names::new();
        // No tensor may have the name of the metadata.
        names.unique("__metadata__".to_owned(), &mut remarks);
        let mut tensors = Vec::new();
        let mut storages = HashSet::new();
        for found in found.arrays {
            let name = if found.name.is_empty() { "tensor".to_owned() } else { found.name };
            let Some(array) = lens.array(found.node) else { continue };
            match tensor(&array, &mut remarks) {
                Ok((kind, bytes)) => {
                    if let Data::Bytes(payload) = &array.data
                        && !payload.span.is_empty()
                        && !storages.insert((payload.place.map(str::to_owned), payload.span))
                    {
                        remarks.say("a tensor shares its storage with another one: each is written out");
                    }
                    let (shape, count) = (array.grid().to_vec(), array.len());
                    let name = names.unique(name, &mut remarks);
                    tensors.push(Tensor { name, node: found.node, kind, shape, count, bytes });
                }
                Err(reason) => {
                    remarks.say(format!("{} was left out: {reason}", crate::opcode::printable(&name)));
                }
            }
        }
        if tensors.is_empty() {
            return Err("there is no tensor in this value that a .safetensors file can hold".to_owned());
        }
        sorting::by(&mut tensors, |a, b| b.kind.cmp(&a.kind).then_with(|| a.name.cmp(&b.name)));
        let total = tensors.iter().try_fold(0u64, |total, tensor| total.checked_add(tensor.bytes));
        let total = total.ok_or("the tensors have more than 2^64 bytes")?;
        let texts = texts(lens, &found.texts, &mut remarks);
        let header = Some(header(&tensors, &texts)?);
        Ok(Self { tensors, header, current: 0, element: 0, written: 0, total, remarks })
    }
}

/// Texts beside the tensors, for the metadata, which holds nothing else.
fn texts(lens: &Lens<'_>, found: &[named::Named], remarks: &mut Remarks) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut left = TEXTS;
    let mut known = HashSet::new();
    for named in found {
        let text = lens.string(crate::graph::Edge::to(named.node)).filter(|text| text.len() <= left);
        match text {
            Some(text) if !named.name.is_empty() && known.insert(named.name.clone()) => {
                left -= text.len();
                texts.push((named.name.clone(), text));
            }
            _ => remarks.say("a text was left out of the metadata: it is too long, or its name is taken"),
        }
    }
    texts
}

/// The type of an array and its bytes, or why the format has none for it.
fn tensor(array: &Array<'_>, remarks: &mut Remarks) -> Result<(usize, u64), String> {
    match &array.data {
        Data::Bytes(_) => {}
        Data::Items(_) => return Err("its elements are Python objects".to_owned()),
        Data::Missing(reason) => return Err(reason.clone()),
    }
    let name = kind(&array.dtype).ok_or_else(|| format!("the format has no type for {}", array.dtype.name))?;
    let bytes = array.len().checked_mul(array.dtype.itemsize).ok_or("it has more than 2^64 bytes")?;
    if array.repeats_beyond(REPEATED) {
        return Err("its elements repeat few bytes".to_owned());
    }
    if let Some(problem) = &array.problem {
        remarks.say(problem);
    }
    if array.mask.is_some() {
        remarks.say("the mask is not in the file: masked elements have the values that were below it");
    }
    if matches!(array.dtype.name.as_str(), "qint8" | "quint8" | "qint32") {
        remarks.say(format!("{} became its integers: scale and zero point are not in the file", array.dtype.name));
    }
    if name == "C64" {
        remarks.say("complex64 is read by safetensors 0.7 and newer");
    }
    let kind = TYPES.iter().position(|known| *known == name).ok_or("the format has no such type")?;
    Ok((kind, bytes))
}

fn kind(dtype: &Dtype) -> Option<&'static str> {
    Some(match (dtype.kind, dtype.itemsize) {
        (Kind::Bool, 1) => "BOOL",
        (Kind::Uint, 1) => "U8",
        (Kind::Int, 1) => "I8",
        (Kind::Float8(Float8::E5m2), 1) => "F8_E5M2",
        (Kind::Float8(Float8::E4m3fn), 1) => "F8_E4M3",
        (Kind::Float8(Float8::E8m0fnu), 1) => "F8_E8M0",
        (Kind::Int, 2) => "I16",
        (Kind::Uint, 2) => "U16",
        (Kind::Float, 2) => "F16",
        (Kind::Brain, 2) => "BF16",
        (Kind::Int, 4) => "I32",
        (Kind::Uint, 4) => "U32",
        (Kind::Float, 4) => "F32",
        (Kind::Complex, 8) => "C64",
        (Kind::Float, 8) => "F64",
        (Kind::Int, 8) => "I64",
        (Kind::Uint, 8) => "U64",
        _ => return None,
    })
}

/// Whether the format can hold an array.
pub(super) fn fits(array: &Array<'_>) -> bool {
    matches!(array.data, Data::Bytes(_)) && kind(&array.dtype).is_some() && !array.repeats_beyond(REPEATED)
}

fn header(tensors: &[Tensor], texts: &[(String, String)]) -> Result<Vec<u8>, String> {
    let mut json = b"{".to_vec();
    if !texts.is_empty() {
        json.extend(b"\"__metadata__\":{");
        for (index, (name, text)) in texts.iter().enumerate() {
            json.extend(if index > 0 { &b","[..] } else { b"" });
            json_text::plain_string(name, &mut json);
            json.push(b':');
            json_text::plain_string(text, &mut json);
        }
        json.extend(b"},");
    }
    let mut offset = 0;
    for (index, tensor) in tensors.iter().enumerate() {
        json.extend(if index > 0 { &b","[..] } else { b"" });
        json_text::plain_string(&tensor.name, &mut json);
        let shape: Vec<String> = tensor.shape.iter().map(u64::to_string).collect();
        let end = offset + tensor.bytes;
        // Writing to a vector cannot fail.
        let _ = write!(
            json,
            ":{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{offset},{end}]}}",
            TYPES[tensor.kind],
            shape.join(",")
        );
        offset = end;
    }
    json.push(b'}');
    // The tensors begin at a multiple of eight.
    json.resize(json.len().next_multiple_of(8), b' ');
    if json.len() > HEADER {
        return Err("the names and shapes need a header of more than 100 MB, which no reader accepts".to_owned());
    }
    let mut out = (json.len() as u64).to_le_bytes().to_vec();
    out.extend(json);
    Ok(out)
}

impl Writer for Safetensors {
    fn step(&mut self, origin: &Origin<'_>, out: &mut Vec<u8>) -> Result<bool, String> {
        out.extend(self.header.take().unwrap_or_default());
        while out.len() < PIECE {
            let Some(tensor) = self.tensors.get(self.current) else { return Ok(true) };
            if self.element >= tensor.count {
                self.current += 1;
                self.element = 0;
                continue;
            }
            let array = origin.lens.array(tensor.node).ok_or("this value is no array any more")?;
            let size = usize::try_from(array.dtype.itemsize).unwrap_or(usize::MAX).max(1);
            let left = usize::try_from(tensor.count - self.element).unwrap_or(usize::MAX);
            let count = (PIECE / size).max(1).min(left);
            let mut bytes = array.piece(self.element, count, false)?;
            if array.dtype.big_endian {
                let number = if array.dtype.kind == Kind::Complex { size / 2 } else { size };
                bytes.chunks_exact_mut(number.max(1)).for_each(<[u8]>::reverse);
            }
            self.written += bytes.len() as u64;
            self.element += count as u64;
            out.extend(bytes);
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        (self.written, self.total)
    }

    fn remarks(&self) -> Vec<String> {
        self.remarks.sentences()
    }
}
