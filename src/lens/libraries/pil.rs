//! Pillow: what an image is, and the colours of its pixels. Its state is a list: info, mode, size, palette, bytes; files that Pillow
//! opened add their name.
//!
//! Sources: `PIL/Image.py` (`Image.__getstate__`, `Image.getpalette`), "Concepts" of the handbook (modes),
//! `libImaging/Unpack.c` (bits of mode 1), `Convert.c` and `ConvertYCbCr.c` (colours).

use crate::graph::{Edge, NodeId};
use crate::lens::graph_view::Object;
use crate::lens::numbers::{Array, Data, Dtype, Order, Payload};
use crate::lens::recogniser::{Lens, Library};

/// Images.
pub(in crate::lens) const LIBRARY: Library = Library { packages: &["PIL"], text: Some(text), ..Library::NOTHING };

/// Colours of a palette.
const PALETTE: usize = 256;

/// `RGB, 64 × 48`
fn text(lens: &Lens<'_>, node: NodeId) -> Option<String> {
    let State { mode, width, height, .. } = State::of(lens, &lens.object(node)?)?;
    Some(format!("{mode}, {width} × {height}"))
}

/// What an image was pickled as.
struct State {
    mode: String,
    width: u64,
    height: u64,
    items: Vec<Edge>,
}

impl State {
    fn of(lens: &Lens<'_>, object: &Object<'_>) -> Option<Self> {
        let items = lens.sequence(object.state()?)?;
        let &[_, mode, size, ..] = &items[..] else { return None };
        let &[width, height] = &lens.sizes(size)?[..] else { return None };
        Some(Self { mode: lens.string(mode)?, width, height, items })
    }
}

/// An image.
pub struct Image<'a> {
    /// Its mode, as Pillow calls it: `RGB`, `P`, `I;16`.
    pub mode: String,
    /// Pixels across.
    pub width: u64,
    /// Pixels down.
    pub height: u64,
    /// What the file that it came from said of it, a dict.
    pub info: Option<Edge>,
    /// The name of that file.
    pub file_name: Option<String>,
    /// The pixels, or why they are not to be seen, in words.
    pub pixels: Result<Pixels<'a>, String>,
}

/// The pixels of an image.
pub enum Pixels<'a> {
    /// One number each, of more than 8 bits.
    Numbers(Box<Array<'a>>),
    /// Colours.
    Colours(Colours<'a>),
}

/// Pixels that are colours.
pub struct Colours<'a> {
    bands: Bands,
    width: u64,
    data: Payload<'a>,
    palette: Vec<[u8; 3]>,
}

/// What the bytes of a pixel mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bands {
    /// One bit each, the highest first; a line is whole bytes.
    Bit,
    Grey,
    GreyAlpha,
    Palette,
    PaletteAlpha,
    Rgb,
    Rgba,
    /// Three bands and one that is not used.
    RgbPadded,
    Cmyk,
    YCbCr,
    Hsv,
    /// Lightness first; the two bands of the hue are not shown.
    Lab,
}

impl Bands {
    fn of(mode: &str) -> Option<Self> {
        Some(match mode {
            "1" => Self::Bit,
            "L" => Self::Grey,
            "LA" | "La" => Self::GreyAlpha,
            "P" => Self::Palette,
            "PA" => Self::PaletteAlpha,
            "RGB" => Self::Rgb,
            "RGBA" | "RGBa" => Self::Rgba,
            "RGBX" => Self::RgbPadded,
            "CMYK" => Self::Cmyk,
            "YCbCr" => Self::YCbCr,
            "HSV" => Self::Hsv,
            "LAB" => Self::Lab,
            _ => return None,
        })
    }

    /// Bytes of one pixel; a bit has less than one.
    fn count(self) -> u64 {
        match self {
            Self::Bit | Self::Grey | Self::Palette => 1,
            Self::GreyAlpha | Self::PaletteAlpha => 2,
            Self::Rgb | Self::YCbCr | Self::Hsv | Self::Lab => 3,
            Self::Rgba | Self::RgbPadded | Self::Cmyk => 4,
        }
    }
}

impl<'a> Lens<'a> {
    /// The image of Pillow that a value is.
    #[must_use]
    pub fn image(&self, node: NodeId) -> Option<Image<'a>> {
        let object = self.object(node).filter(|object| object.is_in("PIL"))?;
        let State { mode, width, height, items } = State::of(self, &object)?;
        let data = items.get(4).ok_or_else(|| "the state has no pixels".to_owned());
        let data = data.and_then(|data| self.payload_of(*data));
        let pixels = data.and_then(|data| self.pixels_of(&mode, (width, height), data, items.get(3)));
        let file_name = items.get(5).and_then(|name| self.string(*name)).filter(|name| !name.is_empty());
        Some(Image { mode, width, height, info: items.first().copied(), file_name, pixels })
    }

    fn pixels_of(
        &self,
        mode: &str,
        (width, height): (u64, u64),
        data: Payload<'a>,
        palette: Option<&Edge>,
    ) -> Result<Pixels<'a>, String> {
        let code = match mode {
            "I" => Some("<i4"),
            "F" => Some("<f4"),
            "I;16" | "I;16L" | "I;16N" => Some("<u2"),
            "I;16B" => Some(">u2"),
            _ => None,
        };
        if let Some(code) = code {
            let shape = vec![height, width];
            let array = Array::new(**self, Dtype::from_code(code), shape, Order::C, Data::Bytes(data));
            return array.problem.clone().map_or(Ok(Pixels::Numbers(Box::new(array))), Err);
        }
        let bands = Bands::of(mode).ok_or_else(|| format!("pixels of mode {mode} are not shown"))?;
        let palette = palette.map(|palette| self.palette_of(*palette)).unwrap_or_default();
        let colours = Colours { bands, width, data, palette };
        let needed = colours.line_bytes().checked_mul(height);
        match needed {
            Some(needed) if needed <= colours.data.at_most() => Ok(Pixels::Colours(colours)),
            _ => Err(format!(
                "{width} x {height} pixels of mode {mode} need more bytes than the {} that are there",
                colours.data.at_most()
            )),
        }
    }

    /// Red, green and blue one after the other, as a list of numbers or as bytes.
    fn palette_of(&self, edge: Edge) -> Vec<[u8; 3]> {
        let bytes = self.bytes_of(edge).or_else(|| {
            let number = |edge: Edge| self.int(edge).and_then(|number| u8::try_from(number).ok());
            self.sequence(edge)?.into_iter().take(3 * PALETTE).map(number).collect()
        });
        let bytes = bytes.unwrap_or_default();
        bytes.chunks_exact(3).take(PALETTE).map(|colour| [colour[0], colour[1], colour[2]]).collect()
    }
}

