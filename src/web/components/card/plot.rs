//! Numbers in a row as a line with axes.

use crate::protocol::ask;
use crate::view::plot::Plot;
use crate::view::ticks::{Axis, Scale, short};
use crate::web::actions::{Actions, use_actions};
use crate::web::components::again::Again;
use crate::web::format::{grouped, plural};
use std::cell::Cell;
use std::fmt::Write;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Values gone over unasked. The statistics go over them as well.
const UNASKED: u64 = 1_000_000;
/// Size of the drawing in its own units: it is stretched to where it stands.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 200.0;
/// Numbers at the axes, about.
const TICKS: (usize, usize) = (5, 4);
/// Columns that Page Up and Page Down go over.
const PAGE: usize = 50;

/// Asks again and again until all values were gone over, or nobody wants to know any more.
fn go_over(actions: &Actions, (node, part): (u32, u32), wanted: Rc<Cell<bool>>, then: Callback<Rc<Plot>>) {
    let next = actions.clone();
    actions.inquire(ask::Plot { node, part }, move |reply| {
        if !wanted.get() {
            return;
        }
        let plot = reply.unwrap_or_else(|why| Plot { problem: Some(why), ..Plot::default() });
        let goes_on = !plot.is_complete();
        then.emit(Rc::new(plot));
        if goes_on {
            go_over(&next, (node, part), wanted, then);
        }
    });
}

/// Properties of [`PlotView`].
#[derive(Properties, PartialEq)]
pub struct PlotViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// The part.
    pub part: u32,
    /// How many values there are.
    pub count: u64,
}

/// A line that grows while the values are gone over. Of very many it is drawn when somebody asks for it.
#[component]
pub fn PlotView(props: &PlotViewProps) -> Html {
    let actions = use_actions();
    let plot = use_state(|| None::<Rc<Plot>>);
    let is_wanted = use_state_eq(|| props.count <= UNASKED);
    let attempt = use_state_eq(|| 0_u32);
    let scale = use_state_eq(Scale::default);
    {
        let setter = plot.setter();
        let of = (props.generation, props.node, props.part, *is_wanted, *attempt);
        use_effect_with(of, move |&(_, node, part, is_wanted, _)| {
            let wanted = Rc::new(Cell::new(is_wanted));
            if is_wanted {
                go_over(&actions, (node, part), Rc::clone(&wanted), Callback::from(move |plot| setter.set(Some(plot))));
            }
            move || wanted.set(false)
        });
    }
    if !*is_wanted {
        let onclick = Callback::from(move |_: MouseEvent| is_wanted.set(true));
        return html! { <p><button class="button button-small" {onclick} data-act="draw-plot">{ "Read the values and draw them" }</button></p> };
    }
    let Some(plot) = (*plot).clone() else {
        return html! { <div class="plot plot-waiting"><span class="pending" /></div> };
    };
    let can_be_logarithmic = plot.positive.is_some();
    let chosen = if can_be_logarithmic { *scale } else { Scale::Linear };
    let onchange = {
        let scale = scale.clone();
        Callback::from(move |_: Event| {
            scale.set(if *scale == Scale::Linear { Scale::Logarithmic } else { Scale::Linear });
        })
    };
    let again = plot.problem.clone().map(|why| {
        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
        html! { <Again what="The rest" {why} {onagain} /> }
    });
    let (gone, total) = plot.progress;
    html! {
        <div class="plot" data-complete={plot.is_complete().to_string()}>
            <p class="plot-head">
                <span>{ words(&plot) }</span>
                <label class="plot-scale" hidden={!can_be_logarithmic}>
                    <input type="checkbox" checked={chosen == Scale::Logarithmic} {onchange} />{ " Logarithmic" }
                </label>
            </p>
            { for (plot.low.is_some()).then(|| html! { <Line plot={plot.clone()} scale={Scaled(chosen)} /> }) }
            <p class="section-note" hidden={plot.is_complete()}>{ format!("{} of {} values read", grouped(gone), grouped(total)) }</p>
            { for again }
        </div>
    }
}

/// What the line is, for whoever does not see it as well.
fn words(plot: &Plot) -> String {
    let (Some(low), Some(high)) = (plot.low, plot.high) else { return "No finite number.".to_owned() };
    let gaps = match plot.gaps {
        0 => String::new(),
        gaps => format!("; {}, missing or infinite", plural(gaps, "gap", "gaps")),
    };
    let end = |(value, index): (f64, u64)| format!("{} at {}", short(value), grouped(index));
    format!("Lowest {}, highest {}{gaps}", end(low), end(high))
}

#[derive(Clone, Copy, PartialEq)]
struct Scaled(Scale);

#[derive(Properties, PartialEq)]
struct LineProps {
    plot: Rc<Plot>,
    scale: Scaled,
}

