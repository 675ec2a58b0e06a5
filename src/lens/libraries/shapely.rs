//! shapely: geometries as well-known text.
//!
//! Sources: `shapely/geometry/base.py` (`__reduce__`), OGC 06-103r4 (well-known binary and text), the flags of PostGIS's EWKB.

use crate::graph::Edge;
use crate::lens::graph_view::{Call, ScalarKind, Shape, ShapeKind};
use crate::lens::recogniser::{Lens, Library};
use std::fmt::Write as _;

/// Geometries.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["shapely"], shape: Some(read), ..Library::NOTHING };

/// Collections in collections.
const LEVELS: usize = 8;
/// Characters of one line; a geometry may have millions of points.
const TEXT: usize = 2000;
const NAMES: [&str; 8] = [
    "Geometry",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
];

/// `from_wkb(bytes)` of shapely 2; before, an instance whose state is the bytes.
fn read(lens: &Lens<'_>, call: &Call<'_>) -> Option<Shape> {
    let bytes: Edge = match call.symbol?.short_name() {
        "from_wkb" => *call.args.first()?,
        _ => lens.states(call.id).next()?,
    };
    let bytes = lens.bytes_of(bytes)?;
    let mut text = String::new();
    let mut reader = Reader { bytes: &bytes, big_endian: false, text: &mut text };
    let kind = reader.geometry(0, true)?;
    let shape = Shape::named(ShapeKind::Scalar(ScalarKind::Constant), "shapely", NAMES[kind], Vec::new());
    Some(shape.with_text(text))
}

struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    text: &'a mut String,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.take()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn coordinate(&mut self) -> Option<f64> {
        let bytes = self.take()?;
        Some(if self.big_endian { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) })
    }

    /// One geometry, with its name where it is not one of many alike; gives its kind. Collections nest a few levels.
    fn geometry(&mut self, level: usize, named: bool) -> Option<usize> {
        self.big_endian = self.take::<1>()? == [0];
        let code = self.number()?;
        if code & 0x2000_0000 != 0 {
            self.number()?;
        }
        let (kind, iso) = ((code & 0xffff) % 1000, (code & 0xffff) / 1000);
        let has_z = code & 0x8000_0000 != 0 || matches!(iso, 1 | 3);
        let has_m = code & 0x4000_0000 != 0 || matches!(iso, 2 | 3);
        let kind = usize::try_from(kind).ok().filter(|kind| (1..NAMES.len()).contains(kind) && level <= LEVELS)?;
        if named {
            self.text.push_str(&NAMES[kind].to_ascii_uppercase());
            self.text.push_str(match (has_z, has_m) {
                (true, true) => " ZM ",
                (true, false) => " Z ",
                (false, true) => " M ",
                (false, false) => " ",
            });
        }
        let size = 2 + usize::from(has_z) + usize::from(has_m);
        match kind {
            1 => self.point(size)?,
            2 => self.points(size)?,
            3 => self.many(|reader| reader.points(size))?,
            7 => self.many(|reader| reader.geometry(level + 1, true).map(|_| ()))?,
            _ => self.many(|reader| reader.geometry(level + 1, false).map(|_| ()))?,
        }
        Some(kind)
    }

    fn point(&mut self, size: usize) -> Option<()> {
        let numbers: Vec<f64> = (0..size).map(|_| self.coordinate()).collect::<Option<_>>()?;
        if numbers.iter().all(|number| number.is_nan()) {
            self.text.push_str("EMPTY");
            return Some(());
        }
        self.text.push('(');
        self.pair(&numbers);
        self.text.push(')');
        Some(())
    }

    fn pair(&mut self, numbers: &[f64]) {
        for (at, number) in numbers.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{}{number}", if at > 0 { " " } else { "" });
        }
    }

    fn points(&mut self, size: usize) -> Option<()> {
        self.many(|reader| {
            let numbers: Vec<f64> = (0..size).map(|_| reader.coordinate()).collect::<Option<_>>()?;
            reader.pair(&numbers);
            Some(())
        })
    }

    /// As many as a number says, in brackets; of very many the first.
    fn many(&mut self, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let count = self.number()?;
        if count == 0 {
            self.text.push_str("EMPTY");
            return Some(());
        }
        self.text.push('(');
        for at in 0..count {
            if self.text.len() > TEXT {
                self.text.push('…');
                // What follows cannot be told from what was left out.
                self.bytes = &[];
                break;
            }
            self.text.push_str(if at > 0 { ", " } else { "" });
            match each(self) {
                Some(()) => {}
                None if self.text.ends_with("…)") || self.text.len() > TEXT => break,
                None => return None,
            }
        }
        self.text.push(')');
        Some(())
    }
}
