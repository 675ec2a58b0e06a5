//! One row of bytes.

use super::icons::{level_class, level_icon};
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
    /// Bytes in this row.
    pub length: u64,
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

/// One row of bytes. A screen has hundreds of cells, so each has no more than it needs: a byte is a cell once, among the digits, the
/// characters beside them are runs that look alike, and which byte a cell is follows from its place in the row.
#[component]
pub fn HexRow(props: &HexRowProps) -> Html {
    let start = props.index * props.per_row;
    let drawn = use_mut_ref(|| None::<(Html, Html)>);
    // While bytes are on their way the elements of the row that was here before stay, out of sight: to draw hundreds of cells empty
    // and then once more is what scrolling would wait for.
    let before = drawn.take().filter(|_| props.bytes.is_none());
    let (bytes, text) = before.unwrap_or_else(|| props.cells(start));
    // But for a cell with an id: that is in another place by then.
    if props.cursor.is_none() {
        drawn.replace(Some((bytes.clone(), text.clone())));
    }
    let is_pending = props.bytes.is_none();
    let offset = (!is_pending).then(|| start.to_string());
    html! {
        <div class={classes!("hex-row", is_pending.then_some("hex-pending"))} role="row" id={format!("{}-{}", props.id, props.index)} data-start={offset} aria-rowindex={(props.index + 1).to_string()}>
            <span class="hex-offset" role="rowheader">{ format!("{start:08x}") }</span>
            { bytes }
            { text }
            { for note(&props.marks) }
        </div>
    }
}

/// How a byte is drawn.
#[derive(PartialEq, Default)]
struct Look {
    /// Classes, each with a space before it.
    class: String,
    /// Whether what it is for begins with it.
    begins: bool,
}

impl HexRowProps {
    /// The bytes and the characters beside them.
    fn cells(&self, start: u64) -> (Html, Html) {
        let digits = self.bytes.clone().unwrap_or_default();
        let looks: Vec<Look> = (0..self.length).map(|index| self.look_of(start + index)).collect();
        let is_selected = |offset: u64| (self.range.0..self.range.1).contains(&offset) || self.cursor == Some(offset);
        let cell = |(index, look): (usize, &Look)| {
            let offset = start + index as u64;
            let digits = digits.get(index * 2..index * 2 + 2).unwrap_or("  ");
            let has_cursor = self.cursor == Some(offset);
            // What the byte is for, for those who hear it.
            let label = self.span_at(offset).filter(|_| has_cursor);
            let label = label.map(|span| AttrValue::from(format!("{digits}, {}", span.label)));
            let selected = (!self.spans.is_empty() && is_selected(offset)).then_some("true");
            // Only the cell that has the keyboard is pointed at by its id.
            let id = has_cursor.then(|| format!("{}-byte-{offset}", self.id));
            let gap = if index % 8 == 7 { " hex-gap" } else { "" };
            let begins = if look.begins { " kind-start" } else { "" };
            html! {
                <span role="gridcell" {id} aria-label={label} aria-selected={selected} class={format!("hex-digits{}{begins}{gap}", look.class)}>
                    { digits.to_owned() }
                </span>
            }
        };
        let run = |(text, look): (String, &Look)| {
            let begins = if look.begins { " kind-start" } else { "" };
            html! { <span class={format!("hex-run{}{begins}", look.class)}>{ text }</span> }
        };
        let bytes = html! {
            <span class={format!("hex-bytes hex-bytes-{}", self.per_row)} role="presentation">
                { for looks.iter().enumerate().map(cell) }
            </span>
        };
        let text = html! {
            <span class="hex-text" role="gridcell">{ for runs(&digits, &looks).into_iter().map(run) }</span>
        };
        (bytes, text)
    }

    fn span_at(&self, offset: u64) -> Option<&ByteSpan> {
        self.spans.iter().find(|span| (span.start..span.end).contains(&offset))
    }

    fn look_of(&self, offset: u64) -> Look {
        let inside = |range: (u64, u64)| (range.0..range.1).contains(&offset);
        let mut look = Look::default();
        let mut add = |words: &[&str]| words.iter().for_each(|word| look.class.push_str(word));
        let marked = self.marks.iter().filter(|mark| inside((mark.start, mark.end))).max_by_key(|mark| mark.level);
        if let Some(mark) = marked {
            add(&[" hex-marked ", level_class(mark.level)]);
        }
        let span = self.span_at(offset);
        if let Some(span) = span {
            add(&[" kind-", span.kind.word()]);
        }
        if inside(self.own) {
            add(&[" hex-own"]);
        } else if inside(self.span) {
            add(&[" hex-span"]);
        }
        if inside(self.range) {
            add(&[" hex-range"]);
        }
        if self.cursor == Some(offset) {
            add(&[" hex-cursor"]);
        }
        look.begins = span.is_some_and(|span| span.start == offset);
        look
    }
}

/// The characters of a row in runs that look alike.
fn runs<'a>(digits: &str, looks: &'a [Look]) -> Vec<(String, &'a Look)> {
    let mut runs: Vec<(String, &Look)> = Vec::new();
    for (pair, look) in digits.as_bytes().chunks_exact(2).zip(looks) {
        let byte = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
        let shown = if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '·' };
        match runs.last_mut() {
            Some((text, first)) if !look.begins && first.class == look.class => text.push(shown),
            _ => runs.push((shown.to_string(), look)),
        }
    }
    runs
}

/// The worst mark of a row, as a shape with words.
fn note(marks: &[ByteMark]) -> Option<Html> {
    let worst = marks.iter().max_by_key(|mark| mark.level)?;
    let words = format!("{}: {}", worst.level.word(), worst.words);
    Some(html! {
        <span role="gridcell" class={classes!("hex-note", level_class(worst.level))} title={words.clone()}>
            { level_icon(worst.level) }<span class="visually-hidden">{ words }</span>
        </span>
    })
}
