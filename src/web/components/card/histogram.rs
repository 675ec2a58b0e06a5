//! How numbers spread.

use crate::view::card::Histogram;
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::{grouped, plural};
use yew::prelude::*;

/// Height of the drawing in its own units.
const HEIGHT: f64 = 100.0;
/// Height of a bar of very few, so that it is seen.
const LEAST: f64 = 2.0;

/// How many times the lowest bar the highest is, where a reader can ask for logarithmic heights.
const SKEWED: u64 = 20;

/// Properties of [`HistogramView`].
#[derive(Properties, PartialEq)]
pub struct HistogramViewProps {
    /// The counts.
    pub histogram: Histogram,
}

/// Bars; the range and count of the one under the pointer, or chosen by arrow keys, stand below.
#[component]
pub fn HistogramView(props: &HistogramViewProps) -> Html {
    let histogram = &props.histogram;
    let chosen = use_state_eq(|| None::<usize>);
    let scale = use_state_eq(Scale::default);
    let bars = histogram.counts.len();
    let at = chosen.filter(|at| *at < bars);
    let onmouseover = {
        let chosen = chosen.clone();
        Callback::from(move |event: MouseEvent| {
            chosen.set(dom::data_of(&event, "bar").and_then(|bar| bar.parse().ok()));
        })
    };
    let onmouseleave = {
        let chosen = chosen.clone();
        Callback::from(move |_: MouseEvent| chosen.set(None))
    };
    let onkeydown = {
        let chosen = chosen.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(last) = bars.checked_sub(1) else { return };
            let to = match (event.key().as_str(), at) {
                ("ArrowRight", None) | ("Home", _) => 0,
                ("ArrowRight", Some(at)) => (at + 1).min(last),
                ("ArrowLeft", Some(at)) => at.saturating_sub(1),
                ("ArrowLeft", None) | ("End", _) => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            chosen.set(Some(to));
        })
    };
    let active = at.map(|at| AttrValue::from(format!("bar-{at}")));
    let words = at.map_or_else(|| in_all(histogram), |at| words(histogram, at));
    let shown = if is_skewed(histogram) { *scale } else { Scale::Linear };
    let onchange = Callback::from(move |_: Event| {
        scale.set(if *scale == Scale::Linear { Scale::Logarithmic } else { Scale::Linear });
    });
    html! {
        <div class="histogram">
            <svg class="histogram-bars" role="listbox" tabindex="0" aria-label="Histogram" aria-activedescendant={active}
                viewBox={format!("0 0 {} {HEIGHT}", bars.max(1))} preserveAspectRatio="none" {onmouseover} {onmouseleave} {onkeydown}>
                { for (0..bars).map(|index| bar(histogram, index, shown, at == Some(index))) }
            </svg>
            <p class="histogram-ends" aria-hidden="true">
                <span>{ marked(&histogram.low) }</span><span class="histogram-words">{ marked(&words) }</span><span>{ marked(&histogram.high) }</span>
            </p>
            <label class="plot-scale" hidden={!is_skewed(histogram)}>
                <input type="checkbox" checked={shown == Scale::Logarithmic} {onchange} />{ " Logarithmic heights" }
            </label>
        </div>
    }
}

/// What the height of the highest bar stands for: there is no room for an axis.
fn in_all(histogram: &Histogram) -> String {
    let (all, most) = (histogram.counts.iter().sum(), histogram.counts.iter().copied().max().unwrap_or_default());
    let ranges = plural(histogram.counts.len() as u64, "range", "ranges");
    format!("{} in {ranges}, at most {} in one", plural(all, "value", "values"), grouped(most))
}

/// How the height of a bar follows from its count.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Scale {
    #[default]
    Linear,
    Logarithmic,
}

/// Whether bars are too low to be compared beside the highest.
fn is_skewed(histogram: &Histogram) -> bool {
    let counts = || histogram.counts.iter().copied().filter(|count| *count > 0);
    counts().min().is_some_and(|least| counts().max().is_some_and(|most| most / least >= SKEWED))
}

fn height(histogram: &Histogram, index: usize, scale: Scale) -> f64 {
    let most = histogram.counts.iter().copied().max().unwrap_or_default().max(1);
    let share = |count: u64| match scale {
        Scale::Linear => count as f64 / most as f64,
        // One more, so that a bar of one value has a height.
        Scale::Logarithmic => (count as f64).ln_1p() / (most as f64).ln_1p(),
    };
    match histogram.counts.get(index).copied().unwrap_or_default() {
        0 => 0.0,
        count => (share(count) * HEIGHT).max(LEAST),
    }
}

fn bar(histogram: &Histogram, index: usize, scale: Scale, chosen: bool) -> Html {
    let height = height(histogram, index, scale);
    html! {
        <g key={index} id={format!("bar-{index}")} role="option" aria-selected={chosen.to_string()} aria-label={words(histogram, index)}
            data-bar={index.to_string()}>
            <rect class="histogram-hit" x={index.to_string()} y="0" width="1" height={HEIGHT.to_string()} />
            <rect class={classes!("histogram-bar", chosen.then_some("histogram-chosen"))} x={(index as f64 + 0.04).to_string()}
                y={(HEIGHT - height).to_string()} width="0.92" height={height.to_string()} />
        </g>
    }
}

/// `0.0038 to 29.4: 18 values`.
fn words(histogram: &Histogram, index: usize) -> String {
    let edge = |index: usize| histogram.edges.get(index).map_or("…", String::as_str);
    let number = histogram.counts.get(index).copied().unwrap_or_default();
    if let Some(value) = histogram.values.get(index) {
        return format!("{value}: {}", plural(number, "value", "values"));
    }
    format!("{} to {}: {}", edge(index), edge(index + 1), plural(number, "value", "values"))
}

/// A histogram as small as a word.
pub fn sparkline(histogram: &Histogram) -> Html {
    let bars = histogram.counts.len();
    let label = format!("from {} to {}", histogram.low, histogram.high);
    html! {
        <svg class="sparkline" role="img" aria-label={label} viewBox={format!("0 0 {} {HEIGHT}", bars.max(1))} preserveAspectRatio="none">
            { for (0..bars).map(|index| {
                let height = height(histogram, index, Scale::Linear);
                html! {
                    <rect key={index} class="histogram-bar" x={index.to_string()} y={(HEIGHT - height).to_string()} width="0.85"
                        height={height.to_string()} />
                }
            }) }
        </svg>
    }
}
