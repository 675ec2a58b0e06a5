//! One decision tree, or a part of one, drawn. The drawing is a tree for assistive technology, too.

use crate::view::card::{TreeDrawing, TreeNode};
use crate::web::components::text::marked;
use crate::web::dom;
use crate::web::format::{grouped, plural};
use std::rc::Rc;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Width of a column and of a box in it, at their natural size.
const COLUMN: f64 = 172.0;
const BOX: f64 = 160.0;
/// Height of the first line of a box, of each other, and of the way to the next level.
const TITLE: f64 = 22.0;
const LINE: f64 = 15.0;
const WAY: f64 = 38.0;
const MARGIN: f64 = 10.0;
/// Characters of a title and of a line that fit into a box.
const CHARACTERS: (usize, usize) = (21, 23);
/// Steps of zooming.
const ZOOM: f64 = 1.25;
const ZOOMS: (f64, f64) = (0.2, 3.0);
/// Smaller than this, the text can hardly be read: better to scroll.
const READABLE: f64 = 0.85;

/// Properties of [`Drawing`].
#[derive(Properties, PartialEq)]
pub struct DrawingProps {
    /// The nodes.
    pub drawing: Rc<TreeDrawing>,
    /// Called with the node that a drawing of what is hidden below it begins at.
    pub on_down: Callback<u64>,
    /// Called to go back up.
    pub on_up: Callback<()>,
}

/// A decision tree. Mounted anew for each.
#[component]
pub fn Drawing(props: &DrawingProps) -> Html {
    let drawing = &props.drawing;
    let frame = use_node_ref();
    let zoom = use_state_eq(|| None::<f64>);
    let active = use_state_eq(|| 0_usize);
    let natural = size(drawing);
    {
        let (frame, zoom, root) = (frame.clone(), zoom.clone(), drawing.nodes.first().map(|node| node.x));
        use_effect_with((), move |()| {
            let Some(frame) = frame.cast::<Element>() else { return };
            let fitting = f64::from(frame.client_width()) / natural.0;
            let scale = fitting.clamp(READABLE, 1.0);
            zoom.set(Some(scale));
            // A tree that does not fit is shown from the middle of its root.
            let middle = root.unwrap_or_default() * COLUMN * scale;
            dom::next_frame(move || frame.set_scroll_left((middle - f64::from(frame.client_width()) / 2.0) as i32));
        });
    }
    let scale = zoom.unwrap_or(1.0);
    let change_zoom = {
        let (zoom, frame) = (zoom.clone(), frame.clone());
        Callback::from(move |times: f64| {
            let fitting = frame.cast::<Element>().map_or(1.0, |frame| f64::from(frame.client_width()) / natural.0);
            let wanted = if times == 0.0 { fitting.min(1.0) } else { scale * times };
            zoom.set(Some(wanted.clamp(ZOOMS.0, ZOOMS.1)));
        })
    };
    let onkeydown = on_key(props, &active, &change_zoom, &frame);
    let onclick = {
        let (on_down, active, drawing) = (props.on_down.clone(), active.clone(), Rc::clone(drawing));
        Callback::from(move |event: MouseEvent| {
            let Some(index) = dom::data_of(&event, "tree-node").and_then(|index| index.parse::<usize>().ok()) else {
                return;
            };
            active.set(index);
            let below = dom::data_of(&event, "below").is_some();
            if let Some(node) = drawing.nodes.get(index).filter(|node| below && node.hidden > 0) {
                on_down.emit(node.id);
            }
        })
    };
    let button = |words: &'static str, label: Option<&'static str>, times: f64| {
        let onclick = change_zoom.reform(move |_: MouseEvent| times);
        html! { <button class="button button-small" aria-label={label} title={label} {onclick}>{ words }</button> }
    };
    let at = (*active).min(drawing.nodes.len().saturating_sub(1));
    html! {
        <>
            <p class="grid-problem" hidden={drawing.problem.is_none()}>{ drawing.problem.clone().unwrap_or_default() }</p>
            <div class="tree-zoom" hidden={drawing.nodes.is_empty()}>
                { button("+", Some("Larger"), ZOOM) }{ button("−", Some("Smaller"), 1.0 / ZOOM) }{ button("Fit", None, 0.0) }
            </div>
            <div class="tree-frame" ref={frame} hidden={drawing.nodes.is_empty()}>
                <svg class="decision-tree" role="tree" tabindex="0" aria-label={format!("Decision tree, {}", drawing.title)}
                    aria-activedescendant={format!("decision-{at}")} viewBox={format!("0 0 {} {}", natural.0, natural.1)}
                    width={(natural.0 * scale).round().to_string()} height={(natural.1 * scale).round().to_string()} {onkeydown} {onclick}>
                    <g key="ways" aria-hidden="true">{ for drawing.nodes.iter().enumerate().map(|(index, _)| way(drawing, index)) }</g>
                    <g key="nodes" role="none">{ for drawing.nodes.iter().enumerate().map(|(index, node)| draw(drawing, index, node, at == index)) }</g>
                </svg>
            </div>
            <details class="tree-list" hidden={drawing.nodes.is_empty()}>
                <summary>{ "The same as a list" }</summary>
                <AsList drawing={drawing.clone()} on_down={props.on_down.clone()} />
            </details>
        </>
    }
}

