//! Arrays as pictures: heat maps of two dimensions, and images where the shape says so.

use crate::lens::{Array, Data, Kind, Plane, grouped};
use crate::opcode;
use crate::view::card::{Picture, PictureSlot};
use crate::view::raster::{self, Raster};
use data_encoding::BASE64;

/// Number of the heat map, and of the image.
const HEAT_MAP: u32 = 0;
const IMAGE: u32 = 1;
/// Bytes read for one picture.
const BUDGET: u64 = 48 << 20;
/// Lines read at least before columns are left out, too.
const LINES: u64 = 64;
/// Pieces of lines read where a whole line is too long.
const PIECES: u64 = 64;
/// Sides of an image.
const SIDES: std::ops::RangeInclusive<u64> = 8..=32_768;
/// Elements looked at to see whether floats lie between 0 and 1.
const LOOKED_AT: usize = 4096;

/// Where height, width and colours of an image are in the shape of an array.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImageLayout {
    /// Dimension of the rows.
    pub rows: usize,
    /// Dimension of the columns.
    pub columns: usize,
    /// Dimension of the colours, and how many there are: 1, 3 or 4.
    pub channels: Option<(usize, u64)>,
    /// Whether numbers go from 0 to 1 instead of 255.
    pub is_unit: bool,
}

impl ImageLayout {
    /// The layout of an array that looks like an image or a batch of them: bytes, or floats between 0 and 1 (the first few
    /// are looked at).
    #[must_use]
    pub fn of(array: &Array<'_>) -> Option<Self> {
        let is_bytes = array.dtype.kind == Kind::Uint && array.dtype.itemsize == 1;
        let is_float = matches!(array.dtype.kind, Kind::Float | Kind::Brain);
        if !(is_bytes || is_float) || !matches!(array.data, Data::Bytes(_)) || array.problem.is_some() {
            return None;
        }
        let shape = array.grid();
        let is_image = |rows: u64, columns: u64| {
            SIDES.contains(&rows) && SIDES.contains(&columns) && rows / 16 <= columns && columns / 16 <= rows
        };
        let last = shape.len();
        let (rows, columns, channels) = match *shape {
            [.., rows, columns, count @ (3 | 4)] if is_image(rows, columns) => {
                (last - 3, last - 2, Some((last - 1, count)))
            }
            [.., count @ (1 | 3), rows, columns] if is_image(rows, columns) => {
                (last - 2, last - 1, Some((last - 3, count)))
            }
            [rows, columns] | [_, rows, columns] if is_bytes && is_image(rows, columns) => (last - 2, last - 1, None),
            _ => return None,
        };
        if is_float {
            let values = array.floats(0, LOOKED_AT).ok()?;
            let is_unit = values.iter().all(|value| (0.0..=1.0).contains(value));
            if !is_unit || !values.iter().any(|value| *value > 0.0) {
                return None;
            }
        }
        Some(Self { rows, columns, channels, is_unit: is_float })
    }

    fn own(&self, dimension: usize) -> bool {
        dimension == self.rows || dimension == self.columns || self.channels.is_some_and(|(at, _)| at == dimension)
    }
}

/// The picture of an array that can be asked for.
pub(super) fn slot(array: &Array<'_>) -> Option<PictureSlot> {
    if let Some(layout) = ImageLayout::of(array) {
        let shape = array.grid();
        let (width, height) = (shape[layout.columns], shape[layout.rows]);
        let slices = slices(shape, |dimension| layout.own(dimension));
        let colours = layout.channels.map_or(1, |(_, count)| count);
        let what = if colours == 1 { "grey image" } else { "image" };
        let description = format!("{what} of {width} x {height} pixels");
        return Some(PictureSlot { part: IMAGE, width, height, description, slices, is_heat_map: false });
    }
    let is_number =
        matches!(array.dtype.kind, Kind::Bool | Kind::Int | Kind::Uint | Kind::Float | Kind::Brain | Kind::Float8(_));
    let is_there = matches!(array.data, Data::Bytes(_)) && array.problem.is_none() && !array.is_empty();
    let &[.., height, width] = array.grid() else { return None };
    let is_far = !array.is_random_access() && array.bytes().is_none_or(|bytes| bytes > BUDGET);
    if !is_number || !is_there || height < 2 || width < 2 || is_far {
        return None;
    }
    let last = array.grid().len();
    let slices = slices(array.grid(), |dimension| dimension + 2 >= last);
    let description = format!("heat map of {} x {} values", grouped(height), grouped(width));
    Some(PictureSlot { part: HEAT_MAP, width, height, description, slices, is_heat_map: true })
}

