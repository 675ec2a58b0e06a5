//! Sizes by class and by module.

use super::share::{ROWS, bar, percent};
use crate::protocol::{Target, ask};
use crate::view::{SizeGroup, SizesBy};
use crate::web::actions::use_actions;
use crate::web::components::again::Again;
use crate::web::components::text::{marked, path_line};
use crate::web::format::{grouped, plural, size_text};
use std::cmp::Reverse;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Groups`].
#[derive(Properties, PartialEq)]
pub struct GroupsProps {
    /// Number of the file.
    pub generation: u32,
    /// Bytes of everything.
    pub total: u64,
    /// How values are grouped.
    pub by: SizesBy,
}

/// What a column is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Order {
    #[default]
    Retained,
    Own,
    Count,
    Name,
}

/// A table with a row for each group; its heads sort it.
#[component]
pub fn Groups(props: &GroupsProps) -> Html {
    let actions = use_actions();
    let order = use_state_eq(Order::default);
    let attempt = use_state_eq(|| 0_u32);
    let groups = use_state_eq(|| None::<Result<Rc<Vec<SizeGroup>>, Rc<str>>>);
    {
        let (setter, actions) = (groups.setter(), actions.clone());
        use_effect_with((props.generation, props.by, *attempt), move |&(_, by, _)| {
            actions.inquire(ask::SizeGroups { by, count: 5 * ROWS }, move |reply| {
                setter.set(Some(reply.map(Rc::new).map_err(Rc::from)));
            });
        });
    }
    let groups = match (*groups).clone() {
        None => return html! { <p class="size-note" role="status">{ "Grouping…" }</p> },
        Some(Err(why)) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            return html! { <Again what="Sizes" why={AttrValue::from(why)} {onagain} /> };
        }
        Some(Ok(groups)) => groups,
    };
    let mut rows: Vec<&SizeGroup> = groups.iter().collect();
    match *order {
        Order::Retained => rows.sort_by_key(|row| Reverse(row.retained)),
        Order::Own => rows.sort_by_key(|row| Reverse(row.own)),
        Order::Count => rows.sort_by_key(|row| Reverse(row.count)),
        Order::Name => rows.sort_by(|a, b| a.name.cmp(&b.name)),
    }
    let head = |by: Order, words: &'static str| {
        let is_it = by == *order;
        let (order, sort) = (order.clone(), if by == Order::Name { "ascending" } else { "descending" });
        html! {
            <th scope="col" aria-sort={if is_it { sort } else { "none" }}>
                <button class="field-sort" onclick={move |_| order.set(by)} data-sort={words}>
                    { words }<span aria-hidden="true">{ if is_it { " ▾" } else { "" } }</span>
                </button>
            </th>
        }
    };
    let row = |row: &SizeGroup| {
        let select = {
            let (actions, node) = (actions.clone(), row.largest);
            move |_: MouseEvent| {
                if let Some(node) = node {
                    actions.select(Target::Node(node));
                }
            }
        };
        html! {
            <tr key={row.name.clone()}>
                <th scope="row">{ marked(&row.name) }</th>
                <td class="size-number" title={plural(row.retained, "byte", "bytes")}>{ size_text(row.retained) }</td>
                <td class="size-share">{ bar(row.retained, props.total) }<span>{ percent(row.retained, props.total) }</span></td>
                <td class="size-number" title={plural(row.own, "byte", "bytes")}>{ size_text(row.own) }</td>
                <td class="size-number">{ grouped(row.count) }</td>
                <td><button class="link size-path" onclick={select}>{ path_line(&row.held_by) }</button></td>
            </tr>
        }
    };
    let words = if props.by == SizesBy::Class { "class" } else { "module" };
    html! {
        <div class="size-scroll" tabindex="0" role="region" aria-label={format!("Sizes by {words}")}>
            <table class="size-table">
                <thead><tr>
                    { head(Order::Name, words) }{ head(Order::Retained, "retained") }<th scope="col">{ "share" }</th>
                    { head(Order::Own, "own") }{ head(Order::Count, "count") }<th scope="col">{ "largest" }</th>
                </tr></thead>
                <tbody>{ for rows.into_iter().map(row) }</tbody>
            </table>
        </div>
    }
}
