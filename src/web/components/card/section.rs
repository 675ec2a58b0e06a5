//! One part of a card under its heading.

use super::bars::BarsView;
use super::columns::ColumnsView;
use super::diagram::DiagramView;
use super::entries::Entries;
use super::fields::FieldsView;
use super::grid::GridView;
use super::lines::LinesView;
use super::outline::OutlineView;
use super::picture::PictureView;
use super::plot::PlotView;
use super::small_table::SmallTableView;
use super::statistics::StatisticsView;
use super::trees::TreesView;
use crate::view::card::{Body, Section};
use crate::web::components::text::marked;
use yew::prelude::*;

/// Properties of [`SectionView`].
#[derive(Properties, PartialEq)]
pub struct SectionViewProps {
    /// Number of the file.
    pub generation: u32,
    /// Node of the card.
    pub node: u32,
    /// Its place in the card.
    pub index: u32,
    /// The section.
    pub section: Section,
}

/// Heading and body.
#[component]
pub fn SectionView(props: &SectionViewProps) -> Html {
    let (generation, node, index) = (props.generation, props.node, props.index);
    let section = &props.section;
    let label = AttrValue::from(section.title.clone());
    let (kind, body) = match &section.body {
        Body::Entries(entries) => ("entries", html! { <Entries entries={entries.clone()} /> }),
        Body::Fields(fields) => {
            ("fields", html! { <FieldsView {generation} {node} {index} fields={*fields} {label} /> })
        }
        Body::Grid(grid) => ("grid", html! { <GridView {generation} {node} grid={grid.clone()} {label} /> }),
        Body::Table(table) => ("table", html! { <SmallTableView table={table.clone()} {label} /> }),
        Body::Statistics { part } => {
            ("statistics", html! { <StatisticsView key={*part} {generation} {node} part={*part} /> })
        }
        Body::Plot { part, count } => {
            ("plot", html! { <PlotView key={*part} {generation} {node} part={*part} count={*count} /> })
        }
        Body::Columns(columns) => {
            ("columns", html! { <ColumnsView {generation} {node} {index} columns={columns.clone()} {label} /> })
        }
        Body::Picture(slot) => ("picture", html! { <PictureView {generation} {node} slot={slot.clone()} /> }),
        Body::Bars(bars) => ("bars", html! { <BarsView bars={bars.clone()} {label} /> }),
        Body::Diagram(blocks) => ("diagram", html! { <DiagramView blocks={blocks.clone()} {label} /> }),
        Body::Trees { count } => ("trees", html! { <TreesView {generation} {node} count={*count} /> }),
        Body::Outline(outline) => ("outline", html! { <OutlineView {index} outline={outline.clone()} {label} /> }),
        Body::Lines(lines) => ("lines", html! { <LinesView lines={lines.clone()} {label} /> }),
    };
    let id = format!("section-{index}");
    html! {
        <section class={format!("card-section card-{kind}")} aria-labelledby={id.clone()} data-section={kind}>
            <div class="section-head">
                <h3 {id}>{ marked(&section.title) }</h3>
                <span class="section-note" hidden={section.note.is_empty()}>{ marked(&section.note) }</span>
            </div>
            <div class="section-body">{ body }</div>
        </section>
    }
}