/// Lines of the tallest box.
fn lines(drawing: &TreeDrawing) -> usize {
    drawing.nodes.iter().map(|node| node.lines.len() + usize::from(node.hidden > 0)).max().unwrap_or_default()
}

fn box_height(drawing: &TreeDrawing) -> f64 {
    TITLE + lines(drawing) as f64 * LINE + 8.0
}

fn size(drawing: &TreeDrawing) -> (f64, f64) {
    let levels = drawing.nodes.iter().map(|node| node.level).max().unwrap_or_default();
    let height = f64::from(levels + 1) * (box_height(drawing) + WAY) - WAY + 2.0 * MARGIN;
    let right = drawing.nodes.iter().map(|node| node.x + 0.5).fold(1.0, f64::max);
    (drawing.width.max(right) * COLUMN + 2.0 * MARGIN, height)
}

/// Middle and upper edge of a box.
fn place(drawing: &TreeDrawing, node: &TreeNode) -> (f64, f64) {
    (MARGIN + node.x * COLUMN, MARGIN + f64::from(node.level) * (box_height(drawing) + WAY))
}

fn way(drawing: &TreeDrawing, index: usize) -> Html {
    let node = &drawing.nodes[index];
    let Some(parent) = node.parent.and_then(|parent| drawing.nodes.get(parent as usize)) else {
        return Html::default();
    };
    let ((x1, y1), (x2, y2)) = (place(drawing, parent), place(drawing, node));
    let y1 = y1 + box_height(drawing);
    let middle = (y1 + y2) / 2.0;
    let words = if node.when { "true" } else { "false" };
    html! {
        <g key={index}>
            <path class="tree-way" d={format!("M{x1} {y1} C{x1} {middle} {x2} {middle} {x2} {y2}")} />
            <text class="tree-when" x={((x1 + x2) / 2.0).to_string()} y={(middle + 4.0).to_string()} text-anchor="middle">{ words }</text>
        </g>
    }
}

