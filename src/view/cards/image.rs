//! Images of Pillow: the picture, and what the file that it came from said.

use super::array::entry;
use super::array_picture;
use crate::graph::NodeId;
use crate::lens::{Colours, Image, Lens, Pixels, grouped};
use crate::view::card::{Body, Card, CardFact, Entry, Picture, PictureSlot, Section};
use crate::view::raster::{self, Raster};
use data_encoding::BASE64;

/// Bytes read for one picture.
const BUDGET: u64 = 48 << 20;
/// Entries of what the file said.
const INFO: usize = 64;

/// The card of an image.
pub(super) fn card(lens: &Lens<'_>, node: NodeId) -> Option<Card> {
    let image = lens.image(node)?;
    let size = format!("{} x {} pixels", grouped(image.width), grouped(image.height));
    let mut card = Card { kind: "image".to_owned(), ..Card::default() };
    card.facts.push(CardFact::new("size", size.clone()));
    card.facts.push(CardFact::new("mode", mode_words(&image.mode)));
    card.facts.extend(image.file_name.clone().map(|name| CardFact::new("opened from", name)));
    match &image.pixels {
        Err(reason) => card.remarks.push(reason.clone()),
        Ok(_) if image.width == 0 || image.height == 0 => {}
        Ok(Pixels::Numbers(array)) => {
            if let Some(slot) = array_picture::slot(array) {
                card.sections.push(Section::new("Heat map", size, Body::Picture(slot)));
            }
        }
        Ok(Pixels::Colours(_)) => card.sections.push(Section::new("Image", size, Body::Picture(slot(&image)))),
    }
    let info = image.info.map(|info| lens.named_values(info)).unwrap_or_default();
    let entries: Vec<Entry> = info.iter().take(INFO).map(|(name, value)| entry(lens, name, *value)).collect();
    if !entries.is_empty() {
        card.sections.push(Section::new("Info", "as the file said that was opened", Body::Entries(entries)));
    }
    Some(card)
}

fn slot(image: &Image<'_>) -> PictureSlot {
    PictureSlot {
        part: 0,
        width: image.width,
        height: image.height,
        description: format!("image of {} x {} pixels", grouped(image.width), grouped(image.height)),
        slices: Vec::new(),
        is_heat_map: false,
    }
}

/// A mode in words.
fn mode_words(mode: &str) -> String {
    let words = match mode {
        "1" => "black and white",
        "L" => "grey",
        "LA" => "grey with alpha",
        "P" => "colours of a palette",
        "PA" => "colours of a palette with alpha",
        "RGBA" => "RGB with alpha",
        "I" => "whole numbers of 32 bits",
        "F" => "floats of 32 bits",
        "I;16" | "I;16L" | "I;16B" | "I;16N" => "whole numbers of 16 bits",
        _ => return mode.to_owned(),
    };
    format!("{mode} ({words})")
}

/// The picture of an image, at most `width` pixels across.
pub(super) fn picture(lens: &Lens<'_>, node: NodeId, part: u32, width: u32) -> Option<Picture> {
    let image = lens.image(node)?;
    match image.pixels.ok()? {
        Pixels::Numbers(array) => array_picture::picture(&array, part, &[], width),
        Pixels::Colours(colours) if part == 0 && image.width > 0 && image.height > 0 => {
            let painted = paint(&colours, (image.width, image.height), width);
            Some(painted.unwrap_or_else(|note| Picture { note, ..Picture::default() }))
        }
        Pixels::Colours(_) => None,
    }
}

fn paint(colours: &Colours<'_>, (width, height): (u64, u64), most: u32) -> Result<Picture, String> {
    if colours.line_bytes() > BUDGET {
        return Err(format!("a line of {} bytes is too long for a picture", grouped(colours.line_bytes())));
    }
    let size = raster::size(height, width, most);
    let mut bands: [Raster; 4] = std::array::from_fn(|_| Raster::new(size));
    let affordable = (BUDGET / colours.line_bytes().max(1) / u64::from(size.1)).max(1);
    let mut read = 0u64;
    for y in 0..size.1 {
        let edge = |y: u32| (u128::from(y) * u128::from(height) / u128::from(size.1)) as u64;
        let (first, end) = (edge(y), edge(y + 1));
        for row in first..end.min(first.saturating_add(affordable)) {
            read += 1;
            for (column, colour) in colours.line(row)?.enumerate() {
                let x = (column as u128 * u128::from(size.0) / u128::from(width)) as u32;
                for (band, value) in bands.iter_mut().zip(colour) {
                    band.add(x, y, f64::from(value));
                }
            }
        }
    }
    let means = bands.each_ref().map(Raster::means);
    let byte = |band: &Vec<f64>, at: usize| band[at].round().clamp(0.0, 255.0) as u8;
    let pixels: Vec<u8> = (0..means[0].len()).flat_map(|at| means.each_ref().map(|band| byte(band, at))).collect();
    let mut notes: Vec<String> = colours.note().map(str::to_owned).into_iter().collect();
    if read < height {
        notes.push(format!("{} of {} lines were read, spread evenly", grouped(read), grouped(height)));
    }
    if u64::from(size.0) < width || u64::from(size.1) < height {
        let (wide, tall) = (width.div_ceil(u64::from(size.0)), height.div_ceil(u64::from(size.1)));
        notes.push(format!("a pixel is the mean of up to {wide} x {tall}"));
    }
    Ok(Picture { width: size.0, height: size.1, pixels: BASE64.encode(&pixels), scale: None, note: notes.join("; ") })
}
