//! One row of the object tree.

use super::icons::level_class;
use super::marks::{mark, worst};
use super::text::{marked, spaced};
use crate::safety::Level;
use crate::view::sparkline::HEIGHT;
use crate::view::{LabelKind, TreeRow};
use crate::web::format::{grouped, plural, size_text};
use std::rc::Rc;
use yew::prelude::*;

/// Levels that are indented, where there is room: a narrow pane stops sooner (see the style below).
const INDENTED: u32 = 24;
/// Rows deeper than this say their level, so that a tree of 200,000 levels stays readable.
const NUMBERED: u32 = 12;

/// Properties of [`TreeRowView`].
#[derive(Properties, PartialEq)]
pub struct TreeRowViewProps {
    /// Its position among all rows.
    pub index: u64,
    /// The row; `None` while it is on its way.
    pub row: Option<Rc<TreeRow>>,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether the search in the find bar found it.
    #[prop_or_default]
    pub is_hit: bool,
}

/// One row of the object tree.
#[component]
pub fn TreeRowView(props: &TreeRowViewProps) -> Html {
    let id = format!("tree-{}", props.index);
    let Some(row) = &props.row else {
        return html! {
            <div {id} class="row row-pending" role="treeitem" aria-label="Loading" data-row={props.index.to_string()}>
                <span class="twisty" /><span class="pending" />
            </div>
        };
    };
    let indent = row.level.saturating_sub(1).min(INDENTED);
    let danger = worst(&row.marks).filter(|level| *level >= Level::UnknownCode);
    let class = classes!(
        "row",
        props.focused.then_some("row-focused"),
        props.selected.then_some("row-selected"),
        props.is_hit.then_some("row-hit"),
        danger.map(|level| classes!("row-marked", level_class(level))),
    );
    let twisty = match row.expanded {
        None => "twisty",
        Some(false) => "twisty twisty-closed",
        Some(true) => "twisty twisty-open",
    };
    let deep = (row.level > NUMBERED).then(|| html! {
        <span class="deep" title={format!("Level {}", grouped(row.level.into()))}>{ format!("L{}", row.level) }</span>
    });
    // Behind dtype and shape, before the first numbers.
    let (head, rest) = row.preview.split_at(row.preview.len().min(if row.bars.is_empty() { usize::MAX } else { 1 }));
    html! {
        <div {id} {class} role="treeitem" data-row={row.row.to_string()} data-offset={row.offset.map(|o| o.to_string())}
            aria-level={row.level.to_string()} aria-setsize={row.siblings.to_string()}
            aria-posinset={row.position.to_string()} aria-expanded={row.expanded.map(|open| open.to_string())}
            aria-selected={props.selected.to_string()}
            ~style={format!("padding-inline-start:calc(var(--gutter) + min({indent} * var(--indent), 40%))")}>
            <span class={twisty} data-act={row.expanded.map(|_| "toggle")} aria-hidden="true" />
            <span class="row-text">
                { for deep }
                <span class={label_class(row.label_kind)}>{ marked(&row.label) }</span>
                { for row.names_type().then(|| html! { <span class="t-type">{ marked(&row.type_name) }</span> }) }
                <span class="preview">{ spaced(head) }{ for bars(&row.bars) }{ spaced(rest) }</span>
                { for row.marks.iter().map(mark) }
            </span>
            { for row.size.map(|size| html! {
                <span class="size" title={plural(size, "byte", "bytes")}>{ size_text(size) }</span>
            }) }
        </div>
    }
}

/// How the numbers of an array spread. Its card says it in words.
fn bars(heights: &[u8]) -> Option<Html> {
    let bar = |(at, height): (usize, &u8)| format!("M{} {HEIGHT}v-{height}h2v{height}z", 3 * at);
    (!heights.is_empty()).then(|| {
        let path: String = heights.iter().enumerate().filter(|(_, height)| **height > 0).map(bar).collect();
        let width = 3 * heights.len() - 1;
        html! {
            <>{ " " }<svg class="row-bars" viewBox={format!("0 0 {width} {HEIGHT}")} aria-hidden="true"><path d={path} /></svg></>
        }
    })
}

fn label_class(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Part => "label label-part",
        LabelKind::Key => "label label-key",
        LabelKind::Index => "label label-index",
        LabelKind::Attribute => "label label-attribute",
        LabelKind::Role => "label label-role",
        LabelKind::Range => "label label-range",
    }
}