fn draw(drawing: &TreeDrawing, index: usize, node: &TreeNode, active: bool) -> Html {
    let (middle, top) = place(drawing, node);
    let left = middle - BOX / 2.0;
    let height = box_height(drawing);
    let tone = if node.tone.is_finite() { node.tone.clamp(0.0, 1.0) } else { 0.0 };
    let below = (node.hidden > 0).then(|| {
        let y = top + TITLE + node.lines.len() as f64 * LINE;
        html! {
            <g class="tree-below" data-below="true">
                <rect x={(left + 6.0).to_string()} y={(y - 1.0).to_string()} width={(BOX - 12.0).to_string()} height="17" rx="4" />
                <text x={middle.to_string()} y={(y + 11.5).to_string()} text-anchor="middle">{ format!("▾ {}", below_words(node)) }</text>
            </g>
        }
    });
    let line = |(at, text): (usize, &String)| {
        let y = top + TITLE + at as f64 * LINE + 9.0;
        html! { <text key={at} class="tree-line" x={(left + 8.0).to_string()} y={y.to_string()}>{ cut(text, CHARACTERS.1) }</text> }
    };
    html! {
        <g key={index} id={format!("decision-{index}")} role="treeitem" aria-level={(node.level + 1).to_string()} aria-selected={active.to_string()}
            data-tree-node={index.to_string()}
            class={classes!("tree-node", format!("tree-class-{}", node.class % 8), node.is_leaf.then_some("tree-leaf"), active.then_some("tree-active"))}>
            <title>{ words(drawing, node) }</title>
            <rect class="tree-box" x={left.to_string()} y={top.to_string()} width={BOX.to_string()} height={height.to_string()}
                rx={if node.is_leaf { "12" } else { "3" }} />
            <rect class="tree-tone" x={left.to_string()} y={top.to_string()} width={BOX.to_string()} height={height.to_string()}
                rx={if node.is_leaf { "12" } else { "3" }} fill-opacity={format!("{:.2}", 0.05 + 0.3 * tone)} />
            <text class="tree-title" x={(left + 8.0).to_string()} y={(top + 15.0).to_string()}>{ cut(&node.title, CHARACTERS.0) }</text>
            { for node.lines.iter().enumerate().map(line) }
            { for below }
        </g>
    }
}

fn cut(text: &str, characters: usize) -> String {
    let text = &short_numbers(text);
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    // scikit-learn puts the step before the name of a feature: all splits behind it begin alike.
    let behind = text.split_once("__").map(|(_, feature)| format!("…{feature}"));
    if let Some(behind) = behind {
        return cut(&behind, characters);
    }
    // The end of a condition is the number it compares with.
    let all: Vec<char> = text.chars().collect();
    let end = characters / 2;
    let begin = characters - end - 1;
    all[..begin].iter().chain(&['…']).chain(&all[all.len() - end..]).collect()
}

