//! Bytes in hex and text: those of the selection marked, those that something was found at, and what each is for.

use super::hex_input::{InputOf, Marked, use_input};
use super::hex_row::HexRow;
use crate::bytes::ByteSpan;
use crate::protocol::ask;
use crate::view::ByteMark;
use crate::web::byte_range::Range;
use crate::web::resize::use_resize;
use crate::web::rows::{CHUNK, Rows, Source, use_rows};
use crate::web::state::Place;
use crate::web::virtual_list::VirtualList;
use std::rc::Rc;
use yew::prelude::*;

/// As wide as a row of 16: offset, digits, gaps, characters, scroll bar.
const RULER: &str = "0000000000111111111122222222223333333333444444444455555555556666666666777777777788";

/// Properties of [`Hex`].
#[derive(Clone, Properties, PartialEq)]
pub struct HexProps {
    /// Number of the file.
    pub generation: u32,
    /// Id of the list; parts of it have ids that begin with it.
    pub id: AttrValue,
    /// Number of the layer; that of the document without one.
    #[prop_or_default]
    pub layer: Option<u32>,
    /// How many bytes there are.
    pub size: u64,
    /// The selection.
    pub marked: Marked,
    /// Raised to show what is asked for once more.
    #[prop_or_default]
    pub again: u32,
    /// Whether bytes are tinted by what they are for, and ranges of them are selected.
    #[prop_or_default]
    pub is_tinted: bool,
    /// Told the range, whenever it changes.
    #[prop_or_default]
    pub onrange: Callback<Range>,
    /// Told of which kinds bytes were seen, a bit for each ([`crate::bytes::SpanKind::bit`]).
    #[prop_or_default]
    pub onkinds: Callback<u16>,
}

/// Bytes in hex and text: as many in a row as there is room for.
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
            <HexList key={format!("{}-{:?}", *per_row, props.layer)} per_row={*per_row} of={props.clone()} />
        </div>
    }
}

/// Properties of [`HexList`].
#[derive(Properties, PartialEq)]
pub struct HexListProps {
    /// What is shown.
    pub of: HexProps,
    /// Bytes in a row.
    pub per_row: u64,
}

/// The rows.
#[component]
pub fn HexList(props: &HexListProps) -> Html {
    let HexProps { generation, id, layer, size, marked, is_tinted, onrange, .. } = &props.of;
    let (generation, layer, size, marked, is_tinted) = (*generation, *layer, *size, *marked, *is_tinted);
    let per_row = props.per_row;
    let total = size.div_ceil(per_row);
    let rows: Rows<Piece> =
        use_rows((generation, per_row as u32), total, None, || Piece::source(per_row, layer, is_tinted));
    let input = use_input(InputOf { generation, marked, again: props.of.again, layer, is_tinted, size, per_row });
    let range = *input.range;
    {
        let onrange = onrange.clone();
        use_effect_with(range, move |range| onrange.emit(*range));
    }
    let mut kinds = 0;
    rows.each(|piece| kinds |= piece.kinds);
    {
        let onkinds = props.of.onkinds.clone();
        use_effect_with(kinds, move |kinds| onkinds.emit(*kinds));
    }
    let caret = range.caret;
    let place = Place { row: caret / per_row, reveal: *input.reveal };
    let selected = if is_tinted && range.anchor != caret { range.bytes() } else { (0, 0) };
    let row = {
        let (rows, id) = (rows.clone(), id.clone());
        Callback::from(move |index: u64| {
            let start = index * per_row;
            let clip =
                |range: (u64, u64)| (range.0.clamp(start, start + per_row), range.1.clamp(start, start + per_row));
            let bytes = digits_of(&rows, index, per_row);
            let cursor = (start..start + per_row).contains(&caret).then_some(caret);
            let piece = rows.get(index / CHUNK * CHUNK);
            let (marks, spans) = piece.map_or_else(Default::default, |piece| piece.within(start, start + per_row));
            html! {
                <HexRow id={id.clone()} {index} {per_row} length={per_row.min(size.saturating_sub(start))} {bytes} own={clip(marked.own)}
                    span={clip(marked.span)} range={clip(selected)} {cursor} {marks} {spans} />
            }
        })
    };
    let onwindow = {
        let rows = rows.clone();
        Callback::from(move |window| rows.want(window))
    };
    let said = is_tinted.then(|| {
        let at = input.hovered.unwrap_or(caret);
        let words = rows.get(at / per_row / CHUNK * CHUNK).map(|piece| piece.words_at(at)).unwrap_or_default();
        html! { <p key="says" id={format!("{id}-says")} class="hex-says" data-at={at.to_string()}>{ words }</p> }
    });
    // A row whose bytes are not here has no cell to point at.
    let active = rows.get(place.row / CHUNK * CHUNK).map(|_| AttrValue::from(format!("{id}-byte-{caret}")));
    let again = rows.again("Some bytes");
    let (down, over, click) = (input.clone(), input.clone(), input.clone());
    let onmousedown = Callback::from(move |event: MouseEvent| down.mouse_down(&event));
    let onmousemove = Callback::from(move |event: MouseEvent| over.mouse_move(&event));
    let onclick = Callback::from(move |event: MouseEvent| click.click(&event));
    let onkeydown = Callback::from(move |event: KeyboardEvent| input.key(&event, rows.window().page));
    html! {
        <>
        <VirtualList key="list" id={id.clone()} role="grid" label="Bytes" class={classes!("hex", is_tinted.then_some("hex-tinted"))}
            {total} is_recycling=true columns={per_row as u32 + 3} focus={Some(place.row)} reveal={place.reveal} {active} {row} {onwindow} {onclick}
            {onmousedown} {onmousemove} {onkeydown} />
        { for said }
        { again }
        </>
    }
}

