//! What the elements of an array are: numpy's dtypes, and the types of torch's tensors.
//!
//! Sources: `numpy/_core/src/multiarray/descriptor.c` (`arraydescr_reduce`, `arraydescr_setstate`),
//! `numpy/lib/_format_impl.py` (`dtype_to_descr`), `torch/storage.py`, `c10/core/ScalarType.h`.

use crate::format::numpy::Code;

/// How the bytes of an element are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One byte, false when it is 0.
    Bool,
    /// An integer in two's complement.
    Int,
    /// An integer without sign.
    Uint,
    /// A float of IEEE 754, or of 80 bits in 10 to 16 bytes.
    Float,
    /// The high half of a float32 (bfloat16).
    Brain,
    /// A float of eight bits.
    Float8(Float8),
    /// Two floats.
    Complex,
    /// A count of units since 1970.
    Datetime,
    /// A count of units.
    Timedelta,
    /// Bytes, filled up with NULs.
    Bytes,
    /// Code points of four bytes each, filled up with NULs.
    Text,
    /// Bytes without meaning.
    Void,
    /// Named fields.
    Struct,
    /// An array in each element; only as the dtype of a field.
    Subarray,
    /// Python objects, which are pickled one by one.
    Object,
    /// Anything else; its bytes are shown.
    Other,
}

/// The floats of eight bits (`torch.float8_e4m3fn` and so on), named by the bits of exponent and fraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Float8 {
    /// Without infinities; all ones is NaN.
    E4m3fn,
    /// As IEEE 754 would have it.
    E5m2,
    /// Without infinities and -0, whose place NaN has.
    E4m3fnuz,
    /// Without infinities and -0, whose place NaN has.
    E5m2fnuz,
    /// A power of two.
    E8m0fnu,
}

/// A dtype.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dtype {
    /// How an element is read.
    pub kind: Kind,
    /// Its name to a person: `float64`, `datetime64[ns]`, `U8`, `structured [name, age]`.
    pub name: String,
    /// Bytes of an element.
    pub itemsize: u64,
    /// Whether numbers have their highest byte first.
    pub big_endian: bool,
    /// Unit of a date or duration: `ns`, `25s`; empty for the generic one.
    pub unit: String,
    /// Fields in their order.
    pub fields: Vec<Field>,
    /// Whether there are more fields, which were too many or not understood.
    pub more_fields: bool,
    /// Dtype and shape of a subarray.
    pub base: Option<(Box<Dtype>, Vec<u64>)>,
    /// Whether fields are laid out as a C compiler does (`align=True`).
    pub aligned: bool,
}

/// A field of a structured dtype.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Another name for it.
    pub title: Option<String>,
    /// Bytes before it in the element.
    pub offset: u64,
    /// Its dtype.
    pub dtype: Dtype,
}

impl Dtype {
    pub(in crate::lens) fn plain(kind: Kind, name: impl Into<String>, itemsize: u64) -> Self {
        Self {
            kind,
            name: name.into(),
            itemsize,
            big_endian: false,
            unit: String::new(),
            fields: Vec::new(),
            more_fields: false,
            base: None,
            aligned: false,
        }
    }

