//! Images of Pillow in every mode, against the colours that Pillow gives (`fixtures/images`, written by
//! `scripts/fixtures/gen_images.py`).

use crate::support::assemble::root;
use crate::support::{fixture, open};
use data_encoding::{BASE64, HEXLOWER};
use picklescope::document::Document;
use picklescope::view::card::{Body, Format, PictureSlot};
use serde_json::Value;

fn picture_slot(document: &Document) -> Option<PictureSlot> {
    let sections = document.card(root(document).0)?.sections;
    sections.into_iter().find_map(|section| match section.body {
        Body::Picture(slot) => Some(slot),
        _ => None,
    })
}

#[test]
fn pixels_have_the_colours_that_pillow_gives() {
    let truth: Vec<Value> = serde_json::from_slice(&fixture("images/truth.json")).unwrap();
    assert!(truth.len() >= 38);
    for row in truth {
        let file = row["file"].as_str().unwrap();
        let document = open(&fixture(&format!("images/{file}")));
        let size: Vec<u64> = row["size"].as_array().unwrap().iter().map(|side| side.as_u64().unwrap()).collect();
        let Some(slot) = picture_slot(&document) else {
            assert_eq!(size, [0, 0], "{file}");
            continue;
        };
        assert_eq!(vec![slot.width, slot.height], size, "{file}");
        let picture = document.picture(root(&document).0, slot.part, &[], 1024).unwrap();
        let Some(rgba) = row["rgba"].as_str() else {
            assert!(slot.is_heat_map, "{file}");
            assert_eq!(picture.scale, Some(("300".to_owned(), "300".to_owned())), "{file}");
            continue;
        };
        let (shown, truth) =
            (BASE64.decode(picture.pixels.as_bytes()).unwrap(), HEXLOWER.decode(rgba.as_bytes()).unwrap());
        assert_eq!(shown.len(), truth.len(), "{file}");
        // Pillow computes colours of YCbCr and HSV with whole numbers: they may differ by one.
        let is_exact = !matches!(row["mode"].as_str(), Some("YCbCr" | "HSV"));
        let allowed = if is_exact { 0 } else { 1 };
        let is_same = shown.iter().zip(&truth).all(|(shown, truth)| shown.abs_diff(*truth) <= allowed);
        assert!(is_same, "{file}:\n{}\n{}", HEXLOWER.encode(&shown), HEXLOWER.encode(&truth));
    }
}

#[test]
fn an_image_is_saved_as_png_at_once_and_says_what_its_file_said() {
    let document = open(&fixture("images/pillow-13.0/png.p4.pkl"));
    let card = document.card(root(&document).0).unwrap();
    assert_eq!(card.save_as, Some(Format::Png));
    let facts: Vec<_> = card.facts.iter().map(|fact| (fact.name.as_str(), fact.value.as_str())).collect();
    assert_eq!(facts, [("size", "13 x 6 pixels"), ("mode", "RGBA (RGB with alpha)")]);
    let titles: Vec<_> = card.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Image", "Info"]);
}

#[test]
fn sizes_that_the_pixels_do_not_fill_are_said() {
    let mut bytes = fixture("images/pillow-13.0/rgba.p4.pkl");
    let at = bytes.windows(4).position(|four| four == [b'K', 13, b'K', 6]).unwrap();
    bytes[at + 1] = 200;
    let document = open(&bytes);
    let card = document.card(root(&document).0).unwrap();
    assert_eq!(card.remarks, ["200 x 6 pixels of mode RGBA need more bytes than the 312 that are there"]);
    assert!(picture_slot(&document).is_none());
    assert!(document.picture(root(&document).0, 0, &[], 1024).is_none());
}
