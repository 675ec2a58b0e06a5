//! The bytes of the file: those of the selection marked, and those that something was found at.

use super::icons::{level_class, level_icon, level_word};
use crate::protocol::{Target, ask};
use crate::view::ByteMark;
use crate::web::actions::{Actions, use_actions};
use crate::web::dom;
use crate::web::resize::use_resize;
use crate::web::rows::{CHUNK, Rows, Source, use_rows};
use crate::web::state::Place;
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// As wide as a row of 16: offset, digits, gaps, characters, scroll bar.
const RULER: &str = "0000000000111111111122222222223333333333444444444455555555556666666666777777777788";

/// Properties of [`Hex`].
#[derive(Properties, PartialEq)]
pub struct HexProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of the file.
    pub size: u64,
    /// Bytes of everything that made the selection.
    pub span: (u64, u64),
    /// Bytes of the selection itself.
    pub own: (u64, u64),
    /// The byte to show first, when it is not the first of these.
    pub asked: Option<u64>,
}

/// The bytes of the file: as many in a row as there is room for.
#[component]
pub fn Hex(props: &HexProps) -> Html {
    let frame = use_node_ref();
    let ruler = use_node_ref();
    let per_row = use_state_eq(|| 16_u64);
    {
        let per_row = per_row.clone();
        use_resize([frame.clone(), ruler.clone()], move |[frame, ruler]| {
            let room = f64::from(frame.client_width()) / ruler.get_bounding_client_rect().width().max(1.0);
            per_row.set(match room {
                room if room >= 1.0 => 16,
                room if room >= 0.6 => 8,
                _ => 4,
            });
        });
    }
    html! {
        <div class="hex-frame" ref={frame}>
            <span ref={ruler} key="ruler" class="hex-ruler" aria-hidden="true">{ RULER }</span>
            <HexList key={*per_row} per_row={*per_row} generation={props.generation} size={props.size} span={props.span}
                own={props.own} asked={props.asked} />
        </div>
    }
}

/// Properties of [`HexList`].
#[derive(Properties, PartialEq)]
pub struct HexListProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of the file.
    pub size: u64,
    /// Bytes of everything that made the selection.
    pub span: (u64, u64),
    /// Bytes of the selection itself.
    pub own: (u64, u64),
    /// The byte to show first, when it is not the first of these.
    pub asked: Option<u64>,
    /// Bytes in a row.
    pub per_row: u64,
}

/// The rows.
#[component]
pub fn HexList(props: &HexListProps) -> Html {
    let actions = use_actions();
    let per_row = props.per_row;
    let total = props.size.div_ceil(per_row);
    let rows: Rows<Piece> = use_rows((props.generation, per_row as u32), total, None, || {
        Source::new(
            move |first, count| ask::Hex { start: first * per_row, count: count * per_row as u32 },
            |window| vec![Piece { digits: window.digits.into_bytes(), marks: window.marks }],
        )
    });
    let cursor = use_state_eq(|| props.asked.unwrap_or(props.own.0));
    let reveal = use_state_eq(|| 0_u32);
    {
        let (cursor, reveal) = (cursor.clone(), reveal.clone());
        use_effect_with((props.own, props.asked, props.generation), move |&((start, _), asked, _)| {
            cursor.set(asked.unwrap_or(start));
            reveal.set(*reveal + 1);
        });
    }
    let place = Place { row: *cursor / per_row, reveal: *reveal };
    let row = {
        let (rows, own, span, cursor) = (rows.clone(), props.own, props.span, *cursor);
        Callback::from(move |index: u64| {
            let start = index * per_row;
            let clip =
                |range: (u64, u64)| (range.0.clamp(start, start + per_row), range.1.clamp(start, start + per_row));
            let bytes = digits_of(&rows, index, per_row);
            let cursor = (start..start + per_row).contains(&cursor).then_some(cursor);
            let marks = marks_of(&rows, index, per_row);
            html! {
                <HexRow key={index.to_string()} {index} {per_row} {bytes} own={clip(own)} span={clip(span)} {cursor} {marks} />
            }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let onclick = {
        let (actions, cursor) = (actions.clone(), cursor.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(offset) = dom::data_of(&event, "byte").and_then(|offset| offset.parse().ok()) {
                cursor.set(offset);
                actions.select(Target::Offset(offset));
            }
        })
    };
    let again = rows.again("Some bytes");
    // A row whose bytes are not here has no cell to point at.
    let active = rows.get(place.row / CHUNK * CHUNK).map(|_| AttrValue::from(format!("hex-byte-{}", *cursor)));
    let onkeydown = {
        let (size, rows, at) = (props.size, rows, *cursor);
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let Some(to) = key(&event.key(), at, size, per_row, rows.window().page, &actions) else { return };
            event.prevent_default();
            event.stop_propagation();
            cursor.set(to);
            reveal.set(*reveal + 1);
        })
    };
    html! {
        <>
        <VirtualList key="list" id="hex" role="grid" label="Bytes of the file" class="hex" {total} columns={per_row as u32 + 3}
            focus={Some(place.row)} reveal={place.reveal} {active} {row} {onwindow} {onclick} {onkeydown} />
        { again }
        </>
    }
}

