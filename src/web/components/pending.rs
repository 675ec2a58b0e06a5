//! What was not unpacked for want of a budget.

use crate::protocol::Part;
use crate::view::Overview;
use crate::web::actions::use_actions;
use crate::web::format::{grouped, size_text};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`PendingBar`].
#[derive(Properties, PartialEq)]
pub struct PendingBarProps {
    /// The document.
    pub overview: Rc<Overview>,
}

/// How far the unpacking went, and a way to go on. Nothing when everything was unpacked.
#[component]
pub fn PendingBar(props: &PendingBarProps) -> Html {
    let actions = use_actions();
    let Some(pending) = &props.overview.pending else {
        return html! { <span hidden=true /> };
    };
    let name = pending.name.clone();
    let onclick = Callback::from(move |_: MouseEvent| actions.show(Part::More, &name, None));
    html! {
        <section class="pending-bar" aria-label="Unpacking">
            <p title={format!("{} bytes unpacked", grouped(pending.unpacked))}>
                <strong>{ format!("Unpacked {} so far", size_text(pending.unpacked)) }</strong>
                { format!(" from {} of {} compressed. What is shown ends there.", size_text(pending.read), size_text(pending.total)) }
            </p>
            <button class="button button-small" {onclick} data-act="continue">
                { format!("Continue to {}", size_text(pending.unpacked.saturating_mul(2))) }
            </button>
        </section>
    }
}
