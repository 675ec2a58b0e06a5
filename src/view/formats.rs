//! The formats that a value can be saved in: what works, and nothing else.

use super::card::{Body, Format, PictureSlot};
use super::cards;
use crate::export::Fits;
use crate::graph::NodeId;
use crate::lens::Lens;

/// Formats that fit a value, the most special ones first.
#[must_use]
pub fn formats_for(lens: &Lens<'_>, node: NodeId) -> Vec<Format> {
    let fits = Fits::of(lens, node);
    let mut formats: Vec<Format> = special(&fits).collect();
    formats.extend(picture_of(lens, node).map(|_| Format::Png));
    formats.extend([Format::PlainJson, Format::Json, Format::Tree]);
    formats.extend(fits.raw.then_some(Format::Raw));
    formats
}

/// Formats of a whole document: those made for its only value, then those of every document.
#[must_use]
pub fn formats_of_document(lens: &Lens<'_>, only_value: Option<NodeId>) -> Vec<Format> {
    let fits = only_value.map(|value| Fits::of(lens, value));
    fits.iter().flat_map(special).chain(OF_DOCUMENT).collect()
}

/// The format made for a value, when there is one.
#[must_use]
pub fn made_for(lens: &Lens<'_>, node: NodeId) -> Option<Format> {
    special(&Fits::of(lens, node)).next().or_else(|| {
        let picture = picture_of(lens, node)?;
        (!picture.is_heat_map).then_some(Format::Png)
    })
}

/// Formats for what a value is, the most special ones first.
fn special(fits: &Fits) -> impl Iterator<Item = Format> + use<> {
    let formats = [
        (fits.npy, Format::Npy),
        (fits.csv, Format::Csv),
        (fits.csv, Format::Tsv),
        (fits.npz, Format::Npz),
        (fits.safetensors, Format::Safetensors),
    ];
    formats.into_iter().filter_map(|(fits, format)| fits.then_some(format))
}

/// The picture on the card of a value.
#[must_use]
pub fn picture_of(lens: &Lens<'_>, node: NodeId) -> Option<PictureSlot> {
    let sections = cards::card(lens, node)?.sections;
    sections.into_iter().find_map(|section| match section.body {
        Body::Picture(slot) => Some(slot),
        _ => None,
    })
}

/// Formats of every document.
const OF_DOCUMENT: [Format; 7] =
    [Format::Json, Format::PlainJson, Format::Python, Format::Tree, Format::Html, Format::Dis, Format::Raw];

impl Format {
    /// Every format.
    pub const ALL: [Self; 13] = [
        Self::Json,
        Self::PlainJson,
        Self::Csv,
        Self::Tsv,
        Self::Npy,
        Self::Npz,
        Self::Safetensors,
        Self::Png,
        Self::Tree,
        Self::Dis,
        Self::Raw,
        Self::Python,
        Self::Html,
    ];

    /// Its word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::PlainJson => "plain-json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Npy => "npy",
            Self::Npz => "npz",
            Self::Safetensors => "safetensors",
            Self::Png => "png",
            Self::Tree => "tree",
            Self::Dis => "dis",
            Self::Raw => "raw",
            Self::Python => "python",
            Self::Html => "html",
        }
    }

    /// What the name of a file ends with.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json | Self::PlainJson => "json",
            Self::Tree => "txt",
            Self::Raw => "bin",
            Self::Python => "py",
            other => other.word(),
        }
    }
}