/// An answer.
struct Piece {
    digits: Vec<u8>,
    marks: Vec<ByteMark>,
    spans: Vec<ByteSpan>,
    /// Kinds of the spans, a bit for each.
    kinds: u16,
}

impl Piece {
    fn source(per_row: u64, layer: Option<u32>, is_tinted: bool) -> Source<Self> {
        if is_tinted {
            Source::new(
                move |first, count| ask::Bytes { layer, start: first * per_row, count: count * per_row as u32 },
                |window| {
                    let kinds = window.spans.iter().fold(0, |kinds, span| kinds | span.kind.bit());
                    vec![Self { digits: window.digits.into_bytes(), marks: window.marks, spans: window.spans, kinds }]
                },
            )
        } else {
            Source::new(
                move |first, count| ask::Hex { start: first * per_row, count: count * per_row as u32 },
                |window| {
                    vec![Self { digits: window.digits.into_bytes(), marks: window.marks, spans: Vec::new(), kinds: 0 }]
                },
            )
        }
    }

    /// Marks and spans with a byte in a range.
    fn within(&self, start: u64, end: u64) -> (Rc<[ByteMark]>, Rc<[ByteSpan]>) {
        let marks = self.marks.iter().filter(|mark| mark.start < end && mark.end > start).cloned().collect();
        let first = self.spans.partition_point(|span| span.end <= start);
        let spans = self.spans[first..].iter().take_while(|span| span.start < end).cloned().collect();
        (marks, spans)
    }

    /// What a byte is for, in a line.
    fn words_at(&self, offset: u64) -> String {
        let span = self.spans.get(self.spans.partition_point(|span| span.end <= offset));
        let place = format!("{offset:#x} ({offset})");
        match span.filter(|span| span.start <= offset) {
            Some(span) => format!("{place}: {}", span.label),
            None => place,
        }
    }
}

/// The digits of one row. An answer comes in one piece.
fn digits_of(rows: &Rows<Piece>, index: u64, per_row: u64) -> Option<AttrValue> {
    let (chunk, line) = (index / CHUNK, (index % CHUNK) as usize);
    let piece = rows.get(chunk * CHUNK)?;
    let digits = &piece.digits;
    let width = per_row as usize * 2;
    let piece = digits.get(line * width..digits.len().min((line + 1) * width))?;
    std::str::from_utf8(piece).ok().map(|piece| AttrValue::from(piece.to_owned()))
}