/// Where a key moves the cursor.
fn key(key: &str, at: u64, size: u64, per_row: u64, page: u64, actions: &Actions) -> Option<u64> {
    let last = size.checked_sub(1)?;
    let to = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + per_row,
        "ArrowUp" => at.checked_sub(per_row).unwrap_or(at),
        "PageDown" => at + per_row * page.max(1),
        "PageUp" => at.saturating_sub(per_row * page.max(1)),
        "Home" => at - at % per_row,
        "End" => at - at % per_row + per_row - 1,
        "Enter" | " " => {
            actions.select(Target::Offset(at));
            at
        }
        _ => return None,
    };
    Some(to.min(last))
}

/// An answer.
struct Piece {
    digits: Vec<u8>,
    marks: Vec<ByteMark>,
}

/// An answer comes in one piece; these are the marks in one row.
fn marks_of(rows: &Rows<Piece>, index: u64, per_row: u64) -> Rc<[ByteMark]> {
    let (start, end) = (index * per_row, (index + 1) * per_row);
    let piece = rows.get(index / CHUNK * CHUNK);
    let marks = piece.iter().flat_map(|piece| &piece.marks);
    marks.filter(|mark| mark.start < end && mark.end > start).cloned().collect()
}

/// The digits of one row.
fn digits_of(rows: &Rows<Piece>, index: u64, per_row: u64) -> Option<AttrValue> {
    let (chunk, line) = (index / CHUNK, (index % CHUNK) as usize);
    let piece = rows.get(chunk * CHUNK)?;
    let digits = &piece.digits;
    let width = per_row as usize * 2;
    let piece = digits.get(line * width..digits.len().min((line + 1) * width))?;
    std::str::from_utf8(piece).ok().map(|piece| AttrValue::from(piece.to_owned()))
}

/// Properties of [`HexRow`].
#[derive(Properties, PartialEq)]
pub struct HexRowProps {
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
    /// The byte that has the keyboard, when it is in this row.
    pub cursor: Option<u64>,
    /// Instructions with a byte in this row that something was found at.
    pub marks: Rc<[ByteMark]>,
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
    let class_of = |offset: u64| {
        let inside = |range: (u64, u64)| (range.0..range.1).contains(&offset);
        let marked = props.marks.iter().filter(|mark| inside((mark.start, mark.end))).max_by_key(|mark| mark.level);
        classes!(
            marked.map(|mark| classes!("hex-marked", level_class(mark.level))),
            inside(props.own).then_some("hex-own"),
            (inside(props.span) && !inside(props.own)).then_some("hex-span"),
            (props.cursor == Some(offset)).then_some("hex-cursor"),
        )
    };
    let cell = |index: usize, byte: u8| {
        let offset = start + index as u64;
        let gap = (index % 8 == 7).then_some("hex-gap");
        html! {
            <span role="gridcell" id={format!("hex-byte-{offset}")} data-byte={offset.to_string()}
                class={classes!("hex-digits", class_of(offset), gap)}>{ format!("{byte:02x}") }</span>
        }
    };
    let character = |index: usize, byte: u8| {
        let offset = start + index as u64;
        let shown = if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '·' };
        let class = classes!(class_of(offset), (shown == '·').then_some("hex-dot"));
        html! { <span data-byte={offset.to_string()} {class}>{ shown.to_string() }</span> }
    };
    html! {
        <div class="hex-row" role="row" id={format!("hex-{}", props.index)} aria-rowindex={(props.index + 1).to_string()}>
            <span class="hex-offset" role="rowheader">{ format!("{start:08x}") }</span>
            <span class={format!("hex-bytes hex-bytes-{}", props.per_row)} role="presentation">
                { for bytes.iter().enumerate().map(|(index, byte)| cell(index, *byte)) }
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
