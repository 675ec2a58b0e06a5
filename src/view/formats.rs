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
    let special = [
        (fits.csv, Format::Csv),
        (fits.csv, Format::Tsv),
        (fits.npy, Format::Npy),
        (fits.npz, Format::Npz),
        (fits.safetensors, Format::Safetensors),
        (picture_of(lens, node).is_some(), Format::Png),
        (true, Format::PlainJson),
        (true, Format::Json),
        (true, Format::Tree),
        (fits.raw, Format::Raw),
    ];
    special.into_iter().filter_map(|(fits, format)| fits.then_some(format)).collect()
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

/// Formats of a whole document.
pub const OF_DOCUMENT: [Format; 7] =
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
