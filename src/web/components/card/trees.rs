//! Decision trees: which one, which part of it, and how much of it at once.

use super::drawing::Drawing;
use super::slicer::Slicer;
use crate::protocol::ask;
use crate::view::card::{TreeAsk, TreeDrawing};
use crate::web::actions::use_actions;
use crate::web::components::again::Again;
use crate::web::components::text::marked;
use crate::web::latest::Latest;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Levels shown at once, to choose from.
const DEPTHS: [u32; 5] = [2, 3, 4, 6, 8];
/// Levels at first: as many as a pane has room for.
const DEPTH: u32 = 3;

/// Properties of [`TreesView`].
#[derive(Properties, PartialEq)]
pub struct TreesViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// How many trees.
    pub count: u64,
}

/// A decision tree, and what to choose which.
#[component]
pub fn TreesView(props: &TreesViewProps) -> Html {
    let actions = use_actions();
    let tree = use_state_eq(|| 0_u64);
    let depth = use_state_eq(|| DEPTH);
    // The way down into the tree: nodes that drawings began at.
    let roots = use_state_eq(Vec::<u64>::new);
    let drawing = use_state(|| None::<Result<Rc<TreeDrawing>, String>>);
    let attempt = use_state_eq(|| 0_u32);
    let latest = use_memo((), |()| Rc::new(Latest::default()));
    {
        let (setter, latest) = (drawing.setter(), Rc::clone(&latest));
        let root = roots.last().copied().unwrap_or_default();
        let asked = (props.generation, props.node, *tree, root, *depth, *attempt);
        use_effect_with(asked, move |&(_, node, tree, root, depth, _)| {
            let then = Callback::from(move |reply: Result<TreeDrawing, String>| setter.set(Some(reply.map(Rc::new))));
            latest.ask(&actions, ask::Drawing(TreeAsk { node, tree, root, depth }), then);
        });
    }
    use_effect_with((), move |()| move || latest.close());
    let on_tree = {
        let (tree, roots) = (tree.clone(), roots.clone());
        Callback::from(move |chosen: Vec<u64>| {
            tree.set(chosen.first().copied().unwrap_or_default());
            roots.set(Vec::new());
        })
    };
    let on_depth = {
        let depth = depth.clone();
        Callback::from(move |event: Event| {
            if let Some(levels) = event.target_dyn_into::<HtmlSelectElement>().and_then(|s| s.value().parse().ok()) {
                depth.set(levels);
            }
        })
    };
    let on_down = {
        let roots = roots.clone();
        Callback::from(move |root: u64| roots.set(roots.iter().copied().chain([root]).collect()))
    };
    let on_up = {
        let roots = roots.clone();
        Callback::from(move |()| roots.set(roots.iter().copied().take(roots.len().saturating_sub(1)).collect()))
    };
    let on_up_button = on_up.reform(|_: MouseEvent| ());
    let shown = drawing.as_ref().and_then(|drawing| drawing.as_ref().ok());
    let title = shown.map(|drawing| drawing.title.clone()).unwrap_or_default();
    let legend = shown.map(|drawing| drawing.legend.clone()).unwrap_or_default();
    let slices = if props.count > 1 { vec![("tree".to_owned(), props.count)] } else { Vec::new() };
    html! {
        <div class="trees">
            <Slicer id="tree-number" {slices} chosen={vec![*tree]} first={1} onchange={on_tree} />
            <div class="trees-bar">
                <span class="trees-title" role="status">{ marked(&title) }</span>
                <label>{ "levels " }
                    <select onchange={on_depth}>
                        { for DEPTHS.iter().map(|levels| html! {
                            <option value={levels.to_string()} selected={*levels == *depth}>{ *levels }</option>
                        }) }
                    </select>
                </label>
                <button class="button button-small" onclick={on_up_button} disabled={roots.is_empty()} data-act="tree-up">
                    { "Back up" }
                </button>
            </div>
            <p class="section-note" hidden={legend.is_empty()}>{ marked(&legend) }</p>
            <div class="trees-drawing">
                { match &*drawing {
                    Some(Err(why)) => {
                        let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
                        html! { <Again what="The tree" why={why.clone()} {onagain} /> }
                    }
                    Some(Ok(drawing)) => html! {
                        <Drawing key={format!("{}-{:?}-{}", *tree, *roots, *depth)} drawing={drawing.clone()} {on_down} {on_up} />
                    },
                    None => html! { <span class="pending" /> },
                } }
            </div>
        </div>
    }
}
