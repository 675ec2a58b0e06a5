//! A file that could not be shown.

use super::open_button::OpenButton;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::state::{Action, Failure};
use yew::prelude::*;

/// Properties of [`Crash`].
#[derive(Properties, PartialEq)]
pub struct CrashProps {
    /// What happened.
    pub failure: Failure,
}

/// What happened, and what to do now.
#[component]
pub fn Crash(props: &CrashProps) -> Html {
    let actions = use_actions();
    let Failure { name, message, reload } = &props.failure;
    let reload = *reload;
    let onclick = Callback::from(move |_: MouseEvent| {
        if reload {
            let _ = dom::window().location().reload();
        } else {
            actions.dispatch(Action::Closed);
        }
    });
    let title = match (reload, name.is_empty()) {
        (true, _) => "Reload the page".to_owned(),
        (false, true) => "The decoder stopped".to_owned(),
        (false, false) => format!("{name} could not be shown"),
    };
    let words = if reload {
        "It was updated while a part of it was still in the browser's cache."
    } else {
        "The decoder stopped in the middle of it: a defect in Picklescope, or more memory than the browser gives. \
         Nothing left this device, and the next file gets a fresh decoder."
    };
    html! {
        <main class="centre">
            <section class="card crash" aria-labelledby="crash-title" data-crash="true">
                <h2 id="crash-title">{ title }</h2>
                <p>{ words }</p>
                <pre class="crash-message" tabindex="0" role="region" aria-label="What the decoder said">
                    { if message.is_empty() { "The browser gave no reason.".to_owned() } else { message.to_string() } }
                </pre>
                <div class="modal-actions">
                    { for (!reload).then(|| html! { <OpenButton id="another-file" label="Choose another file" primary=true /> }) }
                    <button class="button" {onclick}>{ if reload { "Reload" } else { "Back to the start" } }</button>
                </div>
            </section>
        </main>
    }
}