/// The line between its axes; the column under the pointer, or chosen by arrow keys, is told below.
#[component]
fn Line(props: &LineProps) -> Html {
    let plot = &props.plot;
    let area = use_node_ref();
    let chosen = use_state_eq(|| None::<usize>);
    let last = plot.columns.len().saturating_sub(1);
    let onpointermove = {
        let (chosen, area) = (chosen.clone(), area.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(area) = area.cast::<Element>().map(|area| area.get_bounding_client_rect()) else { return };
            let share = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            chosen.set(Some((share * (last + 1) as f64).clamp(0.0, last as f64) as usize));
        })
    };
    let onpointerleave = {
        let chosen = chosen.clone();
        Callback::from(move |_: PointerEvent| chosen.set(None))
    };
    let onkeydown = {
        let chosen = chosen.clone();
        Callback::from(move |event: KeyboardEvent| {
            let at = *chosen;
            let to = match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "ArrowRight" | "ArrowUp" => at.map_or(0, |at| at + 1),
                "ArrowLeft" | "ArrowDown" => at.map_or(0, |at| at.saturating_sub(1)),
                "PageUp" => at.unwrap_or_default() + PAGE,
                "PageDown" => at.unwrap_or_default().saturating_sub(PAGE),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            chosen.set(Some(to.min(last)));
        })
    };
    let at = chosen.filter(|at| *at <= last);
    let axis = vertical(plot, props.scale.0);
    let said = at.map_or_else(
        || format!("{} from left to right", plural(plot.progress.1, "value", "values")),
        |at| told(plot, at),
    );
    let rows = axis.ticks(TICKS.1);
    let width = rows.iter().map(|(_, text)| text.len()).max().unwrap_or_default();
    let highest = plot.progress.1.saturating_sub(1) as f64;
    let indices = Axis::new(0.0, highest, Scale::Linear);
    let columns: Vec<(f64, String)> = match plot.progress.1 {
        0 | 1 => vec![(0.5, "0".to_owned())],
        _ => {
            let whole = indices.ticks(TICKS.0).into_iter().filter(|(value, _)| value.fract() == 0.0);
            whole.map(|(value, _)| ((value + 0.5) / (highest + 1.0), grouped(value as u64))).collect()
        }
    };
    let place = |value: f64| axis.place(value).map(|place| 100.0 * (1.0 - place));
    let marker = at.map(|at| format!("M{:.2} 0v{HEIGHT}", middle(plot, at)));
    html! {
        <div class="plot-frame" ~style={format!("--labels:{width}ch")}>
            <div class="plot-rows" aria-hidden="true">
                { for rows.iter().filter_map(|(value, text)| Some(html! { <span ~style={format!("top:{:.2}%", place(*value)?)}>{ text.clone() }</span> })) }
            </div>
            <svg ref={area} class="plot-area" role="slider" tabindex="0" aria-label="Values along the line" aria-valuemin="0"
                aria-valuemax={last.to_string()} aria-valuenow={at.unwrap_or_default().to_string()} aria-valuetext={said.clone()}
                viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" {onpointermove} {onpointerleave} {onkeydown}>
                <path class="plot-grid" d={grid(&rows, axis)} />
                <path class="plot-marker" d={marker} />
                <path class="plot-line" d={line(plot, axis)} />
            </svg>
            <div class="plot-columns" aria-hidden="true">
                { for columns.iter().map(|(share, text)| html! { <span ~style={format!("left:{:.2}%", share * 100.0)}>{ text.clone() }</span> }) }
            </div>
            <p class="plot-said" data-chosen={at.map(|at| at.to_string())}>{ said }</p>
        </div>
    }
}

fn vertical(plot: &Plot, scale: Scale) -> Axis {
    let (low, high) = (plot.low.map_or(0.0, |low| low.0), plot.high.map_or(0.0, |high| high.0));
    match (scale, plot.positive) {
        (Scale::Logarithmic, Some(positive)) => Axis::new(positive, high, scale),
        _ => Axis::new(low, high, Scale::Linear),
    }
}

/// `index 12: 3.5`, `indices 1,200 to 1,299: 0.25 to 18`.
fn told(plot: &Plot, column: usize) -> String {
    let (first, end) = plot.indices(column);
    let place = match end.saturating_sub(first) {
        0 | 1 => format!("index {}", grouped(first)),
        _ => format!("indices {} to {}", grouped(first), grouped(end - 1)),
    };
    match plot.columns.get(column).copied().flatten() {
        Some((low, high)) if low == high => format!("{place}: {}", short(low)),
        Some((low, high)) => format!("{place}: {} to {}", short(low), short(high)),
        None => format!("{place}: no finite number"),
    }
}

/// The middle of a column in the units of the drawing.
fn middle(plot: &Plot, column: usize) -> f64 {
    (column as f64 + 0.5) / plot.columns.len().max(1) as f64 * WIDTH
}

fn grid(rows: &[(f64, String)], axis: Axis) -> String {
    let line = |place: f64| format!("M0 {:.2}h{WIDTH}", (1.0 - place) * HEIGHT);
    rows.iter().filter_map(|(value, _)| axis.place(*value)).map(line).collect()
}

/// The line goes to the smallest and the largest number of each column; a column without a number is a gap.
fn line(plot: &Plot, axis: Axis) -> String {
    let mut path = String::new();
    let mut is_drawing = false;
    for (column, ends) in plot.columns.iter().enumerate() {
        let place = |value: f64| axis.place(value).map(|place| (1.0 - place) * HEIGHT);
        let Some((low, high)) = *ends else {
            is_drawing = false;
            continue;
        };
        // On a logarithmic axis a column that reaches below 0 begins at the axis.
        let Some(top) = place(high) else {
            is_drawing = false;
            continue;
        };
        let bottom = place(low).map_or(HEIGHT, |place| place.min(HEIGHT));
        let x = middle(plot, column);
        // A point alone is a line of no length, which has round ends.
        let _ = write!(path, "{}{x:.1} {top:.1}V{bottom:.1}", if is_drawing { "L" } else { "M" });
        is_drawing = true;
    }
    path
}
