//! What could be smaller.

use crate::protocol::{Target, ask};
use crate::view::Savings;
use crate::web::actions::{Actions, use_actions};
use crate::web::components::again::Again;
use crate::web::components::text::marked;
use crate::web::format::{grouped, plural, size_text};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`SavingsView`].
#[derive(Properties, PartialEq)]
pub struct SavingsViewProps {
    /// Number of the file.
    pub generation: u32,
}

/// Equal payloads, slices that keep a storage, wide floats, compression.
#[component]
pub fn SavingsView(props: &SavingsViewProps) -> Html {
    let actions = use_actions();
    let attempt = use_state_eq(|| 0_u32);
    let savings = use_state_eq(|| None::<Result<Rc<Savings>, Rc<str>>>);
    {
        let (setter, actions) = (savings.setter(), actions.clone());
        use_effect_with((props.generation, *attempt), move |_| {
            actions.inquire(ask::CouldBeSmaller, move |reply| {
                setter.set(Some(reply.map(Rc::new).map_err(Rc::from)));
            });
        });
    }
    let savings = match (*savings).clone() {
        None => return html! { <p class="size-note" role="status">{ "Comparing payloads…" }</p> },
        Some(Err(why)) => {
            let onagain = Callback::from(move |()| attempt.set(*attempt + 1));
            return html! { <Again what="This" why={AttrValue::from(why)} {onagain} /> };
        }
        Some(Ok(savings)) => savings,
    };
    let items = items(&actions, &savings);
    if items.is_empty() {
        return html! { <p class="size-note" tabindex="0">{ "Nothing was found that could be smaller." }</p> };
    }
    html! {
        <div class="size-scroll" tabindex="0" role="region" aria-label="What could be smaller">
            <ul class="size-savings">{ for items.into_iter().map(|item| html! { <li>{ item }</li> }) }</ul>
        </div>
    }
}

fn place(actions: &Actions, node: u32, path: &str) -> Html {
    let actions = actions.clone();
    let onclick = Callback::from(move |_: MouseEvent| actions.select(Target::Node(node)));
    html! { <><button class="link size-path" {onclick}>{ marked(path) }</button>{ " " }</> }
}

fn items(actions: &Actions, savings: &Savings) -> Vec<Html> {
    let mut items = Vec::new();
    for found in &savings.duplicates {
        let places = found.nodes.iter().zip(&found.places).map(|(&node, path)| place(actions, node, path));
        let more = found.count.saturating_sub(found.places.len() as u64);
        items.push(html! {
            <>{ format!("{} of {} have the same bytes: ", plural(found.count, "payload", "payloads"), size_text(found.bytes)) }
            { for places }{ for (more > 0).then(|| format!("and {} more", grouped(more))) }</>
        });
    }
    for view in &savings.views {
        let first = view.places.first().map(|path| place(actions, view.node, path));
        let others: Vec<Html> = view.places.iter().skip(1).map(|path| html! { <>{ marked(path) }{ " " }</> }).collect();
        items.push(html! {
            <>{ for first }{ for others }
            { format!("{} {} of a storage of {}, which is kept whole. ", if view.places.len() == 1 { "uses" } else { "use" },
                size_text(view.used), size_text(view.storage)) }
            <code>{ "tensor.clone()" }</code>{ " before saving keeps the slice alone." }</>
        });
    }
    if let Some(floats) = &savings.floats {
        let beyond = if floats.beyond > 0 {
            format!(", and {} are too large for it", grouped(floats.beyond))
        } else {
            String::new()
        };
        items.push(html! {
            { format!("{} of float64 {} {}; float32 takes half. Of {} it holds {} exactly{beyond}.",
                plural(floats.arrays, "array", "arrays"), if floats.arrays == 1 { "takes" } else { "take" }, size_text(floats.bytes),
                plural(floats.sampled, "sampled value", "sampled values"), grouped(floats.exact)) }
        });
    }
    if let Some(found) = savings.compression.as_ref().filter(|found| found.estimate() < found.total) {
        let how = if found.sampled < found.total {
            format!(", estimated from {}", size_text(found.sampled))
        } else {
            String::new()
        };
        items.push(html! {
            { format!("Compression (deflate) would make about {} of {}{how}.", size_text(found.estimate()), size_text(found.total)) }
        });
    }
    items.extend(savings.notes.iter().map(|note| marked(note)));
    items
}
