//! Pictures of a report: heat maps and images of arrays as PNG, spreads of numbers as drawings.

use super::text::{escaped, text};
use crate::view::card::Histogram;
use data_encoding::BASE64;

/// A picture of a value.
pub struct HtmlFigure {
    /// Where the value is.
    pub path: String,
    /// What it is: its type and shape, what the picture shows, the ends of its scale.
    pub words: Vec<String>,
    /// What it looks like.
    pub drawing: Drawing,
}

/// What a figure shows.
pub enum Drawing {
    /// A PNG file, and its pixels across and down.
    Png(Vec<u8>, u32, u32),
    /// How numbers spread.
    Histogram(Histogram),
}

impl HtmlFigure {
    /// The figure.
    #[must_use]
    pub fn html(&self) -> String {
        let words = self.words.iter().filter(|words| !words.is_empty()).map(|words| text(words));
        let words = words.collect::<Vec<String>>().join(" · ");
        let drawing = match &self.drawing {
            Drawing::Png(bytes, width, height) => {
                let alt = escaped(self.words.first().map_or("", String::as_str)).into_owned();
                let (width, height) = enlarged(*width, *height);
                let data = BASE64.encode(bytes);
                format!(
                    "<img src=\"data:image/png;base64,{data}\" width=\"{width}\" height=\"{height}\" alt=\"{alt}\">"
                )
            }
            Drawing::Histogram(histogram) => bars(histogram),
        };
        format!("<figure>{drawing}<figcaption><code>{}</code><br>{words}</figcaption></figure>\n", text(&self.path))
    }
}

/// The same proportions, large enough to be seen.
fn enlarged(width: u32, height: u32) -> (u32, u32) {
    const ACROSS: u32 = 256;
    let times = (ACROSS / width.max(height).max(1)).max(1);
    (width.saturating_mul(times), height.saturating_mul(times))
}

/// A bar for each range.
fn bars(histogram: &Histogram) -> String {
    const ACROSS: f64 = 256.0;
    const DOWN: f64 = 96.0;
    let most = histogram.counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    let width = ACROSS / histogram.counts.len().max(1) as f64;
    let (low, high) = (escaped(&histogram.low), escaped(&histogram.high));
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {ACROSS} {DOWN}\" role=\"img\" aria-label=\"Histogram from {low} to {high}\" width=\"{ACROSS}\" height=\"{DOWN}\">"
    );
    for (index, &count) in histogram.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (count as f64 / most * (DOWN - 2.0)).max(1.0);
        let (x, y) = (index as f64 * width, DOWN - height);
        svg.push_str(&format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
            (width - 0.5).max(0.5)
        ));
    }
    svg.push_str("</svg>");
    svg
}
