//! One index of each dimension that a picture or a table has too many.

use crate::web::components::text::marked;
use crate::web::format::grouped;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Slicer`].
#[derive(Properties, PartialEq)]
pub struct SlicerProps {
    /// What tells the fields of this slicer from those of others on the page.
    pub id: AttrValue,
    /// Names and sizes.
    pub slices: Vec<(String, u64)>,
    /// The chosen indices.
    pub chosen: Vec<u64>,
    /// The number that the first index goes by.
    #[prop_or_default]
    pub first: u64,
    /// Called with others.
    pub onchange: Callback<Vec<u64>>,
}

/// A slider and a number for each dimension.
#[component]
pub fn Slicer(props: &SlicerProps) -> Html {
    let field = |(index, (name, size)): (usize, &(String, u64))| {
        let last = size.saturating_sub(1);
        let first = props.first;
        let at = props.chosen.get(index).copied().unwrap_or_default() + first;
        let (least, most) = (first.to_string(), (first + last).to_string());
        let oninput = {
            let (onchange, chosen) = (props.onchange.clone(), props.chosen.clone());
            Callback::from(move |event: InputEvent| {
                let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
                let Ok(number) = input.value().parse::<u64>() else { return };
                let index_of = number.saturating_sub(first).min(last);
                // A number beyond the ends shows which one was taken for it.
                if index_of + first != number {
                    input.set_value(&(index_of + first).to_string());
                }
                let mut chosen = chosen.clone();
                if let Some(place) = chosen.get_mut(index) {
                    *place = index_of;
                }
                onchange.emit(chosen);
            })
        };
        let id = format!("{}-{index}", props.id);
        html! {
            <div class="slice" key={index}>
                <label class="slice-name" for={id.clone()}>{ marked(name) }</label>
                <input type="range" min={least.clone()} max={most.clone()} value={at.to_string()} oninput={oninput.clone()}
                    aria-label={format!("{name}, slider")} disabled={last == 0} />
                <input {id} type="number" min={least} max={most} value={at.to_string()} {oninput} disabled={last == 0} />
                <span class="slice-of">{ format!("of {first} … {}", grouped(first + last)) }</span>
            </div>
        }
    };
    html! {
        <div class="slicer" role="group" aria-label="Slice" hidden={props.slices.is_empty()}>
            { for props.slices.iter().enumerate().map(field) }
        </div>
    }
}