fn slices(shape: &[u64], is_own: impl Fn(usize) -> bool) -> Vec<(String, u64)> {
    let others = shape.iter().enumerate().filter(|(dimension, _)| !is_own(*dimension));
    others.map(|(dimension, &size)| (format!("axis {dimension}"), size)).collect()
}

/// Indices of all dimensions from those that were chosen.
fn indices(shape: &[u64], slice: &[u64], is_own: impl Fn(usize) -> bool) -> Vec<u64> {
    let mut chosen = slice.iter().copied();
    let index = |dimension| if is_own(dimension) { 0 } else { chosen.next().unwrap_or(0) };
    (0..shape.len()).map(index).collect()
}

/// A picture of an array.
pub(super) fn picture(array: &Array<'_>, part: u32, slice: &[u64], width: u32) -> Option<Picture> {
    let found = match part {
        HEAT_MAP => heat_map(array, slice, width)?,
        IMAGE => image(array, ImageLayout::of(array)?, slice, width)?,
        _ => return None,
    };
    Some(found.unwrap_or_else(|note| Picture { note, ..Picture::default() }))
}

fn heat_map(array: &Array<'_>, slice: &[u64], width: u32) -> Option<Result<Picture, String>> {
    slot(array)?;
    let shape = array.grid();
    let rows = shape.len().checked_sub(2)?;
    let plane = array.plane(rows, rows + 1, &indices(shape, slice, |dimension| dimension >= rows))?;
    let painted = paint(array, plane, width);
    Some(painted.map(|(raster, mut notes)| {
        let mut picture = raster::heat_map(&raster.means(), raster.width, raster.height, &spell);
        notes.extend(Some(picture.note).filter(|note| !note.is_empty()));
        picture.note = notes.join("; ");
        picture
    }))
}

