//! The bar of the guided sample: what is to be seen at the place, and the way on.

use super::doc::with_code;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::state::Tour;
use crate::web::tour::STEPS;
use yew::prelude::*;

/// Properties of [`TourBar`].
#[derive(Properties, PartialEq)]
pub struct TourBarProps {
    /// Where the reader is.
    pub tour: Tour,
}

/// Title and text of a step, with Back, Next and End.
#[component]
pub fn TourBar(props: &TourBarProps) -> Html {
    let actions = use_actions();
    let tour = props.tour;
    {
        let actions = actions.clone();
        use_effect_with(tour, move |tour| {
            actions.show_step(*tour);
            // At the first step there is no way back that could keep the keyboard.
            if tour.step == 0 {
                dom::focus("tour-next");
            }
        });
    }
    let go = |to: Option<Tour>| {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.go_on_tour(to))
    };
    let onkeydown = {
        let actions = actions.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
                "ArrowRight" => actions.go_on_tour(Some(tour.next().unwrap_or(tour))),
                "ArrowLeft" => actions.go_on_tour(Some(tour.back())),
                "Escape" => actions.go_on_tour(None),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let Some(step) = STEPS.get(tour.step) else { return Html::default() };
    let is_last = tour.next().is_none();
    html! {
        <section class="tour" aria-label="What is a pickle?" data-step={(tour.step + 1).to_string()} {onkeydown}>
            <div id="tour-words" class="tour-words" role="status">
                <h2>
                    <span class="tour-number">{ format!("{} of {}", tour.step + 1, STEPS.len()) }</span>
                    { " " }{ step.title }
                </h2>
                <p>{ with_code(step.text) }</p>
            </div>
            <div class="tour-actions">
                <button class="button" onclick={go(Some(tour.back()))} disabled={tour.step == 0} data-act="tour-back">{ "Back" }</button>
                <button id="tour-next" class="button button-primary" aria-describedby="tour-words" onclick={go(tour.next())} data-act="tour-next">
                    { if is_last { "Done" } else { "Next" } }
                </button>
                <button class="button" onclick={go(None)} hidden={is_last} data-act="tour-end">{ "End" }</button>
            </div>
        </section>
    }
}