    /// The dtype of a code as pickles and `.npy` headers have it: `f8`, `<i4`, `>U5`, `<M8[ns]`, `|O`, `?`. What is no code
    /// keeps its name and has no bytes.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let Code { big_endian, bare: code, letter, count: size, unit } = Code::of(code);
        let bits = size.map(|size| size.saturating_mul(8));
        let sized = |word: &str| bits.map_or_else(|| code.to_owned(), |bits| format!("{word}{bits}"));
        let bytes = size.unwrap_or(0);
        let one_of = |kind, sizes: &[u64]| if sizes.contains(&bytes) { kind } else { Kind::Other };
        let mut dtype = match letter {
            'f' => Self::plain(one_of(Kind::Float, &[2, 4, 8, 10, 12, 16]), sized("float"), bytes),
            'i' => Self::plain(one_of(Kind::Int, &[1, 2, 4, 8]), sized("int"), bytes),
            'u' => Self::plain(one_of(Kind::Uint, &[1, 2, 4, 8]), sized("uint"), bytes),
            'c' => Self::plain(one_of(Kind::Complex, &[4, 8, 16, 20, 24, 32]), sized("complex"), bytes),
            'b' | '?' => Self::plain(Kind::Bool, "bool", 1),
            'O' => Self::plain(Kind::Object, "object", 8),
            'M' => Self::plain(Kind::Datetime, "datetime64", 8).with_unit(unit),
            'm' => Self::plain(Kind::Timedelta, "timedelta64", 8).with_unit(unit),
            'S' | 'a' if size.is_some() => Self::plain(Kind::Bytes, code, bytes),
            'U' if size.is_some() => Self::plain(Kind::Text, code, bytes.saturating_mul(4)),
            'V' if size.is_some() => Self::plain(Kind::Void, code, bytes),
            _ => Self::plain(Kind::Other, code, bytes),
        };
        dtype.big_endian = big_endian;
        dtype.with_byte_order()
    }

    /// The same with a name that says the byte order, where it is not the usual one: numpy prints `>f8`, not `float64`.
    pub(super) fn with_byte_order(mut self) -> Self {
        let has_order = matches!(
            self.kind,
            Kind::Int | Kind::Uint | Kind::Float | Kind::Complex | Kind::Datetime | Kind::Timedelta | Kind::Text
        );
        if self.big_endian && has_order && self.itemsize > 1 {
            self.name = self.code();
        }
        self
    }

    /// The name in the usual byte order: `int32` of `>i4`.
    #[must_use]
    pub fn native_name(&self) -> String {
        if !self.big_endian {
            return self.name.clone();
        }
        Self::from_code(self.code().trim_start_matches('>')).name
    }

    /// The dtype that the class of a scalar stands for: `numpy.float32`, `torch.bfloat16`.
    #[must_use]
    pub fn from_type_name(name: &str) -> Self {
        let (kind, itemsize) = match name {
            "bool" | "bool_" => (Kind::Bool, 1),
            "object_" | "object" => (Kind::Object, 8),
            "half" => (Kind::Float, 2),
            "float" => (Kind::Float, 4),
            "double" => (Kind::Float, 8),
            "bfloat16" => (Kind::Brain, 2),
            "float8_e4m3fn" => (Kind::Float8(Float8::E4m3fn), 1),
            "float8_e5m2" => (Kind::Float8(Float8::E5m2), 1),
            "float8_e4m3fnuz" => (Kind::Float8(Float8::E4m3fnuz), 1),
            "float8_e5m2fnuz" => (Kind::Float8(Float8::E5m2fnuz), 1),
            "float8_e8m0fnu" => (Kind::Float8(Float8::E8m0fnu), 1),
            "quint8" => (Kind::Uint, 1),
            "qint8" => (Kind::Int, 1),
            "qint32" => (Kind::Int, 4),
            _ => {
                let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
                let (word, bits) = name.split_at(digits);
                let letter = match word {
                    "float" => "f",
                    "int" => "i",
                    "uint" => "u",
                    "complex" => "c",
                    _ => "",
                };
                let code = format!("{letter}{}", bits.parse::<u64>().unwrap_or(0) / 8);
                let dtype = Self::from_code(if letter.is_empty() { "" } else { &code });
                (dtype.kind, if dtype.kind == Kind::Other { 0 } else { dtype.itemsize })
            }
        };
        Self::plain(kind, name, itemsize)
    }

    pub(super) fn with_unit(mut self, unit: &str) -> Self {
        if !unit.is_empty() && unit != "generic" {
            self.name = format!("{}[{unit}]", self.name);
            self.unit = unit.to_owned();
        }
        self
    }

    /// numpy's code: `<f8`, `|b1`, `>U5`, `<M8[ns]`, `|V16` for a structure (`numpy.dtype.str`).
    #[must_use]
    pub fn code(&self) -> String {
        let (letter, size) = match self.kind {
            Kind::Bool => ('b', self.itemsize),
            Kind::Int => ('i', self.itemsize),
            Kind::Uint => ('u', self.itemsize),
            Kind::Float => ('f', self.itemsize),
            Kind::Complex => ('c', self.itemsize),
            Kind::Datetime => ('M', self.itemsize),
            Kind::Timedelta => ('m', self.itemsize),
            Kind::Bytes => ('S', self.itemsize),
            Kind::Text => ('U', self.itemsize / 4),
            Kind::Object => return "|O".to_owned(),
            Kind::Brain | Kind::Float8(_) | Kind::Other => return self.name.clone(),
            Kind::Void | Kind::Struct | Kind::Subarray => ('V', self.itemsize),
        };
        let order = match self.kind {
            Kind::Bytes | Kind::Void | Kind::Struct | Kind::Subarray => '|',
            _ if self.itemsize == 1 => '|',
            _ if self.big_endian => '>',
            _ => '<',
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!("[{}]", self.unit) };
        format!("{order}{letter}{size}{unit}")
    }

    /// Whether elements are Python objects or hold some, so that no bytes can stand for them.
    #[must_use]
    pub fn has_objects(&self) -> bool {
        match self.kind {
            Kind::Object => true,
            Kind::Struct => self.fields.iter().any(|field| field.dtype.has_objects()),
            Kind::Subarray => self.base.as_ref().is_some_and(|(base, _)| base.has_objects()),
            _ => false,
        }
    }
}

/// The product of sizes; `None` above 64 bits. A zero makes it zero whatever the others are.
pub(in crate::lens) fn product(sizes: &[u64]) -> Option<u64> {
    if sizes.contains(&0) {
        return Some(0);
    }
    sizes.iter().try_fold(1u64, |product, &size| product.checked_mul(size))
}