/// Six digits are enough for the ends of a scale.
fn spell(value: f64) -> String {
    let text = opcode::repr_float(format!("{value:.5e}").parse().unwrap_or(value));
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn image(array: &Array<'_>, layout: ImageLayout, slice: &[u64], width: u32) -> Option<Result<Picture, String>> {
    let (shape, own) = (array.grid(), |dimension| layout.own(dimension));
    let mut indices = indices(shape, slice, own);
    let mut planes = Vec::new();
    let (mut size, mut notes) = ((0, 0), Vec::new());
    for channel in 0..layout.channels.map_or(1, |(_, count)| count) {
        if let Some((dimension, _)) = layout.channels {
            indices[dimension] = channel;
        }
        let plane = array.plane(layout.rows, layout.columns, &indices)?;
        match paint(array, plane, width) {
            Ok((raster, said)) => {
                size = (raster.width, raster.height);
                notes = said;
                planes.push(raster.means());
            }
            Err(reason) => return Some(Err(reason)),
        }
    }
    let factor = if layout.is_unit { 255.0 } else { 1.0 };
    let byte = |plane: &Vec<f64>, at: usize| (plane[at] * factor).round().clamp(0.0, 255.0) as u8;
    let mut pixels = Vec::with_capacity(planes[0].len() * 4);
    for at in 0..planes[0].len() {
        let (red, green, blue, alpha) = match &planes[..] {
            [red, green, blue] => (byte(red, at), byte(green, at), byte(blue, at), 255),
            [red, green, blue, alpha] => (byte(red, at), byte(green, at), byte(blue, at), byte(alpha, at)),
            [grey, ..] => (byte(grey, at), byte(grey, at), byte(grey, at), 255),
            [] => (0, 0, 0, 0),
        };
        pixels.extend([red, green, blue, alpha]);
    }
    Some(Ok(Picture {
        width: size.0,
        height: size.1,
        pixels: BASE64.encode(&pixels),
        scale: None,
        note: notes.join("; "),
    }))
}

/// Which values of one dimension are read, and on which pixel each falls.
struct Steps {
    pixels: u32,
    size: u64,
    /// Values read for one pixel, from its first one on.
    each: u64,
}

impl Steps {
    /// The first value of a pixel, and how many are read.
    fn of(&self, pixel: u32) -> (u64, u64) {
        let edge = |pixel: u64| (u128::from(pixel) * u128::from(self.size) / u128::from(self.pixels.max(1))) as u64;
        let (first, end) = (edge(u64::from(pixel)), edge(u64::from(pixel) + 1));
        (first, (end - first).min(self.each))
    }
}

/// Reads a plane, or what of it the budget allows, and says what was left out.
fn paint(array: &Array<'_>, plane: Plane, width: u32) -> Result<(Raster, Vec<String>), String> {
    let (mut across, mut down) = raster::size(plane.rows, plane.columns, width);
    // Lines are what lies together in the storage.
    let by_rows = plane.column_stride <= plane.row_stride || plane.rows < 2;
    let (lines, length, line_stride, stride) = if by_rows {
        (plane.rows, plane.columns, plane.row_stride, plane.column_stride)
    } else {
        (plane.columns, plane.rows, plane.column_stride, plane.row_stride)
    };
    let line_bytes = length.saturating_mul(stride.max(1)).saturating_mul(array.dtype.itemsize.max(1));
    let affordable = (BUDGET / line_bytes.max(1)).max(1);
    let (outer, inner) = if by_rows { (&mut down, &mut across) } else { (&mut across, &mut down) };
    let (mut lines_each, mut values_each) = (u64::MAX, u64::MAX);
    let mut notes = Vec::new();
    if affordable < lines && affordable >= LINES.min(lines) {
        *outer = (*outer).min(u32::try_from(affordable).unwrap_or(u32::MAX));
        lines_each = affordable / u64::from(*outer);
    } else if affordable < lines {
        (*outer, *inner) = ((*outer).min(PIECES as u32), (*inner).min(PIECES as u32));
        lines_each = 1;
        values_each = (BUDGET / (PIECES * PIECES) / array.dtype.itemsize.max(1) / stride.max(1)).max(1);
    }
    let (outer, inner) = (
        Steps { pixels: *outer, size: lines, each: lines_each },
        Steps { pixels: *inner, size: length, each: values_each },
    );
    let mut raster = Raster::new((across, down));
    let mut read = 0u64;
    for line_pixel in 0..outer.pixels {
        let (first, count) = outer.of(line_pixel);
        for line in first..first + count {
            let start = plane.start.saturating_add(line.saturating_mul(line_stride));
            let mut add = |pixel: u32, value: f64| {
                let (x, y) = if by_rows { (pixel, line_pixel) } else { (line_pixel, pixel) };
                raster.add(x, y, value);
            };
            if values_each == u64::MAX {
                let values = array.line(start, stride, usize::try_from(length).map_err(|error| error.to_string())?)?;
                read += values.len() as u64;
                for pixel in 0..inner.pixels {
                    let (first, count) = inner.of(pixel);
                    let (first, count) = (first as usize, count as usize);
                    values.iter().skip(first).take(count).for_each(|&value| add(pixel, value));
                }
                continue;
            }
            for pixel in 0..inner.pixels {
                let (first, count) = inner.of(pixel);
                let values = array.line(start.saturating_add(first.saturating_mul(stride)), stride, count as usize)?;
                read += values.len() as u64;
                values.iter().for_each(|&value| add(pixel, value));
            }
        }
    }
    let total = plane.rows.saturating_mul(plane.columns);
    if read < total {
        notes.push(format!("{} of {} values were read, spread evenly", grouped(read), grouped(total)));
    }
    if u64::from(across) < plane.columns || u64::from(down) < plane.rows {
        let (wide, tall) = (plane.columns.div_ceil(u64::from(across)), plane.rows.div_ceil(u64::from(down)));
        notes.push(format!("a pixel is the mean of up to {} x {} values", grouped(tall), grouped(wide)));
    }
    Ok((raster, notes))
}
