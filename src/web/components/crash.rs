//! What could not be shown, or not any further: what happened, what is left, what to do.

use super::icons;
use super::open_button::OpenButton;
use super::text::marked;
use crate::web::actions::use_actions;
use crate::web::dom;
use crate::web::state::{Action, Cause, Failure, Open};
use yew::prelude::*;

/// What happened, and what helps.
fn words(failure: &Failure) -> &'static str {
    match failure.cause {
        Cause::Unreadable if said(failure).is_some() => "Its bytes could not be read:",
        Cause::Unreadable => {
            "The browser can no longer read it: it was changed, moved or deleted after it was chosen, or it is not a file. \
             Choose it again."
        }
        Cause::Decoder => {
            "This is a defect in Picklescope: please report it with the message below. Nothing was executed, and nothing left this \
             device."
        }
        Cause::Memory => {
            "It needed more memory than the browser gives one page. The command-line program can be given more."
        }
        Cause::Gone => "The browser ended the decoder without giving a reason, perhaps because memory ran short.",
        Cause::Stopped => "You stopped the decoder.",
        Cause::NoWorker => "The browser did not start the decoder. Private modes and extensions can forbid workers.",
        Cause::OtherVersion => "The page was updated while a part of it was still in the browser's cache. Reload it.",
    }
}

/// What the decoder or the browser said, where the words above do not say it already.
fn said(failure: &Failure) -> Option<&str> {
    let is_said = failure.cause == Cause::Unreadable && failure.message.starts_with("the browser could not read");
    Some(&*failure.message).filter(|message| !message.is_empty() && !is_said)
}

/// Properties of [`Crash`].
#[derive(Properties, PartialEq)]
pub struct CrashProps {
    /// What happened.
    pub failure: Failure,
}

/// The whole page, when there is nothing else to show.
#[component]
pub fn Crash(props: &CrashProps) -> Html {
    let actions = use_actions();
    let Failure { name, cause, .. } = &props.failure;
    let title = match (cause, name.is_empty()) {
        (Cause::OtherVersion, _) => html! { "Reload the page" },
        (_, true) => html! { "The decoder stopped" },
        (_, false) => html! { <>{ marked(name) }{ " could not be opened" }</> },
    };
    let to_start = {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| actions.close())
    };
    let buttons = if *cause == Cause::OtherVersion {
        html! { <button class="button button-primary" onclick={|_| reload()}>{ "Reload" }</button> }
    } else {
        let try_again = Callback::from(move |_: MouseEvent| actions.try_again());
        html! {
            <>
                <OpenButton id="another-file" label="Choose a file" primary=true />
                <button class="button" onclick={try_again} data-act="try-again">{ "Try again" }</button>
                <button class="button" onclick={to_start}>{ "Back to the start" }</button>
            </>
        }
    };
    html! {
        <main class="centre">
            <section class="card crash" aria-labelledby="crash-title" data-crash={format!("{cause:?}")}>
                <h2 id="crash-title">{ title }</h2>
                <p>{ words(&props.failure) }</p>
                { for said(&props.failure).map(|message| html! {
                    <pre class="crash-message" tabindex="0" role="region" aria-label="What the decoder said">{ marked(message) }</pre>
                }) }
                <div class="modal-actions">{ buttons }</div>
            </section>
        </main>
    }
}

fn reload() {
    let _ = dom::window().location().reload();
}

/// Properties of [`Bars`].
#[derive(Properties)]
pub struct BarsProps {
    /// The document on screen.
    pub open: Option<Open>,
    /// A file that could not be opened beside it.
    pub failure: Option<Failure>,
}

impl PartialEq for BarsProps {
    fn eq(&self, other: &Self) -> bool {
        let facts = |props: &Self| {
            let open = props.open.as_ref();
            open.map(|open| (open.generation, open.overview.name.clone(), open.stopped.clone(), open.quiet))
        };
        self.failure == other.failure && facts(self) == facts(other)
    }
}

/// Over a document: that its decoder has ended or is silent, and that another file could not be opened.
#[component]
pub fn Bars(props: &BarsProps) -> Html {
    let actions = use_actions();
    let Some(open) = &props.open else { return html! { <div class="troubles" /> } };
    let failed = props.failure.as_ref().map(|failure| {
        let (retry, dismiss) = (actions.clone(), actions.clone());
        let reload_first = failure.cause == Cause::OtherVersion;
        let try_again = Callback::from(move |_: MouseEvent| if reload_first { reload() } else { retry.try_again() });
        let on_dismiss = Callback::from(move |_: MouseEvent| dismiss.dispatch(Action::Dismissed));
        bar(
            failure,
            html! { <>{ marked(&failure.name) }{ " could not be opened." }</> },
            format!("{} What was open before still is.", words(failure)),
            html! {
                <>
                    <button class="button button-small" onclick={try_again} data-act="try-again">
                        { if reload_first { "Reload" } else { "Try again" } }
                    </button>
                    <button class="button button-icon" aria-label="Dismiss" onclick={on_dismiss} data-act="dismiss">{ icons::line(icons::CLOSE) }</button>
                </>
            },
        )
    });
    let stopped = open.stopped.as_ref().map(|failure| {
        let actions = actions.clone();
        let reload_first = failure.cause == Cause::OtherVersion;
        let again = Callback::from(move |_: MouseEvent| if reload_first { reload() } else { actions.open_again() });
        bar(
            failure,
            html! { <>{ "The decoder of " }{ marked(&failure.name) }{ " has stopped." }</> },
            format!(
                "{} What is on screen stays; the rest cannot be loaded until the file is opened again.",
                words(failure)
            ),
            html! {
                <button class="button button-small" onclick={again} data-act="open-again">
                    { if reload_first { "Reload" } else { "Open it again" } }
                </button>
            },
        )
    });
    let quiet = (open.quiet && open.stopped.is_none()).then(|| {
        let actions = actions.clone();
        let stop = Callback::from(move |_: MouseEvent| actions.stop());
        html! {
            <section key="quiet" class="trouble" role="status" data-quiet="true">
                <p><strong>{ "The decoder is busy." }</strong>
                    { " It has not answered for ten seconds. It may still do so; until then nothing more is loaded." }</p>
                <div class="trouble-actions"><button class="button button-small" onclick={stop} data-act="stop">{ "Stop it" }</button></div>
            </section>
        }
    });
    html! { <div class="troubles">{ for failed }{ for stopped }{ for quiet }</div> }
}

fn bar(failure: &Failure, title: Html, words: String, buttons: Html) -> Html {
    html! {
        <section class="trouble" role="alert" data-crash={format!("{:?}", failure.cause)}>
            <div class="trouble-words">
                <p><strong>{ title }</strong>{ " " }{ words }</p>
                { for said(failure).map(|message| html! { <p class="trouble-message"><code>{ marked(message) }</code></p> }) }
            </div>
            <div class="trouble-actions">{ buttons }</div>
        </section>
    }
}