/// Numbers with many digits, to four of them: the whole ones are in the words of the node.
fn short_numbers(text: &str) -> String {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-' | '+');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_number) {
        let (before, tail) = rest.split_at(start);
        let end = tail.find(|c| !is_number(c)).unwrap_or(tail.len());
        let (word, after) = tail.split_at(end);
        let is_apart = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        out.push_str(before);
        match word.parse::<f64>() {
            Ok(number) if is_apart && word.len() > 6 && word.contains('.') => out.push_str(&four_digits(number)),
            _ => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn four_digits(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{number:.3e}");
    }
    let before = if size >= 1.0 { size.log10().floor() as usize + 1 } else { 0 };
    let text = format!("{number:.*}", 4_usize.saturating_sub(before).max(1));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn below_words(node: &TreeNode) -> String {
    plural(node.hidden, "node below", "nodes below")
}

fn words(drawing: &TreeDrawing, node: &TreeNode) -> String {
    let mut words = match node.parent.and_then(|parent| drawing.nodes.get(parent as usize)) {
        Some(parent) => format!("if {} is {}: ", parent.title, node.when),
        None => String::new(),
    };
    words.push_str(&node.title);
    for line in &node.lines {
        words.push_str(", ");
        words.push_str(line);
    }
    if node.hidden > 0 {
        words.push_str(&format!(", {} not drawn", below_words(node)));
    }
    words
}

/// Down and up along the ways, left and right along a level; Enter draws what is hidden, Backspace goes back.
fn on_key(
    props: &DrawingProps,
    active: &UseStateHandle<usize>,
    change_zoom: &Callback<f64>,
    frame: &NodeRef,
) -> Callback<KeyboardEvent> {
    let (drawing, active, zoom) = (Rc::clone(&props.drawing), active.clone(), change_zoom.clone());
    let (on_down, on_up, frame) = (props.on_down.clone(), props.on_up.clone(), frame.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let nodes = &drawing.nodes;
        let at = (*active).min(nodes.len().saturating_sub(1));
        let Some(node) = nodes.get(at) else { return };
        let pan = |right: i32, down: i32| {
            if let Some(frame) = frame.cast::<HtmlElement>() {
                frame.set_scroll_left(frame.scroll_left() + right);
                frame.set_scroll_top(frame.scroll_top() + down);
            }
        };
        let beside = |is_beside: &dyn Fn(f64) -> bool, nearest: fn(f64, f64) -> bool| {
            let level = nodes.iter().enumerate().filter(|(_, other)| other.level == node.level && is_beside(other.x));
            level.reduce(|a, b| if nearest(a.1.x, b.1.x) { a } else { b }).map(|(index, _)| index)
        };
        let to = match (event.key().as_str(), event.shift_key()) {
            ("ArrowDown", true) => return taken(&event, || pan(0, 60)),
            ("ArrowUp", true) => return taken(&event, || pan(0, -60)),
            ("ArrowRight", true) => return taken(&event, || pan(60, 0)),
            ("ArrowLeft", true) => return taken(&event, || pan(-60, 0)),
            ("ArrowDown", _) => nodes.iter().position(|other| other.parent == Some(at as u32)),
            ("ArrowUp", _) => node.parent.map(|parent| parent as usize),
            ("ArrowRight", _) => beside(&|x| x > node.x, |a, b| a < b),
            ("ArrowLeft", _) => beside(&|x| x < node.x, |a, b| a > b),
            ("Home", _) => Some(0),
            ("End", _) => nodes.len().checked_sub(1),
            ("+" | "=", _) => return taken(&event, || zoom.emit(ZOOM)),
            ("-", _) => return taken(&event, || zoom.emit(1.0 / ZOOM)),
            ("0", _) => return taken(&event, || zoom.emit(0.0)),
            ("Enter", _) if node.hidden > 0 => return taken(&event, || on_down.emit(node.id)),
            ("Backspace", _) => return taken(&event, || on_up.emit(())),
            _ => return,
        };
        taken(&event, || {
            if let Some(to) = to {
                active.set(to);
                dom::next_frame(move || dom::scroll_to(&format!("decision-{to}")));
            }
        });
    })
}

fn taken(event: &KeyboardEvent, action: impl FnOnce()) {
    event.prevent_default();
    event.stop_propagation();
    action();
}

/// Properties of [`AsList`].
#[derive(Properties, PartialEq)]
pub struct AsListProps {
    /// The nodes.
    pub drawing: Rc<TreeDrawing>,
    /// Called with the node that a drawing of what is hidden below it begins at.
    pub on_down: Callback<u64>,
}

/// The drawing as lists in lists. A drawing is a few levels deep at most, and each node comes after the one above it.
#[component]
pub fn AsList(props: &AsListProps) -> Html {
    let drawing = &props.drawing;
    let mut below: Vec<Vec<Html>> = vec![Vec::new(); drawing.nodes.len()];
    let mut top = Vec::new();
    for (index, node) in drawing.nodes.iter().enumerate().rev() {
        let mut inner = std::mem::take(&mut below[index]);
        inner.reverse();
        let id = node.id;
        let more = (node.hidden > 0).then(|| {
            let onclick = props.on_down.reform(move |_: MouseEvent| id);
            html! { <button class="button button-small" {onclick}>{ format!("Draw {}", below_words(node)) }</button> }
        });
        let list = if inner.is_empty() {
            Html::default()
        } else {
            html! { <ul>{ for inner }</ul> }
        };
        let item = html! { <li key={index}>{ marked(&words(drawing, node)) }{ " " }{ for more }{ list }</li> };
        match node.parent.map(|parent| parent as usize).filter(|parent| *parent < index) {
            Some(parent) => below[parent].push(item),
            None => top.push(item),
        }
    }
    top.reverse();
    html! { <ul class="tree-words" aria-label={format!("{} nodes", grouped(drawing.nodes.len() as u64))}>{ for top }</ul> }
}
