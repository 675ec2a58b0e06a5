//! A line that needs no answer.

use super::icons;
use super::text::marked;
use crate::web::actions::use_actions;
use crate::web::dom::{self, Debounce, Listener};
use crate::web::state::{Action, Notice, NoticeKind};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};
use yew::prelude::*;

/// Milliseconds that a notice stays if nothing is done.
const STAYS: i32 = 8000;
/// Milliseconds in which what is done does not take it away: it has not been read yet.
const READ: f64 = 2000.0;

/// What is to be read: a context, because it stands in the dialog when one is open. What is beside a modal dialog can neither be
/// reached nor heard.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Notices(pub(crate) Option<Notice>);

/// A line over the bottom edge, so that nothing moves when it comes and goes; in a dialog, its last line.
#[component]
pub fn NoticePlace() -> Html {
    let actions = use_actions();
    let Notices(notice) = use_context::<Notices>().unwrap_or_default();
    let timer = use_memo((), |()| Debounce::default());
    let on_dismiss = {
        let actions = actions.clone();
        Callback::from(move |()| actions.dispatch(Action::Notice(None)))
    };
    {
        // The same words once more are another notice.
        let which = notice.as_ref().map(|notice| notice.text.as_ptr() as usize);
        let is_passing = notice.as_ref().is_some_and(|notice| notice.kind == NoticeKind::Done);
        let (timer, on_dismiss) = (timer.clone(), on_dismiss.clone());
        use_effect_with((which, is_passing), move |&(_, is_passing)| {
            timer.run(0, || ());
            let listeners = is_passing.then(|| {
                wait(&timer, on_dismiss.clone());
                end_with_next_action(&on_dismiss)
            });
            move || drop(listeners)
        });
    }
    let onclick = on_dismiss.reform(|_: MouseEvent| ());
    let line = |notice: &Notice| {
        html! {
            <p class={classes!("notice", (notice.kind == NoticeKind::Failed).then_some("notice-failed"))}>
                <span class="notice-text">{ marked(&notice.text) }</span>
                <button class="button button-icon" title="Dismiss (Esc)" aria-label="Dismiss" onclick={onclick.clone()}>{ icons::line(icons::CLOSE) }</button>
            </p>
        }
    };
    let (failed, other) = match &notice {
        Some(notice) if notice.kind == NoticeKind::Failed => (Some(line(notice)), None),
        Some(notice) => (None, Some(line(notice))),
        None => (None, None),
    };
    html! {
        <div class="notice-place">
            <div role="status">{ for other }</div>
            <div role="alert">{ for failed }</div>
        </div>
    }
}

/// It stays longer while the pointer or the keyboard is on it.
fn wait(timer: &Debounce, on_dismiss: Callback<()>) {
    let again = timer.clone();
    timer.run(STAYS, move || {
        let is_held = dom::document().query_selector(".notice:is(:hover, :focus-within)");
        match is_held.is_ok_and(|held| held.is_some()) {
            true => wait(&again, on_dismiss),
            false => on_dismiss.emit(()),
        }
    });
}

/// Whoever goes on has read it.
fn end_with_next_action(on_dismiss: &Callback<()>) -> [Listener; 2] {
    let came = dom::now();
    ["keydown", "pointerdown"].map(|kind| {
        let on_dismiss = on_dismiss.clone();
        Listener::new(&dom::window(), kind, move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_inside = target.is_some_and(|target| target.closest(".notice").is_ok_and(|found| found.is_some()));
            if !is_inside && dom::now() - came > READ {
                on_dismiss.emit(());
            }
        })
    })
}