impl Colours<'_> {
    /// Bytes of one line.
    #[must_use]
    pub fn line_bytes(&self) -> u64 {
        match self.bands {
            Bands::Bit => self.width.div_ceil(8),
            bands => self.width.saturating_mul(bands.count()),
        }
    }

    /// What of the colours is not shown as it is, in words.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        (self.bands == Bands::Lab).then_some("only the lightness is shown")
    }

    /// Red, green, blue and alpha of the pixels of a line; fewer where the bytes end. The line is read at once.
    ///
    /// # Errors
    /// Why they cannot be read, in words.
    pub fn line(&self, row: u64) -> Result<impl Iterator<Item = [u8; 4]> + '_, String> {
        let length = self.line_bytes();
        let bytes = self.data.read(row.saturating_mul(length), length)?;
        let size = self.bands.count() as usize;
        let there = if self.bands == Bands::Bit { bytes.len().saturating_mul(8) } else { bytes.len() / size };
        let count = usize::try_from(self.width).unwrap_or(usize::MAX).min(there);
        Ok((0..count).map(move |at| match self.bands {
            Bands::Bit if bytes[at / 8] >> (7 - at % 8) & 1 == 1 => [255; 4],
            Bands::Bit => [0, 0, 0, 255],
            _ => self.colour(&bytes[at * size..(at + 1) * size]),
        }))
    }

    fn colour(&self, pixel: &[u8]) -> [u8; 4] {
        let opaque = |[red, green, blue]: [u8; 3]| [red, green, blue, 255];
        let listed = |index: u8| self.palette.get(usize::from(index)).copied().unwrap_or([index; 3]);
        match (self.bands, pixel) {
            (Bands::Palette, &[index]) => opaque(listed(index)),
            (Bands::PaletteAlpha, &[index, alpha]) => {
                let [red, green, blue] = listed(index);
                [red, green, blue, alpha]
            }
            (Bands::GreyAlpha, &[grey, alpha]) => [grey, grey, grey, alpha],
            (Bands::Rgb, &[red, green, blue]) | (Bands::RgbPadded, &[red, green, blue, _]) => [red, green, blue, 255],
            (Bands::Rgba, &[red, green, blue, alpha]) => [red, green, blue, alpha],
            (Bands::Cmyk, &[cyan, magenta, yellow, black]) => {
                let light = |ink: u8| ((255 - u32::from(ink)) * (255 - u32::from(black)) + 127) / 255;
                opaque([cyan, magenta, yellow].map(|ink| light(ink) as u8))
            }
            (Bands::YCbCr, &[y, blue, red]) => opaque(from_ycbcr(f64::from(y), f64::from(blue), f64::from(red))),
            (Bands::Hsv, &[hue, saturation, value]) => opaque(from_hsv(hue, saturation, value)),
            (_, &[grey, ..]) => [grey, grey, grey, 255],
            (_, []) => [0; 4],
        }
    }
}

/// JPEG's colours (ITU-T T.871).
fn from_ycbcr(y: f64, blue: f64, red: f64) -> [u8; 3] {
    let (blue, red) = (blue - 128.0, red - 128.0);
    [y + 1.402 * red, y - 0.344_14 * blue - 0.714_14 * red, y + 1.772 * blue]
        .map(|light| light.round().clamp(0.0, 255.0) as u8)
}

/// Hue, saturation and value of 0 to 255 each (Foley and van Dam, as `Convert.c` has it).
fn from_hsv(hue: u8, saturation: u8, value: u8) -> [u8; 3] {
    let sector = f64::from(hue) * 6.0 / 255.0;
    let (share, saturation, most) = (sector.fract(), f64::from(saturation) / 255.0, f64::from(value));
    let light = |less: f64| (most * (1.0 - less)).round().clamp(0.0, 255.0) as u8;
    let (low, falling, rising) = (light(saturation), light(saturation * share), light(saturation * (1.0 - share)));
    match sector as u8 % 6 {
        0 => [value, rising, low],
        1 => [falling, value, low],
        2 => [low, value, rising],
        3 => [low, falling, value],
        4 => [rising, low, value],
        _ => [value, low, falling],
    }
}
