//! Estimators in estimators, as scikit-learn's users know them: one step under the other, branches side by side.

use crate::view::card::Block;
use crate::web::components::text::marked;
use yew::prelude::*;

/// Boxes in boxes that are drawn; deeper ones stand beside their box.
const LEVELS: usize = 24;

/// Properties of [`DiagramView`].
#[derive(Properties, PartialEq)]
pub struct DiagramViewProps {
    /// The boxes, each after the one that holds it.
    pub blocks: Vec<Block>,
    /// Accessible name.
    pub label: AttrValue,
}

/// Boxes in boxes. Lists in lists for those who do not see it.
#[component]
pub fn DiagramView(props: &DiagramViewProps) -> Html {
    html! {
        <div class="diagram" role="group" aria-label={props.label.clone()}>
            <ol class="blocks">{ boxes(&props.blocks) }</ol>
        </div>
    }
}

/// The outermost boxes. From the last to the first, so that what is in a box is there before the box; no recursion.
fn boxes(blocks: &[Block]) -> Html {
    // At each level, the boxes whose outer box has not come yet, in reverse order.
    let mut open: Vec<Vec<Html>> = Vec::new();
    for (index, block) in blocks.iter().enumerate().rev() {
        let level = (block.level as usize).min(LEVELS);
        open.resize_with(open.len().max(level + 1), Vec::new);
        let mut inner: Vec<Html> = open.get_mut(level + 1).map(std::mem::take).unwrap_or_default();
        inner.reverse();
        open[level].push(draw(index, block, inner));
    }
    let outer = open.into_iter().next().unwrap_or_default();
    outer.into_iter().rev().collect()
}

fn draw(index: usize, block: &Block, inner: Vec<Html>) -> Html {
    let words = html! {
        <>
            <span class="block-name" hidden={block.name.is_empty()}>{ marked(&block.name) }</span>
            <span class="block-title">{ marked(&block.title) }</span>
            <span class="block-detail" hidden={block.detail.is_empty()}>{ marked(&block.detail) }</span>
        </>
    };
    let head = match block.node {
        Some(node) => {
            html! { <button class="block-head" data-node-link={node.to_string()} data-block={index.to_string()}>{ words }</button> }
        }
        None => html! { <div class="block-head">{ words }</div> },
    };
    let list = match (inner.is_empty(), block.parallel) {
        (true, _) => Html::default(),
        (false, true) => html! { <ul class="blocks blocks-parallel">{ for inner }</ul> },
        (false, false) => html! { <ol class="blocks">{ for inner }</ol> },
    };
    html! { <li key={index} class={classes!("block", (!block.parallel && block.level > 0).then_some("block-step"))}>{ head }<div class="block-inner">{ list }</div></li> }
}
