//! Pictures made of numbers: the colours, and many values to one pixel.

use super::card::Picture;
use data_encoding::BASE64;

/// Pixels down at most.
const HEIGHT: u64 = 1024;
/// Rows are as tall as columns are wide up to this ratio of the sides.
const RATIO: u64 = 16;

/// Sums of what falls on each pixel.
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    sums: Vec<f64>,
    counts: Vec<u32>,
}

/// Pixels across and down for so many columns and rows.
pub(crate) fn size(rows: u64, columns: u64, width: u32) -> (u32, u32) {
    let most = u64::from(width.max(1));
    let (across, down) = (columns.div_ceil(most).max(1), rows.div_ceil(HEIGHT).max(1));
    let is_long = rows / RATIO > columns || columns / RATIO > rows;
    let (across, down) = if is_long { (across, down) } else { (across.max(down), across.max(down)) };
    // Both are at most a few thousand.
    (columns.div_ceil(across).max(1) as u32, rows.div_ceil(down).max(1) as u32)
}

impl Raster {
    pub(crate) fn new((width, height): (u32, u32)) -> Self {
        let pixels = width as usize * height as usize;
        Self { width, height, sums: vec![0.0; pixels], counts: vec![0; pixels] }
    }

    /// Adds a value to a pixel; NaN is none.
    pub(crate) fn add(&mut self, x: u32, y: u32, value: f64) {
        let at = y as usize * self.width as usize + x as usize;
        if let (false, Some(sum), Some(count)) = (value.is_nan(), self.sums.get_mut(at), self.counts.get_mut(at)) {
            *sum += value;
            *count = count.saturating_add(1);
        }
    }

    /// The mean of what fell on each pixel; NaN where nothing did.
    pub(crate) fn means(&self) -> Vec<f64> {
        self.sums.iter().zip(&self.counts).map(|(sum, &count)| sum / f64::from(count)).collect()
    }

    /// How much fell on each pixel.
    pub(crate) fn counts(&self) -> Vec<f64> {
        self.counts.iter().map(|&count| f64::from(count)).collect()
    }
}

/// A pixel where there is no number: a grey that is none of the colours of the scale.
const NOTHING: [u8; 4] = [128, 128, 128, 255];

/// Numbers as colours between the smallest and the largest finite one.
pub(crate) fn heat_map(means: &[f64], width: u32, height: u32, spell: &dyn Fn(f64) -> String) -> Picture {
    let finite = means.iter().copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let colours = scale();
    let mut pixels = Vec::with_capacity(means.len() * 4);
    for &value in means {
        let share = if high > low { (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) } else { 0.5 };
        let pixel = match value {
            _ if value.is_nan() => NOTHING,
            f64::INFINITY => colours[255],
            f64::NEG_INFINITY => colours[0],
            _ => colours[(share * 255.0).round().clamp(0.0, 255.0) as usize],
        };
        pixels.extend_from_slice(&pixel);
    }
    let mut notes = Vec::new();
    if means.iter().any(|value| value.is_nan()) {
        notes.push("grey: no number");
    }
    if means.iter().any(|value| value.is_infinite()) {
        notes.push("infinite values have the colours of the ends");
    }
    Picture {
        width,
        height,
        pixels: BASE64.encode(&pixels),
        scale: (low <= high).then(|| (spell(low), spell(high))),
        note: notes.join("; "),
    }
}

/// Counts as colours, on a scale of logarithms; a pixel without anything is clear.
pub(crate) fn occupancy(counts: &[f64], width: u32, height: u32) -> Picture {
    let most = counts.iter().copied().fold(0.0, f64::max);
    let colours = scale();
    let mut pixels = Vec::with_capacity(counts.len() * 4);
    for &count in counts {
        let share = if most > 1.0 { count.ln() / most.ln() } else { 0.0 };
        // The light end of the scale is hard to see alone.
        let pixel = if count > 0.0 { colours[(share * 200.0).round().clamp(0.0, 200.0) as usize] } else { [0; 4] };
        pixels.extend_from_slice(&pixel);
    }
    let scale = (most > 1.0).then(|| ("1 per pixel".to_owned(), format!("{most} per pixel")));
    Picture { width, height, pixels: BASE64.encode(&pixels), scale, note: String::new() }
}

/// 256 colours from dark violet over blue and green to light yellow, whose lightness grows evenly: a path through Oklab
/// (Ottosson, "A perceptual color space for image processing", 2020).
fn scale() -> Vec<[u8; 4]> {
    let colour = |at: u32| {
        let share = f64::from(at) / 255.0;
        let lightness = 0.28 + 0.64 * share;
        let hue = (310.0 - 205.0 * share).to_radians();
        let chroma = 0.105 + 0.055 * (share * std::f64::consts::PI).sin() + 0.05 * share * share;
        let [red, green, blue] = from_oklab(lightness, chroma * hue.cos(), chroma * hue.sin());
        [red, green, blue, 255]
    };
    (0..256).map(colour).collect()
}

fn from_oklab(lightness: f64, a: f64, b: f64) -> [u8; 3] {
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let middle = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
    ]
    .map(|linear| {
        let shown = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        (shown * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_the_sides_apart_only_when_one_is_much_longer() {
        assert_eq!(size(30, 40, 1024), (40, 30));
        assert_eq!(size(4000, 2000, 1000), (500, 1000));
        assert_eq!(size(1_000_000, 20, 1024), (20, 1024));
        assert_eq!(size(1, 1, 1), (1, 1));
        assert!(size(u64::MAX, u64::MAX, 1024).0 <= 1024);
    }

    #[test]
    fn the_scale_grows_lighter_evenly() {
        let light = |pixel: &[u8; 4]| {
            let linear = [pixel[0], pixel[1], pixel[2]].map(|byte| (f64::from(byte) / 255.0).powf(2.2));
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let colours = scale();
        assert!(colours.windows(8).all(|window| light(&window[0]) < light(&window[7])));
        assert!(colours.iter().all(|pixel| pixel[..3] != NOTHING[..3]));
    }

    #[test]
    fn what_is_no_number_is_grey() {
        let picture = heat_map(&[0.0, 1.0, f64::NAN, f64::INFINITY], 2, 2, &|value| value.to_string());
        let pixels = BASE64.decode(picture.pixels.as_bytes()).unwrap_or_default();
        assert_eq!(pixels[8..12], NOTHING);
        assert_eq!(pixels[4..8], pixels[12..16]);
        assert_eq!(picture.scale, Some(("0".to_owned(), "1".to_owned())));
    }
}
