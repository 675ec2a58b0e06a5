//! Bars beside names: coefficients, importances.

use crate::view::card::{Bar, Bars, Cell};
use crate::view::compact::Precision;
use crate::web::components::text::marked;
use crate::web::format::grouped;
use yew::prelude::*;

/// Properties of [`BarsView`].
#[derive(Properties, PartialEq)]
pub struct BarsViewProps {
    /// The bars.
    pub bars: Bars,
    /// Accessible name.
    pub label: AttrValue,
}

/// Bars beside names, to the left of the middle for negative ones. The value stands beside each, with the digits that tell them
/// apart; all digits are its title.
#[component]
pub fn BarsView(props: &BarsViewProps) -> Html {
    let bars = &props.bars;
    let shown = bars.bars.len() as u64;
    let has_negative = bars.bars.iter().any(|bar| bar.share < 0.0);
    let values: Vec<Cell> = bars.bars.iter().map(|bar| Cell { text: bar.value.clone(), ..Cell::default() }).collect();
    let precision = Precision::of(values.iter());
    let rows = bars.bars.iter().enumerate().map(|(index, bar)| row(index, bar, has_negative, precision));
    html! {
        <>
            <ul class="bars" aria-label={props.label.clone()}>{ for rows }</ul>
            <p class="more" hidden={shown >= bars.total}>
                { format!("These are the first {} of {}.", grouped(shown), grouped(bars.total)) }
            </p>
        </>
    }
}

/// One bar with its name and value, a float in this precision.
pub fn row(index: usize, bar: &Bar, has_negative: bool, precision: Option<Precision>) -> Html {
    let share = if bar.share.is_finite() { bar.share.clamp(-1.0, 1.0) } else { 0.0 };
    let room = if has_negative { 50.0 } else { 100.0 };
    let (start, class) = match (has_negative, share < 0.0) {
        (true, true) => (50.0 + share * 50.0, "bar-fill bar-negative"),
        (true, false) => (50.0, "bar-fill"),
        (false, _) => (0.0, "bar-fill"),
    };
    let short = precision.and_then(|precision| precision.shortened(&bar.value));
    let full = short.as_ref().map(|_| bar.value.clone());
    let track = if has_negative { "bar-track bar-track-middle" } else { "bar-track" };
    html! {
        <li key={index} class="bar">
            <span class="bar-name" title={bar.name.clone()}>{ marked(&bar.name) }</span>
            <span class={track} aria-hidden="true">
                <span {class} ~style={format!("inset-inline-start:{start}%;width:{}%", share.abs() * room)} />
            </span>
            <span class="bar-value" title={full}>{ marked(short.as_deref().unwrap_or(&bar.value)) }</span>
        </li>
    }
}
