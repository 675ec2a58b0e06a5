//! One row of bytes.

use super::icons::{level_class, level_icon, level_word};
use crate::bytes::ByteSpan;
use crate::view::ByteMark;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`HexRow`].
#[derive(Properties, PartialEq)]
pub struct HexRowProps {
    /// Id of the list.
    pub id: AttrValue,
    /// Its position.
    pub index: u64,
    /// Bytes in a row.
    pub per_row: u64,
    /// Two digits a byte; `None` while they are on their way.
    pub bytes: Option<AttrValue>,
    /// Bytes of the selection in this row.
    pub own: (u64, u64),
    /// Bytes of everything that made it in this row.
    pub span: (u64, u64),
    /// Bytes of the range that is selected in this row.
    pub range: (u64, u64),
    /// The byte that has the keyboard, when it is in this row.
    pub cursor: Option<u64>,
    /// Instructions with a byte in this row that something was found at.
    pub marks: Rc<[ByteMark]>,
    /// What the bytes of this row are for, where they are tinted.
    pub spans: Rc<[ByteSpan]>,
}

/// One row of bytes.
#[component]
pub fn HexRow(props: &HexRowProps) -> Html {
    let start = props.index * props.per_row;
    let digits = props.bytes.clone().unwrap_or_default();
    let bytes: Rc<[u8]> = digits
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let span_at = |offset: u64| props.spans.iter().find(|span| (span.start..span.end).contains(&offset));
    // A screen has more than a thousand of these, so no list of classes is made for each.
    let class_of = |offset: u64, class: &mut String| {
        let inside = |range: (u64, u64)| (range.0..range.1).contains(&offset);
        let mut add = |prefix: &str, word: &str| {
            for part in [" ", prefix, word] {
                class.push_str(part);
            }
        };
        let marked = props.marks.iter().filter(|mark| inside((mark.start, mark.end))).max_by_key(|mark| mark.level);
        if let Some(mark) = marked {
            add("", "hex-marked");
            add("", level_class(mark.level));
        }
        if let Some(span) = span_at(offset) {
            if span.start == offset {
                add("", "kind-start");
            }
            add("kind-", span.kind.word());
        }
        if inside(props.own) {
            add("", "hex-own");
        } else if inside(props.span) {
            add("", "hex-span");
        }
        if inside(props.range) {
            add("", "hex-range");
        }
        if props.cursor == Some(offset) {
            add("", "hex-cursor");
        }
    };
    let is_selected = |offset: u64| (props.range.0..props.range.1).contains(&offset) || props.cursor == Some(offset);
    let cell = |index: usize| {
        let offset = start + index as u64;
        let digits = digits.get(index * 2..index * 2 + 2).unwrap_or_default();
        let mut class = "hex-digits".to_owned();
        class_of(offset, &mut class);
        if index % 8 == 7 {
            class.push_str(" hex-gap");
        }
        // What the byte is for, for those who hear it.
        let label = span_at(offset).filter(|_| props.cursor == Some(offset));
        let label = label.map(|span| AttrValue::from(format!("{digits}, {}", span.label)));
        let selected = (!props.spans.is_empty()).then(|| if is_selected(offset) { "true" } else { "false" });
        // Only the cell that has the keyboard is pointed at by its id.
        let id = (props.cursor == Some(offset)).then(|| format!("{}-byte-{offset}", props.id));
        html! {
            <span role="gridcell" {id} data-byte={offset.to_string()} aria-label={label} aria-selected={selected} {class}>
                { digits.to_owned() }
            </span>
        }
    };
    let character = |index: usize, byte: u8| {
        let offset = start + index as u64;
        let shown = if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '·' };
        let mut class = if shown == '·' { "hex-dot".to_owned() } else { String::new() };
        class_of(offset, &mut class);
        html! { <span data-byte={offset.to_string()} {class}>{ shown.to_string() }</span> }
    };
    html! {
        <div class="hex-row" role="row" id={format!("{}-{}", props.id, props.index)} aria-rowindex={(props.index + 1).to_string()}>
            <span class="hex-offset" role="rowheader">{ format!("{start:08x}") }</span>
            <span class={format!("hex-bytes hex-bytes-{}", props.per_row)} role="presentation">
                { for bytes.iter().enumerate().map(|(index, _)| cell(index)) }
            </span>
            <span class="hex-text" role="gridcell">
                { for bytes.iter().enumerate().map(|(index, byte)| character(index, *byte)) }
            </span>
            { for note(&props.marks) }
        </div>
    }
}

/// The worst mark of a row, as a shape with words.
fn note(marks: &[ByteMark]) -> Option<Html> {
    let worst = marks.iter().max_by_key(|mark| mark.level)?;
    let words = format!("{}: {}", level_word(worst.level), worst.words);
    Some(html! {
        <span role="gridcell" class={classes!("hex-note", level_class(worst.level))} title={words.clone()}>
            { level_icon(worst.level) }<span class="visually-hidden">{ words }</span>
        </span>
    })
}
